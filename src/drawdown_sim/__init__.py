"""drawdown-sim: can all who are due to leave be out by the deadline?

>>> from drawdown_sim import explain, load, run
>>> result = run(load("baseline"), replications=500)
>>> why = explain("baseline", replications=500)

Every question is a function of its name that returns tables. What some of them take beside a scenario (`Vary`, `Size`,
`space_of`) lies with the question, as in ``drawdown_sim.experiment.threshold``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiment.bound import bound as bound
    from .experiment.calendar import calendar as calendar
    from .experiment.compare import compare as compare
    from .experiment.explain import explain as explain
    from .experiment.export import export as export
    from .experiment.optimise import optimise as optimise
    from .experiment.query import query as query
    from .experiment.relief import relief as relief
    from .experiment.run import run as run
    from .experiment.sensitivity import sensitivity as sensitivity
    from .experiment.sweep import sweep as sweep
    from .experiment.threshold import threshold as threshold
    from .scenario.load import load as load

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "bound",
    "calendar",
    "compare",
    "explain",
    "export",
    "load",
    "optimise",
    "query",
    "relief",
    "run",
    "sensitivity",
    "sweep",
    "threshold",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use (PEP 562), so that the command line starts fast."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = ".scenario.load" if name == "load" else f".experiment.{name}"
    return getattr(import_module(home, __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)

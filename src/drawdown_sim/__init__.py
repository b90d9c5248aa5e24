"""drawdown-sim: can all who are due to leave be out by the deadline?

>>> from drawdown_sim import load, run
>>> result = run(load("baseline"), replications=500)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiment.run import run as run
    from .scenario.load import load as load

__version__ = "0.1.0"
__all__ = ["__version__", "load", "run"]

#: Where each public name lives; imported when first asked for, so that the command line starts fast.
_HOMES = {"load": ".scenario.load", "run": ".experiment.run"}


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)

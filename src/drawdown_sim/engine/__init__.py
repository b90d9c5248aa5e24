"""Engines: each plays one replication of a plan, and all give the same trajectory."""

from __future__ import annotations

from importlib.util import find_spec

from ..errors import EngineError
from ..model.plan import Plan
from ..model.trajectory import Trajectory

#: `auto` stands for one of the others (see `choose`).
ENGINES = ("auto", "reference", "compiled")

#: Replications from which loading the compiled engine costs less than it saves.
LEAST_FOR_COMPILED = 64


#: What the extra `compiled` installs.
_COMPILED_NEEDS = ("numba", "platformdirs")


def has_compiled() -> bool:
    """Whether the compiled engine can be had here."""
    return all(find_spec(package) for package in _COMPILED_NEEDS)


def choose(engine: str, replications: int) -> str:
    """The engine to be used for so many replications: `reference` or `compiled`.

    `auto` takes the compiled one where numba is installed and there is work enough. Raises EngineError for an engine
    that does not exist or cannot be had.
    """
    if engine not in ENGINES:
        raise EngineError(f"no engine '{engine}'; there are: {', '.join(ENGINES)}")
    has_numba = has_compiled()
    if engine == "compiled" and not has_numba:
        raise EngineError(
            "the compiled engine needs numba, which is not installed; add it with pip install 'drawdown-sim[compiled]',"
            " or use --engine reference, which gives the same results"
        )
    if engine == "auto":
        return "compiled" if has_numba and replications >= LEAST_FOR_COMPILED else "reference"
    return engine


def simulate(plan: Plan, seed: int, replication: int, engine: str = "auto") -> Trajectory:
    """The trajectory of one replication; a pure function of plan, seed and replication.

    Raises EngineError for an engine that does not exist or cannot be had.
    """
    # each engine is loaded when a run begins, not with the command line
    if choose(engine, 1) == "compiled":
        from .compiled import simulate as compiled

        return compiled(plan, seed, replication)
    from .reference import simulate as reference

    return reference(plan, seed, replication)

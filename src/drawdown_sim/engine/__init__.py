"""Engines: each plays one replication of a plan, and all give the same trajectory."""

from __future__ import annotations

from ..errors import EngineError
from ..model.plan import Plan
from ..model.trajectory import Trajectory

ENGINES = ("reference",)


def simulate(plan: Plan, seed: int, replication: int, engine: str = "reference") -> Trajectory:
    """The trajectory of one replication; a pure function of plan, seed and replication.

    Raises EngineError for an engine that does not exist.
    """
    if engine != "reference":
        raise EngineError(f"no engine '{engine}'; there are: {', '.join(ENGINES)}")
    from .reference import simulate as reference  # SimPy is loaded when a run begins, not with the command line

    return reference(plan, seed, replication)

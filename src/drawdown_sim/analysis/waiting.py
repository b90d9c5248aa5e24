"""Who waits for whom at the end of a run that did not complete."""

from __future__ import annotations

import numpy as np

from ..model.plan import Plan
from ..model.trajectory import Hold, Kind, Status, Trajectory
from .critical import subject_of
from .names import waiter_name


def waiting(plan: Plan, trajectory: Trajectory) -> set[tuple[Status, str, Hold, str]]:
    """(status, who waits, for what, whose) from the WAITING rows; empty if the run completed."""
    if trajectory.status is Status.COMPLETE:
        return set()
    columns = (trajectory.movement, trajectory.entity, trajectory.quantity)
    at = np.flatnonzero(trajectory.kind == Kind.WAITING).tolist()
    found: set[tuple[Status, str, Hold, str]] = set()
    for row in at:
        who = waiter_name(plan, *(int(column[row]) for column in columns))
        hold = Hold(int(trajectory.held_by[row]))
        found.add((trajectory.status, who, hold, subject_of(plan, trajectory, row)))
    return found

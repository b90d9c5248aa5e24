"""Names for the numbers of a trajectory: which of the plan's lists a row's columns point into."""

from __future__ import annotations

from ..model.plan import Plan
from ..model.trajectory import ENTITY, Kind

#: The plan's field of ids that `activity` points into, by kind of row; a stage of preparation has no id and stays
#: a number.
ACTIVITY: dict[int, str] = {
    Kind.REQUEST: "gate_ids",
    Kind.GRANT: "gate_ids",
    Kind.REFUSE: "gate_ids",
    Kind.LAPSE: "gate_ids",
    Kind.DEPART: "leg_ids",
    Kind.ARRIVE: "leg_ids",
    Kind.STRIKE: "threat_ids",
    Kind.LOST: "threat_ids",
}


def entity_name(plan: Plan, kind: int, entity: int) -> str:
    """The id of a row's entity; empty if the row has none."""
    return _look_up(plan, ENTITY.get(kind), entity)


def waiter_name(plan: Plan, movement: int, entity: int, quantity: int) -> str:
    """The id of who waits in a WAITING row: a movement, or a lift with units ready, or else a camp."""
    is_lift = movement >= 0 or quantity >= 0
    return name_of(plan.lift_ids if is_lift else plan.camp_ids, entity)


def activity_name(plan: Plan, kind: int, activity: int) -> str:
    """The id of a row's activity; empty if the row has none or it has no id."""
    return _look_up(plan, ACTIVITY.get(kind), activity)


def name_of(names: tuple[str, ...], row: int) -> str:
    """The id in that row of a list of ids; empty for -1."""
    return names[row] if 0 <= row < len(names) else ""


def _look_up(plan: Plan, field: str | None, row: int) -> str:
    return name_of(getattr(plan, field), row) if field else ""

"""Names for the numbers of a trajectory: which of the plan's lists a row's columns point into."""

from __future__ import annotations

from ..model.plan import Plan
from ..model.trajectory import Kind

_OF_LIFT = (
    Kind.FORM,
    Kind.REQUEST,
    Kind.GRANT,
    Kind.REFUSE,
    Kind.LAPSE,
    Kind.DEPART,
    Kind.STRIKE,
    Kind.LOST,
    Kind.RESUPPLY,
    Kind.RESUME,
    Kind.ARRIVE,
    Kind.LOAD,
    Kind.DELIVER,
    Kind.RELEASE,
    Kind.DISBAND,
    Kind.SUPPLY_IN,
)
_OF_CAMP = (
    Kind.WINDOW,
    Kind.HANDOVER,
    Kind.REAR_READY,
    Kind.CLOSE,
    Kind.TRANSFER,
    Kind.BELOW,
    Kind.DESTROY,
    Kind.RESIDUAL,
)

#: The plan's field of ids that `entity` points into, by kind of row.
ENTITY: dict[int, str] = {
    **dict.fromkeys(_OF_LIFT, "lift_ids"),
    **dict.fromkeys(_OF_CAMP, "camp_ids"),
    Kind.GAIN: "asset_ids",
    Kind.LOSS: "asset_ids",
    Kind.PREPARE: "asset_ids",
    Kind.READY: "asset_ids",
    Kind.REGIME: "gate_ids",
    Kind.TOUR_END: "contingent_ids",
    Kind.BAN: "ban_ids",
    Kind.BAN_END: "ban_ids",
    Kind.SUPPLY_LOW: "place_ids",
    Kind.SUPPLY_OUT: "place_ids",
    Kind.DECIDE: "decision_ids",
    Kind.DEADLINE: "milestone_ids",
    Kind.LAST_DAYS: "milestone_ids",
    Kind.AUTHORITY_ENDS: "milestone_ids",
    Kind.MILESTONE: "milestone_ids",
}

#: The same for `activity`; a stage of preparation has no id and stays a number.
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

"""The binding chain of a replication, walked back by cause: the twin of `analysis.critical.binds`.

Minutes are added up by hold and subject; a subject is a row of one long list of everything that a row can have
waited for, sort by sort in the order of `SORTS`.
"""

from __future__ import annotations

from ...model.trajectory import ACTIVITIES, DATED, ENTITY, SHARED, Kind
from . import holds, kinds
from .link import part
from .memory import get, put
from .records import SORTS
from .run import Record, gate_of, lift_of, listed, quota_of, row_of

(
    _NOBODY, _AUTHORITY, _ASKED, _BAN, _DECISION, _CAMP, _LEG, _PLACE, _ASSET, _QUOTA, _LIFT, _CONTINGENT, _MILESTONE,
) = range(len(SORTS))  # fmt: skip

_SORT_OF_IDS = {ids: number for number, ids in enumerate(SORTS.values()) if number != _ASKED}

#: The sort that `entity` of a row is of, by kind; a lift's row and a batch's tell more of what they waited for.
_SORT_OF_KIND = tuple(
    _CAMP if kind == Kind.WAITING else _SORT_OF_IDS.get(ENTITY.get(kind, ""), _NOBODY) for kind in Kind
)

_IS_LIFT = tuple(int(ENTITY.get(kind) == "lift_ids") for kind in Kind)
_IS_SHARED = sum(1 << int(hold) for hold in SHARED)
_IS_ACTIVITY = sum(1 << int(hold) for hold in ACTIVITIES)
_IS_DATED = sum(1 << int(kind) for kind in DATED)


@part
def add_chain(run: Record, minutes: int, subjects_count: int) -> None:
    """Add the minutes of the finish's chain, by hold and subject, to the table at `minutes`."""
    at = _finish_row(run)
    away_hold = away_subject = owed_hold = owed_subject = -1
    while at > 0:
        row, cause = row_of(run, at), row_of(run, row_of(run, at).cause)
        hold, subject = row.held_by, _subject_of(run, row, cause)
        own_hold = hold
        if hold == holds.CALENDAR and owed_hold >= 0 and _IS_DATED >> row.kind & 1:
            hold = owed_hold
            subject = subject if subject else owed_subject
        elif away_hold >= 0 and _IS_ACTIVITY >> hold & 1 and row.kind != kinds.FORM:
            # before it forms, a movement does nothing itself
            hold, subject = away_hold, away_subject
        spent = row.minute - cause.minute
        if spent:
            cell = hold * subjects_count + subject
            put(minutes, cell, get(minutes, cell) + spent)
        if _changes_hands(row, cause):
            away_hold, away_subject = (hold, subject) if _IS_SHARED >> own_hold & 1 else (-1, -1)
        owed_hold, owed_subject = hold, subject
        at = row.cause


@part
def _finish_row(run: Record) -> int:
    """The last milestone, if all were reached; if not, the first that waits at the end, and else the last row."""
    if run.last_milestone and not run.miles_left:
        return run.last_milestone
    for at in range(run.rows_count):
        if row_of(run, at).kind == kinds.WAITING:
            return at
    return run.rows_count - 1


@part
def _changes_hands(row: Record, cause: Record) -> bool:
    """Whether the cause of a row belongs to another movement or batch, or to none."""
    if row.movement >= 0 or cause.movement >= 0:
        return row.movement != cause.movement
    # a batch is a PREPARE and the READY that it causes
    return not (row.kind == kinds.READY and cause.kind == kinds.PREPARE)


@part
def _named(run: Record, sort: int, row: int) -> int:
    """The number of a subject; 0 for none."""
    return listed(run, run.subjects + sort) + row if row >= 0 else 0


@part
def _subject_of(run: Record, row: Record, cause: Record) -> int:
    """Whose it was that a row waited for."""
    hold = row.held_by
    if hold == holds.CLEARANCE:
        return _authority(run, row, cause)
    if hold == holds.BAN and cause.kind in (kinds.BAN, kinds.BAN_END):
        return _named(run, _BAN, cause.entity)
    if hold == holds.DECISION and cause.kind == kinds.DECIDE:
        return _named(run, _DECISION, cause.entity)
    if hold == holds.PREDECESSOR and cause.kind == kinds.CLOSE:
        return _named(run, _CAMP, cause.entity)
    if hold == holds.ROUTE and row.kind in (kinds.DEPART, kinds.ARRIVE):
        return _named(run, _LEG, row.activity)
    if hold == holds.ROOM and row.place >= 0:
        return _named(run, _PLACE, row.place)
    if _is_of_lift(row):
        return _of_lift(run, row.entity, hold)
    if row.kind in (kinds.PREPARE, kinds.READY):
        return _named(run, _ASSET, row.entity) if hold == holds.CREW else _named(run, _PLACE, row.place)
    if row.kind == kinds.REGIME:
        return _named(run, _AUTHORITY, gate_of(run, row.entity).authority)
    return _named(run, _SORT_OF_KIND[row.kind], row.entity)


@part
def _is_of_lift(row: Record) -> bool:
    if row.kind == kinds.WAITING:
        return row.movement >= 0 or row.quantity >= 0
    return _IS_LIFT[row.kind] != 0


@part
def _authority(run: Record, row: Record, cause: Record) -> int:
    """Who gives the clearance that a row waited for; where no row names it, all whom the lift asks."""
    gate = _gate_in(row)
    if gate < 0:
        gate = _gate_in(cause)
    if gate >= 0:
        return _named(run, _AUTHORITY, gate_of(run, gate).authority)
    if not _is_of_lift(row):
        return 0
    lift = lift_of(run, row.entity)
    return _named(run, _ASKED, row.entity) if lift.gates < lift.gates_end else 0


@part
def _gate_in(row: Record) -> int:
    """The clearance that a row speaks of."""
    if row.kind in (kinds.REQUEST, kinds.GRANT, kinds.REFUSE, kinds.LAPSE):
        return row.activity
    return row.entity if row.kind == kinds.REGIME else -1


@part
def _of_lift(run: Record, number: int, hold: int) -> int:
    """What a movement waited for: the means or quota of its lift, its camp, or the lift itself."""
    lift = lift_of(run, number)
    if hold in (holds.TRUCK, holds.SEAT) and lift.asset >= 0:
        return _named(run, _ASSET, lift.asset)
    if hold == holds.ESCORT and lift.escort >= 0:
        return _named(run, _ASSET, lift.escort)
    if hold == holds.ASSET and lift.needs < lift.needs_end:
        return _named(run, _ASSET, listed(run, lift.needs))
    if hold in (holds.ROTATION_CAP, holds.SLOT):
        return _quota_of_lift(run, lift, hold)
    if hold in (holds.TARGET_DAY, holds.PREDECESSOR, holds.GUARD, holds.PLAN, holds.WORK, holds.CARGO):
        return _named(run, _PLACE, listed(run, lift.picks))
    return _named(run, _LIFT, number)


@part
def _quota_of_lift(run: Record, lift: Record, hold: int) -> int:
    """The first of the lift's quotas that goes by this name, else its first."""
    for at in range(lift.quotas, lift.quotas_end):
        quota = listed(run, at)
        if (quota_of(run, quota).hold == holds.ROTATION_CAP) == (hold == holds.ROTATION_CAP):
            return _named(run, _QUOTA, quota)
    return _named(run, _QUOTA, listed(run, lift.quotas)) if lift.quotas < lift.quotas_end else 0

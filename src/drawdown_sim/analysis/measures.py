"""Measures of one replication: a row of integers from a trajectory, and the curve of people out.

The row has the same columns for every replication of a plan (`columns`), so that rows stack into a
table. Minutes count from the scenario's start; what never happened is `NEVER`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..errors import PlanError
from ..model.plan import NEVER, Entry, Ints, PlaceKind, Plan
from ..model.trajectory import Hold, Kind, Trajectory
from ..units import MINUTES_PER_DAY

Bools = NDArray[np.bool_]

#: Columns that every plan has, in order; those per milestone, camp and hold follow.
FIXED = (
    "status",  # `Status`
    "end",  # minute of the last row
    "rows",
    "movements",
    # at the deadline of the primary milestone
    "people_left",  # due to leave and not yet at an exit [person]
    "cargo_in_camps",  # due to leave and not yet loaded where it stood at the start [load]
    "cargo_left",  # due to leave, not delivered, not destroyed, not lost, not declared residual [load]
    # losses over the whole run
    "destroyed",  # [load]
    "lost_on_road",  # [load]
    "residual",  # left where it stands by a decision or in the last days [load]
    "vehicles_lost",
    # exposure over the whole run
    "convoy_metres",  # distance of convoys on legs with a threat [m]
    "strikes",
    "people_hurt",
    "falls_below",  # times that a camp fell below its minimum force
    "overdue_minutes",  # people past their tour's end and not yet out [person minute]
    "dry_minutes",  # without supplies, summed over places [minute]
)


@dataclass(frozen=True, eq=False)
class Measures:
    """One replication in numbers: `row` in the order of `columns`, `people_out` at the end of each day."""

    row: Ints
    people_out: Ints


def columns(plan: Plan) -> tuple[str, ...]:
    """Names of the columns of a row, in order."""
    return (
        *FIXED,
        *(f"milestone:{name}" for name in plan.milestone_ids),
        *(f"camp:{name}:{what}" for name in plan.camp_ids for what in ("ceased", "closed", "transferred")),
        *(f"held:{hold.name.lower()}" for hold in Hold),  # time of movements, by what held them [minute]
    )


def final_deadlines(plan: Plan) -> Ints:
    """The deadline of each milestone in its last version [minute after its day].

    Choice: a run is judged by the last version of a deadline, even one that became known after the run was
    over; judging by the version in force would let an early finish miss a deadline that was lifted later.
    """
    deadlines = plan.mile_deadline.copy()
    for at in np.flatnonzero(plan.calendar_entry == Entry.DEADLINE):
        deadlines[plan.calendar_subject[at]] = plan.calendar_amount[at]
    return deadlines


def primary_milestone(plan: Plan) -> int:
    """The milestone that the verdict is about: the latest of those that count all people due to leave.

    Choice: where none counts all people, the latest one that counts some, and else the latest of all.
    """
    deadlines = final_deadlines(plan)

    def weight(row: int) -> tuple[int, int, int]:
        everyone = bool(plan.mile_people[row]) and bool(plan.mile_contingent[row].all())
        return (2 if everyone else int(plan.mile_people[row]), int(deadlines[row]), -row)

    return max(range(len(plan.milestone_ids)), key=weight)


def milestone_row(plan: Plan, name: str | None) -> int:
    """The row of a milestone; of the primary one if none is named. Raises PlanError for one that there is not."""
    if name is None:
        return primary_milestone(plan)
    if name not in plan.milestone_ids:
        raise PlanError(f"milestone: there is no '{name}'; expected one of {', '.join(plan.milestone_ids)}")
    return plan.milestone_ids.index(name)


def deadline_of(plan: Plan) -> int:
    """The deadline of the primary milestone in its last version [minute]."""
    return int(final_deadlines(plan)[primary_milestone(plan)])


def measure(plan: Plan, trajectory: Trajectory) -> Measures:
    """Everything that a summary needs from one replication."""
    frame = _frame(plan)
    rows = _Rows(trajectory)
    out, out_minute = _people_out(plan, frame, rows)
    fixed = (
        int(trajectory.status),
        int(trajectory.minute[-1]),
        len(trajectory),
        int(trajectory.movement.max()) + 1,
        *_left_at_deadline(frame, rows, out, out_minute),
        *_losses(frame, rows),
        *_exposure(plan, frame, rows),
        len(rows.of(Kind.BELOW)),
        _overdue(plan, frame, rows, out, out_minute),
        _dry(rows),
    )
    row = np.concatenate(
        [np.array(fixed, dtype=np.int64), _milestones(plan, rows), _camps(plan, rows), _held(trajectory)]
    )
    # who is out at midnight is out by the end of the day before
    day = np.minimum(np.maximum(out_minute - 1, 0) // MINUTES_PER_DAY, frame.days - 1)
    gone = np.bincount(day, weights=rows.quantity[out], minlength=frame.days)
    return Measures(row, np.cumsum(gone).astype(np.int64))


@dataclass(frozen=True, eq=False)
class _Frame:
    """What `measure` needs from a plan, worked out once."""

    deadline: int
    days: int
    first_place: Ints  # per item: where it stands at the start
    last_place: Ints  # per item: where its way ends
    is_people: Bools
    due_people: int
    due_cargo: int
    is_exit: Bools  # per place
    is_threatened: Bools  # per leg
    tour_end: Ints  # per item of people: end of its contingent's tour, NEVER if none


@lru_cache(maxsize=8)
def _frame(plan: Plan) -> _Frame:
    people = plan.item_people == 1
    cap = np.full(len(people), NEVER, dtype=np.int64)
    owned = plan.item_contingent >= 0
    cap[owned] = plan.contingent_tour_end[plan.item_contingent[owned]]
    return _Frame(
        deadline=deadline_of(plan),
        days=plan.horizon // MINUTES_PER_DAY + 1,
        first_place=plan.stage_place[plan.stage_at[:-1]],
        last_place=plan.stage_place[plan.stage_at[1:] - 1],
        is_people=people,
        due_people=int(plan.item_number[people].sum()),
        due_cargo=int(plan.item_number[~people].sum()),
        is_exit=plan.place_kind == PlaceKind.EXIT,
        is_threatened=np.diff(plan.leg_threat_at) > 0,
        tour_end=np.where(people, cap, NEVER),
    )


class _Rows:
    """The rows of a trajectory by kind; sorted once, since most measures look at one kind."""

    def __init__(self, trajectory: Trajectory) -> None:
        self.minute = trajectory.minute
        self.kind = trajectory.kind
        self.movement = trajectory.movement
        self.entity = trajectory.entity
        self.activity = trajectory.activity
        self.place = trajectory.place
        self.item = trajectory.item
        self.quantity = trajectory.quantity
        kinds = trajectory.kind.astype(np.int8)
        self._order = np.argsort(kinds, kind="stable")
        self._bounds = np.searchsorted(kinds[self._order], np.arange(len(Kind) + 1))

    def of(self, kind: Kind) -> Ints:
        """Row numbers of one kind, ascending."""
        return self._order[self._bounds[kind] : self._bounds[kind + 1]]

    def of_any(self, *kinds: Kind) -> Ints:
        """Row numbers of several kinds, ascending."""
        return np.sort(np.concatenate([self.of(kind) for kind in kinds]))


def _people_out(plan: Plan, frame: _Frame, rows: _Rows) -> tuple[Ints, Ints]:
    """Rows at which people reach an exit, and their minutes."""
    delivered = rows.of(Kind.DELIVER)
    out = delivered[frame.is_people[rows.item[delivered]] & frame.is_exit[rows.place[delivered]]]
    return out, rows.minute[out]


def _left_at_deadline(frame: _Frame, rows: _Rows, out: Ints, out_minute: Ints) -> tuple[int, int, int]:
    """People not out, loads still where they stood, loads not delivered, at the deadline."""
    people = frame.due_people - _total(rows.quantity, out[out_minute <= frame.deadline])

    def by_deadline(kind: Kind) -> Ints:
        """Rows of cargo of one kind up to the deadline."""
        at = rows.of(kind)
        at = at[rows.minute[at] <= frame.deadline]
        return at[(rows.item[at] >= 0) & ~frame.is_people[rows.item[at]]]

    loaded, delivered = by_deadline(Kind.LOAD), by_deadline(Kind.DELIVER)
    gone = np.concatenate([by_deadline(Kind.DESTROY), by_deadline(Kind.RESIDUAL)])
    lost = _total(rows.quantity, by_deadline(Kind.LOST))
    final = rows.place[delivered] == frame.last_place[rows.item[delivered]]
    final |= frame.is_exit[rows.place[delivered]]
    settled = _total(rows.quantity, delivered[final]) + _total(rows.quantity, gone) + lost
    at_start = loaded[rows.place[loaded] == frame.first_place[rows.item[loaded]]]
    # what was loaded on a movement that never left has been set back
    at_start = at_start[~np.isin(rows.movement[at_start], rows.movement[rows.of(Kind.DISBAND)])]
    gone_at_start = gone[rows.place[gone] == frame.first_place[rows.item[gone]]]
    in_camps = frame.due_cargo - _total(rows.quantity, at_start) - _total(rows.quantity, gone_at_start)
    return people, in_camps, frame.due_cargo - settled


def _losses(frame: _Frame, rows: _Rows) -> tuple[int, int, int, int]:
    """Loads destroyed, loads lost on the road, loads left as residual, vehicles lost."""
    lost = rows.of(Kind.LOST)
    vehicles = rows.item[lost] < 0
    loads = lost[~vehicles]
    loads = loads[~frame.is_people[rows.item[loads]]]
    return (
        _total(rows.quantity, rows.of(Kind.DESTROY)),
        _total(rows.quantity, loads),
        _total(rows.quantity, rows.of(Kind.RESIDUAL)),
        _total(rows.quantity, lost[vehicles]),
    )


def _exposure(plan: Plan, frame: _Frame, rows: _Rows) -> tuple[int, int, int]:
    """Metres of convoys under threat, strikes, people hurt."""
    departed = rows.of(Kind.DEPART)
    legs = rows.activity[departed]
    legs = legs[frame.is_threatened[legs]]
    strikes = rows.of(Kind.STRIKE)
    hurt = rows.quantity[strikes]
    return int(plan.leg_distance[legs].sum()), len(strikes), int(hurt[hurt > 0].sum())


def _dry(rows: _Rows) -> int:
    """Minutes without supplies, summed over places; it ends with a delivery or the camp's closure."""
    at = rows.of_any(Kind.SUPPLY_OUT, Kind.SUPPLY_IN, Kind.CLOSE)
    is_out = rows.kind[at] == Kind.SUPPLY_OUT
    return _open_minutes(rows.place[at], rows.minute[at], is_out, int(rows.minute[-1]))


def _open_minutes(owner: Ints, minute: Ints, open_: Bools, end: int) -> int:
    """Minutes from each open row to its owner's next row, or to the end."""
    if not open_.any():
        return 0
    order = np.argsort(owner, kind="stable")
    owner, minute, open_ = owner[order], minute[order], open_[order]
    until = np.full(len(minute), end, dtype=np.int64)
    same = owner[1:] == owner[:-1]
    until[:-1][same] = minute[1:][same]
    return int((until - minute)[open_].sum())


def _overdue(plan: Plan, frame: _Frame, rows: _Rows, out: Ints, out_minute: Ints) -> int:
    """Person minutes between the end of a contingent's tour and its people's arrival at an exit, or the end.

    Only people who are due to leave count: those who stay by declaration are relieved, not overdue.
    """
    cap = frame.tour_end
    if cap.min(initial=NEVER) == NEVER:
        return 0
    end = int(rows.minute[-1])
    most = int((plan.item_number * np.maximum(end - cap, 0)).sum())
    spared = end - np.maximum(out_minute, cap[rows.item[out]])
    return most - int((rows.quantity[out] * np.maximum(spared, 0)).sum())


def _milestones(plan: Plan, rows: _Rows) -> Ints:
    reached = np.full(len(plan.milestone_ids), NEVER, dtype=np.int64)
    _set_first(reached, rows, rows.of(Kind.MILESTONE))
    return reached


def _camps(plan: Plan, rows: _Rows) -> Ints:
    """Per camp: when operations ceased (its rear party began, or it closed), closed, was transferred."""
    times = np.full((len(plan.camp_ids), 3), NEVER, dtype=np.int64)
    _set_first(times[:, 0], rows, rows.of_any(Kind.HANDOVER, Kind.CLOSE))
    _set_first(times[:, 1], rows, rows.of(Kind.CLOSE))
    _set_first(times[:, 2], rows, rows.of(Kind.TRANSFER))
    return times.reshape(-1)


def _set_first(times: Ints, rows: _Rows, at: Ints) -> None:
    """Set each entity's time to its first row among `at`."""
    # assigned backwards, so that the first of several rows wins
    times[rows.entity[at[::-1]]] = rows.minute[at[::-1]]


def _held(trajectory: Trajectory) -> Ints:
    """Minutes of movements by hold: from each row of a movement to its next, by what held the next."""
    moving = np.flatnonzero(trajectory.movement >= 0)
    number = trajectory.movement[moving]
    order = np.argsort(number, kind="stable")
    at, number = moving[order], number[order]
    same = number[1:] == number[:-1]
    gap = np.diff(trajectory.minute[at])[same]
    held = trajectory.held_by[at[1:]][same]
    return np.bincount(held, weights=gap, minlength=len(Hold)).astype(np.int64)


def _total(quantity: Ints, at: Ints) -> int:
    return int(quantity[at].sum())

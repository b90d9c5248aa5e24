"""The reference engine: one replication of a plan, played with SimPy (docs/events.md)."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

from ...model.plan import Plan
from ...model.trajectory import Trajectory
from . import calendar, camps, clearances, counts, daily, departing, forming, movements, ranks, work
from .force import check_force
from .run import CLOSED, CREW, Hold, Kind, Movement, Run, Status
from .view import View

#: Views of the last plans: one keeps its plan alive, so that they cannot be kept for as long as the plan is.
_view_of = lru_cache(maxsize=8)(View)


def simulate(plan: Plan, seed: int, replication: int, *, full_pass: bool = False) -> Trajectory:
    """Play one replication; a pure function of its arguments.

    `full_pass` makes every dispatch pass look at all that waits, not only at those whose blockers
    changed: slower, with the same trajectory, which a test verifies.
    """
    run = Run(_view_of(plan), seed, replication, full_pass)
    run.on_dispatch = partial(dispatch, run)
    start(run)
    run.play(run.done)
    return end(run)


def start(run: Run) -> None:
    """Put everything where it is at minute 0 and bind the calendar."""
    p, view = run.p, run.view
    run.record(Kind.START, Hold.START, 0)
    for item in range(view.items):
        first = view.item_stages[item][0]
        place, number = p.stage_place[first], p.item_number[item]
        if p.item_people[item]:
            run.present[place] += number + p.item_stays[item]
            run.unreserved[place] += number + p.item_stays[item]
            run.armed[place] += (number + p.item_stays[item]) * p.item_armed[item]
            run.people_of[p.item_contingent[item], place] += number + p.item_stays[item]
        elif view.stage_own[first]:
            run.due_own[place] += number
        else:
            run.due_other[place] += number
        run.here[first] = number
        if p.stage_work[first] >= 0:
            run.raw[first] = number
        elif number:
            run.add_ready(first, number, 0)
            run.packed[item] = number
    run.may_go = [0] * view.items
    for item in range(view.items):
        counts.untie(run, item)
    run.due_first = [a + b for a, b in zip(run.due_own, run.due_other, strict=True)]
    for item, miles in enumerate(view.miles_of_item):
        for mile in miles:
            run.units_left[mile] += p.item_number[item]
    for mile in range(len(run.deadline)):
        run.camps_left[mile] = len(view.mile_camps[mile])
    for mile in range(len(run.deadline)):
        counts.check_milestone(run, mile, 0)
    for camp in range(view.camps):
        camps.set_target(run, camp, 0, 0)
    for gate, regime in enumerate(run.regime):
        if view.regime[regime].is_obstructing:
            clearances.begin_blocks(run, view.lifts_of_gate[gate], 0)
    for place in range(view.places):
        check_force(run, place)
    calendar.schedule(run)
    daily.schedule(run)
    for stage, asset in enumerate(p.stage_asset):
        item = view.stage_item[stage]
        if asset >= 0 and stage == p.stage_at[item]:
            run.wake(p.item_starts[item], CREW, asset)
    run.bind(view.horizon, ranks.HORIZON, 0, lambda _: run.finish(Status.PAST_HORIZON))
    run.mark_all()


def dispatch(run: Run, _: Any) -> None:
    """Passes over what waits, until one leaves nothing to look at: departures, camps, lifts, crews.

    With a full pass everybody is looked at. A look that is not due must find an obstacle and changes
    nothing, not even what is recorded of it.
    """
    every = run.full_pass
    while True:
        if run.due_movements or every:
            _look_at_departures(run)
        if run.due_camps or every:
            _look_at_camps(run)
        if run.due_lifts or every:
            _look_at_lifts(run)
        if run.due_crews or every:
            _look_at_crews(run)
        if not (run.due_movements or run.due_camps or run.due_lifts or run.due_crews):
            break
    run.is_looking = False


def _look_at_departures(run: Run) -> None:
    due, run.due_movements = run.due_movements, set()
    waiting = run.departing
    everyone = list(waiting.values()) if run.full_pass else [waiting[number] for number in due if number in waiting]
    if len(everyone) > 1:
        everyone.sort(key=_departure_order)
    for m in everyone:
        if m.number in waiting:
            departing.try_depart(run, m, m.number in due)


def _departure_order(m: Movement) -> tuple[int, int, int]:
    return m.lift.rank, m.since, m.number


def _look_at_camps(run: Run) -> None:
    due, run.due_camps = run.due_camps, set()
    for camp in range(run.view.camps) if run.full_pass else sorted(due):
        if run.camp_state[camp] != CLOSED:
            camps.try_close(run, camp, camp in due)


def _look_at_lifts(run: Run) -> None:
    due, run.due_lifts = run.due_lifts, set()
    lifts, since = run.view.lift, run.since
    waiting = [lift for row in due if forming.begins_to_wait(run, lift := lifts[row])]
    if run.full_pass:
        waiting = [lift for lift in lifts if since[lift.row] >= 0]
    if len(waiting) > 1:
        waiting.sort(key=lambda lift: (lift.rank, since[lift.row], lift.row))
    for lift in waiting:
        while (m := forming.try_form(run, lift, lift.row in due)) is not None:
            movements.begin(run, m)


def _look_at_crews(run: Run) -> None:
    due, run.due_crews = run.due_crews, set()
    for asset in range(run.view.assets) if run.full_pass else sorted(due):
        if run.view.tasks[asset]:
            work.try_work(run, asset)


def end(run: Run) -> Trajectory:
    """Close the table: who still waits and for what, and how the run ended."""
    if run.status != Status.COMPLETE:
        for number, m in sorted(run.departing.items()):
            run.record(
                Kind.WAITING,
                max(departing.departure_hold(run, m)[0], 0),
                m.row,
                movement=number,
                entity=m.lift.row,
                place=m.place,
            )
        for lift in range(run.view.lifts):
            if run.since[lift] >= 0 and run.lift_hold[lift] >= 0:
                place = run.view.pick_places[lift][0]
                run.record(
                    Kind.WAITING, run.lift_hold[lift], run.lift_cause[lift], entity=lift, place=place,
                    quantity=run.lift_ready[lift],
                )  # fmt: skip
        for camp in range(run.view.camps):
            if run.closes[camp] and run.camp_state[camp] != CLOSED and run.camp_hold[camp] >= 0:
                place = run.p.camp_place[camp]
                run.record(Kind.WAITING, run.camp_hold[camp], 0, entity=camp, place=place)
    run.record(Kind.END, Hold.START, run.milestone_row, quantity=run.status)
    return Trajectory.from_rows(run.rows)

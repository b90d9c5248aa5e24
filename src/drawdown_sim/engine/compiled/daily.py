"""Once a day, at 00:00: supplies are counted, decisions taken, last days and stalls noticed."""

from __future__ import annotations

from ...model.plan import NEVER, Does
from ...model.trajectory import Status
from . import holds, kinds
from .camps import accelerate, give_up, start_destroying
from .chance import state_of
from .clock import DAY, bind
from .counts import leave_cargo, lose
from .force import check_force
from .link import part
from .memory import fixed, get
from .run import (
    CLOSED,
    MINUTES_PER_DAY,
    Record,
    asset_of,
    camp_of,
    cond_of,
    decision_of,
    finish,
    lift_of,
    listed,
    mark_all,
    mark_lift,
    mile_of,
    movement_of,
    place_of,
    record,
    stage_of,
)

_ACCELERATE, _DESTROY, _DIVERT, _GIVE_UP = int(Does.ACCELERATE), int(Does.DESTROY), int(Does.DIVERT), int(Does.GIVE_UP)
_STALLED = int(Status.STALLED)


@part
def take_stock(run: Record) -> None:
    """The daily look at supplies, decisions and deadlines."""
    _count_supplies(run)
    for place in range(run.places_count):
        if place_of(run, place).below:
            check_force(run, place)
    _take_decisions(run)
    _watch_deadlines(run)
    if _is_stalled(run):
        finish(run, _STALLED)
        return
    bind(run, MINUTES_PER_DAY, DAY, 0, 0, 0, 0)


# --- supplies ----------------------------------------------------------------------------------------


@part
def _count_supplies(run: Record) -> None:
    """Everybody present uses one day of supply; below reserve the rules speak, at nothing work stops."""
    for row in range(run.places_count):
        place = place_of(run, row)
        if not place.supplied:
            continue
        if run.now:
            place.stock = max(place.stock - place.present, 0)
        if place.stock < place.reserve * place.present // MINUTES_PER_DAY and not place.is_low:
            place.is_low = 1
            place.low_row = record(
                run, kinds.SUPPLY_LOW, holds.SUPPLY, place.supply_row, -1, row, -1, row, -1, place.stock
            )  # fmt: skip
            for at in range(place.lifts, place.lifts_end):
                lift = listed(run, at)
                if lift_of(run, lift).brings:
                    mark_lift(run, lift)
        if place.stock == 0 and place.present and not place.is_out:
            place.is_out = 1
            record(run, kinds.SUPPLY_OUT, holds.SUPPLY, place.low_row, -1, row, -1, row, -1, -1)


# --- decisions ---------------------------------------------------------------------------------------


@part
def _take_decisions(run: Record) -> None:
    """Each decision at most once, in the order of ids, on the first morning on which a condition holds."""
    for row in range(run.decisions_count):
        decision = decision_of(run, row)
        if decision.decided:
            continue
        first = -1
        for number in range(decision.conds, decision.conds_end):
            cause = _holds(run, decision, number)
            if cause >= 0 and (first < 0 or cause < first):
                first = cause
        if first >= 0:
            _decide(run, row, first)


@part
def _decide(run: Record, number: int, cause: int) -> None:
    decision = decision_of(run, number)
    decision.decided = 1
    row = record(run, kinds.DECIDE, holds.DECISION, cause, -1, number, -1, -1, -1, -1)
    for at in range(decision.camps, decision.camps_end):
        camp = listed(run, at)
        if decision.does == _ACCELERATE:
            accelerate(run, camp, row)
        elif decision.does == _DESTROY:
            start_destroying(run, camp, number, row)
        elif decision.does == _GIVE_UP:
            give_up(run, camp, row)
    if decision.does == _DIVERT:
        for at in range(decision.stops, decision.stops_end):
            lift_of(run, listed(run, at)).stopped = 1
            mark_lift(run, listed(run, at))
        for at in range(decision.begins, decision.begins_end):
            lift_of(run, listed(run, at)).stopped = 0
            mark_lift(run, listed(run, at))


@part
def _holds(run: Record, decision: Record, number: int) -> int:
    """The row that satisfied the last part of a condition, or -1 if a part does not hold."""
    cond, cause = cond_of(run, number), 0
    if cond.blocked >= 0:
        since, blocked_row = NEVER, 0
        for at in range(decision.lifts, decision.lifts_end):
            lift = lift_of(run, listed(run, at))
            if 0 <= lift.blocked_since <= run.now - cond.blocked and (
                lift.blocked_since < since or (lift.blocked_since == since and lift.blocked_row < blocked_row)
            ):
                since, blocked_row = lift.blocked_since, lift.blocked_row
        if since == NEVER:
            return -1
        cause = max(cause, blocked_row)
    if cond.driver >= 0 and state_of(run, cond.driver, cond.area) < cond.state:
        return -1
    if cond.below < cond.below_end:
        low = -1
        for at in range(cond.below, cond.below_end):
            place = place_of(run, listed(run, at))
            if place.is_low and (low < 0 or place.low_row < low):
                low = place.low_row
        if low < 0:
            return -1
        cause = max(cause, low)
    for at in range(cond.closed, cond.closed_end):
        camp = camp_of(run, listed(run, at))
        if camp.state != CLOSED:
            return -1
        cause = max(cause, camp.close_row)
    if cond.before >= 0:
        mile = mile_of(run, max(decision.milestone, 0))
        if run.now < mile.deadline - cond.before:
            return -1
        cause = max(cause, mile.deadline_row)
    if cond.on >= 0 and run.now < cond.on:
        return -1
    return cause


# --- deadlines -----------------------------------------------------------------------------------------


@part
def _watch_deadlines(run: Record) -> None:
    """What gives way in the last days, and the end of authority with the deadline."""
    for row in range(run.miles_count):
        mile = mile_of(run, row)
        deadline = mile.deadline
        if mile.last_days >= 0 and not mile.in_last_days and run.now >= deadline - mile.last_days:
            _begin_last_days(run, row)
        if mile.authority and not mile.authority_over and run.now >= deadline:
            mile.authority_over = 1
            written = record(
                run, kinds.AUTHORITY_ENDS, holds.CALENDAR, mile.deadline_row, -1, row, -1, -1, -1, -1
            )  # fmt: skip
            for at in range(mile.ends, mile.ends_end):
                lose(run, listed(run, at), asset_of(run, listed(run, at)).number, written)


@part
def _begin_last_days(run: Record, number: int) -> None:
    """People go without waiting for equipment, unprepared cargo is left, unguarded sites are given up."""
    mile = mile_of(run, number)
    mile.in_last_days = 1
    row = record(run, kinds.LAST_DAYS, holds.CALENDAR, mile.deadline_row, -1, number, -1, -1, -1, -1)
    if mile.people_go:
        run.people_go_row = row
    for camp in range(run.camps_count):
        place_row = camp_of(run, camp).place
        if mile.authority and not listed(run, mile.guarded + place_row):
            give_up(run, camp, row)
        elif mile.leaves_cargo:
            place = place_of(run, place_row)
            for at in range(place.cargo, place.cargo_end):
                stage = listed(run, at)
                leave_cargo(run, camp, stage, stage_of(run, stage).raw, kinds.RESIDUAL, holds.CALENDAR, row)
    mark_all(run)


# --- stalls --------------------------------------------------------------------------------------------


@part
def _is_stalled(run: Record) -> bool:
    """Nothing bound is left that could free a waiter: no activity, no calendar entry, no timed decision."""
    if run.active or run.calendar_left or run.wakes or run.is_looking or run.now == 0:
        return False
    return not (
        _may_decide(run) or _is_deadline_ahead(run) or _is_drifting(run) or _is_giving_back(run)
    )  # fmt: skip


@part
def _may_decide(run: Record) -> bool:
    """Whether a decision is left that time alone, or the length of a block, can bring about."""
    for row in range(run.decisions_count):
        decision = decision_of(run, row)
        if decision.decided:
            continue
        is_blocked = False
        for at in range(decision.lifts, decision.lifts_end):
            if lift_of(run, listed(run, at)).blocked_since >= 0:
                is_blocked = True
        for number in range(decision.conds, decision.conds_end):
            if cond_of(run, number).blocked < 0 or is_blocked:
                return True
    return False


@part
def _is_deadline_ahead(run: Record) -> bool:
    """Whether a deadline is to come that brings last days or ends authority."""
    for row in range(run.miles_count):
        mile = mile_of(run, row)
        if run.now < mile.deadline and (mile.last_days >= 0 or mile.authority):
            return True
    return False


@part
def _is_drifting(run: Record) -> bool:
    """Whether somebody still uses up supplies."""
    for row in range(run.places_count):
        place = place_of(run, row)
        if place.supplied and place.present and place.stock:
            return True
    return False


@part
def _is_giving_back(run: Record) -> bool:
    """Whether a movement that has not started will give its means back."""
    for at in range(run.departing_count):
        m = movement_of(run, get(fixed(run, "departing"), at))
        if not m.started and lift_of(run, m.lift).hold < NEVER:
            return True
    return False

"""Once a day, at 00:00: supplies are counted, decisions taken, last days and stalls noticed."""

from __future__ import annotations

from ...model.plan import NEVER, Does
from . import camps, counts, ranks
from .force import check_force
from .reserving import mark_suppliers
from .run import CLOSED, MINUTES_PER_DAY, Hold, Kind, Run, Status


def schedule(run: Run, delay: int = 0) -> None:
    """Bind the next morning."""
    run.bind(delay, ranks.DAY, 0, lambda _: take_stock(run))


def take_stock(run: Run) -> None:
    """The daily look at supplies, decisions and deadlines."""
    count_supplies(run)
    if True in run.below:
        for place in range(run.view.places):
            if run.below[place]:
                check_force(run, place)
    take_decisions(run)
    watch_deadlines(run)
    if _is_stalled(run):
        run.finish(Status.STALLED)
        return
    schedule(run, MINUTES_PER_DAY)


# --- supplies ----------------------------------------------------------------------------------------


def count_supplies(run: Run) -> None:
    """Everybody present uses one day of supply; below reserve the rules speak, at nothing work stops."""
    for place in run.view.supplied:
        if run.now:
            run.stock[place] = max(run.stock[place] - run.present[place], 0)
        reserve = run.p.place_reserve[place] * run.present[place] // MINUTES_PER_DAY
        if run.stock[place] < reserve and not run.is_low[place]:
            run.is_low[place] = True
            run.low_row[place] = run.record(
                Kind.SUPPLY_LOW,
                Hold.SUPPLY,
                run.supply_row[place],
                entity=place,
                place=place,
                quantity=run.stock[place],
            )
            mark_suppliers(run, place)
        if run.stock[place] == 0 and run.present[place] and not run.is_out[place]:
            run.is_out[place] = True
            run.record(Kind.SUPPLY_OUT, Hold.SUPPLY, run.low_row[place], entity=place, place=place)


# --- decisions ---------------------------------------------------------------------------------------


def take_decisions(run: Run) -> None:
    """Each decision at most once, in the order of ids, on the first morning on which a condition holds."""
    for decision in range(len(run.decided)):
        if run.decided[decision]:
            continue
        causes = [_holds(run, decision, c) for c in run.view.conditions[decision]]
        met = [cause for cause in causes if cause is not None]
        if met:
            _decide(run, decision, min(met))


def _decide(run: Run, decision: int, cause: int) -> None:
    run.decided[decision] = True
    row = run.record(Kind.DECIDE, Hold.DECISION, cause, entity=decision)
    does = run.p.decision_does[decision]
    for camp in run.view.decision_camps[decision]:
        if does == Does.ACCELERATE:
            camps.accelerate(run, camp, row)
        elif does == Does.DESTROY:
            camps.start_destroying(run, camp, decision, row)
        elif does == Does.GIVE_UP:
            camps.give_up(run, camp, row)
    if does == Does.DIVERT:
        for lift in run.view.decision_stops[decision]:
            run.stopped[lift] = True
            run.mark_lift(lift)
        for lift in run.view.decision_begins[decision]:
            run.stopped[lift] = False
            run.mark_lift(lift)


def _holds(run: Run, decision: int, condition: int) -> int | None:
    """The row that satisfied the last part of a condition, or None if a part does not hold."""
    p, now = run.p, run.now
    causes = [0]
    if p.cond_blocked[condition] >= 0:
        since = [
            (run.blocked_since[lift], run.blocked_row[lift])
            for lift in run.view.decision_lifts[decision]
            if 0 <= run.blocked_since[lift] <= now - p.cond_blocked[condition]
        ]
        if not since:
            return None
        causes.append(min(since)[1])
    if p.cond_driver[condition] >= 0:
        weeks = run.levels[p.cond_driver[condition]][p.cond_area[condition]]
        if weeks[min(now // 10080, len(weeks) - 1)] < p.cond_state[condition]:
            return None
    below = run.view.cond_below[condition]
    if below:
        low = [run.low_row[place] for place in below if run.is_low[place]]
        if not low:
            return None
        causes.append(min(low))
    closed = run.view.cond_closed[condition]
    if any(run.camp_state[camp] != CLOSED for camp in closed):
        return None
    causes += [run.close_row[camp] for camp in closed]
    if p.cond_before[condition] >= 0:
        mile = max(p.decision_milestone[decision], 0)
        if now < run.deadline[mile] - p.cond_before[condition]:
            return None
        causes.append(run.deadline_row[mile])
    if p.cond_on[condition] >= 0 and now < p.cond_on[condition]:
        return None
    return max(causes)


# --- deadlines -----------------------------------------------------------------------------------------


def watch_deadlines(run: Run) -> None:
    """What gives way in the last days, and the end of authority with the deadline."""
    p = run.p
    for mile, deadline in enumerate(run.deadline):
        length = p.mile_last_days[mile]
        if length >= 0 and not run.in_last_days[mile] and run.now >= deadline - length:
            _begin_last_days(run, mile)
        if p.mile_authority[mile] and not run.authority_over[mile] and run.now >= deadline:
            run.authority_over[mile] = True
            row = run.record(Kind.AUTHORITY_ENDS, Hold.CALENDAR, run.deadline_row[mile], entity=mile)
            for asset in run.view.mile_ends[mile]:
                counts.lose(run, asset, run.number[asset], row)


def _begin_last_days(run: Run, mile: int) -> None:
    """People go without waiting for equipment, unprepared cargo is left, unguarded sites are given up."""
    p = run.p
    run.in_last_days[mile] = True
    row = run.record(Kind.LAST_DAYS, Hold.CALENDAR, run.deadline_row[mile], entity=mile)
    if p.mile_people_go[mile]:
        run.people_go_row = row
    for camp in range(run.view.camps):
        place = p.camp_place[camp]
        if p.mile_authority[mile] and not p.mile_guarded[mile][place]:
            camps.give_up(run, camp, row)
        elif p.mile_cargo_left[mile]:
            for stage in run.view.cargo_stages[place]:
                counts.leave_cargo(run, camp, stage, run.raw[stage], Kind.RESIDUAL, Hold.CALENDAR, row)
    run.mark_all()


# --- stalls --------------------------------------------------------------------------------------------


def _is_stalled(run: Run) -> bool:
    """Nothing bound is left that could free a waiter: no activity, no calendar entry, no timed decision."""
    if run.active or run.calendar_left or run.wakes or run.is_looking or run.now == 0:
        return False
    for decision, taken in enumerate(run.decided):
        if taken:
            continue
        for c in run.view.conditions[decision]:
            blocked = run.p.cond_blocked[c] >= 0
            is_blocked = any(run.blocked_since[lift] >= 0 for lift in run.view.decision_lifts[decision])
            if not blocked or is_blocked:
                return False
    drifting = any(run.present[place] and run.stock[place] for place in run.view.supplied)
    giving_back = any(not m.started and m.lift.hold < NEVER for m in run.departing.values())
    deadlines = any(
        run.now < d and (run.p.mile_last_days[m] >= 0 or run.p.mile_authority[m]) for m, d in enumerate(run.deadline)
    )
    return not deadlines and not drifting and not giving_back

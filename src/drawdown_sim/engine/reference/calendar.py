"""The calendar: dated changes of means, regimes, plans and deadlines; bans by date and by chance."""

from __future__ import annotations

import simpy

from ...model.draws import Point
from ...model.plan import Entry, Until
from . import camps, clearances, counts, ranks
from .run import Hold, Kind, Run


def schedule(run: Run) -> None:
    """Bind every calendar entry and every ban of this replication."""
    p = run.p
    for row, minute in enumerate(p.calendar_minute):
        run.bind(minute, ranks.CALENDAR, row, lambda _, row=row: act(run, row))  # type: ignore[misc]
    for ban in range(len(p.ban_key)):
        _schedule_ban(run, ban)


def act(run: Run, row: int) -> None:
    """Carry out one calendar entry."""
    p = run.p
    run.calendar_left -= 1
    entry, subject, amount = p.calendar_entry[row], p.calendar_subject[row], p.calendar_amount[row]
    if entry == Entry.GAIN:
        run.number[subject] += amount
        run.asset_row[subject] = run.record(
            Kind.GAIN, Hold.CALENDAR, 0, entity=subject, place=p.asset_place[subject], quantity=amount
        )
        run.mark_asset(subject)
    elif entry == Entry.LOSS:
        counts.lose(run, subject, amount, 0)
    elif entry == Entry.REGIME:
        clearances.change_regime(run, subject, amount)
    elif entry == Entry.WINDOW:
        _change_window(run, subject)
    elif entry == Entry.DEADLINE:
        run.deadline[subject] = amount
        run.deadline_row[subject] = run.record(Kind.DEADLINE, Hold.CALENDAR, 0, entity=subject, quantity=amount)
    elif entry == Entry.TOUR_END:
        _end_tour(run, subject)
    elif entry == Entry.OPENS:
        run.mark_place(p.camp_place[subject])
    elif entry == Entry.LIFT:
        run.mark_lift(subject)
    else:
        run.mark_all()


def _change_window(run: Run, camp: int) -> None:
    if run.camp_state[camp] or run.accelerated[camp]:
        return
    row = len(run.rows)
    camps.set_target(run, camp, run.now, row)
    run.record(Kind.WINDOW, Hold.CALENDAR, 0, entity=camp, place=run.p.camp_place[camp], quantity=run.target[camp])


def _end_tour(run: Run, contingent: int) -> None:
    """An overdue contingent goes on guarding, but its escorts and other means with that limit stop."""
    p = run.p
    here = sum(
        p.item_number[i] - run.out[i]
        for i in range(run.view.items)
        if p.item_people[i] and p.item_contingent[i] == contingent
    )
    row = run.record(Kind.TOUR_END, Hold.CALENDAR, 0, entity=contingent, quantity=here)
    for asset, until in enumerate(p.asset_until):
        if until == Until.TOUR_END and p.asset_contingent[asset] == contingent:
            counts.lose(run, asset, run.number[asset], row)


def _schedule_ban(run: Run, ban: int) -> None:
    """Draw whether, when and how long; a ban that begins before the start has begun."""
    p, series, pair = run.p, run.view.series_or, run.view.pair
    if p.ban_chance[ban] < 1 << 32 and run.draw(pair[Point.BAN_HAPPENS, ban], 0) >= p.ban_chance[ban]:
        return
    start = max(run.sample(series(p.ban_start[ban], 0), pair[Point.BAN_START, ban], 0), 0)
    length = run.sample(series(p.ban_length[ban], 0), pair[Point.BAN_LENGTH, ban], 0)
    end = start + length if p.ban_length[ban] >= 0 else p.ban_end[ban]
    if end <= start:
        return
    run.calendar_left += 2

    def begins(_: simpy.Event) -> None:
        run.calendar_left -= 1
        run.active_bans.add(ban)
        row = run.record(Kind.BAN, Hold.CALENDAR, 0, entity=ban)
        run.ban_row[ban] = row
        clearances.begin_blocks(run, run.view.ban_blocks[ban], row)

    def is_over(_: simpy.Event) -> None:
        run.calendar_left -= 1
        run.active_bans.discard(ban)
        run.ban_row[ban] = run.record(Kind.BAN_END, Hold.BAN, run.ban_row[ban], entity=ban)
        for lift in run.view.ban_blocks[ban]:
            run.blocked_since[lift] = -1
        run.due_movements.update(run.departing)
        run.look()

    run.bind(start, ranks.BAN, 2 * ban, begins)
    run.bind(end, ranks.BAN, 2 * ban + 1, is_over)

"""The calendar: dated changes of means, regimes, plans and deadlines; bans by date and by chance."""

from __future__ import annotations

from ...model.plan import Entry
from . import chance, holds, kinds
from .camps import set_target
from .chance import draw, sample
from .clearances import begin_blocks, change_regime
from .clock import BAN_CHANGES, CALENDAR, bind
from .counts import lose
from .link import part
from .run import (
    Record,
    asset_of,
    ban_of,
    camp_of,
    contingent_of,
    entry_of,
    item_of,
    lift_of,
    listed,
    look,
    mark_all,
    mark_asset,
    mark_departing,
    mark_lift,
    mark_place,
    mile_of,
    record,
)

_GAIN, _LOSS, _REGIME, _WINDOW = int(Entry.GAIN), int(Entry.LOSS), int(Entry.REGIME), int(Entry.WINDOW)
_DEADLINE, _TOUR_END, _OPENS, _LIFT = int(Entry.DEADLINE), int(Entry.TOUR_END), int(Entry.OPENS), int(Entry.LIFT)
_CERTAIN = 1 << 32


@part
def schedule(run: Record) -> None:
    """Bind every calendar entry and every ban of this replication."""
    for row in range(run.calendar_count):
        bind(run, entry_of(run, row).minute, CALENDAR, row, 0, 0, 0)
    for ban in range(run.bans_count):
        _schedule_ban(run, ban)


@part
def act(run: Record, row: int) -> None:
    """Carry out one calendar entry."""
    run.calendar_left -= 1
    entry = entry_of(run, row)
    what, subject, amount = entry.entry, entry.subject, entry.amount
    if what == _GAIN:
        asset = asset_of(run, subject)
        asset.number += amount
        asset.row = record(run, kinds.GAIN, holds.CALENDAR, 0, -1, subject, -1, asset.place, -1, amount)
        mark_asset(run, subject)
    elif what == _LOSS:
        lose(run, subject, amount, 0)
    elif what == _REGIME:
        change_regime(run, subject, amount)
    elif what == _WINDOW:
        _change_window(run, subject)
    elif what == _DEADLINE:
        mile = mile_of(run, subject)
        mile.deadline = amount
        mile.deadline_row = record(run, kinds.DEADLINE, holds.CALENDAR, 0, -1, subject, -1, -1, -1, amount)
    elif what == _TOUR_END:
        _end_tour(run, subject)
    elif what == _OPENS:
        mark_place(run, camp_of(run, subject).place)
    elif what == _LIFT:
        mark_lift(run, subject)
    else:
        mark_all(run)


@part
def _change_window(run: Record, row: int) -> None:
    camp = camp_of(run, row)
    if camp.state or camp.accelerated:
        return
    set_target(run, row, run.now, run.rows_count)
    record(run, kinds.WINDOW, holds.CALENDAR, 0, -1, row, -1, camp.place, -1, camp.target)


@part
def _end_tour(run: Record, contingent: int) -> None:
    """An overdue contingent goes on guarding, but its escorts and other means with that limit stop."""
    body = contingent_of(run, contingent)
    here = 0
    for at in range(body.people, body.people_end):
        item = item_of(run, listed(run, at))
        here += item.number - item.out
    row = record(run, kinds.TOUR_END, holds.CALENDAR, 0, -1, contingent, -1, -1, -1, here)
    for at in range(body.assets, body.assets_end):
        lose(run, listed(run, at), asset_of(run, listed(run, at)).number, row)


@part
def _schedule_ban(run: Record, row: int) -> None:
    """Draw whether, when and how long; a ban that begins before the start has begun."""
    ban = ban_of(run, row)
    if ban.chance < _CERTAIN and draw(run, chance.BAN_HAPPENS, ban.key, 0, 0) >= ban.chance:
        return
    start = max(sample(run, ban.start, chance.BAN_START, ban.key, 0, 0), 0)
    end = ban.end
    if ban.length >= 0:
        end = start + sample(run, ban.length, chance.BAN_LENGTH, ban.key, 0, 0)
    if end <= start:
        return
    run.calendar_left += 2
    bind(run, start, BAN_CHANGES, 2 * row, 0, 0, 0)
    bind(run, end, BAN_CHANGES, 2 * row + 1, 0, 0, 0)


@part
def change_ban(run: Record, index: int) -> None:
    """A ban begins or ends."""
    run.calendar_left -= 1
    row = index // 2
    ban = ban_of(run, row)
    if index % 2 == 0:
        ban.active = 1
        run.active_bans += 1
        ban.row = record(run, kinds.BAN, holds.CALENDAR, 0, -1, row, -1, -1, -1, -1)
        begin_blocks(run, ban.blocks, ban.blocks_end, ban.row)
        return
    run.active_bans -= 1
    ban.active = 0
    ban.row = record(run, kinds.BAN_END, holds.BAN, ban.row, -1, row, -1, -1, -1, -1)
    for at in range(ban.blocks, ban.blocks_end):
        lift_of(run, listed(run, at)).blocked_since = -1
    mark_departing(run)
    look(run)

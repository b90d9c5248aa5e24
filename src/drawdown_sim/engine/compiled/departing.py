"""Departing: a formed movement waits until it may enter its next leg, goes, or gives everything back."""

from __future__ import annotations

from ...model.plan import NEVER
from . import holds, kinds
from .chance import value_at
from .clearances import ask_overwatch
from .clock import HOLD, bind
from .counts import add_up, change_due, change_present, free_room, leave_if_given_up
from .link import part
from .memory import fixed, get, put
from .order import row_at
from .quotas import counted, period_end, quota_left, use_quota
from .reserving import give_back, unreserve
from .roads import ban_on
from .run import (
    COLUMN,
    GOES,
    MINUTES_PER_DAY,
    REAR_READY,
    WAKES_MOVEMENT,
    Record,
    ban_of,
    camp_of,
    choose_active,
    fill_take,
    item_of,
    lift_of,
    listed,
    mark_camp,
    mark_lift,
    mark_movement,
    mark_place,
    movement_of,
    place_of,
    queue,
    quota_of,
    record,
    record_of,
    stage_of,
    take_of,
    wake,
)


@part
def await_departure(run: Record, m: Record, leg: int, to: int, run_start: bool) -> None:
    """Wait until a dispatch pass lets the movement enter a leg, or it is disbanded."""
    m.leg, m.to = leg, to
    m.run_start = 1 if run_start else 0
    m.since = run.now
    m.departing = run.departing_count
    put(fixed(run, "departing"), run.departing_count, m.number)
    run.departing_count += 1
    _join_departing(run, m)
    if m.aboard_count:
        place_of(run, m.place).loaded_here += 1
    if run_start and m.pending:
        m.hold = holds.CLEARANCE  # the last grant asks for a look
    else:
        m.hold = -1
        mark_movement(run, m)
    run.active -= 1
    hold = lift_of(run, m.lift).hold
    if hold < NEVER and not m.started:
        bind(run, hold, HOLD, m.number, m.since, 0, 0)


@part
def no_longer_departs(run: Record, m: Record) -> None:
    """Take a movement from those that wait to depart."""
    last = get(fixed(run, "departing"), run.departing_count - 1)
    put(fixed(run, "departing"), m.departing, last)
    movement_of(run, last).departing = m.departing
    run.departing_count -= 1
    m.departing = -1
    _leave_departing(run, m)


@part
def _join_departing(run: Record, m: Record) -> None:
    """One more of those that wait to depart for the same destination."""
    to = place_of(run, lift_of(run, m.lift).to)
    m.departs_before, m.departs_behind = -1, to.first_departing
    if to.first_departing >= 0:
        movement_of(run, to.first_departing).departs_before = m.number
    to.first_departing = m.number


@part
def _leave_departing(run: Record, m: Record) -> None:
    """One less of them."""
    if m.departs_before >= 0:
        movement_of(run, m.departs_before).departs_behind = m.departs_behind
    else:
        place_of(run, lift_of(run, m.lift).to).first_departing = m.departs_behind
    if m.departs_behind >= 0:
        movement_of(run, m.departs_behind).departs_before = m.departs_before


@part
def try_depart(run: Record, m: Record) -> None:
    """Let a formed movement enter its next leg if clearance, room, slot, ban and hours allow."""
    held, cause, again = departure_hold(run, m)
    if held >= 0:
        m.hold, m.hold_cause = held, cause
        if again < NEVER and m.wake != again:
            m.wake = again
            wake(run, again, WAKES_MOVEMENT, m.number)
        return
    held, cause = m.hold, max(m.row, m.cleared_row) if m.run_start else m.row
    if held == holds.CLEARANCE or (held < 0 and cause > m.row):
        held = holds.CLEARANCE
    elif held == holds.BAN:
        cause = ban_row(run, m.hold_cause)
    elif held in (holds.SLOT, holds.SEAT, holds.ROTATION_CAP, holds.PLAN):
        cause = m.hold_cause
    elif held == holds.ROOM:
        cause = place_of(run, lift_of(run, m.lift).to).room_row
    elif held < 0:
        held = holds.LOADING
    no_longer_departs(run, m)
    _no_longer_here(run, m)
    if m.run_start:
        m.begun = m.phase
        cause = ask_overwatch(run, m, cause)
    m.row = record_of(run, m, kinds.DEPART, held, cause, m.leg, m.vehicles - m.lost)
    if m.aboard_count:
        place_of(run, m.place).left_row = m.row
    if not m.started:
        m.started = 1
        m.supply = run.now
        lift = lift_of(run, m.lift)
        for at in range(lift.move_quotas, lift.move_quotas_end):
            quota = listed(run, at)
            use_quota(run, quota, counted(run, quota, m.vehicles), m.row)
    queue(run, GOES, m.number)


@part
def ban_row(run: Record, number: int) -> int:
    """The last row of a ban."""
    return ban_of(run, number).row


@part
def _no_longer_here(run: Record, m: Record) -> None:
    """A loaded movement leaves the place, or is unloaded: the camp may be one step further."""
    if m.aboard_count:
        place = place_of(run, m.place)
        place.loaded_here -= 1
        if place.camp >= 0:
            mark_camp(run, place.camp)


@part
def departure_hold(run: Record, m: Record) -> tuple[int, int, int]:
    """The first requirement of a departure that fails now (-1 if none), with the minute of another look.

    Between them: for a quota the row that used it, for a ban the ban.
    """
    lift, now = lift_of(run, m.lift), run.now
    if m.run_start:
        if m.pending:
            return holds.CLEARANCE, 0, NEVER
        if not m.started:
            for at in range(lift.move_quotas, lift.move_quotas_end):
                row = listed(run, at)
                quota = quota_of(run, row)
                least = min(counted(run, row, m.vehicles), max(1, value_at(run, quota.limit, now)))
                if quota_left(run, row) < least:
                    return quota.hold, quota.row, period_end(run, row)
        if not _has_room(run, m, lift):
            return holds.ROOM, 0, NEVER
    ban = ban_on(run, lift, m.lift, m.leg, m.to, m.place)
    if ban >= 0:
        return holds.BAN, ban, NEVER
    if m.run_start and lift.hours_from >= 0:
        clock = now % MINUTES_PER_DAY
        opens, shuts = lift.hours_from, lift.hours_to
        is_open = opens <= clock <= shuts if opens <= shuts else clock >= opens or clock <= shuts
        if not is_open:
            return holds.HOURS, 0, now - clock + opens + (MINUTES_PER_DAY if clock > opens else 0)
    return -1, 0, NEVER


@part
def _has_room(run: Record, m: Record, lift: Record) -> bool:
    """Reserve room at the destination for what the loaded run carries; a column is never turned away."""
    if m.room or m.yard or not m.aboard_count:
        return True
    people_aboard, loads_aboard = add_up(run, m.aboard, m.aboard_count)
    people_ahead, loads_ahead = add_up(run, m.manifest, m.manifest_count)
    people, loads = people_aboard + people_ahead, loads_aboard + loads_ahead
    to = place_of(run, lift.to)
    fits = to.transit + people <= to.room and to.transit_loads + loads <= to.yard
    if not fits and not lift.is_column:
        return False
    to.transit += people
    to.transit_loads += loads
    m.room, m.yard = people, loads
    return True


@part
def hold_runs_out(run: Record, number: int, since: int) -> None:
    """The time for which means are held while a movement waits for its first departure is over."""
    m = movement_of(run, number)
    if m.departing >= 0 and not m.started and m.since == since:
        disband(run, m)


@part
def disband(run: Record, m: Record) -> None:
    """Give everything back: the time for which means are held has run out, or nothing is left to fetch."""
    held, _, _ = departure_hold(run, m)
    lift = lift_of(run, m.lift)
    row = record(run, kinds.DISBAND, max(held, 0), m.row, m.number, m.lift, -1, -1, -1, m.vehicles)
    no_longer_departs(run, m)
    _no_longer_here(run, m)
    for at in range(m.manifest, m.manifest + m.manifest_count):
        take = take_of(run, at)
        unreserve(run, take.item, take.stage, listed(run, lift.picks + take.pick), lift.to, take.quantity, row)
    for at in range(m.aboard, m.aboard + m.aboard_count):
        take = take_of(run, at)
        _set_back(run, m, take.item, take.stage, take.quantity, row)
    if m.room or m.yard:
        free_room(run, lift.to, m.room, m.yard, row)
    m.manifest_count = m.aboard_count = 0
    m.is_disbanded = 1
    to = place_of(run, lift.to)
    to.inbound -= 1
    to.inbound_row = row
    mark_place(run, lift.to)
    give_back(run, m, row)
    camp_row = place_of(run, listed(run, lift.picks)).camp
    if lift.is_column and camp_of(run, camp_row).state == COLUMN:
        camp_of(run, camp_row).state = REAR_READY
        camp_of(run, camp_row).force = -1
        mark_lift(run, m.lift)
        mark_camp(run, camp_row)
    leave_if_given_up(run, camp_row, row)


@part
def _set_back(run: Record, m: Record, item_row: int, stage: int, quantity: int, row: int) -> None:
    """Units already aboard a movement that never left are where they were."""
    item, place = item_of(run, item_row), place_of(run, m.place)
    stage_of(run, stage).here += quantity
    if item.people:
        change_present(run, stage, m.place, quantity)
    else:
        change_due(run, m.place, stage_of(run, stage).own, quantity, row)
    if stage != item.first:
        if item.people:
            place.transit += quantity
        else:
            place.transit_loads += quantity
    unreserve(run, item_row, stage, m.place, lift_of(run, m.lift).to, quantity, row)


@part
def recall(run: Record, camp_row: int) -> bool:
    """Take back what movements that have not left yet were to fetch here; whether nobody else is bound to fetch."""
    camp = camp_of(run, camp_row)
    free = True
    place = place_of(run, camp.place)
    for chosen in range(choose_active(run, place.lifts, place.lifts_end)):
        m = movement_of(run, row_at(fixed(run, "chosen"), chosen))
        lift = lift_of(run, m.lift)
        if m.lift == camp.column:
            continue
        pick = 0
        while listed(run, lift.picks + pick) != camp.place:
            pick += 1
        mine = 0
        for at in range(m.manifest, m.manifest + m.manifest_count):
            mine += take_of(run, at).pick == pick
        if not mine and not (m.aboard_count and not m.started):
            continue
        if m.started or m.departing < 0:
            free = False
        elif mine == m.manifest_count:
            disband(run, m)
        else:
            _give_up_fetching(run, m, lift, pick, camp.place)
    return free


@part
def _give_up_fetching(run: Record, m: Record, lift: Record, pick: int, place: int) -> None:
    """Take what a movement was to fetch at one pick-up from its manifest."""
    kept = m.manifest
    last = m.manifest + m.manifest_count
    for at in range(m.manifest, last):
        take = take_of(run, at)
        number, item, stage, quantity = take.pick, take.item, take.stage, take.quantity
        if number == pick:
            unreserve(run, item, stage, place, lift.to, quantity, m.row)
        else:
            fill_take(take_of(run, kept), number, item, stage, quantity)
            kept += 1
    m.manifest_count = kept - m.manifest

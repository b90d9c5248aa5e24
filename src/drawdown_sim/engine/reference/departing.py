"""Departing: a formed movement waits until it may enter its next leg, goes, or gives everything back."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from . import clearances, counts, quotas, ranks, reserving, roads
from .records import Leg, Lift
from .run import COLUMN, MINUTES_PER_DAY, MOVEMENT, NEVER, REAR_READY, Hold, Kind, Movement, Run

#: a part of a story that ends with whether the movement goes on
Part = Generator[simpy.Event, Any, bool]


def wait_to_depart(run: Run, m: Movement, leg: Leg, place: int, run_start: bool) -> simpy.Event:
    """What a movement waits for to enter a leg: True once a dispatch pass lets it go, False if it is disbanded."""
    m.leg, m.ahead = leg, place
    m.run_start = run_start
    m.since = run.now
    m.go = go = run.event()
    run.departing[m.number] = m
    if m.aboard:
        run.loaded_here[m.place] += 1
    if run_start and m.pending:
        m.hold = Hold.CLEARANCE  # the last grant asks for a look
    else:
        m.hold = -1
        run.due_movements.add(m.number)
        run.look()
    run.active -= 1
    if m.lift.hold < NEVER and not m.started:
        _bind_end_of_hold(run, m)
    return go


def _bind_end_of_hold(run: Run, m: Movement) -> None:
    since = m.since

    def runs_out(_: simpy.Event) -> None:
        if m.number in run.departing and not m.started and m.since == since:
            disband(run, m)

    run.bind(m.lift.hold, ranks.HOLD, m.number, runs_out)


def try_depart(run: Run, m: Movement, due: bool = True) -> None:
    """Let a formed movement enter its next leg if clearance, room, slot, ban and hours allow."""
    hold, cause, again = departure_hold(run, m)
    if hold < 0:
        _depart(run, m)
    elif due:
        m.hold, m.hold_cause = hold, cause
        if again < NEVER:
            run.wake(again, MOVEMENT, m.number)


def _depart(run: Run, m: Movement) -> None:
    lift = m.lift
    held, cause = _satisfied(run, m)
    del run.departing[m.number]
    _no_longer_here(run, m)
    if m.run_start:
        m.begun = m.phase
        cause = clearances.ask_overwatch(run, m, cause)
    m.row = run.record(Kind.DEPART, held, cause, m.number, lift.row, m.leg.row, m.place, quantity=m.vehicles - m.lost)
    if m.aboard:
        run.left_row[m.place] = m.row
    if not m.started:
        m.started = True
        m.supply = run.now
        for quota, by_vehicle in lift.move_quotas:
            quotas.use_quota(run, quota, m.vehicles if by_vehicle else 1, m.row)
    assert m.go is not None
    run.active += 1
    m.go.succeed(True)


def _satisfied(run: Run, m: Movement) -> tuple[int, int]:
    """What had held a departure, and the row that satisfied it."""
    held, cause = m.hold, m.row
    if m.run_start and m.cleared_row > cause:
        cause = m.cleared_row
        if held < 0:
            held = Hold.CLEARANCE
    if held == Hold.BAN:
        cause = run.ban_row[m.hold_cause]
    elif held == Hold.SLOT or held == Hold.SEAT or held == Hold.ROTATION_CAP or held == Hold.PLAN:
        cause = m.hold_cause
    elif held == Hold.ROOM:
        cause = run.room_row[m.lift.to]
    elif held < 0:
        held = Hold.LOADING
    return held, cause


def _no_longer_here(run: Run, m: Movement) -> None:
    """A loaded movement leaves the place, or is unloaded: the camp may be one step further."""
    if m.aboard:
        run.loaded_here[m.place] -= 1
        camp = run.p.place_camp[m.place]
        if camp >= 0:
            run.mark_camp(camp)


def departure_hold(run: Run, m: Movement) -> tuple[int, int, int]:
    """The first requirement of a departure that fails now (-1 if none), with the minute of another look.

    Between them: for a quota the row that used it, for a ban the ban.
    """
    lift = m.lift
    if m.run_start:
        if m.pending:
            return Hold.CLEARANCE, 0, NEVER
        if not m.started:
            for quota, by_vehicle in lift.move_quotas:
                counted = m.vehicles if by_vehicle else 1
                left = quotas.quota_left(run, quota)
                # a movement larger than the limit may go when nothing is used yet
                if left < counted and left < max(1, quotas.quota_limit(run, quota)):
                    return run.view.quota_hold[quota], run.quota_row[quota], quotas.period_end(run, quota)
        if m.aboard and not (m.room or m.yard) and not _has_room(run, m):
            return Hold.ROOM, 0, NEVER
    if run.active_bans:
        ban = roads.ban_on(run, lift, m.leg.row, m.ahead, m.place)
        if ban >= 0:
            return Hold.BAN, ban, NEVER
    if m.run_start and lift.hours_from >= 0:
        opens_in = _opens_in(run, lift)
        if opens_in:
            return Hold.HOURS, 0, run.now + opens_in
    return -1, 0, NEVER


def _opens_in(run: Run, lift: Lift) -> int:
    """Minutes until the hours of a lift begin; 0 within them."""
    clock = run.now % MINUTES_PER_DAY
    opens, shuts = lift.hours_from, lift.hours_to
    is_open = opens <= clock <= shuts if opens <= shuts else clock >= opens or clock <= shuts
    return 0 if is_open else (opens - clock) % MINUTES_PER_DAY


def _has_room(run: Run, m: Movement) -> bool:
    """Reserve room at the destination for what the loaded run carries; a column is never turned away."""
    p, to = run.p, m.lift.to
    people = loads = 0
    for item, _, quantity in m.aboard:
        if p.item_people[item]:
            people += quantity
        else:
            loads += quantity
    for cand, quantity in m.manifest:
        if cand.people:
            people += quantity
        else:
            loads += quantity
    fits = run.transit[to] + people <= p.place_room[to] and run.transit_loads[to] + loads <= p.place_yard[to]
    if not fits and not m.lift.is_column:
        return False
    run.transit[to] += people
    run.transit_loads[to] += loads
    m.room, m.yard = people, loads
    return True


# --- giving everything back --------------------------------------------------------------------------


def disband(run: Run, m: Movement) -> None:
    """Give everything back: the time for which means are held has run out, or nothing is left to fetch."""
    lift = m.lift
    held = departure_hold(run, m)[0]
    row = run.record(Kind.DISBAND, max(held, 0), m.row, m.number, lift.row, quantity=m.vehicles)
    del run.departing[m.number]
    _no_longer_here(run, m)
    for cand, quantity in m.manifest:
        reserving.unreserve(run, cand.item, cand.stage, lift.picks[cand.pick].place, cand.after, quantity, row)
    for item, stage, quantity in m.aboard:
        _set_back(run, m, item, stage, quantity, row)
    if m.room or m.yard:
        counts.free_room(run, lift.to, m.room, m.yard, row)
    m.manifest, m.aboard = [], []
    run.inbound[lift.to] -= 1
    run.inbound_row[lift.to] = row
    run.mark_place(lift.to)
    reserving.give_back(run, m, row)
    camp = lift.picks[0].camp
    if lift.is_column and run.camp_state[camp] == COLUMN:
        run.camp_state[camp] = REAR_READY
        run.force[camp] = None
        run.mark_lift(lift.row)
        run.mark_camp(camp)
    counts.leave_if_given_up(run, camp, row)
    assert m.go is not None
    m.go.succeed(False)


def _set_back(run: Run, m: Movement, item: int, stage: int, quantity: int, row: int) -> None:
    """Units already aboard a movement that never left are where they were."""
    p, place = run.p, m.place
    is_people = p.item_people[item]
    run.here[stage] += quantity
    if is_people:
        run.present[place] += quantity
        run.people_of[p.item_contingent[item], place] += quantity
    else:
        counts.change_due(run, place, run.view.stage_own[stage], quantity, row)
    if stage != p.stage_at[item]:
        run.transit[place] += quantity if is_people else 0
        run.transit_loads[place] += 0 if is_people else quantity
    reserving.unreserve(run, item, stage, place, run.view.next_stage[stage, m.lift.to], quantity, row)


def recall(run: Run, camp: int) -> bool:
    """Take back what movements that have not left yet were to fetch here; whether nobody else is bound to fetch.

    A camp that closes does not wait for a flight that is refused: its people go with the column. Loads
    of convoys that never started are destroyed with the rest.
    """
    place = run.p.camp_place[camp]
    column = run.p.camp_column[camp]
    free = True
    for m in list(run.movements.values()):
        pick = m.lift.pick_of.get(place)
        if pick is None or m.lift.row == column:
            continue
        mine = [take for take in m.manifest if take[0].pick == pick]
        if not mine and not (m.aboard and not m.started):
            continue
        if m.started or m.number not in run.departing:
            free = False
        elif len(mine) == len(m.manifest):
            disband(run, m)
        else:
            m.manifest = [take for take in m.manifest if take[0].pick != pick]
            for cand, quantity in mine:
                reserving.unreserve(run, cand.item, cand.stage, place, cand.after, quantity, m.row)
    return free

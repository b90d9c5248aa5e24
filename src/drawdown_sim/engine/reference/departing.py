"""Departing: a formed movement waits until it may enter its next leg, goes, or gives everything back."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from ...model.plan import NEVER
from . import clearances, counts, forming, quotas, roads
from .clock import Bound, Rank, order_key
from .run import COLUMN, MINUTES_PER_DAY, REAR_READY, Hold, Kind, Movement, Run

#: a part of a story that ends with whether the movement goes on
Part = Generator[simpy.Event, Any, bool]


def await_departure(run: Run, m: Movement, leg: int, place: int, *, run_start: bool) -> Part:
    """Wait until a dispatch pass lets the movement enter a leg; whether it goes, or was disbanded."""
    m.entered = (leg, place)
    m.run_start = run_start
    m.since = run.now
    m.go = run.env.event()
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
    hold = run.p.lift_hold[m.lift]
    if hold < NEVER and not m.started:
        since = m.since

        def runs_out(_: simpy.Event) -> None:
            if m.number in run.departing and not m.started and m.since == since:
                disband(run, m)

        Bound(run.env, hold, order_key(Rank.HOLD, m.number), runs_out)
    goes: bool = yield m.go
    if goes:
        run.active += 1
    return goes


def try_depart(run: Run, m: Movement, due: bool = True) -> None:
    """Let a formed movement enter its next leg if clearance, room, slot, ban and hours allow."""
    hold, cause, again = departure_hold(run, m)
    if hold >= 0:
        if due:
            m.hold, m.hold_cause = hold, cause
            if again < NEVER:
                run.wake(again, movement=m.number)
        return
    held, cause = m.hold, max(m.row, m.cleared_row) if m.run_start else m.row
    if held == Hold.CLEARANCE or (held < 0 and cause > m.row):
        held = Hold.CLEARANCE
    elif held == Hold.BAN:
        cause = run.ban_row[m.hold_cause]
    elif held in (Hold.SLOT, Hold.SEAT, Hold.ROTATION_CAP, Hold.PLAN):
        cause = m.hold_cause
    elif held == Hold.ROOM:
        cause = run.room_row[run.p.lift_to[m.lift]]
    elif held < 0:
        held = Hold.LOADING
    del run.departing[m.number]
    _no_longer_here(run, m)
    if m.run_start:
        m.begun = m.phase
        cause = clearances.ask_overwatch(run, m, cause)
    leg, _ = m.entered
    m.row = run.record(
        Kind.DEPART,
        held,
        cause,
        movement=m.number,
        entity=m.lift,
        activity=leg,
        place=m.place,
        quantity=m.vehicles - m.lost,
    )
    if m.aboard:
        run.left_row[m.place] = m.row
    if not m.started:
        m.started = True
        m.supply = run.now
        for quota in run.view.move_quotas[m.lift]:
            quotas.use_quota(run, quota, quotas.counted(run, quota, m.vehicles), m.row)
    assert m.go is not None
    m.go.succeed(True)


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
    p, now = run.p, run.now
    if m.run_start:
        if m.pending:
            return Hold.CLEARANCE, 0, NEVER
        if not m.started:
            for quota in run.view.move_quotas[m.lift]:
                counted = quotas.counted(run, quota, m.vehicles)
                if quotas.quota_left(run, quota) < min(counted, max(1, run.at(p.quota_limit[quota], now))):
                    return run.view.quota_hold[quota], run.quota_row[quota], quotas.period_end(run, quota)
        if not _has_room(run, m):
            return Hold.ROOM, 0, NEVER
    ban = roads.ban_on(run, m.lift, *m.entered, m.place)
    if ban >= 0:
        return Hold.BAN, ban, NEVER
    if m.run_start and p.lift_hours_from[m.lift] >= 0:
        clock = now % MINUTES_PER_DAY
        opens, shuts = p.lift_hours_from[m.lift], p.lift_hours_to[m.lift]
        is_open = opens <= clock <= shuts if opens <= shuts else clock >= opens or clock <= shuts
        if not is_open:
            return Hold.HOURS, 0, now - clock + opens + (MINUTES_PER_DAY if clock > opens else 0)
    return -1, 0, NEVER


def _has_room(run: Run, m: Movement) -> bool:
    """Reserve room at the destination for what the loaded run carries; a column is never turned away."""
    if m.room or m.yard or not m.aboard:
        return True
    p, to = run.p, run.p.lift_to[m.lift]
    people = loads = 0
    for item, _, quantity in [*m.aboard, *(take[1:] for take in m.manifest)]:
        if p.item_people[item]:
            people += quantity
        else:
            loads += quantity
    fits = run.transit[to] + people <= p.place_room[to] and run.transit_loads[to] + loads <= p.place_yard[to]
    if not fits and not run.view.is_column[m.lift]:
        return False
    run.transit[to] += people
    run.transit_loads[to] += loads
    m.room, m.yard = people, loads
    return True


def disband(run: Run, m: Movement) -> None:
    """Give everything back: the time for which means are held has run out, or nothing is left to fetch."""
    held = departure_hold(run, m)[0]
    row = run.record(Kind.DISBAND, max(held, 0), m.row, movement=m.number, entity=m.lift, quantity=m.vehicles)
    del run.departing[m.number]
    _no_longer_here(run, m)
    to = run.p.lift_to[m.lift]
    for pick, item, stage, quantity in m.manifest:
        forming.unreserve(run, item, stage, run.view.pick_places[m.lift][pick], to, quantity, row)
    for item, stage, quantity in m.aboard:
        _set_back(run, m, item, stage, quantity, row)
    if m.room or m.yard:
        counts.free_room(run, to, m.room, m.yard, row)
    m.manifest, m.aboard = [], []
    run.inbound[to] -= 1
    run.inbound_row[to] = row
    run.mark_place(to)
    forming.give_back(run, m, row)
    camp = run.p.place_camp[run.view.pick_places[m.lift][0]]
    if run.view.is_column[m.lift] and run.camp_state[camp] == COLUMN:
        run.camp_state[camp] = REAR_READY
        run.force[camp] = None
        run.mark_lift(m.lift)
        run.mark_camp(camp)
    counts.leave_if_given_up(run, camp, row)
    assert m.go is not None
    m.go.succeed(False)


def _set_back(run: Run, m: Movement, item: int, stage: int, quantity: int, row: int) -> None:
    """Units already aboard a movement that never left are where they were."""
    p, place = run.p, m.place
    run.here[stage] += quantity
    if p.item_people[item]:
        run.present[place] += quantity
        run.people_of[p.item_contingent[item], place] += quantity
    else:
        counts.change_due(run, place, run.view.stage_own[stage], quantity, row)
    if stage != run.view.item_stages[item][0]:
        run.transit[place] += quantity if p.item_people[item] else 0
        run.transit_loads[place] += 0 if p.item_people[item] else quantity
    forming.unreserve(run, item, stage, place, p.lift_to[m.lift], quantity, row)


def recall(run: Run, camp: int) -> bool:
    """Take back what movements that have not left yet were to fetch here; whether nobody else is bound to fetch.

    A camp that closes does not wait for a flight that is refused: its people go with the column. Loads
    of convoys that never started are destroyed with the rest.
    """
    place = run.p.camp_place[camp]
    column = run.p.camp_column[camp]
    free = True
    for m in list(run.movements.values()):
        if m.lift == column or place not in run.view.pick_places[m.lift]:
            continue
        pick = run.view.pick_places[m.lift].index(place)
        mine = [t for t in m.manifest if t[0] == pick]
        if not mine and not (m.aboard and not m.started):
            continue
        if m.started or m.number not in run.departing:
            free = False
            continue
        others = len(mine) < len(m.manifest)
        if not others:
            disband(run, m)
            continue
        for take in mine:
            m.manifest.remove(take)
            forming.unreserve(run, take[1], take[2], place, run.p.lift_to[m.lift], take[3], m.row)
    return free

"""On the road: travel time, bans, what strikes a movement, halts and resupply."""

from __future__ import annotations

from ...model.draws import Point, quantile
from ...model.plan import NEVER
from ...model.tables import EXPONENTIAL
from .clock import Rank
from .counts import count_cargo
from .run import CLOSED, Hold, Kind, Movement, Run, Story

#: gaps between events that one threat can draw on one leg
_MOST_EVENTS = 68


def ban_on(run: Run, lift: int, leg: int, to: int, origin: int) -> int:
    """The first active ban that keeps a lift from entering a leg, or -1."""
    if not run.active_bans:
        return -1
    p, view = run.p, run.view
    for ban in sorted(run.active_bans):
        if not p.ban_classes[ban] & p.lift_classes[lift]:
            continue
        places = view.ban_places[ban]
        if leg in view.ban_legs[ban] or to in places or origin in places or lift in view.ban_lifts[ban]:
            return ban
    return -1


def travel_minutes(run: Run, m: Movement, leg: int, position: int) -> int:
    """Minutes on a leg: distance over the drawn rate of advance, slowed by season and weather; rounded up."""
    p = run.p
    rate = run.sample(p.leg_rate[leg], Point.RATE, m.lift, m.ordinal, position)
    season = run.at(p.leg_season[leg], run.now) if p.leg_season[leg] >= 0 else 1000
    weather = run.factor(p.leg_weather[leg], p.leg_area[leg])
    minutes: int = -(-p.leg_distance[leg] * 1440 * weather // (rate * season))
    return max(minutes, 1)


def travel(run: Run, m: Movement, leg: int, position: int, *, empty: bool) -> Story:
    """Drive one leg with whatever happens on it. `position` numbers the leg over the whole movement."""
    minutes = travel_minutes(run, m, leg, position)
    if not run.view.leg_threats[leg] and run.p.lift_supplies[m.lift] >= NEVER:
        yield run.after(minutes, Rank.TRAVEL, m.number)
        return
    done = 0
    for offset, threat, sub in _events(run, m, leg, position, minutes, empty):
        yield from _advance(run, m, offset - done)
        done = offset
        yield from _strike(run, m, leg, threat, sub)
    yield from _advance(run, m, minutes - done)


def _advance(run: Run, m: Movement, minutes: int) -> Story:
    """Drive on for so long, halting for resupply each time the supplies are used up."""
    supplies = run.p.lift_supplies[m.lift]
    while minutes > 0:
        until = minutes if supplies >= NEVER else min(minutes, m.supply + supplies - run.now)
        if until > 0:
            yield run.after(until, Rank.TRAVEL, m.number)
            minutes -= until
        if minutes > 0:
            yield from _resupply(run, m)


def _resupply(run: Run, m: Movement) -> Story:
    halt = run.sample(run.p.lift_resupply[m.lift], Point.RESUPPLY, m.lift, m.ordinal, 0)
    m.row = run.record(Kind.RESUPPLY, Hold.ROUTE, m.row, movement=m.number, entity=m.lift, place=m.place)
    if halt:
        yield run.after(halt, Rank.TRAVEL, m.number)
    m.supply = run.now
    m.row = run.record(Kind.RESUME, Hold.RESUPPLY, m.row, movement=m.number, entity=m.lift, place=m.place)


def hazard_on(run: Run, m: Movement, leg: int, threat: int, series: int, *, empty: bool) -> int:
    """Events to be expected on a whole leg, in millionths."""
    p, area = run.p, run.p.leg_area[leg]
    rate = run.at(series, run.now)
    if p.threat_per_vehicle[threat]:
        rate *= m.vehicles - m.lost
    hazard = rate * p.leg_distance[leg] // 100_000
    factors = [run.factor(p.threat_driver[threat], area)]
    if not m.covered:
        factors.append(p.threat_uncovered[threat])
    if empty:
        factors.append(p.threat_empty[threat])
    if any(below and p.place_area[place] == area for place, below in enumerate(run.below)):
        factors.append(p.threat_exposed[threat])
    factors += [f for camp, f in run.view.leg_after[leg] if run.camp_state[camp] == CLOSED]
    for factor in factors:
        hazard = hazard * factor // 1000
    return int(hazard)


def _events(run: Run, m: Movement, leg: int, position: int, minutes: int, empty: bool) -> list[tuple[int, int, int]]:
    """What strikes on a leg, in order: (minutes of driving before it, threat, sub of its draws).

    Events of a threat follow each other at exponential distances, so their number is Poisson.
    """
    events = []
    for slot, (threat, series) in enumerate(run.view.leg_threats[leg]):
        hazard = hazard_on(run, m, leg, threat, series, empty=empty)
        if hazard <= 0:
            continue
        reached = 0
        for k in range(_MOST_EVENTS):
            sub = 16 * position + 4 * slot + k if k < 4 else 8192 + 256 * position + 64 * slot + k - 4
            reached += quantile(EXPONENTIAL, run.draw(Point.STRIKE_GAP, m.lift, m.ordinal, sub))
            if reached >= hazard:
                break
            events.append((minutes * reached // hazard, threat, sub))
    return sorted(events)


def _strike(run: Run, m: Movement, leg: int, threat: int, sub: int) -> Story:
    """One event: people hurt, vehicles lost with their load, a halt."""
    p = run.p
    hurt = run.sample(p.threat_hurt[threat], Point.STRIKE, m.lift, m.ordinal, 4 * sub + 1)
    m.row = strike = run.record(
        Kind.STRIKE, Hold.ROUTE, m.row, movement=m.number, entity=m.lift, activity=threat, place=m.place, quantity=hurt
    )
    lost = run.sample(p.threat_lost[threat], Point.STRIKE, m.lift, m.ordinal, 4 * sub + 2)
    if lost:
        _lose_vehicles(run, m, threat, min(lost, m.vehicles - m.lost), strike)
    halt = run.sample(p.threat_halt[threat], Point.STRIKE, m.lift, m.ordinal, 4 * sub)
    if halt:
        yield run.after(halt, Rank.TRAVEL, m.number)
        m.row = run.record(
            Kind.RESUME, Hold.INCIDENT, strike, movement=m.number, entity=m.lift, activity=threat, place=m.place
        )


def _lose_vehicles(run: Run, m: Movement, threat: int, vehicles: int, cause: int) -> None:
    """Vehicles and the loads on them are lost, the last loaded first; people ride on with the others."""
    if vehicles <= 0:
        return
    run.record(
        Kind.LOST,
        Hold.INCIDENT,
        cause,
        movement=m.number,
        entity=m.lift,
        activity=threat,
        place=m.place,
        quantity=vehicles,
    )
    m.lost += vehicles
    units = vehicles * (1 if run.view.is_column[m.lift] else run.p.lift_capacity[m.lift])
    for entry in reversed(m.aboard):
        item, stage, quantity = entry
        if run.p.item_people[item]:
            continue
        gone = min(units, quantity)
        if gone:
            entry[2] -= gone
            units -= gone
            after = run.view.next_stage[stage, run.p.lift_to[m.lift]]
            run.cut_due(item, after, run.view.item_stages[item][-1], gone)
            row = run.record(
                Kind.LOST,
                Hold.INCIDENT,
                cause,
                movement=m.number,
                entity=m.lift,
                activity=threat,
                place=m.place,
                item=item,
                quantity=gone,
            )
            count_cargo(run, item, gone, row)
    m.aboard = [entry for entry in m.aboard if entry[2]]

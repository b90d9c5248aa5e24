"""On the road: travel time, bans, what strikes a movement, halts and resupply."""

from __future__ import annotations

from ...model.draws import quantile
from ...model.tables import EXPONENTIAL
from . import ranks
from .counts import count_out
from .records import Leg, Lift, Threat
from .run import CLOSED, NEVER, Hold, Kind, Movement, Run, Story

#: gaps between events that one threat can draw on one leg
_MOST_EVENTS = 68


def ban_on(run: Run, lift: Lift, leg: int, to: int, origin: int) -> int:
    """The first active ban that keeps a lift from entering a leg, or -1."""
    p, view = run.p, run.view
    for ban in sorted(run.active_bans):
        if not p.ban_classes[ban] & lift.classes:
            continue
        places = view.ban_places[ban]
        if leg in view.ban_legs[ban] or to in places or origin in places or lift.row in view.ban_lifts[ban]:
            return ban
    return -1


def travel_minutes(run: Run, m: Movement, leg: Leg, position: int) -> int:
    """Minutes on a leg: distance over the drawn rate of advance, slowed by season and weather; rounded up."""
    rate = run.sample(leg.rate, m.lift.rate_draws, m.ordinal, position)
    weather = run.factor(leg.weather, leg.area)
    minutes = -(-leg.distance * 1440 * weather // (rate * leg.season.at(run.now)))
    return max(minutes, 1)


def travel(run: Run, m: Movement, leg: Leg, position: int, minutes: int, empty: bool) -> Story:
    """Drive one leg with whatever happens on it. `position` numbers the leg over the whole movement."""
    done = 0
    events = _events(run, m, leg, position, minutes, empty) if leg.threats else []
    for offset, _, sub, threat in events:
        yield from _advance(run, m, offset - done)
        done = offset
        halt = _strike(run, m, threat, sub)
        if halt:
            strike = m.row
            yield run.after(halt, ranks.TRAVEL, m.number)
            m.row = run.record(Kind.RESUME, Hold.INCIDENT, strike, m.number, m.lift.row, threat.row, m.place)
    yield from _advance(run, m, minutes - done)


def _advance(run: Run, m: Movement, minutes: int) -> Story:
    """Drive on for so long, halting for resupply each time the supplies are used up."""
    supplies = m.lift.supplies
    while minutes > 0:
        until = minutes if supplies >= NEVER else min(minutes, m.supply + supplies - run.now)
        if until > 0:
            yield run.after(until, ranks.TRAVEL, m.number)
            minutes -= until
        if minutes > 0:
            yield from _resupply(run, m)


def _resupply(run: Run, m: Movement) -> Story:
    lift = m.lift
    halt = run.sample(lift.resupply, lift.resupply_draws, m.ordinal, 0)
    m.row = run.record(Kind.RESUPPLY, Hold.ROUTE, m.row, m.number, lift.row, place=m.place)
    if halt:
        yield run.after(halt, ranks.TRAVEL, m.number)
    m.supply = run.now
    m.row = run.record(Kind.RESUME, Hold.RESUPPLY, m.row, m.number, lift.row, place=m.place)


def hazard_on(run: Run, m: Movement, leg: Leg, threat: Threat, empty: bool) -> int:
    """Events to be expected on a whole leg, in millionths."""
    rate = threat.hazard.at(run.now)
    if threat.per_vehicle:
        rate *= m.vehicles - m.lost
    hazard = rate * leg.distance // 100_000
    if not hazard:
        return 0
    factors = [run.factor(threat.driver, leg.area)]
    if not m.covered:
        factors.append(threat.uncovered)
    if empty:
        factors.append(threat.empty)
    if _is_exposed(run, leg.area):
        factors.append(threat.exposed)
    factors += [factor for camp, factor in leg.after if run.camp_state[camp] == CLOSED]
    for factor in factors:
        hazard = hazard * factor // 1000
    return hazard


def _is_exposed(run: Run, area: int) -> bool:
    """Whether a place of an area is below its minimum force."""
    return True in run.below and any(below and run.p.place_area[place] == area for place, below in enumerate(run.below))


def _events(
    run: Run, m: Movement, leg: Leg, position: int, minutes: int, empty: bool
) -> list[tuple[int, int, int, Threat]]:
    """What strikes on a leg, in order: minutes of driving before it, the threat's row, sub of its draws, the threat.

    Events of a threat follow each other at exponential distances, so their number is Poisson.
    """
    events = []
    for threat in leg.threats:
        hazard = hazard_on(run, m, leg, threat, empty)
        if hazard <= 0:
            continue
        reached = 0
        for k in range(_MOST_EVENTS):
            slot = threat.slot
            sub = 16 * position + 4 * slot + k if k < 4 else 8192 + 256 * position + 64 * slot + k - 4
            reached += quantile(EXPONENTIAL, run.draw(m.lift.gap_draws, m.ordinal, sub))
            if reached >= hazard:
                break
            events.append((minutes * reached // hazard, threat.row, sub, threat))
    return sorted(events, key=_in_order) if len(events) > 1 else events


def _in_order(event: tuple[int, int, int, Threat]) -> tuple[int, int, int]:
    return event[:3]


def _strike(run: Run, m: Movement, threat: Threat, sub: int) -> int:
    """One event: people hurt, vehicles lost with their load; gives the minutes of the halt."""
    draws, ordinal = m.lift.strike_draws, m.ordinal
    hurt = run.sample(threat.hurt, draws, ordinal, 4 * sub + 1)
    m.row = run.record(Kind.STRIKE, Hold.ROUTE, m.row, m.number, m.lift.row, threat.row, m.place, quantity=hurt)
    lost = run.sample(threat.lost, draws, ordinal, 4 * sub + 2)
    if lost:
        _lose_vehicles(run, m, threat, min(lost, m.vehicles - m.lost), m.row)
    return run.sample(threat.halt, draws, ordinal, 4 * sub)


def _lose_vehicles(run: Run, m: Movement, threat: Threat, vehicles: int, cause: int) -> None:
    """Vehicles and the loads on them are lost, the last loaded first; people ride on with the others."""
    if vehicles <= 0:
        return
    lift = m.lift
    run.record(Kind.LOST, Hold.INCIDENT, cause, m.number, lift.row, threat.row, m.place, quantity=vehicles)
    m.lost += vehicles
    units = vehicles * (1 if lift.is_column else lift.capacity)
    for entry in reversed(m.aboard):
        item, stage, quantity = entry
        gone = min(units, quantity)
        if not gone or run.p.item_people[item]:
            continue
        entry[2] -= gone
        units -= gone
        run.cut_due(run.view.next_stage[stage, lift.to], run.view.item_stages[item][-1], gone)
        row = run.record(Kind.LOST, Hold.INCIDENT, cause, m.number, lift.row, threat.row, m.place, item, gone)
        count_out(run, item, gone, row)
    m.aboard = [entry for entry in m.aboard if entry[2]]

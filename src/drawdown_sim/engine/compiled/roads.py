"""On the road: what may not be entered, how long a leg takes, what happens on it."""

from __future__ import annotations

from ...model.plan import NEVER
from . import holds, kinds, records
from .chance import RATE, RESUPPLY, STRIKE, STRIKE_GAP, draw, factor_of, quantile, sample, value_at
from .clock import TRAVEL, bind
from .counts import count_cargo, cut_due
from .link import part
from .memory import fixed, record_at
from .records import STRIKES_FULL
from .run import (
    CLOSED,
    Record,
    area_of,
    ban_of,
    camp_of,
    fill_take,
    item_of,
    leg_of,
    lift_of,
    listed,
    next_stage,
    record,
    record_of,
    take_of,
    threat_of,
)  # fmt: skip

HIT = records.POOLS["strikes"]

#: Gaps between events that one threat can draw on one leg.
_MOST_EVENTS = 68

#: What a movement on the road does.
DRIVING, RESUPPLYING, HALTED = range(3)

_EXPONENTIAL = 0


@part
def ban_on(run: Record, lift: Record, row: int, leg: int, to: int, origin: int) -> int:
    """The first active ban that keeps a lift from entering a leg, or -1."""
    if not run.active_bans:
        return -1
    for at in range(lift.bans, lift.bans_end):
        number = listed(run, at)
        ban = ban_of(run, number)
        if ban.active and _names(run, ban, row, leg, to, origin):
            return number
    return -1


@part
def _names(run: Record, ban: Record, row: int, leg: int, to: int, origin: int) -> bool:
    """Whether a ban names a leg, the place at either end, or the lift."""
    for at in range(ban.legs, ban.legs_end):
        if listed(run, at) == leg:
            return True
    for at in range(ban.places, ban.places_end):
        place = listed(run, at)
        if place == to or place == origin:
            return True
    for at in range(ban.lifts, ban.lifts_end):
        if listed(run, at) == row:
            return True
    return False


@part
def _travel_minutes(run: Record, m: Record, leg: Record, position: int) -> int:
    """Minutes on a leg: distance over the drawn rate of advance, slowed by season and weather; rounded up."""
    rate = sample(run, leg.rate, RATE, lift_of(run, m.lift).key, m.ordinal, position)
    season = value_at(run, leg.season, run.now) if leg.season >= 0 else 1000
    weather = factor_of(run, leg.weather, leg.area)
    return max(-(-leg.distance * 1440 * weather // (rate * season)), 1)


@part
def set_out(run: Record, m: Record, position: int, empty: bool) -> None:
    """Enter the leg ahead, with whatever will happen on it. `position` numbers the leg over the whole movement."""
    leg = leg_of(run, m.leg)
    m.minutes = _travel_minutes(run, m, leg, position)
    m.driven = 0
    m.strikes = -1
    for slot in range((leg.threats_end - leg.threats) // 2):
        at = leg.threats + 2 * slot
        threat = listed(run, at)
        hazard = _hazard_on(run, m, leg, threat, listed(run, at + 1), empty)
        if hazard > 0:
            _draw_strikes(run, m, threat, hazard, position, slot)


@part
def _hazard_on(run: Record, m: Record, leg: Record, row: int, series: int, empty: bool) -> int:
    """Events to be expected on a whole leg, in millionths."""
    threat = threat_of(run, row)
    rate = value_at(run, series, run.now)
    if threat.per_vehicle:
        rate *= m.vehicles - m.lost
    hazard = rate * leg.distance // 100_000
    hazard = hazard * factor_of(run, threat.driver, leg.area) // 1000
    if not m.covered:
        hazard = hazard * threat.uncovered // 1000
    if empty:
        hazard = hazard * threat.empty // 1000
    if area_of(run, leg.area).below if leg.area >= 0 else run.below_nowhere:
        hazard = hazard * threat.exposed // 1000
    for at in range(leg.after, leg.after_end, 2):
        if camp_of(run, listed(run, at)).state == CLOSED:
            hazard = hazard * listed(run, at + 1) // 1000
    return hazard


@part
def _draw_strikes(run: Record, m: Record, threat: int, hazard: int, position: int, slot: int) -> None:
    """Events of a threat follow each other at exponential distances, so their number is Poisson."""
    reached = 0
    key = lift_of(run, m.lift).key
    for k in range(_MOST_EVENTS):
        sub = 16 * position + 4 * slot + k if k < 4 else 8192 + 256 * position + 64 * slot + k - 4
        reached += quantile(run, _EXPONENTIAL, draw(run, STRIKE_GAP, key, m.ordinal, sub))
        if reached >= hazard:
            return
        _insert_strike(run, m, m.minutes * reached // hazard, threat, sub)


@part
def _insert_strike(run: Record, m: Record, driven: int, threat: int, sub: int) -> None:
    """Keep what will happen on the leg in the order of (minutes driven, threat, sub)."""
    if run.strikes_count >= run.strikes_limit:
        run.fault = STRIKES_FULL
        return
    row = run.strikes_count
    run.strikes_count += 1
    hit = record_at(fixed(run, "strikes"), row, HIT)
    hit.driven, hit.threat, hit.sub = driven, threat, sub
    before, after = -1, m.strikes
    while after >= 0:
        other = record_at(fixed(run, "strikes"), after, HIT)
        if (other.driven, other.threat, other.sub) > (driven, threat, sub):
            break
        before, after = after, other.next
    hit.next = after
    if before < 0:
        m.strikes = row
    else:
        record_at(fixed(run, "strikes"), before, HIT).next = row


@part
def drive_on(run: Record, m: Record) -> bool:
    """Drive to the next event or the end of the leg, halting for supplies; whether the leg is over at once."""
    while True:
        until = record_at(fixed(run, "strikes"), m.strikes, HIT).driven if m.strikes >= 0 else m.minutes
        if _drive_stretch(run, m, until):
            return False
        if m.strikes < 0:
            return True
        if _strike(run, m):
            return False


@part
def _drive_stretch(run: Record, m: Record, until: int) -> bool:
    """Drive until so many minutes of the leg are driven; whether that takes time."""
    supplies = lift_of(run, m.lift).supplies
    while m.driven < until:
        stretch = until - m.driven
        if supplies < NEVER:
            stretch = min(stretch, m.supply + supplies - run.now)
        if stretch > 0:
            m.doing, m.stretch = DRIVING, stretch
            bind(run, stretch, TRAVEL, m.number, 0, 0, 0)
            return True
        if _begin_resupply(run, m):
            return True
    return False


@part
def _begin_resupply(run: Record, m: Record) -> bool:
    """Halt for supplies; whether that takes time."""
    lift = lift_of(run, m.lift)
    halt = sample(run, lift.resupply, RESUPPLY, lift.key, m.ordinal, 0)
    m.row = record_of(run, m, kinds.RESUPPLY, holds.ROUTE, m.row, -1, -1)
    if halt:
        m.doing = RESUPPLYING
        bind(run, halt, TRAVEL, m.number, 0, 0, 0)
        return True
    _end_resupply(run, m)
    return False


@part
def _end_resupply(run: Record, m: Record) -> None:
    m.supply = run.now
    m.row = record_of(run, m, kinds.RESUME, holds.RESUPPLY, m.row, -1, -1)


@part
def end_stretch(run: Record, m: Record) -> bool:
    """A stretch of road or a halt is over: go on; whether the leg is over."""
    if m.doing == DRIVING:
        m.driven += m.stretch
        until = record_at(fixed(run, "strikes"), m.strikes, HIT).driven if m.strikes >= 0 else m.minutes
        if m.driven < until and _begin_resupply(run, m):
            return False
        if m.driven >= until:
            if m.strikes < 0:
                return True
            if _strike(run, m):
                return False
    elif m.doing == RESUPPLYING:
        _end_resupply(run, m)
    else:
        m.row = record_of(run, m, kinds.RESUME, holds.INCIDENT, m.cause, m.threat, -1)
    return drive_on(run, m)


@part
def _strike(run: Record, m: Record) -> bool:
    """The next event on the leg: people hurt, vehicles lost with their load, a halt; whether that takes time."""
    hit = record_at(fixed(run, "strikes"), m.strikes, HIT)
    m.strikes = hit.next
    threat = threat_of(run, hit.threat)
    key = lift_of(run, m.lift).key
    hurt = sample(run, threat.hurt, STRIKE, key, m.ordinal, 4 * hit.sub + 1)
    m.row = m.cause = record_of(run, m, kinds.STRIKE, holds.ROUTE, m.row, hit.threat, hurt)
    lost = sample(run, threat.lost, STRIKE, key, m.ordinal, 4 * hit.sub + 2)
    if lost:
        _lose_vehicles(run, m, hit.threat, min(lost, m.vehicles - m.lost), m.cause)
    halt = sample(run, threat.halt, STRIKE, key, m.ordinal, 4 * hit.sub)
    if halt:
        m.doing, m.threat = HALTED, hit.threat
        bind(run, halt, TRAVEL, m.number, 0, 0, 0)
        return True
    return False


@part
def _lose_vehicles(run: Record, m: Record, threat: int, vehicles: int, cause: int) -> None:
    """Vehicles and the loads on them are lost, the last loaded first; people ride on with the others."""
    if vehicles <= 0:
        return
    record_of(run, m, kinds.LOST, holds.INCIDENT, cause, threat, vehicles)
    m.lost += vehicles
    lift = lift_of(run, m.lift)
    units = vehicles * (1 if lift.is_column else lift.capacity)
    for at in range(m.aboard + m.aboard_count - 1, m.aboard - 1, -1):
        take = take_of(run, at)
        item = item_of(run, take.item)
        if item.people:
            continue
        gone = min(units, take.quantity)
        if gone:
            take.quantity -= gone
            units -= gone
            cut_due(run, next_stage(run, take.stage, lift.to), item.last, gone)
            row = record(run, kinds.LOST, holds.INCIDENT, cause, m.number, m.lift, threat, m.place, take.item, gone)
            count_cargo(run, take.item, gone, row)
    kept = m.aboard
    for at in range(m.aboard, m.aboard + m.aboard_count):
        take = take_of(run, at)
        if take.quantity:
            fill_take(take_of(run, kept), take.pick, take.item, take.stage, take.quantity)
            kept += 1
    m.aboard_count = kept - m.aboard

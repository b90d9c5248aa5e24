"""Compiling the world: places, drivers, legs, threats, bans."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..errors import PlanError
from ..scenario.schema import Driver, Leg, Override
from ..units import MINUTES_PER_DAY
from .plan import Ints, PlaceKind, Traffic
from .reading import (
    PER_MILLE,
    THRESHOLD,
    Reader,
    columns,
    in_order,
    ints,
    keys,
    ragged,
    records,
    traffic_mask,
)
from .tables import half_up

#: Most states of a driver, the width of its tables.
STATES = 5
CERTAIN = 1 << 32
METRES = Fraction(1000)
MILLIONTHS = Fraction(1_000_000)
DAYS_PER_WEEK = 7
#: Most cells of a table by driver, area and week.
MOST_CELLS = 5_000_000


def compile_places(reader: Reader, people_at: dict[str, int]) -> dict[str, Ints]:
    """Places; `people_at` is how many people are at each at the start."""
    rows = []
    for name, place in in_order(reader.scenario.places):
        where = f"places.{name}"
        stock, reserve = -1, 0
        if place.supply is not None:
            # stock is written as days for those there at the start and kept as person days
            heads = Fraction(people_at.get(name, 0), MINUTES_PER_DAY)
            stock = reader.number(place.supply.stock, f"{where}.supply.stock", heads)
            reserve = reader.number(place.supply.reserve, f"{where}.supply.reserve")
        rows.append(
            {
                "place_kind": PlaceKind[place.kind.upper()],
                "place_area": reader.row("areas", place.area, f"{where}.area"),
                "place_camp": reader.rows["camps"].get(name, -1),
                "place_room": reader.unlimited(place.room, f"{where}.room"),
                "place_yard": reader.unlimited(place.yard, f"{where}.yard"),
                "place_stock": stock,
                "place_reserve": reserve,
            }
        )
    names = ("kind", "area", "camp", "room", "yard", "stock", "reserve")
    return columns(rows, [f"place_{name}" for name in names])


def driver_states(driver: Driver) -> list[str]:
    """The ids of a driver's states in the order of their numbers: by factor, then by id."""
    return sorted(driver.states, key=lambda state: (driver.states[state].factor.nominal, state))


def compile_drivers(reader: Reader) -> dict[str, Ints]:
    """Drivers: chances become cumulative thresholds of a 32-bit draw, of which the last is 2**32."""
    drivers = in_order(reader.scenario.drivers)
    count, areas = len(drivers), sorted(reader.scenario.areas)
    weeks = reader.horizon // (DAYS_PER_WEEK * MINUTES_PER_DAY) + 1
    if count * len(areas) * weeks > MOST_CELLS:
        raise PlanError(
            f"drivers: {count} drivers, {len(areas)} areas, {weeks} weeks are too many together; "
            f"expected a product of at most {MOST_CELLS}"
        )
    factor = np.zeros((count, STATES), dtype=np.int64)
    initial = np.full((count, STATES), CERTAIN, dtype=np.int64)
    step = np.full((count, STATES, STATES), CERTAIN, dtype=np.int64)
    override = np.full((count, len(areas), weeks), -1, dtype=np.int64)
    for row, (name, driver) in enumerate(drivers):
        where = f"drivers.{name}.states"
        starts = []
        for i, key in enumerate(driver_states(driver)):
            state = driver.states[key]
            factor[row, i] = reader.number(state.factor, f"{where}.{key}.factor", PER_MILLE)
            starts.append(reader.exact(state.initial, f"{where}.{key}.initial"))
            stays = reader.exact(state.stays, f"{where}.{key}.stays")
            step[row, i] = _thresholds(_ways(i, len(driver.states), stays), f"{where}.{key}.stays")
        initial[row] = _thresholds(starts, f"{where}: initial")
        for j, imposed in _overridden(reader, name, driver, weeks).items():
            override[row, j] = imposed
    return {
        "driver_key": ints(keys("driver", (name for name, _ in drivers))),
        "driver_area_key": ints(
            keys("driver/area", (f"{name}/{area}" for name, _ in drivers for area in areas))
        ).reshape(count, len(areas)),
        "driver_states": ints(len(driver.states) for _, driver in drivers),
        "driver_factor": factor,
        "driver_initial": initial,
        "driver_step": step,
        "driver_loading": ints(
            reader.number(driver.loading, f"drivers.{name}.loading", THRESHOLD) for name, driver in drivers
        ),
        "driver_override": override,
    }


def _ways(state: int, states: int, stays: Fraction) -> list[Fraction]:
    """The chances of the next state: whoever leaves goes one level up or down, half and half.

    At either end there is one way to go.
    """
    ways = [near for near in (state - 1, state + 1) if 0 <= near < states]
    chances = [(1 - stays) / len(ways) if near in ways else Fraction(0) for near in range(states)]
    chances[state] = stays
    return chances


def _thresholds(chances: list[Fraction], where: str) -> list[int]:
    """Cumulative thresholds of 32 bits for up to STATES chances that add up to one."""
    if min(chances) < 0 or abs(sum(chances, Fraction(0)) - 1) > Fraction(1, 1000):
        raise PlanError(f"{where}: chances {', '.join(f'{float(c):g}' for c in chances)}; expected a sum of 1")
    sums = [sum(chances[: i + 1], Fraction(0)) for i in range(len(chances) - 1)]
    rounded = [min(half_up(total * CERTAIN), CERTAIN) for total in sums]
    return rounded + [CERTAIN] * (STATES - len(rounded))


def _overridden(reader: Reader, name: str, driver: Driver, weeks: int) -> dict[int, Ints]:
    """The state imposed in each week of the areas that have overrides, -1 for none.

    Drivers live in weeks, regimes in days. Choice: an override holds in the weeks of which it covers
    four days or more; a shorter one in the week that has most of its days, lest it vanish.
    """
    numbers = {state: i for i, state in enumerate(driver_states(driver))}
    imposed: dict[int, Ints] = {}
    taken: dict[int, Ints] = {}
    for key, override in in_order(driver.overrides):
        where = f"drivers.{name}.overrides.{key}"
        if override.state not in numbers:
            raise PlanError(f"{where}.state: no state '{override.state}'; known are {', '.join(numbers)}")
        area = reader.row("areas", override.area, f"{where}.area")
        days = _days(reader, override, where, weeks)
        before = taken.setdefault(area, np.zeros(weeks * DAYS_PER_WEEK, dtype=np.int64))
        if (before[days] > 0).any():
            raise PlanError(f"{where}: overlaps with another override of the area; expected one at a time")
        before[days] = 1
        covered = np.bincount(np.arange(weeks * DAYS_PER_WEEK)[days] // DAYS_PER_WEEK, minlength=weeks)
        chosen = covered > DAYS_PER_WEEK // 2
        if not chosen.any() and covered.any():
            chosen[covered.argmax()] = True
        imposed.setdefault(area, np.full(weeks, -1, dtype=np.int64))[chosen] = numbers[override.state]
    return imposed


def _days(reader: Reader, override: Override, where: str, weeks: int) -> slice:
    """The days since the start on which an override holds."""
    first = reader.moment(override.during.first, f"{where}.during.first")
    last = reader.day_after(override.during.last, f"{where}.during.last")
    return slice(first // MINUTES_PER_DAY, max(0, min(last // MINUTES_PER_DAY, weeks * DAYS_PER_WEEK)))


def compile_legs(reader: Reader) -> dict[str, Ints]:
    """Legs with their threats; rates and seasons of nothing are refused, since a leg would never end."""
    rows, threats, after = [], [], []
    for name, leg in in_order(reader.scenario.legs):
        where = f"legs.{name}"
        a, b = (reader.row("places", place, f"{where}.between") for place in leg.between)
        if leg.weather is not None:
            _check_weather(reader, leg.weather, where)
        rows.append(
            {
                "leg_a": a,
                "leg_b": b,
                "leg_area": reader.row("areas", leg.area, f"{where}.area"),
                "leg_distance": reader.number(leg.distance, f"{where}.distance", METRES),
                "leg_rate": reader.series(leg.rate, f"{where}.rate", METRES, least=1),
                "leg_season": _season(reader, leg, where),
                "leg_weather": reader.row("drivers", leg.weather, f"{where}.weather"),
            }
        )
        threats.append(
            sorted(
                (reader.row("threats", threat, where), reader.series(hazard, f"{where}.threats", MILLIONTHS))
                for threat, hazard in in_order(leg.threats)
            )
        )
        after.append(
            sorted(
                (
                    reader.row("camps", camp, f"{where}.after_closure"),
                    reader.number(value, f"{where}.after_closure.{camp}", PER_MILLE),
                )
                for camp, value in in_order(leg.after_closure)
            )
        )
    return {
        **columns(rows, [f"leg_{n}" for n in ("a", "b", "area", "distance", "rate", "season", "weather")]),
        **records("leg_threat_at", threats, ("leg_threat", "leg_hazard")),
        **records("leg_after_at", after, ("leg_after_camp", "leg_after_factor")),
    }


def _season(reader: Reader, leg: Leg, where: str) -> int:
    """The season's series of a leg, -1 if it has none."""
    if leg.season is None:
        return -1
    series = reader.series(leg.season, f"{where}.season", PER_MILLE, least=1)
    reader.enter_steps(series)
    return series


def _check_weather(reader: Reader, name: str, where: str) -> None:
    """A driver that divides a rate of advance must not have the factor 0."""
    reader.row("drivers", name, f"{where}.weather")
    for state, level in in_order(reader.scenario.drivers[name].states):
        if not half_up(level.factor.nominal * PER_MILLE):
            raise PlanError(
                f"drivers.{name}.states.{state}.factor: 0 would stop {where} for ever; expected more than 0, "
                "or close the leg by a ban"
            )


def compile_threats(reader: Reader) -> dict[str, Ints]:
    """Threats: what one event costs, and what multiplies its hazard."""
    rows = []
    for name, threat in in_order(reader.scenario.threats):
        where = f"threats.{name}"
        rows.append(
            {
                "threat_per_vehicle": int(threat.per == "vehicle"),
                "threat_halt": reader.series(threat.halt, f"{where}.halt"),
                "threat_hurt": reader.optional_series(threat.hurt, f"{where}.hurt"),
                "threat_lost": reader.optional_series(threat.lost, f"{where}.lost"),
                "threat_driver": reader.row("drivers", threat.driver, f"{where}.driver"),
                "threat_uncovered": reader.optional(threat.uncovered, f"{where}.uncovered", 1000, PER_MILLE),
                "threat_exposed": reader.optional(threat.exposed, f"{where}.exposed", 1000, PER_MILLE),
                "threat_empty": reader.optional(threat.empty, f"{where}.empty", 1000, PER_MILLE),
            }
        )
    names = ("per_vehicle", "halt", "hurt", "lost", "driver", "uncovered", "exposed", "empty")
    return columns(rows, [f"threat_{name}" for name in names])


def compile_bans(reader: Reader) -> dict[str, Ints]:
    """Bans: a start that may be drawn, then a last day or a length."""
    rows = []
    bans = in_order(reader.scenario.bans)
    for name, ban in bans:
        where = f"bans.{name}"
        if (ban.last is None) == (ban.length is None):
            raise PlanError(f"{where}: expected either 'last' or 'length', one of the two")
        chance = reader.optional(ban.chance, f"{where}.chance", CERTAIN, THRESHOLD)
        rows.append(
            {
                "ban_start": reader.day_series(ban.start, f"{where}.start"),
                "ban_end": -1 if ban.last is None else max(0, reader.day_after(ban.last, f"{where}.last")),
                "ban_length": reader.optional_series(ban.length, f"{where}.length"),
                "ban_chance": min(chance, CERTAIN),
                "ban_classes": traffic_mask(ban.classes, missing=sum(Traffic)),
            }
        )
    legs = [reader.rows_of("legs", ban.legs, f"bans.{name}.legs") for name, ban in bans]
    places = [reader.rows_of("places", ban.places, f"bans.{name}.places") for name, ban in bans]
    lifts = [reader.rows_of("lifts", ban.lifts, f"bans.{name}.lifts") for name, ban in bans]
    return {
        "ban_key": ints(keys("ban", (name for name, _ in bans))),
        **columns(rows, [f"ban_{name}" for name in ("start", "end", "length", "chance", "classes")]),
        **ragged("ban_leg_at", legs, "ban_leg"),
        **ragged("ban_place_at", places, "ban_place"),
        **ragged("ban_lift_at", lifts, "ban_lift"),
    }

"""The addressed draw, inverse tables, quantities by date, and the levels of drivers, in integers."""

from __future__ import annotations

import numpy as np

from ...model import draws
from ...model.draws import FRACTION_BITS, Point
from ...model.plan import KNOTS
from . import records
from .link import part
from .memory import fixed, get_fixed, record_at
from .run import MINUTES_PER_WEEK, Record, driver_of, level_of, listed

SERIES = records.TABLES["series"]

_LOW, _HIGH = np.uint64(0xFFFFFFFF), np.uint64(32)
_MULTIPLY_0, _MULTIPLY_1 = (np.uint64(number) for number in draws._MULTIPLIER)
_WEYL_0, _WEYL_1 = (np.uint64(number) for number in draws._WEYL)
_ROUNDS = draws._ROUNDS
_FRACTION_MASK = (1 << FRACTION_BITS) - 1
_HALF = 1 << (FRACTION_BITS - 1)
_TABLE = KNOTS + 1

TARGET, HANDOVER = int(Point.TARGET), int(Point.HANDOVER)
BAN_HAPPENS, BAN_START, BAN_LENGTH = int(Point.BAN_HAPPENS), int(Point.BAN_START), int(Point.BAN_LENGTH)
CLEARANCE_LEAD, CLEARANCE_ANSWER = int(Point.CLEARANCE_LEAD), int(Point.CLEARANCE_ANSWER)
CLEARANCE_RETRY, RATE = int(Point.CLEARANCE_RETRY), int(Point.RATE)
STRIKE_GAP, STRIKE = int(Point.STRIKE_GAP), int(Point.STRIKE)
LOADING, UNLOADING, REST = int(Point.LOADING), int(Point.UNLOADING), int(Point.REST)
WORK, RESUPPLY = int(Point.WORK), int(Point.RESUPPLY)
_MISSION_STEP, _AREA_FOLLOWS, _AREA_STEP = int(Point.MISSION_STEP), int(Point.AREA_FOLLOWS), int(Point.AREA_STEP)

_STATES = 5  # columns of the plan's thresholds


@part
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int, word: int) -> int:
    """One word of Philox4x32-10; all numbers have 32 bits."""
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    y0, y1 = np.uint64(k0), np.uint64(k1)
    for _ in range(_ROUNDS):
        p0 = _MULTIPLY_0 * x0
        p1 = _MULTIPLY_1 * x2
        x0, x1, x2, x3 = (p1 >> _HIGH) ^ x1 ^ y0, p1 & _LOW, (p0 >> _HIGH) ^ x3 ^ y1, p0 & _LOW
        y0 = (y0 + _WEYL_0) & _LOW
        y1 = (y1 + _WEYL_1) & _LOW
    chosen = (x0 if word == 0 else x1) if word < 2 else (x2 if word == 2 else x3)
    return np.int64(chosen)  # type: ignore[return-value]


@part
def draw(run: Record, point: int, owner: int, ordinal: int, sub: int) -> int:
    """The 32-bit draw at one address (`model.draws.draw`)."""
    return philox(
        ordinal & 0xFFFFFFFF, (point << 16) | (sub >> 2), owner, run.replication & 0xFFFFFFFF, run.seed_low,
        run.seed_high, sub & 3,
    )  # fmt: skip


@part
def quantile(run: Record, table: int, u: int) -> int:
    """The value of an inverse table at a draw (`model.draws.quantile`)."""
    at = table * _TABLE + (u >> FRACTION_BITS)
    low = get_fixed(fixed(run, "tables"), at)
    return low + (((get_fixed(fixed(run, "tables"), at + 1) - low) * (u & _FRACTION_MASK) + _HALF) >> FRACTION_BITS)


@part
def table_at(run: Record, row: int, minute: int) -> int:
    """The inverse table of a series that holds at a minute."""
    series = record_at(fixed(run, "series"), row, SERIES)
    step = series.count - 1
    while step > 0 and listed(run, series.steps + 2 * step) > minute:
        step -= 1
    return listed(run, series.steps + 2 * step + 1)


@part
def value_at(run: Record, row: int, minute: int) -> int:
    """A series that holds no chance, at a minute."""
    series = record_at(fixed(run, "series"), row, SERIES)
    return series.value if series.is_fixed else get_fixed(fixed(run, "tables"), table_at(run, row, minute) * _TABLE)


@part
def sample(run: Record, row: int, point: int, owner: int, ordinal: int, sub: int) -> int:
    """A drawn quantity at the present minute; -1 as series gives 0."""
    if row < 0:
        return 0
    series = record_at(fixed(run, "series"), row, SERIES)
    if series.is_fixed:
        return series.value
    table = table_at(run, row, run.now)
    low = get_fixed(fixed(run, "tables"), table * _TABLE)
    if low == get_fixed(fixed(run, "tables"), table * _TABLE + KNOTS):
        return low
    return quantile(run, table, draw(run, point, owner, ordinal, sub))


# --- drivers -------------------------------------------------------------------------------------------


@part
def state_of(run: Record, driver: int, area: int) -> int:
    """The state of a driver in an area this week (`model.draws.driver_levels`); its chain is drawn as weeks come."""
    what, level = driver_of(run, driver), level_of(run, driver, area)
    now = min(run.now // MINUTES_PER_WEEK, what.weeks - 1)
    while level.week < now:
        week = level.week + 1
        if draw(run, _AREA_FOLLOWS, level.key, week, 0) < what.loading:
            u = draw(run, _MISSION_STEP, what.key, week, 0)
        else:
            u = draw(run, _AREA_STEP, level.key, week, 0)
        thresholds = what.initial if week == 0 else what.steps + _STATES * level.state
        state = 0
        while state < what.states - 1 and u >= listed(run, thresholds + state):
            state += 1
        level.state, level.week = state, week
    imposed = listed(run, level.override + now)
    return imposed if imposed >= 0 else level.state


@part
def factor_of(run: Record, driver: int, area: int) -> int:
    """Factor of a driver in an area this week [per mille]; 1000 if there is none."""
    if driver < 0 or area < 0:
        return 1000
    return listed(run, driver_of(run, driver).factors + state_of(run, driver, area))

"""Inverse tables: every distribution of a scenario as integers that an engine interpolates.

Knot i of a table is the value at the quantile i/KNOTS, in the unit of the plan's table that refers to
it, rounded half up. Bounded distributions end at their bounds; unbounded tails are cut: the first and
last knot take the quantiles 1/(2*KNOTS) and 1 - 1/(2*KNOTS).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from ..errors import PlanError
from .plan import KNOTS, Ints

if TYPE_CHECKING:  # engines import this module and have no need of what reads scenarios
    from ..scenario.values import Dist

#: The mean of `EXPONENTIAL`.
EXPONENTIAL_MEAN = 1_000_000

#: Widest lognormal: the standard deviation of the logarithm; beyond it the tail is all there is.
WIDEST = 5

#: Values at or beyond this could overflow when `draws.quantile` interpolates them in 64 bits.
TOO_LARGE = 1 << 40


def half_up(number: Fraction) -> int:
    """The nearest integer; a half goes up."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


@lru_cache(maxsize=512)
def inverse_table(dist: Dist, scale: Fraction = Fraction(1)) -> tuple[int, ...]:
    """The KNOTS + 1 integers of a distribution whose numbers are multiplied by `scale`.

    Uniform and triangular quantiles are exact; lognormal ones go through the C library's `exp` and are
    rounded to integers, which hides differences between platforms save in the rarest of cases. An
    empirical distribution is a staircase, the observation number floor(q * n) at the quantile q; the one
    interval in 1024 that holds a step is interpolated like any other. Raises PlanError for a kind that
    is not known or a value beyond 2**40.
    """
    builder = _BUILDERS.get(dist.kind)
    if builder is None:
        raise PlanError(f"no distribution '{dist.kind}'; known are {', '.join(_BUILDERS)}")
    table = tuple(builder([number * scale for number in dist.numbers]))
    if min(table[0], -table[-1]) <= -TOO_LARGE:
        raise PlanError(f"values from {table[0]} to {table[-1]}; expected less than 2**40 either way")
    return table


def _fixed(numbers: Sequence[Fraction]) -> list[int]:
    return [half_up(numbers[0])] * (KNOTS + 1)


def _uniform(numbers: Sequence[Fraction]) -> list[int]:
    (low, high), unit = _common(numbers)
    # floor(x + 1/2) with x = (low + (high - low) * i / KNOTS) / unit
    first, step, below = (2 * low + unit) * KNOTS, 2 * (high - low), 2 * unit * KNOTS
    return [(first + step * i) // below for i in range(KNOTS + 1)]


def _triangular(numbers: Sequence[Fraction]) -> list[int]:
    (low, mode, high), unit = _common(numbers)
    width = high - low
    if not width:
        return _fixed(numbers)
    # low + sqrt(q * width * (mode - low)) up to the mode, high - sqrt((1 - q) * width * (high - mode)) after;
    # with K * x under the root all is integer, and floors of roots are exact
    rise, fall = width * (mode - low) * KNOTS, width * (high - mode) * KNOTS
    from_low, from_high = (2 * low + unit) * KNOTS, (2 * high + unit) * KNOTS
    below = 2 * unit * KNOTS
    turn = (mode - low) * KNOTS // width
    left = [(from_low + math.isqrt(4 * rise * i)) // below for i in range(turn + 1)]
    right = [(from_high - _root_up(4 * fall * (KNOTS - i))) // below for i in range(turn + 1, KNOTS + 1)]
    return left + right


def _lognormal(numbers: Sequence[Fraction]) -> list[int]:
    median, p90 = float(numbers[0]), float(numbers[1])
    if not 0 < median <= p90:
        raise PlanError(f"lognormal with median {median:g} and P90 {p90:g}; expected 0 < median <= P90")
    sigma = math.log(p90 / median) / NormalDist().inv_cdf(0.9)
    if sigma > WIDEST:
        raise PlanError(f"lognormal with P90 at {p90 / median:g} times the median; expected a narrower one")
    return [math.floor(median * math.exp(sigma * z) + 0.5) for z in _normal_quantiles()]


def _empirical(numbers: Sequence[Fraction]) -> list[int]:
    ascending = sorted(numbers)
    last = len(ascending) - 1
    rounded = [half_up(number) for number in ascending]
    return [rounded[min(i * (last + 1) // KNOTS, last)] for i in range(KNOTS + 1)]


_BUILDERS: dict[str, Callable[[Sequence[Fraction]], list[int]]] = {
    "fixed": _fixed,
    "uniform": _uniform,
    "triangular": _triangular,
    "lognormal": _lognormal,
    "empirical": _empirical,
}


def _common(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """Numerators over a common denominator, and that denominator."""
    unit = math.lcm(*(number.denominator for number in numbers))
    return [number.numerator * (unit // number.denominator) for number in numbers], unit


def _root_up(square: int) -> int:
    """The square root, rounded up."""
    return math.isqrt(square - 1) + 1 if square else 0


def _knot_quantile(i: int) -> float:
    """The quantile of a knot, with the tails cut."""
    return min(max(i / KNOTS, 1 / (2 * KNOTS)), 1 - 1 / (2 * KNOTS))


@lru_cache(maxsize=1)
def _normal_quantiles() -> tuple[float, ...]:
    """The standard normal deviates at the knots."""
    inverse = NormalDist().inv_cdf
    return tuple(inverse(_knot_quantile(i)) for i in range(KNOTS + 1))


def _exponential() -> tuple[int, ...]:
    """The unit exponential in millionths, stretched so that the mean of what is drawn is one.

    What `draws.quantile` draws has the mean of the trapezoids under the table; cut tails and straight chords
    move it by less than a thousandth, and one factor on all knots takes that back.
    """
    raw = [-math.log1p(-_knot_quantile(i)) for i in range(KNOTS + 1)]
    mean = (sum(raw) - (raw[0] + raw[-1]) / 2) / KNOTS
    return tuple(round(EXPONENTIAL_MEAN * value / mean) for value in raw)


#: The unit exponential, mean 1,000,000: gaps between events. It is row 0 of every plan's tables.
EXPONENTIAL = _exponential()


class TableStore:
    """The tables and series of a plan while it is compiled; equal ones are shared."""

    def __init__(self) -> None:
        self._tables = [EXPONENTIAL]
        self._series: list[tuple[tuple[int, int], ...]] = []
        self._table_rows = {EXPONENTIAL: 0}
        self._fixed_rows: dict[int, int] = {}
        self._made: dict[tuple[Dist, Fraction], int] = {}
        self._series_rows: dict[tuple[tuple[int, int], ...], int] = {}

    def table(self, dist: Dist, scale: Fraction = Fraction(1)) -> int:
        """The row of the table of a distribution whose numbers are multiplied by `scale`."""
        if dist.kind == "fixed":
            # most values are fixed, and an integer is looked up far sooner than a tuple of fractions
            number = half_up(dist.numbers[0] * scale)
            if number not in self._fixed_rows:
                self._fixed_rows[number] = self._row(inverse_table(dist, scale))
            return self._fixed_rows[number]
        key = (dist, scale)
        if key not in self._made:
            self._made[key] = self._row(inverse_table(dist, scale))
        return self._made[key]

    def _row(self, table: tuple[int, ...]) -> int:
        row = self._table_rows.setdefault(table, len(self._tables))
        if row == len(self._tables):
            self._tables.append(table)
        return row

    def series(self, steps: Sequence[tuple[int, int]]) -> int:
        """The row of a series, from its steps: (minute from which it holds, table)."""
        key = tuple(steps)
        row = self._series_rows.setdefault(key, len(self._series))
        if row == len(self._series):
            self._series.append(key)
        return row

    def least(self, series: int) -> int:
        """The smallest value that a series can take."""
        return min(self._tables[table][0] for _, table in self._series[series])

    def minutes(self, series: int) -> list[int]:
        """The minutes from which the steps of a series hold."""
        return [minute for minute, _ in self._series[series]]

    def __len__(self) -> int:
        return len(self._tables)

    def arrays(self) -> dict[str, Ints]:
        """The plan's `tables`, `series_at`, `series_minute` and `series_table`."""
        flat = [step for series in self._series for step in series]
        tables = np.empty((len(self._tables), KNOTS + 1), dtype=np.int64)
        for row, table in enumerate(self._tables):
            # most are of one number, which is soon set
            tables[row] = table if table[0] != table[-1] else table[0]
        return {
            "tables": tables,
            "series_at": np.cumsum([0, *(len(series) for series in self._series)], dtype=np.int64),
            "series_minute": np.array([minute for minute, _ in flat], dtype=np.int64),
            "series_table": np.array([table for _, table in flat], dtype=np.int64),
        }

"""Quantities as written: numbers with units, dates, and distributions over them.

Everything is read into exact fractions of the base unit of its dimension (see `units`); a date is
its proleptic ordinal in days. Nothing here knows about grounds or facts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from typing import Literal

from .. import units

#: The dimension of a calendar date; all others are those of `units.DIMENSIONS`.
DATE = "date"
#: The dimension of a documented total: people or loads, told apart by the unit.
COUNT = "count"

DistKind = Literal["fixed", "uniform", "triangular", "lognormal", "empirical"]

FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2199, 12, 31)
MOST_OBSERVATIONS = 1000
#: Numbers longer than this are refused before anything is computed with them.
LONGEST_NUMBER = 40

_NUMBER = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*)\Z", re.ASCII | re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}\Z", re.ASCII)

#: dimension -> (least, most) in the base unit; what lies outside is a slip of the pen.
LIMITS: dict[str, tuple[Fraction, Fraction]] = {
    "duration": (Fraction(0), Fraction(10**6 * units.MINUTES_PER_DAY)),
    "distance": (Fraction(0), Fraction(50_000)),
    "rate of advance": (Fraction(1, 10), Fraction(30_000)),
    "ratio": (Fraction(0), Fraction(1000)),
    "people": (Fraction(0), Fraction(10**7)),
    "load": (Fraction(0), Fraction(10**7)),
    "asset": (Fraction(0), Fraction(10**6)),
    "limit": (Fraction(0), Fraction(10**7)),
    "capacity": (Fraction(0), Fraction(10**6)),
    "loads per head": (Fraction(0), Fraction(100)),
    "work": (Fraction(0), Fraction(1000 * units.MINUTES_PER_DAY)),
    "hazard": (Fraction(0), Fraction(10_000)),
    "stock": (Fraction(0), Fraction(10**10)),
    "stock per vehicle": (Fraction(0), Fraction(10**7)),
    "latitude or longitude": (Fraction(-180), Fraction(180)),
}
#: Dimensions of things that come whole.
WHOLE = frozenset({"people", "load", "asset", "limit", "capacity"})

EXAMPLES: dict[str, str] = {
    "duration": "5 day",
    "distance": "352 km",
    "rate of advance": "44 km/day",
    "ratio": "0.15",
    "people": "120 persons",
    "load": "40 containers",
    "asset": "12 trucks",
    "limit": "4 flights",
    "capacity": "1 load/truck",
    "loads per head": "0.4 load/person",
    "work": "2 h/load",
    "hazard": "0.7 event/100 km",
    "stock": "600 person day",
    "stock per vehicle": "900 person day/truck",
    "latitude or longitude": "16.25 degree",
    COUNT: "5500 containers",
    DATE: "2023-12-31",
}


class Refused(ValueError):
    """A quantity that cannot be read: the text for the user and where below the value it is."""

    def __init__(self, text: str, *where: str) -> None:
        super().__init__(text)
        self.where = where


@dataclass(frozen=True, slots=True)
class Dist:
    """One distribution, numbers in the base unit of its dimension (dates: ordinals in days).

    fixed: (value); uniform: (low, high); triangular: (low, mode, high); lognormal: (median, P90);
    empirical: the observations, ascending, equally likely.
    """

    kind: DistKind
    numbers: tuple[Fraction, ...]

    def nominal(self) -> Fraction:
        """The median, in the base unit."""
        n = self.numbers
        if self.kind == "uniform":
            return (n[0] + n[1]) / 2
        if self.kind == "triangular":
            return _triangular_median(*n)
        if self.kind == "empirical":
            return n[len(n) // 2]
        return n[0]

    def moved(self, change: Callable[[Fraction], Fraction]) -> Dist:
        """The same distribution with an increasing change of scale applied to its numbers."""
        return Dist(self.kind, tuple(change(number) for number in self.numbers))


def _triangular_median(low: Fraction, mode: Fraction, high: Fraction) -> Fraction:
    """Median of a triangular distribution; the root is rounded to a millionth of the width."""
    width = high - low
    if not width:
        return low
    lower = mode - low >= high - mode
    square = (mode - low if lower else high - mode) / width / 2
    root = Fraction(math.isqrt(int(square * 10**12)), 10**6) * width
    return low + root if lower else high - root


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as written: in its own unit, with the factor to the base unit."""

    number: Fraction
    unit: str
    factor: Fraction
    half: Fraction
    """Half of the last written digit, in the written unit."""

    @property
    def base(self) -> Fraction:
        """The number in the base unit."""
        return self.number * self.factor


def read_date(written: object) -> date:
    """A date written as 2023-12-31."""
    if isinstance(written, str) and _DATE.match(written):
        try:
            day = date.fromisoformat(written)
        except ValueError:
            raise Refused(f"there is no day '{written}'; expected a date such as 2023-12-31") from None
        if not FIRST_DATE <= day <= LAST_DATE:
            raise Refused(f"{written} is out of range; expected a date from {FIRST_DATE} to {LAST_DATE}")
        return day
    raise Refused(f"{shown(written)} is not a date; expected one such as 2023-12-31")


def month_days(written: object) -> tuple[date, date] | None:
    """First and last day of a month written as 2023-10, or None if it is not a month."""
    if not isinstance(written, str) or not _MONTH.match(written):
        return None
    year, month = int(written[:4]), int(written[5:])
    if not (FIRST_DATE.year <= year <= LAST_DATE.year and 1 <= month <= 12):
        return None
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def read_decimal(written: str) -> Decimal:
    """A finite decimal number of bearable length."""
    if len(written) > LONGEST_NUMBER:
        raise Refused(f"'{written[:20]}...' is longer than a number may be ({LONGEST_NUMBER} characters)")
    try:
        number = Decimal(written)
    except InvalidOperation:  # an exponent beyond what decimals hold
        number = Decimal("inf")
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        raise Refused(f"{written} is out of all proportion; expected an ordinary number")
    return number


def read_quantity(written: object, dimension: str) -> Quantity:
    """A number with its unit, or a date; ratios may do without a unit.

    Raises `Refused` for a missing or wrong unit and for a number out of bounds.
    """
    if dimension == DATE:
        return Quantity(Fraction(read_date(written).toordinal()), DATE, Fraction(1), Fraction(1, 2))
    if isinstance(written, bool) or not isinstance(written, (str, int, Decimal)):
        raise Refused(f"{shown(written)} is not a quantity; write for instance '{EXAMPLES[dimension]}'")
    match = _NUMBER.match(str(written).strip())
    if match is None or not (match[2][:1].isalpha() or match[2] in ("", "%")):
        raise Refused(f"{shown(written)} is not a quantity; write for instance '{EXAMPLES[dimension]}'")
    number, unit = read_decimal(match[1]), units.singular(match[2])
    actual = settle(dimension, unit)
    factor = _factor(match[1], unit, actual)
    step = Fraction(10) ** int(number.as_tuple().exponent)
    quantity = Quantity(Fraction(number), unit or "ratio", factor, step / 2)
    check_size(quantity.base, actual, str(written))
    return quantity


def settle(dimension: str, unit: str) -> str:
    """The dimension itself; for a documented total, what its unit counts: people or loads."""
    if dimension != COUNT:
        return dimension
    return "people" if units.factor(unit, "people") is not None else "load"


def _factor(number: str, unit: str, dimension: str) -> Fraction:
    """The factor of a unit to the base unit of its dimension."""
    if not unit:
        if dimension == "ratio":
            return Fraction(1)
        example = EXAMPLES[dimension].partition(" ")[2]
        raise Refused(f"'{number}' names no unit; write '{number} {example}'")
    factor = units.factor(unit, dimension)
    if factor is not None:
        return factor
    known = units.units_of(dimension)
    measured = next((name for name in units.DIMENSIONS if units.factor(unit, name) is not None), "")
    if measured:
        raise Refused(f"'{unit}' is a unit of {measured}, not of {dimension}; known units: {', '.join(known)}")
    close = get_close_matches(unit, known, 1, 0.5)
    hint = f"did you mean '{close[0]}'? " if close else ""
    raise Refused(f"'{unit}' is not a unit of {dimension}; {hint}known units: {', '.join(known)}")


def check_size(base: Fraction, dimension: str, written: str) -> None:
    """Refuse a number, in the base unit, that is senseless in its dimension. Raises `Refused`."""
    if dimension == DATE:
        return
    least, most = LIMITS[dimension]
    unit = units.units_of(dimension)[0]
    if base < least:
        what = "is negative" if not least else "is too small"
        raise Refused(f"'{written}' {what}; expected at least {plain(least)} {unit}")
    if base > most:
        raise Refused(f"'{written}' is too large; expected at most {plain(most)} {unit}")
    if dimension in WHOLE and base.denominator != 1:
        raise Refused(f"'{written}' is not whole; there is no part of a {unit}")


def plain(number: Fraction) -> str:
    """A fraction as a decimal: exact where it has an end, otherwise to nine places."""
    if number.denominator == 1:
        return str(number.numerator)
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1:
        places = number.denominator.bit_length()
        return f"{Decimal(number.numerator) / Decimal(number.denominator):.{places}f}".rstrip("0")
    return f"{Decimal(number.numerator) / Decimal(number.denominator):.9f}".rstrip("0").rstrip(".")


def shown(written: object) -> str:
    """Something read from a file, for a message: short, and never a Python type's name."""
    if isinstance(written, dict):
        keys = ", ".join(map(str, list(written)[:4]))
        return f"a mapping with {keys}" if keys else "an empty mapping"
    if isinstance(written, list):
        return f"a list of {len(written)}" if written else "an empty list"
    if written is None:
        return "nothing (null)"
    if isinstance(written, bool):
        return str(written).lower()
    text = str(written)
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"

"""What stands under `value:`: a quantity, a distribution, or dated steps of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..units import units_of
from .quantities import (
    DATE,
    MOST_OBSERVATIONS,
    Dist,
    Quantity,
    Refused,
    month_days,
    plain,
    read_date,
    read_quantity,
    shown,
)
from .yamlmarks import Plain

FORMS = ("fixed", "uniform", "triangular", "lognormal", "empirical", "by_date")
_KNOWN_FORMS = ", ".join(FORMS)

Content = tuple[tuple[date | None, Dist], ...]
"""Dated steps, ascending; None is the start of the scenario. A constant has the one step None."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A content and the quantities it was written with, in the order of writing."""

    content: Content
    quantities: tuple[Quantity, ...]


def read_content(written: object, dimension: str) -> Reading:
    """Read what stands under `value:`. Raises `Refused`."""
    if isinstance(written, dict) and "by_date" in written:
        _only_key(written, "by_date")
        return _read_steps(written["by_date"], dimension)
    dist, quantities = _read_dist(written, dimension)
    return Reading(((None, dist),), quantities)


def _read_steps(written: object, dimension: str) -> Reading:
    if not isinstance(written, dict) or not written:
        raise Refused("by_date takes a mapping from days to values, such as {2023-07-01: 5 trucks}")
    steps: list[tuple[date | None, Dist]] = []
    quantities: list[Quantity] = []
    for key, entry in written.items():
        day = None if key == "start" else _step_day(str(key))
        try:
            dist, numbers = _read_dist(entry, dimension)
        except Refused as refused:
            raise Refused(str(refused), "by_date", str(key), *refused.where) from None
        steps.append((day, dist))
        quantities += numbers
    steps.sort(key=lambda step: step[0] or date.min)
    return Reading(tuple(steps), tuple(quantities))


def _step_day(key: str) -> date:
    try:
        return read_date(key)
    except Refused as refused:
        raise Refused(f"{refused}, or 'start'", "by_date", key) from None


def _only_key(written: dict[str, object], form: str) -> None:
    others = [key for key in written if key != form]
    if others:
        raise Refused(f"'{others[0]}' beside '{form}'; expected one form only ({_KNOWN_FORMS})")


def _read_dist(written: object, dimension: str) -> tuple[Dist, tuple[Quantity, ...]]:
    if not isinstance(written, dict):
        days = month_days(written) if dimension == DATE else None
        if days is not None:
            return _uniform_days(*days)
        quantity = read_quantity(written, dimension)
        return Dist("fixed", (quantity.base,)), (quantity,)
    if len(written) != 1:
        raise Refused(f"{shown(written)} is not a distribution; expected one key of {_KNOWN_FORMS}")
    form, entry = next(iter(written.items()))
    if form == "by_date":
        raise Refused("by_date may only stand directly under value", form)
    try:
        return _read_form(form, entry, dimension)
    except Refused as refused:
        raise Refused(str(refused), form, *refused.where) from None


def _uniform_days(first: date, last: date) -> tuple[Dist, tuple[Quantity, ...]]:
    """All days from first to last, equally likely."""
    ends = [Quantity(Fraction(day.toordinal()), DATE, Fraction(1), Fraction(1, 2)) for day in (first, last)]
    return Dist("uniform", tuple(end.base for end in ends)), tuple(ends)


def _read_form(form: str, entry: object, dimension: str) -> tuple[Dist, tuple[Quantity, ...]]:
    if form == "fixed":
        quantity = read_quantity(entry, dimension)
        return Dist("fixed", (quantity.base,)), (quantity,)
    if form == "uniform":
        return _ascending("uniform", entry, dimension, ("low", "high"))
    if form == "triangular":
        return _ascending("triangular", entry, dimension, ("low", "mode", "high"))
    if form == "lognormal":
        return _read_lognormal(entry, dimension)
    if form == "empirical":
        return _read_empirical(entry, dimension)
    raise Refused(f"unknown distribution '{form}'; expected one of {_KNOWN_FORMS}")


def _ascending(form: str, entry: object, dimension: str, names: tuple[str, ...]) -> tuple[Dist, tuple[Quantity, ...]]:
    """A distribution given by ascending numbers with these names."""
    if not isinstance(entry, list) or len(entry) != len(names):
        raise Refused(f"expected a list of {len(names)}: [{', '.join(names)}]; found {shown(entry)}")
    quantities = tuple(read_quantity(item, dimension) for item in entry)
    numbers = tuple(quantity.base for quantity in quantities)
    if list(numbers) != sorted(numbers):
        raise Refused(f"expected [{', '.join(names)}] in ascending order; found {_listed(entry)}")
    if form == "uniform":
        return Dist("uniform", numbers), quantities
    return Dist("triangular", numbers), quantities


def _read_lognormal(entry: object, dimension: str) -> tuple[Dist, tuple[Quantity, ...]]:
    if dimension == DATE:
        raise Refused("a date has no lognormal distribution; use uniform, triangular or empirical")
    if not isinstance(entry, dict) or set(entry) != {"median", "p90"}:
        raise Refused(f"expected {{median: ..., p90: ...}}; found {shown(entry)}")
    median = read_quantity(entry["median"], dimension)
    p90 = read_quantity(entry["p90"], dimension)
    if median.base <= 0:
        raise Refused("the median of a lognormal distribution must be above zero", "median")
    if p90.base <= median.base:
        raise Refused("the P90 must be above the median", "p90")
    return Dist("lognormal", (median.base, p90.base)), (median, p90)


def _read_empirical(entry: object, dimension: str) -> tuple[Dist, tuple[Quantity, ...]]:
    if not isinstance(entry, list) or not entry:
        raise Refused(f"expected a list of observations; found {shown(entry)}")
    if len(entry) > MOST_OBSERVATIONS:
        raise Refused(f"{len(entry)} observations; expected at most {MOST_OBSERVATIONS}")
    quantities = tuple(read_quantity(item, dimension) for item in entry)
    return Dist("empirical", tuple(sorted(quantity.base for quantity in quantities))), quantities


def read_range(written: object, dimension: str) -> tuple[Quantity, Quantity]:
    """The two ends of `range:`, ascending. Raises `Refused`."""
    if not isinstance(written, list) or len(written) != 2:
        raise Refused(f"expected [least, most]; found {shown(written)}")
    low, high = (read_quantity(item, dimension) for item in written)
    if low.base > high.base:
        raise Refused(f"expected [least, most] in ascending order; found {_listed(written)}")
    return low, high


def write_number(number: Fraction, dimension: str) -> str:
    """A number in the base unit as an author could write it."""
    if dimension == DATE:
        return date.fromordinal(round(number)).isoformat()
    return f"{plain(number)} {units_of(dimension)[0]}"


def write_content(content: Content, dimension: str) -> Plain:
    """A content as it could stand under `value:`, in base units."""
    steps: dict[str, Plain] = {}
    for day, dist in content:
        numbers: list[Plain] = [write_number(number, dimension) for number in dist.numbers]
        written: Plain = numbers[0] if dist.kind == "fixed" else {dist.kind: numbers}
        if dist.kind == "lognormal":
            written = {"lognormal": {"median": numbers[0], "p90": numbers[1]}}
        steps[day.isoformat() if day else "start"] = written
    is_constant = len(content) == 1 and content[0][0] is None
    return steps["start"] if is_constant else {"by_date": steps}


def _listed(entry: list[object]) -> str:
    return "[" + ", ".join(str(item)[:30] for item in entry) + "]"

"""An input that is moved: its values in whole steps from one end to the other, each as a scenario would hold it.

Three ways to move: a date by days from its own, a value by date by a factor on all its steps, any other to another
median, its distribution keeping its form. A step is what the value comes in: one truck, one escort, one day of a date;
of what can be divided, the roundest step that cuts the span into twenty parts or more.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from fractions import Fraction

from ...errors import ScenarioError
from ...scenario.quantities import DATE, WHOLE, Refused, read_date, read_quantity
from ...scenario.resolve import Bundle, inputs
from ...scenario.values import Value
from ...units import MINUTES_PER_DAY, factor, plural

#: A divisible span is cut into at least so many parts.
LEAST_PARTS = 20
#: Steps of a duration that people think in [minute]: a minute, a quarter of an hour, 1, 3, 6, 12 hours, a day, a week.
_OF_DURATIONS = (1, 15, 60, 180, 360, 720, MINUTES_PER_DAY, 7 * MINUTES_PER_DAY)

#: Without a range: a date moves so many days either way, anything else from half to twice its value.
DAYS_EITHER_WAY = 30

_DAYS = re.compile(r"([-+]?\d+)(?: *days?)?\Z", re.ASCII)
_BARE = re.compile(r"[-+]?[\d.]+\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Vary:
    """An input to be moved, from one end to the other; an end that is left out is that of its range.

    Ends are written as in a scenario, with or without the unit; of a date as a date or as days from its own (`+10`), of
    a value by date as a factor.
    """

    path: str
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of an input from `low` to `high`, numbered from 0 to `last`.

    Numbers are in the base unit; of a date they are days from its own, of a value by date factors.
    """

    path: str
    value: Value
    low: Fraction
    high: Fraction
    step: Fraction
    ends: str
    """Where the ends come from, in words."""

    @property
    def last(self) -> int:
        """The number of the greatest value."""
        return math.ceil((self.high - self.low) / self.step)

    @property
    def base(self) -> Fraction:
        """Where the scenario's own value lies."""
        return _base(self.value)

    @property
    def base_at(self) -> int | None:
        """Which of the values is the scenario's own; None if none is."""
        at, rest = divmod(self.base - self.low, self.step)
        return int(at) if not rest and self.low <= self.base <= self.high else None

    def number(self, at: int) -> Fraction:
        """Where a value lies."""
        return min(self.low + at * self.step, self.high)

    def to(self, number: Fraction) -> Value:
        """The input moved there."""
        target = self.value.nominal + number if self.value.dimension == DATE else number
        # a range of one point: the value as a whole is moved to it, by the rules of `across`
        return replace(self.value, range=(target, target)).across(Fraction(0))

    def size(self, number: Fraction) -> float:
        """A number in the unit of the axis."""
        return round(float(number / self._factor), 6)

    @property
    def unit(self) -> str:
        """The unit of the axis: the one the author wrote; of a date days, of a value by date a ratio."""
        if self.value.dimension == DATE:
            return "day"
        return "ratio" if self.value.is_by_date else self.value.unit

    def told(self, number: Fraction) -> str:
        """A value in words: ``31 days``, ``2023-10-24``, ``factor 0.8``."""
        if self.value.dimension == DATE:
            return date.fromordinal(math.floor(self.value.nominal + number)).isoformat()
        return f"factor {_plain(self.size(number))}" if self.value.is_by_date else self.amount(number)

    def amount(self, number: Fraction) -> str:
        """A number, or a difference of two, with its unit: ``9 days``."""
        unit, size = self.unit, self.size(number)
        if unit == "ratio":
            return _plain(size)
        if unit in ("day", "week") and size != int(size):
            return _days_and_hours(number)
        return f"{_plain(size)} {plural(unit, size)}"

    def steps(self, number: Fraction) -> str:
        """A value by date moved there, step by step as the model rounds it; empty for any other value."""
        if not self.value.is_by_date:
            return ""
        unit = self.value.unit
        each = factor(unit, self.value.dimension) or Fraction(1)
        parts = []
        for day, dist in self.to(number).content:
            size = dist.nominal() / each
            whole = self.value.dimension in WHOLE
            shown = float(math.floor(size + Fraction(1, 2)) if whole else size)
            parts.append(f"{_plain(shown)} {plural(unit, shown)} from {day.isoformat() if day else 'the start'}")
        return ", ".join(parts)

    def grid(self, points: int) -> list[int]:
        """So many of the values, evenly spread with both ends; all, if there are no more."""
        count = min(points, self.last + 1)
        return [(2 * i * self.last + count - 1) // (2 * (count - 1)) for i in range(count)]

    @property
    def _factor(self) -> Fraction:
        """What one of the axis's unit is in the base unit."""
        if self.value.dimension == DATE or self.value.is_by_date:
            return Fraction(1)
        return factor(self.value.unit, self.value.dimension) or Fraction(1)


def axis_of(bundle: Bundle, vary: Vary, option: str = "--vary") -> Axis:
    """The axis of an input. Raises ScenarioError for a path or an end that cannot be used."""
    value = _input(bundle, vary.path, option)
    low, high, ends = _span(value, vary, option)
    if value.dimension in WHOLE and not value.is_by_date:
        low, high = Fraction(math.ceil(low)), Fraction(math.floor(high))
    if low >= high:
        raise ScenarioError([f"{option} {vary.path}: nothing lies between its ends; give a least and a greater end"])
    axis = Axis(vary.path, value, low, high, Fraction(1), ends)
    return replace(axis, step=_step(axis))


def _base(value: Value) -> Fraction:
    if value.dimension == DATE:
        return Fraction(0)
    return Fraction(1) if value.is_by_date else value.nominal


def _input(bundle: Bundle, path: str, option: str) -> Value:
    """The value at a path; ScenarioError, with the nearest ones, if there is none."""
    known = {entry.path: entry.value for entry in inputs(bundle)}
    if path in known:
        return known[path]
    within = [name for name in known if path and path in name]
    close = within[:3] if within else get_close_matches(path, known, 3, 0.5)
    guess = f"; did you mean {' or '.join(close)}?" if close else ""
    raise ScenarioError([f"{option} {path}: there is no such input{guess} ('drawdown-sim sources' lists all)"])


def _span(value: Value, vary: Vary, option: str) -> tuple[Fraction, Fraction, str]:
    """Both ends, and in words where they come from."""
    asked = [
        None if text is None else _end(value, text, f"{option} {vary.path}: end '{text}'")
        for text in (vary.low, vary.high)
    ]
    if asked[0] is not None and asked[1] is not None:
        return asked[0], asked[1], "as asked"
    low, high, ends = _usual_span(value, f"{option} {vary.path}")
    if asked[0] is None and asked[1] is None:
        return low, high, ends
    return (low if asked[0] is None else asked[0]), (high if asked[1] is None else asked[1]), f"one as asked, {ends}"


def _usual_span(value: Value, where: str) -> tuple[Fraction, Fraction, str]:
    if value.range is not None:
        shift = value.nominal if value.dimension == DATE else Fraction(0)
        low, high = (end - shift for end in value.range)
        if value.dimension == DATE:
            low, high = Fraction(math.ceil(low)), Fraction(math.floor(high))
        return low, high, "the input's range"
    if value.dimension == DATE:
        days = Fraction(DAYS_EITHER_WAY)
        return -days, days, f"{DAYS_EITHER_WAY} days either way, since the input has no range"
    base = _base(value)
    if value.dimension in WHOLE and not value.is_by_date:
        return base / 2, max(2 * base, base + 2), "half to twice the value, since the input has no range"
    if not base:
        raise ScenarioError([f"{where}: the value is 0 and has no range; give both ends with --from and --to"])
    high = min(2 * base, max(base, Fraction(1))) if value.dimension == "ratio" and not value.is_by_date else 2 * base
    return base / 2, high, "half to twice the value, since the input has no range"


def _end(value: Value, text: str, where: str) -> Fraction:
    """An end as somebody wrote it."""
    try:
        if value.dimension == DATE:
            days = _DAYS.match(text.strip())
            if days is not None:
                return Fraction(int(days[1]))
            return Fraction(math.floor(read_date(text).toordinal() - value.nominal))
        if value.is_by_date:
            return read_quantity(text, "ratio").base
        with_unit = f"{text} {value.unit}" if _BARE.match(text.strip()) and value.unit != "ratio" else text
        return read_quantity(with_unit, value.dimension).base
    except Refused as refused:
        what = " (of a date also days from its own, such as +10)" if value.dimension == DATE else ""
        what = " (a factor on all steps of the value by date)" if value.is_by_date else what
        raise ScenarioError([f"{where}: {refused}{what}"]) from None


def _step(axis: Axis) -> Fraction:
    """What the value comes in."""
    value, span = axis.value, axis.high - axis.low
    if value.dimension == DATE or (value.dimension in WHOLE and not value.is_by_date):
        return Fraction(1)
    if value.dimension == "duration":
        fitting = [minutes for minutes in _OF_DURATIONS if minutes * LEAST_PARTS <= span]
        return Fraction(max(fitting, default=1))
    return _round(span / LEAST_PARTS / axis._factor) * axis._factor


def _round(most: Fraction) -> Fraction:
    """The greatest of 1, 2 and 5 times a power of ten that is not above `most`."""
    power = Fraction(10) ** math.floor(math.log10(most))
    power = power / 10 if power > most else power
    return max(times * power for times in (1, 2, 5) if times * power <= most)


def _days_and_hours(minutes: Fraction) -> str:
    """A duration that is not whole days: ``2 days 14 h``."""
    days, hours = divmod(round(minutes / 60), 24)
    parts = [f"{days} {plural('day', days)}"] if days else []
    return " ".join([*parts, f"{hours} h"] if hours or not parts else parts)


def _plain(size: float) -> str:
    """A number as short as it is clear: three decimals at most, four below one."""
    text = f"{size:.4f}" if abs(size) < 1 else f"{size:.3f}"
    return text.rstrip("0").rstrip(".")

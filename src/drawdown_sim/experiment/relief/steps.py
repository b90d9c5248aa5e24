"""One meaningful step by which a constraint is relaxed, for each sort of quantity: a week, a day, a tenth, one more.

A step takes a value in its place and gives the relaxed one with what was done in words, or None where the value is as
relaxed as it can be. `count` steps are taken at once. A distribution keeps its form, a value by date its dates.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from ...scenario.quantities import WHOLE
from ...scenario.schema import Regime, Scenario
from ...scenario.values import Value
from ...units import MINUTES_PER_DAY, plural

TENTH = Fraction(1, 10)

#: A fleet of trucks grows by so many, or by a tenth where that is fewer.
TRUCKS = 10

_WEEK = 7


@dataclass(frozen=True, slots=True)
class At:
    """A value in its place."""

    scenario: Scenario
    path: tuple[str, ...]
    value: Value
    count: int
    """Steps to take."""


Relaxed = tuple[Value, str]
Step = Callable[[At], Relaxed | None]


def tenth_more(words: str) -> Step:
    """A tenth more, whole things rounded up; `words` says `{tenth}` where the amount stands."""
    return _changed(words, lambda at, number: _whole(at, number * (1 + at.count * TENTH), math.ceil))


def tenth_less(words: str, least: int = 0) -> Step:
    """A tenth less, whole things rounded down, but not below `least`."""

    def change(at: At, number: Fraction) -> Fraction:
        left = number * max(1 - at.count * TENTH, Fraction(0))
        return max(_whole(at, left, math.floor), Fraction(least))

    return _changed(words, change)


def capacity_more(at: At) -> Relaxed | None:
    """A tenth more aboard, rounded up; what carries one load or person carries one."""
    return None if at.value.nominal <= 1 else tenth_more("{tenth} more aboard")(at)


def means_more(at: At) -> Relaxed | None:
    """One more in its own units; of trucks ten more, or a tenth where that is fewer."""
    more = 1
    if at.scenario.assets[at.path[1]].kind == "truck":
        more = max(min(round(at.value.nominal / 10), TRUCKS), 1)
    more *= at.count
    return _changed(f"{more} more {plural(at.value.unit, more)}", lambda _, number: number + more)(at)


def day_less(words: str) -> Step:
    """A day less at the median, but never less than half of what it was: the whole distribution is scaled."""

    def step(at: At) -> Relaxed | None:
        median = at.value.nominal
        if not median:
            return None
        factor = max(1 - at.count * MINUTES_PER_DAY / median, Fraction(1, 2))
        return _changed(words, lambda _, number: number * factor)(at)

    return step


def days_more(words: str, days: int = 1) -> Step:
    """So many days more."""
    return _changed(words, lambda at, number: number + at.count * days * MINUTES_PER_DAY)


def week_less(words: str) -> Step:
    """A week less, down to nothing."""
    return _changed(words, lambda at, number: max(number - at.count * _WEEK * MINUTES_PER_DAY, Fraction(0)))


def points_less(words: str) -> Step:
    """Ten points of a hundred less, down to none."""
    return _changed(words, lambda at, number: max(number - at.count * TENTH, Fraction(0)))


def points_more(words: str) -> Step:
    """Ten points of a hundred more, up to all."""
    return _changed(words, lambda at, number: min(number + at.count * TENTH, Fraction(1)))


def week_earlier(words: str) -> Step:
    """A week earlier, but not before the scenario's start."""
    return _changed(words, lambda at, day: max(day - at.count * _WEEK, Fraction(at.scenario.start.toordinal())))


def week_later(words: str) -> Step:
    """A week later."""
    return _changed(words, lambda at, day: day + at.count * _WEEK)


def ends_earlier(words: str, first: Callable[[At], Value]) -> Step:
    """A last day a week earlier, but no earlier than the day before the (latest) first: then no window is left."""

    def change(at: At, day: Fraction) -> Fraction:
        least = max(number for _, dist in first(at).content for number in dist.numbers) - 1
        return min(max(day - at.count * _WEEK, least), day)

    return _changed(words, change)


def means_dated(at: At) -> Relaxed | None:
    """Means that arrive come a week earlier, means that leave stay a week longer."""
    change = at.scenario.assets[at.path[1]].changes[at.path[3]]
    step = week_later("leave {weeks} later") if change.gain is None else week_earlier("come {weeks} earlier")
    return step(at)


def regime_dated(at: At) -> Relaxed | None:
    """A regime that is stricter than the one before begins a week later, any other a week earlier."""
    regimes = at.scenario.clearances[at.path[1]].regimes
    order = sorted(regimes, key=lambda name: _begins(regimes[name]))
    place = order.index(at.path[3])
    if not place:
        return None
    is_stricter = _strictness(regimes[order[place]]) > _strictness(regimes[order[place - 1]])
    return (week_later if is_stricter else week_earlier)("{weeks} " + ("later" if is_stricter else "earlier"))(at)


def _begins(regime: Regime) -> Fraction:
    return Fraction(0) if regime.start is None else regime.start.nominal


def _strictness(regime: Regime) -> tuple[bool, Fraction]:
    """Obstructing before all; else the mean time to a yes: (lead + retry after each refusal) at the medians."""
    refusal = regime.refusal.nominal if regime.refusal else Fraction(0)
    if regime.stance == "obstructing" or regime.lead is None or refusal >= 1:
        return True, Fraction(0)
    lead, retry = regime.lead.nominal, regime.retry.nominal
    return False, lead + (lead + retry) * refusal / (1 - refusal)


def _changed(words: str, change: Callable[[At, Fraction], Fraction]) -> Step:
    """A step that changes every number of a value."""

    def step(at: At) -> Relaxed | None:
        content = tuple((day, dist.moved(lambda number: change(at, number))) for day, dist in at.value.content)
        if content == at.value.content:
            return None
        return replace(at.value, content=content), words.format(**_amounts(at.count))

    return step


def _whole(at: At, number: Fraction, towards: Callable[[Fraction], int]) -> Fraction:
    """A number of whole things, where its dimension counts such."""
    return Fraction(towards(number)) if at.value.dimension in WHOLE else number


def _amounts(count: int) -> dict[str, str]:
    """What stands for an amount in the words of a step."""
    several = count > 1
    return {
        "tenth": f"{count} tenths" if several else "a tenth",
        "weeks": f"{count} weeks" if several else "a week",
        "days": f"{count} days" if several else "a day",
        "points": f"{10 * count} points",
    }

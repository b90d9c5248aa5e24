"""The search for the last day that keeps a chance, for many dates at a time.

Days are counted from the best one of a date, 0, towards the worst. A search looks at the far end first, then at a
coarse grid, and then halves the step between the last day that keeps the chance and the first that does not. It is a
generator that yields the days it wants to know of, so that those of all searches are played together.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ...analysis.measures import Bools
from ...analysis.paired import paired_chance
from ...analysis.summary import Chance

#: Parts into which the coarse grid cuts the days between the end that keeps the chance and the one that does not.
PARTS = 4

#: The same where neither end keeps it, so that only days between could.
FINE = 12

State = Literal["binds", "never binds", "out of reach", "refused"]


@dataclass(frozen=True, eq=False)
class Trial:
    """What a date on one day leads to: chance, losses and exposure together."""

    chance: Chance
    in_time: Bools
    losses: float
    exposure: float
    hurt: float


@dataclass(frozen=True, slots=True)
class LastDay:
    """What a search found, in days from the best one."""

    state: State
    day: int | None = None
    """The last day that keeps the chance."""
    sure: int | None = None
    """The last day whose interval lies above the line, None if that of no day that was looked at does."""
    possible: int | None = None
    """The last day whose interval still reaches the line."""
    again: int | None = None
    """A worse day that keeps the chance again, by more than simulation error: the chance does not fall steadily."""
    too_soon: int | None = None
    """A day on the better side that does not keep the chance: there is a window and not only a last day."""


Tried = dict[int, Trial]
Search = Generator[set[int], None, LastDay]


def search(tried: Tried, worst: int, planned: int | None, keeps_now: bool, line: float) -> Search:
    """The last of the days 0 to `worst` that keeps the chance; `tried` is filled by whoever plays the days it yields.

    If the scenario keeps the chance now, only days worse than the planned one are looked at, else only better ones.
    """

    def keeps(day: int) -> bool:
        return tried[day].chance.probability >= line

    good, bad = (0, worst) if planned is None else (planned, worst) if keeps_now else (0, planned)
    yield {bad if keeps_now else good}
    if keeps_now and keeps(bad):
        return LastDay("never binds")
    yield {good, bad}
    too_soon = None
    if not keeps(good):
        yield set() if planned is not None else _grid(good, bad, FINE)
        kept = [day for day in sorted(tried) if keeps(day)]
        if not kept:
            return LastDay("out of reach")
        good, too_soon = kept[0], max(day for day in tried if day < kept[0])
    elif keeps(bad):
        return LastDay("never binds")
    yield _grid(good, bad, PARTS)
    while wanted := {middle for holds in _lines(tried, line) for middle in _middle(tried, good, bad, holds)}:
        yield wanted
    day, sure, possible = (_prefix(tried, good, bad, holds)[0] for holds in _lines(tried, line))
    assert day is not None, "the good end keeps the chance"
    return LastDay("binds", day, sure, possible, _again(tried, day, line), too_soon)


def _grid(good: int, bad: int, parts: int) -> set[int]:
    """Days that cut the stretch between two into parts."""
    return {good + (bad - good) * part // parts for part in range(1, parts)}


def _lines(tried: Tried, line: float) -> tuple[Callable[[int], bool], ...]:
    """Whether a day keeps the chance: by the estimate, by the interval's lower end, by its upper end."""
    return (
        lambda day: tried[day].chance.probability >= line,
        lambda day: tried[day].chance.low >= line,
        lambda day: tried[day].chance.high >= line,
    )


def _prefix(tried: Tried, good: int, bad: int, holds: Callable[[int], bool]) -> tuple[int | None, int | None]:
    """The last day of the first run of days that hold, and the day after it that does not; None if there is none."""
    last = None
    for day in sorted(day for day in tried if good <= day <= bad):
        if holds(day):
            last = day
        elif last is not None:
            return last, day
    return last, None


def _middle(tried: Tried, good: int, bad: int, holds: Callable[[int], bool]) -> Iterator[int]:
    """The day halfway between the last that holds and the first that does not, unless they meet."""
    last, first = _prefix(tried, good, bad, holds)
    if last is not None and first is not None and first - last > 1:
        yield (last + first) // 2


def _again(tried: Tried, day: int, line: float) -> int | None:
    """The first worse day that keeps the chance again, with a difference that is more than simulation error."""
    worse = sorted(other for other in tried if other > day)
    for failed, other in pairwise(worse):
        if tried[other].chance.probability < line:
            continue
        # a day that was given up early has fewer replications, the same ones
        common = min(tried[failed].chance.runs, tried[other].chance.runs)
        if paired_chance(tried[failed].in_time[:common], tried[other].in_time[:common]).low > 0:
            return other
    return None


#: Plays pairs of a search's number and a day, and gives their trials in order; None where the day makes no plan.
Play = Callable[[list[tuple[int, int]]], list[Trial | None]]


def search_all(searches: Sequence[tuple[Search, Tried]], play: Play) -> list[LastDay]:
    """Run searches side by side, each with the days that were tried for it; one that meets a refused day ends there."""
    found: dict[int, LastDay] = {}
    while len(found) < len(searches):
        wanted: list[tuple[int, int]] = []
        for number, (each, tried) in enumerate(searches):
            if number not in found:
                try:
                    wanted += [(number, day) for day in sorted(next(each)) if day not in tried]
                except StopIteration as end:
                    found[number] = end.value
        for (number, day), trial in zip(wanted, play(wanted), strict=True):
            if trial is None:
                found[number] = LastDay("refused")
            else:
                searches[number][1][day] = trial
    return [found[number] for number in range(len(searches))]

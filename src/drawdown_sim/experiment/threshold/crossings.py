"""Where an estimated chance crosses a line: all sign changes on a grid, each bisected, then with more replications.

With common random numbers the chance estimated at a fixed number of replications is a step function of the value, and
its crossing is found exactly, as of a deterministic function. It is solved with few replications first, then from that
solution with more, the earlier ones among them: the dependent form of retrospective approximation. H. Chen and
B. W. Schmeiser, IIE Transactions 33 (2001) 259, doi 10.1080/07408170108936827; see R. Pasupathy and S. Kim, ACM
Transactions on Modeling and Computer Simulation 21 (2011) 19, doi 10.1145/1921598.1921603.

A value is *decided* if the Wilson interval of its chance leaves out the line. The interval of a crossing is what lies
between the nearest decided values: those whose interval holds the line, a confidence set by inverting a test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from ...analysis.summary import Chance

#: By how much the replications grow from one solution to the next.
GROWTH = 4
#: An interval is small from this share of the whole span on.
SMALL = 20


class Curve(Protocol):
    """A chance that can be estimated at each of the values 0 to `last`."""

    last: int

    def measure(self, values: Sequence[int], replications: int) -> None:
        """Have at least so many replications at each of these values."""

    def known(self) -> list[int]:
        """The values measured so far, ascending."""

    def chance(self, value: int) -> Chance:
        """The chance at a value that was measured."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two values with the line between their estimates, neighbours unless the search was told to stop before."""

    before: int
    after: int
    rises: bool
    """Whether the chance is at the line or above after, and below it before."""
    low: int | None
    """The nearest decided value at or before `before`; None if there is none up to the end."""
    high: int | None
    """The nearest decided value at or after `after`."""

    @property
    def kept(self) -> int:
        """The value at the threshold that still keeps the chance at the line."""
        return self.after if self.rises else self.before

    @property
    def broken(self) -> int:
        """The nearest value known not to."""
        return self.before if self.rises else self.after

    @property
    def kept_from(self) -> int | None:
        """The least value at which the threshold may be; None: it may be below all."""
        return self.low if self.low is None or not self.rises else self.low + 1

    @property
    def kept_to(self) -> int | None:
        """The greatest value at which the threshold may be; None: it may be above all."""
        return self.high if self.high is None or self.rises else self.high - 1


@dataclass(frozen=True, slots=True)
class Found:
    """All crossings, ascending, and pairs of values between which the estimate touches the line without deciding."""

    crossings: tuple[Crossing, ...]
    touches: tuple[tuple[int, int], ...]


def keeps(chance: Chance, line: float) -> bool:
    """Whether an estimate is at the line or above."""
    return chance.probability >= line


def side(chance: Chance, line: float) -> int:
    """1 if the chance is decidedly above the line, -1 if decidedly below, 0 if its interval holds the line."""
    return int(chance.low > line) - int(chance.high < line)


def find_crossings(curve: Curve, line: float, grid: Sequence[int], first: int, most: int, gap: int = 1) -> Found:
    """All crossings that the grid shows, from `first` replications a value to at most `most`, to values `gap` apart.

    Replications grow while an interval is wider than a twentieth of the span, or while a value of the grid is
    undecided and no crossing is near it. Only the last solution is carried to the gap that was asked for.
    """
    runs, rough = first, max(gap, curve.last // SMALL)
    curve.measure(grid, runs)
    found = _Search(curve, line, runs, rough).found()
    while runs < most and (unsettled := _unsettled(curve, line, found, rough)):
        runs = min(GROWTH * runs, most)
        curve.measure(unsettled, runs)
        found = _Search(curve, line, runs, rough).found()
    return _Search(curve, line, runs, gap).found() if gap < rough else found


def _unsettled(curve: Curve, line: float, found: Found, small: int) -> list[int]:
    """Values at which more replications would tell more: the ends of wide intervals, the undecided apart from any."""
    spans = [
        (0 if crossing.low is None else crossing.low, curve.last if crossing.high is None else crossing.high)
        for crossing in found.crossings
    ]
    wide = {end for low, high in spans if high - low > small for end in (low, high)}
    apart = {
        value
        for value in curve.known()
        if not side(curve.chance(value), line) and not any(low <= value <= high for low, high in spans)
    }
    return sorted(wide | apart)


@dataclass(frozen=True, slots=True)
class _Search:
    """The solution with so many replications, to values at most `gap` apart."""

    curve: Curve
    line: float
    runs: int
    gap: int

    def found(self) -> Found:
        """All crossings, those that no decided value sets apart taken together."""
        steps = [
            self._bisected(a, b, self._keeps) for a, b in pairwise(self._usable()) if self._keeps(a) != self._keeps(b)
        ]
        groups: list[list[tuple[int, int]]] = []
        for step in steps:
            if groups and not self._decided_between(groups[-1][-1][1], step[0]):
                groups[-1].append(step)
            else:
                groups.append([step])
        crossings = [self._crossing(group) for group in groups if len(group) % 2]
        touches = [(group[0][0], group[-1][1]) for group in groups if not len(group) % 2]
        return Found(tuple(crossings), tuple(touches))

    def _crossing(self, group: list[tuple[int, int]]) -> Crossing:
        """One crossing, or several that are not set apart, of which the middle one stands for all."""
        before, after = group[len(group) // 2]
        low, high = self._decided(group[0][0], -1), self._decided(group[-1][1], 1)
        return Crossing(before, after, not self._keeps(before), low, high)

    def _decided(self, start: int, way: int) -> int | None:
        """The decided value nearest to `start` in one direction: bisected between it and the nearest known one."""
        known = [value for value in self._usable() if (value - start) * way >= 0 and self._side(value)]
        if not known:
            return None
        far = min(known, key=lambda value: abs(value - start))
        if far == start:
            return start
        return self._bisected(start, far, lambda value: bool(self._side(value)))[1]

    def _bisected(self, a: int, b: int, claim: Callable[[int], bool]) -> tuple[int, int]:
        """Two values between `a` and `b`, in their order, near enough, that differ in a claim as `a` and `b` do."""
        of_a = claim(a)
        while abs(b - a) > self.gap:
            middle = (a + b) // 2
            self.curve.measure([middle], self.runs)
            if claim(middle) == of_a:
                a = middle
            else:
                b = middle
        return a, b

    def _usable(self) -> list[int]:
        """Values measured often enough, or decided already."""
        chance = self.curve.chance
        return [v for v in self.curve.known() if chance(v).runs >= self.runs or side(chance(v), self.line)]

    def _decided_between(self, low: int, high: int) -> bool:
        return any(low <= value <= high and self._side(value) for value in self._usable())

    def _keeps(self, value: int) -> bool:
        return keeps(self.curve.chance(value), self.line)

    def _side(self, value: int) -> int:
        return side(self.curve.chance(value), self.line)

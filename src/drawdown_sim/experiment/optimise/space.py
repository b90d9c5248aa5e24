"""What may be chosen: free inputs on a grid of numbers that an order could name, and totals that must hold.

The grid has whole units as the author wrote them (trucks, days, percent), whole days for dates, and hundredths for
ratios and for the factor on a value by date. Choice: a grid, not a continuum, so that a plan can be ordered, written
and counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from itertools import accumulate

from ... import units
from ...errors import ScenarioError
from ...scenario.contents import read_range
from ...scenario.extending import in_brief, in_unit, moved_to
from ...scenario.quantities import DATE, WHOLE, Refused
from ...scenario.resolve import Bundle, Input, inputs
from ...scenario.values import Value

#: A plan: for each choice, which of its numbers.
Point = tuple[int, ...]

#: A range whose whole units leave nothing to choose is cut into so many parts, unless its things come whole.
PARTS = 20

#: Levers that an error names.
_MOST_NAMED = 6


@dataclass(frozen=True)
class Choice:
    """A free input and the numbers it may take: `least`, one `step` further, and so on, `count` in all."""

    path: str
    base: Value
    least: Fraction
    step: Fraction
    count: int

    def at(self, place: int) -> Value:
        """The value at one of the numbers."""
        return moved_to(self.base, self.least + place * self.step)

    def brief(self, place: int) -> str:
        """One of the numbers, for a table."""
        if self.base.is_by_date:
            return f"x {float(self.least + place * self.step):.2f}"
        return in_brief(self.at(place))

    @property
    def own(self) -> str:
        """The scenario's own value, for a table."""
        return "x 1.00" if self.base.is_by_date else in_brief(self.base)

    @property
    def nearest(self) -> int:
        """The place whose number is nearest to the scenario's own."""
        own = Fraction(1) if self.base.is_by_date else self.base.nominal
        return min(max(math.floor((own - self.least) / self.step + Fraction(1, 2)), 0), self.count - 1)

    @property
    def searched(self) -> str:
        """From where to where, for a table."""
        if self.base.is_by_date:
            return f"{self.brief(0)} to {self.brief(self.count - 1)}"
        ends = [self.least, self.least + (self.count - 1) * self.step]
        low, high = (in_unit(end, self.base) for end in ends)
        return f"{low.partition(' ')[0]} to {high}"


@dataclass(frozen=True, slots=True)
class Sum:
    """Choices whose numbers together stay what they are: their rows, and the sum of their places."""

    members: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Space:
    """All plans that may be chosen."""

    choices: tuple[Choice, ...]
    sums: tuple[Sum, ...] = ()

    def values(self, point: Point) -> dict[str, Value]:
        """What a plan sets to what. Raises `Refused` for what a dimension does not bear."""
        return {choice.path: choice.at(place) for choice, place in zip(self.choices, point, strict=True)}

    @property
    def start(self) -> Point:
        """The plan nearest to the scenario as it stands."""
        return self.fitted(tuple(choice.nearest for choice in self.choices))

    def distance(self, point: Point) -> float:
        """How far a plan is from the scenario as it stands: the shares of the ranges that it moves, added up."""
        moved = zip(self.choices, point, self.start, strict=True)
        return round(sum(abs(place - own) / (choice.count - 1) for choice, place, own in moved), 9)

    @property
    def size(self) -> int:
        """How many plans there are."""
        together = {member for kept in self.sums for member in kept.members}
        alone = math.prod(choice.count for row, choice in enumerate(self.choices) if row not in together)
        return alone * math.prod(self._ways(kept) for kept in self.sums)

    def _ways(self, kept: Sum) -> int:
        """In how many ways the members of a sum can have their total."""
        ways = [1] + [0] * kept.total
        for member in kept.members:
            upto = [0, *accumulate(ways)]
            count = self.choices[member].count
            ways = [upto[total + 1] - upto[max(total + 1 - count, 0)] for total in range(kept.total + 1)]
        return ways[-1]

    def points(self, head: Point = ()) -> Iterator[Point]:
        """Every plan that begins with `head` and keeps its sums, in order."""
        if len(head) == len(self.choices):
            yield head
            return
        low, high = self._bounds(head)
        for place in range(low, high + 1):
            yield from self.points((*head, place))

    def _bounds(self, head: Point) -> tuple[int, int]:
        """The least and greatest place of the next choice that its sum leaves possible."""
        row, most = len(head), self.choices[len(head)].count - 1
        for kept in self.sums:
            if row in kept.members:
                rest = kept.total - sum(head[member] for member in kept.members if member < row)
                later = sum(self.choices[member].count - 1 for member in kept.members if member > row)
                return max(0, rest - later), min(most, rest)
        return 0, most

    def fitted(self, point: Point) -> Point:
        """The plan with each sum kept: what is missing or too much is shared out by the room that each member has."""
        places = list(point)
        for kept in self.sums:
            gap = kept.total - sum(places[member] for member in kept.members)
            room = [
                self.choices[member].count - 1 - places[member] if gap > 0 else places[member]
                for member in kept.members
            ]
            for member, share in zip(kept.members, _shared(abs(gap), room), strict=True):
                places[member] += share if gap > 0 else -share
        return tuple(places)


def _shared(amount: int, room: Sequence[int]) -> list[int]:
    """A whole amount shared out in proportion to room, by largest remainders."""
    if not amount:
        return [0] * len(room)
    exact = [Fraction(amount * space, sum(room)) for space in room]
    shares = [math.floor(share) for share in exact]
    order = sorted(range(len(room)), key=lambda row: (shares[row] - exact[row], row))
    for row in order[: amount - sum(shares)]:
        shares[row] += 1
    return shares


def space_of(bundle: Bundle, free: Sequence[str] = (), keep_sum: Sequence[Sequence[str]] = ()) -> Space:
    """The space of the inputs that `free` names, each as ``PATH`` or ``PATH=LOW..HIGH``; if none, of those marked free.

    Each entry of `keep_sum` names inputs among them whose total stays as it is. Raises ScenarioError.
    """
    known = {entry.path: entry for entry in inputs(bundle)}
    if free:
        chosen = [_named(text, known) for text in free]
    else:
        chosen = [(entry.path, entry.value) for entry in known.values() if entry.value.free and entry.value.range]
    if not chosen:
        raise ScenarioError([_nothing_free(bundle, known)])
    paths = [path for path, _ in chosen]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise ScenarioError([f"{twice[0]}: is named twice under free; expected each input once"])
    choices = tuple(_choice(path, value) for path, value in chosen)
    return Space(choices, _sums(choices, keep_sum))


def _nothing_free(bundle: Bundle, known: dict[str, Input]) -> str:
    levers = [path for path, entry in known.items() if entry.value.lever and entry.value.range]
    some = f"; levers with a range here: {', '.join(levers[:_MOST_NAMED])}" if levers else ""
    return (
        f"{bundle.name}: no input is marked 'free: true' with a range, so there is nothing to choose; name some with"
        f" --free PATH or --free PATH=LOW..HIGH{some}"
    )


def _named(text: str, known: dict[str, Input]) -> tuple[str, Value]:
    """A path and its value with the range that it may take. Raises ScenarioError."""
    path, given, ends = (part.strip() for part in text.partition("="))
    if path not in known:
        close = get_close_matches(path, known, 1)
        hint = f"did you mean '{close[0]}'?" if close else "'drawdown-sim sources' lists all"
        raise ScenarioError([f"{path}: there is no input of this name to leave free; {hint}"])
    value = known[path].value
    if given:
        return path, replace(value, range=_ends(path, ends, value))
    if value.range is None:
        raise ScenarioError([f"{path}: has no range; say from where to where, such as {path}=LOW..HIGH"])
    return path, value


def _ends(path: str, written: str, value: Value) -> tuple[Fraction, Fraction]:
    """The ends of ``LOW..HIGH``; a unit given once holds for both."""
    low, dots, high = (part.strip() for part in written.partition(".."))
    if not dots:
        raise ScenarioError([f"{path}: '{written}' is no range; expected LOW..HIGH, such as {_example(value)}"])
    unit = high.partition(" ")[2]
    if unit and " " not in low:
        low = f"{low} {unit}"
    try:
        ends = read_range([low, high], "ratio" if value.is_by_date else value.dimension)
    except Refused as refused:
        raise ScenarioError([f"{path}: {refused}; expected LOW..HIGH, such as {_example(value)}"]) from None
    return ends[0].base, ends[1].base


def _example(value: Value) -> str:
    """A range that this value could have."""
    if value.is_by_date:
        return "0.5..2 (a factor on all its steps)"
    if value.dimension == DATE:
        return "2023-09-15..2023-10-31"
    return f"{in_unit(value.nominal / 2, value)}..{in_unit(value.nominal * 2, value)}"


def _choice(path: str, value: Value) -> Choice:
    """The grid of one input over its range."""
    assert value.range is not None
    low, high = value.range
    step, whole = _step(value)
    # a drawn day is shifted by whole days from where it is, all else stands on whole units
    offset = value.nominal % 1 if value.dimension == DATE else Fraction(0)
    least = math.ceil((low - offset) / step) * step + offset
    count = math.floor((high - least) / step) + 1
    if count < 2 and not whole and high > low:
        least, step, count = low, (high - low) / PARTS, PARTS + 1
    if count < 2:
        raise ScenarioError(
            [f"{path}: its range leaves nothing to choose; expected two whole units in it at the least"]
        )
    choice = Choice(path, value, least, step, count)
    try:
        for place in (0, count - 1):
            choice.at(place)
    except Refused as refused:
        raise ScenarioError([f"{path}: {refused}; expected a range that it can take"]) from None
    return choice


def _step(value: Value) -> tuple[Fraction, bool]:
    """The step of a value's grid, and whether nothing between is possible."""
    if value.dimension == DATE:
        return Fraction(1), True
    if value.is_by_date or value.dimension == "ratio":
        return Fraction(1, 100), False
    return units.factor(value.unit, value.dimension) or Fraction(1), value.dimension in WHOLE


def _sums(choices: tuple[Choice, ...], keep_sum: Sequence[Sequence[str]]) -> tuple[Sum, ...]:
    """The totals that must hold. Raises ScenarioError."""
    rows = {choice.path: row for row, choice in enumerate(choices)}
    taken: set[str] = set()
    found = []
    for paths in keep_sum:
        for path in paths:
            if path not in rows:
                raise ScenarioError([f"{path}: is to keep a sum but is not free; name it with --free as well"])
            if path in taken:
                raise ScenarioError([f"{path}: is in two sums; expected each input in one at the most"])
            taken.add(path)
        if len(paths) < 2:
            raise ScenarioError(
                [f"{', '.join(paths)}: a sum of one leaves nothing to choose; expected two or more inputs"]
            )
        found.append(_sum([choices[rows[path]] for path in paths], tuple(rows[path] for path in paths)))
    return tuple(found)


def _sum(members: list[Choice], rows: tuple[int, ...]) -> Sum:
    """The total of some choices as a sum of their places."""
    first = members[0]
    for choice in members:
        if not choice.base.is_fixed or choice.base.dimension not in WHOLE:
            raise ScenarioError([f"{choice.path}: cannot share a sum; expected a count that is the same at all times"])
        if choice.base.dimension != first.base.dimension:
            raise ScenarioError(
                [f"{choice.path}: does not add up with {first.path}; expected counts of the same things"]
            )
    total = sum(choice.base.nominal - choice.least for choice in members)
    most = sum(choice.count - 1 for choice in members)
    if not 0 <= total <= most:
        names = ", ".join(choice.path for choice in members)
        raise ScenarioError([f"{names}: their ranges cannot add up to what they are together; expected wider ranges"])
    return Sum(rows, int(total))

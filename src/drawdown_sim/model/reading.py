"""Reading a scenario's values and references into the integers of a plan.

The one place where a value becomes a number: which step of a value by date counts, what a date
means in minutes, how it is rounded, what is out of bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeVar

import numpy as np

from ..errors import PlanError
from ..scenario.schema import Scenario
from ..scenario.values import Dist, Value
from ..units import MINUTES_PER_DAY
from .draws import owner_key
from .plan import NEVER, UNLIMITED, Entry, Ints, Traffic
from .tables import TOO_LARGE, TableStore, half_up

T = TypeVar("T")

PER_MILLE = Fraction(1000)
#: Scale of a chance: the threshold under which a 32-bit draw falls with that chance.
THRESHOLD = Fraction(1 << 32)

#: Sections of a scenario whose entries others refer to.
SECTIONS = (
    "places", "areas", "drivers", "legs", "threats", "bans", "authorities", "clearances", "assets",
    "quotas", "contingents", "people", "cargo", "lifts", "camps", "decisions", "milestones",
)  # fmt: skip

#: Most entries of one section; more is a slip of the pen, and would exhaust memory.
MOST_ENTRIES = 100_000


class Reader:
    """Turns values and references of one scenario into integers while a plan is compiled.

    With `nominal` every distribution is replaced by its median; chances stay chances.
    """

    def __init__(self, scenario: Scenario, *, nominal: bool) -> None:
        self.scenario = scenario
        self.nominal = nominal
        self.start = scenario.start
        self.horizon = self.midnight(scenario.horizon.toordinal())
        self.store = TableStore()
        #: section -> id -> row; items are cohorts and then lots
        self.rows: dict[str, dict[str, int]] = {}
        for section in SECTIONS:
            entries: Mapping[str, object] = getattr(scenario, section)
            if len(entries) > MOST_ENTRIES:
                raise PlanError(f"{section}: {len(entries)} entries; expected at most {MOST_ENTRIES}")
            first = len(scenario.people) if section == "cargo" else 0
            self.rows[section] = {name: first + i for i, name in enumerate(sorted(entries))}
        self.calendar: list[tuple[int, int, int, int]] = []

    # references

    def row(self, section: str, name: str | None, where: str) -> int:
        """The row of an entry by its id, -1 for None; PlanError if there is none."""
        if name is None:
            return -1
        row = self.rows[section].get(name)
        if row is None:
            raise PlanError(f"{where}: there is no '{name}' under {section}; add it or mend the name")
        return row

    def rows_of(self, section: str, names: Iterable[str], where: str) -> list[int]:
        """The rows of several entries, ascending, each once."""
        return sorted({self.row(section, name, where) for name in names})

    # numbers

    def number(self, value: Value, where: str, scale: Fraction = Fraction(1)) -> int:
        """One number: the median of a distribution, multiplied by `scale` and rounded half up.

        Raises PlanError for a value by date, which has no single number, and for one out of bounds.
        """
        number = half_up(self.exact(value, where) * scale)
        if abs(number) >= TOO_LARGE:
            raise PlanError(f"{where}: {number} is out of bounds; expected less than 2**40")
        return number

    def exact(self, value: Value, where: str) -> Fraction:
        """One exact number in the base unit: the median of a distribution. A value by date has none."""
        return self._only(value, where).nominal()

    def optional(self, value: Value | None, where: str, missing: int, scale: Fraction = Fraction(1)) -> int:
        """One number, or `missing` if there is no value."""
        return missing if value is None else self.number(value, where, scale)

    def never(self, value: Value | None, where: str) -> int:
        """A duration [minute], NEVER if there is none."""
        return self.optional(value, where, NEVER)

    def unlimited(self, value: Value | None, where: str) -> int:
        """A count, UNLIMITED if there is none."""
        return self.optional(value, where, UNLIMITED)

    def _only(self, value: Value, where: str) -> Dist:
        since = value.content[0][0]
        if len(value.content) > 1 or (since is not None and since > self.start):
            raise PlanError(f"{where}: a value by date has no effect here; give one quantity")
        return value.content[0][1]

    # dates

    def midnight(self, ordinal: int) -> int:
        """The minute at 00:00 of a day given by its ordinal."""
        return (ordinal - self.start.toordinal()) * MINUTES_PER_DAY

    def day(self, value: Value, where: str) -> int:
        """The minute at 00:00 of a day; of the median day if it is drawn."""
        return self.midnight(math.floor(self.exact(value, where)))

    def day_after(self, value: Value, where: str) -> int:
        """The minute after a last day: 00:00 of the day that follows it."""
        return self.day(value, where) + MINUTES_PER_DAY

    def moment(self, value: Value | None, where: str) -> int:
        """The minute from which something holds: 00:00 of the day, never before the start; 0 if None."""
        return 0 if value is None else max(0, self.day(value, where))

    def day_series(self, value: Value, where: str) -> int:
        """The series [minute] of a day that may be drawn: 00:00 of a fixed or observed day.

        A window includes its last day: a uniform draw is from 00:00 of the first day to the last minute of
        the last one. The mode of a triangular draw is noon, so that a window around it is balanced.
        """
        dist = self._only(value, where)
        zero = self.start.toordinal()
        minutes = [(number - zero) * MINUTES_PER_DAY for number in dist.numbers]
        if dist.kind == "lognormal":
            raise PlanError(f"{where}: a date cannot be lognormal; use uniform, triangular or empirical")
        if dist.kind in ("uniform", "triangular"):
            minutes[-1] += MINUTES_PER_DAY - 1
        if dist.kind == "triangular":
            minutes[1] += MINUTES_PER_DAY // 2
        return self.store.series([(0, self._table(Dist(dist.kind, tuple(minutes)), Fraction(1), where))])

    # series

    def series(self, value: Value, where: str, scale: Fraction = Fraction(1), least: int = 0) -> int:
        """The row of a series. What holds at the start counts from minute 0; later steps up to the horizon.

        Raises PlanError if nothing holds at the start, or if a value could fall below `least`.
        """
        steps: list[tuple[int, int]] = []
        for day, dist in value.content:
            minute = 0 if day is None else max(0, self.midnight(day.toordinal()))
            if minute >= self.horizon and steps:
                break
            if steps and steps[-1][0] == minute:
                steps.pop()
            steps.append((minute, self._table(dist, scale, where)))
        if steps[0][0] > 0:
            raise PlanError(f"{where}: nothing is said for {self.start} up to its first date; add that day")
        row = self.store.series(steps)
        if self.store.least(row) < least:
            raise PlanError(
                f"{where}: the value can be {float(self.store.least(row) / scale):g}, too small to work with; "
                f"expected at least {float(least / scale):g}"
            )
        return row

    def optional_series(self, value: Value | None, where: str, scale: Fraction = Fraction(1)) -> int:
        """The row of a series, -1 if there is no value."""
        return -1 if value is None else self.series(value, where, scale)

    def _table(self, dist: Dist, scale: Fraction, where: str) -> int:
        try:
            return self.store.table(Dist("fixed", (dist.nominal(),)) if self.nominal else dist, scale)
        except PlanError as fault:
            raise PlanError(f"{where}: {fault}") from fault

    # the calendar

    def enter(self, minute: int, entry: Entry, subject: int, amount: int = 0) -> None:
        """Note a calendar entry; only those after the start and before the horizon are kept."""
        if 0 < minute < self.horizon:
            self.calendar.append((minute, int(entry), subject, amount))

    def enter_steps(self, series: int) -> None:
        """Note the dates at which a limit by date changes; one entry a minute serves all limits."""
        for minute in self.store.minutes(series) if series >= 0 else ():
            self.enter(minute, Entry.STEP, -1)


def in_order(entries: Mapping[str, T]) -> list[tuple[str, T]]:
    """Entries by id: the order of all rows, so that the order in a file has no meaning."""
    return sorted(entries.items())


def ints(values: Iterable[int]) -> Ints:
    """A column of a table."""
    return np.array(list(values), dtype=np.int64)


def ragged(at: str, lists: Sequence[Sequence[int]], name: str) -> dict[str, Ints]:
    """A list per row as two tables, under the names `at` and `name`."""
    return {
        at: ints(np.cumsum([0, *(len(entries) for entries in lists)])),
        name: ints(entry for entries in lists for entry in entries),
    }


def records(at: str, lists: Sequence[Sequence[tuple[int, ...]]], names: Sequence[str]) -> dict[str, Ints]:
    """A list of records per row: the table `at`, and one table per column of the records."""
    flat = [entry for entries in lists for entry in entries]
    columns = {name: ints(entry[i] for entry in flat) for i, name in enumerate(names)}
    return {at: ints(np.cumsum([0, *(len(entries) for entries in lists)])), **columns}


def columns(rows: Sequence[Mapping[str, int]], names: Sequence[str]) -> dict[str, Ints]:
    """One table per name, from a mapping per row."""
    return {name: ints(row[name] for row in rows) for name in names}


def keys(kind: str, names: Iterable[str]) -> list[int]:
    """The draw keys of the ids of one kind; PlanError if two ids share a key."""
    owners: dict[int, str] = {}
    for name in names:
        other = owners.setdefault(owner_key(kind, name), name)
        if other != name:
            raise PlanError(
                f"{kind}: '{other}' and '{name}' would draw the same chance (equal keys); rename one of them"
            )
    return list(owners)


def traffic_mask(classes: Iterable[str], missing: int) -> int:
    """The bits of classes of traffic; `missing` if none is named."""
    return sum({int(Traffic[name.upper()]) for name in classes}) or missing


def flag_matrix(rows: int, width: int, chosen: Sequence[Sequence[int] | None]) -> Ints:
    """A matrix of 0 and 1, shape (rows, width), from the columns chosen in each row; None chooses all."""
    matrix = np.zeros((rows, width), dtype=np.int64)
    for row, chosen_columns in enumerate(chosen):
        matrix[row, slice(None) if chosen_columns is None else list(chosen_columns)] = 1
    return matrix


def calendar_tables(calendar: Sequence[tuple[int, int, int, int]]) -> dict[str, Ints]:
    """The calendar ordered by (minute, entry, subject, amount); a call to look again is made once."""
    counted = {int(Entry.GAIN), int(Entry.LOSS)}
    kept = [entry for entry in calendar if entry[1] in counted]
    kept += {entry for entry in calendar if entry[1] not in counted}
    names = ("calendar_minute", "calendar_entry", "calendar_subject", "calendar_amount")
    return {name: ints(entry[i] for entry in sorted(kept)) for i, name in enumerate(names)}


def month_starts(start: date, horizon: date) -> list[int]:
    """The minutes at which calendar months begin, from the one that holds the start (0 or before it)."""
    months = range(start.year * 12 + start.month - 1, horizon.year * 12 + horizon.month)
    zero = start.toordinal()
    return [(date(m // 12, m % 12 + 1, 1).toordinal() - zero) * MINUTES_PER_DAY for m in months]

"""Quantities of the plan that may change by date and be drawn."""

from __future__ import annotations

from bisect import bisect_right


class Series:
    """Inverse tables by the minute from which each holds."""

    __slots__ = ("_later", "fixed", "tables")

    def __init__(self, minutes: list[int], tables: list[tuple[int, ...]]) -> None:
        self._later = minutes[1:]  # the first table also holds before its minute
        self.tables = tables
        #: the value, if it neither changes nor varies
        self.fixed = tables[0][0] if len(tables) == 1 and tables[0][0] == tables[0][-1] else None

    def table(self, minute: int) -> tuple[int, ...]:
        """The inverse table that holds at a minute."""
        later = self._later
        return self.tables[bisect_right(later, minute)] if later else self.tables[0]

    def at(self, minute: int) -> int:
        """What is read at a minute, chance aside."""
        value = self.fixed
        return value if value is not None else self.table(minute)[0]

    def until(self, minute: int) -> int | None:
        """The minute at which the next table begins to hold, or None."""
        step = bisect_right(self._later, minute)
        return self._later[step] if step < len(self._later) else None

"""Quantities of the plan that may change by date and be drawn."""

from __future__ import annotations

from bisect import bisect_right


class Series:
    """Inverse tables by the minute from which each holds."""

    __slots__ = ("fixed", "minutes", "tables")

    def __init__(self, minutes: list[int], tables: list[tuple[int, ...]]) -> None:
        self.minutes = minutes
        self.tables = tables
        #: the value, if it neither changes nor varies
        self.fixed = tables[0][0] if len(tables) == 1 and tables[0][0] == tables[0][-1] else None

    def table(self, minute: int) -> tuple[int, ...]:
        """The inverse table that holds at a minute: the first one before its beginning too."""
        tables = self.tables
        return tables[max(bisect_right(self.minutes, minute) - 1, 0)] if len(tables) > 1 else tables[0]

    def at(self, minute: int) -> int:
        """What is read at a minute, chance aside."""
        value = self.fixed
        return value if value is not None else self.table(minute)[0]

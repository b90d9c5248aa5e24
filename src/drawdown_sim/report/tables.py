"""Plain text tables that fit a width, and the sections that a report is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

#: Space between columns.
GAP = "  "

#: Columns from which there is room for more than the ids.
WIDE = 110

#: A first column is not squeezed below this.
LEAST = 8


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines."""

    title: str
    lines: list[str] = field(default_factory=list)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], width: int, numbers: Sequence[int] = ()) -> list[str]:
    """Lines of a table, none without rows; where the width is short the first column gives way.

    The columns `numbers` stand to the right.
    """
    if not rows:
        return []
    sizes = [max(len(line[i]) for line in (head, *rows)) for i in range(len(head))]
    spare = width - sum(sizes) - len(GAP) * (len(sizes) - 1)
    if spare < 0:
        sizes[0] = max(sizes[0] + spare, LEAST)
    return [_line(cells, sizes, numbers) for cells in (head, *rows)]


def _line(cells: Sequence[str], sizes: Sequence[int], numbers: Sequence[int]) -> str:
    shown = [
        cut(cell, size).rjust(size) if i in numbers else cut(cell, size).ljust(size)
        for i, (cell, size) in enumerate(zip(cells, sizes, strict=True))
    ]
    return GAP.join(shown).rstrip()


def cut(text: str, size: int) -> str:
    """A text of at most `size` characters; what is missing shows as three dots."""
    return text if len(text) <= size else text[: size - 3] + "..."

"""Rows of a query in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tables import table
from .words import plural, wrapped

if TYPE_CHECKING:
    from ..experiment.answers import Cell, Table

#: Rows that are printed; `--json` gives all.
MOST_PRINTED = 40


def query_lines(found: Table, width: int) -> list[str]:
    """The first rows as a table of at most `width` characters; of what can be asked, table by table."""
    if found.name == "tables":
        lines: list[str] = []
        for name, rows, columns in found.rows:
            lines += wrapped(f"{name} ({plural(int(rows or 0), 'row')}): {columns}", width, "  ")
        return lines
    if not found.rows:
        return ["No rows."]
    at_right = [at for at in range(len(found.columns)) if all(_is_number(row[at]) for row in found.rows)]
    cells = [[_shown(cell) for cell in row] for row in found.rows[:MOST_PRINTED]]
    lines = table(found.columns, cells, width, at_right)
    rest = len(found.rows) - MOST_PRINTED
    return lines + ([f"and {plural(rest, 'row')} more; --json gives all"] if rest > 0 else [])


def _is_number(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, (int, float)) and not isinstance(cell, bool))


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:,.6g}" if isinstance(cell, float) else str(cell)

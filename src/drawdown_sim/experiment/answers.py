"""What a question leaves: tables with their units, how many replications they took, and where they are kept.

A table turns into Arrow, pandas or polars, so that a notebook needs no file. An answer is named by the digest of its
scenario and by what was asked, and the same question gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from ..errors import DrawdownError

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

#: A table's cell.
Cell = str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class Table:
    """Rows with named columns; `units` says what a column counts, where it is a quantity."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    units: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, entries: Sequence[Any], units: dict[str, str] | None = None) -> Table:
        """A table of dataclass instances, a column for each field. Raises ValueError for no entries."""
        if not entries or not is_dataclass(entries[0]):
            raise ValueError(f"table {name}: expected dataclass instances")
        names = tuple(entry.name for entry in fields(entries[0]))
        rows = tuple(tuple(getattr(entry, column) for column in names) for entry in entries)
        return cls(name, names, rows, units or {})

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> list[Cell]:
        """One column's cells."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def records(self) -> list[dict[str, Cell]]:
        """A mapping per row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_arrow(self) -> pyarrow.Table:
        """As an Arrow table, each column with its unit in the metadata of its field."""
        import pyarrow as pa

        arrays = [pa.array(self.column(name)) for name in self.columns]
        schema = [
            pa.field(name, array.type, metadata={"unit": self.units[name]} if name in self.units else None)
            for name, array in zip(self.columns, arrays, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=pa.schema(schema))

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas data frame. Raises DrawdownError where pandas is missing."""
        _need("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """As a polars data frame. Raises DrawdownError where polars is missing."""
        _need("polars")
        import polars as pl

        found = pl.from_arrow(self.to_arrow())
        assert isinstance(found, pl.DataFrame)
        return found


def _need(package: str) -> None:
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise DrawdownError(f"{package} is not installed; add it with pip install {package}, or use to_arrow")


@dataclass(frozen=True, eq=False)
class Answer:
    """What a question leaves."""

    question: str
    """The command: `compare`, `relief`, ..."""
    scenario: str
    digest: str
    """Of scenario, seed and contract (see `Prepared`)."""
    seed: int
    replications: int
    """Played for this answer in all."""
    asked: dict[str, Any]
    """Everything that the answer depends on beside scenario and seed; plain data."""
    found: dict[str, Any]
    """What is no table: plain data."""
    tables: tuple[Table, ...] = ()

    def table(self, name: str) -> Table:
        """A table by its name."""
        return next(table for table in self.tables if table.name == name)

    @property
    def name(self) -> str:
        """What the answer is kept under: the question, and a digest of what was asked."""
        told = json.dumps(self.asked, sort_keys=True, ensure_ascii=False)
        return f"{self.question}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    def plain(self) -> dict[str, Any]:
        """The answer as plain data with stable keys, for JSON."""
        return {
            "question": self.question,
            "scenario": self.scenario,
            "digest": self.digest,
            "seed": self.seed,
            "replications": self.replications,
            "asked": self.asked,
            **self.found,
            **{table.name: table.records() for table in self.tables},
            "units": {table.name: table.units for table in self.tables if table.units},
        }

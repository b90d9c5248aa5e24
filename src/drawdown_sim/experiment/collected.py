"""What a run leaves, collected block by block: measures column by column, and sums over all replications.

A run of many replications keeps its columns in a temporary folder, so that the memory it needs does not grow with them.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import StoreError
from ..model.plan import Ints
from .blocks import Block, Cause, Ending

#: Replications beyond which columns are kept in files.
MOST_IN_MEMORY = 20_000

_PIECE = 1 << 20

#: Rows or days by replication: a column each, one after the other.
_Columns = NDArray[np.int64]


class Collected:
    """Rows and curves of people out of so many replications, added in order, and the sums of their blocks."""

    def __init__(self, replications: int, columns: int, days: int) -> None:
        self.replications = replications
        self.causes: Counter[Cause] = Counter()
        """Minutes on the binding chains."""
        self.endings: Counter[Ending] = Counter()
        """Runs that did not complete: (status, who waits, for what, whose)."""
        self._done = 0
        self._shapes = {"rows": (columns, replications), "people_out": (days, replications)}
        self._arrays: dict[str, _Columns] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if replications <= MOST_IN_MEMORY:
            self._arrays = {name: np.zeros(shape, dtype=np.int64) for name, shape in self._shapes.items()}
        else:
            self._folder = _reserve({name: rows * columns * 8 for name, (rows, columns) in self._shapes.items()})

    def _columns(self, name: str) -> _Columns:
        """The columns of one sort; of files a mapping, which takes no memory once it is forgotten."""
        if self._folder is None:
            return self._arrays[name]
        path = Path(self._folder.name) / name
        return np.memmap(path, dtype=np.int64, mode="r+", shape=self._shapes[name])

    def add(self, block: Block) -> None:
        """The next replications."""
        after = self._done + len(block.rows)
        self._columns("rows")[:, self._done : after] = block.rows.T
        self._columns("people_out")[:, self._done : after] = block.people_out.T
        self._done = after
        self.causes.update(block.causes)
        self.endings.update(block.endings)

    def column(self, at: int) -> Ints:
        """One column of the rows, a value per replication."""
        return np.array(self._columns("rows")[at])

    def people_out(self, day: int) -> Ints:
        """People out at the end of a day, a value per replication."""
        return np.array(self._columns("people_out")[day])

    @property
    def days(self) -> int:
        """Days of the curve."""
        return self._shapes["people_out"][0]

    def block(self, first: int = 0, after: int | None = None) -> Block:
        """Replications `first` to `after` - 1 (all, if left out) as rows and curves, with the sums over all."""
        rows, curves = (np.ascontiguousarray(self._columns(name)[:, first:after].T) for name in self._shapes)
        return Block(rows, curves, self.causes, self.endings)


def _reserve(sizes: dict[str, int]) -> tempfile.TemporaryDirectory[str]:
    """A temporary folder with files of these sizes; StoreError if there is no room, now and not half-way."""
    folder = tempfile.TemporaryDirectory(prefix="drawdown-sim-")
    try:
        for name, size in sizes.items():
            with (Path(folder.name) / name).open("wb") as file:
                for at in range(0, size, _PIECE):
                    file.write(bytes(min(_PIECE, size - at)))
    except OSError as fault:
        folder.cleanup()
        raise StoreError(
            f"{tempfile.gettempdir()}: so many replications need {sum(sizes.values()) / 1e9:.1f} GB of room for a"
            f" while: {fault.strerror or fault}; name another temporary folder in TMPDIR, or ask for fewer"
        ) from None
    return folder

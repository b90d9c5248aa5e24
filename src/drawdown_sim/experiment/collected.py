"""What a run leaves, collected block by block: measures and curves column by column, and sums over all replications.

Columns are kept in parts of some thousand replications: in memory, or for a run of many in a folder, so that the memory
it needs does not grow with them. A folder that outlives the process lets the same run go on from its finished parts.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
import weakref
from collections import Counter
from pathlib import Path
from typing import BinaryIO

import numpy as np
from filelock import FileLock, Timeout

from ..errors import StoreError
from ..model.plan import Ints
from ..model.trajectory import Hold, Status
from .blocks import Block, Cause, Ending

#: Replications beyond which parts are kept in files.
MOST_IN_MEMORY = 20_000

#: Replications in a part at most, and how long one is waited for where it is kept in a file [second].
PART, PATIENCE = 4096, 10


class Collected:
    """Rows and curves of people out of replications 0, 1, ... in order, and the sums of their blocks."""

    def __init__(self, columns: int, days: int, folder: Path | None = None) -> None:
        self.causes: Counter[Cause] = Counter()
        """Minutes on the binding chains."""
        self.endings: Counter[Ending] = Counter()
        """Runs that did not complete: (status, who waits, for what, whose)."""
        self.replications = 0
        self.days = days
        self._columns = columns
        self._folder = folder
        self._parts: list[Ints | BinaryIO] = []
        self._counts: list[int] = []
        self._waiting: list[Block] = []
        self._paused = time.monotonic()

    def add(self, block: Block) -> None:
        """The next replications."""
        self._waiting.append(block)
        self.replications += len(block.rows)
        self.causes.update(block.causes)
        self.endings.update(block.endings)
        is_full = sum(len(each.rows) for each in self._waiting) >= PART
        if is_full or (self._folder is not None and time.monotonic() - self._paused > PATIENCE):
            self.pause()

    def pause(self) -> None:
        """Keep what was added as a part of its own. Raises StoreError if there is no room."""
        if not self._waiting:
            return
        rows = np.concatenate([block.rows for block in self._waiting])
        curves = np.concatenate([block.people_out for block in self._waiting])
        part = np.ascontiguousarray(np.concatenate([rows, curves], axis=1).T)
        first = self.replications - len(rows)
        self._parts.append(part if self._folder is None else _write(self._folder, first, part, self._waiting))
        self._counts.append(len(rows))
        self._waiting = []
        self._paused = time.monotonic()

    def take_kept(self, until: int) -> None:
        """Go on from the parts that the folder holds, as far as they reach without passing `until`."""
        while self._folder is not None and not self._waiting:
            found = _kept(self._folder, self.replications, until, self._columns + self.days)
            if found is None:
                return
            file, count, causes, endings = found
            self._parts.append(file)
            self._counts.append(count)
            self.replications += count
            self.causes.update(causes)
            self.endings.update(endings)

    def column(self, at: int) -> Ints:
        """One column of the rows, a value per replication."""
        self.pause()
        found = [_line(part, count, at) for part, count in zip(self._parts, self._counts, strict=True)]
        return np.concatenate([*found, np.empty(0, dtype=np.int64)])

    def people_out(self, day: int) -> Ints:
        """People out at the end of a day, a value per replication."""
        return self.column(self._columns + day)

    def block(self, first: int = 0, after: int | None = None) -> Block:
        """Replications `first` to `after` - 1 (all, if left out) as rows and curves, with the sums over all."""
        self.pause()
        after = self.replications if after is None else min(after, self.replications)
        pieces, begin = [np.empty((self._columns + self.days, 0), dtype=np.int64)], 0
        for part, count in zip(self._parts, self._counts, strict=True):
            low, high = max(first - begin, 0), min(after - begin, count)
            if low < high:
                whole = part if isinstance(part, np.ndarray) else _lines(part, count, self._columns + self.days)
                pieces.append(whole[:, low:high])
            begin += count
        both = np.concatenate(pieces, axis=1)
        rows, curves = (np.ascontiguousarray(each.T) for each in np.split(both, [self._columns]))
        return Block(rows, curves, self.causes, self.endings)


def _line(part: Ints | BinaryIO, count: int, at: int) -> Ints:
    """One column of a part."""
    if isinstance(part, np.ndarray):
        found: Ints = part[at]
        return found
    part.seek(at * count * 8)
    return np.fromfile(part, dtype=np.int64, count=count)


def _lines(part: BinaryIO, count: int, lines: int) -> Ints:
    """All columns of a part."""
    part.seek(0)
    return np.fromfile(part, dtype=np.int64, count=count * lines).reshape(lines, count)


# --- files ---------------------------------------------------------------------------------------


def _write(folder: Path, first: int, part: Ints, blocks: list[Block]) -> BinaryIO:
    """Keep a part: its sums first, then its columns under their own name, which says that it is whole."""
    causes: Counter[Cause] = Counter()
    endings: Counter[Ending] = Counter()
    for block in blocks:
        causes.update(block.causes)
        endings.update(block.endings)
    sums = {
        "causes": [[int(hold), subject, minutes] for (hold, subject), minutes in causes.items()],
        "endings": [[int(s), who, int(hold), subject, n] for (s, who, hold, subject), n in endings.items()],
    }
    path = folder / f"{first}-{part.shape[1]}.columns"
    try:
        path.with_suffix(".json").write_text(json.dumps(sums), encoding="utf-8")
        partial = path.with_suffix(".partial")
        part.tofile(partial)
        os.replace(partial, path)
        return path.open("rb")
    except OSError as fault:
        raise _no_room(folder, part.nbytes, fault.strerror or str(fault)) from None


def _kept(
    folder: Path, first: int, until: int, lines: int
) -> tuple[BinaryIO, int, Counter[Cause], Counter[Ending]] | None:  # fmt: skip
    """The whole part of a folder that begins with replication `first` and does not pass `until`."""
    for path in folder.glob(f"{first}-*.columns"):
        count = int(path.stem.partition("-")[2])
        if first + count > until or path.stat().st_size != count * lines * 8:
            continue
        try:
            sums = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            causes = Counter({(Hold(hold), subject): minutes for hold, subject, minutes in sums["causes"]})
            endings = Counter({(Status(s), who, Hold(h), subject): n for s, who, h, subject, n in sums["endings"]})
        except (OSError, ValueError, KeyError, TypeError):
            continue  # what is damaged is played again
        return path.open("rb"), count, causes, endings
    return None


class Unfinished:
    """A folder for the parts of a run: a named one that a later run goes on from, or a temporary one.

    One process at a time has a named folder; a second one that asks the same gets a temporary one.
    """

    def __init__(self, named: Path | None) -> None:
        self.is_named = False
        if named is not None:
            named.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(named / "lock")
            with contextlib.suppress(Timeout):
                self._lock.acquire(timeout=0)
                self.is_named = True
        if named is not None and self.is_named:
            self.path = named
        else:
            self.path = Path(tempfile.mkdtemp(prefix="drawdown-sim-"))
            weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def check_room(self, size: int) -> None:
        """Raise StoreError unless there is room for so many bytes, now and not half-way."""
        if shutil.disk_usage(self.path).free < size:
            raise _no_room(self.path, size, "not enough is free")

    def kept(self) -> int:
        """Replications in whole parts, for what is said of them."""
        return sum(int(path.stem.partition("-")[2]) for path in self.path.glob("*.columns"))

    def leave(self, is_done: bool) -> None:
        """Let go of a named folder; it is removed if the run is done or if nothing in it is worth keeping."""
        if self.is_named:
            gone = is_done or not self.kept()
            self._lock.release()
            if gone:
                shutil.rmtree(self.path, ignore_errors=True)


def _no_room(folder: Path, size: int, reason: str) -> StoreError:
    return StoreError(
        f"{folder}: so many replications need {size / 1e9:.1f} GB of room for a while: {reason}; "
        "name another folder with --out, or a temporary one in TMPDIR, or ask for fewer"
    )

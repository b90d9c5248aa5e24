"""The kernel's caller: memory for one thread, one replication or many, and what is mended on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from ...errors import EngineError
from ...model.draws import key_of
from ...model.plan import Ints, Plan
from ...model.trajectory import COLUMNS, Trajectory
from ...units import MINUTES_PER_DAY
from .cache import Kernel, load_kernel
from .layout import Layout, lay_out
from .records import (
    EVENTS_FULL,
    GATE_SLOTS,
    HEAD,
    HOLDS,
    MOVEMENTS_FULL,
    POOLS,
    ROWS_FULL,
    SETS,
    STRIKES_FULL,
    TABLES,
    TAKES_FULL,
    measures_count,
)

#: Is shown a replication and all its rows, shape (rows, columns), which are valid until it returns.
Visit = Callable[[int, Ints], None]

_LAYOUTS: WeakKeyDictionary[Plan, Layout] = WeakKeyDictionary()

#: Entries that the pools hold at first; one that is full is doubled, and the replication played again.
_SIZES = {"movements": 512, "takes": 4096, "strikes": 1024, "events": 1024, "rows": 8192}
_FULL = {
    ROWS_FULL: "rows",
    MOVEMENTS_FULL: "movements",
    TAKES_FULL: "takes",
    STRIKES_FULL: "strikes",
    EVENTS_FULL: "events",
}


@dataclass(frozen=True, eq=False)
class Batch:
    """What replications of one plan left, in numbers."""

    rows: Ints
    """Measures in the order of `analysis.columns`, shape (replications, columns)."""
    people_out: Ints
    """People out at the end of each day, shape (replications, days)."""
    minutes: Ints
    """Minutes on the binding chains, shape (holds, subjects); empty if not asked for."""
    subjects: list[tuple[str, int]]
    """Sort and row of each subject (see `records.SORTS`)."""


class Memory:
    """What one thread needs to play replications of a plan; its pools grow as they must.

    Raises EngineError for a plan too large for the kernel's numbers. `kernel` stands in for the compiled one.
    """

    def __init__(self, plan: Plan, kernel: Kernel | None = None) -> None:
        self._kernel = kernel or load_kernel()
        if plan not in _LAYOUTS:
            _LAYOUTS[plan] = lay_out(plan)
        self._made = _LAYOUTS[plan]
        self.subjects = self._made.subjects
        self._sizes = dict(_SIZES)
        self._state = np.empty_like(self._made.state)
        self._run = self._state[: HEAD.itemsize // 8].view(HEAD)
        self._columns = measures_count(len(plan.milestone_ids), len(plan.camp_ids))
        self._days = plan.horizon // MINUTES_PER_DAY + 1
        self._lay()

    @property
    def nbytes(self) -> int:
        """What this thread holds, the lists aside that all threads share [byte]."""
        return int(2 * self._state.nbytes + sum(pool.nbytes for pool in self._pools.values()))

    def _lay(self) -> None:
        """Make the pools, and the template with the addresses of everything."""
        self._template = self._made.state.copy()
        head = self._template[: HEAD.itemsize // 8].view(HEAD)
        for name in (*TABLES, *SETS):
            head[name] += self._state.ctypes.data
        movements = self._sizes["movements"]
        longest = max(movements, *(int(head[f"{name}_count"][0]) for name in ("lifts", "camps", "assets")))
        sizes = self._sizes | {
            "asks": GATE_SLOTS * movements,
            "waiting": GATE_SLOTS * movements,
            "due_movements": movements,
            "departing": movements,
            "formed": movements,
            "granted": 3 * movements + 1,
            "chosen": movements,
            **dict.fromkeys(("sorted", "merged"), longest),
        }
        self._pools = {
            name: np.empty(sizes[name] * record.itemsize // 8, dtype=np.int64) for name, record in POOLS.items()
        }
        for name, pool in self._pools.items():
            head[name], head[f"{name}_limit"] = pool.ctypes.data, sizes[name]
        head["lists"], head["tables"] = self._made.lists.ctypes.data, self._made.tables.ctypes.data
        # addresses are read as fixed, so they must be there before the first replication begins
        self._state[:] = self._template
        self._head = head
        self._place = (self._state.ctypes.data, self._template.ctypes.data, len(self._state))

    def play(
        self, seed: int, first: int, count: int, deadline: int, chains: bool, visit: Visit | None = None
    ) -> Batch:  # fmt: skip
        """Play and measure replications `first` .. `first` + `count` - 1; `visit` is shown the rows of each.

        Raises EngineError.
        """
        rows = np.empty((count, self._columns), dtype=np.int64)
        people_out = np.empty((count, self._days), dtype=np.int64)
        minutes = np.zeros((HOLDS, len(self.subjects)) if chains else (0, 0), dtype=np.int64)
        done = 0
        while done < count:
            asked = 1 if visit else count - done
            played = self._call(seed, first + done, asked, deadline, rows[done:], people_out[done:], minutes)
            if visit and played:
                visit(first + done, self.rows())
            done += played
        return Batch(rows, people_out, minutes, self.subjects)

    def table(self, seed: int, replication: int) -> Ints:
        """All rows of one replication, shape (rows, columns); valid until the next call. Raises EngineError."""
        nothing = np.empty((0, 0), dtype=np.int64)
        while not self._call(seed, replication, 1, 0, nothing, nothing, nothing):
            pass
        return self.rows()

    def rows(self) -> Ints:
        """All rows of the replication that was played last, shape (rows, columns); valid until the next call."""
        count = int(self._run["rows_count"][0])
        return self._pools["rows"][: count * len(COLUMNS)].reshape(count, len(COLUMNS))

    def trajectory(self, seed: int, replication: int) -> Trajectory:
        """All rows of one replication, as every engine gives them. Raises EngineError."""
        return Trajectory.from_table(self.table(seed, replication))

    def _call(
        self, seed: int, first: int, count: int, deadline: int, rows: Ints, people_out: Ints, minutes: Ints
    ) -> int:  # fmt: skip
        """Play until all are done or a pool is full, which is then doubled: how many were done."""
        self._head["seed_low"], self._head["seed_high"] = key_of(seed)
        done = self._kernel(
            *self._place,
            first,
            count,
            deadline,
            rows.ctypes.data if rows.size else 0,
            self._columns,
            people_out.ctypes.data,
            self._days,
            minutes.ctypes.data if minutes.size else 0,
            len(self.subjects),
        )
        if done < count:
            self._mend(int(self._run["fault"][0]))
        return done

    def _mend(self, fault: int) -> None:
        if fault not in _FULL:
            raise EngineError(
                "the compiled engine has left its memory, which is a fault of the program: please report the scenario; "
                "the reference engine can play it"
            )
        self._sizes[_FULL[fault]] *= 2
        self._lay()


def simulate(plan: Plan, seed: int, replication: int) -> Trajectory:
    """Play one replication; a pure function of its arguments, equal to the reference row for row."""
    return Memory(plan).trajectory(seed, replication)

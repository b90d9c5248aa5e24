"""The kernel's caller: memory, one replication or many, and what goes wrong."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from ...errors import EngineError
from ...model.draws import key_of
from ...model.plan import Ints, Plan
from ...model.trajectory import COLUMNS, Trajectory
from . import layout
from .layout import HEAD, POOLS, SETS, TABLES, Layout, lay_out
from .link import whole
from .memory import get, put, record_at
from .replication import play
from .run import EVENTS_FULL, MOVEMENTS_FULL, OUT_OF_BOUNDS, ROWS_FULL, STRIKES_FULL, TAKES_FULL

_LAYOUTS: WeakKeyDictionary[Plan, Layout] = WeakKeyDictionary()


@whole
def _play(state: int, template: int, words: int, replication: int) -> int:
    """Play one replication in the memory at `state`: 0, or the pool that is full."""
    for at in range(words):
        put(state, at, get(template, at))
    run = record_at(state, 0, HEAD)
    run.replication = replication
    play(run)
    return run.fault


class Memory:
    """What one thread needs to play replications of a plan; its pools grow as they must."""

    def __init__(self, plan: Plan) -> None:
        made = _LAYOUTS.get(plan)
        if made is None:
            made = _LAYOUTS[plan] = lay_out(plan)
        self.made = made
        self.sizes = {"movements": 512, "takes": 4096, "strikes": 2048, "events": 1024, "rows": 8192}
        self.state = np.empty_like(made.state)
        self.pools: dict[str, Ints] = {}
        self._lay()

    def _lay(self) -> None:
        """Make the pools, and the template with the addresses of everything."""
        self.template = self.made.state.copy()
        head = self.template[: HEAD.itemsize // 8].view(HEAD)
        start = self.state.ctypes.data
        for name in (*TABLES, *SETS, "look_takes", "spares"):
            head[name] += start
        movements = self.sizes["movements"]
        counts = {
            "asks": layout.GATE_SLOTS * movements,
            "waiting": layout.GATE_SLOTS * movements,
            "due_movements": movements,
            "departing": movements,
            "formed": movements,
            "granted": 3 * movements + 1,
            "sorted": max(movements, *(int(head[f"{name}_count"][0]) for name in ("lifts", "camps", "assets"))),
        }
        for name, record in POOLS.items():
            size = counts.get(name, self.sizes.get(name, 0))
            self.pools[name] = np.empty(size * record.itemsize // 8, dtype=np.int64)
            head[name], head[f"{name}_limit"] = self.pools[name].ctypes.data, size
        head["lists"], head["tables"] = self.made.lists.ctypes.data, self.made.tables.ctypes.data
        self.head = head
        self.run = self.state[: HEAD.itemsize // 8].view(HEAD)

    def play(self, seed: int, replication: int) -> None:
        """Play one replication; its rows are then in the pool of rows. Raises EngineError."""
        self.head["seed_low"], self.head["seed_high"] = key_of(seed)
        while fault := _play(self.state.ctypes.data, self.template.ctypes.data, len(self.state), replication):
            self._mend(fault)

    def _mend(self, fault: int) -> None:
        """Double what was too small."""
        full = {
            ROWS_FULL: "rows",
            MOVEMENTS_FULL: "movements",
            TAKES_FULL: "takes",
            STRIKES_FULL: "strikes",
            EVENTS_FULL: "events",
        }
        if fault == OUT_OF_BOUNDS or fault not in full:
            raise EngineError("the compiled engine has left its memory; this is a fault of the program, please report it")
        self.sizes[full[fault]] *= 2
        self._lay()

    def rows(self) -> Ints:
        """The table of the last replication, shape (rows, columns)."""
        count = int(self.run["rows_count"][0])
        return self.pools["rows"][: count * len(COLUMNS)].reshape(count, len(COLUMNS))


def simulate(plan: Plan, seed: int, replication: int) -> Trajectory:
    """Play one replication; a pure function of its arguments, equal to the reference row for row."""
    memory = Memory(plan)
    memory.play(seed, replication)
    rows = memory.rows()
    return Trajectory(*(np.ascontiguousarray(rows[:, i]) for i in range(len(COLUMNS))))

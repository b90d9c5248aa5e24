"""Two engines, one story: plays of the same replication are compared, every column of every row."""

from __future__ import annotations

import numpy as np

from drawdown_sim.analysis import Measures, binds, deadline_of, measure
from drawdown_sim.engine.compiled.engine import Batch, Memory
from drawdown_sim.engine.reference import simulate
from drawdown_sim.experiment.blocks import causes_of
from drawdown_sim.model.plan import Ints, Plan
from drawdown_sim.model.trajectory import COLUMNS, Trajectory
from engine_support import Row, told

#: Rows of either story that are told before the first that differs.
BEFORE = 12


def table_of(trajectory: Trajectory) -> Ints:
    """All columns of all rows, in the form of `Memory.table`."""
    return np.stack([getattr(trajectory, name) for name in COLUMNS], axis=1).astype(np.int64)


def difference(plan: Plan, reference: Ints, compiled: Ints) -> str:
    """The first row that differs, with what either engine told before it; empty if there is none."""
    length = min(len(reference), len(compiled))
    unlike = (reference[:length] != compiled[:length]).any(axis=1)
    if not unlike.any() and len(reference) == len(compiled):
        return ""
    first = int(unlike.argmax()) if unlike.any() else length
    lines = [f"row {first} differs ({len(reference)} rows in the reference, {len(compiled)} in the compiled engine)"]
    for name, table in (("reference", reference), ("compiled", compiled)):
        lines += ["", f"{name}:"]
        for number in range(max(first - BEFORE, 0), min(first + 3, len(table))):
            row = Row(number, *table[number].tolist())
            words = " ".join(str(word) for word in told(plan, row) if word not in ("", None))
            mark = ">" if number == first else " "
            lines.append(f"{mark} {number}: {words}, movement {row.movement}, cause {row.cause}")
    return "\n".join(lines)


def play_both(plan: Plan, seed: int, replication: int, memory: Memory | None = None) -> tuple[Ints, Ints]:
    """The tables of one replication from the reference and from the compiled engine."""
    memory = memory or Memory(plan)
    return table_of(simulate(plan, seed, replication)), memory.table(seed, replication).copy()


def assert_agree(plan: Plan, seed: int, replication: int) -> None:
    """Fail with both stories up to the first row that differs."""
    told_apart = difference(plan, *play_both(plan, seed, replication))
    assert not told_apart, told_apart


# --- measures and chains -----------------------------------------------------------------------------


def play_batch(plan: Plan, seed: int, first: int, count: int, memory: Memory | None = None) -> Batch:
    """Replications measured by the compiled engine, with the chains of all of them."""
    return (memory or Memory(plan)).play(seed, first, count, deadline_of(plan), True)


def batch_difference(plan: Plan, trajectories: list[Trajectory], batch: Batch) -> str:
    """Which measure, curve or chain of a batch is not that of the reference's trajectories; empty if none."""
    measured: list[Measures] = [measure(plan, trajectory) for trajectory in trajectories]
    if not np.array_equal(np.array([m.row for m in measured]), batch.rows):
        return "measures differ"
    if not np.array_equal(np.array([m.people_out for m in measured]), batch.people_out):
        return "curves of people out differ"
    expected, got = binds(plan, trajectories), causes_of(plan, batch)
    return "" if expected == got else f"chains differ: {dict(expected - got)} is {dict(got - expected)}"

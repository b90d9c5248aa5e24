"""Blocks of replications: what a job is, what it leaves, and how each engine does one.

A block is a pure function of its job, so that the same jobs give the same bytes whichever engine does them, and
wherever.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, local
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.critical import binds
from ..analysis.measures import deadline_of, measure
from ..analysis.names import name_of
from ..analysis.waiting import waiting
from ..engine import simulate
from ..model.plan import Ints, Plan
from ..model.trajectory import Hold, Status, Trajectory

if TYPE_CHECKING:
    from ..engine.compiled import Batch, Memory

Cause = tuple[Hold, str]
Ending = tuple[Status, str, Hold, str]

#: Looks at a replication's trajectory and says what it saw; a pure function at the top of a module, or a
#: `functools.partial` of one, since it and what it says travel between processes.
Look = Callable[[Plan, Trajectory], Any]

#: Replications per block: large enough that handing out blocks costs nothing, small enough to share them out.
BLOCK = 64

#: How long the compiled engine plays before it asks whether to go on [second]; it makes Ctrl-C prompt.
PATIENCE = 0.2


@dataclass(frozen=True, eq=False)
class Job:
    """Replications `first` to `first` + `count` - 1 of a plan; None means the plan that all share.

    Binding chains and endings are walked only if `chains` are wanted; each trajectory is shown to `look`, if there
    is one.
    """

    seed: int
    first: int
    count: int
    plan: Plan | None = None
    chains: bool = True
    look: Look | None = None


@dataclass(frozen=True, eq=False)
class Block:
    """What a job leaves: a row of measures and a curve of people out per replication, and sums over them."""

    rows: Ints
    people_out: Ints
    causes: Counter[Cause]
    """Minutes on the binding chains."""
    endings: Counter[Ending]
    """Runs that did not complete: (status, who waits, for what, whose)."""
    seen: tuple[Any, ...] = ()
    """What `look` said of each replication; empty without one."""


class Stopped(Exception):
    """Nobody wants the rest of a job any more."""


def run_job(job: Job, shared: Plan) -> Block:
    """Simulate and measure every replication of a job with the reference engine."""
    plan = shared if job.plan is None else job.plan
    rows: list[Ints] = []
    curves: list[Ints] = []
    causes: Counter[Cause] = Counter()
    endings: Counter[Ending] = Counter()
    seen: list[Any] = []
    for replication in range(job.first, job.first + job.count):
        trajectory = simulate(plan, job.seed, replication, "reference")
        measures = measure(plan, trajectory)
        rows.append(measures.row)
        curves.append(measures.people_out)
        if job.chains:
            causes.update(binds(plan, [trajectory]))
            endings.update(waiting(plan, trajectory))
        if job.look is not None:
            seen.append(job.look(plan, trajectory))
    return Block(np.stack(rows), np.stack(curves), causes, endings, tuple(seen))


_mine = local()


def run_compiled(job: Job, shared: Plan, stop: Event) -> Block:
    """Simulate and measure every replication of a job with the compiled engine, a little at a time.

    Raises Stopped soon after `stop` is set.
    """
    plan = shared if job.plan is None else job.plan
    memory, deadline = _memory(plan), deadline_of(plan)
    chains = job.chains
    blocks: list[Block] = []
    first, end, count = job.first, job.first + job.count, 1
    while first < end:
        if stop.is_set():
            raise Stopped
        count = min(count, end - first)
        began = time.perf_counter()
        seen: list[Any] = []
        batch = memory.play(job.seed, first, count, deadline, chains, _visit(plan, job.look, seen))
        took = time.perf_counter() - began
        causes: Counter[Cause] = causes_of(plan, batch) if chains else Counter()
        endings: Counter[Ending] = _endings(plan, memory, job.seed, first, batch) if chains else Counter()
        blocks.append(Block(batch.rows, batch.people_out, causes, endings, tuple(seen)))
        first += count
        count = max(int(count * min(PATIENCE / max(took, 1e-6), 8)), 1)
    return stack(blocks)


def _visit(plan: Plan, look: Look | None, seen: list[Any]) -> Callable[[int, Ints], None] | None:
    """What shows each replication to `look` and keeps in `seen` what it says; None without a look."""
    if look is None:
        return None
    return lambda _, table: seen.append(look(plan, Trajectory.from_table(table)))


def _memory(plan: Plan) -> Memory:
    """This thread's memory for a plan; only that of the last plan is kept."""
    from ..engine.compiled import Memory

    if getattr(_mine, "plan", None) is not plan:
        _mine.plan, _mine.memory = plan, Memory(plan)
    found: Memory = _mine.memory
    return found


def causes_of(plan: Plan, batch: Batch) -> Counter[Cause]:
    """Minutes on the binding chains of a batch by name, as `analysis.binds` gives them."""
    causes: Counter[Cause] = Counter()
    for hold, subject in np.argwhere(batch.minutes).tolist():
        causes[Hold(hold), _subject(plan, *batch.subjects[subject])] += int(batch.minutes[hold, subject])
    return causes


def _subject(plan: Plan, sort: str, row: int) -> str:
    """The name of a subject, of which the engine tells the sort and the row."""
    from ..engine.compiled.records import SORTS

    if sort == "asked":  # all authorities that a lift asks
        gates = plan.lift_gate[plan.lift_gate_at[2 * row] : plan.lift_gate_at[2 * row + 2]]
        return " and ".join(sorted({name_of(plan.authority_ids, plan.gate_authority[gate]) for gate in gates}))
    return name_of(getattr(plan, SORTS[sort]), row) if SORTS[sort] else ""


def _endings(plan: Plan, memory: Memory, seed: int, first: int, batch: Batch) -> Counter[Ending]:
    """Who waits for whom in the runs that did not complete, each of which is played again for its table."""
    endings: Counter[Ending] = Counter()
    for number in np.flatnonzero(batch.rows[:, 0] != Status.COMPLETE).tolist():
        endings.update(waiting(plan, memory.trajectory(seed, first + number)))
    return endings


def stack(blocks: list[Block]) -> Block:
    """Several blocks as one."""
    causes: Counter[Cause] = Counter()
    endings: Counter[Ending] = Counter()
    for block in blocks:
        causes.update(block.causes)
        endings.update(block.endings)
    return Block(
        np.concatenate([block.rows for block in blocks]),
        np.concatenate([block.people_out for block in blocks]),
        causes,
        endings,
        tuple(found for block in blocks for found in block.seen),
    )


def jobs_of(
    seed: int,
    first: int,
    replications: int,
    plan: Plan | None = None,
    chains: bool = True,
    look: Look | None = None,
) -> list[Job]:
    """Jobs of at most `BLOCK` replications, from replication `first` on, in order."""
    after = first + replications
    return [Job(seed, at, min(BLOCK, after - at), plan, chains, look) for at in range(first, after, BLOCK)]

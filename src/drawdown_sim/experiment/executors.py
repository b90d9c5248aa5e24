"""Blocks of replications and the two ways to work through them: here, or in processes.

A block is a pure function of its job, and answers come back in the order of the jobs, so that the
same jobs give the same bytes whoever does them.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from threading import current_thread, main_thread

import numpy as np

from ..analysis.critical import binds
from ..analysis.measures import measure
from ..analysis.waiting import waiting
from ..engine import simulate
from ..errors import EngineError
from ..model.plan import Ints, Plan
from ..model.trajectory import Hold, Status

Cause = tuple[Hold, str]
Ending = tuple[Status, str, Hold, str]


@dataclass(frozen=True, eq=False)
class Job:
    """Replications `first` to `first` + `count` - 1 of a plan; None means the plan that all share."""

    seed: int
    first: int
    count: int
    plan: Plan | None = None


@dataclass(frozen=True, eq=False)
class Block:
    """What a job leaves: a row of measures and a curve of people out per replication, and sums over them."""

    rows: Ints
    people_out: Ints
    causes: Counter[Cause]
    """Minutes on the binding chains."""
    endings: Counter[Ending]
    """Runs that did not complete: (status, who waits, for what, whose)."""


def run_job(job: Job, shared: Plan) -> Block:
    """Simulate and measure every replication of a job."""
    plan = shared if job.plan is None else job.plan
    rows: list[Ints] = []
    curves: list[Ints] = []
    causes: Counter[Cause] = Counter()
    endings: Counter[Ending] = Counter()
    for replication in range(job.first, job.first + job.count):
        trajectory = simulate(plan, job.seed, replication)
        measures = measure(plan, trajectory)
        rows.append(measures.row)
        curves.append(measures.people_out)
        # a spread asks for chances only
        if job.plan is None:
            causes.update(binds(plan, [trajectory]))
            endings.update(waiting(plan, trajectory))
    return Block(np.stack(rows), np.stack(curves), causes, endings)


def work_here(plan: Plan, jobs: Iterable[Job]) -> Iterator[Block]:
    """Work through the jobs in this process."""
    for job in jobs:
        yield run_job(job, plan)


def work_in_processes(plan: Plan, jobs: Iterable[Job], workers: int) -> Iterator[Block]:
    """Work through the jobs in `workers` processes, each of which gets the shared plan once.

    Processes are spawned, so a script keeps its call under ``if __name__ == "__main__"``. Raises
    EngineError if a process dies.
    """
    others = set(active_children())
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=(plan,))
    try:
        # not pool.map: on Ctrl-C it cancels what the pool's own thread then stumbles over, with a traceback
        with _undisturbed():
            futures = [pool.submit(_work, job) for job in jobs]
        for future in futures:
            yield future.result()
    except BrokenProcessPool:
        raise EngineError(
            "a worker process ended abruptly, perhaps for want of memory; run with one worker: --workers 1"
        ) from None
    except BaseException:
        # after Ctrl-C nobody waits for blocks that are half done
        for worker in set(active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put Ctrl-C off while processes start, for one that is half started complains or is left behind.

    The processes inherit the mask for good, as they should: Ctrl-C is the parent's to handle.
    """
    if current_thread() is not main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    came: list[int] = []
    # the mask alone would not do: another thread of this process may be given the signal
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if came:
        signal.raise_signal(signal.SIGINT)


_shared: list[Plan] = []


def _begin(plan: Plan) -> None:
    """Set up a worker: keep the plan; Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _shared[:] = [plan]


def _work(job: Job) -> Block:
    return run_job(job, _shared[0])


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
    )


def blocks_of(seed: int, replications: int, size: int) -> list[Job]:
    """Jobs of at most `size` replications, in order."""
    firsts = range(0, replications, size)
    return [Job(seed, first, min(size, replications - first)) for first in firsts]

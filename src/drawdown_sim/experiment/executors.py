"""Blocks of replications and the two ways to work through them: here, or in processes.

A block is a pure function of its job, and answers come back in the order of the jobs, so that the
same jobs give the same bytes whoever does them.
"""

from __future__ import annotations

import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
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
    EngineError if a process dies. Choice: a pipe to each worker instead of concurrent.futures, whose
    thread waits for ever for the rest of a block when Ctrl-C stops a worker that is sending it.
    """
    todo = deque(enumerate(jobs))
    done: dict[int, Block] = {}
    team: dict[Connection, BaseProcess] = {}
    with _undisturbed():
        for _ in range(min(workers, len(todo))):
            _hire(team, plan)
    try:
        for number in range(len(todo)):
            while number not in done:
                for pipe in connection.wait(list(team)):
                    assert isinstance(pipe, Connection)
                    _take(pipe, done, todo)
            yield done.pop(number)
    finally:
        for process in team.values():
            process.terminate()
        for process in team.values():
            process.join()


def _hire(team: dict[Connection, BaseProcess], plan: Plan) -> None:
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, plan), daemon=True)
    process.start()
    there.close()  # the worker holds the only other end, so that its death is seen here
    team[here] = process


def _take(pipe: Connection, done: dict[int, Block], todo: deque[tuple[int, Job]]) -> None:
    """Take what a worker has to say, which first is that it is ready, and give it the next job."""
    try:
        answer = pipe.recv()
        if answer is not None:
            number, block = answer
            if isinstance(block, BaseException):
                raise block
            done[number] = block
        if todo:
            pipe.send(todo.popleft())
    except (EOFError, ConnectionError):
        raise EngineError(
            "a worker process ended abruptly, perhaps for want of memory; run with one worker: --workers 1"
        ) from None


def _serve(pipe: Connection, plan: Plan) -> None:
    """A worker: blocks for jobs until it is ended; Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send(None)
    while True:
        number, job = pipe.recv()
        try:
            pipe.send((number, run_job(job, plan)))
        except Exception as fault:  # whatever it is, the parent raises it
            pipe.send((number, fault))


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

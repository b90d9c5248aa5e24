"""Work on many machines: jobs go to the workers of a Dask cluster, and come back in order.

A worker that dies is replaced by Dask, which plays its jobs again elsewhere; a job is a pure function, so that
changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from threading import Event
from typing import Any

from .. import __version__
from ..errors import EngineError
from ..model.plan import CONTRACT, Plan
from .blocks import Block, Job, run_compiled, run_job

#: Replications that go to a worker at once, at most: about as long as a second with either engine.
_AT_ONCE = {"compiled": 1024, "reference": 16}

#: Pieces that there are for each worker, at least, where the work is small.
_SHARES = 4

#: Pieces of work that wait for each worker.
_AHEAD = 3

#: Seconds after which a scheduler that does not answer is given up.
_PATIENCE = 10


def work_in_cluster(address: str, plan: Plan, jobs: Sequence[Job], engine: str) -> Iterator[Block]:
    """Work through the jobs on the cluster whose scheduler is at `address`, such as ``tcp://host:8786``.

    Raises EngineError for a cluster that does not answer or is not fit for the work.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as fault:
        raise EngineError(f"--dask {address}: no Dask scheduler answers there: {fault}") from None
    with client:
        _check(client, address, engine)
        plans: dict[int, Any] = {}
        ahead: deque[Any] = deque()
        workers = max(len(client.scheduler_info()["workers"]), 1)
        share = -(-sum(job.count for job in jobs) // (_SHARES * workers))
        for chosen, piece in _pieces(jobs, plan, min(_AT_ONCE[engine], share)):
            if id(chosen) not in plans:
                plans[id(chosen)] = client.scatter(chosen, hash=False)
            ahead.append(client.submit(_work, piece, plans[id(chosen)], engine, pure=False))
            if len(ahead) > _AHEAD * workers:
                yield from _done(ahead, address, distributed)
        while ahead:
            yield from _done(ahead, address, distributed)


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError:
        raise EngineError(
            "--dask needs Dask's distributed, which is not installed; add it with pip install 'drawdown-sim[dask]'"
        ) from None
    return distributed


def _check(client: Any, address: str, engine: str) -> None:
    """Raise EngineError unless there are workers, all with this version of the program and what the engine needs."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except Exception:  # distributed has changed what it raises here more than once
        raise EngineError(
            f"--dask {address}: the scheduler has no workers; start some with dask worker {address}"
        ) from None
    for worker, found in client.run(_about).items():
        if found[:2] != _about()[:2]:
            raise EngineError(
                f"--dask {address}: worker {worker} has drawdown-sim {found[0]} with contract {found[1]}; expected "
                f"{__version__} with contract {CONTRACT}, as here"
            )
        if engine == "compiled" and not found[2]:
            raise EngineError(
                f"--dask {address}: worker {worker} cannot play the compiled engine: install 'drawdown-sim[compiled]' "
                "there, or use --engine reference"
            )


def _about() -> tuple[str, int, bool]:
    """What a worker has: version, contract, whether the compiled engine can be had."""
    from ..engine import has_compiled

    return __version__, CONTRACT, has_compiled()


def _pieces(jobs: Iterable[Job], shared: Plan, at_once: int) -> Iterator[tuple[Plan, list[Job]]]:
    """Successive jobs of one plan, as many as go to a worker at once; the plan goes apart from them."""
    for _, group in groupby(jobs, key=lambda job: id(job.plan)):
        piece: list[Job] = []
        plan = shared
        for job in group:
            plan = shared if job.plan is None else job.plan
            piece.append(replace(job, plan=None))
            if sum(each.count for each in piece) >= at_once:
                yield plan, piece
                piece = []
        if piece:
            yield plan, piece


def _work(jobs: list[Job], plan: Plan, engine: str) -> list[Block]:
    """On a worker: what each job leaves."""
    if engine == "reference":
        return [run_job(job, plan) for job in jobs]
    never = Event()
    return [run_compiled(job, plan, never) for job in jobs]


def _done(ahead: deque[Any], address: str, distributed: Any) -> list[Block]:
    """The blocks of the piece that was handed out first."""
    future = ahead.popleft()
    try:
        found: list[Block] = future.result()
    except distributed.KilledWorker:
        raise EngineError(
            f"--dask {address}: several workers died of the same work, perhaps for want of memory"
        ) from None
    return found

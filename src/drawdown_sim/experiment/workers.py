"""Who does the work: so many workers with one engine, and who hears how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..engine import choose
from ..model.plan import Plan
from .blocks import BLOCK, Block, Job
from .executors import work_here, work_in_processes, work_in_threads

#: Replications below which starting processes takes longer than it saves.
LEAST_FOR_PROCESSES = 2 * BLOCK

#: Called with (replications done, replications in all) as the work goes on.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Workers:
    """Threads with the compiled engine, processes with the reference; the results are the same with any."""

    count: int = 1
    engine: str = "auto"
    """One of `engine.ENGINES`."""
    progress: Progress | None = None
    on_compile: Callable[[], None] | None = None
    """Called before the compiled engine is made for this machine, which is done once and takes half a minute."""
    dask: str | None = None
    """Address of the scheduler of a Dask cluster that does the work instead."""

    @classmethod
    def of(cls, workers: Workers | int) -> Workers:
        """So many, or those that are given."""
        return cls(workers) if isinstance(workers, int) else workers

    def settled(self, jobs: list[Job]) -> Workers:
        """The same with the engine that is taken for these jobs, and no more workers than they keep busy.

        Raises EngineError for an engine that does not exist or cannot be had.
        """
        total = sum(job.count for job in jobs)
        engine = choose(self.engine, total)
        alone = engine == "reference" and total < LEAST_FOR_PROCESSES
        return replace(self, count=1 if alone else min(self.count, max(len(jobs), 1)), engine=engine)

    def within(self, before: int, after: int) -> Workers:
        """The same, who tell of their work as a part of more: so many replications are done, so many come later."""
        tell = self.progress
        if tell is None:
            return self
        return replace(self, progress=lambda done, total: tell(before + done, before + total + after))

    def towards(self, total: int | None = None) -> Workers:
        """The same, who tell of one work after the other as parts of a whole of `total` replications.

        Without a total, as in a search that ends when it has found, the whole is what was asked for so far.
        """
        tell, over = self.progress, 0
        if tell is None:
            return self

        def progress(done: int, of: int) -> None:
            nonlocal over
            whole = over + of if total is None else total
            tell(min(over + done, whole), whole)
            over += of if done == of else 0

        return replace(self, progress=progress)

    def blocks(self, shared: Plan, jobs: list[Job]) -> Iterator[Block]:
        """What each job leaves, in their order, telling how far the work is.

        `shared` is the plan of jobs that name none. Raises EngineError.
        """
        if not jobs:
            return
        settled = self.settled(jobs)
        if settled.dask is not None:
            from .cluster import work_in_cluster

            blocks = work_in_cluster(settled.dask, shared, jobs, settled.engine)
        elif settled.engine == "compiled":
            from ..engine.compiled import load_kernel

            load_kernel(self.on_compile)
            blocks = work_in_threads(shared, jobs, settled.count)
        elif settled.count == 1:
            blocks = work_here(shared, jobs)
        else:
            blocks = work_in_processes(shared, jobs, settled.count)
        done, total = 0, sum(job.count for job in jobs)
        for job, block in zip(jobs, blocks, strict=True):
            done += job.count
            if self.progress:
                self.progress(done, total)
            yield block

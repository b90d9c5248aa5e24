"""One run: a scenario, a seed, so many replications, and everything that comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ..analysis import columns
from ..engine import choose
from ..errors import PlanError
from ..model.compile import compile_plan
from ..model.digest import run_digest, short
from ..model.plan import Ints, Plan
from ..scenario.load import load
from ..scenario.resolve import Bundle, canonical_json
from ..units import MINUTES_PER_DAY
from . import spread as spreading
from .blocks import Block, Job, blocks_of
from .collected import Collected
from .executors import work_here, work_in_processes, work_in_threads
from .spread import Design
from .summarise import summarise

#: Replications per block: large enough that handing out blocks costs nothing, small enough to share them out.
BLOCK = 64

#: Replications below which starting processes takes longer than it saves.
LEAST_FOR_PROCESSES = 2 * BLOCK

MOST_REPLICATIONS = 1_000_000
DEFAULT_REPLICATIONS = 500

#: Called with (replications done, replications in all) as the work goes on.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A scenario ready to run: read, compiled and named."""

    bundle: Bundle
    plan: Plan
    seed: int
    digest: str


@dataclass(frozen=True, eq=False)
class Result:
    """What a run leaves: its summary, and a row per replication."""

    prepared: Prepared
    collected: Collected
    summary: dict[str, Any]
    spread: dict[str, Any] | None
    design: Design
    workers: int
    engine: str
    seconds: float
    folder: Path | None = field(default=None)

    @property
    def digest(self) -> str:
        """The digest of scenario, seed and contract."""
        return self.prepared.digest

    def column(self, name: str) -> Ints:
        """One column of the rows by its name (see `analysis.columns`), a value per replication."""
        return self.collected.column(columns(self.prepared.plan).index(name))

    @property
    def block(self) -> Block:
        """Rows and curves of all replications, which must find room in memory together."""
        return self.collected.block()


def prepare(scenario: Bundle | str | Path, seed: int = 1) -> Prepared:
    """Read and compile a scenario, given as a bundle, a file or the name of a shipped one.

    Raises ScenarioError or PlanError for a scenario that cannot be run.
    """
    bundle = scenario if isinstance(scenario, Bundle) else load(scenario)
    if not 0 <= seed < 1 << 64:
        raise PlanError(f"seed: {seed} is out of range; expected a whole number from 0 to 2**64 - 1")
    try:
        plan = compile_plan(bundle)
    except PlanError as fault:
        raise PlanError(bundle.located(str(fault))) from fault
    return Prepared(bundle, plan, seed, short(run_digest(canonical_json(bundle), seed)))


def run(
    scenario: Bundle | str | Path,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    *,
    out: Path | str | None = None,
    workers: int | None = None,
    engine: str = "auto",
    spread: Design | None = None,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> Result:
    """Run a scenario and summarise its replications.

    `workers` share the work: threads with the compiled engine, processes with the reference; None means one. `engine`
    is one of `engine.ENGINES`. The result is the same with any, byte for byte. `on_compile` is called before the
    compiled engine is made for this machine, which is done once and takes half a minute.
    `spread` adds the chance over the ranges of what is not known (`Design()` for the usual size). With
    `out` the result is kept there (see `store`). Raises ScenarioError, PlanError or StoreError.
    """
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise PlanError(f"replications: {replications} is out of range; expected 1 to {MOST_REPLICATIONS}")
    if out is not None:
        from .store import check_writable

        check_writable(Path(out))
    result = simulate_all(
        prepare(scenario, seed), replications, workers, engine, spread=spread, progress=progress, on_compile=on_compile
    )
    if out is None:
        return result
    from .store import save

    return save(result, Path(out))


def simulate_all(
    prepared: Prepared,
    replications: int,
    workers: int | None = None,
    engine: str = "auto",
    *,
    spread: Design | None = None,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> Result:
    """Every replication of a prepared scenario, and of the settings of its spread."""
    began = time.monotonic()
    design = spread or Design(0, 0)
    seed = prepared.seed
    settings = spreading.settings_of(prepared.bundle, design, seed) if design.settings else []
    main = blocks_of(seed, replications, BLOCK)
    jobs = main + spreading.jobs_of(settings, design, seed)
    total = sum(job.count for job in jobs)
    chosen = choose(engine, total)
    if chosen == "compiled":
        used = min(workers or 1, len(jobs))
        work = _work_compiled(prepared.plan, jobs, used, on_compile)
    else:
        used = 1 if total < LEAST_FOR_PROCESSES else min(workers or 1, len(jobs))
        work = work_here(prepared.plan, jobs) if used == 1 else work_in_processes(prepared.plan, jobs, used)
    blocks = _watched(work, jobs, total, progress)
    plan = prepared.plan
    collected = Collected(replications, len(columns(plan)), plan.horizon // MINUTES_PER_DAY + 1)
    for block in islice(blocks, len(main)):
        collected.add(block)
    summary = summarise(prepared.bundle, plan, collected, digest=prepared.digest, seed=seed)
    found = spreading.summary(plan, settings, list(blocks), design) if design.settings else None
    return Result(prepared, collected, summary, found, design, used, chosen, time.monotonic() - began)


def _work_compiled(
    plan: Plan, jobs: list[Job], workers: int, on_compile: Callable[[], None] | None
) -> Iterator[Block]:  # fmt: skip
    from ..engine.compiled import load_kernel

    load_kernel(on_compile)
    return work_in_threads(plan, jobs, workers)


def _watched(blocks: Iterator[Block], jobs: list[Job], total: int, progress: Progress | None) -> Iterator[Block]:
    """The blocks as they come, telling how far the work is."""
    done = 0
    for job, block in zip(jobs, blocks, strict=True):
        done += job.count
        if progress:
            progress(done, total)
        yield block

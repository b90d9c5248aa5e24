"""One run: a scenario, a seed, so many replications, and everything that comes of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ..analysis import columns
from ..errors import PlanError
from ..model.compile import compile_plan
from ..model.digest import run_digest, short
from ..model.plan import Ints, Plan
from ..scenario.load import load
from ..scenario.resolve import Bundle, canonical_json
from ..units import MINUTES_PER_DAY
from . import spread as spreading
from .blocks import Block, jobs_of
from .collected import Collected
from .spread import Design
from .summarise import summarise
from .workers import Workers

MOST_REPLICATIONS = 1_000_000
DEFAULT_REPLICATIONS = 500


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
    workers: Workers | int = 1,
    spread: Design | None = None,
) -> Result:
    """Run a scenario and summarise its replications.

    `workers` share the work, as so many or as `Workers` with an engine; the result is the same with any, byte for byte.
    `spread` adds the chance over the ranges of what is not known (`Design()` for the usual size). With
    `out` the result is kept there (see `store`). Raises ScenarioError, PlanError or StoreError.
    """
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise PlanError(f"replications: {replications} is out of range; expected 1 to {MOST_REPLICATIONS}")
    if out is not None:
        from .store import check_writable

        check_writable(Path(out))
    team = Workers(workers) if isinstance(workers, int) else workers
    result = simulate_all(prepare(scenario, seed), replications, team, spread=spread)
    if out is None:
        return result
    from .store import save

    return save(result, Path(out))


def simulate_all(
    prepared: Prepared, replications: int, workers: Workers, *, spread: Design | None = None
) -> Result:  # fmt: skip
    """Every replication of a prepared scenario, and of the settings of its spread."""
    began = time.monotonic()
    design = spread or Design(0, 0)
    plan, seed = prepared.plan, prepared.seed
    settings = spreading.settings_of(prepared.bundle, design, seed) if design.settings else []
    main = jobs_of(seed, 0, replications)
    jobs = main + spreading.jobs_of(settings, design, seed)
    settled = workers.settled(jobs)
    blocks = settled.blocks(plan, jobs)
    collected = Collected(replications, len(columns(plan)), plan.horizon // MINUTES_PER_DAY + 1)
    for block in islice(blocks, len(main)):
        collected.add(block)
    summary = summarise(prepared.bundle, plan, collected, digest=prepared.digest, seed=seed)
    found = spreading.summary(plan, settings, list(blocks), design) if design.settings else None
    seconds = time.monotonic() - began
    return Result(prepared, collected, summary, found, design, settled.count, settled.engine, seconds)

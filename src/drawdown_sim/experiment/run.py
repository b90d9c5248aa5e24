"""One run: a scenario, a seed, so many replications, and everything that comes of it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ..analysis import columns
from ..errors import PlanError
from ..model.compile import compile_plan
from ..model.digest import run_digest, short
from ..model.plan import Ints, Plan
from ..scenario.load import load
from ..scenario.resolve import Bundle, canonical_json
from ..units import MINUTES_PER_DAY
from . import spread as spreading
from .answers import Answer, Table
from .blocks import BLOCK, Block, jobs_of
from .collected import MOST_IN_MEMORY, Collected, Unfinished
from .precision import Precision, first_target, next_target, report
from .spread import Design
from .summarise import summarise
from .workers import Workers

MOST_REPLICATIONS = 1_000_000

#: Replications up to which a run is not worth keeping before it is done.
LEAST_KEPT = 4 * BLOCK

DEFAULT_REPLICATIONS = 500

USUAL_SEED = 1


@dataclass(frozen=True, eq=False)
class Prepared:
    """A scenario ready to run: read, compiled and named."""

    bundle: Bundle
    plan: Plan
    seed: int
    digest: str

    @property
    def wording(self) -> str:
        """A digest of titles, grounds and ranges too, which answers show and the plan's digest leaves out."""
        return wording([self.bundle])

    def answer(
        self,
        question: str,
        replications: int,
        asked: dict[str, Any],
        found: dict[str, Any],
        tables: tuple[Table, ...],
    ) -> Answer:
        """An answer about this scenario; its wording is part of what was asked, unless that names one."""
        told = asked | {"wording": asked.get("wording", self.wording)}
        return Answer(question, self.bundle.name, self.digest, self.seed, replications, told, found, tables)


def wording(bundles: Sequence[Bundle]) -> str:
    """A digest of scenarios with everything that is written in them."""
    told = "\n".join(canonical_json(bundle, with_grounds=True) for bundle in bundles)
    return short(hashlib.sha256(told.encode()).hexdigest())


#: What can be asked about: a scenario made ready, a bundle, a file, or the name of a shipped one.
Playable: TypeAlias = Prepared | Bundle | str | Path


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
    precision: dict[str, Any] | None = None
    """What was asked of the chances and dates and what was reached (see `precision`)."""
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


def prepare(scenario: Playable, seed: int | None = None) -> Prepared:
    """Read and compile a scenario, given as a bundle, a file or the name of a shipped one.

    The seed, if none is given, is that of a scenario prepared before, and else 1. Raises ScenarioError or PlanError for
    a scenario that cannot be run.
    """
    if isinstance(scenario, Prepared):
        if seed in (None, scenario.seed):
            return scenario
        scenario = scenario.bundle
    seed = USUAL_SEED if seed is None else seed
    bundle = scenario if isinstance(scenario, Bundle) else load(scenario)
    if not 0 <= seed < 1 << 64:
        raise PlanError(f"seed: {seed} is out of range; expected a whole number from 0 to 2**64 - 1")
    try:
        plan = compile_plan(bundle)
    except PlanError as fault:
        raise PlanError(bundle.located(str(fault))) from fault
    return Prepared(bundle, plan, seed, short(run_digest(canonical_json(bundle), seed)))


def run(
    scenario: Playable,
    replications: int | Precision = DEFAULT_REPLICATIONS,
    seed: int | None = None,
    *,
    out: Path | str | None = None,
    workers: Workers | int = 1,
    spread: Design | None = None,
) -> Result:
    """Run a scenario and summarise its replications: so many, or as many as a precision takes.

    `workers` share the work, as so many or as `Workers` with an engine; the result is the same with any, byte for byte.
    `spread` adds the chance over the ranges of what is not known (`Design()` for the usual size). With `out` the result
    is kept there (see `store`), and a run that was ended goes on from what it had finished. Raises ScenarioError,
    PlanError or StoreError.
    """
    prepared, team = prepare(scenario, seed), Workers.of(workers)
    if out is None:
        return simulate_all(prepared, replications, team, spread=spread)
    from .store import check_writable, save

    check_writable(Path(out))
    result = simulate_all(prepared, replications, team, spread=spread, out=Path(out))
    return save(result, Path(out))


def simulate_all(
    prepared: Prepared,
    replications: int | Precision,
    workers: Workers,
    *,
    spread: Design | None = None,
    out: Path | None = None,
) -> Result:
    """Every replication of a prepared scenario, and of the settings of its spread.

    With `out` the parts of a long run are kept below it until it is done. Raises PlanError or StoreError.
    """
    precision = replications if isinstance(replications, Precision) else None
    most = precision.most if precision else replications
    assert isinstance(most, int)
    if not 1 <= most <= MOST_REPLICATIONS:
        raise PlanError(f"replications: {most} is out of range; expected 1 to {MOST_REPLICATIONS}")
    began = time.monotonic()
    design = spread or Design(0, 0)
    plan, seed = prepared.plan, prepared.seed
    settings = spreading.settings_of(prepared.bundle, design, seed) if design.settings else []
    asides = spreading.jobs_of(settings, design, seed)
    target = first_target(precision) if precision else most
    settled = workers.settled(jobs_of(seed, 0, target) + asides)
    with _collecting(prepared, precision, most, out) as collected:
        while True:
            collected.take_kept(target)
            jobs = jobs_of(seed, collected.replications, target - collected.replications)
            # what stands aside is played last, and counted from the first
            rest = sum(job.count for job in asides)
            for block in settled.within(collected.replications, rest).blocks(plan, jobs):
                collected.add(block)
            collected.pause()
            further = next_target(precision, plan, collected) if precision else None
            if further is None:
                break
            target = further
        blocks = list(settled.within(collected.replications, 0).blocks(plan, asides))
    summary = summarise(prepared.bundle, plan, collected, digest=prepared.digest, seed=seed)
    return Result(
        prepared,
        collected,
        summary,
        spreading.summary(plan, settings, blocks, design) if design.settings else None,
        design,
        settled.count,
        settled.engine,
        time.monotonic() - began,
        precision=report(precision, plan, collected) if precision else None,
    )


@contextmanager
def _collecting(
    prepared: Prepared, precision: Precision | None, most: int, out: Path | None
) -> Iterator[Collected]:  # fmt: skip
    """What collects a run: in memory if it is short, in files that outlive an abrupt end if it is kept."""
    lines, days = len(columns(prepared.plan)), prepared.plan.horizon // MINUTES_PER_DAY + 1
    if most <= LEAST_KEPT or (out is None and most <= MOST_IN_MEMORY):
        yield Collected(lines, days)
        return
    asked = f"p{precision.half_width:g}" if precision else f"r{most}"
    place = Unfinished(out / prepared.bundle.name / f".{prepared.digest}-{asked}-unfinished" if out else None)
    if precision is None:
        place.check_room((lines + days) * most * 8)
    collected, is_done = Collected(lines, days, place.path), False
    try:
        yield collected
        is_done = True
    except KeyboardInterrupt as stop:
        collected.pause()
        if place.is_named and (kept := place.kept()):
            stop.add_note(f"{kept:,} replications are kept: the same command goes on from there")
        raise
    finally:
        place.leave(is_done)

"""Runs of shipped scenarios with other values in them, and what is measured of them replication by replication."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from drawdown_sim.analysis import columns, final_deadlines, wilson
from drawdown_sim.experiment.run import Result, run
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.model.plan import NEVER, Ints
from drawdown_sim.scenario import load
from drawdown_sim.scenario.resolve import Bundle, inputs, with_values
from drawdown_sim.scenario.values import Value
from drawdown_sim.units import MINUTES_PER_DAY

ROOT = Path(__file__).parents[1]
SEED = 1
WORKERS = os.cpu_count() or 1

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Sample:
    """The first replications of a run, for paired comparisons; times [minute], `NEVER` if censored."""

    result: Result
    replications: int

    def __getitem__(self, name: str) -> Ints:
        """One column of `analysis.columns`, or one of the outcomes below."""
        derived = _DERIVED.get(name)
        if derived is not None:
            return derived(self)
        column = name if name in columns(self.result.prepared.plan) else f"camp:{name}:closed"
        return self.result.column(column)[: self.replications]

    @property
    def hits(self) -> int:
        """In how many replications the withdrawal milestone was reached in time."""
        return int((self["finish"] <= self.deadline).sum())

    @property
    def deadline(self) -> int:
        plan = self.result.prepared.plan
        return int(final_deadlines(plan)[plan.milestone_ids.index("withdrawal")])

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the chance."""
        return wilson(self.hits, self.replications)

    @property
    def due(self) -> int:
        """People due to leave."""
        return int(self.result.summary["remaining"]["people_due"])

    @property
    def horizon(self) -> int:
        return int(self.result.prepared.plan.horizon)


_DERIVED: dict[str, Callable[[Sample], Ints]] = {
    "finish": lambda s: s["milestone:withdrawal"],
    "destroyed_or_left": lambda s: s["destroyed"] + s["residual"],
    "hurt": lambda s: s["people_hurt"],
    "convoy_km": lambda s: s["convoy_metres"] // 1000,
    # due to leave and in Mali when the run ended
    "people_never": lambda s: s.due - s.result.block.people_out[: s.replications, -1],
}


def scenario(name: str, values: Mapping[str, Any] | None = None) -> Bundle:
    """A shipped scenario with other values at dotted paths, written as under `value:` or as values."""
    bundle = load(ROOT / "scenarios" / f"{name}.yaml")
    if not values:
        return bundle
    have = {entry.path: entry.value for entry in inputs(bundle)}
    return with_values(
        bundle,
        {
            path: written if isinstance(written, Value) else have[path].rewritten(written)
            for path, written in values.items()
        },
    )


def simulate(bundle: Bundle, replications: int, progress: Progress | None = None) -> Result:
    """Run with seed 1 in as many processes as there are cores."""
    return run(bundle, replications, SEED, workers=Workers(WORKERS, progress=progress))


def day(start: date, minute: int | float) -> date:
    """The day in which a minute lies."""
    return start + timedelta(int(minute) // MINUTES_PER_DAY)


def quantile(values: Ints, percent: int) -> int | None:
    """The smallest value that at least so many percent do not exceed; None if it is censored."""
    ordered = np.sort(values)
    found = int(ordered[max(-(-len(ordered) * percent // 100), 1) - 1])
    return None if found >= NEVER else found

"""Variants: a scenario with other values at some paths, played with the same luck as the scenario itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis.sample import Sample
from ..errors import PlanError, ScenarioError
from ..scenario.resolve import with_values
from ..scenario.values import Value
from .blocks import Look, jobs_of, stack
from .run import Prepared, prepare
from .workers import Workers


@dataclass(frozen=True, eq=False)
class Variant:
    """A named change of a scenario: ready to be played, or why it cannot be."""

    name: str
    prepared: Prepared | None
    refused: str = ""


def vary(base: Prepared, values: Mapping[str, Value | str]) -> Prepared:
    """The scenario with other values at dotted paths, written as under `value:` or as values.

    Raises ScenarioError or PlanError for a path without a value, an unreadable text, or a plan that cannot be.
    """
    return prepare(with_values(base.bundle, values), base.seed) if values else base


def variant(base: Prepared, name: str, values: Mapping[str, Value | str]) -> Variant:
    """The same as a variant, with the reason where the change makes no plan."""
    try:
        return Variant(name, vary(base, values))
    except (ScenarioError, PlanError) as refusal:
        return Variant(name, None, str(refusal))


def play(
    variants: Sequence[Prepared], replications: int, workers: Workers, *, first: int = 0
) -> list[Sample]:  # fmt: skip
    """Replications `first` to `first` + `replications` - 1 of each, all with their own seed: equal seeds are paired.

    Raises EngineError.
    """
    jobs = [job for each in variants for job in jobs_of(each.seed, first, replications, each.plan, chains=False)]
    blocks = list(workers.blocks(variants[0].plan, jobs)) if jobs else []
    each = len(jobs) // len(variants) if variants else 0
    return [
        Sample(prepared.plan, stack(blocks[at * each : (at + 1) * each]).rows) for at, prepared in enumerate(variants)
    ]


def look_at(
    prepared: Prepared, first: int, replications: int, look: Look, workers: Workers
) -> tuple[Sample, tuple[Any, ...]]:  # fmt: skip
    """Replications of a scenario, and what `look` says of each (see `Job`). Raises EngineError."""
    jobs = jobs_of(prepared.seed, first, replications, chains=False, look=look)
    block = stack(list(workers.blocks(prepared.plan, jobs)))
    return Sample(prepared.plan, block.rows), block.seen


def joined(samples: Sequence[Sample]) -> Sample:
    """Samples of one plan, of successive replications, as one."""
    return Sample(samples[0].plan, np.concatenate([sample.rows for sample in samples]))

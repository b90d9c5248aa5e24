"""What is not known: the chance over plausible settings of the inputs that no fact fixes.

A Latin hypercube over the ranges of assumed, calibrated and borrowed inputs: each range is cut into
as many equal parts as there are settings, and each setting takes one part of each range. It answers
how far the chance depends on what is not known; it is kept apart from the Wilson interval, which only says
how well the replications measure one setting's chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..analysis.measures import columns, final_deadlines
from ..errors import PlanError, ScenarioError
from ..model.compile import compile_plan
from ..model.draws import key_of, owner_key, philox_block
from ..model.plan import Plan
from ..scenario.resolve import Bundle, Input, inputs, with_values
from ..scenario.values import Value
from .blocks import Block, Job

#: Code of this design in the addresses of draws; far above the engine's points.
POINT = 0xF0

#: Grounds whose values are open to doubt; facts and arithmetic over facts are not varied.
DOUBTFUL = frozenset({"analogy", "calibrated", "assumed"})


@dataclass(frozen=True, slots=True)
class Design:
    """How much is tried: so many settings with so many replications each; no settings, no spread."""

    settings: int = 24
    replications: int = 40


@dataclass(frozen=True, eq=False)
class Setting:
    """One point of the design: its plan, or why there is none.

    `values` holds what was set to what, in base units; for a value by date, the factor on its steps.
    """

    values: dict[str, Fraction]
    plan: Plan | None
    refused: str = ""


def doubtful(bundle: Bundle) -> list[Input]:
    """The inputs with a range whose ground is an assumption, an analogy or a fit."""
    found = inputs(bundle)
    return [entry for entry in found if entry.value.range is not None and entry.value.kind in DOUBTFUL]


def settings_of(bundle: Bundle, design: Design, seed: int) -> list[Setting]:
    """The points of the design, each compiled; empty if nothing is in doubt."""
    ranged = doubtful(bundle)
    if not ranged:
        return []
    parts = np.stack([_shuffled(path, design.settings, seed) for path in (entry.path for entry in ranged)], axis=1)
    return [_setting(bundle, ranged, parts[point].tolist(), design.settings) for point in range(design.settings)]


def _shuffled(path: str, settings: int, seed: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A permutation of the parts of one input's range, from its path and the seed alone."""
    counters = np.zeros((settings, 4), dtype=np.uint32)
    counters[:, 0] = np.arange(settings)
    counters[:, 1] = POINT << 16
    counters[:, 2] = owner_key("spread", path)
    return np.argsort(philox_block(counters, key_of(seed))[:, 0], kind="stable")


def _setting(bundle: Bundle, ranged: list[Input], parts: list[int], settings: int) -> Setting:
    """The scenario with each input at the middle of its part of the range."""
    chosen: dict[str, Fraction] = {}
    values: dict[str, Value | str] = {}
    for entry, part in zip(ranged, parts, strict=True):
        assert entry.value.range is not None
        low, high = entry.value.range
        share = Fraction(2 * part + 1, 2 * settings)
        chosen[entry.path] = low + (high - low) * share
        values[entry.path] = entry.value.across(share)
    try:
        return Setting(chosen, compile_plan(with_values(bundle, values)))
    except (ScenarioError, PlanError) as refusal:
        return Setting(chosen, None, str(refusal))


def jobs_of(settings: list[Setting], design: Design, seed: int) -> list[Job]:
    """One job for each setting that has a plan."""
    return [Job(seed, 0, design.replications, s.plan, chains=False) for s in settings if s.plan is not None]


def summary(plan: Plan, settings: list[Setting], blocks: list[Block], design: Design) -> dict[str, Any]:
    """Least, median and greatest chance of each milestone over the settings, with the settings themselves."""
    tried = [setting for setting in settings if setting.plan is not None]
    chances = [_chances(setting.plan, block) for setting, block in zip(tried, blocks, strict=True) if setting.plan]
    milestones = []
    for row, name in enumerate(plan.milestone_ids):
        ordered = sorted(chance[row] for chance in chances)
        ends = (ordered[0], _median(ordered), ordered[-1]) if ordered else (None, None, None)
        milestones.append({"id": name, **dict(zip(("min", "median", "max"), ends, strict=True))})
    return {
        "settings": len(tried),
        "replications": design.replications,
        "refused": [s.refused for s in settings if s.plan is None],
        "inputs": sorted(settings[0].values) if settings else [],
        "milestones": milestones,
        "points": [
            {
                "chances": dict(zip(plan.milestone_ids, chance, strict=True)),
                "values": {path: round(float(number), 6) for path, number in sorted(setting.values.items())},
            }
            for setting, chance in zip(tried, chances, strict=True)
        ],
    }


def _chances(plan: Plan, block: Block) -> list[float]:
    """The share of replications in which each milestone was reached in time."""
    names = columns(plan)
    deadlines = final_deadlines(plan)
    shares = []
    for row, name in enumerate(plan.milestone_ids):
        reached = block.rows[:, names.index(f"milestone:{name}")]
        shares.append(round(float((reached <= deadlines[row]).mean()), 6))
    return shares


def _median(ordered: list[float]) -> float:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return round((ordered[middle - 1] + ordered[middle]) / 2, 6)

"""What a relaxation does, measure by measure, in paired differences to the base."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ...analysis.paired import Difference, paired, paired_chance
from ...analysis.sample import Sample
from ...model.plan import Ints
from ..blocks import Cause
from .relaxations import Relaxation

#: What is compared, with its unit in answers. Days saved and chance gained are better above zero, the changes below.
MEASURES = {
    "saved_days": "day",
    "chance_gained": "share of replications",
    "losses_change": "load",
    "exposure_change": "km",
    "hurt_change": "person",
}

Effects = dict[str, Difference]


@dataclass(frozen=True, eq=False)
class Tried:
    """A relaxation, or two together, with what it does."""

    relaxations: tuple[Relaxation, ...]
    effects: Effects
    """Days saved in minutes here."""
    finish: Ints
    """When the milestone was reached, a value per replication [minute]; the horizon where it was not."""
    causes: Counter[Cause]
    """Minutes on the binding chains."""

    @property
    def relaxation(self) -> Relaxation:
        """The first one."""
        return self.relaxations[0]

    @property
    def saved(self) -> float:
        """Mean minutes by which the milestone is reached earlier."""
        return self.effects["saved_days"].mean

    def improvement(self, measure: str) -> float:
        """How much better it makes a measure; below zero for worse."""
        return self.effects[measure].mean * (-1 if measure.endswith("_change") else 1)


def effects(base: Sample, other: Sample, milestone: str) -> Effects:
    """Every measure's difference over the same replications."""
    return {
        "saved_days": paired(other.finish(milestone), base.finish(milestone)),
        "chance_gained": paired_chance(base.in_time(milestone), other.in_time(milestone)),
        "losses_change": paired(base.losses(), other.losses()),
        "exposure_change": paired(base.exposure(), other.exposure()),
        "hurt_change": paired(base.hurt(), other.hurt()),
    }


def interaction(base: Ints, one: Ints, other: Ints, both: Ints) -> Difference:
    """Minutes saved together less the sum of what each saves alone, from the finishes of the same replications."""
    return paired(both, one + other - base)


def shares(base: Ints, other: Ints) -> tuple[float, float]:
    """Shares of replications that finish earlier and later than in the base."""
    return float(np.mean(other < base)), float(np.mean(other > base))

"""Replications of one plan in measures, by what a question asks of them: when, in time or not, at what price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..model.plan import NEVER, Ints, Plan
from ..units import MINUTES_PER_DAY
from .measures import Bools, columns, final_deadlines, milestone_row
from .summary import Chance, Quantiles, chance, quantiles

#: Columns that are losses of cargo: destroyed, lost on the road, left behind by a decision or in the last days [load].
LOSSES = ("destroyed", "lost_on_road", "residual")


@dataclass(frozen=True, eq=False)
class Sample:
    """Measures of replications 0, 1, ... of a plan; samples of two plans with the same seed are paired row by row."""

    plan: Plan
    rows: Ints
    """Shape (replications, columns), in the order of `columns`."""

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Ints:
        """One measure (see `columns`), a value per replication."""
        found: Ints = self.rows[:, columns(self.plan).index(name)]
        return found

    def milestone(self, name: str | None) -> int:
        """The row of a milestone; the primary one if none is named. Raises PlanError for one that there is not."""
        return milestone_row(self.plan, name)

    def reached(self, milestone: str | None = None) -> Ints:
        """When a milestone was reached [minute], `NEVER` where it was not."""
        return self.column(f"milestone:{self.plan.milestone_ids[self.milestone(milestone)]}")

    def in_time(self, milestone: str | None = None) -> Bools:
        """Whether a milestone was reached by the last version of its deadline."""
        found: Bools = self.reached(milestone) <= final_deadlines(self.plan)[self.milestone(milestone)]
        return found

    def chance(self, milestone: str | None = None) -> Chance:
        """The chance of a milestone, with its Wilson interval."""
        return chance(int(self.in_time(milestone).sum()), len(self))

    def quantiles(self, milestone: str | None = None) -> Quantiles:
        """When a milestone was reached, with how often it never was."""
        return quantiles(self.reached(milestone))

    def finish(self, milestone: str | None = None) -> Ints:
        """When a milestone was reached [minute]; the horizon where it was not, so that differences are at least so."""
        return np.minimum(self.reached(milestone), self.plan.horizon)

    def censored(self, milestone: str | None = None) -> int:
        """Replications in which a milestone was not reached by the horizon."""
        return int((self.reached(milestone) >= NEVER).sum())

    def losses(self) -> Ints:
        """Cargo destroyed, lost on the road or left behind [load], per replication."""
        return sum((self.column(name) for name in LOSSES), start=np.zeros(len(self), dtype=np.int64))

    def exposure(self) -> Ints:
        """Distance of convoys on legs with a threat [km], per replication."""
        return self.column("convoy_metres") // 1000

    def hurt(self) -> Ints:
        """People hurt, per replication."""
        return self.column("people_hurt")


def days(minutes: float) -> float:
    """Minutes as days, to three places, so that every machine prints the same."""
    return round(float(minutes) / MINUTES_PER_DAY, 3)

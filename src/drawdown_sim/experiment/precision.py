"""Enough replications, and no more: when the chances and the dates of the milestones are known as closely as asked.

Chances: until Wilson's 95 % interval of each milestone is no wider than twice what was asked. Dates: by the sequential
rule of K. Hoad, S. Robinson and R. Davies, "Automated selection of the number of replications for a discrete-event
simulation", Journal of the Operational Research Society 61 (2010) 1632: until the half-width of the 95 % interval of
the mean, as a share of the mean, falls below what was asked and stays there while 5 % more replications are played (at
least 5). Runs that never reached a milestone have no date; they count for the chance, and are told apart.

Choice: from the least number of replications on the normal quantile stands for Student's, which is 1.3 % wider there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis import columns, final_deadlines, wilson
from ..analysis.summary import Z95
from ..errors import PlanError
from ..model.plan import NEVER, Ints, Plan
from ..units import MINUTES_PER_DAY
from .blocks import BLOCK
from .collected import Collected

#: Replications below which nothing is judged.
LEAST = 4 * BLOCK

#: Hoad, Robinson and Davies: replications that must go on to agree, in per cent and at least.
_LOOK_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Precision:
    """How closely chances and dates are asked for: half a width of 0.02 is two percentage points, and 2 % of a mean."""

    half_width: float
    most: int
    """Replications beyond which it is given up."""

    def __post_init__(self) -> None:
        if not 0.0005 <= self.half_width <= 0.25:
            raise PlanError(f"precision: {self.half_width:g} is out of range; expected 0.0005 to 0.25, such as 0.02")


def first_target(precision: Precision) -> int:
    """How many replications to begin with."""
    return min(LEAST, precision.most)


def next_target(precision: Precision, plan: Plan, collected: Collected) -> int | None:
    """How many replications in all are asked for next; None if there are enough.

    Choice: what the spread so far says is needed and a fiftieth more, so that few are played in vain; at most four
    times as many as there are, since the first few may mislead.
    """
    done = collected.replications
    wanted = max(need for each in _milestones(plan, collected) for need in each.needs(precision.half_width))
    if wanted <= done or done >= precision.most:
        return None
    wanted = min(math.ceil(max(wanted, done) * 1.02), 4 * done, precision.most)
    return min(math.ceil(wanted / BLOCK) * BLOCK, precision.most)


def report(precision: Precision, plan: Plan, collected: Collected) -> dict[str, Any]:
    """What was reached, milestone by milestone, and how many replications half the width would take."""
    found = list(_milestones(plan, collected))
    done = collected.replications
    return {
        "asked": precision.half_width,
        "reached": all(need <= done for each in found for need in each.needs(precision.half_width)),
        "replications": done,
        "milestones": [each.plain() for each in found],
        "half_as_wide": max(need for each in found for need in each.needs(precision.half_width / 2)),
    }


@dataclass(frozen=True, eq=False)
class _Milestone:
    """When a milestone was reached in every replication so far."""

    name: str
    reached: Ints
    deadline: int

    @property
    def hits(self) -> int:
        return int((self.reached <= self.deadline).sum())

    @property
    def half_width(self) -> float:
        """Of Wilson's interval of the chance."""
        low, high = wilson(self.hits, len(self.reached))
        return (high - low) / 2

    def needs(self, precision: float) -> tuple[int, int]:
        """Replications for the chance, and for the date."""
        return self._for_chance(precision), self._for_date(precision)

    def _for_chance(self, precision: float) -> int:
        """The least number at which Wilson's interval is narrow enough if the share stays what it is."""
        runs = len(self.reached)
        if self.half_width <= precision:
            return runs
        share = self.hits / runs
        low, high = runs, 1 << 40
        while high - low > 1:
            middle = (low + high) // 2
            ends = wilson(round(share * middle), middle)
            low, high = (low, middle) if (ends[1] - ends[0]) / 2 <= precision else (middle, high)
        return high

    def _for_date(self, precision: float) -> int:
        """By the rule of Hoad, Robinson and Davies; 0 where too few reached it to speak of a date."""
        times = self.reached[self.reached < NEVER].astype(np.float64)
        if len(times) < 3 or not times.mean():
            return 0
        widths = _relative_widths(times)
        enough = np.flatnonzero(_stays(widths <= precision))
        runs = len(self.reached)
        if len(enough):
            return runs
        return max(math.ceil(runs * (float(widths[-1]) / precision) ** 2), runs + 1)

    def plain(self) -> dict[str, Any]:
        times = self.reached[self.reached < NEVER].astype(np.float64)
        date = None
        if len(times) >= 3:
            date = round(Z95 * float(times.std(ddof=1)) / math.sqrt(len(times)) / MINUTES_PER_DAY, 3)
        return {
            "id": self.name,
            "half_width": round(self.half_width, 6),
            "mean_date_half_width_days": date,
            "censored": int((self.reached >= NEVER).sum()),
        }


def _milestones(plan: Plan, collected: Collected) -> list[_Milestone]:
    names, deadlines = columns(plan), final_deadlines(plan).tolist()
    return [
        _Milestone(name, collected.column(names.index(f"milestone:{name}")), deadlines[row])
        for row, name in enumerate(plan.milestone_ids)
    ]


def _relative_widths(times: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Half the width of the 95 % interval of the mean, as a share of the mean, after 1, 2, ... replications."""
    count = np.arange(1, len(times) + 1)
    mean = np.cumsum(times) / count
    # about the overall mean, so that no digits are lost
    centred = times - times.mean()
    spread = np.cumsum(centred**2) / count - (np.cumsum(centred) / count) ** 2
    deviation = np.sqrt(np.maximum(spread, 0) * count / np.maximum(count - 1, 1))
    widths: np.ndarray[Any, np.dtype[np.float64]] = Z95 * deviation / np.sqrt(count) / mean
    widths[:2] = np.inf
    return widths


def _stays(narrow: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where the interval is narrow enough and stays so while 5 %, and at least 5, more replications are played."""
    count = np.arange(1, len(narrow) + 1)
    ahead = count + np.maximum(_LOOK_AHEAD, np.ceil(_LOOK_AHEAD * count / 100).astype(np.int64))
    wide = np.concatenate([[0], np.cumsum(~narrow)])
    seen = ahead <= len(narrow)
    last = np.minimum(ahead, len(narrow))
    found: np.ndarray[Any, np.dtype[np.bool_]] = narrow & seen & (wide[last] - wide[count] == 0)
    return found

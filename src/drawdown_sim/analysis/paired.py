"""Differences between two plans that were played with the same luck, replication by replication.

Pairing takes out what both share: the interval of the mean difference is that of the differences, not of two samples.
`variance_ratio` says how many times as many independent replications would have been needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..model.plan import Ints
from .measures import Bools
from .summary import Z95


@dataclass(frozen=True, slots=True)
class Difference:
    """Other minus base over paired replications: the mean and its 95 % interval."""

    mean: float
    low: float
    high: float
    pairs: int
    variance_ratio: float | None
    """Variance of the difference of independent samples over that of the pairs; None where no pair differs."""

    @property
    def is_detectable(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def paired(base: Ints, other: Ints) -> Difference:
    """The difference of two measures; the interval is that of the mean of the pairs' differences.

    Choice: the normal quantile, since a question takes hundreds of pairs. Raises ValueError for fewer than two pairs.
    """
    count = _pairs(base, other)
    gaps = other.astype(np.float64) - base
    spread = float(gaps.var(ddof=1))
    half = Z95 * math.sqrt(spread / count)
    mean = float(gaps.mean())
    apart = float(base.var(ddof=1) + other.var(ddof=1))
    return Difference(mean, mean - half, mean + half, count, apart / spread if spread else None)


def paired_chance(base: Bools, other: Bools) -> Difference:
    """The difference of two chances; the interval is Bonett and Price's adjusted Wald interval for paired proportions.

    D. G. Bonett and R. M. Price, Journal of Educational and Behavioral Statistics 37 (2012) 479.
    """
    count = _pairs(base, other)
    gained, lost = int((other & ~base).sum()), int((base & ~other).sum())
    up, down = (gained + 1) / (count + 2), (lost + 1) / (count + 2)
    half = Z95 * math.sqrt((up + down - (up - down) ** 2) / (count + 2))
    mean = (gained - lost) / count
    spread = (gained + lost) / count - mean**2
    apart = float(base.var() + other.var())
    low, high = max(up - down - half, -1.0), min(up - down + half, 1.0)
    return Difference(mean, low, high, count, apart / spread if spread else None)


def _pairs(base: Ints | Bools, other: Ints | Bools) -> int:
    """How many pairs there are."""
    if len(base) != len(other) or len(base) < 2:
        raise ValueError(f"expected at least two pairs; found {len(base)} and {len(other)} replications")
    return len(base)

"""Summaries across replications: chances with their intervals, quantiles with censoring, likelihood words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ..model.plan import NEVER, Ints

#: Normal quantile of a two-sided 95 % interval.
Z95 = 1.959963984540054

#: Replications below which no likelihood word is given.
LEAST_FOR_WORDS = 200

Name = Literal["p10", "p50", "p90"]
_LEVELS: tuple[tuple[Name, int], ...] = (("p10", 10), ("p50", 50), ("p90", 90))

#: Calibrated language of the IPCC (guidance note for the fifth assessment report, 2010, table 1, with the
#: finer terms that the reports add). Its ranges overlap; each chance gets the one strongest term that holds.
#: Terms with the greatest chance at which they are used, then terms with the least.
AT_MOST = (
    (0.01, "exceptionally unlikely"),
    (0.05, "extremely unlikely"),
    (0.10, "very unlikely"),
)
AT_LEAST = (
    (0.99, "virtually certain"),
    (0.95, "extremely likely"),
    (0.90, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.0, "unlikely"),
)


@dataclass(frozen=True, slots=True)
class Chance:
    """A chance from `hits` of `runs` replications, with its Wilson 95 % interval."""

    hits: int
    runs: int
    probability: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quantiles:
    """P10, P50 and P90 [minute], None where censored: so many runs never got there that it has no number."""

    p10: int | None
    p50: int | None
    p90: int | None
    never: int
    """How many replications never got there."""


def wilson(hits: int, runs: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a proportion. E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209."""
    if runs == 0:
        return 0.0, 1.0
    share = hits / runs
    spread = Z95 * math.sqrt(share * (1 - share) / runs + Z95 * Z95 / (4 * runs * runs))
    centre, scale = share + Z95 * Z95 / (2 * runs), 1 + Z95 * Z95 / runs
    # at the ends the interval touches 0 or 1 exactly; rounding must not say otherwise
    low = 0.0 if hits == 0 else (centre - spread) / scale
    high = 1.0 if hits == runs else (centre + spread) / scale
    return low, high


def chance(hits: int, runs: int) -> Chance:
    """The chance and its interval, rounded to six places so that every machine prints the same."""
    low, high = wilson(hits, runs)
    return Chance(hits, runs, round(hits / runs, 6) if runs else 0.0, round(low, 6), round(high, 6))


def quantiles(minutes: Ints) -> Quantiles:
    """P10, P50, P90 of times of which some are `NEVER`: later than every other.

    The quantile at p is the smallest time that at least a share p of the runs does not exceed, so it is a
    time that was seen.
    """
    ordered = sorted(minutes.tolist())
    runs = len(ordered)
    found: dict[Name, int | None] = {}
    for name, percent in _LEVELS:
        at = ordered[max(-(-runs * percent // 100), 1) - 1] if runs else NEVER
        found[name] = None if at >= NEVER else at
    return Quantiles(**found, never=sum(1 for minute in ordered if minute >= NEVER))


def likelihood(given: Chance) -> tuple[str, ...]:
    """The likelihood word, the two ends if the interval spans several, nothing below 200 runs."""
    if given.runs < LEAST_FOR_WORDS:
        return ()
    low, high = _word(given.low), _word(given.high)
    return (low,) if low == high else (low, high)


def _word(probability: float) -> str:
    for most, word in AT_MOST:
        if probability <= most:
            return word
    return next(word for least, word in AT_LEAST if probability >= least)

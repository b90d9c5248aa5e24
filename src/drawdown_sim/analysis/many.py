"""Many comparisons at once: which differences stay detectable, and intervals that hold together.

Of a hundred changes without any effect, five have a 95 % interval that leaves out zero. Holm's correction keeps the
chance of even one false detection among all comparisons at 5 %, whatever their dependence: S. Holm, "A simple
sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979) 65. The intervals are
Bonferroni's: the chance that all of them hold is at least 95 %. Both are conservative where comparisons share luck.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from .paired import Difference
from .summary import Z95

#: Chance of a false detection among all comparisons, and of an interval that does not hold.
ALPHA = 0.05


def p_value(difference: Difference) -> float:
    """How surprising the difference would be if there were none: two-sided, from its interval turned round."""
    centre, error = _centre(difference), _error(difference)
    if not error:
        return 0.0 if centre else 1.0
    return math.erfc(abs(centre) / error / math.sqrt(2))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values after Holm's correction: below `ALPHA` is detectable among all of them."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [1.0] * len(p_values)
    greatest = 0.0
    for rank, at in enumerate(order):
        greatest = max(greatest, min((len(order) - rank) * p_values[at], 1.0))
        adjusted[at] = greatest
    return adjusted


def together(difference: Difference, comparisons: int) -> tuple[float, float]:
    """The interval of a difference, as wide as it must be for so many to hold together."""
    centre, half = _centre(difference), _error(difference) * _quantile(comparisons)
    return centre - half, centre + half


def _centre(difference: Difference) -> float:
    return (difference.low + difference.high) / 2


def _error(difference: Difference) -> float:
    """The standard error that the 95 % interval was made of."""
    return (difference.high - difference.low) / 2 / Z95


def _quantile(comparisons: int) -> float:
    return NormalDist().inv_cdf(1 - ALPHA / (2 * max(comparisons, 1)))

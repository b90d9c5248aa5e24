"""Several measures at once: what is beaten by nothing, and what comes nearest to the best of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

#: One measure each, all of which should be small.
Costs = Sequence[Sequence[float]]


def front(costs: Costs) -> list[int]:
    """The rows that no other row equals or beats in every measure; of equal rows the first."""
    table = np.asarray(costs, dtype=np.float64)
    kept = []
    for row, here in enumerate(table):
        no_worse = (table <= here).all(axis=1)
        better = no_worse & (table < here).any(axis=1)
        if not better.any() and not (no_worse & ~better)[:row].any():
            kept.append(row)
    return kept


def shortfalls(costs: Costs) -> list[float]:
    """How far each row is from the best in the measure where it is furthest, as a share of that measure's span.

    The row with the least shortfall is the compromise of M. Zeleny, Computers and Operations Research 1 (1974) 479,
    with the greatest distance as metric and equal weights.
    """
    table = np.asarray(costs, dtype=np.float64)
    best, worst = table.min(axis=0), table.max(axis=0)
    span = np.where(worst > best, worst - best, 1.0)
    return [round(float(share), 9) for share in ((table - best) / span).max(axis=1)]

"""How often the intervals hold the truth: `python verification/intervals.py`.

Wilson's interval of a chance, the interval of a mean difference over pairs, and that of two paired chances, each over
many samples from known distributions. Writes the table in docs/questions/intervals.md. A coverage more than two points
below the nominal 95 % ends the study with an error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import page

from drawdown_sim.analysis.paired import Difference, paired, paired_chance
from drawdown_sim.analysis.summary import wilson

PAGE = Path(__file__).parents[1] / "docs" / "questions" / "intervals.md"

SAMPLES = 20_000
SEED = 1
CHANCES = (0.02, 0.1, 0.5, 0.9, 0.98)
SIZES = (100, 500, 2000)

#: A case in which the normal quantile must fail, told but no fault.
RARE = "1% of pairs differ, by 30 days"

#: Below this, in per cent, a coverage is a fault.
LEAST = 93.0


def of_wilson(chance: float, runs: int, chosen: np.random.Generator) -> float:
    """Share of samples [per cent] whose interval holds the chance."""
    hits, times = np.unique(chosen.binomial(runs, chance, SAMPLES), return_counts=True)
    ends = [wilson(int(hit), runs) for hit in hits]
    return 100 * sum(n for (low, high), n in zip(ends, times, strict=True) if low <= chance <= high) / SAMPLES


def of_pairs(sample: Callable[[np.random.Generator], Difference], truth: float, chosen: np.random.Generator) -> float:
    """Share of samples [per cent] of pairs whose interval holds the true difference."""
    found = [sample(chosen) for _ in range(SAMPLES // 4)]
    return 100 * float(np.mean([each.low <= truth <= each.high for each in found]))


def dates(runs: int) -> Callable[[np.random.Generator], Difference]:
    """Finishes [minute] that share most of their luck; the other is two days later, and now and then much later."""

    def sample(chosen: np.random.Generator) -> Difference:
        shared = chosen.gamma(4, 1440, runs)
        late = chosen.exponential(2880, runs)
        return paired(shared.round().astype(np.int64), (shared + late).round().astype(np.int64))

    return sample


def rare(runs: int) -> Callable[[np.random.Generator], Difference]:
    """Finishes [minute] that are the same but in one pair of a hundred, which comes thirty days later."""

    def sample(chosen: np.random.Generator) -> Difference:
        same = np.zeros(runs, dtype=np.int64)
        return paired(same, np.where(chosen.random(runs) < 0.01, 30 * 1440, 0))

    return sample


def chances(base: float, lost: float, gained: float, runs: int) -> Callable[[np.random.Generator], Difference]:
    """Whether in time: the other loses a share of the base's successes and gains one of its failures."""

    def sample(chosen: np.random.Generator) -> Difference:
        first, luck = chosen.random(runs) < base, chosen.random(runs)
        return paired_chance(first, np.where(first, luck >= lost, luck < gained))

    return sample


def main() -> int:
    """Measure, write the page, and say what falls short."""
    chosen = np.random.default_rng(SEED)
    rows = [["interval", "case", *(f"{runs:,} replications" for runs in SIZES)]]
    found: list[float] = []

    def add(name: str, case: str, shares: list[float]) -> None:
        found.extend(shares if case != RARE else [])
        rows.append([name, case, *(f"{share:.1f} %" for share in shares)])
        print(*rows[-1], flush=True)

    for chance in CHANCES:
        add("Wilson", f"chance {chance:.0%}", [of_wilson(chance, runs, chosen) for runs in SIZES])
    add("pairs, mean", "skewed, mean 2 days", [of_pairs(dates(runs), 2880, chosen) for runs in SIZES])
    add("pairs, mean", RARE, [of_pairs(rare(runs), 0.01 * 30 * 1440, chosen) for runs in SIZES])
    for base, lost, gained in ((0.9, 0.1, 0.1), (0.9, 0.02, 0.0), (0.5, 0.3, 0.2), (0.5, 0.0, 0.0)):
        truth = (1 - base) * gained - base * lost
        case = f"base {base:.0%}, loses {lost:.0%}, gains {gained:.0%}"
        shares = [of_pairs(chances(base, lost, gained, runs), truth, chosen) for runs in SIZES]
        add("pairs, chance", case, shares)
    page.write({"coverage": page.table(rows)}, PAGE)
    short = [share for share in found if share < LEAST]
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())

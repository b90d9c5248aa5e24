"""Whether the search of `threshold` finds what a full grid finds: every value of an input, each with all replications.

Run it from the root of the project: python verification/threshold.py, with --help for its options.
"""

from __future__ import annotations

import argparse
from itertools import pairwise

from drawdown_sim.experiment.run import prepare
from drawdown_sim.experiment.threshold.axis import Vary, axis_of
from drawdown_sim.experiment.threshold.crossings import find_crossings, keeps, side
from drawdown_sim.experiment.threshold.moved import Moved
from drawdown_sim.experiment.workers import Workers

#: Inputs of the baseline with a jump, with a slope, with no crossing; milestone and line.
CASES = (
    ("quotas.charters.limit", None, None, "withdrawal", 0.8),
    ("quotas.people-out.limit", "790 persons", "860 persons", "withdrawal", 0.8),
    ("milestones.withdrawal.deadline", "-31", "+10", "withdrawal", 0.75),
    ("assets.escorts-mopti.number", None, None, "phase-two", 0.5),
)


def compare(case: tuple[str, str | None, str | None, str, float], replications: int, workers: Workers) -> bool:
    """Print both, and return whether the search found what the full grid has, and nothing else."""
    path, low, high, milestone, line = case
    base = prepare("baseline")
    axis = axis_of(base.bundle, Vary(path, low, high))
    full = Moved(base, axis, milestone, workers)
    full.measure(range(axis.last + 1), replications)
    chances = [full.chance(value) for value in full.known()]
    changes = [at for at in range(axis.last) if keeps(chances[at], line) != keeps(chances[at + 1], line)]
    searched = Moved(base, axis, milestone, workers)
    grid = axis.grid(9)
    found = find_crossings(searched, line, grid, max(replications // 4, 50), replications)
    print(f"{path}: {axis.last + 1} values, {len(searched.known())} of them searched; signs change after {changes}")
    agree, held = True, set()
    for crossing in found.crossings:
        first = -1 if crossing.low is None else crossing.low
        after = axis.last + 1 if crossing.high is None else crossing.high
        inside = range(first + 1, after)
        agree = agree and crossing.before in changes and not any(side(chances[at], line) for at in inside)
        held |= {at for at in changes if first <= at < after}
        print(f"  crosses after {crossing.before}; undecided: {len(inside)}, from {first + 1} to {after - 1}")
    held |= {at for at in changes for low, high in found.touches if low <= at < high}
    # two changes between neighbours of the first grid cancel out, and no search that begins there can see them
    steps = [[at for at in changes if low <= at < high] for low, high in pairwise(grid)]
    overlooked = [step for step in steps if len(step) % 2 and not held.intersection(step)]
    unseen = sorted(set(changes) - held)
    print(f"  what was found is {'as in' if agree else 'NOT as in'} the full grid; overlooked: {overlooked}")
    print(f"  too close to one another for the grid: {unseen}")
    return agree and not overlooked


def main() -> None:
    """Compare all cases; exit code 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    same = [compare(case, options.replications, Workers(options.workers, "compiled")) for case in CASES]
    raise SystemExit(0 if all(same) else 1)


if __name__ == "__main__":
    main()

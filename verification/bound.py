"""Play many plans and see that no replication reaches a milestone before its bound.

Run it from the root of the project: python verification/bound.py, with --help for its options. It tells every
replication that beats its bound, which would be a fault of the bound, and how tight the bounds are. The result is kept
in bound.json, its figures in docs/questions/bound.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "invariants")]

from worlds import world  # noqa: E402

from drawdown_sim.analysis.bound import Bounds, milestone_bound  # noqa: E402
from drawdown_sim.analysis.measures import columns, deadline_of  # noqa: E402
from drawdown_sim.engine.compiled import Memory, load_kernel  # noqa: E402
from drawdown_sim.errors import DrawdownError  # noqa: E402
from drawdown_sim.model.compile import compile_plan  # noqa: E402
from drawdown_sim.model.plan import NEVER, Plan  # noqa: E402
from drawdown_sim.scenario import load, shipped_names  # noqa: E402
from engine_support import plan_of  # noqa: E402

RESULT = Path(__file__).parent / "bound.json"


@dataclass
class Tally:
    """What was compared."""

    plans: int = 0
    replications: int = 0
    milestones: int = 0
    reached: int = 0
    """Milestones that some replication reached."""
    proved_never: int = 0
    """Milestones that the bound says cannot be reached by the horizon."""
    exact: int = 0
    """Milestones whose bound is the earliest finish seen."""
    shares: list[float] = field(default_factory=list)
    """Bound over the earliest finish seen."""
    beaten: list[str] = field(default_factory=list)
    """Replications that finished before a bound: faults."""

    def compare(self, name: str, plan: Plan, seed: int, replications: int) -> dict[str, tuple[int, int, int]]:
        """Play a plan; per milestone its bound, the earliest finish and its P10 [minute]."""
        bounds = Bounds(plan)
        rows = Memory(plan).play(seed, 0, replications, deadline_of(plan), False).rows
        self.plans += 1
        self.replications += replications
        found = {}
        for row, milestone in enumerate(plan.milestone_ids):
            bound = milestone_bound(bounds.of(row))
            finish = rows[:, columns(plan).index(f"milestone:{milestone}")]
            earliest = int(finish.min())
            self.milestones += 1
            self.proved_never += bound >= NEVER
            if earliest < NEVER:
                self.reached += 1
                self.exact += bound == earliest
                self.shares.append(bound / earliest if earliest else 1.0)
                if earliest < bound:
                    where = f"{name}, milestone {milestone}, replication {int(finish.argmin())}"
                    self.beaten.append(f"{where}: reached at {earliest}, bound {bound}")
            found[milestone] = (bound, earliest, int(np.quantile(finish, 0.1, method="lower")))
        return found

    def told(self) -> dict[str, object]:
        """For the file of results."""
        told = asdict(self)
        told["median_share"] = round(float(np.median(told.pop("shares") or [0])), 3)
        return told


def main() -> None:
    """Compare random plans by number, then every shipped scenario."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plans", type=int, default=4000, help="random plans")
    parser.add_argument("--replications", type=int, default=20, help="of each random plan")
    parser.add_argument("--shipped", type=int, default=1000, help="replications of each shipped scenario")
    options = parser.parse_args()
    load_kernel()
    random, refused = Tally(), 0
    for number in range(options.plans):
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            refused += 1
            continue
        random.compare(f"random plan {number}", plan, number, options.replications)
    shipped, days = Tally(), {}
    for name in shipped_names():
        found = shipped.compare(name, compile_plan(load(name)), 1, options.shipped)
        for milestone, minutes in found.items():
            days[f"{name} {milestone}"] = [round(m / 1440, 3) if m < NEVER else None for m in minutes]
    for line in random.beaten + shipped.beaten:
        print(line)
    result = {
        "random": random.told() | {"refused_by_the_reader": refused},
        "shipped": shipped.told(),
        "days_of_bound_earliest_and_p10": days,
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({key: result[key] for key in ("random", "shipped")}, indent=1))
    sys.exit(bool(random.beaten or shipped.beaten))


if __name__ == "__main__":
    main()

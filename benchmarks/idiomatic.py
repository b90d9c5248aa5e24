"""The reference engine against the baseline as an ordinary SimPy model: `python benchmarks/idiomatic.py`.

Plays replications with the one and the other in turn, so that whatever else the machine does falls on both alike,
and prints the medians over the rounds. `--check 100` compares instead, in so many replications, the minutes at which
camps close and milestones are reached; it ends with 1 at the first that differs.
"""

from __future__ import annotations

import argparse
import sys
from statistics import median
from time import perf_counter

from drawdown_sim.engine.reference import simulate
from drawdown_sim.experiment import prepare
from drawdown_sim.model.plan import Plan
from drawdown_sim.model.trajectory import Kind
from idiomatic import simulate as simulate_idiomatic

SCENARIO = "baseline"
LEAST_ROUNDS = 7

#: what a replication is compared by: the minute at which each camp closed and each milestone was reached
Minutes = dict[str, int]


def minutes_of_engine(plan: Plan, seed: int, replication: int) -> Minutes:
    """Closures and milestones of the engine's trajectory."""
    told = simulate(plan, seed, replication)
    minutes = {}
    for kind, entity, minute in zip(told.kind.tolist(), told.entity.tolist(), told.minute.tolist(), strict=True):
        if kind == Kind.CLOSE:
            minutes[f"camp {plan.camp_ids[entity]}"] = minute
        elif kind == Kind.MILESTONE:
            minutes[f"milestone {plan.milestone_ids[entity]}"] = minute
    return minutes


def difference(plan: Plan, seed: int, replication: int) -> str | None:
    """The first closure or milestone, by name, on which the two do not agree."""
    expected = minutes_of_engine(plan, seed, replication)
    found = simulate_idiomatic(plan, seed, replication)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            return f"replication {replication}: {name} at {found.get(name)}, by the engine at {expected.get(name)}"
    return None


def check(plan: Plan, seed: int, replications: int) -> str | None:
    """The first difference in so many replications."""
    found = (difference(plan, seed, replication) for replication in range(replications))
    return next((told for told in found if told is not None), None)


def costs(plan: Plan, seed: int, rounds: int, replications: int) -> tuple[float, float]:
    """Medians of the seconds for one replication: by the engine, by the idiomatic model."""
    engine: list[float] = []
    idiomatic: list[float] = []
    for _ in range(rounds):
        spent = [0.0, 0.0]
        for replication in range(replications):
            for number, play in enumerate((simulate, simulate_idiomatic)):
                began = perf_counter()
                play(plan, seed, replication)
                spent[number] += perf_counter() - began
        engine.append(spent[0] / replications)
        idiomatic.append(spent[1] / replications)
    return median(engine), median(idiomatic)


def main() -> None:
    """Compare, or measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", type=int, metavar="N", help="compare N replications and measure nothing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS)
    parser.add_argument("--replications", type=int, default=5, help="in each round")
    options = parser.parse_args()
    if options.rounds < LEAST_ROUNDS or options.replications < 1 or (options.check is not None and options.check < 1):
        parser.error(f"expected at least {LEAST_ROUNDS} rounds and 1 replication")
    plan = prepare(SCENARIO).plan
    if options.check is not None:
        told = check(plan, options.seed, options.check)
        print(told or f"{options.check} replications agree: closures and milestones in the same minutes")
        sys.exit(1 if told else 0)
    check(plan, options.seed, 1)  # reads the plan, so that no round pays for it
    engine, idiomatic = costs(plan, options.seed, options.rounds, options.replications)
    print(f"reference engine  {engine * 1e3:7.1f} ms per replication")
    print(f"idiomatic SimPy   {idiomatic * 1e3:7.1f} ms per replication")
    print(f"ratio             {idiomatic / engine:7.2f}")
    print(f"medians of {options.rounds} rounds with {options.replications} replications each")


if __name__ == "__main__":
    main()

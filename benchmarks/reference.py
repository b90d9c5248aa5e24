"""What the reference engine costs: `python benchmarks/reference.py`.

Each round measures, one after the other, a bare SimPy time-out, replications of the baseline, their set-up
alone, their analysis, and the reading of the scenario; so whatever else the machine does falls on all
alike. Medians over the rounds are reported. Writes benchmarks/reference.json and the table in docs/performance.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Generator
from statistics import median
from time import perf_counter
from typing import Any

import simpy

from drawdown_sim.analysis.critical import binds
from drawdown_sim.analysis.measures import measure
from drawdown_sim.engine.reference import simulate
from drawdown_sim.engine.reference.replication import start
from drawdown_sim.engine.reference.run import Run
from drawdown_sim.engine.reference.view import View
from drawdown_sim.experiment import prepare
from keeping import keep, taken, where

TIME_OUTS = 100_000
LEAST_ROUNDS = 7
SEED = 1


def time_out_cost() -> float:
    """Seconds for one yield of a bare time-out, in a process that does nothing else."""

    def process(env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        for _ in range(TIME_OUTS):
            yield env.timeout(1)

    env = simpy.Environment()
    env.process(process(env))
    return seconds(env.run) / TIME_OUTS


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def measured(scenario: str, rounds: int, replications: int) -> dict[str, float]:
    """Medians over the rounds of every cost, in seconds, and the mean number of rows."""
    plan = prepare(scenario).plan
    view = View(plan)
    numbers = range(replications)
    trajectories = [simulate(plan, SEED, number) for number in numbers]

    def set_up() -> None:
        for number in numbers:
            start(Run(view, SEED, number, full_pass=False))

    def analyse() -> None:
        for trajectory in trajectories:
            measure(plan, trajectory)
            binds(plan, [trajectory])

    rounds_of: dict[str, list[float]] = {"time_out": [], "replication": [], "set_up": [], "analysis": [], "reading": []}
    for _ in range(rounds):
        rounds_of["time_out"].append(time_out_cost())
        rounds_of["replication"].append(seconds(lambda: [simulate(plan, SEED, n) for n in numbers]) / replications)
        rounds_of["set_up"].append(seconds(set_up) / replications)
        rounds_of["analysis"].append(seconds(analyse) / replications)
        rounds_of["reading"].append(seconds(lambda: prepare(scenario)))
    costs = {name: median(values) for name, values in rounds_of.items()}
    return {**costs, "rows": sum(len(t.minute) for t in trajectories) / replications}


def record_of(scenario: str, rounds: int, replications: int) -> dict[str, Any]:
    """What is written: the measures, how they were taken, and on what."""
    found = measured(scenario, rounds, replications)
    row = found["replication"] / found["rows"]
    return {
        "scenario": scenario,
        "rounds": rounds,
        "replications_per_round": replications,
        "time_out_us": round(found["time_out"] * 1e6, 3),
        "row_us": round(row * 1e6, 2),
        "row_over_time_out": round(row / found["time_out"], 2),
        "ms_per_replication": round(found["replication"] * 1e3, 2),
        "rows_per_replication": round(found["rows"], 1),
        "share_of_set_up": round(found["set_up"] / found["replication"], 3),
        "analysis_ms_per_replication": round(found["analysis"] * 1e3, 2),
        "reading_and_compiling_ms": round(found["reading"] * 1e3, 1),
        **taken("numpy", "simpy"),
    }


def table(record: dict[str, Any]) -> str:
    """The record as a table in Markdown."""
    rows = [
        ("a bare SimPy time-out", f"{record['time_out_us']:.2f} µs"),
        ("a row of the trajectory", f"{record['row_us']:.1f} µs"),
        ("**a row, in time-outs**", f"**{record['row_over_time_out']:.1f}**"),
        ("a replication", f"{record['ms_per_replication']:.1f} ms"),
        ("rows per replication", f"{record['rows_per_replication']:,.0f}"),
        ("share of set-up in a replication", f"{record['share_of_set_up']:.1%}".replace("%", " %")),
        ("measuring a replication and walking its chain", f"{record['analysis_ms_per_replication']:.1f} ms"),
        ("reading, checking and compiling the scenario", f"{record['reading_and_compiling_ms']:.0f} ms"),
    ]
    lines = ["| what | cost |", "| --- | --- |", *(f"| {what} | {cost} |" for what, cost in rows), ""]
    how = f"medians of {record['rounds']} rounds with {record['replications_per_round']} replications each"
    lines.append(f"Scenario `{record['scenario']}`, contract {record['contract']}; {how}, in one process.")
    lines.append(where(record))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and unless asked not to, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="baseline")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--replications", type=int, default=20, help="in each round")
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args()
    if options.rounds < LEAST_ROUNDS or options.replications < 1:
        parser.error(f"expected at least {LEAST_ROUNDS} rounds and 1 replication")
    record = record_of(options.scenario, options.rounds, options.replications)
    print(table(record), end="")
    if not options.no_write:
        keep("reference", record, table(record))


if __name__ == "__main__":
    main()

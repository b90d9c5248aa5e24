"""How well two workers of a Dask cluster share the work: `python benchmarks/cluster.py`.

Two clusters stand side by side on this machine, with one worker and with two, each worker a process with one thread
and the compiled engine. Each round plays the same replications of the baseline on both and with two threads of this
process, by turns. The efficiency is the time of one worker over twice that of two, in the median of the rounds. Writes
benchmarks/cluster.json and the table in docs/performance.md.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from statistics import median
from time import perf_counter
from typing import Any

from distributed import LocalCluster

from drawdown_sim.engine.compiled import load_kernel
from drawdown_sim.experiment import prepare
from drawdown_sim.experiment.variants import play
from drawdown_sim.experiment.workers import Workers
from keeping import keep, taken, where

SCENARIO = "baseline"
SEED = 1
LEAST_ROUNDS = 7


def measured(rounds: int, replications: int) -> dict[str, list[float]]:
    """Seconds of every way, a number a round."""
    prepared = prepare(SCENARIO, SEED)
    took: dict[str, list[float]] = {"one": [], "two": [], "threads": [], "thread": []}
    with ExitStack() as stack:

        def cluster(workers: int) -> Workers:
            found = stack.enter_context(
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
                )
            )
            return Workers(engine="compiled", dask=found.scheduler_address)

        ways = {
            "one": cluster(1),
            "two": cluster(2),
            "threads": Workers(2, "compiled"),
            "thread": Workers(1, "compiled"),
        }
        for team in ways.values():
            play([prepared], 256, team)
        for number in range(rounds):
            for name, team in ways.items():
                began = perf_counter()
                play([prepared], replications, team)
                took[name].append(perf_counter() - began)
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return took


def table(record: dict[str, Any]) -> str:
    """The record as a table in Markdown."""
    seconds, share = record["seconds"], record["efficiency"]
    lines = ["| who does the work | seconds | efficiency of two | in single rounds |", "| --- | --- | --- | --- |"]
    for name, told, ratio in (
        ("one", "one worker of a cluster", None),
        ("two", "two workers of a cluster", share["workers"]),
        ("thread", "one thread of this process", None),
        ("threads", "two threads of this process", share["threads"]),
    ):
        cells = ("–", "–")
        if ratio is not None:
            cells = (f"**{ratio['median']:.0%}**", f"{ratio['least']:.0%} to {ratio['greatest']:.0%}")
        lines.append(f"| {told} | {seconds[name]:.2f} | {cells[0]} | {cells[1]} |".replace("%", " %"))
    lines += [
        "",
        f"{record['replications']:,} replications of `{record['scenario']}`, contract {record['contract']}; medians of"
        f" {record['rounds']} rounds.",
        where(record),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and unless asked not to, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--replications", type=int, default=4000, help="in each round")
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args()
    if not options.no_write and options.rounds < LEAST_ROUNDS:
        parser.error(f"expected at least {LEAST_ROUNDS} rounds, or --no-write")
    load_kernel()
    took = measured(options.rounds, options.replications)
    ratios = {
        "workers": [one / two / 2 for one, two in zip(took["one"], took["two"], strict=True)],
        "threads": [one / two / 2 for one, two in zip(took["thread"], took["threads"], strict=True)],
    }
    record = {
        "scenario": SCENARIO,
        "rounds": options.rounds,
        "replications": options.replications,
        "seconds": {name: round(median(times), 3) for name, times in took.items()},
        "efficiency": {
            name: {"median": round(median(v), 3), "least": round(min(v), 3), "greatest": round(max(v), 3)}
            for name, v in ratios.items()
        },
        **taken("numba", "numpy", "distributed"),
    }
    print(table(record), end="")
    if not options.no_write:
        keep("cluster", record, table(record))


if __name__ == "__main__":
    main()

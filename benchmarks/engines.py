"""How fast the engines are, against each other and against two yardsticks: `python benchmarks/engines.py`.

Each round plays the baseline, measures and chains included, with the compiled engine, the reference, an ordinary
SimPy model (`idiomatic/`) and the kernel in C (`yardstick/`), by turns, so that whatever else the machine does falls on
all alike; then with two threads, with two processes, and with full tables. One core's work is timed by the time of its
thread. Last, whole processes: `drawdown-sim run` with either engine. Ratios are medians over the rounds. Writes
benchmarks/engines.json and the table in docs/performance.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from time import perf_counter, thread_time

from drawdown_sim.analysis.measures import deadline_of
from drawdown_sim.engine.compiled import Memory, load_kernel
from drawdown_sim.experiment import prepare
from drawdown_sim.experiment.blocks import Job, run_job
from drawdown_sim.model.plan import Ints, Plan
from idiomatic import simulate as simulate_idiomatic
from keeping import keep, taken, where
from yardstick import build

SCENARIO = "baseline"
SEED = 1
LEAST_ROUNDS = 7

#: Replications in a round: of each of two threads or processes, of the compiled engine and the kernel in C, and of the
#: two in plain Python. The clock wavers more than the time of a thread, so what is timed by it takes longer.
MOST, MANY, FEW = 500, 100, 3

#: Name, how it is told, the least that was asked for, the aim.
RATIOS = (
    ("reference", "reference over compiled engine", 25, 60),
    ("idiomatic", "ordinary SimPy model over compiled engine", 50, 150),
    ("c", "C version over compiled engine", 0.5, 0.8),
    ("threads", "one thread over two", 1.8, 1.95),
    ("table", "full tables over measures only (at most)", 1.10, 1.03),
    ("process", "whole process, 1,000 replications: reference over compiled", 8, 20),
)


def spent(work: Callable[[], object]) -> float:
    """Processor time of this thread for a call [second]."""
    began = thread_time()
    work()
    return thread_time() - began


def passed(work: Callable[[], object]) -> float:
    """Time by the clock for a call [second]."""
    began = perf_counter()
    work()
    return perf_counter() - began


def with_tables(memory: Memory, count: int, deadline: int) -> int:
    """Play and measure replications, and copy every row of each."""
    rows = 0

    def visit(replication: int, table: Ints) -> None:
        nonlocal rows
        rows += len(table.copy())

    memory.play(SEED, 0, count, deadline, True, visit)
    return rows


def round_of(
    plan: Plan, memories: list[Memory], in_c: Memory, pool: ThreadPoolExecutor, pair: list[Connection]
) -> dict[str, float]:
    """One round: seconds for a replication in each way."""
    deadline = deadline_of(plan)

    def play(memory: Memory, first: int = 0, count: int = MANY) -> None:
        memory.play(SEED, first, count, deadline, True)

    def play_in_two() -> None:
        list(pool.map(play, memories, [0, MOST], [MOST, MOST]))

    def play_apart() -> None:
        for number, pipe in enumerate(pair):
            pipe.send(number * MOST)
        for pipe in pair:
            pipe.recv()

    took = {"compiled": spent(lambda: play(memories[0])) / MANY}
    took["c"] = spent(lambda: play(in_c)) / MANY
    took["reference"] = spent(lambda: run_job(Job(SEED, 0, FEW), plan)) / FEW
    took["idiomatic"] = spent(lambda: [simulate_idiomatic(plan, SEED, n) for n in range(FEW)]) / FEW
    took["tables"] = spent(lambda: with_tables(memories[0], MANY, deadline)) / MANY
    took["measured"] = spent(lambda: play(memories[0])) / MANY
    took["one_thread"] = passed(lambda: play(memories[0], 0, 2 * MOST)) / (2 * MOST)
    took["two_threads"] = passed(play_in_two) / (2 * MOST)
    took["two_processes"] = passed(play_apart) / (2 * MOST)
    return took


def serve(pipe: Connection, plan: Plan) -> None:
    """A process that shares nothing with others and plays what it is told, to see what the machine can do at once."""
    memory, deadline = Memory(plan), deadline_of(plan)
    memory.play(SEED, 0, MANY, deadline, True)
    pipe.send(None)
    while True:
        memory.play(SEED, pipe.recv(), MOST, deadline, True)
        pipe.send(None)


@contextmanager
def two_processes(plan: Plan) -> Iterator[list[Connection]]:
    """Pipes to two processes that are ready to `serve`."""
    pipes, team = [], []
    for _ in range(2):
        here, there = get_context("spawn").Pipe()
        team.append(get_context("spawn").Process(target=serve, args=(there, plan), daemon=True))
        team[-1].start()
        pipes.append(here)
    for pipe in pipes:
        pipe.recv()
    yield pipes
    for process in team:
        process.terminate()


def process(engine: str) -> float:
    """Seconds by the clock of a whole process that runs the baseline 1,000 times."""
    command = [sys.executable, "-m", "drawdown_sim", "run", SCENARIO, "--replications", "1000", "--no-spread"]
    command += ["--no-store", "--engine", engine]
    return passed(lambda: subprocess.run(command, check=True, capture_output=True))


def measured(rounds: int, processes: int, tell: Callable[[str], None]) -> dict[str, object]:
    """All rounds: medians of the times, of the ratios in each round, and their ranges."""
    plan = prepare(SCENARIO).plan
    load_kernel()
    in_c = Memory(plan, build())
    memories = [Memory(plan), Memory(plan)]
    run_job(Job(SEED, 0, 1), plan)
    took = []
    with ThreadPoolExecutor(2) as pool, two_processes(plan) as pair:
        for number in range(rounds):
            took.append(round_of(plan, memories, in_c, pool, pair))
            tell(f"round {number + 1} of {rounds}")
    process("compiled")
    whole = []
    for number in range(processes):
        whole.append({"process_reference": process("reference"), "process_compiled": process("compiled")})
        tell(f"processes {number + 1} of {processes}")
    ratios = {
        "reference": [t["reference"] / t["compiled"] for t in took],
        "idiomatic": [t["idiomatic"] / t["compiled"] for t in took],
        "c": [t["c"] / t["compiled"] for t in took],
        "threads": [t["one_thread"] / t["two_threads"] for t in took],
        "processes": [t["one_thread"] / t["two_processes"] for t in took],
        "table": [t["tables"] / t["measured"] for t in took],
        "process": [t["process_reference"] / t["process_compiled"] for t in whole],
    }
    times = {name: median(t[name] for t in rows) for rows in (took, whole) if rows for name in rows[0]}
    return {
        "scenario": SCENARIO,
        "rounds": rounds,
        "processes": processes,
        "seconds": {name: round(value, 6) for name, value in times.items()},
        "ratios": {
            name: {"median": round(median(v), 3), "least": round(min(v), 3), "greatest": round(max(v), 3)}
            for name, v in ratios.items()
            if v
        },
        **taken("numba", "numpy", "simpy"),
    }


def table(record: dict[str, object]) -> str:
    """The record as tables in Markdown."""
    seconds, ratios = record["seconds"], record["ratios"]
    assert isinstance(seconds, dict)
    assert isinstance(ratios, dict)
    lines = ["| ratio | must | aim | measured | in single rounds |", "| --- | --- | --- | --- | --- |"]
    for name, told, must, aim in RATIOS:
        if name in ratios:
            r = ratios[name]
            lines.append(
                f"| {told} | {must:g} | {aim:g} | **{r['median']:.3g}** | {r['least']:.3g} to {r['greatest']:.3g} |"
            )
    apart = ratios["processes"]
    lines += [
        "",
        "What this machine can do at once, whoever asks: two processes that share nothing give"
        f" {apart['median']:.3g} ({apart['least']:.3g} to {apart['greatest']:.3g}) in the same rounds.",
    ]
    lines += ["", "| a replication of the baseline, measures and chains included | time |", "| --- | --- |"]
    for name, told in (
        ("compiled", "compiled engine"),
        ("c", "the same kernel in C, `-O3 -march=native`"),
        ("reference", "reference engine (SimPy)"),
        ("idiomatic", "ordinary SimPy model, closures only"),
        ("two_threads", "compiled engine, two threads, by the clock"),
    ):
        lines.append(f"| {told} | {seconds[name] * 1e3:.3g} ms |")
    lines += [
        "",
        f"Scenario `{record['scenario']}`, contract {record['contract']}; medians of {record['rounds']} rounds, of"
        f" {record['processes']} for whole processes.",
        where(record),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and unless asked not to, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--processes", type=int, default=7, help="pairs of whole processes; each takes a minute or two")
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args()
    if not options.no_write and min(options.rounds, options.processes) < LEAST_ROUNDS:
        parser.error(f"expected at least {LEAST_ROUNDS} rounds and processes, or --no-write")
    record = measured(options.rounds, options.processes, lambda text: print(text, file=sys.stderr, flush=True))
    print(table(record), end="")
    if not options.no_write:
        keep("engines", record, table(record))


if __name__ == "__main__":
    main()

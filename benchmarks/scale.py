"""Time and memory against the size of the mission and against replications.

`python benchmarks/scale.py generate N --out FILE` writes the baseline N times over (see enlarged.py);
`python benchmarks/scale.py measure` measures missions of 1, 3, 10 and 30 times the baseline and 10^3 to 10^6
replications, and writes benchmarks/scale.json, the picture docs/scale.svg and the tables in docs/performance.md.

Seconds are processor time of one core, so that whatever else the machine does weighs less. Sizes take turns in every
round; medians over the rounds are reported. It is no test: nothing fails when a machine is slow.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from math import log
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from enlarged import text_of
from keeping import keep, taken, where

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "benchmarks" / "scale.json"
PICTURE = ROOT / "docs" / "scale.svg"

SCENARIO = "baseline"
SEED = 1
SIZES = (1, 3, 10, 30)
#: The reference engine is measured on these only.
REFERENCE_SIZES = (1, 3)
REPLICATIONS = (1_000, 10_000, 100_000)
MOST_REPLICATIONS = 1_000_000
LEAST_ROUNDS = 7
#: Replications of the baseline in a round; larger missions take so many fewer, but no less than two.
IN_A_ROUND = 60
#: Replications asked of the engine at a time, none of which is kept.
CHUNK = 500

MEASURES = ("reading", "compiling", "laying_out", "replication")


def seconds(work: Callable[[], object]) -> float:
    """Processor time that a call takes."""
    began = process_time()
    work()
    return process_time() - began


# --- the size of the mission -------------------------------------------------------------------------


def sizes(folder: Path, rounds: int) -> list[dict[str, Any]]:
    """What missions of every size cost, from files in a folder."""
    from drawdown_sim.analysis import final_deadlines
    from drawdown_sim.engine.compiled.engine import Memory
    from drawdown_sim.engine.compiled.layout import lay_out
    from drawdown_sim.engine.reference import simulate
    from drawdown_sim.model.compile import compile_plan
    from drawdown_sim.scenario import load

    found = []
    for size in SIZES:
        path = folder / f"{size}.yaml"
        path.write_text(text_of(SCENARIO, size), encoding="utf-8")
        bundle = load(path)
        plan = compile_plan(bundle)
        memory = Memory(plan)
        deadline = int(max(final_deadlines(plan)))
        count = max(IN_A_ROUND // size, 2)
        rows = float(memory.play(SEED, 0, count, deadline, True).rows[:, 2].mean())
        found.append((size, path, bundle, plan, memory, deadline, count, rows))
    times: dict[tuple[int, str], list[float]] = {}
    for _ in range(rounds):
        for size, path, bundle, plan, memory, deadline, count, _ in found:
            works = {
                "reading": lambda path=path: load(path),
                "compiling": lambda bundle=bundle: compile_plan(bundle),
                "laying_out": lambda plan=plan: lay_out(plan),
            }
            for name, work in works.items():
                times.setdefault((size, name), []).append(seconds(work))
            spent = seconds(lambda m=memory, c=count, d=deadline: m.play(SEED, 0, c, d, True))
            times.setdefault((size, "replication"), []).append(spent / count)
            if size in REFERENCE_SIZES:
                spent = seconds(lambda plan=plan: simulate(plan, SEED, 0))
                times.setdefault((size, "reference"), []).append(spent)
    return [
        {
            "size": size,
            "camps": len(plan.camp_ids),
            "lots": len(plan.item_ids),
            "lifts": len(plan.lift_ids),
            "rows": round(rows),
            **{f"{name}_s": round(median(times[size, name]), 6) for name in MEASURES},
            "reference_s": round(median(times[size, "reference"]), 4) if size in REFERENCE_SIZES else None,
            "thread_mb": round(memory.nbytes / 1e6, 1),
            "process_mb": alone("mission", str(path))["peak_mb"],
        }
        for size, path, _, plan, memory, _, _, rows in found
    ]


# --- the number of replications ----------------------------------------------------------------------


def play_many(scenario: str, replications: int) -> None:
    """Play replications in chunks and keep nothing but the count of those in time."""
    from drawdown_sim.analysis import final_deadlines
    from drawdown_sim.engine.compiled.engine import Memory
    from drawdown_sim.experiment import prepare

    plan = prepare(scenario).plan
    memory = Memory(plan)
    deadline = int(max(final_deadlines(plan)))
    for first in range(0, replications, CHUNK):
        memory.play(SEED, first, min(CHUNK, replications - first), deadline, True)


def alone(what: str, scenario: str, replications: int = 2) -> dict[str, float]:
    """What a process of its own takes to read a scenario and play it: seconds, and peak memory."""
    command = [sys.executable, __file__, "alone", what, scenario, str(replications)]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def report_alone(scenario: str, replications: int) -> None:
    """The other side of `alone`."""
    spent = seconds(lambda: play_many(scenario, replications))
    print(json.dumps({"seconds": round(spent, 2), "peak_mb": round(peak_memory() / 1e6, 1)}))


def peak_memory() -> int:
    """The most memory that this process has had [byte]."""
    status = Path("/proc/self/status")
    if status.exists():
        # what getrusage tells on Linux begins with the peak of the process that started this one
        held = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if held:
            return int(held[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


# --- the record --------------------------------------------------------------------------------------


def slopes(points: list[tuple[float, float]], places: int = 2) -> list[float]:
    """Exponents of growth between successive points."""
    return [round(log(y / before_y) / log(x / before_x), places) for (before_x, before_y), (x, y) in pairwise(points)]


def record_of(rounds: int, most: int, sizes_too: bool) -> dict[str, Any]:
    """What is written: the measures, their growth, how they were taken, and on what."""
    before = {} if sizes_too else json.loads(RECORD.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        by_size = before["sizes"] if before else sizes(Path(folder), rounds)
    counts = [count for count in (*REPLICATIONS, MOST_REPLICATIONS) if count <= most]
    by_count = [{"replications": count, **alone("replications", SCENARIO, count)} for count in counts]
    names = ("rows", *(f"{name}_s" for name in MEASURES), "thread_mb", "process_mb")
    return {
        "scenario": SCENARIO,
        "rounds": rounds,
        "sizes": by_size,
        "replications": by_count,
        "exponents": {
            **{name: slopes([(entry["size"], entry[name]) for entry in by_size]) for name in names},
            "n_log_n_of_rows": slopes([(e["size"], e["rows"] * log(e["rows"])) for e in by_size]),
            **{
                f"replications_{name}": slopes([(entry["replications"], entry[name]) for entry in by_count])
                for name in ("seconds", "peak_mb")
            },
        },
        **taken("numba", "numpy", "simpy"),
    }


def tables(record: dict[str, Any]) -> str:
    """The record as a picture and two tables in Markdown."""
    grown = record["exponents"]
    lines = [
        "![Time and memory against the size of the mission and against replications](scale.svg)",
        "",
        "| the mission, times the baseline | " + " | ".join(f"{e['size']}" for e in record["sizes"]) + " | growth |",
        "| --- |" + " --- |" * (len(record["sizes"]) + 1),
    ]

    def row(what: str, name: str, form: str, factor: float = 1) -> None:
        shown = [e[name] and f"{e[name] * factor:{form}}" for e in record["sizes"]]
        growth = " · ".join(f"{slope:.2f}" for slope in grown.get(name, []))
        lines.append(f"| {what} | " + " | ".join(text or "–" for text in shown) + f" | {growth or '–'} |")

    row("camps", "camps", ",")
    row("lots and cohorts", "lots", ",")
    row("kinds of movement", "lifts", ",")
    row("rows per replication", "rows", ",")
    row("reading and checking [s]", "reading_s", ".2f")
    row("compiling the plan [s]", "compiling_s", ".3f")
    row("laying it out for the kernel [s]", "laying_out_s", ".3f")
    row("**a replication, compiled engine [ms]**", "replication_s", ".2f", 1e3)
    for entry in record["sizes"]:
        entry["row_us"] = entry["replication_s"] / entry["rows"] * 1e6
        entry.setdefault("reference_s", None)
    row("a thousand rows [ms]", "row_us", ".2f")
    row("a replication, reference engine [ms]", "reference_s", ".0f", 1e3)
    row("memory of a thread [MB]", "thread_mb", ".1f")
    row("peak of a process [MB]", "process_mb", ".0f")
    for entry in record["sizes"]:
        del entry["row_us"]
    counts = record["replications"]
    ideal = " · ".join(f"{slope:.2f}" for slope in grown["n_log_n_of_rows"])
    lines += [
        "",
        "| replications of the baseline | " + " | ".join(f"{e['replications']:,}" for e in counts) + " |",
        "| --- |" + " --- |" * len(counts),
        "| processor time [s] | " + " | ".join(f"{e['seconds']:,.1f}" for e in counts) + " |",
        "| peak of the process [MB] | " + " | ".join(f"{e['peak_mb']:.0f}" for e in counts) + " |",
        "",
        "*Growth* is the exponent between successive sizes: 1 grows with the mission, 2 with its square; n log n of "
        f"the rows would have {ideal}.",
        f"Processor time of one core, with measures and chains; medians of {record['rounds']} rounds in which the "
        "sizes take turns.",
    ]
    lines.append(where(record))
    return "\n".join(lines) + "\n"


def write(record: dict[str, Any]) -> None:
    """The record, the picture and the section of the page."""
    from scale_picture import draw

    draw(record, PICTURE)
    keep("scale", record, tables(record))


def main() -> None:
    """Generate or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    generating = commands.add_parser("generate", help="write a mission N times the size of the baseline")
    generating.add_argument("size", type=int, metavar="N")
    generating.add_argument("--out", type=Path, required=True, metavar="FILE")
    measuring = commands.add_parser("measure", help="measure missions of every size and runs of every length")
    measuring.add_argument("--rounds", type=int, default=LEAST_ROUNDS)
    measuring.add_argument("--quick", action="store_true", help="10^4 replications at most")
    measuring.add_argument("--million", action="store_true", help="10^6 replications as well; half an hour or more")
    measuring.add_argument(
        "--counts", action="store_true", help="runs of every length only, missions as measured before"
    )
    measuring.add_argument("--no-write", action="store_true", help="print only")
    commands.add_parser("picture", help="draw and tell anew what was measured")
    lone = commands.add_parser("alone")
    lone.add_argument("what")
    lone.add_argument("scenario")
    lone.add_argument("replications", type=int)
    options = parser.parse_args()
    if options.command == "alone":
        report_alone(options.scenario, options.replications)
    elif options.command == "generate":
        if options.size < 1:
            parser.error("expected a size of at least 1")
        options.out.write_text(text_of(SCENARIO, options.size), encoding="utf-8")
    elif options.command == "picture":
        _need_matplotlib()
        write(json.loads(RECORD.read_text(encoding="utf-8")))
    else:
        if options.rounds < LEAST_ROUNDS:
            parser.error(f"expected at least {LEAST_ROUNDS} rounds")
        if not options.no_write:
            _need_matplotlib()
        most = REPLICATIONS[-2] if options.quick else MOST_REPLICATIONS if options.million else REPLICATIONS[-1]
        record = record_of(options.rounds, most, not options.counts)
        print(tables(record), end="")
        if not options.no_write:
            write(record)


def _need_matplotlib() -> None:
    """Say so before half an hour of measuring, not after it."""
    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError:
        sys.exit("the picture needs matplotlib, which is not installed; add it with pip install -e '.[bench]'")


if __name__ == "__main__":
    main()

"""How many steps a replication takes as the mission grows, whatever the machine: `python benchmarks/steps.py`.

The kernel in C (`yardstick/`), which is the compiled engine rule by rule, is built with gcc's counters, so that every
line that runs is counted. Time also grows with what no longer fits a processor's nearest memory; steps do not. Writes
benchmarks/steps.json and the table in docs/performance.md. It needs gcc and gcov.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from math import log
from pathlib import Path
from typing import Any

from drawdown_sim.analysis.measures import final_deadlines
from drawdown_sim.engine.compiled.engine import Memory
from drawdown_sim.experiment import prepare
from enlarged import text_of
from keeping import keep, taken, where
from scale import SCENARIO, SEED, SIZES, slopes
from yardstick import build

FLAGS = ("-std=gnu11", "-O1", "--coverage", "-shared", "-fPIC")
REPLICATIONS = 5


def play(mission: str, times: int) -> None:
    """Play the same replications so many times; what is counted is written when the process ends."""
    plan = prepare(mission, SEED).plan
    memory, deadline = Memory(plan, build(FLAGS, Path.cwd())), int(max(final_deadlines(plan)))
    for _ in range(times):
        found = memory.play(SEED, 0, REPLICATIONS, deadline, True)
    print(float(found.rows[:, 2].mean()))


def counted(mission: Path, times: int) -> tuple[Counter[tuple[str, int]], float]:
    """How often each line of the kernel ran, and the mean rows of a replication."""
    with tempfile.TemporaryDirectory() as folder:
        line = [sys.executable, __file__, "--play", str(mission), str(times)]
        rows = float(subprocess.run(line, cwd=folder, check=True, capture_output=True, text=True).stdout)
        (counts,) = Path(folder).glob("*.gcda")
        told = subprocess.run(
            ["gcov", "--json-format", "--stdout", counts.name], cwd=folder, check=True, capture_output=True, text=True
        ).stdout
    found = Counter[tuple[str, int]]()
    for file in json.loads(told)["files"]:
        for entry in file["lines"]:
            found[Path(file["file"]).name, entry["line_number"]] += entry["count"]
    return found, rows


def measured() -> list[dict[str, Any]]:
    """Rows and lines of a replication for every size of mission."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.yaml"
            path.write_text(text_of(SCENARIO, size), encoding="utf-8")
            # the first times grow the pools, which plays a replication again; the last one is counted
            (more, rows), (less, _) = counted(path, 3), counted(path, 2)
            more.subtract(less)
            files = Counter[str]()
            for (file, _), count in more.items():
                files[file] += count
            steps = round(sum(files.values()) / REPLICATIONS)
            found.append({"size": size, "rows": round(rows), "steps": steps, "files": dict(files.most_common())})
            print(f"{size}: {steps:,} steps", file=sys.stderr, flush=True)
    return found


def table(record: dict[str, Any]) -> str:
    """The record as a table in Markdown."""
    sizes = record["sizes"]
    lines = [
        "| the mission, times the baseline | " + " | ".join(str(e["size"]) for e in sizes) + " | growth |",
        "| --- |" + " --- |" * (len(sizes) + 1),
        "| lines of the kernel in C that run, a replication | "
        + " | ".join(f"{e['steps']:,}" for e in sizes)
        + f" | {' · '.join(f'{slope:.3f}' for slope in record['exponents']['steps'])} |",
        "| lines a row | " + " | ".join(f"{e['steps'] / e['rows']:.0f}" for e in sizes) + " | – |",
        "",
        f"n log n of the rows would have {' · '.join(f'{slope:.3f}' for slope in record['exponents']['n_log_n'])}.",
        where(record),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Count, print, and unless asked not to, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-write", action="store_true", help="print only")
    parser.add_argument("--play", nargs=2, metavar=("FILE", "TIMES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play:
        play(options.play[0], int(options.play[1]))
        return
    if not shutil.which("gcov"):
        parser.error("gcov is not there; it comes with gcc")
    sizes = measured()
    record = {
        "scenario": SCENARIO,
        "replications": REPLICATIONS,
        "sizes": sizes,
        "exponents": {
            "steps": slopes([(e["size"], e["steps"]) for e in sizes], 3),
            "n_log_n": slopes([(e["size"], e["rows"] * log(e["rows"])) for e in sizes], 3),
        },
        **taken("numpy"),
    }
    print(table(record), end="")
    if not options.no_write:
        keep("steps", record, table(record))


if __name__ == "__main__":
    main()

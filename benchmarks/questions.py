"""How long each question takes on the baseline: `python benchmarks/questions.py`.

Every command is run as a user runs it, at its default size, in a process of its own that may use two cores; what counts
is the time by the clock, the replications that the answer says it took, and the lines that it prints in 80 columns. The
compiled engine is made before. Writes benchmarks/questions.json, the table in docs/performance.md, and what was printed
to the pages of docs/questions.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from drawdown_sim.engine.compiled import load_kernel
from keeping import keep, taken, where

SCENARIO = "baseline"
CORES = 2
WIDTH = 80

#: Characters of a command that fit a page.
LONGEST = 120

#: The longest that an answer may take [s], and the most lines that a screen has.
MOST_SECONDS, SCREEN = 120, 54

_TRUCKS = [f"assets.trucks-{hub}.number" for hub in ("gao", "mopti", "timbuktu", "bamako")]
_TRIGGERS = [
    "decisions.accelerate-north.when.trucks-barred.blocked",
    "decisions.destroy-north.when.still-barred.blocked",
]

#: What is asked, beside the scenario, where a question needs more than that.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "run": (),
    "run --precision": ("--precision", "0.02"),
    "explain": (),
    "relief": (),
    "threshold": ("--vary", "quotas.people-out.limit"),
    "calendar": (),
    "compare": ("escorts-halved", "no-truck-hold"),
    "sweep": ("--set", f"{_TRUCKS[0]}=5 trucks,50 trucks,100 trucks"),
    "sensitivity": (),
    "bound": (),
    "optimise": (
        *(word for path in (*_TRUCKS, *_TRIGGERS) for word in ("--free", path)),
        *("--keep-sum", ",".join(_TRUCKS)),
    ),
}

RECORD = Path(__file__).parent / "questions.json"
PAGES = Path(__file__).parents[1] / "docs" / "questions"

_RUNS = re.compile(r"([\d,]+) (?:replications in all|runs)$|seed \d+, ([\d,]+) (?:replications|runs)", re.MULTILINE)


def asked(name: str, folder: Path) -> dict[str, Any]:
    """A question's time, size and printed answer."""
    command, *more = name.split()
    line = [sys.executable, "-m", "drawdown_sim", command, SCENARIO, *QUESTIONS[name], "--no-store"]
    if more and more[0] not in line:
        raise ValueError(f"{name}: the option is not asked for")
    environment = {**os.environ, "COLUMNS": str(WIDTH)}
    began = perf_counter()
    done = subprocess.run(
        [*line, *(() if command == "bound" else ("--workers", str(CORES)))],
        cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    took = perf_counter() - began
    found = _RUNS.search(done.stdout)
    return {
        "command": shlex.join(["drawdown-sim", command, SCENARIO, *QUESTIONS[name]]),
        "seconds": round(took, 1),
        "replications": int(next(filter(None, found.groups())).replace(",", "")) if found else 0,
        "lines": len(done.stdout.splitlines()),
        "printed": done.stdout,
    }


def show(command: str, name: str, printed: str) -> None:
    """Put an answer on the pages that show it; a long command stands elsewhere on the page."""
    line = f"$ {command}\n" if len(command) <= LONGEST else ""
    marks = re.compile(rf"(<!-- printed by benchmarks/questions\.py: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    for page in PAGES.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(marks.sub(lambda at: f"{at[1]}```text\n{line}{printed}```\n{at[2]}", text), encoding="utf-8")


def table(record: dict[str, Any]) -> str:
    """The record as a table in Markdown."""
    lines = ["| question | replications | seconds | lines |", "| --- | --- | --- | --- |"]
    for name, told in record["questions"].items():
        runs = f"{told['replications']:,}" if told["replications"] else "none"
        lines.append(f"| `{name}` | {runs} | {told['seconds']:.1f} | {told['lines']} |")
    lines += [
        "",
        f"Scenario `{record['scenario']}`, contract {record['contract']}, {record['workers']} workers; the whole"
        " command by the clock, once.",
        where(record),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print, and unless asked not to, write; 1 if a question takes too long or prints too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-write", action="store_true", help="print only")
    parser.add_argument(
        "--only", action="append", choices=list(QUESTIONS), help="one question; the others stay as kept"
    )
    options = parser.parse_args()
    load_kernel()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only or QUESTIONS:
            found[name] = asked(name, Path(folder))
            print(f"{name}: {found[name]['seconds']} s", file=sys.stderr, flush=True)
    printed = {name: told.pop("printed") for name, told in found.items()}
    before = json.loads(RECORD.read_text(encoding="utf-8"))["questions"] if options.only else {}
    record = {
        "scenario": SCENARIO,
        "workers": CORES,
        "questions": before | found,
        **taken("numba", "numpy"),
    }
    print(table(record), end="")
    if not options.no_write:
        keep("questions", record, table(record))
        for name, text in printed.items():
            show(found[name]["command"], name, text)
    # a run is the whole briefing, which takes more than a screen
    long = [name for name, told in found.items() if told["lines"] > SCREEN and not name.startswith("run")]
    over = long + [name for name, told in found.items() if told["seconds"] > MOST_SECONDS]
    for name in over:
        print(f"{name}: over {MOST_SECONDS} s or {SCREEN} lines", file=sys.stderr)
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())

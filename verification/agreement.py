"""Play many plans through both engines and compare every column of every row.

Run it from the root of the project: python verification/agreement.py, with --help for its options. It stops at the
first row that differs and tells both stories. The result is kept in agreement.json, its figures in docs/agreement.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "invariants")]

import page  # noqa: E402
from worlds import world  # noqa: E402

from drawdown_sim.engine.compiled import load_kernel  # noqa: E402
from drawdown_sim.engine.compiled.engine import Memory  # noqa: E402
from drawdown_sim.engine.reference import simulate  # noqa: E402
from drawdown_sim.errors import DrawdownError  # noqa: E402
from drawdown_sim.model.compile import compile_plan  # noqa: E402
from drawdown_sim.model.plan import CONTRACT, Plan  # noqa: E402
from drawdown_sim.model.trajectory import COLUMNS, Hold, Kind, Status  # noqa: E402
from drawdown_sim.scenario import load, shipped_names  # noqa: E402
from engine_support import Tree, convoy, day, leg, lot, plan_of  # noqa: E402
from twins import batch_difference, difference, play_batch, table_of  # noqa: E402

RESULT = Path(__file__).parent / "agreement.json"

#: Generated plans, or replications of a shipped scenario, per piece of work.
PIECE = 20

_KIND, _HELD_BY = COLUMNS.index("kind"), COLUMNS.index("held_by")


@dataclass
class Tally:
    """What was compared."""

    plans: int = 0
    refused: int = 0
    replications: int = 0
    rows: int = 0
    kinds: Counter[int] = field(default_factory=Counter)
    holds: Counter[int] = field(default_factory=Counter)
    endings: Counter[int] = field(default_factory=Counter)
    differs: str = ""
    """Both stories up to the first row that differs; empty where all are the same."""

    def add(self, other: Tally) -> None:
        """Take in what was compared elsewhere."""
        for name in ("plans", "refused", "replications", "rows"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("kinds", "holds", "endings"):
            getattr(self, name).update(getattr(other, name))
        self.differs = self.differs or other.differs

    def told(self) -> dict[str, Any]:
        """For the file of results."""
        return {
            "plans": self.plans,
            "refused_by_the_reader": self.refused,
            "replications": self.replications,
            "rows": self.rows,
            "endings": {Status(code).name: count for code, count in sorted(self.endings.items())},
            "kinds": {Kind(code).name: count for code, count in sorted(self.kinds.items())},
            "holds": {Hold(code).name: count for code, count in sorted(self.holds.items())},
        }


# --- a long run ------------------------------------------------------------------------------------


def endless() -> Tree:
    """A mission that asks for permission every minute, until the table has as many rows as it may have."""
    regime = {"stance": "obstructing", "retry": "1 min"}
    return {
        "places": {"camp": {"kind": "camp"}, "abroad": {"kind": "exit"}},
        "legs": {"road": leg("camp", "abroad", 1)},
        "authorities": {"ministry": {}},
        "clearances": {"permit": {"authority": "ministry", "regimes": {"first": regime}}},
        "assets": {"trucks": {"kind": "truck", "at": "camp", "number": "9 units",
                              "changes": {"more": {"on": day(99), "gain": "1 unit"}}}},
        "cargo": {"lot": lot("camp", ["abroad"], 9)},
        "lifts": {"convoy": convoy("camp", "abroad", "road", asset="trucks", most="1 vehicle")},
        "camps": {"camp": {}},
        "milestones": {"out": {"deadline": day(50), "people": False, "cargo": ["container"]}},
    }  # fmt: skip


# --- pieces of work --------------------------------------------------------------------------------


def compare(plan: Plan, seed: int, first: int, count: int, name: str) -> Tally:
    """Some replications of a plan through both engines: rows, and on some of them measures, curves and chains."""
    tally, memory = Tally(plans=1), Memory(plan)
    trajectories = []
    for replication in range(first, first + count):
        trajectory = simulate(plan, seed, replication)
        trajectories.append(trajectory)
        reference, compiled = table_of(trajectory), memory.table(seed, replication)
        tally.replications += 1
        tally.rows += len(reference)
        tally.kinds.update(reference[:, _KIND].tolist())
        tally.holds.update(reference[:, _HELD_BY].tolist())
        tally.endings[int(trajectory.status)] += 1
        told = difference(plan, reference, compiled)
        if told:
            tally.differs = f"{name}, seed {seed}, replication {replication}: {told}"
            return tally
    told = batch_difference(plan, trajectories[:2], play_batch(plan, seed, first, min(count, 2), memory))
    if told:
        tally.differs = f"{name}, seed {seed}, replications from {first}: {told}"
    return tally


def compare_generated(numbers: range, replications: int) -> Tally:
    """The generated plans of some numbers; the seed is the number."""
    total = Tally()
    for number in numbers:
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            total.refused += 1
            continue
        total.add(compare(plan, number, 0, replications, f"generated plan {number}"))
        if total.differs:
            break
    return total


def compare_shipped(name: str, first: int, count: int) -> Tally:
    """Some replications of a shipped scenario."""
    return compare(compile_plan(load(name)), 1, first, count, name)


def compare_endless() -> Tally:
    """The one run that ends with the budget of rows."""
    return compare(plan_of(endless()), 1, 0, 1, "the endless mission")


def _work(piece: tuple[str, tuple[Any, ...]]) -> tuple[str, Tally]:
    what, args = piece
    return what, {"generated": compare_generated, "shipped": compare_shipped, "endless": compare_endless}[what](*args)


def pieces(args: argparse.Namespace) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """All that is to be played, shipped scenarios and generated plans in turn."""
    yield "endless", ()
    shipped = [
        ("shipped", (name, first, min(PIECE, args.replications - first)))
        for first in range(0, args.replications, PIECE)
        for name in shipped_names()
    ]
    last = args.first + args.plans
    generated = [
        ("generated", (range(first, min(first + PIECE, last)), args.per_plan))
        for first in range(args.first, last, PIECE)
    ]
    done = 0
    for number, piece in enumerate(generated, start=1):
        yield piece
        while done * len(generated) < number * len(shipped) and done < len(shipped):
            yield shipped[done]
            done += 1
    yield from shipped[done:]


def play(args: argparse.Namespace) -> dict[str, Tally]:
    """Everything on all processes, until a row differs or the time is over."""
    tallies = {what: Tally() for what in ("generated", "shipped", "endless")}
    began = told = time.monotonic()
    load_kernel()
    with get_context("spawn").Pool(args.processes) as pool:
        for what, tally in pool.imap_unordered(_work, pieces(args)):
            tallies[what].add(tally)
            now = time.monotonic()
            if tally.differs or now - told > 10:
                told = now
                counts = ", ".join(f"{t.replications} {name} ({t.plans} plans)" for name, t in tallies.items())
                print(f"{now - began:6.0f} s: {counts}, {sum(t.rows for t in tallies.values())} rows", flush=True)
            if tally.differs or now - began > args.minutes * 60:
                pool.terminate()
                break
    if tallies["shipped"].plans:
        tallies["shipped"].plans = min(len(shipped_names()), tallies["shipped"].plans)
    return tallies


# --- what is written -------------------------------------------------------------------------------


def write(tallies: dict[str, Tally], seconds: float, args: argparse.Namespace) -> None:
    """The file of results, what it says of coverage kept, and the figures in the page."""
    result = kept() | {
        "contract": CONTRACT,
        "versions": {name: version(name) for name in ("drawdown-sim", "numba", "numpy", "simpy")}
        | {"python": platform.python_version()},
        "seconds": round(seconds),
        "processes": args.processes,
        "replications_per_generated_plan": args.per_plan,
        **{what: tally.told() for what, tally in tallies.items()},
    }
    save(result)


def kept() -> dict[str, Any]:
    """The result of before; empty if there is none."""
    return dict(json.loads(RESULT.read_text(encoding="utf-8"))) if RESULT.exists() else {}


def save(result: dict[str, Any]) -> None:
    """Keep a result, and put its figures in the page."""
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    renew_page(result)


def renew_page(result: dict[str, Any]) -> None:
    """Put the figures of a result, and those of the seeded faults, in the page."""
    names = {"generated": "generated plans", "shipped": "shipped scenarios", "endless": "a run into the budget of rows"}
    rows = [["", "plans", "replications", "rows compared", "rows that differ"]]
    for what, words in names.items():
        told = result.get(what)
        if told:
            rows.append([words, *(f"{told[key]:,}" for key in ("plans", "replications", "rows")), "0"])
    reached = Counter[str]()
    holds = Counter[str]()
    for what in names:
        reached.update(result.get(what, {}).get("kinds", {}))
        holds.update(result.get(what, {}).get("holds", {}))
    words = [
        page.table(rows),
        f"{len(reached)} of {len(Kind)} kinds of rows and {len(holds)} of {len(Hold)} holds occur;"
        f" not reached: {_missing(Kind, reached)} (kinds), {_missing(Hold, holds)} (holds).",
    ]
    parts = {
        "agreement": "\n".join(words),
        "coverage": _coverage_part(result.get("coverage")),
        "faults": _faults_part(),
    }
    page.write(parts, page.AGREEMENT)


def _missing(codes: Any, reached: Counter[str]) -> str:
    return ", ".join(code.name for code in codes if not reached[code.name]) or "none"


def _faults_part() -> str:
    path = RESULT.parent / "faults.json"
    if not path.exists():
        return "Not measured yet.\n"
    told = json.loads(path.read_text(encoding="utf-8"))
    ways = Counter("row" if each["differs"].startswith("row") else each["differs"] for each in told["results"])
    by = ", ".join(f"{count} by {way}" for way, count in ways.most_common())
    most = max(each.get("plans_played", 0) for each in told["results"])
    return (
        f"{told['caught']} of {told['faults']} faults are caught: {by}. Without a fault all"
        f" {told['plans_that_agree_without']} plans agree; the last of the faults to be seen shows in plan {most}.\n"
    )


def _coverage_part(coverage: dict[str, Any] | None) -> str:
    if not coverage:
        return "Not measured yet.\n"
    head = f"{coverage['plans']:,} generated plans and {coverage['scenarios']} shipped scenarios reach"
    text = f"{head} {coverage['reached']} of {coverage['branches']} branches of the reference. The others:\n\n"
    return text + page.table([["where", "branch", "why it is not reached"], *coverage["missing"]])


def main() -> None:
    """Compare, and keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--plans", type=int, default=100_000, help="generated plans")
    parser.add_argument("--first", type=int, default=0, help="number of the first generated plan")
    parser.add_argument("--per-plan", type=int, default=3, help="replications of each generated plan")
    parser.add_argument("--replications", type=int, default=1000, help="replications of each shipped scenario")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many minutes")
    args = parser.parse_args()
    began = time.monotonic()
    tallies = play(args)
    seconds = time.monotonic() - began
    for tally in tallies.values():
        if tally.differs:
            print(tally.differs)
            sys.exit(1)
    write(tallies, seconds, args)
    counts = {what: tally.replications for what, tally in tallies.items()}
    print(f"no row differs: {counts} replications, {sum(t.rows for t in tallies.values())} rows, {seconds:.0f} s")


if __name__ == "__main__":
    main()

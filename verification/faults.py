"""Seed single faults into the compiled engine and see that each is caught by comparing it with the reference.

Run it from the root of the project: python verification/faults.py. A copy of the package has all faults in it, each
behind a switch, and is compiled once, with a cache of its own; with every switch off it must agree with the reference.
Then each fault alone is switched on, in a process of its own, and plans are played until one differs. The result is
kept in faults.json. A fault that is not caught ends the study with an error.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[1]
KERNEL = Path("src/drawdown_sim/engine/compiled")
LIST = Path(__file__).parent / "faults.yaml"
RESULT = Path(__file__).parent / "faults.json"

#: Generated plans that every fault is first tried on, and the last that are tried on one that is still not caught.
PLANS, LAST = 300, 4000

#: Seconds after which a plan that should take milliseconds does not end.
ENDLESS = 60


class Fault(NamedTuple):
    """One fault: its module, the text with the part that changes between « and », what stands there instead."""

    module: str
    text: str
    instead: str
    rule: str
    """What it hurts."""


FAULTS = [
    Fault(module, entry["text"], entry["instead"], entry["rule"])
    for module, entries in yaml.safe_load(LIST.read_text(encoding="utf-8")).items()
    for entry in entries
]


# --- the copy with all faults ----------------------------------------------------------------------


def seeded(module: str, source: str) -> str:
    """The source of a module with its faults behind switches. Raises ValueError for one that is not there once."""
    changes: list[tuple[int, int, str]] = []
    switch = "seeded" if module == "layout" else "run.seeded"
    for number, fault in enumerate(FAULTS, start=1):
        if fault.module != module:
            continue
        before, rest = fault.text.split("«")
        old, after = rest.split("»")
        if source.count(before + old + after) != 1:
            raise ValueError(f"{module}: {before + old + after!r} is there {source.count(before + old + after)} times")
        start = source.index(before + old + after) + len(before)
        new = f"({fault.instead} if {switch} == {number} else {old})"
        try:
            compile(new, module, "eval")
        except SyntaxError:  # a statement
            indent = " " * (start - source.rindex("\n", 0, start) - 1)
            new = f"if {switch} == {number}:\n{indent}    {fault.instead}\n{indent}else:\n{indent}    {old}"
        changes.append((start, start + len(old), new))
    for start, end, new in sorted(changes, reverse=True):
        source = source[:start] + new + source[end:]
    return source


def copy_with_faults(folder: Path) -> None:
    """A copy of the package with every fault in it, switched by a field of the head and a name in the layout."""
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for shipped in ("scenarios", "seeds"):
        (folder / shipped).symlink_to(ROOT / shipped)
    for path in (folder / KERNEL).glob("*.py"):
        source = seeded(path.stem, path.read_text(encoding="utf-8"))
        if path.stem == "records":
            source = source.replace("HEAD = _record(\n", 'HEAD = _record(\n    "seeded",\n')
        if path.stem == "layout":
            source = source.replace("\n_LARGEST = ", "\nseeded = 0\n_LARGEST = ")
        path.write_text(source, encoding="utf-8")


# --- one fault after the other ---------------------------------------------------------------------


@dataclass
class Case:
    """A plan with what the reference makes of it."""

    name: str
    plan: Any
    tables: list[Any]
    rows: Any
    people_out: Any
    chains: Any


def case_of(name: str, plan: Any, replications: int) -> Case:
    """Play a plan in the reference."""
    import numpy as np

    from drawdown_sim.analysis import binds, measure
    from drawdown_sim.engine.reference import simulate
    from twins import table_of

    trajectories = [simulate(plan, 1, replication) for replication in range(replications)]
    measured = [measure(plan, trajectory) for trajectory in trajectories]
    return Case(
        name,
        plan,
        [table_of(trajectory) for trajectory in trajectories],
        np.array([m.row for m in measured]),
        np.array([m.people_out for m in measured]),
        binds(plan, trajectories),
    )


def generated(numbers: range) -> Iterator[Case]:
    """Generated plans, two replications each."""
    from worlds import world

    from drawdown_sim.errors import DrawdownError
    from engine_support import plan_of

    for number in numbers:
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            continue
        yield case_of(f"generated plan {number}", plan, 2)


def caught_by(case: Case, number: int) -> str:
    """What differs when a plan is played with a fault; empty if nothing does."""
    import numpy as np

    from drawdown_sim.engine.compiled.engine import Memory
    from drawdown_sim.experiment.blocks import causes_of
    from twins import play_batch

    memory = Memory(case.plan)
    memory._head["seeded"] = number
    for replication, reference in enumerate(case.tables):
        compiled = memory.table(1, replication)
        length = min(len(reference), len(compiled))
        unlike = (reference[:length] != compiled[:length]).any(axis=1)
        if unlike.any() or len(reference) != len(compiled):
            return f"row {int(unlike.argmax()) if unlike.any() else length} of replication {replication}"
    batch = play_batch(case.plan, 1, 0, len(case.tables), memory)
    if not np.array_equal(batch.rows, case.rows):
        return "a measure"
    if not np.array_equal(batch.people_out, case.people_out):
        return "the curve of people out"
    return "" if causes_of(case.plan, batch) == case.chains else "minutes of the chain"


def try_fault(number: int, cases: list[Case], pipe: Any) -> None:
    """Play plans with one fault until one differs, and send which and how; with no fault, all of them."""
    from drawdown_sim.engine.compiled import engine, layout

    layout.seeded = number
    engine._LAYOUTS.clear()
    played = 0
    for case in cases if number == 0 else [*cases, None]:
        for each in generated(range(PLANS, LAST)) if case is None else [case]:
            played += 1
            pipe.send(None)  # still alive
            differs = caught_by(each, number)
            if differs:
                pipe.send({"caught_by": each.name, "differs": differs, "plans_played": played})
                return
    pipe.send({"caught_by": "", "differs": "", "plans_played": played})


def inside() -> None:
    """In the copy: compile, see that it agrees without a fault, and try each fault."""
    from drawdown_sim.engine import compiled
    from drawdown_sim.model.compile import compile_plan
    from drawdown_sim.scenario import load, shipped_names

    began = time.monotonic()
    compiled.load_kernel()
    print(f"{time.monotonic() - began:.0f} s: compiled {compiled.__file__}", flush=True)
    cases = [case_of(name, compile_plan(load(name)), 1) for name in shipped_names()]
    cases = [*generated(range(PLANS)), *cases]
    print(f"{time.monotonic() - began:.0f} s: {len(cases)} plans played by the reference", flush=True)
    context = multiprocessing.get_context("fork")

    def outcome(number: int) -> dict[str, Any]:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=try_fault, args=(number, cases, there))
        process.start()
        there.close()
        found = None
        try:
            while found is None:
                endless = {"caught_by": "a run that does not end", "differs": "time"}
                found = here.recv() if here.poll(ENDLESS) else endless
        except EOFError:
            found = {"caught_by": "a process that breaks off", "differs": "memory"}
        process.kill()
        process.join()
        return dict(found)

    plain = outcome(0)
    if plain["differs"]:
        sys.exit(f"without a fault the copy differs: {plain}")
    print(f"{time.monotonic() - began:.0f} s: without a fault {plain['plans_played']} plans agree", flush=True)
    results = []
    with ThreadPoolExecutor(2) as threads:
        for number, found in enumerate(threads.map(outcome, range(1, len(FAULTS) + 1)), start=1):
            fault = FAULTS[number - 1]
            results.append(
                {"module": fault.module, "rule": fault.rule, "text": fault.text, "instead": fault.instead} | found
            )
            print(f"{time.monotonic() - began:.0f} s: {number} {fault.module}, {fault.rule}: {found}", flush=True)
    missed = [result["rule"] for result in results if not result["caught_by"]]
    told = {
        "faults": len(FAULTS),
        "caught": len(FAULTS) - len(missed),
        "plans_that_agree_without": plain["plans_played"],
    }
    RESULT.write_text(json.dumps(told | {"results": results}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if missed:
        sys.exit(f"not caught: {'; '.join(missed)}")
    print(f"all {len(FAULTS)} faults are caught")


def main() -> None:
    """Make the copy and go on in it."""
    if "--inside" in sys.argv:
        inside()
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_with_faults(folder)
        paths = [folder / "src", ROOT / "tests", ROOT / "tests" / "invariants"]
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "DRAWDOWN_SIM_CACHE": str(folder / "cache"),
        }
        if subprocess.run([sys.executable, __file__, "--inside"], env=environment, check=False).returncode:
            sys.exit(1)
    from agreement import kept, renew_page

    renew_page(kept())


if __name__ == "__main__":
    main()

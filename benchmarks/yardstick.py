"""The physical limit of the compiled engine: its kernel in C, on the same memory: `python benchmarks/yardstick.py`.

`benchmarks/yardstick/` has the rules again, function by function, in plain C. It is compiled into a temporary
folder with the machine's own compiler and plays the same plans from the same memory image as the numba kernel,
so that nothing differs but the compiler. It is never shipped.

Without arguments prints what a replication costs in either, measured by turns; ``--check N`` compares every row,
measure and chain of N replications instead, and ends with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from enum import IntEnum
from pathlib import Path
from statistics import median
from time import thread_time

import numpy as np

from drawdown_sim.engine.compiled import Memory, chains, load_kernel, records, run
from drawdown_sim.engine.compiled.cache import Kernel
from drawdown_sim.experiment import prepare
from drawdown_sim.model.draws import Point
from drawdown_sim.model.plan import (
    KNOTS,
    NEVER,
    UNLIMITED,
    Carries,
    Counts,
    Does,
    Entry,
    Period,
    PlaceKind,
    Plan,
    Stance,
)
from drawdown_sim.model.trajectory import COLUMNS, Hold, Kind, Status
from drawdown_sim.scenario.load import shipped_names

SOURCES = Path(__file__).parent / "yardstick"
FLAGS = ("-std=gnu11", "-O3", "-march=native", "-shared", "-fPIC", "-Wall", "-Wextra")

SEED = 1
ROUNDS = 7


#: C's names for a record of each table and pool; a pool without one is a list of integers.
_TYPES = {
    **{name: name.removesuffix("s").capitalize() for name in (*records.TABLES, *records.POOLS)},
    "series": "Series",
    "calendar": "Entry",
    "waiting": "Request",
    **dict.fromkeys(("due_movements", "departing", "formed", "granted", *records.SETS), "Int"),
    "look_takes": "Take",
    **dict.fromkeys(("sorted", "chosen", "merged"), "Int"),
    **dict.fromkeys(("lists", "tables"), "const Int"),
}

_CODES: dict[str, type[IntEnum]] = {
    "K": Kind,
    "H": Hold,
    "P": Point,
    "STATUS": Status,
    "STANCE": Stance,
    "PERIOD": Period,
    "COUNTS": Counts,
    "CARRIES": Carries,
    "PLACE": PlaceKind,
    "DOES": Does,
    "ENTRY": Entry,
}


# --- the C version -------------------------------------------------------------------------------------


def header() -> str:
    """The records of `records` as C structs, and the codes and numbers that the rules use."""
    names = {"NEVER": NEVER, "UNLIMITED": UNLIMITED, "CERTAIN": 1 << 32, "KNOTS": KNOTS, "HOLDS": len(Hold)}
    names |= {"GATE_SLOTS": records.GATE_SLOTS, "ROW_BUDGET": run.ROW_BUDGET}
    full = ("ROWS_FULL", "MOVEMENTS_FULL", "TAKES_FULL", "STRIKES_FULL", "EVENTS_FULL")
    names |= {name: getattr(records, name) for name in full}
    names |= {f"{prefix}_{code.name}": int(code) for prefix, codes in _CODES.items() for code in codes}
    names |= {f"S_{sort.upper()}": number for number, sort in enumerate(chains.SORTS)}
    names |= {f"IS_{name}": getattr(chains, f"_IS_{name}") for name in ("SHARED", "ACTIVITY", "DATED")}
    lines = ["#pragma once", "#include <stdint.h>", "#include <string.h>", "typedef int64_t Int;"]
    lines += [f"#define {name} ((Int){number})" for name, number in names.items()]
    for name, table in (("IS_LIFT", chains._IS_LIFT), ("SORT_OF_KIND", chains._SORT_OF_KIND)):
        lines.append(f"static const Int {name}[] = {{{', '.join(map(str, table))}}};")
    for name, record in (records.TABLES | records.POOLS).items():
        if _TYPES[name] != "Int":
            lines.append(f"typedef struct {{ Int {', '.join(record.names or ())}; }} {_TYPES[name]};")
    fields = [f"{_TYPES[name]} *{name};" if name in _TYPES else f"Int {name};" for name in records.HEAD.names or ()]
    lines.append(f"typedef struct {{ {' '.join(fields)} }} Run;")
    lines.append(f'_Static_assert(sizeof(Run) == {records.HEAD.itemsize}, "the head is as in records.py");')
    return "\n".join(lines) + "\n"


def compiler() -> str | None:
    """The machine's C compiler: the one named in CC, or the first that is there."""
    named = os.environ.get("CC")
    return next(filter(None, map(shutil.which, [named] if named else ["cc", "gcc", "clang"])), None)


def build(flags: tuple[str, ...] = FLAGS, kept: Path | None = None) -> Kernel:
    """The C version, with the signature of `kernel.play_replications`; its files stay in a folder, if one is given.

    Raises RuntimeError if no compiler is there, CalledProcessError if it refuses.
    """
    cc = compiler()
    if cc is None:
        raise RuntimeError("no C compiler is there: expected cc, gcc or clang, or one named in CC")
    with nullcontext(kept) if kept else tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "records.h").write_text(header())
        library = Path(folder) / "kernel.so"
        source = str(SOURCES / "kernel.c")
        subprocess.run([cc, *flags, f"-I{folder}", source, "-o", str(library)], check=True, cwd=folder)
        play = ctypes.CDLL(str(library)).play_replications
    play.argtypes = [ctypes.c_int64] * 12
    play.restype = ctypes.c_int64
    return play


# --- the check -----------------------------------------------------------------------------------------


def scenarios() -> list[str]:
    """What is compared: two plans of the mission, and every teaching case."""
    return ["baseline", "plan-2023-08", *(name for name in shipped_names() if name.startswith("teaching/"))]


def difference(plan: Plan, kernel: Kernel, replications: int) -> str | None:
    """The first difference between the numba kernel and another in so many replications of a plan."""
    memory, other = Memory(plan), Memory(plan, kernel)
    for replication in range(replications):
        mine = memory.table(SEED, replication)
        yours = other.table(SEED, replication)
        if not np.array_equal(mine, yours):
            return f"replication {replication}, {first_row(mine, yours)}"
    deadline = 180 * 1440
    mine_all = memory.play(SEED, 0, replications, deadline, True)
    yours_all = other.play(SEED, 0, replications, deadline, True)
    for name in ("rows", "people_out", "minutes"):
        if not np.array_equal(getattr(mine_all, name), getattr(yours_all, name)):
            return f"the numbers called {name}"
    return None


def first_row(mine: np.ndarray, yours: np.ndarray) -> str:
    """The first row in which two tables differ, in words."""
    count = min(len(mine), len(yours))
    rows = np.nonzero((mine[:count] != yours[:count]).any(axis=1))[0]
    if not len(rows):
        return f"{len(mine)} rows against {len(yours)}"
    one, other = (dict(zip(COLUMNS, table[rows[0]].tolist(), strict=True)) for table in (mine, yours))
    return f"row {rows[0]}: {one} against {other}"


def check(replications: int) -> int:
    """Compare both on every scenario: 1 at the first difference, else 0."""
    kernel = build()
    for scenario in scenarios():
        found = difference(prepare(scenario).plan, kernel, replications)
        if found:
            print(f"{scenario}: {found}")
            return 1
        print(f"{scenario}: {replications} replications are equal")
    return 0


# --- the cost ------------------------------------------------------------------------------------------


def costs(plan: Plan, kernels: dict[str, Kernel], replications: int, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Milliseconds of the processor per replication and round, measures and chains included; kernels take turns."""
    memories = {name: Memory(plan, kernel) for name, kernel in kernels.items()}
    found: dict[str, list[float]] = {name: [] for name in kernels}
    for number in range(-1, rounds):  # the first round grows the pools and is not counted
        for name, memory in memories.items():
            began = thread_time()
            memory.play(SEED, 0, replications, 180 * 1440, True)
            if number >= 0:
                found[name].append(1000 * (thread_time() - began) / replications)
    return found


def main() -> int:
    """Compare or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", type=int, metavar="N", help="compare N replications of each scenario instead")
    parser.add_argument("--scenario", default="baseline", help="what is measured")
    parser.add_argument("--replications", type=int, default=200, help="in each round")
    options = parser.parse_args()
    if options.check:
        return check(options.check)
    found = costs(prepare(options.scenario).plan, {"numba": load_kernel(), "C": build()}, options.replications)
    for name, rounds in found.items():
        print(f"{name:>6} {median(rounds):.3f} ms a replication")
    ratio = median(c / n for n, c in zip(found["numba"], found["C"], strict=True))
    print(f"speed of numba, in that of C: {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Which branches of the reference the generated plans and the shipped scenarios reach.

Run it from the root of the project: python verification/reach.py, with --help for its options. It needs the package
coverage (pip install coverage). The result is kept in agreement.json, and in docs/agreement.md.
"""

from __future__ import annotations

import argparse

import coverage

from agreement import ROOT, kept, save

REFERENCE = ROOT / "src" / "drawdown_sim" / "engine" / "reference"

#: Why a branch is not reached, by its line.
_FULL_PASS = "only a pass over all that waits looks at what is not marked; the tests of `full_pass` reach it"
_BUDGET = "a million rows: the endless mission of the comparison reaches it"
REASONS = {
    "if due:": _FULL_PASS,
    "elif due:": _FULL_PASS,
    "if run.full_pass:": _FULL_PASS,
    "if m.number in waiting:": "no departure takes another movement from those that wait",
    "if row == ROW_BUDGET - 1:": _BUDGET,
    "if m.go is not None and not m.go.triggered:": "a column called by one look has gone on before the next",
    "if event._ok:  # a story has failed": "only a fault of the program fails a story",
    "if not event._ok:  # a story has failed": "only a fault of the program fails a story",
    "for cand, quantity in look.takes:": "the look found more than there is space for, so the loop is left early",
    "if run.now >= run.quota_known[quota]:": "what is left was asked for right before, which begins the period",
    "if k not in self.lifts_of_stage[s]:": "a lift loads at each place once, so a stage is once among its candidates",
}


def play(plans: int, replications: int) -> tuple[int, int]:
    """Play everything in the reference: how many generated plans and scenarios."""
    from worlds import world

    from drawdown_sim.engine.reference import simulate
    from drawdown_sim.errors import DrawdownError
    from drawdown_sim.model.compile import compile_plan
    from drawdown_sim.scenario import load, shipped_names
    from engine_support import plan_of

    played = 0
    for number in range(plans):
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            continue
        played += 1
        for replication in range(replications):
            simulate(plan, number, replication)
        if number % 500 == 499:
            print(f"{number + 1} plans", flush=True)
    names = shipped_names()
    for name in names:
        simulate(compile_plan(load(name)), 1, 0)
    return played, len(names)


def missing(measured: coverage.Coverage) -> tuple[int, list[list[str]]]:
    """How many branches there are, and those not reached: module and line, branch, reason."""
    branches, entries = 0, []
    for path in sorted(REFERENCE.glob("*.py")):
        analysis = measured._analyze(str(path))
        branches += analysis.numbers.n_branches
        lines = path.read_text(encoding="utf-8").splitlines()
        for line, targets in sorted(analysis.missing_branch_arcs().items()):
            text = lines[line - 1].strip()
            for target in targets:
                goal = lines[target - 1].strip() if target > 0 else "the end"
                reason = REASONS.get(text, "**not explained**")
                entries.append([f"{path.stem}, line {line}", f"`{text}` to `{goal}`", reason])
    return branches, entries


def main() -> None:
    """Measure, and keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--plans", type=int, default=3000, help="generated plans")
    parser.add_argument("--replications", type=int, default=2, help="replications of each")
    args = parser.parse_args()
    measured = coverage.Coverage(branch=True, source=[str(REFERENCE)], data_file=None)
    # the modules were read when the comparison was loaded; what they define on the way in has no branches
    measured.start()
    played, scenarios = play(args.plans, args.replications)
    measured.stop()
    branches, entries = missing(measured)
    reached = {
        "plans": played,
        "scenarios": scenarios,
        "branches": branches,
        "reached": branches - len(entries),
        "missing": entries,
    }
    save(kept() | {"coverage": reached})
    print(f"{branches - len(entries)} of {branches} branches reached")
    for where, branch, reason in entries:
        print(f"{where}: {branch}: {reason}")


if __name__ == "__main__":
    main()

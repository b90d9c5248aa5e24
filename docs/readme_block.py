"""Renew the output blocks of README.md: `python docs/readme_block.py`.

The baseline's block comes from the reference result under results/baseline; the others are made anew.
With --check nothing is written, and the exit code is 1 if a block would change.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

from drawdown_sim.errors import ScenarioError
from drawdown_sim.experiment import prepare, run
from drawdown_sim.experiment.bound import bound
from drawdown_sim.experiment.compare import compare
from drawdown_sim.experiment.explain import explain
from drawdown_sim.experiment.store import folder_of
from drawdown_sim.experiment.threshold import Effort, Vary, threshold
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.report.bound import bound_report
from drawdown_sim.report.compare import compare_report
from drawdown_sim.report.explain import explain_report
from drawdown_sim.report.listings import fact_report, find_fact
from drawdown_sim.report.results import run_report
from drawdown_sim.report.tables import Section
from drawdown_sim.report.threshold import threshold_report
from drawdown_sim.report.words import wrapped
from drawdown_sim.scenario import load, shipped_register
from drawdown_sim.scenario.resolve import Bundle

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "README.md"
WIDTH = 80
WORKERS = Workers(2)

#: A replication of the page's own variant that comes out late.
LATE = 3

#: Stands for sections that are left out.
GAP = "[...]"

_BLOCK = re.compile(
    r"(<!-- made by docs/readme_block\.py: ([\w-]+) -->\n```text\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE
)
_VARIANT = re.compile(r"^```yaml\n(# a whole scenario\n.*?)^```$", re.DOTALL | re.MULTILINE)

#: Three ways to spoil the baseline: a key, a unit, a fact.
MISTAKES = (
    ("    stance: obstructing\n    retry: {value: 3 days", "    stanse: obstructing\n    retry: {value: 3 days"),
    ("gain: {value: 200 trucks,", "gain: {value: 200,"),
    ("fact: timbuktu-airport-closed,", "fact: timbuktu-airport-close,"),
)


def baseline() -> str:
    """The main sections of the reference result."""
    folders = sorted((ROOT / "results" / "baseline").glob("[0-9a-f]*"))
    if len(folders) != 1:
        raise SystemExit(f"results/baseline holds {len(folders)} results, expected one; see CONTRIBUTING.md, Results")
    summary = json.loads((folders[0] / "summary.json").read_bytes())
    spread = json.loads((folders[0] / "spread-24x40.json").read_bytes())
    sections = run_report(summary, spread, f"results/baseline/{folders[0].name}", WIDTH)
    return printed(sections, ("", "Milestones", "Losses", "What binds", "Inputs", "Result"))


def what_if() -> str:
    """The head of a run of the page's own variant."""
    result = run(written("mine.yaml", variant()), 200)
    folder = folder_of(result, Path("results"))
    return printed(run_report(result.summary, None, str(folder), WIDTH), ("", "Milestones", "Result"))


def variant() -> str:
    """The scenario that the page shows."""
    found = _VARIANT.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None, "README.md shows no variant"
    return found[1]


# --- the story: from a question to a decision ------------------------------------------------------------


def compared() -> str:
    """The baseline beside the page's own variant."""
    answer = compare([load("baseline"), written("mine.yaml", variant())], 1000, workers=WORKERS)
    return printed(compare_report(answer, WIDTH), ("", "At what price", "Compared"))


def explained() -> str:
    """What binds in the page's own variant."""
    answer = explain(written("mine.yaml", variant()), 500, workers=WORKERS)
    return printed(explain_report(answer, WIDTH), ("Causes",))


def explained_once() -> str:
    """One future of the page's own variant, step by step."""
    answer = explain(written("mine.yaml", variant()), replication=LATE, workers=WORKERS)
    return printed(explain_report(answer, WIDTH), ("The chain",))


def threshold_of_cap() -> str:
    """How low the cap may go."""
    vary = Vary("quotas.people-out.limit", "700 persons", "1000 persons")
    answer = threshold(prepare("baseline"), vary, effort=Effort(500, 4), workers=WORKERS)
    return printed(threshold_report(answer, WIDTH), ("", "Chance, losses"))


def bounded() -> str:
    """What no cap can change."""
    return printed(bound_report(bound(prepare("baseline"), milestone="withdrawal"), WIDTH), ("", "Why"))


def faults() -> str:
    """What is said of a copy of the baseline with three mistakes."""
    text = (ROOT / "scenarios" / "baseline.yaml").read_text(encoding="utf-8")
    for right, wrong in MISTAKES:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    text = text.replace("extends: minusma-2023.yaml", "extends: minusma-2023")
    try:
        written("copy.yaml", text)
    except ScenarioError as found:
        return "\n".join(line for fault in found.faults for line in wrapped(fault, 120, "    "))
    raise AssertionError("the mistakes were not found")


def fact() -> str:
    """One fact of the register."""
    register = shipped_register()
    return "\n".join(fact_report(register, find_fact(register, "hold-200-trucks"), WIDTH))


def written(name: str, text: str) -> Bundle:
    """A scenario given as text, loaded as if it lay in the current folder."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path(name).write_text(text, encoding="utf-8")
        return load(name)


def printed(sections: list[Section], chosen: tuple[str, ...]) -> str:
    """The sections whose titles begin so, as the command line prints them; dots where others stand between."""
    parts: list[str] = []
    wanted = list(chosen)
    for section in sections:
        if wanted and section.title.startswith(wanted[0]):
            wanted.pop(0)
            parts.append("\n".join([section.title, *section.lines]))
        elif parts and parts[-1] != GAP:
            parts.append(GAP)
    assert not wanted, f"no section {wanted}"
    return "\n\n".join(parts)


MAKERS: dict[str, Callable[[], str]] = {
    "baseline": baseline,
    "what-if": what_if,
    "compare": compared,
    "explain": explained,
    "explain-once": explained_once,
    "threshold": threshold_of_cap,
    "bound": bounded,
    "faults": faults,
    "fact": fact,
}


def renewed(page: str, names: frozenset[str] = frozenset(MAKERS)) -> str:
    """The page with the named blocks made anew."""

    def block(found: re.Match[str]) -> str:
        return f"{found[1]}{MAKERS[found[2]]()}\n{found[4]}" if found[2] in names else found[0]

    return _BLOCK.sub(block, page)


def main() -> int:
    """Write the page, or with --check say whether it is stale."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = renewed(page)
    if "--check" in sys.argv[1:]:
        print("README.md is fresh" if fresh == page else "README.md is stale: python docs/readme_block.py")
        return int(fresh != page)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

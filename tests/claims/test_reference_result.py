"""The committed result of the baseline: whether it is still what the scenario and the engine give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from drawdown_sim.experiment.run import Result
from drawdown_sim.experiment.store import ROWS, SUMMARY, rows_table

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "results" / "baseline"
REMEDY = "renew it with: python verification/renew.py, then python verification/validation.py"

pytestmark = pytest.mark.xdist_group("baseline")


def folder() -> Path:
    """The one committed folder with the usual number of replications."""
    found = [path for path in KEPT.glob("*") if (path / SUMMARY).is_file() and "-r" not in path.name]
    assert len(found) == 1, f"{KEPT} holds {len(found)} results of 500 replications, expected one; {REMEDY}"
    return found[0]


def what_differs(kept: Any, fresh: Any, path: str = "") -> list[str]:
    """Paths at which two summaries differ, with both values."""
    if isinstance(kept, dict) and isinstance(fresh, dict):
        keys = sorted(kept.keys() | fresh.keys())
        return [line for key in keys for line in what_differs(kept.get(key), fresh.get(key), f"{path}.{key}")]
    if isinstance(kept, list) and isinstance(fresh, list) and len(kept) == len(fresh):
        pairs = enumerate(zip(kept, fresh, strict=True))
        return [line for at, pair in pairs for line in what_differs(*pair, f"{path}[{at}]")]
    return [] if kept == fresh else [f"{path.lstrip('.')}: kept {kept!r}, now {fresh!r}"]


def test_the_reference_result_is_of_the_present_scenario_and_contract(baseline: Result) -> None:
    found = folder().name
    assert found == baseline.digest, (
        f"the committed result {found} is stale, the baseline is {baseline.digest}; {REMEDY}"
    )


def test_the_reference_summary_has_the_numbers_of_a_fresh_run(baseline: Result) -> None:
    kept = json.loads((folder() / SUMMARY).read_bytes())
    fresh = json.loads(json.dumps(baseline.summary))
    lines = what_differs(kept, fresh)
    shown = "\n".join(lines[:10])
    assert not lines, f"the committed summary is stale in {len(lines)} places:\n{shown}\n{REMEDY}"


def test_the_reference_rows_are_those_of_a_fresh_run(baseline: Result) -> None:
    kept = pq.read_table(folder() / ROWS)
    assert kept.equals(rows_table(baseline)), f"the committed rows are stale; {REMEDY}"


def test_the_validation_page_was_measured_on_this_baseline(baseline: Result) -> None:
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    assert f"`baseline` (digest {baseline.digest})" in text, (
        f"docs/validation.md was not measured on baseline {baseline.digest}; run: python verification/validation.py"
    )

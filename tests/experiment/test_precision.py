"""As many replications as a precision takes: enough, few in vain, the same for everybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from drawdown_sim.analysis import wilson
from drawdown_sim.errors import PlanError
from drawdown_sim.experiment import run
from drawdown_sim.experiment.precision import Precision, _relative_widths, _stays
from drawdown_sim.experiment.store import ROWS, SUMMARY
from drawdown_sim.experiment.workers import Workers

Write = Callable[..., Path]


def test_enough_are_played_and_few_in_vain(mission: Path) -> None:
    result = run(mission, Precision(0.03, 100_000))
    (milestone,) = result.summary["milestones"]
    assert 0.05 < milestone["probability"] < 0.95, "the case is one of doubt"
    runs = result.summary["replications"]
    assert (milestone["high"] - milestone["low"]) / 2 <= 0.03
    hits = round(milestone["probability"] * runs)
    few = round(0.9 * runs)
    low, high = wilson(round(hits * 0.9), few)
    assert (high - low) / 2 > 0.03, "a tenth fewer would not have been enough"
    assert result.precision is not None
    assert result.precision["reached"]
    assert result.precision["half_as_wide"] == pytest.approx(4 * runs, rel=0.1)


def test_the_replications_are_those_of_a_run_of_as_many(mission: Path, tmp_path: Path) -> None:
    asked = Precision(0.05, 100_000)
    one = run(mission, asked, out=tmp_path / "one", workers=Workers(2, "compiled"))
    two = run(mission, one.summary["replications"], out=tmp_path / "two", workers=Workers(1, "reference"))
    assert one.folder is not None
    assert two.folder is not None
    assert (one.folder / "precision-0.05.json").exists()
    for name in (ROWS, SUMMARY):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes(), name


def test_what_is_not_reached_with_the_most_is_said(mission: Path) -> None:
    result = run(mission, Precision(0.01, 300))
    assert result.precision is not None
    assert (result.precision["reached"], result.precision["replications"]) == (False, 300)


def test_runs_that_never_finish_have_a_chance_and_no_date(mission: Path, write: Write) -> None:
    lost = "number: 5 trucks, changes: {lost: {on: 2024-01-02, loss: 5 trucks}}"
    stuck = write(mission.read_text().replace("number: 5 trucks", lost), "stuck.yaml")
    result = run(stuck, Precision(0.05, 10_000))
    assert result.precision is not None
    (milestone,) = result.precision["milestones"]
    assert milestone["censored"] == result.summary["replications"]
    assert milestone["mean_date_half_width_days"] is None


@pytest.mark.parametrize("half_width", [0.0, 0.0001, 0.3, -1.0])
def test_a_senseless_precision_is_refused_with_what_was_expected(half_width: float) -> None:
    with pytest.raises(PlanError, match=r"expected 0\.0005 to 0\.25"):
        Precision(half_width, 1000)


def test_the_rule_for_dates_is_that_of_a_plain_loop() -> None:
    times = np.random.default_rng(5).normal(100, 30, 400)
    widths = _relative_widths(times)
    for count in (3, 10, 200, 400):
        expected = 1.959964 * times[:count].std(ddof=1) / np.sqrt(count) / times[:count].mean()
        assert widths[count - 1] == pytest.approx(expected, rel=1e-6)
    narrow = np.array([False, True, True, False, *[True] * 16])
    # after the 5th value the next 5 stay narrow; the last 5 have not been followed far enough
    assert np.flatnonzero(_stays(narrow)).tolist() == list(range(4, 15))

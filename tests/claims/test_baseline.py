"""The claim that the first case stands for: the withdrawal of 2023 could be done in time, and only just."""

from __future__ import annotations

from datetime import date

import pytest

from drawdown_sim.experiment.run import Result

pytestmark = pytest.mark.xdist_group("baseline")


def test_baseline_completes_the_withdrawal_by_31_december_in_its_median_and_not_before_december(
    baseline: Result,
) -> None:
    found = {milestone["id"]: milestone for milestone in baseline.summary["milestones"]}
    assert baseline.summary["replications"] == 500
    assert found["withdrawal"]["deadline"] == "2023-12-31"
    assert found["withdrawal"]["p50"] is not None, "in the median the withdrawal is never completed"
    assert date(2023, 12, 1) <= date.fromisoformat(found["withdrawal"]["p50"]) <= date(2023, 12, 31)


def test_baseline_is_neither_certain_nor_hopeless(baseline: Result) -> None:
    verdict = baseline.summary["verdict"]
    assert 0.05 < verdict["low"] <= verdict["high"] < 0.995


def test_baseline_is_no_replay_and_counts_what_was_fitted(baseline: Result) -> None:
    assert not baseline.summary["replay"]
    assert baseline.summary["inputs"]["replay"] == 0
    assert baseline.summary["inputs"]["calibrated"] >= 15

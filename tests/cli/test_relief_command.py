"""The command that asks what would help: what it prints, and what it refuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]


def test_relief_has_help_with_an_example(drawdown: Drawdown) -> None:
    done = drawdown("relief", "--help")
    assert done.returncode == 0
    assert "Example: drawdown-sim relief" in done.stdout


def test_relief_prints_a_report_and_the_same_as_json(drawdown: Drawdown, mission: Path) -> None:
    words = ("relief", mission, "--replications", 50, "--no-store")
    shown, told = drawdown(*words), drawdown(*words, "--json")
    assert (shown.returncode, told.returncode) == (0, 0), shown.stderr + told.stderr
    assert "on these assumptions" in " ".join(shown.stdout.split())
    answer = json.loads(told.stdout)
    assert answer["question"] == "relief"
    assert {row["subject"] for row in answer["alone"]} >= {"trucks", "road", "camp"}
    assert answer["base"]["losses"] == 0


def test_relief_keeps_its_tables_and_its_picture(drawdown: Drawdown, mission: Path, tmp_path: Path) -> None:
    done = drawdown("relief", mission, "--replications", 50, "--plot", "relief.svg")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "relief.svg").exists()
    kept = {path.name for path in (tmp_path / "results").rglob("*.parquet")}
    assert kept == {"alone.parquet", "pairs.parquet", "screened_out.parquet", "not_relaxed.parquet"}


def test_relief_refuses_a_milestone_that_there_is_not_in_one_line(drawdown: Drawdown, mission: Path) -> None:
    done = drawdown("relief", mission, "--milestone", "nowhere", "--no-store")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "expected one of all-out" in done.stderr


def test_relief_refuses_no_step_and_too_few_runs(drawdown: Drawdown, mission: Path) -> None:
    assert drawdown("relief", mission, "--steps", 0).returncode == 2
    assert drawdown("relief", mission, "--replications", 10).returncode == 2

"""What `drawdown-sim explain` prints, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]


def test_help_has_an_example_and_the_options(drawdown: Drawdown) -> None:
    done = drawdown("explain", "--help")
    assert done.returncode == 0
    assert "Example: drawdown-sim explain" in done.stdout
    for option in ("--camp", "--milestone", "--replication", "--replications", "--json", "--plot", "--engine"):
        assert option in done.stdout


@pytest.mark.parametrize("columns", [80, 120])
def test_the_report_says_what_binds_with_chance_losses_and_exposure(
    drawdown: Drawdown, mission: Path, columns: int
) -> None:
    done = drawdown("explain", mission, "--replications", 70, "--no-store", columns=columns)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= columns
    text = " ".join(done.stdout.split())
    assert "camp waits" in text
    assert "on these assumptions" in text
    assert "nothing lost and nobody hurt" in text
    assert "70 replications in all" in text


def test_json_has_shares_and_days_that_add_up(drawdown: Drawdown, mission: Path) -> None:
    done = drawdown("explain", mission, "--replications", 20, "--camp", "camp", "--json")
    found = json.loads(done.stdout)
    assert (found["about"], found["id"], found["replications"]) == ("camp", "camp", 20)
    days = sum(cause["days"] for cause in found["causes"])
    assert days == pytest.approx(found["days"], abs=0.001 * len(found["causes"]))
    assert all(0 < cause["low"] <= cause["criticality"] <= cause["high"] <= 1 for cause in found["causes"])
    assert {"losses", "convoy_km", "people_hurt"} <= set(found["price"])
    assert "-explain-" in Path(found["results"]).name


def test_one_future_is_told_in_dates_that_join_and_times_that_add_up(drawdown: Drawdown, mission: Path) -> None:
    done = drawdown("explain", mission, "--replication", 3, "--no-store", columns=120)
    lines = done.stdout.split("The chain, from the start to the end\n")[1].splitlines()
    dated = [line for line in lines if line.startswith("2024-")]
    at = datetime(2024, 1, 1)
    for line in dated[:-1]:
        assert line.startswith(at.isoformat(" ", "minutes"))
        days, time = line[18:29].split(" d ")
        hours, minutes = time.split(":")
        at += timedelta(days=int(days), hours=int(hours), minutes=int(minutes))
    assert dated[-1].startswith(at.isoformat(" ", "minutes"))
    assert "add up to" in dated[-1]


def test_pictures_of_many_futures_and_of_one_are_drawn(drawdown: Drawdown, mission: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    many, one = tmp_path / "many.svg", tmp_path / "one.svg"
    assert drawdown("explain", mission, "--replications", 5, "--no-store", "--plot", many).returncode == 0
    assert drawdown("explain", mission, "--replication", 0, "--no-store", "--plot", one).returncode == 0
    assert all(path.read_text().startswith("<?xml") for path in (many, one))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--camp", "hub"), "camp 'hub' is no camp; those that close are camp"),
        (("--milestone", "end"), "there is no 'end'; expected one of all-out"),
        (("--milestone", "all-out", "--camp", "camp"), "expected one of them"),
        (("--engine", "fast"), "no engine 'fast'"),
        (("--replications", "0"), "--replications"),
        (("--plot", "picture.txt"), "expected a file that ends in .svg"),
    ],
)
def test_bad_input_ends_with_exit_code_2_and_one_message(
    drawdown: Drawdown, mission: Path, words: tuple[str, ...], said: str
) -> None:
    done = drawdown("explain", mission, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr

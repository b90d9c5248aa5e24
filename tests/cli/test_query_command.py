"""The command `query`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]

pytest.importorskip("duckdb")


def test_a_run_is_found_again_and_a_wrong_statement_is_no_traceback(drawdown: Drawdown, mission: Path) -> None:
    assert drawdown("run", mission, "--replications", 3, "--no-spread").returncode == 0
    done = drawdown("query", "SELECT replications AS runs, probability FROM runs")
    assert done.returncode == 0
    assert [line.split() for line in done.stdout.splitlines()] == [["runs", "probability"], ["3", "1"]]
    assert json.loads(drawdown("query", "SELECT count(*) AS n FROM replications", "--json").stdout) == [{"n": 3}]
    assert "runs (1 row): scenario, digest" in drawdown("query").stdout
    wrong = drawdown("query", "SELEC")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("query: ")
    assert "Traceback" not in wrong.stderr

"""What the commands print, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import heed_ctrl_c

Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]

COMMANDS = (
    "check", "run", "show", "sources", "schema", "trace", "explain", "relief", "threshold", "calendar", "compare",
    "sweep", "sensitivity", "bound", "optimise", "query", "export",
)  # fmt: skip


def test_help_names_every_command_and_an_example(drawdown: Drawdown) -> None:
    done = drawdown("--help")
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)
    assert "Example: drawdown-sim run" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example_and_json(drawdown: Drawdown, command: str) -> None:
    done = drawdown(command, "--help")
    assert done.returncode == 0
    assert f"Example: drawdown-sim {command}" in done.stdout
    assert "--json" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_that_shares_its_work_can_share_it_with_a_cluster(drawdown: Drawdown, command: str) -> None:
    shown = drawdown(command, "--help").stdout
    assert ("--workers" in shown) == ("--dask" in shown)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, drawdown_sim.cli as c\n"
        "heavy = {'numpy', 'pydantic', 'pyarrow', 'simpy', 'yaml', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    path = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, check=True)


def test_the_package_gives_load_and_run_without_loading_them_first() -> None:
    code = (
        "import sys, drawdown_sim\n"
        "assert 'numpy' not in sys.modules\n"
        "for name in drawdown_sim.__all__[1:]:\n"
        "    assert callable(getattr(drawdown_sim, name)), name\n"
        "assert drawdown_sim.__version__"
    )
    path = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, check=True)


def test_check_says_ok_with_counts(drawdown: Drawdown, mission: Path) -> None:
    done = drawdown("check", mission)
    assert done.returncode == 0
    assert "ok: 1 camp, 40 people, 30 loads" in " ".join(done.stdout.split())
    assert json.loads(drawdown("check", mission, "--json").stdout)["inputs"]["assumed"] > 0


def test_a_run_is_drawn_and_no_picture_is_overwritten(drawdown: Drawdown, mission: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    words = ("run", mission, "--replications", 20, "--no-spread", "--no-store", "--plot", "run.svg")
    assert drawdown(*words).returncode == 0
    drawn = (tmp_path / "run.svg").read_bytes()
    assert b"<svg" in drawn
    again = drawdown(*words)
    assert (again.returncode, again.stdout) == (2, "")
    assert "is there already; nothing is overwritten" in again.stderr
    assert (tmp_path / "run.svg").read_bytes() == drawn


def test_every_fault_goes_to_stderr_with_exit_code_2(drawdown: Drawdown, mission: Path) -> None:
    broken = mission.read_text().replace("pick_up: [camp], to: hub", "pick_upp: [camp], to: hub")
    mission.write_text(broken.replace("distance: 300 km", "distance: 300"))
    for command in ("check", "run", "show", "sources", "trace"):
        done = drawdown(command, mission)
        assert done.returncode == 2, command
        assert done.stdout == ""
        assert "pick_upp" in done.stderr
        assert "distance" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("run", "no-such-scenario"),
        ("run",),
        ("runn",),
        ("run", "m", "--replications", "0"),
        ("run", "m", "--seed", "x"),
        ("sources",),
        ("sources", "--fact", "no-such-fact"),
        ("check", "."),
    ],
)
def test_wrong_words_end_with_exit_code_2_and_no_traceback(drawdown: Drawdown, words: tuple[str, ...]) -> None:
    done = drawdown(*words)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_run_json_has_the_stable_keys(drawdown: Drawdown, mission: Path) -> None:
    done = drawdown("run", mission, "--replications", 20, "--no-spread", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert next(iter(found["milestones"][0])) == "id"
    keys = {"scenario", "digest", "seed", "replications", "status", "milestones", "camps", "remaining"}
    assert keys | {"losses", "exposure", "binds", "inputs"} <= set(found)
    assert found["milestones"][0]["deadline"] == "2024-02-05"


@pytest.mark.parametrize("columns", [80, 120])
def test_the_report_fits_its_columns_and_shows_price_beside_chance(
    drawdown: Drawdown, mission: Path, columns: int
) -> None:
    done = drawdown("run", mission, "--replications", 200, "--spread", 3, columns=columns)
    assert done.returncode == 0
    assert done.stderr == ""
    assert max(map(len, done.stdout.splitlines())) <= columns
    assert "\x1b" not in done.stdout
    text = " ".join(done.stdout.split())
    assert "all who are due to leave are out by 5 February 2024, on these assumptions" in text
    assert "everyone" not in text
    assert text.index("At the median") < text.index("Milestones")
    assert "3 settings of 1 input, 40 runs each" in text
    assert "inputs: 0 documented, 0 derived, 0 analogy, 0 calibrated" in text
    assert "10 to 15 Jan 2024" in text


def test_below_two_hundred_runs_no_likelihood_word_is_given(drawdown: Drawdown, mission: Path) -> None:
    text = " ".join(drawdown("run", mission, "--replications", 199, "--no-spread").stdout.split())
    assert "Below 200 runs no likelihood word is given." in text
    assert "likely" not in text.replace("likelihood", "")


def test_a_verdict_of_no_is_no_fault(drawdown: Drawdown, mission: Path) -> None:
    mission.write_text(mission.read_text().replace("deadline: 2024-02-05", "deadline: 2024-01-02"))
    done = drawdown("run", mission, "--replications", 200, "--no-spread")
    assert done.returncode == 0
    assert "unlikely" in done.stdout


def test_a_result_that_cannot_be_kept_is_named_before_the_work(drawdown: Drawdown, mission: Path) -> None:
    done = drawdown("run", mission, "--replications", 10, "--out", mission)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert done.stdout == ""


def test_a_changed_result_is_shown_and_reported(drawdown: Drawdown, mission: Path, tmp_path: Path) -> None:
    words = ("run", mission, "--replications", 10, "--no-spread")
    assert drawdown(*words).returncode == 0
    summary = next((tmp_path / "results").rglob("summary.json"))
    summary.write_text("{}")
    done = drawdown(*words)
    assert done.returncode == 2
    assert "another result" in done.stderr
    assert "Milestones" in done.stdout


def test_show_lists_lifts_and_camps_and_resolves(drawdown: Drawdown, mission: Path) -> None:
    page = drawdown("show", mission)
    assert page.returncode == 0
    assert "camp to hub" in page.stdout
    resolved = drawdown("show", mission, "--resolved", "--origin").stdout
    assert "mission.yaml:" in resolved
    assert "legs" in json.loads(drawdown("show", mission, "--json").stdout)


def test_sources_list_each_input_with_its_ground(drawdown: Drawdown, mission: Path) -> None:
    done = drawdown("sources", mission)
    assert "legs.road.distance: 300 km -- assumed" in done.stdout
    entries = json.loads(drawdown("sources", mission, "--json").stdout)
    assert {"path", "value", "ground", "facts"} <= set(entries[0])


def test_a_fact_is_printed_with_its_source_and_place(drawdown: Drawdown) -> None:
    done = drawdown("sources", "--fact", "frame-deadline")
    assert done.returncode == 0
    assert "2023-12-31" in done.stdout
    assert "where:" in done.stdout


def test_the_schema_is_json(drawdown: Drawdown) -> None:
    assert "$schema" in json.loads(drawdown("schema").stdout)


def test_trace_is_a_table_with_names_and_dates(drawdown: Drawdown, mission: Path, tmp_path: Path) -> None:
    printed = drawdown("trace", mission, "--replication", 3).stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert rows[0]["time"] == "2024-01-01 00:00"
    assert rows[-1]["kind"] == "end"
    assert rows[-1]["quantity"] == "complete"
    assert {"convoy", "march"} <= {row["entity"] for row in rows}
    drawdown("trace", mission, "--replication", 3, "--out", "trace.csv")
    assert (tmp_path / "trace.csv").read_text() == printed
    as_json = json.loads(drawdown("trace", mission, "--replication", 3, "--json").stdout)
    assert len(as_json) == len(rows)


def test_a_reader_that_stops_early_is_no_fault(mission: Path, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "drawdown_sim", "trace", str(mission)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


def stopped_after(command: list[str], begun: Callable[[str], bool], folder: Path, **settings: str) -> float:
    """Send Ctrl-C to a command that has begun its work; the seconds until it ends, as it must: without a traceback."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
    told = folder / "told"
    with told.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "drawdown_sim", *command],
            stdout=subprocess.PIPE,
            stderr=file,
            env=env,
            cwd=folder,
            preexec_fn=heed_ctrl_c,
        )
    until = time.monotonic() + 120
    while not begun(told.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    try:
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    took = time.monotonic() - sent
    error = told.read_text()
    assert process.returncode == 130, error
    assert out == b""
    assert "stopped by Ctrl-C" in error
    assert "Traceback" not in error
    return took


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_ctrl_c_stops_within_a_second_and_leaves_no_half_written_file(tmp_path: Path, engine: str) -> None:
    command = ["run", "baseline", "--replications", "500000", "--engine", engine]
    # the results folder appears just before the work begins; a busy machine may be late once
    took = [stopped_after(command, lambda _: (tmp_path / "results").exists(), tmp_path) for _ in range(2)]
    assert min(took) < 1
    left = [path.name for path in (tmp_path / "results").rglob("*") if path.is_file()]
    assert not [name for name in left if not name.endswith((".columns", ".json", "lock"))]


def test_ctrl_c_stops_within_a_second_while_the_engine_is_compiled(mission: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    command = ["run", str(mission), "--no-store", "--engine", "compiled"]
    cache = tmp_path / "cache"
    took = stopped_after(command, lambda told: "making the" in told, tmp_path, DRAWDOWN_SIM_CACHE=str(cache))
    assert took < 1
    assert list(cache.iterdir()) == []

"""Which engine does the work is nobody's business but the clock's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from drawdown_sim import engine as engines
from drawdown_sim.errors import EngineError
from drawdown_sim.experiment import run
from drawdown_sim.experiment.blocks import BLOCK
from drawdown_sim.experiment.spread import Design
from drawdown_sim.experiment.store import ROWS, SUMMARY
from drawdown_sim.experiment.workers import Workers

pytest.importorskip("numba")

Write = Callable[..., Path]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_engine_does_not_change_a_byte(mission: Path, tmp_path: Path, workers: int) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    runs = 2 * BLOCK + 5
    slow = run(mission, runs, out=one, workers=Workers(1, "reference"), spread=Design(3, 10))
    fast = run(mission, runs, out=two, workers=Workers(workers, "compiled"), spread=Design(3, 10))
    assert (slow.engine, fast.engine) == ("reference", "compiled")
    assert slow.folder is not None
    assert fast.folder is not None
    for name in (ROWS, SUMMARY, "spread-3x10.json"):
        assert (slow.folder / name).read_bytes() == (fast.folder / name).read_bytes(), name


def test_runs_that_stall_say_the_same_with_either_engine(write: Write, mission: Path) -> None:
    # trucks that are lost for good fetch nothing
    lost = "number: 5 trucks, changes: {lost: {on: 2024-01-02, loss: 5 trucks}}"
    text = mission.read_text().replace("number: 5 trucks", lost)
    stuck = write(text, "stuck.yaml")
    slow, fast = (run(stuck, 70, workers=Workers(1, engine)) for engine in ("reference", "compiled"))
    assert slow.summary["status"]["complete"] == 0
    assert slow.summary["endings"]
    assert slow.summary == fast.summary


def test_few_replications_are_not_worth_loading_the_compiled_engine() -> None:
    assert engines.choose("auto", engines.LEAST_FOR_COMPILED - 1) == "reference"
    assert engines.choose("auto", engines.LEAST_FOR_COMPILED) == "compiled"


def test_an_engine_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(EngineError, match="no engine 'fast'; there are: auto, reference, compiled"):
        engines.choose("fast", 1)


def test_without_numba_the_reference_plays_and_the_compiled_engine_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert engines.choose("auto", 10_000) == "reference"
    with pytest.raises(EngineError, match=r"needs numba.*pip install.*--engine reference"):
        engines.choose("compiled", 1)


def start(mission: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """A run with the compiled engine in a process of its own, with a cache of its own."""
    command = [sys.executable, "-m", "drawdown_sim", "run", str(mission), "--replications", "3", "--no-spread"]
    return subprocess.run(
        [*command, "--no-store", "--engine", "compiled"],
        env=os.environ | {"DRAWDOWN_SIM_CACHE": str(cache)},
        capture_output=True,
        text=True,
    )


def test_a_cold_start_says_once_that_it_compiles_and_survives_another_beside_it(mission: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: start(mission, cache), range(2)))
    for done in both:
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("making the compiled engine for this machine, once") == 1
    again = start(mission, cache)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == both[0].stdout == both[1].stdout
    # nothing half-written is left, and what is damaged is made again
    kept = list(cache.iterdir())
    assert kept
    assert not [path for path in kept if not path.name.startswith("kernel-")]
    for path in kept:
        path.write_bytes(path.read_bytes()[:100])
    mended = start(mission, cache)
    assert mended.returncode == 0, mended.stderr
    assert mended.stderr.count("making the compiled engine") == 1


def test_a_cache_that_cannot_be_written_is_named(mission: Path, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("not a folder")
    done = start(mission, place / "below")
    assert done.returncode == 2
    assert str(place / "below") in done.stderr
    assert "DRAWDOWN_SIM_CACHE" in done.stderr
    assert "Traceback" not in done.stderr

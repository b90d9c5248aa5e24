"""A run that is ended goes on from its finished parts, and leaves the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from command_line import heed_ctrl_c
from drawdown_sim.experiment import collected as collecting
from drawdown_sim.experiment import run
from drawdown_sim.experiment.blocks import BLOCK, Block
from drawdown_sim.experiment.collected import Collected, Unfinished
from drawdown_sim.experiment.store import ROWS, SUMMARY
from drawdown_sim.experiment.workers import Workers

RUNS = 60_000


def begin(mission: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "drawdown_sim", "run", str(mission), "--replications", str(RUNS), "--no-spread"]
    return subprocess.Popen(
        [*command, "--out", str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed_ctrl_c
    )


def parts(out: Path) -> set[str]:
    return {path.name for path in out.glob("mission/.*-unfinished/*.columns")}


def wait_for_more(process: subprocess.Popen[bytes], out: Path, before: set[str]) -> None:
    """Wait until a part more is kept, or the process has ended."""
    until = time.monotonic() + 60
    while process.poll() is None and not parts(out) - before and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="SIGKILL is a thing of POSIX")
def test_a_run_killed_several_times_goes_on_and_leaves_the_same_bytes(mission: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    out = tmp_path / "killed"
    reached: list[int] = []
    for _ in range(3):
        process = begin(mission, out)
        wait_for_more(process, out, parts(out))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        reached.append(len(parts(out)))
    assert 0 < reached[0] < reached[1] < reached[2], "each went on from where the last one was killed"
    process = begin(mission, out)
    _, error = process.communicate()
    assert process.returncode == 0, error
    (folder,) = (out / "mission").iterdir()  # what was unfinished is gone
    whole = run(mission, RUNS, out=tmp_path / "whole", workers=Workers(2))
    assert whole.folder is not None
    for name in (ROWS, SUMMARY):
        assert (folder / name).read_bytes() == (whole.folder / name).read_bytes(), name


def test_ctrl_c_says_how_to_go_on(mission: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    process = begin(mission, tmp_path)
    wait_for_more(process, tmp_path, set())
    process.send_signal(signal.SIGINT)
    _, error = process.communicate()
    assert process.returncode == 130
    assert b"replications are kept: the same command goes on from there" in error
    assert parts(tmp_path)


def filled(mission: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Block, Collected]:
    """A block of twice BLOCK replications, and what collected it in two parts."""
    monkeypatch.setattr(collecting, "PART", BLOCK)
    block = run(mission, 2 * BLOCK).block
    lines, days = block.rows.shape[1], block.people_out.shape[1]
    found = Collected(lines, days, folder)
    for first in (0, BLOCK):
        found.add(Block(*(each[first : first + BLOCK] for each in (block.rows, block.people_out)), block.causes, {}))
    return block, found


def test_parts_are_taken_only_as_far_as_they_are_asked_for(
    mission: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block, _ = filled(mission, tmp_path, monkeypatch)
    again = Collected(block.rows.shape[1], block.people_out.shape[1], tmp_path)
    again.take_kept(2 * BLOCK - 1)
    assert again.replications == BLOCK
    again.take_kept(2 * BLOCK)
    assert again.replications == 2 * BLOCK
    assert (again.block().rows == block.rows).all()
    assert (again.people_out(3) == block.people_out[:, 3]).all()
    assert again.causes == {cause: 2 * minutes for cause, minutes in block.causes.items()}


@pytest.mark.parametrize("damage", ["columns", "json"])
def test_a_damaged_part_is_played_again(
    mission: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    block, _ = filled(mission, tmp_path, monkeypatch)
    (part,) = tmp_path.glob(f"{BLOCK}-*.{damage}")
    part.write_bytes(part.read_bytes()[:10])
    again = Collected(block.rows.shape[1], block.people_out.shape[1], tmp_path)
    again.take_kept(2 * BLOCK)
    assert again.replications == BLOCK


def test_two_runs_of_the_same_do_not_share_a_folder(tmp_path: Path) -> None:
    named = tmp_path / "unfinished"
    one, two = Unfinished(named), Unfinished(named)
    assert (one.is_named, two.is_named) == (True, False)
    assert two.path != named
    two.leave(True)
    one.leave(True)
    assert not named.exists()

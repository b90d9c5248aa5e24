"""Results are written once, whole, and never over something else."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest

from drawdown_sim.errors import StoreError
from drawdown_sim.experiment import Result, run, save
from drawdown_sim.experiment import collected as collecting
from drawdown_sim.experiment import store as storing
from drawdown_sim.experiment.collected import Collected
from drawdown_sim.experiment.run import DEFAULT_REPLICATIONS
from drawdown_sim.experiment.store import MANIFEST, ROWS, SUMMARY, folder_of

#: The module, which goes by the name of its main function.
running = import_module("drawdown_sim.experiment.run")


@pytest.fixture
def result(mission: Path) -> Result:
    return run(mission, 5)


def test_a_folder_holds_rows_summary_and_manifest(result: Result, tmp_path: Path) -> None:
    folder = save(result, tmp_path / "out").folder
    assert folder == tmp_path / "out" / "mission" / f"{result.digest}-r5"
    assert sorted(path.name for path in folder.iterdir()) == sorted([ROWS, SUMMARY, MANIFEST])
    assert json.loads((folder / SUMMARY).read_text()) == result.summary
    rows = pq.read_table(folder / ROWS)
    assert rows.num_rows == 5
    assert rows.column("replication").to_pylist() == [0, 1, 2, 3, 4]
    assert rows.column("people_out").to_pylist()[0][-1] == 100


def test_the_usual_number_of_replications_needs_no_suffix(result: Result, tmp_path: Path) -> None:
    collected = Collected(1, 1)
    collected.replications = DEFAULT_REPLICATIONS
    assert folder_of(replace(result, collected=collected), tmp_path).name == result.digest


def test_many_replications_are_kept_in_files_and_give_the_same_result(
    mission: Path, result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_IN_MEMORY", 2)
    monkeypatch.setattr(running, "LEAST_KEPT", 2)
    monkeypatch.setattr(collecting, "PART", 2)
    many = run(mission, 5)
    assert many.summary == result.summary
    assert np.array_equal(many.block.rows, result.block.rows)
    assert np.array_equal(many.block.people_out, result.block.people_out)
    one, other = save(many, tmp_path / "a").folder, save(result, tmp_path / "b").folder
    assert one is not None
    assert other is not None
    assert (one / ROWS).read_bytes() == (other / ROWS).read_bytes()


def test_no_room_for_many_replications_is_named_before_the_work(mission: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_IN_MEMORY", 2)
    monkeypatch.setattr(running, "LEAST_KEPT", 2)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=10))
    with pytest.raises(StoreError, match=r"need .* GB of room.*not enough is free.*TMPDIR"):
        run(mission, 5)


def test_the_manifest_gives_a_command_that_repeats_the_run(result: Result, tmp_path: Path, mission: Path) -> None:
    folder = save(result, tmp_path / "out").folder
    assert folder is not None
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest["command"] == f"drawdown-sim run {mission} --replications 5 --seed 1 --no-spread"
    assert set(manifest["versions"]) >= {"drawdown-sim", "python", "numpy", "simpy", "pyarrow"}


def test_the_same_result_is_left_alone(result: Result, tmp_path: Path) -> None:
    folder = save(result, tmp_path / "out").folder
    assert folder is not None
    before = (folder / MANIFEST).read_bytes()
    save(replace(result, seconds=99.0), tmp_path / "out")
    assert (folder / MANIFEST).read_bytes() == before


def test_another_result_under_the_same_digest_is_named_and_kept(result: Result, tmp_path: Path) -> None:
    folder = save(result, tmp_path / "out").folder
    assert folder is not None
    (folder / SUMMARY).write_text("{}")
    with pytest.raises(StoreError, match=r"holds another result.*written by drawdown-sim.*--out"):
        save(result, tmp_path / "out")
    assert (folder / SUMMARY).read_text() == "{}"


@pytest.mark.parametrize("content", [b"", b"PAR1 no rows", b"\0" * 100])
def test_rows_that_cannot_be_read_are_another_result(result: Result, tmp_path: Path, content: bytes) -> None:
    folder = save(result, tmp_path / "out").folder
    assert folder is not None
    (folder / ROWS).write_bytes(content)
    with pytest.raises(StoreError, match="another result"):
        save(result, tmp_path / "out")


def test_a_folder_without_rows_is_no_result(result: Result, tmp_path: Path) -> None:
    folder = save(result, tmp_path / "out").folder
    assert folder is not None
    (folder / ROWS).unlink()
    with pytest.raises(StoreError, match=r"rows\.parquet is missing"):
        save(result, tmp_path / "out")


def test_a_place_that_cannot_be_written_to_is_named_before_the_work(mission: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"file.*cannot be written.*--out"):
        run(mission, 10**6, out=tmp_path / "file")


def test_an_interrupted_write_leaves_nothing(result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: Path, content: bytes) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(result, tmp_path / "out")
    assert list((tmp_path / "out" / "mission").iterdir()) == []


def test_a_full_disk_is_a_store_error_and_leaves_nothing(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StoreError, match="No space left"):
        save(result, tmp_path / "out")
    assert list((tmp_path / "out" / "mission").iterdir()) == []


def test_rows_written_by_another_pyarrow_are_the_same_result(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save(result, tmp_path / "out").folder
    assert folder is not None
    pq.write_table(storing.rows_table(result), folder / ROWS, compression="none")
    save(result, tmp_path / "out")


def test_a_spread_is_kept_beside_and_never_overwritten(mission: Path, tmp_path: Path) -> None:
    from drawdown_sim.experiment.spread import Design

    result = run(mission, 5, out=tmp_path / "out", spread=Design(2, 3))
    assert result.folder is not None
    path = result.folder / "spread-2x3.json"
    assert json.loads(path.read_text())["settings"] == 2
    path.write_text("{}")
    with pytest.raises(StoreError, match="another spread"):
        save(result, tmp_path / "out")

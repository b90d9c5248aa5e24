"""The command `export`."""

from __future__ import annotations

import csv
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_folder_of_csv_holds_the_movement_table(drawdown: Drawdown, mission: Path, tmp_path: Path) -> None:
    done = drawdown("export", mission, "--to", "sheets", "--replications", 20)
    assert done.returncode == 0, done.stderr
    names = {path.stem for path in (tmp_path / "sheets").iterdir()}
    assert names == {"about", "milestones", "camps", "price", "people_out", "movements", "inputs"}
    with (tmp_path / "sheets" / "movements.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    convoys = [row for row in rows if row["lift"] == "convoy"]
    # 30 loads by five trucks of two loads: three turns, of ten loads each
    assert [row["number"] for row in convoys] == ["1", "2", "3"]
    assert {(row["who"], row["what"]) for row in convoys} == {("un", "10 loads")}
    assert {(row["from_place"], row["to_place"], row["mode"]) for row in convoys} == {("camp", "hub", "road")}
    for row in rows:
        assert row["earliest"] <= row["p50"] <= row["latest"]
    (march,) = (row for row in rows if row["lift"] == "march")
    assert (march["who"], march["what"]) == ("battalion", "40 people")


def test_a_workbook_has_a_sheet_for_each_table_and_nothing_is_overwritten(
    drawdown: Drawdown, mission: Path, tmp_path: Path
) -> None:
    pytest.importorskip("xlsxwriter")
    assert drawdown("export", mission, "--to", "book.xlsx", "--replications", 5).returncode == 0
    book = tmp_path / "book.xlsx"
    with zipfile.ZipFile(book) as archive:
        assert b"movements" in archive.read("xl/workbook.xml")
        assert sum(name.startswith("xl/worksheets/sheet") for name in archive.namelist()) == 7
    before = book.read_bytes()
    again = drawdown("export", mission, "--to", "book.xlsx")
    assert again.returncode == 2
    assert "is there already; nothing is overwritten" in again.stderr
    assert book.read_bytes() == before


def test_a_place_that_cannot_be_is_named(drawdown: Drawdown, mission: Path) -> None:
    done = drawdown("export", mission, "--to", "none/book.xlsx")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no folder none" in done.stderr
    assert "ends in .xlsx" in drawdown("export", mission, "--to", "book.doc").stderr

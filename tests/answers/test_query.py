"""SQL over all kept results: documented tables, clear refusals, nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from drawdown_sim.errors import DrawdownError, StoreError
from drawdown_sim.experiment import run
from drawdown_sim.experiment.answers import Answer, Table
from drawdown_sim.experiment.query import query, tables_of
from drawdown_sim.experiment.store import save_answer
from drawdown_sim.model.plan import CONTRACT

pytest.importorskip("duckdb")

TEACHING = "teaching/two-escorts"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of a teaching case, and an answer."""
    folder = tmp_path_factory.mktemp("results")
    for replications in (3, 5):
        run(TEACHING, replications, out=folder)
    table = Table("camps", ("camp", "days"), (("a", 1.5), ("b", 2.5)))
    save_answer(Answer("explain", "x", "abc", 1, 10, {"camp": None}, {}, (table,)), folder, 1.0, ["explain", "x"])
    return folder


def test_every_kept_run_is_a_row_and_every_replication(out: Path) -> None:
    assert query("SELECT scenario, replications FROM runs ORDER BY 2", out).rows == ((TEACHING, 3), (TEACHING, 5))
    counted = query(
        "SELECT folder, count(*) AS n, max(replication) AS last FROM replications GROUP BY 1 ORDER BY 2", out
    )
    assert [row[1:] for row in counted.rows] == [(3, 2), (5, 4)]


def test_tables_of_answers_go_by_question_and_name(out: Path) -> None:
    assert query("SELECT camp, days, digest FROM explain_camps ORDER BY days DESC", out).rows == (
        ("b", 2.5, "abc"),
        ("a", 1.5, "abc"),
    )
    assert query("SELECT question, asked FROM answers", out).rows == (("explain", '{"camp": null}'),)


def test_the_tables_are_listed_with_their_columns(out: Path) -> None:
    listed = {record["table"]: record for record in tables_of(out).records()}
    assert listed["runs"]["rows"] == 2
    assert "probability" in str(listed["runs"]["columns"])
    assert listed["replications"]["rows"] == 8


def test_a_wrong_statement_is_refused_with_the_tables_that_there_are(out: Path) -> None:
    with pytest.raises(DrawdownError, match=r"tables are answers, explain_camps, milestones, replications, runs"):
        query("SELECT * FROM nothing", out)


def test_a_folder_without_results_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none: there are no results"):
        query("SELECT 1", tmp_path / "none")


@pytest.mark.parametrize("name", ["summary.json", "manifest.json", "rows.parquet"])
def test_a_damaged_result_is_named_and_left_alone(tmp_path: Path, name: str) -> None:
    folder = run(TEACHING, 3, out=tmp_path).folder
    assert folder is not None
    (folder / name).write_bytes(b"{")
    with pytest.raises(StoreError, match=rf"{name}: is damaged.*nothing was changed"):
        query("SELECT * FROM runs", tmp_path)
    assert (folder / name).read_bytes() == b"{"


def test_a_result_that_lacks_what_it_should_hold_is_named(tmp_path: Path) -> None:
    folder = run(TEACHING, 3, out=tmp_path).folder
    assert folder is not None
    (folder / "summary.json").write_text("{}")
    with pytest.raises(StoreError, match=r"summary.json: is damaged.*nothing was changed"):
        query("SELECT * FROM runs", tmp_path)


def test_a_result_of_another_contract_is_named(tmp_path: Path) -> None:
    folder = run(TEACHING, 3, out=tmp_path).folder
    assert folder is not None
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"contract": {CONTRACT}', '"contract": 99'))
    with pytest.raises(StoreError, match="was made under contract 99, this program reads contract"):
        query("SELECT * FROM runs", tmp_path)

"""Tables of answers turn into what others read; pairs of replications give the intervals they should."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from drawdown_sim.analysis.paired import paired, paired_chance
from drawdown_sim.errors import StoreError
from drawdown_sim.experiment.answers import Answer, Table
from drawdown_sim.experiment.store import save_answer


@dataclass(frozen=True)
class Entry:
    """A row."""

    camp: str
    days: float


TABLE = Table.of("camps", [Entry("kidal", 1.5), Entry("gao", 2.0)], {"days": "day"})


def answer(found: int = 1) -> Answer:
    return Answer("compare", "baseline", "abc", 1, 100, {"others": ["x"]}, {"best": found}, (TABLE,))


def test_a_table_is_the_same_in_arrow_pandas_and_polars() -> None:
    assert TABLE.to_arrow().to_pylist() == TABLE.records() == TABLE.to_polars().to_dicts()
    assert TABLE.to_pandas().to_dict("records") == TABLE.records()
    assert TABLE.to_arrow().schema.field("days").metadata == {b"unit": b"day"}


def test_an_answer_is_kept_once_and_never_overwritten(tmp_path: Path) -> None:
    folder = save_answer(answer(), tmp_path, 1.0, ["compare", "baseline", "x"])
    assert folder == save_answer(answer(), tmp_path, 2.0, ["compare", "baseline", "x"])
    assert json.loads((folder / "answer.json").read_text())["camps"] == TABLE.records()
    assert json.loads((folder / "manifest.json").read_text())["command"] == "drawdown-sim compare baseline x"
    with pytest.raises(StoreError, match="holds another result"):
        save_answer(answer(found=2), tmp_path, 1.0, [])
    assert json.loads((folder / "answer.json").read_text())["best"] == 1


def test_pairs_tell_more_than_two_samples() -> None:
    luck = np.random.default_rng(1).integers(0, 10_000, 400)
    found = paired(luck, luck + np.arange(400) % 3)
    assert found.low < 1 < found.high
    assert found.high - found.low < 0.2
    assert found.variance_ratio is not None
    assert found.variance_ratio > 1000


def test_where_no_pair_differs_nothing_is_detectable_and_little_excluded() -> None:
    same = np.zeros(300, dtype=np.bool_)
    found = paired_chance(same, same)
    assert (found.mean, found.variance_ratio) == (0, None)
    assert found.low == pytest.approx(-0.0092, abs=1e-4)
    assert found.high == -found.low
    assert not found.is_detectable


def test_a_chance_gained_in_one_pair_of_five_is_detectable() -> None:
    base = np.zeros(300, dtype=np.bool_)
    other = np.arange(300) % 5 == 0
    found = paired_chance(base, other)
    assert found.mean == pytest.approx(0.2)
    assert found.is_detectable
    assert 0.15 < found.low < 0.2 < found.high < 0.26

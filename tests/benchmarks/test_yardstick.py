"""The yardstick in C plays what the compiled engine plays."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from drawdown_sim.engine.compiled import engine
from drawdown_sim.experiment import prepare

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def yardstick() -> ModuleType:
    """The benchmark as a module; benchmarks are no package."""
    spec = importlib.util.spec_from_file_location("yardstick", ROOT / "benchmarks" / "yardstick.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.compiler() is None:
        pytest.skip("no C compiler is there")
    return module


@pytest.mark.parametrize("scenario", ["baseline", "plan-2023-08", "teaching/merged-columns"])
def test_yardstick_plays_the_same_rows_measures_and_chains(yardstick: ModuleType, scenario: str) -> None:
    assert yardstick.difference(prepare(scenario).plan, yardstick.build(), 3) is None


def test_pools_that_begin_too_small_grow_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = prepare("baseline").plan
    expected = engine.Memory(plan).table(1, 0).copy()
    # only takes are short, and each movement has up to twice as many as it fetches
    for size in range(1, 40, 3):
        monkeypatch.setattr(engine, "_SIZES", engine._SIZES | {"takes": size})
        assert (engine.Memory(plan).table(1, 0) == expected).all()

"""A thousand what-ifs in one process take no more memory than a few."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from drawdown_sim.engine import simulate
from drawdown_sim.experiment import prepare
from drawdown_sim.model.plan import Plan
from drawdown_sim.scenario import load


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_plans_that_are_played_and_forgotten_are_let_go(mission: Path, engine: str) -> None:
    if engine == "compiled":
        pytest.importorskip("numba")
    bundle = load(mission)
    plans: list[weakref.ref[Plan]] = []
    for _ in range(30):
        plan = prepare(bundle).plan
        simulate(plan, 1, 0, engine)
        plans.append(weakref.ref(plan))
    del plan
    gc.collect()
    assert sum(plan() is not None for plan in plans) <= 8

"""The missions of benchmarks/scale.py: the baseline, so many times over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drawdown_sim.engine.compiled import simulate as compiled
from drawdown_sim.engine.reference import simulate as reference
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import Plan
from drawdown_sim.model.trajectory import COLUMNS, Trajectory
from drawdown_sim.scenario import load
from enlarged import text_of


def plan_of_copies(folder: Path, copies: int) -> Plan:
    path = folder / "mission.yaml"
    path.write_text(text_of("baseline", copies), encoding="utf-8")
    return compile_plan(load(path))


def are_equal(one: Trajectory, other: Trajectory) -> bool:
    return all(np.array_equal(getattr(one, column), getattr(other, column)) for column in COLUMNS)


@pytest.mark.parametrize("replication", [0, 1])
def test_one_copy_is_the_baseline(tmp_path: Path, replication: int) -> None:
    baseline = compile_plan(load("baseline"))
    assert are_equal(reference(plan_of_copies(tmp_path, 1), 1, replication), reference(baseline, 1, replication))


def test_two_copies_have_everything_twice_and_share_areas_and_milestones(tmp_path: Path) -> None:
    one, two = compile_plan(load("baseline")), plan_of_copies(tmp_path, 2)
    for names in ("place_ids", "leg_ids", "gate_ids", "asset_ids", "item_ids", "lift_ids", "camp_ids", "decision_ids"):
        assert len(getattr(two, names)) == 2 * len(getattr(one, names))
    assert (two.area_ids, two.driver_ids, two.milestone_ids) == (one.area_ids, one.driver_ids, one.milestone_ids)
    assert two.item_number.sum() == 2 * one.item_number.sum()
    assert len(two.mile_camp) == 2 * len(one.mile_camp)


def test_engines_agree_on_two_copies(tmp_path: Path) -> None:
    plan = plan_of_copies(tmp_path, 2)
    assert are_equal(compiled(plan, 1, 0), reference(plan, 1, 0))

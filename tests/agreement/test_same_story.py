"""Both engines tell the same story: every column of every row, every measure, every minute of a chain."""

from __future__ import annotations

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from worlds import world, worlds

from drawdown_sim.engine.compiled.engine import Memory
from drawdown_sim.engine.reference import simulate
from drawdown_sim.errors import DrawdownError
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.scenario import load, shipped_names
from engine_support import Tree, bus, group, leg, plan_of
from twins import assert_agree, batch_difference, difference, play_batch, play_both, table_of

#: Replications of each shipped scenario.
REPLICATIONS = 2

#: Generated plans by number, and how many of them a test plays.
NUMBERED, PORTION = 240, 40


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_scenarios_go_the_same_way(name: str) -> None:
    plan = compile_plan(load(name))
    memory = Memory(plan)
    trajectories = [simulate(plan, 1, replication) for replication in range(REPLICATIONS)]
    for replication, trajectory in enumerate(trajectories):
        told_apart = difference(plan, table_of(trajectory), memory.table(1, replication))
        assert not told_apart, told_apart
    assert not batch_difference(plan, trajectories, play_batch(plan, 1, 0, REPLICATIONS, memory))


@given(worlds(), st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1))
def test_random_scenarios_go_the_same_way(tree: Tree, seed: int, replication: int) -> None:
    try:
        plan = plan_of(tree)
    except DrawdownError:
        reject()
    assert_agree(plan, seed, replication)


@pytest.mark.parametrize("first", range(0, NUMBERED, PORTION))
def test_numbered_scenarios_give_the_same_rows_measures_and_chains(first: int) -> None:
    played = 0
    for number in range(first, first + PORTION):
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            continue
        played += 1
        memory = Memory(plan)
        trajectories = [simulate(plan, number, replication) for replication in range(2)]
        for replication, trajectory in enumerate(trajectories):
            told_apart = difference(plan, table_of(trajectory), memory.table(number, replication))
            assert not told_apart, f"scenario {number}, replication {replication}: {told_apart}"
        told_apart = batch_difference(plan, trajectories, play_batch(plan, number, 0, 2, memory))
        assert not told_apart, f"scenario {number}: {told_apart}"
    assert played > PORTION // 2


def test_a_batch_adds_up_the_chains_of_its_replications() -> None:
    plan = compile_plan(load("baseline"))
    whole = play_batch(plan, 1, 0, 4)
    parts = [play_batch(plan, 1, first, 2) for first in (0, 2)]
    assert (whole.rows == [*parts[0].rows, *parts[1].rows]).all()
    assert (whole.minutes == parts[0].minutes + parts[1].minutes).all()


def test_the_first_row_that_differs_is_told_with_both_stories() -> None:
    plan = plan_of(
        {
            "places": {"camp": {"kind": "camp"}, "abroad": {"kind": "exit"}},
            "legs": {"road": leg("camp", "abroad", 1)},
            "contingents": {"battalion": {}},
            "people": {"troops": group("camp", ["abroad"], 30)},
            "lifts": {"bus": bus("camp", "abroad", "road")},
            "camps": {"camp": {}},
            "milestones": {"out": {"deadline": "2024-02-01"}},
        }
    )
    reference, compiled = play_both(plan, 1, 0)
    compiled[3, 0] += 1
    told_apart = difference(plan, reference, compiled)
    assert told_apart.startswith("row 3 differs")
    assert told_apart.count("> 3: ") == 2
    assert difference(plan, reference, reference[:-1]).startswith(f"row {len(reference) - 1} differs")

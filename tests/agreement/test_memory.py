"""The kernel's memory: pools grow as they must, a plan that is too large is refused, no look-up leaves a table."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from worlds import world

from drawdown_sim.engine.compiled import engine
from drawdown_sim.engine.compiled.engine import Memory
from drawdown_sim.engine.compiled.kernel import play_replications
from drawdown_sim.errors import DrawdownError, EngineError
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import Plan
from drawdown_sim.scenario import load
from engine_support import Tree, convoy, day, leg, lot, plan_of
from twins import assert_agree, difference, play_both

#: Where a checked kernel is played, in a process of its own.
CHECKED = Path(__file__).parent / "checked.py"


def numbered(count: int) -> list[Plan]:
    """The plans of the first generated scenarios."""
    plans = []
    for number in range(count):
        try:
            plans.append(plan_of(world(number)))
        except DrawdownError:
            continue
    return plans


def test_pools_that_are_too_small_grow_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_SIZES", dict.fromkeys(engine._SIZES, 1))
    for plan in [*numbered(20), compile_plan(load("baseline"))]:
        memory = Memory(plan)
        assert set(memory._sizes.values()) == {1}
        told_apart = difference(plan, *play_both(plan, 1, 0, memory))
        assert not told_apart, told_apart
        assert memory._sizes["rows"] > 1


def test_a_memory_plays_replications_in_any_order() -> None:
    plan = compile_plan(load("baseline"))
    memory = Memory(plan)
    first = memory.table(1, 5).copy()
    memory.table(2, 6)
    assert (memory.table(1, 5) == first).all()


@pytest.mark.parametrize(
    ("field", "factor", "what"),
    [
        ("leg_distance", 10**12, "the time on a leg"),
        ("item_number", 10**9, "the hazard of a leg"),
        ("driver_factor", 10**13, "the time on a leg"),
        ("tables", 10**12, "the speed on a leg"),
    ],
)
def test_a_plan_whose_numbers_are_too_large_is_refused(field: str, factor: int, what: str) -> None:
    plan = compile_plan(load("baseline"))
    large = replace(plan, **{field: getattr(plan, field) * factor})
    with pytest.raises(EngineError, match=f"{what}.*too large for the compiled engine; use the reference engine"):
        Memory(large)


def test_a_horizon_beyond_the_keys_of_the_queue_is_refused() -> None:
    with pytest.raises(EngineError, match="too long for the compiled engine"):
        Memory(replace(compile_plan(load("baseline")), horizon=1 << 24))


#: Minutes from which a key of the queue would come round to small numbers.
ROUND = 1 << 26


@pytest.mark.parametrize("lift", [{"hold": f"{ROUND + 900} min"}, {"loading": f"{ROUND + 900} min"}])
def test_what_is_bound_for_a_far_century_never_comes(lift: Tree) -> None:
    regime = {"stance": "cooperative", "lead": "1 day", "retry": "1 day"}
    plan = plan_of(
        {
            "places": {"camp": {"kind": "camp"}, "abroad": {"kind": "exit"}},
            "legs": {"road": leg("camp", "abroad", 1)},
            "authorities": {"ministry": {}},
            "clearances": {"permit": {"authority": "ministry", "regimes": {"first": regime}}},
            "cargo": {"lot": lot("camp", ["abroad"], 9)},
            "lifts": {"convoy": convoy("camp", "abroad", "road", most="1 vehicle", **lift)},
            "camps": {"camp": {}},
            "milestones": {"out": {"deadline": day(50), "cargo": ["container"]}},
        }
    )
    assert_agree(plan, 1, 0)


def test_a_checked_kernel_stays_in_its_tables_and_no_kernel_has_floats(tmp_path: Path) -> None:
    folders = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "invariants")]
    environment = os.environ | {
        "DRAWDOWN_SIM_CHECKED": "1",
        "DRAWDOWN_SIM_CACHE": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(folders),
    }
    done = subprocess.run(
        [sys.executable, str(CHECKED)], env=environment, capture_output=True, text=True, timeout=580, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"plans: \d{2,}", done.stdout)
    assert "differ: 0" in done.stdout
    assert "floats: []" in done.stdout


def test_no_part_of_the_kernel_is_compiled_for_fast_mathematics() -> None:
    options = play_replications.targetoptions
    assert not options.get("fastmath")
    sources = Path(engine.__file__).parent.glob("*.py")
    assert not [source.name for source in sources if "fastmath" in source.read_text(encoding="utf-8")]

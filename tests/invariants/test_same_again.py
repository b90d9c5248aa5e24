"""What must not change a run: a second play, a full pass, the order of entries, idle means, another camp, the date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from worlds import worlds

from drawdown_sim.engine.reference import simulate
from drawdown_sim.errors import DrawdownError
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import Plan
from drawdown_sim.model.trajectory import Kind, Trajectory
from drawdown_sim.scenario import load, shipped_names
from engine_support import (
    HEAD,
    Row,
    Tree,
    bus,
    change_texts,
    convoy,
    day,
    drawn,
    group,
    leg,
    lot,
    plan_of,
    rows_of,
    told,
)

DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")

few = settings(max_examples=max(settings().max_examples // 2, 20))


def planned(tree: Tree) -> Plan:
    """The plan of a random scenario; the few that the reader refuses are passed over."""
    try:
        return plan_of(tree)
    except DrawdownError:
        reject()


def assert_same(one: Trajectory, other: Trajectory) -> None:
    """Fail with the first row that differs."""
    for a, b in zip(rows_of(one), rows_of(other), strict=False):
        assert a == b, (Kind(a.kind).name, Kind(b.kind).name)
    assert len(one) == len(other)


# --- the same plan ---------------------------------------------------------------------------------


@few
@given(worlds(), st.integers(0, 2**64 - 1), st.integers(0, 1000))
def test_a_replication_can_be_played_again(tree: Tree, seed: int, replication: int) -> None:
    first = simulate(planned(tree), seed, replication)
    assert_same(first, simulate(planned(tree), seed, replication))


@given(worlds(), st.integers(0, 99))
def test_looking_at_all_that_waits_changes_nothing(tree: Tree, replication: int) -> None:
    plan = planned(tree)
    assert_same(simulate(plan, 1, replication), simulate(plan, 1, replication, full_pass=True))


@pytest.mark.parametrize("name", shipped_names())
def test_looking_at_all_that_waits_changes_nothing_in_shipped_scenarios(name: str) -> None:
    plan = compile_plan(load(name))
    for replication in range(2):
        assert_same(simulate(plan, 1, replication), simulate(plan, 1, replication, full_pass=True))


# --- the order of entries ----------------------------------------------------------------------------


def shuffled(tree: Tree, shuffle: Callable[[list[str]], list[str]]) -> Tree:
    """The same scenario with the entries of every section, and of every mapping below, in another order."""
    entries = [(key, tree[key]) for key in shuffle(list(tree))]
    return {key: shuffled(entry, shuffle) if isinstance(entry, dict) else entry for key, entry in entries}


@few
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_entries_means_nothing(tree: Tree, random: object) -> None:
    plan = planned(tree)
    other = planned(shuffled(tree, lambda keys: random.sample(keys, len(keys))))  # type: ignore[attr-defined]
    assert plan.digest() == other.digest()
    assert_same(simulate(plan, 1, 0), simulate(other, 1, 0))


# --- what concerns nobody ------------------------------------------------------------------------------


def story(plan: Plan, rows: list[Row], until: int) -> list[tuple[object, ...]]:
    """Rows in words, up to a minute, without the milestones, which count the cargo of all, and the end."""
    kept = (row for row in rows if row.minute < until and row.kind not in (Kind.MILESTONE, Kind.WAITING, Kind.END))
    return [told(plan, row) for row in kept]


@few
@given(worlds(), st.sampled_from(["a", "n", "z"]), st.sampled_from(["truck", "escort", "crew"]))
def test_idle_means_change_nothing(tree: Tree, id: str, kind: str) -> None:
    plan = planned(tree)
    idle = {id: {"kind": kind, "at": "abroad", "number": "9 units"}}
    more = planned(tree | {"assets": tree["assets"] | idle})
    one, other = rows_of(simulate(plan, 1, 0)), rows_of(simulate(more, 1, 0))
    assert [told(plan, row) for row in one] == [told(more, row) for row in other]
    assert [row.cause for row in one] == [row.cause for row in other]


ANOTHER: Tree = {
    "areas": {"aside": {}},
    "places": {"aside": {"kind": "camp", "area": "aside"}, "home-aside": {"kind": "exit", "area": "aside"}},
    "legs": {
        "road-aside": leg("aside", "home-aside", 2, area="aside", rate=drawn("uniform", "50 km/day", "90 km/day"))
    },
    "assets": {
        "aside-trucks": {"kind": "truck", "at": "aside", "number": "2 trucks"},
        "aside-crews": {"kind": "crew", "at": "aside", "number": "1 crew"},
    },
    "contingents": {"aside": {}},
    "people": {"aside": group("aside", ["home-aside"], 30, contingent="aside")},
    "cargo": {
        "aside": lot(
            "aside", ["home-aside"], 7, batch=2, work=drawn("uniform", "1 h/load", "2 day/load"), crews="aside-crews"
        )
    },
    "lifts": {
        "aside-convoy": convoy(
            "aside", "home-aside", "road-aside", asset="aside-trucks", loading=drawn("uniform", "1 h", "9 h")
        ),
        "aside-bus": bus("aside", "home-aside", "road-aside"),
    },
    "camps": {
        "aside": {
            "window": {"plan": {"known": day(0), "target": drawn("uniform", day(3), day(30))}},
            "guard": {"least": "5 persons"},
        }
    },
}


@few
@given(worlds(), st.integers(0, 99))
def test_another_camp_shifts_nobodys_luck(tree: Tree, replication: int) -> None:
    """All that the new camp does not touch happens as before, as long as both runs last."""
    # a quota or permit that names no lifts would be shared, and a milestone without contingents counts all
    tree = dict(tree)
    tree["clearances"] = {
        name: gate if "lifts" in gate else gate | {"lifts": sorted(tree["lifts"])}
        for name, gate in tree.get("clearances", {}).items()
    }
    for mile in tree["milestones"].values():
        mile.setdefault("contingents", ["alpha", "bravo"])
        if mile.get("authority_ends"):
            mile["guarded"] = sorted({*mile["guarded"], "aside"})
    plan = planned(tree | {"camps": tree["camps"]})
    more = planned(tree | {key: tree.get(key, {}) | entries for key, entries in ANOTHER.items()})
    one, other = rows_of(simulate(plan, 1, replication)), rows_of(simulate(more, 1, replication))
    until = min(one[-1].minute, other[-1].minute)
    before = story(plan, one, until)
    after = [row for row in story(more, other, until) if "aside" not in f"{row[2]} {row[5]}"]
    assert after == before


# --- the date -------------------------------------------------------------------------------------------


def later(text: str, days: int) -> str:
    """A date so many days later; any other text as it is."""
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat() if DATE.match(text) else text


@few
@given(worlds(months=False))
def test_four_weeks_later_everything_happens_four_weeks_later(tree: Tree) -> None:
    plan = planned(tree)
    moved = planned(change_texts(HEAD | tree, lambda text: later(text, 28)))
    assert moved.start == plan.start + timedelta(days=28)
    assert moved.horizon == plan.horizon
    assert np.array_equal(moved.calendar_minute, plan.calendar_minute)
    assert_same(simulate(plan, 1, 0), simulate(moved, 1, 0))

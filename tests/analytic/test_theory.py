"""Answers known from theory, on small scenarios built here: longest path, whole turns, work over capacity."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.trajectory import Kind, Status
from drawdown_sim.scenario import load
from engine_support import ENGINES

Tree = dict[str, Any]
Finish = Callable[[Tree], float]

few = settings(
    max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=ENGINES)
def finish(tmp_path: Path, request: pytest.FixtureRequest) -> Finish:
    """A function that gives the day of the finish of a scenario, which must complete."""

    def run(world: Tree) -> float:
        head: Tree = {
            "format": 1,
            "title": "built by a test",
            "because": "invented for a test",
            "start": "2024-01-01",
            "horizon": "2043-01-01",
            "as_of": "2024-01-01",
        }
        path = tmp_path / "scenario.yaml"
        path.write_text(json.dumps(head | world))  # JSON is YAML
        trajectory = request.param(compile_plan(load(path)), 1, 0)
        assert trajectory.status is Status.COMPLETE
        (reached,) = (trajectory.kind == Kind.MILESTONE).nonzero()[0]
        return float(trajectory.minute[reached]) / 1440

    return run


def leg(a: str, b: str, days: int) -> Tree:
    return {"between": [a, b], "mode": "road", "distance": f"{days * 100} km", "rate": "100 km/day"}


def lot(at: str, via: list[str], number: int, **more: object) -> Tree:
    way: Tree = {"owner": "un", "kind": "container", "at": at, "number": f"{number} loads", "via": via}
    return way | {"disposition": "repatriate"} | more


def convoy(start: str, to: str, road: str, **more: object) -> Tree:
    """A lift for cargo with the means of its origin, one load a vehicle, unless told otherwise."""
    plain: Tree = {"mode": "road", "pick_up": [start], "to": to, "route": [road], "based": "origin"}
    return plain | {"carries": "cargo", "classes": ["cargo"], "capacity": "1 load/vehicle"} | more


OUT: Tree = {"out": {"deadline": "2024-12-31", "people": False, "cargo": ["container"]}}


# --- longest path --------------------------------------------------------------------------------


@few
@given(
    st.lists(
        st.tuples(
            st.integers(1, 12),  # loads
            st.integers(0, 6),  # days of work on each
            st.integers(0, 4),  # days of loading
            st.integers(1, 9),  # days to the hub
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 7),
)
def test_with_ample_means_the_finish_is_the_longest_path(
    finish: Finish, camps: list[tuple[int, int, int, int]], onward: int
) -> None:
    names = [f"camp-{i}" for i in range(len(camps))]
    world: Tree = {
        "places": {"hub": {"kind": "hub"}, "port": {"kind": "exit"}} | {name: {"kind": "camp"} for name in names},
        "legs": {"onward": leg("hub", "port", onward)},
        "assets": {},
        "cargo": {},
        "lifts": {"onward": convoy("hub", "port", "onward")},
        "milestones": OUT,
    }
    paths = []
    for name, (loads, work, loading, days) in zip(names, camps, strict=True):
        crews = {"work": f"{work} day/load", "crews": f"crews-{name}", "batch": 1}
        world["legs"][f"road-{name}"] = leg(name, "hub", days)
        world["assets"][f"crews-{name}"] = {"kind": "crew", "at": name, "number": f"{loads} crews"}
        world["cargo"][name] = lot(name, ["hub", "port"], loads, **(crews if work else {}))
        world["lifts"][f"convoy-{name}"] = convoy(name, "hub", f"road-{name}", loading=f"{loading} days")
        paths.append(work + loading + days + onward)
    assert finish(world) == max(paths)


@few
@given(st.data())
def test_order_of_closure_gives_the_longest_path_through_it(finish: Finish, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 7), label="camps")
    names = [f"camp-{i}" for i in range(count)]
    world: Tree = {
        "places": {"port": {"kind": "exit"}} | {name: {"kind": "camp"} for name in names},
        "legs": {},
        "contingents": {"battalion": {}},
        "people": {},
        "lifts": {},
        "camps": {},
        "milestones": {"out": {"deadline": "2024-12-31", "camps": names}},
    }
    targets: list[int] = []
    closed: list[int] = []
    for i, name in enumerate(names):
        before = data.draw(st.sets(st.integers(0, i - 1), max_size=3), label="predecessors") if i else set()
        # a plan whose dates contradict its order is refused when it is read
        earliest = max((targets[j] for j in before), default=0)
        target = data.draw(st.integers(earliest, 20), label="target day")
        rear_party = data.draw(st.integers(0, 9), label="days of rear party")
        targets.append(target)
        world["legs"][f"road-{i}"] = leg(name, "port", 1)
        world["people"][name] = {
            "contingent": "battalion", "kind": "troops", "at": name, "number": "20 persons", "via": ["port"],
        }  # fmt: skip
        world["lifts"][f"column-{i}"] = convoy(
            name, "port", f"road-{i}",
            returns=False, carries="column", classes=["people"], capacity="20 person/vehicle",
        )  # fmt: skip
        world["camps"][name] = {
            "column": f"column-{i}",
            "handover": f"{rear_party} days",
            "after": [names[j] for j in sorted(before)],
            "window": {"plan": {"known": "2024-01-01", "target": f"2024-01-{target + 1:02d}"}},
        }
        closed.append(max([target, *(closed[j] for j in before)]) + rear_party)
    assert finish(world) == max(closed) + 1


# --- whole turns ---------------------------------------------------------------------------------


def turns(convoys: int, escorts: int, days: int, based: str) -> Tree:
    """A scenario of equal convoys of five trucks, with trucks for all of them and escorts for some."""
    packet: Tree = {"most": "5 trucks", "escort": {"asset": "escorts"}}
    home = "port" if based == "destination" else "camp"
    return {
        "places": {"camp": {"kind": "camp"}, "port": {"kind": "exit"}},
        "legs": {"road": leg("camp", "port", days)},
        "assets": {
            "trucks": {"kind": "truck", "at": home, "number": f"{5 * convoys} trucks"},
            "escorts": {"kind": "escort", "at": home, "number": f"{escorts} escorts"},
        },
        "cargo": {"lot": lot("camp", ["port"], 5 * convoys)},
        "lifts": {"convoy": convoy("camp", "port", "road", based=based, asset="trucks", **packet)},
        "milestones": OUT,
    }


@pytest.mark.parametrize("convoys", [1, 2, 5, 7, 12])
@pytest.mark.parametrize("escorts", [1, 2, 3, 5, 12])
@pytest.mark.parametrize("days", [1, 3])
def test_equal_convoys_take_whole_turns_of_their_escorts(finish: Finish, convoys: int, escorts: int, days: int) -> None:
    full_turns = ceil(convoys / escorts)
    assert finish(turns(convoys, escorts, days, "destination")) == full_turns * 2 * days
    # escorts that start loaded save the first empty run
    assert finish(turns(convoys, escorts, days, "origin")) == full_turns * 2 * days - days


@pytest.mark.parametrize(("loads", "trucks", "capacity"), [(20, 2, 1), (20, 3, 2), (7, 7, 1), (100, 4, 6)])
def test_loads_take_whole_rounds_of_their_trucks(finish: Finish, loads: int, trucks: int, capacity: int) -> None:
    world = turns(1, 1, 3, "destination")
    del world["assets"]["escorts"], world["lifts"]["convoy"]["escort"], world["lifts"]["convoy"]["most"]
    world["assets"]["trucks"]["number"] = f"{trucks} trucks"
    world["cargo"]["lot"]["number"] = f"{loads} loads"
    world["lifts"]["convoy"]["capacity"] = f"{capacity} load/truck"
    assert finish(world) == ceil(loads / (trucks * capacity)) * 6


# --- work over capacity --------------------------------------------------------------------------


@few
@given(
    st.lists(st.tuples(st.integers(1, 15), st.integers(1, 5), st.integers(1, 15)), min_size=1, max_size=5),
    st.integers(1, 4),
)
def test_never_earlier_than_work_over_capacity_nor_later_than_grahams_bound(
    finish: Finish, lots: list[tuple[int, int, int]], crews: int
) -> None:
    """Crews never idle while a batch waits need from work / m to work / m + (1 - 1 / m) x longest batch."""
    work = sum(loads * days for loads, days, _ in lots)
    longest = max(min(loads, batch) * days for loads, days, batch in lots)
    world: Tree = {
        "places": {"camp": {"kind": "camp"}, "port": {"kind": "exit"}},
        "legs": {"road": leg("camp", "port", 1)},
        "assets": {"crews": {"kind": "crew", "at": "camp", "number": f"{crews} crews"}},
        "cargo": {
            f"lot-{i}": lot("camp", ["port"], loads, work=f"{days} day/load", crews="crews", batch=batch)
            for i, (loads, days, batch) in enumerate(lots)
        },
        "lifts": {"convoy": convoy("camp", "port", "road")},
        "milestones": OUT,
    }
    packed = finish(world) - 1
    assert work / crews <= packed <= work / crews + (1 - 1 / crews) * longest + 1e-9


@few
@given(
    st.lists(st.integers(1, 90), min_size=1, max_size=4),
    st.integers(1, 30),
    st.sampled_from([("day", 1), ("week", 7)]),
)
def test_people_take_whole_periods_of_their_cap(
    finish: Finish, groups: list[int], cap: int, period: tuple[str, int]
) -> None:
    """No more people than the cap leave in a period, and aircraft that it just fills take no fewer."""
    per, length = period
    quota: Tree = {"kind": "rotation cap", "per": per, "counts": "people", "limit": f"{cap} persons"}
    group: Tree = {"contingent": "battalion", "kind": "troops", "at": "field", "via": ["home"]}
    seats = f"{cap} person/vehicle"
    world: Tree = {
        "places": {"field": {"kind": "airfield"}, "home": {"kind": "exit"}},
        "legs": {"sky": leg("field", "home", 1) | {"mode": "air"}},
        "quotas": {"cap": quota | {"lifts": ["flight"]}},
        "contingents": {"battalion": {}},
        "people": {f"group-{i}": group | {"number": f"{n} persons"} for i, n in enumerate(groups)},
        "lifts": {
            "flight": convoy("field", "home", "sky", mode="air", carries="people", classes=["people"], capacity=seats)
        },
        "milestones": {"out": {"deadline": "2024-12-31"}},
    }
    assert finish(world) == (ceil(sum(groups) / cap) - 1) * length + 1

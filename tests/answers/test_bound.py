"""Bounds hold for every replication, equal the answers known by hand, and a bound past the deadline is a proof."""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path

import pytest
from worlds import world

from command_line import command
from drawdown_sim.analysis.bound import Bound, Bounds, milestone_bound
from drawdown_sim.analysis.limits import Means
from drawdown_sim.analysis.measures import columns, deadline_of
from drawdown_sim.engine.reference import simulate
from drawdown_sim.errors import DrawdownError, PlanError
from drawdown_sim.experiment.bound import bound
from drawdown_sim.experiment.run import prepare
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import NEVER, Plan
from drawdown_sim.model.trajectory import Kind
from drawdown_sim.report.bound import bound_report, draw_bound
from drawdown_sim.scenario import load, shipped_names
from engine_support import HEAD, Tree, bus, convoy, dated, day, group, leg, lot, needs_numba, plan_of

#: Random plans by number, and replications of each; verification/bound.py plays thousands.
PLANS, REPLICATIONS = 240, 6

TEACHING = [name for name in shipped_names() if name.startswith("teaching/")]

#: A clearance that lapses is asked for anew, which the bound does not follow.
NOT_EXACT = {"teaching/clearance-lapses"}


MISSION: Tree = {
    "places": {"camp": {"kind": "camp"}, "port": {"kind": "exit"}},
    "legs": {"road": leg("camp", "port", 5)},
    "assets": {"trucks": {"kind": "truck", "at": "port", "number": "5 trucks"}},
    "cargo": {"boxes": lot("camp", ["port"], 20)},
    "lifts": {"convoy": convoy("camp", "port", "road", based="destination", asset="trucks")},
    "camps": {"camp": {}},
    "milestones": {"all-out": {"deadline": day(20), "people": False, "cargo": ["container"], "camps": ["camp"]}},
}


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """Twenty loads, five trucks, ten days a round: out after forty days, twenty days late."""
    path = tmp_path / "mission.yaml"
    path.write_text(json.dumps(HEAD | MISSION))  # JSON is YAML
    return path


def best(plan: Plan, milestone: int = 0) -> Bound:
    return Bounds(plan).of(milestone)[0]


def days(plan: Plan, milestone: int = 0) -> float:
    return milestone_bound(Bounds(plan).of(milestone)) / 1440


def play(plan: Plan, seed: int, replications: int) -> list[list[int]]:
    """When each milestone was reached, per milestone and replication, by the compiled engine."""
    from drawdown_sim.engine.compiled import Memory

    rows = Memory(plan).play(seed, 0, replications, deadline_of(plan), False).rows
    return [rows[:, columns(plan).index(f"milestone:{name}")].tolist() for name in plan.milestone_ids]


def assert_no_earlier(plan: Plan, seed: int, replications: int, name: str) -> None:
    bounds = Bounds(plan)
    for milestone, finishes in enumerate(play(plan, seed, replications)):
        least = milestone_bound(bounds.of(milestone))
        assert min(finishes) >= min(least, NEVER), f"{name}, {plan.milestone_ids[milestone]}: {min(finishes)} < {least}"


# --- a bound holds ---------------------------------------------------------------------------------------


@needs_numba
@pytest.mark.parametrize("first", range(0, PLANS, 40))
def test_no_replication_of_a_random_plan_beats_its_bound(first: int) -> None:
    played = 0
    for number in range(first, first + 40):
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            continue
        played += 1
        assert_no_earlier(plan, number, REPLICATIONS, f"random plan {number}")
    assert played > 20


@needs_numba
@pytest.mark.parametrize("name", shipped_names())
def test_no_replication_of_a_shipped_scenario_beats_its_bound(name: str) -> None:
    assert_no_earlier(compile_plan(load(name)), 1, 6, name)


def test_the_reference_engine_does_not_beat_the_bounds_either() -> None:
    for number in range(500, 530):
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            continue
        bounds, trajectory = Bounds(plan), simulate(plan, number, 0)
        for row in (trajectory.kind == Kind.MILESTONE).nonzero()[0]:
            assert trajectory.minute[row] >= milestone_bound(bounds.of(int(trajectory.entity[row])))


# --- a bound equals what is known ------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEACHING)
def test_a_teaching_case_without_chance_is_bound_by_its_answer(name: str) -> None:
    plan, finish = compile_plan(load(name)), load(name).scenario.answer.get("finish")
    if finish is None:
        pytest.skip("its answer is a chance")
    trajectory = simulate(plan, 1, 0)
    reached = (trajectory.kind == Kind.MILESTONE).nonzero()[0]
    known = int(trajectory.minute[reached[0]]) if len(reached) else NEVER
    found = milestone_bound(Bounds(plan).of(0))
    assert found <= known
    if name not in NOT_EXACT:
        assert found == known


def convoys(number: int, escorts: int, road: int, based: str) -> Tree:
    return {
        "places": {"camp": {"kind": "camp"}, "port": {"kind": "exit"}},
        "legs": {"road": leg("camp", "port", road)},
        "assets": {"escorts": {"kind": "escort", "at": "port" if based == "destination" else "camp",
                               "number": f"{escorts} escorts"}},
        "cargo": {"lot": lot("camp", ["port"], 5 * number)},
        "lifts": {"convoy": convoy("camp", "port", "road", based=based, most="5 vehicles",
                                   escort={"asset": "escorts", "least": 1})},
        "milestones": {"out": {"deadline": day(60), "people": False, "cargo": ["container"]}},
    }  # fmt: skip


@pytest.mark.parametrize(("number", "escorts", "road"), [(5, 2, 3), (7, 3, 1), (4, 4, 2), (6, 1, 2)])
def test_equal_convoys_are_bound_by_whole_turns_of_their_escorts(number: int, escorts: int, road: int) -> None:
    turns = ceil(number / escorts)
    assert days(plan_of(convoys(number, escorts, road, "destination"))) == turns * 2 * road
    assert days(plan_of(convoys(number, escorts, road, "origin"))) == turns * 2 * road - road


def test_people_are_bound_by_whole_periods_of_their_cap() -> None:
    tree: Tree = {
        "places": {"field": {"kind": "airfield"}, "home": {"kind": "exit"}},
        "legs": {"sky": leg("field", "home", 1, mode="air")},
        "contingents": {"battalion": {}},
        "people": {"troops": group("field", ["home"], 50)},
        "lifts": {"flight": bus("field", "home", "sky", mode="air")},
        "quotas": {"cap": {"kind": "rotation cap", "per": "week", "counts": "people", "limit": "20 persons",
                           "lifts": ["flight"]}},
        "milestones": {"out": {"deadline": day(10)}},
    }  # fmt: skip
    found = best(plan_of(tree))
    assert (found.minute / 1440, found.kind, found.resource, found.uses) == (15, "quota", "cap", 50)


def test_people_whom_the_plan_keeps_leave_no_earlier_than_it_lets_them() -> None:
    tree: Tree = {
        "places": {"camp": {"kind": "camp"}, "home": {"kind": "exit"}},
        "legs": {"road": leg("camp", "home", 1)},
        "contingents": {"battalion": {}},
        "people": {"troops": group("camp", ["home"], 60)},
        "lifts": {"bus": bus("camp", "home", "road")},
        "quotas": {
            "seats": {"kind": "seat", "per": "day", "counts": "people", "limit": "10 persons", "lifts": ["bus"]}
        },
        "camps": {"camp": {"closes": False, "keep": dated({0: "40 persons", 30: "0 persons"})}},
        "milestones": {"out": {"deadline": day(32)}},
    }
    found = best(plan_of(tree))
    assert found.kept
    assert (found.number, found.released / 1440, found.minute / 1440) == (40, 30, 34)


def test_loads_that_a_rule_may_destroy_bind_only_until_it_can_act() -> None:
    tree = convoys(20, 1, 5, "destination")
    tree["camps"] = {"camp": {"closes": False}}
    assert days(plan_of(tree)) > 60
    tree["decisions"] = {"burn": {"do": "destroy", "camps": ["camp"], "when": {"late": {"on": day(20)}}}}
    found = best(plan_of(tree))
    assert found.minute == found.removable == 20 * 1440


def test_what_nobody_can_carry_is_never_out() -> None:
    tree = convoys(5, 1, 3, "destination")
    tree["assets"]["escorts"]["changes"] = {"gone": {"on": day(10), "loss": "1 escort"}}
    found = best(plan_of(tree))
    assert (found.minute, found.resource, found.ends) == (NEVER, "escorts", 10 * 1440)


def test_means_begin_no_more_turns_than_they_can() -> None:
    means = Means(gains=((0, 2), (10, 1)), numbers=((0, 2), (10, 3)), horizon=1000)
    begins = [means.last_begins(0, uses, 6, lambda begins: begins + 6) for uses in range(1, 8)]
    assert begins == [0, 0, 6, 6, 10, 12, 12]
    assert means.works_off(0, 20 + 15) == 15


# --- the question ----------------------------------------------------------------------------------------


def test_a_bound_past_the_deadline_is_told_as_a_proof(mission: Path) -> None:
    answer = bound(prepare(mission))
    row = answer.table("milestones").records()[0]
    assert (row["earliest"], row["slack_days"], row["impossible"]) == ("2024-02-10 00:00", -19.0, True)
    text = " ".join(" ".join(bound_report(answer, 80)[0].lines).split())
    assert "cannot be met, whatever chance does" in text
    assert "on these assumptions" in text


def test_the_same_question_gives_the_same_answer(mission: Path) -> None:
    assert bound(prepare(mission)).plain() == bound(prepare(mission)).plain()


def test_an_unknown_milestone_is_refused_with_those_that_there_are(mission: Path) -> None:
    with pytest.raises(PlanError, match="there is no 'gone'; expected one of all-out"):
        bound(prepare(mission), milestone="gone")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", ["no-acceleration", "no-charters", "teaching/stall", "teaching/rotation-cap"])
def test_every_report_fits_its_width(name: str, width: int) -> None:
    for section in bound_report(bound(prepare(name)), width):
        assert all(len(line) <= width for line in section.lines)


def test_the_picture_names_the_milestone_and_the_deadline() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    figure = Figure()
    draw_bound(bound(prepare("no-charters")), figure)
    (axes,) = figure.axes
    assert "withdrawal" in axes.get_title(loc="center") + axes.get_title(loc="left")
    assert {"never", " deadline"} <= {text.get_text() for text in axes.texts}


# --- the command -----------------------------------------------------------------------------------------


def test_the_command_has_help_with_an_example(tmp_path: Path) -> None:
    done = command(tmp_path, "bound", "--help")
    assert done.returncode == 0
    assert "Example: drawdown-sim bound" in done.stdout


def test_the_command_prints_json_and_keeps_the_answer(mission: Path, tmp_path: Path) -> None:
    told = json.loads(command(tmp_path, "bound", mission, "--json").stdout)
    assert (told["question"], told["replications"]) == ("bound", 0)
    assert told["milestones"][0]["earliest"] == told["bounds"][0]["earliest"]
    assert Path(tmp_path / told["results"]).exists()


def test_the_command_tells_bad_input_without_a_traceback(mission: Path, tmp_path: Path) -> None:
    for words in ([mission, "--milestone", "gone"], [mission, "--plot", "picture.gif"], ["nowhere.yaml"]):
        done = command(tmp_path, "bound", *words, "--no-store")
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()

"""What binds: days that add up, criticality known in closed form, chains that the teaching cases state."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import partial
from itertools import pairwise
from math import comb
from pathlib import Path

import numpy as np
import pytest
from worlds import world

from drawdown_sim.analysis import binds
from drawdown_sim.analysis.criticality import of_legs
from drawdown_sim.analysis.steps import Chain, Target, chain_of
from drawdown_sim.engine import simulate as play_one
from drawdown_sim.errors import DrawdownError, PlanError
from drawdown_sim.experiment import run
from drawdown_sim.experiment.answers import Answer
from drawdown_sim.experiment.blocks import jobs_of, run_job, stack
from drawdown_sim.experiment.explain import explain, target_of
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.model.plan import Plan
from drawdown_sim.model.trajectory import Hold, Kind, Trajectory
from drawdown_sim.report.chainwords import SAYS, THEN
from drawdown_sim.report.explain import explain_report
from drawdown_sim.scenario import load
from drawdown_sim.units import MINUTES_PER_DAY
from engine_support import HEAD, Simulate, Tree, convoy, day, drawn, each_engine, leg, lot, needs_numba, plan_of

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"
STATED = sorted(path for path in TEACHING.glob("*.yaml") if "\n  binds:" in path.read_text())

#: Random scenarios, of which a few are refused.
WORLDS = range(40)


def targets(plan: Plan) -> list[Target]:
    """Everything that can be explained about a plan."""
    camps = [row for row, closes in enumerate(plan.camp_closes.tolist()) if closes]
    milestones = range(len(plan.milestone_ids))
    return [Target(), *(Target("milestone", row) for row in milestones), *(Target("camp", row) for row in camps)]


# --- the days add up -----------------------------------------------------------------------------------


@each_engine
def test_days_of_the_steps_add_up_to_every_end_in_random_small_missions(simulate: Simulate) -> None:
    played = 0
    for number in WORLDS:
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            continue
        trajectory = simulate(plan, 1, number)
        causes: Counter[tuple[Hold, str]] = Counter()
        for step in chain_of(plan, trajectory, Target()).steps:
            causes[step.held_by, step.subject] += step.minutes
        assert causes == binds(plan, [trajectory])
        for target in targets(plan):
            chain = chain_of(plan, trajectory, target)
            assert sum(step.minutes for step in chain.steps) == chain.minute
            assert [step.since for step in chain.steps] == [0, *np.cumsum([s.minutes for s in chain.steps])][:-1]
            assert all(step.minutes > 0 for step in chain.steps)
            assert sum(minutes for _, minutes in chain.legs) <= chain.minute
            keys = [(s.held_by, s.subject, s.place, s.lift) for s in chain.steps]
            assert all(one != other for one, other in pairwise(keys)), "adjacent steps are merged"
            if chain.reached and target.sort != "finish":
                kind = Kind.CLOSE if target.sort == "camp" else Kind.MILESTONE
                at = (trajectory.kind == kind) & (trajectory.entity == target.row)
                assert chain.minute == int(trajectory.minute[at][0])
        played += 1
    assert played > len(WORLDS) / 2


def test_stalls_are_among_the_random_small_missions() -> None:
    plans = []
    for number in WORLDS:
        try:
            plans.append((number, plan_of(world(number))))
        except DrawdownError:
            continue
    ended = [chain_of(plan, play_one(plan, 1, number, "reference"), Target()) for number, plan in plans]
    assert any(not chain.reached for chain in ended)
    assert any(chain.reached for chain in ended)


@needs_numba
def test_both_engines_tell_the_same_chains_in_random_small_missions() -> None:
    for number in WORLDS[:12]:
        try:
            plan = plan_of(world(number))
        except DrawdownError:
            continue
        jobs = jobs_of(1, 0, 3, plan, chains=False, look=partial(chain_of, target=Target()))
        slow, fast = (stack(list(Workers(1, engine).blocks(plan, jobs))) for engine in ("reference", "compiled"))
        assert slow.seen == fast.seen
        assert len(slow.seen) == 3


def test_mean_days_by_cause_are_those_that_a_run_gives(tmp_path: Path) -> None:
    path = written(tmp_path, CONTENDED)
    binds = run(path, 70).summary["binds"]
    causes = explain(path, 70).table("causes").records()
    assert [(c["hold"], c["subject"], c["days"]) for c in causes][:20] == [
        (b["hold"], b["subject"], b["days"]) for b in binds
    ]


# --- criticality with a known answer -------------------------------------------------------------------

RUNS = 400
FALSE_ALARM = 0.001


def written(folder: Path, tree: Tree) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(json.dumps(HEAD | tree))  # JSON is YAML
    return path


def mission(places: dict[str, str], legs: Tree, cargo: Tree, lifts: Tree, assets: Tree | None = None) -> Tree:
    """A mission of places by kind that is done when its cargo is out."""
    done = {"out": {"deadline": day(60), "people": False, "cargo": ["container"]}}
    tree: Tree = {"places": {name: {"kind": kind} for name, kind in places.items()}, "legs": legs, "cargo": cargo}
    return tree | {"lifts": lifts, "milestones": done} | ({"assets": assets} if assets else {})


def parallel(form: str, one: tuple[str, ...], two: tuple[str, ...]) -> Tree:
    """Two camps with a road each, on which travel takes a day; loading takes what is drawn."""
    return mission(
        {"east": "camp", "west": "camp", "port": "exit"},
        {"road-east": leg("east", "port", 1), "road-west": leg("west", "port", 1)},
        {"east-boxes": lot("east", ["port"], 1), "west-boxes": lot("west", ["port"], 1)},
        {
            "from-east": convoy("east", "port", "road-east", loading=drawn(form, *one)),
            "from-west": convoy("west", "port", "road-west", loading=drawn(form, *two)),
        },
    )


#: One truck of the exit serves two camps, so that one waits for the other.
CONTENDED = mission(
    {"east": "camp", "west": "camp", "port": "exit"},
    {"road-east": leg("east", "port", 2), "road-west": leg("west", "port", 3)},
    {"east-boxes": lot("east", ["port"], 1), "west-boxes": lot("west", ["port"], 1)},
    {
        "from-east": convoy(
            "east",
            "port",
            "road-east",
            based="destination",
            asset="trucks",
            rank=2,
            loading=drawn("uniform", "1 day", "3 days"),
        ),
        "from-west": convoy("west", "port", "road-west", based="destination", asset="trucks"),
    },
    {"trucks": {"kind": "truck", "at": "port", "number": "1 truck"}},
)


def greater(form: str, one: tuple[int, ...], two: tuple[int, ...]) -> float:
    """The chance that a drawn number of minutes is greater than another, summed over the minutes of both."""
    mass_one, mass_two = (mass(form, ends) for ends in (one, two))
    below = np.concatenate([[0], np.cumsum(mass_two)[:-1]])
    return float((mass_one * (below + mass_two / 2)).sum())


def mass(form: str, ends: tuple[int, ...]) -> np.ndarray:
    """The mass of each minute from 0 to four days."""
    middle = np.arange(4 * MINUTES_PER_DAY) + 0.5
    low, high = ends[0], ends[-1]
    inside = (middle > low) & (middle < high)
    if form == "uniform":
        density = inside.astype(float)
    else:
        mode = ends[1]
        rising, falling = (middle - low) / max(mode - low, 1), (high - middle) / max(high - mode, 1)
        density = np.where(inside, np.where(middle < mode, rising, falling), 0.0)
    return density / density.sum()


def expected_hits(p: float) -> tuple[int, int]:
    """Least and most of `RUNS` hits that are not in either tail of half the false alarm."""
    law = np.array([comb(RUNS, k) * p**k * (1 - p) ** (RUNS - k) for k in range(RUNS + 1)])
    tail = FALSE_ALARM / 2
    return int(np.argmax(np.cumsum(law) > tail)), RUNS - int(np.argmax(np.cumsum(law[::-1]) > tail))


PARALLEL = [
    ("uniform", (1, 3), (2, 4), 1 / 8),
    ("uniform", (1, 3), (1, 3), 1 / 2),
    ("triangular", (0, 1, 3), (1, 2, 4), None),
]


@pytest.mark.parametrize(("form", "one", "two", "known"), PARALLEL)
def test_criticality_of_two_parallel_roads_is_the_chance_that_one_takes_longer(
    tmp_path: Path, form: str, one: tuple[int, ...], two: tuple[int, ...], known: float | None
) -> None:
    in_minutes = [tuple(number * MINUTES_PER_DAY for number in ends) for ends in (one, two)]
    chance = greater(form, *in_minutes)
    if known is not None:
        assert chance == pytest.approx(known, abs=1e-3)
    texts = (tuple(f"{number} days" for number in ends) for ends in (one, two))
    answer = explain(written(tmp_path, parallel(form, *texts)), RUNS)
    legs = {row["id"]: row for row in answer.table("legs").records()}
    low, high = expected_hits(chance)
    assert low <= legs["road-east"]["on_chain"] <= high
    assert legs["road-east"]["on_chain"] + legs["road-west"]["on_chain"] == RUNS
    camps = {row["id"]: row["on_chain"] for row in answer.table("camps").records()}
    assert camps == {"east": legs["road-east"]["on_chain"], "west": legs["road-west"]["on_chain"]}


@each_engine
def test_three_legs_in_series_are_each_critical_in_every_replication(simulate: Simulate) -> None:
    tree = mission(
        {"camp": "camp", "one": "hub", "two": "hub", "port": "exit"},
        {"a": leg("camp", "one", 1), "b": leg("one", "two", 2), "c": leg("two", "port", 3)},
        {"boxes": lot("camp", ["one", "two", "port"], 2)},
        {
            name: convoy(start, to, name, loading=drawn("uniform", "1 h", "2 days"))
            for name, start, to in (("a", "camp", "one"), ("b", "one", "two"), ("c", "two", "port"))
        },
    )
    plan = plan_of(tree)
    chains = [chain_of(plan, simulate(plan, 1, number), Target()) for number in range(20)]
    found = of_legs(chains)
    assert {name: (leg.criticality, leg.days) for name, leg in found.items()} == {"c": (1, 3), "b": (1, 2), "a": (1, 1)}


def test_days_are_counted_over_all_runs_and_over_those_in_which_it_binds() -> None:
    chains = [Chain(True, 1440 * n, (), (("road", 1440 * n),) if n else ()) for n in (0, 0, 0, 0, 2, 4, 4, 4, 6, 8)]
    road = of_legs(chains)["road"]
    assert (road.on_chain, road.criticality, road.days, road.days_when_on) == (6, 0.6, 2.8, 4.667)
    assert (road.p10, road.p50, road.p90) == (0, 2, 6)


# --- who waits -----------------------------------------------------------------------------------------


@each_engine
def test_the_camp_that_waits_for_a_truck_is_named_with_the_camp_that_has_it(simulate: Simulate) -> None:
    plan = plan_of(CONTENDED)
    first, *rest = chain_of(plan, simulate(plan, 1, 0), Target()).steps
    assert (first.held_by, first.subject, first.place, first.lift) == (Hold.TRUCK, "trucks", "west", "from-west")
    assert first.users == ("east",)
    # two days up, one to three to load, two down
    assert 5 * MINUTES_PER_DAY <= first.minutes <= 7 * MINUTES_PER_DAY
    assert first.then is Kind.FORM
    assert [(step.held_by, step.subject, step.minutes) for step in rest] == [
        (Hold.ROUTE, "road-west", 6 * MINUTES_PER_DAY)
    ]


@each_engine
def test_a_leg_driven_while_others_wait_for_the_means_is_on_the_chain(simulate: Simulate) -> None:
    plan = plan_of(CONTENDED)
    chain = chain_of(plan, simulate(plan, 1, 0), Target())
    assert dict(chain.legs) == {"road-east": 4 * MINUTES_PER_DAY, "road-west": 6 * MINUTES_PER_DAY}


# --- chains that are stated ----------------------------------------------------------------------------


def told(answer: Answer) -> str:
    """The days of the steps by hold, as the teaching cases state them."""
    minutes: Counter[str] = Counter()
    for step in answer.table("steps").records():
        minutes[str(step["hold"]).replace("_", " ")] += int(str(step["minutes"]))
    days = {hold: count // MINUTES_PER_DAY for hold, count in minutes.items() if count}
    ordered = sorted(days.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {count} day{'s' * (count > 1)}" for name, count in ordered)


@pytest.mark.parametrize("path", STATED, ids=lambda path: path.stem)
def test_the_chain_is_the_one_that_the_teaching_case_states(path: Path) -> None:
    stated = load(path).scenario.answer
    answer = explain(path, replication=0)
    assert told(answer) == stated["binds"]
    if re.match(r"\d", stated["finish"]):
        assert answer.found["reached"] == 1
        assert answer.found["minutes"] == sum(answer.table("steps").column("minutes"))


def test_a_camps_closing_is_explained_up_to_the_day_that_the_case_states() -> None:
    # the rear party and the destruction lead to the closing, the march only to the finish
    answer = explain(TEACHING / "obstructed.yaml", replication=0, camp="north")
    assert answer.found["p50"] == "2024-01-13"
    assert told(answer) == "decision 10 days, handover 2 days"


def test_a_stall_is_explained_by_what_still_waits() -> None:
    answer = explain(TEACHING / "stall.yaml", 5)
    assert (answer.found["reached"], answer.found["censored"]) == (0, 5)
    assert answer.table("still_waiting").rows == (("north", "convoy", "escort", "escorts", 5),)
    # twelve days for two turns of the only escort, and one until nothing can free anybody
    assert answer.table("causes").records()[0]["days"] == 13.0
    text = " ".join(line for section in explain_report(answer, 80) for line in section.lines)
    assert "Not reached in 5 of 5 runs" in text


@each_engine
def test_a_camp_that_never_closes_has_the_chain_of_what_waits_there(simulate: Simulate) -> None:
    gone = {"on": day(0), "loss": "1 truck"}
    fleets = {f"{side}-trucks": {"kind": "truck", "at": side, "changes": {"gone": gone}} for side in ("east", "west")}
    tree = mission(
        {"east": "camp", "west": "camp", "port": "exit"},
        {"road-east": leg("east", "port", 1), "road-west": leg("west", "port", 1)},
        {"east-boxes": lot("east", ["port"], 1), "west-boxes": lot("west", ["port"], 1)},
        {
            "from-east": convoy("east", "port", "road-east", asset="east-trucks"),
            "from-west": convoy("west", "port", "road-west", asset="west-trucks"),
        },
        {name: fleet | {"number": "1 truck"} for name, fleet in fleets.items()}
        # until these come, something is bound to happen
        | {"idle": {"kind": "other", "at": "port", "number": "1 unit", "changes": {"more": gone | {"on": day(5)}}}},
    )
    plan = plan_of(tree | {"camps": {"east": {}, "west": {}}})
    trajectory = simulate(plan, 1, 0)
    for side in ("east", "west"):
        chain = chain_of(plan, trajectory, target_of(plan, camp=side))
        (step,) = chain.steps
        assert not chain.reached
        assert (step.place, step.held_by, step.subject) == (side, Hold.TRUCK, f"{side}-trucks")
        assert step.minutes == 5 * MINUTES_PER_DAY


# --- the answer ----------------------------------------------------------------------------------------


@needs_numba
def test_the_answer_is_the_same_with_any_engine_and_workers(tmp_path: Path) -> None:
    path = written(tmp_path, CONTENDED)
    teams = (Workers(1, "reference"), Workers(2, "reference"), Workers(1, "compiled"), Workers(2, "compiled"))
    found = {json.dumps(explain(path, 130, workers=team).plain()) for team in teams}
    assert len(found) == 1


def test_a_job_shows_each_trajectory_in_order() -> None:
    plan = plan_of(CONTENDED)
    (job,) = jobs_of(1, 3, 4, chains=False, look=chain_minute)
    block = run_job(job, plan)
    alone = [chain_minute(plan, play_one(plan, 1, number, "reference")) for number in range(3, 7)]
    assert list(block.seen) == alone
    assert stack([block, block]).seen == (*alone, *alone)


def chain_minute(plan: Plan, trajectory: Trajectory) -> int:
    """A look that keeps one number."""
    return chain_of(plan, trajectory, Target()).minute


def test_replication_r_is_the_one_that_many_replications_count(tmp_path: Path) -> None:
    path = written(tmp_path, CONTENDED)
    each = [explain(path, replication=number).found["minutes"] for number in range(5)]
    assert sum(each) == explain(path, 5).found["minutes"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"camp": "east"}, "camp 'east' is no camp; those that close are none"),
        ({"milestone": "end"}, "there is no 'end'; expected one of out"),
        ({"milestone": "out", "camp": "east"}, "expected one of them"),
        ({"replications": 0}, "replications: 0 is out of range; expected 1 to"),
        ({"replication": -1}, "replication: -1 is out of range"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(tmp_path: Path, asked: dict[str, object], message: str) -> None:
    with pytest.raises(PlanError, match=re.escape(message)):
        explain(written(tmp_path, CONTENDED), **asked)  # type: ignore[arg-type]


def test_every_hold_and_every_kind_of_row_has_its_words() -> None:
    assert set(SAYS) == {hold.name.lower() for hold in Hold}
    assert set(THEN) == {kind.name.lower() for kind in Kind}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("replication", [None, 0])
def test_the_report_fits_its_width(tmp_path: Path, width: int, replication: int | None) -> None:
    answer = explain(written(tmp_path, CONTENDED), 60, replication=replication)
    lines = [line for section in explain_report(answer, width) for line in (section.title, *section.lines)]
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    assert "on these assumptions" in text
    assert "likely" not in text, "below 200 runs there are no likelihood words"
    assert "nothing lost and nobody hurt" in text


def test_an_answer_about_another_ground_has_another_name(tmp_path: Path) -> None:
    text = (TEACHING / "stall.yaml").read_text(encoding="utf-8")
    path, names = tmp_path / "stall.yaml", []
    for ground in ("invented for teaching", "invented for a test"):
        path.write_text(text.replace("because: invented for teaching", f"because: {ground}"), encoding="utf-8")
        answer = explain(path, 2)
        names.append((answer.digest, answer.name))
    assert names[0][0] == names[1][0]
    assert names[0][1] != names[1][1]


@pytest.mark.parametrize("engine", ["reference", pytest.param("compiled", marks=needs_numba)])
def test_the_finish_of_a_mission_that_stalls_after_a_milestone_is_what_still_waits(tmp_path: Path, engine: str) -> None:
    text = (TEACHING / "stall.yaml").read_text(encoding="utf-8")
    common = "owner: un, at: north, via: [depot], disposition: store"
    for head, line in (
        ("cargo:", f"papers: {{kind: sensitive, number: 1 load, rank: 1, {common}}}"),
        ("milestones:", "papers-in: {deadline: 2024-01-31, people: false, cargo: [sensitive]}"),
    ):
        assert text.count(f"{head}\n") == 1
        text = text.replace(f"{head}\n", f"{head}\n  {line}\n")
    path = tmp_path / "stall.yaml"
    path.write_text(text, encoding="utf-8")
    team = Workers(engine=engine)
    answer = explain(path, 2, workers=team)
    assert explain(path, 2, milestone="papers-in", workers=team).found["reached"] == 2
    assert (answer.found["reached"], answer.found["censored"]) == (0, 2)
    assert answer.table("causes").records()[0]["hold"] == "escort"
    (first, *_) = run(path, 2, workers=team).summary["binds"]
    assert (first["hold"], first["subject"]) == ("escort", "escorts")

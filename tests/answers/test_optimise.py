"""The plan found is the one that can be worked out by hand or by playing every plan, and it can be run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from drawdown_sim.analysis.pareto import front, shortfalls
from drawdown_sim.errors import DrawdownError, PlanError, ScenarioError
from drawdown_sim.experiment.answers import Answer
from drawdown_sim.experiment.optimise import Effort, optimise, searching
from drawdown_sim.experiment.optimise.space import Space, space_of
from drawdown_sim.experiment.run import Prepared, prepare
from drawdown_sim.experiment.store import json_bytes
from drawdown_sim.experiment.variants import play, vary
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.scenario import load
from drawdown_sim.scenario.resolve import canonical_json, with_values
from engine_support import needs_numba

Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]

HERE = Workers(1, "reference")

#: 60 loads lie in the north and 10 in the south; a round takes six days. By the deadline four rounds can be over, so
#: the north needs fifteen trucks and the south three; ten stand at each.
TWO_HUBS = """\
format: 1
title: Two hubs, twenty trucks
because: a test
start: 2024-01-01
horizon: 2024-06-01
as_of: 2024-01-01
places:
  north: {kind: camp}
  south: {kind: camp}
  north-hub: {kind: hub}
  south-hub: {kind: hub}
legs:
  north-road: {between: [north, north-hub], mode: road, distance: 300 km, rate: 100 km/day}
  south-road: {between: [south, south-hub], mode: road, distance: 300 km, rate: 100 km/day}
assets:
  north-trucks:
    kind: truck
    at: north-hub
    number: {value: 10 trucks, because: a test, range: [1 truck, 19 trucks], free: true}
  south-trucks:
    kind: truck
    at: south-hub
    number: {value: 10 trucks, because: a test, range: [1 truck, 19 trucks], free: true}
cargo:
  many: {owner: un, kind: container, at: north, number: 60 loads, via: [north-hub], disposition: store}
  few: {owner: un, kind: container, at: south, number: 10 loads, via: [south-hub], disposition: store}
lifts:
  north-convoy: {mode: road, pick_up: [north], to: north-hub, route: [north-road], based: destination, carries: cargo,
                 classes: [cargo], asset: north-trucks, capacity: 1 load/truck}
  south-convoy: {mode: road, pick_up: [south], to: south-hub, route: [south-road], based: destination, carries: cargo,
                 classes: [cargo], asset: south-trucks, capacity: 1 load/truck}
milestones:
  in: {deadline: 2024-01-24, people: false, cargo: [container]}
"""
TRUCKS = ["assets.north-trucks.number", "assets.south-trucks.number"]

#: One road under threat with luck: more trucks are faster, larger convoys are fewer, a late rule destroys what is left.
LUCK = """\
format: 1
title: One road with luck
because: a test
start: 2024-01-01
horizon: 2024-06-01
as_of: 2024-01-01
places:
  camp: {kind: camp}
  hub: {kind: exit}
threats:
  mines: {per: convoy, hurt: 1 person, lost: 1 vehicle, halt: 1 day}
legs:
  road:
    between: [camp, hub]
    mode: road
    distance: 300 km
    rate: {triangular: [60 km/day, 100 km/day, 140 km/day]}
    threats: {mines: 0.1 event/100 km}
assets:
  trucks: {kind: truck, at: hub, number: 8 trucks}
contingents:
  battalion: {}
people:
  troops: {contingent: battalion, kind: troops, at: camp, number: 40 persons, via: [hub]}
cargo:
  boxes: {owner: un, kind: container, at: camp, number: 40 loads, via: [hub], disposition: repatriate}
lifts:
  convoy: {mode: road, pick_up: [camp], to: hub, route: [road], based: destination, carries: cargo,
           classes: [cargo], asset: trucks, capacity: 1 load/truck, most: 6 trucks}
  march: {mode: road, pick_up: [camp], to: hub, route: [road], based: origin, returns: false,
          carries: people, classes: [people], capacity: 50 person/vehicle}
camps:
  camp: {window: {plan: {known: 2024-01-01, target: {uniform: [2024-01-20, 2024-01-25]}}}}
decisions:
  burn: {do: destroy, camps: [camp], when: {late: {before_deadline: 8 days}}, rate: 2 loads, milestone: out}
milestones:
  out: {deadline: 2024-02-05, camps: [camp]}
"""
LUCKY = [
    "assets.trucks.number=5..10 trucks",
    "lifts.convoy.most=3..6 trucks",
    "decisions.burn.when.late.before_deadline=5..8 days",
]


def write(folder: Path, text: str) -> Path:
    path = folder / "mission.yaml"
    path.write_text(text)
    return path


@pytest.fixture
def two_hubs(tmp_path: Path) -> Prepared:
    return prepare(write(tmp_path, TWO_HUBS))


@pytest.fixture
def luck(tmp_path: Path) -> Prepared:
    return prepare(write(tmp_path, LUCK), 3)


def found(answer: Answer) -> list[object]:
    return answer.table("choices").column("found")


# --- known answers ------------------------------------------------------------------------------


def test_trucks_go_where_the_load_is(two_hubs: Prepared) -> None:
    space = space_of(two_hubs.bundle, keep_sum=[TRUCKS])
    assert space.size == 19
    answer = optimise(two_hubs, space, workers=HERE, effort=Effort(19, 2, 2))
    assert answer.found["search"]["method"] == "enumeration"
    assert answer.found["base"]["probability"] == 0
    assert answer.found["found"]["probability"] == 1
    # 15 to 17 in the north would do; of plans that do equally well the nearest to the scenario is taken
    assert found(answer) == ["15 trucks", "5 trucks"]
    plans = answer.table("plans").records()
    in_time = {plan[TRUCKS[0]] for plan in plans if plan["chance"] == 1}
    assert in_time == {"15 trucks", "16 trucks", "17 trucks"}


def test_a_search_finds_the_known_best_without_trying_all_plans(two_hubs: Prepared) -> None:
    space = space_of(two_hubs.bundle)
    assert space.size == 19 * 19
    answer = optimise(two_hubs, space, workers=HERE, effort=Effort(60, 2, 2))
    assert answer.found["search"]["method"].startswith("TPE of Optuna")
    assert answer.found["search"]["played"] == 60
    assert answer.found["found"]["probability"] == 1


def test_where_no_plan_is_in_time_the_earliest_finish_is_taken(tmp_path: Path) -> None:
    base = prepare(write(tmp_path, TWO_HUBS.replace("deadline: 2024-01-24", "deadline: 2024-01-03")))
    answer = optimise(base, space_of(base.bundle, keep_sum=[TRUCKS]), workers=HERE, effort=Effort(19, 2, 2))
    assert "no plan is in time" in answer.found["rule"]
    # 60 / 15 and 60 / 19 both take four turns; the nearest to the scenario is taken
    assert found(answer) == ["15 trucks", "5 trucks"]
    assert answer.found["search"]["never_in_time"] == 19


def test_the_scenario_as_it_stands_is_kept_where_nothing_beats_it(tmp_path: Path) -> None:
    base = prepare(write(tmp_path, TWO_HUBS.replace("number: 60 loads", "number: 10 loads")))
    answer = optimise(base, space_of(base.bundle, keep_sum=[TRUCKS]), workers=HERE, effort=Effort(19, 2, 2))
    assert answer.found["is_base"]
    assert answer.found["extension"] is None
    assert found(answer) == ["10 trucks", "10 trucks"]


# --- against playing every plan -----------------------------------------------------------------


def every_score(base: Prepared, space: Space, runs: int) -> dict[tuple[int, ...], tuple[float, float, float]]:
    """The score of each plan, played apart from the search."""
    scores = {}
    points = list(product(*(range(choice.count) for choice in space.choices)))
    samples = play([vary(base, dict(space.values(point))) for point in points], runs, Workers(2))
    for point, sample in zip(points, samples, strict=True):
        chance, losses, exposure = sample.in_time().mean(), sample.losses().mean(), sample.exposure().mean()
        scores[point] = (-round(float(chance), 6), round(float(losses), 3), round(float(exposure), 3))
    return scores


def unbeaten(scores: set[tuple[float, float, float]]) -> set[tuple[float, float, float]]:
    """Scores that no other equals or beats throughout, by the definition."""
    return {
        one
        for one in scores
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in scores)
    }


def test_the_front_is_that_of_all_plans_and_a_search_comes_near_it(luck: Prepared) -> None:
    space = space_of(luck.bundle, LUCKY)
    scores = every_score(luck, space, 20)
    assert len(scores) == space.size == 6 * 4 * 4
    whole = optimise(luck, space, workers=Workers(2), effort=Effort(space.size, 20, 4))
    kept = [plan for plan in whole.table("plans").records() if plan["front"]]
    shown = {(-plan["chance"], plan["losses"], plan["exposure"]) for plan in kept}  # type: ignore[operator]
    assert shown == unbeaten(set(scores.values()))
    assert len(shown) > 3

    part = optimise(luck, space, workers=Workers(2), effort=Effort(40, 20, 4))
    assert part.found["search"]["played"] <= 41
    for aim in ("chance", "losses", "exposure", "balanced"):
        best, near = (next(e for e in a.table("picks").records() if e["aim"] == aim) for a in (whole, part))
        # of less than half of the plans, and at worst a tenth of the futures away from the best of all
        assert abs(float(best["searched"]) - float(near["searched"])) <= 0.1  # type: ignore[arg-type]


def test_fresh_runs_are_those_that_the_search_never_saw(luck: Prepared) -> None:
    space = space_of(luck.bundle, LUCKY[:1])
    answer = optimise(luck, space, workers=Workers(1), aim="chance", effort=Effort(6, 20, 40))
    fresh = play([luck], 40, Workers(1), first=20)[0]
    assert answer.found["base"]["hits"] == int(fresh.in_time().sum())
    measures = {entry["measure"]: entry for entry in answer.table("measures").records()}
    assert measures["exposure"]["base_confirmed"] == round(float(fresh.exposure().mean()), 3)


def test_the_best_of_many_plans_looks_better_than_it_is(luck: Prepared) -> None:
    space = space_of(luck.bundle, LUCKY)
    seeds = [Prepared(luck.bundle, luck.plan, seed, luck.digest) for seed in range(3)]
    answers = [optimise(each, space, workers=Workers(2), aim="chance", effort=Effort(20, 10, 100)) for each in seeds]
    picks = [next(e for e in answer.table("picks").records() if e["aim"] == "chance") for answer in answers]
    assert sum(float(pick["searched"]) - float(pick["chance"]) for pick in picks) > 0  # type: ignore[arg-type]


# --- the same again -----------------------------------------------------------------------------


@needs_numba
def test_the_answer_is_the_same_bytes_with_any_workers_and_engine(luck: Prepared) -> None:
    space = space_of(luck.bundle, LUCKY)
    teams = (Workers(1, "reference"), Workers(1, "compiled"), Workers(3, "compiled"))
    answers = [optimise(luck, space, workers=team, effort=Effort(18, 4, 4)) for team in teams]
    assert len({json_bytes(answer.plain()) for answer in answers}) == 1


# --- spaces -------------------------------------------------------------------------------------


def test_sums_are_kept_by_every_plan_and_every_plan_is_counted() -> None:
    bundle = load("baseline")
    paths = [f"assets.trucks-{hub}.number" for hub in ("gao", "mopti", "timbuktu")]
    narrow = [f"{path}={low}..{low + 6} trucks" for path, low in zip(paths, (97, 66, 58), strict=True)]
    space = space_of(bundle, [*narrow, "assets.escorts-gao.number"], [paths])
    points = list(space.points())
    assert len(points) == len(set(points)) == space.size
    for point in points:
        assert sum(int(value.nominal) for value in list(space.values(point).values())[:3]) == 230
    for raw in product((0, 3, 6), repeat=3):
        fitted = space.fitted((*raw, 1))
        assert fitted in points
    assert space.values(space.start)["assets.trucks-gao.number"].nominal == 100


def test_grids_hold_what_an_order_could_name() -> None:
    bundle = load("baseline")
    free = [
        "quotas.charters.limit",
        "camps.douentza.window.august.target=2023-09-20..2023-10-31",
        "clearances.host-lift.regimes.july.refusal",
        "lifts.lift-ber.loading",
    ]
    charters, target, refusal, loading = space_of(bundle, free).choices
    steps = [dist.numbers[0] for _, dist in charters.at(charters.count - 1).content]
    assert all(step.denominator == 1 for step in steps)
    first, last = target.at(0).content[0][1].numbers
    assert last - first == target.base.content[0][1].numbers[1] - target.base.content[0][1].numbers[0]
    assert first.denominator == 1
    assert (refusal.brief(0), refusal.brief(1)) == ("5 percent", "6 percent")
    assert (loading.brief(0), loading.count) == ("24 h", 49)
    assert loading.at(loading.nearest).content == loading.base.content


@pytest.mark.parametrize(
    ("free", "sums", "told"),
    [
        (["assets.truck.number"], [], "did you mean 'assets.trucks.number'"),
        (["assets.trucks.number"], [], "has no range"),
        (["assets.trucks.number=5"], [], "expected LOW..HIGH"),
        (["assets.trucks.number=5..9 escort day"], [], "'escort day' is not a unit of asset"),
        (["assets.trucks.number=5..5 trucks"], [], "leaves nothing to choose"),
        (["assets.trucks.number=9..5 trucks"], [], "in ascending order"),
        (["assets.trucks.number=5..9 trucks"] * 2, [], "named twice"),
        ([], [], "no input is marked"),
        (["assets.trucks.number=5..9 trucks"], [["lifts.convoy.most"]], "is to keep a sum but is not free"),
        (["assets.trucks.number=5..9 trucks"], [["assets.trucks.number"]], "a sum of one"),
        (LUCKY, [["assets.trucks.number", "decisions.burn.when.late.before_deadline"]], "expected a count"),
        (
            ["assets.trucks.number=1..2 trucks", LUCKY[1]],
            [["assets.trucks.number", "lifts.convoy.most"]],
            "cannot add up",
        ),
    ],
)
def test_a_space_that_makes_no_sense_is_refused(
    luck: Prepared, free: list[str], sums: list[list[str]], told: str
) -> None:
    with pytest.raises(ScenarioError) as fault:
        space_of(luck.bundle, free, sums)
    assert told in str(fault.value)
    assert len(fault.value.faults) == 1


def test_plans_that_the_scenario_refuses_are_counted_and_never_taken(tmp_path: Path) -> None:
    text = TWO_HUBS.replace("asset: north-trucks, capacity", "asset: north-trucks, least: 5 trucks, capacity")
    base = prepare(write(tmp_path, text))
    answer = optimise(base, space_of(base.bundle, [TRUCKS[0]]), workers=HERE, effort=Effort(19, 2, 2))
    assert answer.found["search"]["refused"] == 4
    told = "lifts.north-convoy.least: is 5, but 'north-trucks' never has more than 1, so that it could never form"
    assert told in answer.found["search"]["refusals"]


def test_wrong_questions_are_refused(two_hubs: Prepared) -> None:
    space = space_of(two_hubs.bundle)
    with pytest.raises(PlanError, match="no aim 'speed'; expected one of chance"):
        optimise(two_hubs, space, workers=HERE, aim="speed")
    with pytest.raises(PlanError, match="no 'out'; expected one of in"):
        optimise(two_hubs, space, workers=HERE, milestone="out")
    with pytest.raises(PlanError, match="confirm: 1 is too few"):
        optimise(two_hubs, space, workers=HERE, effort=Effort(confirm=1))


def test_without_the_optimiser_only_small_spaces_are_answered(
    two_hubs: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "find_spec", lambda name: None)
    optimise(two_hubs, space_of(two_hubs.bundle, keep_sum=[TRUCKS]), workers=HERE, effort=Effort(19, 2, 2))
    with pytest.raises(DrawdownError, match=r"pip install 'drawdown-sim\[optimise\]'"):
        optimise(two_hubs, space_of(two_hubs.bundle), workers=HERE, effort=Effort(19, 2, 2))


def test_a_front_keeps_one_of_equals_and_a_compromise_is_nearest_to_the_best() -> None:
    costs = [(0.0, 4.0), (0.0, 4.0), (4.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 5.0)]
    assert front(costs) == [0, 2, 3]
    assert shortfalls([costs[row] for row in (0, 2, 3)]) == [1.0, 1.0, 0.25]


# --- the plan as a scenario ---------------------------------------------------------------------


def test_the_file_says_exactly_what_was_played(luck: Prepared, tmp_path: Path) -> None:
    answer = optimise(luck, space_of(luck.bundle, LUCKY), workers=Workers(1), aim="chance", effort=Effort(30, 10, 10))
    (tmp_path / "plan.yaml").write_text(answer.found["extension"])
    again = prepare(tmp_path / "plan.yaml", 3)
    settings = dict(zip((t.partition("=")[0] for t in LUCKY), found(answer), strict=True))
    expected = with_values(luck.bundle, {path: str(text) for path, text in settings.items()})
    assert canonical_json(again.bundle) == canonical_json(expected)
    fresh = play([again], 10, Workers(1), first=10)[0]
    assert answer.found["found"]["hits"] == int(fresh.in_time().sum())


def test_every_kind_of_value_survives_the_file(tmp_path: Path) -> None:
    from drawdown_sim.scenario.extending import extension

    bundle = load("baseline")
    free = [
        "quotas.charters.limit",
        "camps.douentza.window.october.target=2023-09-20..2023-10-31",
        "clearances.host-lift.regimes.july.refusal",
        "decisions.destroy-north.when.still-barred.blocked",
        "cargo.ber-loads.work",
    ]
    space = space_of(bundle, free)
    values = space.values(tuple(choice.count - 1 for choice in space.choices))
    path = tmp_path / "plan.yaml"
    path.write_text(extension(bundle, values, "a title", "a reason: with signs, # and 'quotes'"))
    assert canonical_json(load(path)) == canonical_json(with_values(bundle, values))


# --- the command --------------------------------------------------------------------------------

SMALL = ("--trials", 19, "--replications", 4, "--confirm", 200, "--keep-sum", ",".join(TRUCKS))


def test_the_command_prints_saves_and_the_plan_runs(drawdown: Drawdown, tmp_path: Path) -> None:
    path = write(tmp_path, TWO_HUBS)
    done = drawdown("optimise", path, *SMALL, "--save", "plan.yaml", "--plot", "front.svg")
    assert done.returncode == 0, done.stderr
    assert "On these assumptions the plan found" in done.stdout
    assert "All plans that the free inputs allow were played" in " ".join(done.stdout.split())
    assert max(map(len, done.stdout.partition("Result")[0].splitlines())) <= 80
    assert "plan found: plan.yaml" in done.stderr
    assert (tmp_path / "front.svg").stat().st_size > 1000
    ran = drawdown("run", "plan.yaml", "--json", "--no-store", "--no-spread", "--replications", 2)
    assert json.loads(ran.stdout)["verdict"]["probability"] == 1

    again = drawdown("optimise", path, *SMALL, "--save", "plan.yaml")
    assert again.returncode == 2
    assert "nothing is overwritten" in again.stderr


def test_the_command_gives_json(drawdown: Drawdown, tmp_path: Path) -> None:
    done = drawdown("optimise", write(tmp_path, TWO_HUBS), *SMALL, "--json", "--no-store")
    answer = json.loads(done.stdout)
    assert answer["question"] == "optimise"
    assert answer["asked"]["keep_sum"] == [TRUCKS]
    assert {entry["measure"] for entry in answer["measures"]} == {"chance", "losses", "exposure", "hurt", "finish"}
    assert len(answer["plans"]) == 19


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--free", "assets.north.number"], "there is no input of this name"),
        (["--for", "speed"], "no aim 'speed'"),
        (["--milestone", "never"], "there is no 'never'"),
        (["--save", "plan.txt"], "expected a file that ends in .yaml"),
        (["--save", "/tmp/plan.yaml"], "must stand beside it"),
        (["--keep-sum", TRUCKS[0]], "a sum of one"),
    ],
)
def test_bad_input_is_told_in_one_message(drawdown: Drawdown, tmp_path: Path, words: list[str], told: str) -> None:
    done = drawdown("optimise", write(tmp_path, TWO_HUBS), *words, "--no-store")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_command_has_help_with_an_example(drawdown: Drawdown) -> None:
    done = drawdown("optimise", "--help")
    assert done.returncode == 0
    assert "Example: drawdown-sim optimise" in done.stdout

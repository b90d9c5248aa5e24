"""What matters is found where it is known: swings by hand, effects by enumeration, one answer on any engine."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from command_line import command
from drawdown_sim.errors import DrawdownError
from drawdown_sim.experiment.answers import Answer
from drawdown_sim.experiment.run import prepare
from drawdown_sim.experiment.sensitivity import OTHERS, Design, screening, sensitivity
from drawdown_sim.experiment.sensitivity.assumptions import assumptions
from drawdown_sim.experiment.sensitivity.screening import Effect, Floats, screen, trajectories
from drawdown_sim.experiment.variants import play, vary
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.report.figures import save_figure
from drawdown_sim.report.sensitivity import draw_sensitivity, sensitivity_report
from drawdown_sim.scenario import load
from engine_support import needs_numba

HERE = Workers(engine="reference")

#: Five convoys of ten loads, six days each; as many at once as there are escorts: done in 6 x ceil(5 / escorts) days.
#: Trucks for five convoys never bind, so fewer of them change nothing.
ESCORTS = """\
format: 1
title: Five convoys, few escorts
because: a test
start: 2024-01-01
horizon: 2024-06-01
as_of: 2024-01-01
places:
  north: {kind: camp}
  depot: {kind: hub}
legs:
  road: {between: [north, depot], mode: road, distance: 300 km, rate: 100 km/day}
assets:
  trucks: {kind: truck, at: depot, number: {value: 50 trucks, because: a contract, range: [40 trucks, 60 trucks]}}
  escorts: {kind: escort, at: depot, number: {value: 2 escorts, because: a promise, range: [1 escort, 3 escorts]}}
cargo:
  boxes: {owner: un, kind: container, at: north, number: 50 loads, via: [depot], disposition: store}
lifts:
  convoy:
    {mode: road, pick_up: [north], to: depot, route: [road], based: destination, carries: cargo, classes: [cargo],
     asset: trucks, capacity: 1 load/truck, least: 10 trucks, most: 10 trucks, escort: {asset: escorts}}
milestones:
  in: {deadline: 2024-01-20, people: false, cargo: [container]}
"""

#: Two camps with roads of chance pace, two guesses about pace with the same words, and trucks for one convoy at once.
LUCK = """\
format: 1
title: Two roads, one truck park
because: a test
start: 2024-01-01
horizon: 2024-06-01
as_of: 2024-01-01
places:
  east: {kind: camp}
  west: {kind: camp}
  depot: {kind: hub}
legs:
  east-road:
    between: [east, depot]
    mode: road
    distance: 300 km
    rate: {value: {uniform: [40 km/day, 90 km/day]}, because: one guess for both roads, range: [45 km/day, 90 km/day]}
  west-road:
    between: [west, depot]
    mode: road
    distance: 200 km
    rate: {value: {uniform: [40 km/day, 90 km/day]}, because: one guess for both roads, range: [45 km/day, 90 km/day]}
assets:
  trucks: {kind: truck, at: depot, number: {value: 10 trucks, because: ours, range: [5 trucks, 20 trucks], lever: true}}
cargo:
  east-boxes: {owner: un, kind: container, at: east, number: 20 loads, via: [depot], disposition: store}
  west-boxes: {owner: un, kind: container, at: west, number: 20 loads, via: [depot], disposition: store}
lifts:
  east-convoy: {mode: road, pick_up: [east], to: depot, route: [east-road], based: destination, carries: cargo,
                classes: [cargo], asset: trucks, capacity: 1 load/truck, most: 10 trucks}
  west-convoy: {mode: road, pick_up: [west], to: depot, route: [west-road], based: destination, carries: cargo,
                classes: [cargo], asset: trucks, capacity: 1 load/truck, most: 10 trucks}
milestones:
  in: {deadline: 2024-02-04, people: false, cargo: [container]}
"""


def asked(folder: Path, text: str = ESCORTS, workers: Workers = HERE, **options: Any) -> Answer:
    """The answer for a mission given as text."""
    path = folder / "mission.yaml"
    path.write_text(text)
    design = options.pop("design", Design(20, 0))
    return sensitivity(prepare(path, 1), workers=workers, design=design, **options)


def row(answer: Answer, name: str) -> dict[str, Any]:
    """The row of an assumption."""
    return next(dict(row) for row in answer.table("debt").records() if row["assumption"] == name)


# --- the tornado -------------------------------------------------------------------------------------


def test_a_swing_is_the_number_of_days_known_by_hand(tmp_path: Path) -> None:
    escorts = row(asked(tmp_path, by="finish"), "assets.escorts.number")
    assert (escorts["finish_least"], escorts["finish_most"]) == (30, 12)
    assert (escorts["finish_swing"], escorts["finish_swing_low"], escorts["finish_swing_high"]) == (18, 18, 18)
    assert (escorts["chance_least"], escorts["chance_most"]) == (0, 1)
    assert (escorts["rank"], escorts["detectable"], escorts["idle"]) == (1, True, False)
    assert (escorts["least"], escorts["most"], escorts["ground"]) == ("1 escort", "3 escorts", "assumed")


def test_what_changes_no_run_is_idle(tmp_path: Path) -> None:
    trucks = row(asked(tmp_path), "assets.trucks.number")
    assert (trucks["finish_swing"], trucks["chance_swing"]) == (0, 0)
    assert (trucks["idle"], trucks["detectable"]) == (True, False)


def test_bars_are_what_direct_runs_give(tmp_path: Path) -> None:
    answer = asked(tmp_path, LUCK, design=Design(40, 0), apart=True)
    base = prepare(tmp_path / "mission.yaml", 1)
    for path, name in (("legs.west-road.rate", "rate"), ("assets.trucks.number", "number")):
        value = next(entry.value for one in assumptions(base.bundle) for entry in one.entries if entry.path == path)
        samples = play([vary(base, {path: value.across(Fraction(share))}) for share in (0, 1)], 40, HERE)
        found = row(answer, path)
        assert path.endswith(name)
        assert [found["chance_least"], found["chance_most"]] == [sample.in_time().mean() for sample in samples]
        means = [sample.finish().mean() / 1440 for sample in samples]
        assert [found["finish_least"], found["finish_most"]] == pytest.approx(means, abs=0.001)


def test_inputs_that_share_a_ground_move_together(tmp_path: Path) -> None:
    together = asked(tmp_path, LUCK, by="finish")
    apart = asked(tmp_path, LUCK, by="finish", apart=True)
    both = row(together, "legs.*.rate (2)")
    assert both["paths"] == "legs.east-road.rate legs.west-road.rate"
    alone = [row(apart, path)["finish_swing"] for path in both["paths"].split()]
    assert both["finish_swing"] > max(alone) > 0
    assert (len(together.table("debt")), len(apart.table("debt"))) == (2, 3)


def test_inputs_with_other_words_for_their_ground_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "mission.yaml"
    path.write_text(ESCORTS)
    assert [one.name for one in assumptions(load(path))] == ["assets.trucks.number", "assets.escorts.number"]
    path.write_text(ESCORTS.replace("because: a contract", "because: a promise"))
    assert [one.name for one in assumptions(load(path))] == ["assets.*.number (2)"]


def test_a_setting_that_makes_no_plan_is_listed_with_the_reason(tmp_path: Path) -> None:
    # a convoy takes ten trucks at most, so one that needs twenty cannot be; every trajectory meets it
    few = "least: {value: 10 trucks, because: fewer are not worth it, range: [5 trucks, 20 trucks]}"
    answer = asked(tmp_path, ESCORTS.replace("least: 10 trucks", few), design=Design(20, 4))
    least = row(answer, "lifts.convoy.least")
    assert (least["chance_most"], least["finish_most"]) == (None, None)
    # an end that was not played may change everything
    assert (least["chance_least"], least["idle"]) == (1, False)
    refused = answer.found["refused"]
    assert [(entry["assumption"], entry["end"]) for entry in refused] == [("lifts.convoy.least", "most")]
    assert "more than the most of 10" in refused[0]["why"]
    assert answer.found["screening"]["dropped"] == 4
    text = " ".join(lines(answer, 80))
    assert "Refused: lifts.convoy.least at its most" in text
    assert "could not be screened" in text


# --- the screening -----------------------------------------------------------------------------------


def ishigami(points: Floats) -> Floats:
    """Ishigami and Homma's function on the unit cube."""
    x, y, z = (np.pi * (2 * points - 1)).T
    found: Floats = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    return found


def enumerated(which: int) -> Floats:
    """Every elementary effect of one input on the grid of four levels."""
    levels = [Fraction(level, 3) for level in range(4)]
    starts = [point for point in product(levels, repeat=3) if point[which] <= Fraction(1, 3)]
    step = Fraction(2, 3)
    ends = [tuple(share + step * (at == which) for at, share in enumerate(point)) for point in starts]
    both = [ishigami(np.array(points, dtype=np.float64)) for points in (starts, ends)]
    found: Floats = (both[1] - both[0]) * 1.5
    return found


def effects_of(outputs: Floats, points: Floats, groups: list[str]) -> dict[str, Effect]:
    return {effect.group: effect for effect in screen(groups, points, outputs, 1).effects}


def test_effects_of_ishigamis_function_are_those_of_the_whole_grid() -> None:
    points = trajectories(["x", "y", "z"], 500, 1)
    found = effects_of(ishigami(points)[:, None], points, ["x", "y", "z"])
    for at, name in enumerate("xyz"):
        every = enumerated(at)
        assert found[name].size == pytest.approx(np.abs(every).mean(), abs=0.5), name
        assert found[name].mean == pytest.approx(every.mean(), abs=0.7), name
        assert found[name].spread == pytest.approx(every.std(), rel=0.08), name


def test_ishigamis_inputs_rank_as_their_total_indices_and_interact_as_known() -> None:
    # total indices 0.56, 0.44 and 0.24; the third acts through the first alone, the second not monotonically
    points = trajectories(["x", "y", "z"], 500, 2)
    found = effects_of(ishigami(points)[:, None], points, ["x", "y", "z"])
    assert found["z"].size < min(found["x"].size, found["y"].size)
    assert abs(found["z"].mean) < 0.2 * found["z"].size
    assert (found["y"].interaction, found["z"].interaction) == ("strong", "strong")


def test_inputs_that_only_add_up_do_not_interact_and_simulation_error_is_not_an_effect() -> None:
    groups = ["large", "small", "idle"]
    points = trajectories(groups, 20, 3)
    error = np.random.default_rng(1).normal(0, 1, (len(points), 100))
    found = effects_of((points @ [10.0, 5.0, 0.0])[:, None] + error, points, groups)
    assert {name: effect.interaction for name, effect in found.items()} == {
        "large": "none",
        "small": "none",
        "idle": "unseen",
    }
    assert found["large"].size == pytest.approx(10, abs=0.2)


def test_a_trajectory_with_a_refused_point_is_dropped() -> None:
    points = trajectories(["x", "y"], 5, 1)
    outputs = points.sum(axis=1)[:, None].copy()
    outputs[4] = np.nan
    found = screen(["x", "y"], points, outputs, 1)
    assert (found.trajectories, found.dropped) == (4, 1)
    assert [effect.size for effect in found.effects] == pytest.approx([1, 1])


def test_the_screening_sees_what_escorts_do_and_that_trucks_do_nothing(tmp_path: Path) -> None:
    answer = asked(tmp_path, by="finish", design=Design(20, 10, alone=1))
    escorts, trucks = row(answer, "assets.escorts.number"), row(answer, "assets.trucks.number")
    assert escorts["finish_elsewhere"] > 10
    assert trucks["finish_elsewhere"] is None
    assert answer.found["screening"]["others"]["finish"] == {"size": 0, "half": 0, "seen": False}
    assert OTHERS not in answer.table("debt").column("assumption")


def test_missing_salib_is_said_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "find_spec", lambda _: None)
    with pytest.raises(DrawdownError, match=r"pip install 'drawdown-sim\[sensitivity\]'"):
        asked(tmp_path, design=Design(20, 4))
    assert asked(tmp_path, design=Design(20, 0)).found["screening"] is None


# --- the answer --------------------------------------------------------------------------------------


@needs_numba
def test_the_answer_is_the_same_with_any_engine_and_number_of_workers(tmp_path: Path) -> None:
    design = Design(30, 4)
    answers = [
        asked(tmp_path, LUCK, workers, design=design)
        for workers in (HERE, Workers(1, "compiled"), Workers(2, "compiled"))
    ]
    texts = {json.dumps(answer.plain()) for answer in answers}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "luck"}, "--by luck: expected one of chance, finish"),
        ({"milestone": "out"}, "there is no 'out'; expected one of in"),
        ({"design": Design(10, 0)}, "--replications 10: expected 20 to"),
        ({"design": Design(20, 1)}, "--trajectories 1: expected 2 or more"),
        ({"design": Design(20, 0, 0)}, "--alone 0: expected 1 or more"),
    ],
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(DrawdownError, match=message):
        asked(tmp_path, **options)


def lines(answer: Answer, width: int) -> list[str]:
    return [line for section in sensitivity_report(answer, width) for line in (section.title, *section.lines)]


@pytest.mark.parametrize("by", ["chance", "finish"])
@pytest.mark.parametrize("width", [80, 120])
def test_the_report_fits_and_tells_chance_losses_and_exposure(tmp_path: Path, by: str, width: int) -> None:
    shown = lines(asked(tmp_path, LUCK, by=by, design=Design(20, 4)), width)
    assert max(map(len, shown[1:])) <= width
    text = " ".join(shown)
    for word in ("on these assumptions", "loads gone", "convoy-km under threat", "hurt", "interaction", "Levers"):
        assert word in text, word
    assert "likely" not in text


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    answer = asked(tmp_path, LUCK)
    save_figure(answer, draw_sensitivity, tmp_path / "tornado.svg")
    assert (tmp_path / "tornado.svg").stat().st_size > 1000


# --- the command -------------------------------------------------------------------------------------


def test_the_command_prints_json_and_keeps_the_answer(tmp_path: Path) -> None:
    (tmp_path / "mission.yaml").write_text(ESCORTS)
    words = ("sensitivity", "mission.yaml", "--replications", 20, "--trajectories", 2, "--engine", "reference")
    done = command(tmp_path, *words, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["debt"][0]["assumption"] == "assets.escorts.number"
    assert json.loads((tmp_path / told["results"] / "answer.json").read_text())["debt"] == told["debt"]


def test_the_command_has_help_and_refuses_in_one_line(tmp_path: Path) -> None:
    shown = command(tmp_path, "sensitivity", "--help")
    assert "Example: drawdown-sim sensitivity baseline" in shown.stdout
    (tmp_path / "mission.yaml").write_text(ESCORTS)
    known = ESCORTS.replace(", range: [40 trucks, 60 trucks]", "").replace(", range: [1 escort, 3 escorts]", "")
    (tmp_path / "known.yaml").write_text(known)
    cases = {
        "no input has a range": ["known.yaml"],
        "--by luck: expected one of chance, finish": ["mission.yaml", "--by", "luck"],
        "no-such-mission": ["no-such-mission"],
    }
    for message, words in cases.items():
        done = command(tmp_path, "sensitivity", *words, "--no-store")
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1

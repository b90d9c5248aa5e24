"""One scenario with inputs set to several values: every combination, or a Latin hypercube."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil
from pathlib import Path

import pytest

from command_line import command
from drawdown_sim.errors import PlanError, ScenarioError
from drawdown_sim.experiment.answers import Answer
from drawdown_sim.experiment.compare import compare
from drawdown_sim.experiment.sweep import sweep
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.report.figures import save_figure
from drawdown_sim.report.sweep import sweep_report
from drawdown_sim.report.sweep_figures import draw_sweep
from drawdown_sim.scenario import load
from drawdown_sim.scenario.axes import Axis, inputs_of, moved, read_axis
from drawdown_sim.scenario.experiment import Sweep, experiment_yaml, read_experiment
from engine_support import needs_numba
from what_if import assert_refused, told, write_missions

REFERENCE = Workers(engine="reference")
ESCORTS = "teaching/two-escorts"


def lines(answer: Answer, width: int) -> str:
    """The report, its lines joined, after each was checked to fit."""
    sections = sweep_report(answer, width)
    assert all(len(line) <= width for section in sections for line in section.lines)
    return " ".join(line for section in sections for line in section.lines)


# --- known answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", pytest.param("compiled", marks=needs_numba)])
def test_escorts_decide_how_many_turns_of_six_days_it_takes(engine: str) -> None:
    numbers = (1, 2, 3, 4, 5)
    axis = read_axis("assets.escorts.number=" + ",".join(f"{n} escorts" for n in numbers))
    answer = sweep(ESCORTS, [axis], 3, workers=Workers(engine=engine))
    gaps = [row["mean"] for row in answer.table("differences").records() if row["measure"] == "finish"]
    assert gaps == [6 * ceil(5 / n) - 18 for n in numbers]
    # done at midnight is done by the end of the day before
    assert answer.table("outcomes").column("p50") == ["2024-01-18"] + [
        f"2024-01-{6 * ceil(5 / n):02d}" for n in numbers
    ]


def test_a_setting_plays_as_the_scenario_that_says_the_same() -> None:
    swept = sweep(ESCORTS, [read_axis("assets.escorts.number=3 escorts")], 3, workers=REFERENCE)
    side = compare([ESCORTS, "teaching/three-escorts"], 3, workers=REFERENCE)
    keys = ("chance", "p10", "p50", "p90", "losses", "exposure", "hurt")
    for one, two in zip(swept.table("outcomes").records(), side.table("outcomes").records(), strict=True):
        assert [one[key] for key in keys] == [two[key] for key in keys]


@needs_numba
def test_the_answer_is_the_same_with_any_engine_and_any_number_of_workers(tmp_path: Path) -> None:
    base, _ = write_missions(tmp_path)
    axes = [read_axis("legs.road.rate"), read_axis("assets.trucks.number=3 trucks,6 trucks")]
    first = told(sweep(base, axes, 70, settings=3, workers=Workers(1, "reference")))
    assert first == told(sweep(base, axes, 70, settings=3, workers=Workers(2, "reference")))
    assert first == told(sweep(base, axes, 70, settings=3, workers=Workers(2, "compiled")))


# --- designs -------------------------------------------------------------------------------------


def test_a_full_design_plays_every_combination_once() -> None:
    axes = [
        read_axis("assets.escorts.number=1 escort,2 escorts"),
        read_axis("assets.trucks.number=10 trucks,50 trucks"),
    ]
    answer = sweep(ESCORTS, axes, 2, workers=REFERENCE)
    pairs = list(zip(*(answer.table("outcomes").column(axis.path)[1:] for axis in axes), strict=True))
    assert pairs == [(e, t) for e in ("1 escort", "2 escorts") for t in ("10 trucks", "50 trucks")]
    assert answer.replications == 2 * 5


def levels(answer: Answer, path: str) -> list[float]:
    return [row["number"] for row in answer.table("levels").records() if row["path"] == path]  # type: ignore[misc]


def test_a_hypercube_takes_the_middle_of_every_part_of_a_range_once() -> None:
    axes = [read_axis("legs.road.rate=50 km/day..150 km/day"), read_axis("assets.trucks.number=10 trucks..50 trucks")]
    answer = sweep(ESCORTS, axes, 2, settings=10, workers=REFERENCE)
    assert sorted(levels(answer, "legs.road.rate")) == [55 + 10 * part for part in range(10)]
    assert sorted(levels(answer, "assets.trucks.number")) == [12 + 4 * part for part in range(10)]
    # not along a diagonal
    assert levels(answer, "legs.road.rate") != sorted(levels(answer, "legs.road.rate"))


def test_another_axis_leaves_the_parts_of_the_first_where_they_were() -> None:
    first, second = (
        read_axis("legs.road.rate=50 km/day..150 km/day"),
        read_axis("assets.trucks.number=10 trucks..50 trucks"),
    )
    alone = sweep(ESCORTS, [first], 2, settings=8, workers=REFERENCE)
    both = sweep(ESCORTS, [second, first], 2, settings=8, workers=REFERENCE)
    assert levels(alone, "legs.road.rate") == levels(both, "legs.road.rate")
    assert levels(alone, "legs.road.rate") != levels(
        sweep(ESCORTS, [first], 2, 2, settings=8, workers=REFERENCE), "legs.road.rate"
    )


def test_what_comes_whole_moves_to_whole_numbers_and_dates_to_days() -> None:
    entries = inputs_of(load(ESCORTS), [Axis("assets.escorts.number"), Axis("milestones.in.deadline")])
    escorts = moved(entries[0].value, (Fraction(1), Fraction(4)), Fraction(1, 2))
    assert (escorts.nominal, escorts.written) == (3, "3 escorts")
    day = entries[1].value.nominal
    assert moved(entries[1].value, (day, day + 3), Fraction(1, 2)).written == "2024-02-02"


def test_a_distribution_keeps_its_form_when_it_is_moved(tmp_path: Path) -> None:
    (entry,) = inputs_of(load(write_missions(tmp_path)[0]), [Axis("legs.road.rate")])
    value = moved(entry.value, (Fraction(100), Fraction(100)), Fraction(0))
    assert value.content[0][1].kind == "triangular"
    assert value.written == "median 100 km/day"


# --- what is set ---------------------------------------------------------------------------------


def test_commas_in_braces_and_brackets_do_not_split() -> None:
    axis = read_axis("legs.road.rate={uniform: [30 km/day, 60 km/day]}, 40 km/day")
    assert axis.values == ({"uniform": ["30 km/day", "60 km/day"]}, "40 km/day")
    assert read_axis("a.b=1..2").ends == (1, 2)
    assert read_axis("a.b").written() == "range"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("assets.escort.number=1 escort", "did you mean assets.escorts.number"),
        ("assets.escorts=1 escort", "values below it are assets.escorts.number"),
        ("title=x", "is no value with a ground"),
        ("assets.escorts.number=1", "names no unit"),
        ("assets.escorts.number=1 lorry,2 escorts", "'lorry' is not a unit of asset"),
        ("assets.escorts.number", "the input has no range"),
        ("assets.escorts.number=4 escorts..2 escorts", "in ascending order"),
        ("assets.escorts.number=", "expected PATH=V1,V2"),
        ("assets.escorts.number=1 escort,,", "an empty value"),
    ],
)
def test_what_cannot_be_set_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words.replace("?", r"\?")):
        sweep(ESCORTS, [read_axis(text)], 2)


def test_settings_that_make_no_plan_are_listed_and_the_others_played() -> None:
    axis = read_axis("assets.trucks.number=50 trucks,{uniform: [20 trucks, 40 trucks]}")
    answer = sweep(ESCORTS, [axis], 2, workers=REFERENCE)
    (refused,) = answer.table("refused").records()
    assert "is drawn nowhere" in str(refused["reason"])
    assert answer.table("outcomes").column("name") == ["as it is", "1"]
    assert "Refused" in " ".join(section.title for section in sweep_report(answer, 80))


def test_a_sweep_without_a_single_plan_is_refused() -> None:
    with pytest.raises(PlanError, match="no setting makes a plan"):
        sweep(ESCORTS, [read_axis("assets.trucks.number={uniform: [20 trucks, 40 trucks]}")], 2)


def test_designs_out_of_bounds_are_refused() -> None:
    many = ",".join(f"{n} trucks" for n in range(10, 34))
    axes = [
        read_axis(f"assets.trucks.number={many}"),
        read_axis(f"assets.escorts.number={many.replace('truck', 'escort')}"),
    ]
    with pytest.raises(PlanError, match="576 combinations; expected at most 500"):
        sweep(ESCORTS, axes, 2)
    with pytest.raises(PlanError, match="a full design needs values"):
        sweep(ESCORTS, [read_axis("assets.trucks.number=10 trucks..20 trucks")], 2, design="full")


# --- reports and pictures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ("assets.escorts.number=1 escort,3 escorts",),
        ("legs.road.rate=80 km/day,{uniform: [50 km/day, 150 km/day]}",),
        ("milestones.in.deadline=2024-01-10,2024-01-20",),
        ("assets.escorts.number=1 escort,3 escorts", "assets.trucks.number=20 trucks,50 trucks"),
        ("assets.escorts.number=1 escort..5 escorts", "milestones.in.deadline=2024-01-10..2024-02-20"),
    ],
)
def test_every_kind_of_sweep_is_told_and_drawn(texts: tuple[str, ...], tmp_path: Path) -> None:
    answer = sweep(ESCORTS, [read_axis(text) for text in texts], 2, settings=16, workers=REFERENCE)
    for width in (80, 120):
        assert "On these assumptions" in lines(answer, width)
    save_figure(answer, draw_sweep, tmp_path / "chart.png")


# --- experiments in files, and the command -------------------------------------------------------


def test_an_experiment_reads_back_as_it_was_written(tmp_path: Path) -> None:
    axes = [read_axis("a.b=1 truck,{uniform: [2 trucks, 3 trucks]}"), read_axis("c.d=0.1..0.25"), read_axis("e.f")]
    asked = Sweep(scenario="baseline", set={axis.path: axis.written() for axis in axes}, design="lhs", settings=9)
    path = tmp_path / "sweep.yaml"
    path.write_text(experiment_yaml(asked))
    read, found = read_experiment(str(path), Sweep)
    assert read == asked
    assert [(axis.path, axis.values, axis.ends) for axis in found] == [(a.path, a.values, a.ends) for a in axes]


def test_a_fault_of_a_file_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sweep.yaml"
    path.write_text(f"format: 1\nexperiment: sweep\nscenario: {ESCORTS}\nset:\n  assets.escort.number: [1 escort]\n")
    assert_refused(command(tmp_path, "sweep", path), f"{path}:5:3: assets.escort.number", "assets.escorts.number")
    path.write_text("format: 1\nexperiment: sweep\nscenario: baseline\nset: {a.b: []}\n")
    assert_refused(command(tmp_path, "sweep", path), f"{path}:4:7: set.a.b: expected at least one value")


def test_the_command_gives_json_and_a_file_that_repeats_it(tmp_path: Path) -> None:
    write_missions(tmp_path)
    words = ("sweep", "mission.yaml", "--set", "legs.road.rate", "--set", "assets.trucks.number=4 trucks,6 trucks")
    words += ("--settings", "4", "--replications", "10", "--engine", "reference", "--json")
    done = command(tmp_path, *words, "--save", "sweep.yaml", "--plot", "chart.svg")
    assert done.returncode == 0, done.stderr
    again = command(tmp_path, "sweep", "sweep.yaml", "--engine", "reference", "--json")
    assert json.loads(again.stdout) == json.loads(done.stdout)
    assert (tmp_path / "chart.svg").exists()


def test_the_command_explains_itself_and_refuses_what_makes_no_sense(tmp_path: Path) -> None:
    assert "Example: drawdown-sim sweep" in command(tmp_path, "sweep", "--help").stdout
    assert_refused(command(tmp_path, "sweep", ESCORTS), "nothing is set")
    wrong = command(tmp_path, "sweep", ESCORTS, "--set", "legs.road.rate=1 km/day", "--design", "x")
    assert_refused(wrong, "--design: 'x' is not known here; expected one of full, lhs")

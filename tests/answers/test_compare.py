"""Scenarios side by side: what differs between them, and what that changes, pair by pair."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import MISSION, command
from drawdown_sim.errors import PlanError, ScenarioError
from drawdown_sim.experiment import run
from drawdown_sim.experiment.answers import Answer
from drawdown_sim.experiment.compare import compare
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.report.compare import compare_report, draw_compare
from drawdown_sim.report.figures import save_figure
from drawdown_sim.scenario import load
from drawdown_sim.scenario.diff import differences
from drawdown_sim.scenario.experiment import Comparison, experiment_yaml, read_experiment
from engine_support import needs_numba
from what_if import assert_refused, told, write_missions

TURNS = ("teaching/two-escorts", "teaching/three-escorts", "teaching/four-escorts")


def gap(answer: Answer, name: str, measure: str) -> dict[str, object]:
    """One paired difference."""
    rows = answer.table("differences").records()
    return next(row for row in rows if (row["name"], row["measure"]) == (name, measure))


# --- known answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", pytest.param("compiled", marks=needs_numba)])
def test_a_third_escort_saves_one_turn_of_six_days_and_a_fourth_saves_nothing_more(engine: str) -> None:
    answer = compare(TURNS, 4, workers=Workers(engine=engine))
    for name in TURNS[1:]:
        found = gap(answer, name, "finish")
        assert (found["mean"], found["low"], found["high"]) == (-6, -6, -6)
    assert answer.table("outcomes").column("p50") == ["2024-01-18", "2024-01-12", "2024-01-12"]
    assert answer.table("outcomes").column("chance") == [1, 1, 1]
    assert answer.replications == 12


def test_the_chance_of_each_scenario_is_the_one_that_a_run_gives(tmp_path: Path) -> None:
    base, fewer = write_missions(tmp_path)
    answer = compare([base, fewer], 40, 7, workers=Workers(engine="reference"))
    for path, outcome in zip((base, fewer), answer.table("outcomes").records(), strict=True):
        summary = run(path, 40, 7).summary
        assert outcome["chance"] == summary["verdict"]["probability"]
        assert outcome["p50"] == summary["milestones"][0]["p50"]
        assert outcome["exposure_p90"] == summary["exposure"]["convoy_km_under_threat"]["p90"]


def test_a_copy_of_the_base_differs_in_nothing(tmp_path: Path) -> None:
    base, _ = write_missions(tmp_path)
    copy = tmp_path / "copy.yaml"
    copy.write_text(MISSION.replace("title: One camp", "title: Another name for one camp"))
    answer = compare([base, copy], 20, workers=Workers(engine="reference"))
    assert len(answer.table("changes")) == 0
    for row in answer.table("differences").records():
        assert (row["mean"], row["variance_ratio"]) == (0, None)
        # of a chance, twenty pairs that agree leave some doubt
        assert row["low"] == row["high"] == 0 or row["measure"] == "chance"
        assert not row["is_detectable"]
    assert "copy: none; the two play the same" in told_lines(answer, 80)


def test_pairing_saves_replications_where_the_luck_is_shared(tmp_path: Path) -> None:
    answer = compare(write_missions(tmp_path), 200, workers=Workers(engine="reference"))
    ratio = gap(answer, "fewer", "finish")["variance_ratio"]
    assert isinstance(ratio, float)
    assert ratio > 1.5


# --- the same again ------------------------------------------------------------------------------


@needs_numba
def test_the_answer_is_the_same_with_any_engine_and_any_number_of_workers(tmp_path: Path) -> None:
    missions = write_missions(tmp_path)
    first = told(compare(missions, 70, workers=Workers(1, "reference")))
    assert first == told(compare(missions, 70, workers=Workers(2, "reference")))
    assert first == told(compare(missions, 70, workers=Workers(2, "compiled")))


# --- what differs --------------------------------------------------------------------------------


def changed(folder: Path, *pairs: tuple[str, str]) -> list[tuple[str, ...]]:
    """What differs between the small mission and one with other texts in it."""
    base, other = folder / "base.yaml", folder / "other.yaml"
    text = MISSION
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    base.write_text(MISSION)
    other.write_text(text)
    return [(c.what, c.path, c.base, c.new, c.ground) for c in differences(load(base), load(other))]


def test_another_unit_order_or_default_is_no_difference(tmp_path: Path) -> None:
    swapped = ("  camp: {kind: camp}\n  hub: {kind: exit}", "  hub: {kind: exit}\n  camp: {kind: camp}")
    assert changed(tmp_path, ("300 km", "300000 m"), swapped, ("returns: false", "returns: false, rank: 5")) == []


def test_a_value_that_differs_comes_with_its_ground(tmp_path: Path) -> None:
    new = ("number: 5 trucks}", "number: {value: 7 trucks, because: two more were hired}}")
    assert changed(tmp_path, new) == [
        ("value", "assets.trucks.number", "5 trucks", "7 trucks", "assumed: two more were hired")
    ]


def test_the_same_value_on_another_ground_is_told_apart(tmp_path: Path) -> None:
    new = ("number: 5 trucks}", "number: {value: 5 trucks, because: counted at the gate}}")
    assert changed(tmp_path, new) == [
        ("ground", "assets.trucks.number", "5 trucks", "5 trucks", "assumed: counted at the gate")
    ]


def test_an_entry_that_only_one_has_is_named_whole(tmp_path: Path) -> None:
    new = ("assets:\n", "assets:\n  buses: {kind: other, at: hub, number: 2 vehicles}\n")
    ((what, path, base, text, ground),) = changed(tmp_path, new)
    assert (what, path, base, ground) == ("added", "assets.buses", "", "assumed: a test")
    assert "number: 2 vehicles" in text


def test_a_plain_field_that_differs_is_told(tmp_path: Path) -> None:
    assert changed(tmp_path, ("horizon: 2024-06-01", "horizon: 2024-07-01")) == [
        ("field", "horizon", "2024-06-01", "2024-07-01", "")
    ]


# --- what scenarios do not share -----------------------------------------------------------------


def moved(folder: Path, name: str, *pairs: tuple[str, str]) -> Path:
    """The case of two escorts with other texts in it."""
    source = Path(__file__).parents[2] / "scenarios" / "teaching" / "two-escorts.yaml"
    text = source.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def test_finishes_are_compared_by_date_where_the_starts_differ(tmp_path: Path) -> None:
    later = moved(tmp_path, "later", ("start: 2024-01-01", "start: 2024-01-11"))
    answer = compare([TURNS[0], later], 3, workers=Workers(engine="reference"))
    assert gap(answer, "later", "finish")["mean"] == 10
    assert "later starts on 11 January 2024" in told_lines(answer, 120)


def test_a_longer_horizon_alone_makes_no_difference_to_those_who_never_finish(tmp_path: Path) -> None:
    none = ("number: 2 escorts", "number: 0 escorts, changes: {come: {on: 2024-12-31, gain: 2 escorts}}")
    stuck = moved(tmp_path, "stuck", none)
    longer = moved(tmp_path, "longer", none, ("horizon: 2024-06-01", "horizon: 2024-08-01"))
    answer = compare([stuck, longer], 3, workers=Workers(engine="reference"))
    assert answer.table("outcomes").column("never") == [3, 3]
    assert gap(answer, "longer", "finish")["mean"] == 0
    assert "never finishes stands at the horizon" in told_lines(answer, 120)


def test_a_scenario_without_the_milestone_is_compared_in_losses_and_exposure_only(tmp_path: Path) -> None:
    other = moved(tmp_path, "other", ("milestones:\n  in:", "milestones:\n  home:"))
    answer = compare([TURNS[0], other], 3, workers=Workers(engine="reference"))
    assert answer.table("outcomes").column("chance") == [1, None]
    assert [row["measure"] for row in answer.table("differences").records()] == ["losses", "exposure", "hurt"]
    assert "Not all have the milestone in: other has home." in told_lines(answer, 120)
    save_figure(answer, draw_compare, tmp_path / "chart.png")


# --- reports -------------------------------------------------------------------------------------


def told_lines(answer: Answer, width: int) -> str:
    """The report, its lines joined, after each was checked to fit."""
    sections = compare_report(answer, width)
    assert all(len(line) <= width for section in sections for line in section.lines)
    return " ".join(line for section in sections for line in section.lines)


def test_no_likelihood_word_below_two_hundred_runs(tmp_path: Path) -> None:
    missions = write_missions(tmp_path)
    few = told_lines(compare(missions, 199, workers=Workers(engine="reference")), 80)
    many = told_lines(compare(missions, 200, workers=Workers(engine="reference")), 80)
    assert "Below 200 runs no likelihood word is given." in few
    assert "Below 200 runs" not in many
    assert "likely" in many
    assert "On these assumptions" in few


def test_bad_questions_name_what_is_wrong(tmp_path: Path) -> None:
    base, fewer = write_missions(tmp_path)
    with pytest.raises(PlanError, match="'mission' is named twice"):
        compare([base, base], 2)
    with pytest.raises(PlanError, match="at least two"):
        compare([base], 2)
    with pytest.raises(PlanError, match="there is no 'x'; expected one of all-out"):
        compare([base, fewer], 2, milestone="x")


# --- experiments in files ------------------------------------------------------------------------


def test_an_experiment_reads_back_as_it_was_written(tmp_path: Path) -> None:
    base, _ = write_missions(tmp_path)
    asked = Comparison(scenarios=["mission", "fewer"], milestone="all-out", replications=10, seed=3)
    path = tmp_path / "courses.yaml"
    path.write_text(experiment_yaml(asked))
    read, axes = read_experiment(str(path), Comparison)
    assert (read.scenarios[0], read.milestone, read.replications, read.seed) == (str(base), "all-out", 10, 3)
    assert axes == []


def test_an_experiment_with_faults_is_refused_with_all_their_places(tmp_path: Path) -> None:
    path = tmp_path / "courses.yaml"
    path.write_text("format: 1\nexperiment: compare\nscenarios: [a, b]\nreplicatons: 10\nseed: x\n")
    with pytest.raises(ScenarioError) as refusal:
        read_experiment(str(path), Comparison)
    assert any(fault.startswith(f"{path}:4:1: replicatons: unknown key") for fault in refusal.value.faults)
    assert any(fault.startswith(f"{path}:5:7: seed: expected a whole number") for fault in refusal.value.faults)


# --- the command ---------------------------------------------------------------------------------


def test_the_command_gives_json_a_picture_and_a_file_that_repeats_it(tmp_path: Path) -> None:
    write_missions(tmp_path)
    words = ("compare", "mission.yaml", "fewer.yaml", "--replications", 20, "--engine", "reference")
    done = command(tmp_path, *words, "--json", "--plot", "chart.svg", "--save", "courses.yaml")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {row["name"] for row in found["outcomes"]} == {"mission", "fewer"}
    assert (tmp_path / "chart.svg").stat().st_size > 1000
    again = json.loads(command(tmp_path, "compare", "courses.yaml", "--engine", "reference", "--json").stdout)
    assert again == found
    assert_refused(command(tmp_path, *words, "--save", "courses.yaml"), "nothing is overwritten")


def test_the_command_explains_itself_and_refuses_what_makes_no_sense(tmp_path: Path) -> None:
    write_missions(tmp_path)
    assert "Example: drawdown-sim compare" in command(tmp_path, "compare", "--help").stdout
    assert_refused(command(tmp_path, "compare", "mission.yaml"), "name two scenarios or more")
    assert_refused(command(tmp_path, "compare", "mission.yaml", "escorts-halfed"), "did you mean 'escorts-halved'?")

"""The decision calendar finds the last days that can be worked out by hand, and says so where there is none."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from command_line import MISSION
from drawdown_sim.analysis.summary import chance
from drawdown_sim.errors import DrawdownError
from drawdown_sim.experiment.answers import Answer
from drawdown_sim.experiment.calendar import calendar
from drawdown_sim.experiment.calendar.last_day import LastDay, Trial, Tried, search, search_all
from drawdown_sim.experiment.run import prepare
from drawdown_sim.experiment.variants import play
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.report.calendar import calendar_report
from drawdown_sim.scenario.dates import movable_dates
from drawdown_sim.scenario.load import load, patched
from drawdown_sim.scenario.resolve import canonical_json, with_values
from engine_support import needs_numba


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """A small scenario in a file."""
    path = tmp_path / "mission.yaml"
    path.write_text(MISSION)
    return path


Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]

FEW = 10
HERE = Workers(engine="reference")


def lines(answer: Answer) -> dict[str, dict[str, Any]]:
    """The lines of the calendar by the words of their date."""
    return {str(entry["decision"]): entry for entry in answer.table("calendar").records()}


# --- the search ----------------------------------------------------------------------------------


def looked_for(hits: Callable[[int], int], worst: int, planned: int | None, line: float = 0.8) -> tuple[LastDay, int]:
    """The last day where `hits` of 100 replications are in time, and how many days were looked at."""

    def trial(day: int) -> Trial:
        given = chance(hits(day), 100)
        return Trial(given, np.arange(100) < given.hits, 0.0, 0.0, 0.0)

    tried: Tried = {} if planned is None else {planned: trial(planned)}
    keeps = hits(planned or 0) >= 100 * line
    found = search_all([(search(tried, worst, planned, keeps, line), tried)], lambda days: [trial(d) for _, d in days])
    return found[0], len(tried)


@pytest.mark.parametrize("last", [0, 1, 30, 31, 90, 299])
def test_the_search_finds_any_last_day_with_few_looks(last: int) -> None:
    found, looks = looked_for(lambda day: 100 if day <= last else 0, 300, 0)
    assert (found.state, found.day, found.again) == ("binds", last, None)
    assert looks <= 14


def test_the_interval_holds_the_days_that_simulation_error_leaves_open() -> None:
    found, _ = looked_for(lambda day: 100 - day, 100, 0)
    assert found.day == 20
    assert found.sure == max(day for day in range(101) if chance(100 - day, 100).low >= 0.8)
    assert found.possible == max(day for day in range(101) if chance(100 - day, 100).high >= 0.8)


def test_a_date_that_keeps_the_chance_at_its_far_end_never_binds_after_one_look() -> None:
    assert looked_for(lambda day: 95, 300, 10) == (LastDay("never binds"), 2)


def test_a_chance_that_is_missed_now_is_looked_for_on_the_better_side() -> None:
    assert looked_for(lambda day: 100 if day <= 40 else 0, 300, 100)[0].day == 40
    assert looked_for(lambda day: 0, 300, 100)[0].state == "out of reach"


def test_a_chance_that_comes_back_is_called_not_steady() -> None:
    found, _ = looked_for(lambda day: 100 if day <= 40 or 140 <= day <= 160 else 0, 300, 0)
    assert found.day == 40
    assert found.again == 150


def test_a_window_in_the_middle_is_found_where_both_ends_fail() -> None:
    def hits(day: int) -> int:
        return 100 if 50 <= day <= 130 else 0

    tried: Tried = {}

    def trials(days: list[tuple[int, int]]) -> list[Trial | None]:
        return [Trial(chance(hits(d), 100), np.arange(100) < hits(d), 0.0, 0.0, 0.0) for _, d in days]

    found = search_all([(search(tried, 300, None, True, 0.8), tried)], trials)[0]
    assert (found.day, found.sure, found.too_soon) == (130, 130, 25)


def test_a_day_without_a_plan_ends_the_search_of_its_date_only() -> None:
    tried: Tried = {}
    assert search_all([(search(tried, 9, None, True, 0.8), tried)], lambda days: [None] * len(days)) == [
        LastDay("refused")
    ]


# --- the dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["baseline", "teaching/ban-window", "teaching/stall", "teaching/two-holds"])
def test_a_date_moved_to_its_planned_day_changes_nothing(name: str) -> None:
    bundle = load(name)
    written = [each for each in movable_dates(bundle) if each.paths]
    assert written
    for each in written:
        assert each.planned is not None
        assert canonical_json(each.move(each.planned)) == canonical_json(bundle), each.words


def test_every_date_of_the_baseline_makes_a_plan_at_both_ends() -> None:
    for each in movable_dates(load("baseline")):
        for day in (each.first, each.last):
            prepare(each.move(day))


def test_dates_of_one_fact_are_one_order() -> None:
    found = {each.words: each for each in movable_dates(load("baseline"))}
    assert len(found["closing of tessalit, aguelhok in plan 'october'"].paths) == 2
    assert len(found["emptying of douentza, tessalit, aguelhok, kidal, ansongo may begin"].paths) == 5


def test_weather_and_deadlines_are_nobodys_to_move() -> None:
    paths = [path for each in movable_dates(load("baseline")) for path in each.paths]
    assert not any(path.startswith(("drivers.", "milestones.")) for path in paths)


def test_the_words_and_directions_follow_from_the_schema() -> None:
    found = {each.words: each.later_is_worse for each in movable_dates(load("baseline"))}
    assert found["limit of charters rises to 9"]
    assert found["ban niger-border ends"]
    assert found["decision accelerate-north (accelerate) is ordered"]
    assert found["host-lift-north: regime 'hold' is lifted"]
    assert found["hold-back at gao falls to 0"]
    assert not found["host-lift-north: regime 'hold' begins"]
    assert not found["escorts-gao loses 1"]
    assert not found["escorts-gao leave for good"]


# --- days known by hand --------------------------------------------------------------------------


def test_a_start_may_wait_as_long_as_the_path_leaves_days() -> None:
    # 13 days of work and clearances before the end of 31 January
    found = lines(calendar("teaching/clearance-lead", replications=FEW, workers=HERE))
    assert found["the withdrawal starts"]["day"] == "2024-01-19"
    assert found["the withdrawal starts"]["to_spare"] == 18
    assert found["trucks leave for good"]["state"] == "never binds"


def test_a_ban_may_end_so_late_that_the_rest_of_the_road_still_fits() -> None:
    found = lines(calendar("teaching/ban-window", replications=FEW, workers=HERE))
    assert (found["ban flood ends"]["day"], found["ban flood ends"]["to_spare"]) == ("2024-01-29", 19)
    assert found["the withdrawal starts"]["day"] == "2024-01-28"
    assert found["ban flood begins"]["state"] == "never binds"


def test_a_ban_that_ends_too_late_must_end_earlier_by_so_many_days() -> None:
    bundle = with_values(load("teaching/ban-window"), {"milestones.out.deadline": "2024-01-10"})
    answer = calendar(bundle, replications=FEW, workers=HERE)
    assert answer.found["keeps"] is False
    entry = lines(answer)["ban flood ends"]
    assert (entry["day"], entry["to_spare"], entry["chance"]) == ("2024-01-08", -2, 1.0)
    assert lines(answer)["the withdrawal starts"]["state"] == "out of reach"


def test_means_may_leave_the_day_after_their_last_movement() -> None:
    found = lines(calendar("teaching/two-holds", replications=FEW, workers=HERE))
    assert (found["east-trucks leave for good"]["direction"], found["east-trucks leave for good"]["day"]) == (
        "from",
        "2024-01-22",
    )
    assert found["emptying of east may begin"]["day"] == "2024-01-27"
    assert found["emptying of west may begin"]["day"] == "2024-01-27"


def test_of_two_holds_neither_alone_reaches_the_deadline() -> None:
    bundle = with_values(load("teaching/two-holds"), {"milestones.out.deadline": "2024-01-20"})
    found = lines(calendar(bundle, replications=FEW, workers=HERE))
    assert {found[f"emptying of {camp} may begin"]["state"] for camp in ("east", "west")} == {"out of reach"}


def test_an_escort_must_stay_for_every_cycle() -> None:
    # five cycles of six days: the last leaves on 25 January
    answer = calendar("teaching/stall", replications=FEW, workers=HERE)
    entry = lines(answer)["escorts loses 1"]
    assert answer.found["base"]["censored"] == FEW
    assert (entry["direction"], entry["day"], entry["to_spare"]) == ("from", "2024-01-26", -15)


def test_a_decision_can_wait_until_what_follows_it_just_fits() -> None:
    # destroyed, then two days of rear party and three of march, by the end of 31 March
    entry = lines(calendar("teaching/obstructed", replications=FEW, workers=HERE))[
        "decision destroy (destroy) is ordered"
    ]
    assert (entry["day"], entry["planned"], entry["losses"]) == ("2024-03-27", None, 20.0)


def test_the_lifting_of_a_hold_is_found_as_by_looking_at_every_day() -> None:
    hold = "+clearances.permit.regimes.hold: {start: {value: 2024-01-03, because: a test}, stance: obstructing, "
    hold += "retry: {value: 1 day, because: a test}}"
    bundle = patched(load("teaching/clearance-lead"), hold, "test")
    entry = lines(calendar(bundle, replications=FEW, workers=HERE))["permit: regime 'hold' is lifted"]
    date_ = next(each for each in movable_dates(bundle) if each.id == "clearances.permit.lifted")
    days = [date_.first + timedelta(n) for n in range(40)]
    samples = play([prepare(date_.move(day)) for day in days], 1, HERE)
    kept = [day for day, sample in zip(days, samples, strict=True) if sample.chance().hits]
    assert entry["day"] == max(kept).isoformat()
    assert kept == [day for day in days if day <= max(kept)]


# --- the next moves ------------------------------------------------------------------------------


def test_the_next_moves_say_what_leaves_and_what_is_to_be_requested() -> None:
    answer = calendar("teaching/clearance-lead", replications=FEW, workers=HERE)
    (move,) = answer.table("moves").records()
    assert (move["lift"], move["leaves"], move["pick_up"], move["to"]) == ("convoy", "depot", "north", "depot")
    assert (move["loads"], move["earliest"], move["share"]) == (10, "2024-01-04", 1.0)
    (request,) = answer.table("requests").records()
    assert (request["authority"], request["clearance"], request["by"]) == ("host", "permit", "2024-01-01")


def test_a_window_after_the_last_departure_is_empty() -> None:
    answer = calendar("teaching/clearance-lead", replications=FEW, first=date(2024, 2, 1), days=5, workers=HERE)
    assert len(answer.table("moves")) == len(answer.table("requests")) == 0
    assert any("Nothing leaves" in line for section in calendar_report(answer, 80) for line in section.lines)


# --- the same everywhere, and what it refuses ----------------------------------------------------


@needs_numba
def test_the_answer_is_the_same_on_both_engines_and_any_workers(mission: Path) -> None:
    answers = [
        calendar(mission, 0.5, 30, workers=team)
        for team in (Workers(1, "reference"), Workers(1, "compiled"), Workers(2, "compiled"))
    ]
    assert len({json.dumps(answer.plain()) for answer in answers}) == 1


@pytest.mark.parametrize("width", [80, 120])
def test_the_report_fits_the_width(mission: Path, width: int) -> None:
    answer = calendar(mission, 0.5, FEW, workers=HERE)
    assert all(len(line) <= width for section in calendar_report(answer, width) for line in section.lines)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"probability": 1.0}, "probability: 1 is no chance to keep"),
        ({"milestone": "nowhere"}, "there is no 'nowhere'; expected one of all-out"),
        ({"first": date(2023, 1, 1)}, "from: 2023-01-01 lies outside the scenario"),
        ({"days": 0}, "days: 0 is out of range"),
        ({"replications": 1}, "replications: 1 is out of range"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(mission: Path, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(DrawdownError, match=told):
        calendar(mission, **asked)


def test_the_command_has_help_json_and_a_picture(drawdown: Drawdown, mission: Path, tmp_path: Path) -> None:
    assert "Example: drawdown-sim calendar" in drawdown("calendar", "--help").stdout
    picture = tmp_path / "calendar.svg"
    done = drawdown("calendar", mission, "--json", "--probability", "0.5", "--replications", 20, "--plot", picture)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["question"] == "calendar"
    assert {"day", "interval_first", "interval_last", "to_spare", "losses", "exposure"} <= told["calendar"][0].keys()
    assert picture.exists()
    assert (tmp_path / told["results"] / "calendar.parquet").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--probability", "2"), "probability: 2"),
        (("--milestone", "x"), "there is no 'x'"),
        (("--from", "soon"), "soon"),
        (("--from", "2030-01-01"), "outside the scenario"),
    ],
)
def test_bad_input_gives_one_message_and_exit_code_2(
    drawdown: Drawdown, mission: Path, words: tuple[str, ...], told: str
) -> None:
    done = drawdown("calendar", mission, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr

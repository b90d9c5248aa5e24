"""Thresholds are where they are known to be, and say how well they are known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from drawdown_sim.analysis.summary import Chance, chance
from drawdown_sim.errors import DrawdownError
from drawdown_sim.experiment.run import Prepared, prepare
from drawdown_sim.experiment.threshold import threshold
from drawdown_sim.experiment.threshold.axis import Axis, Vary, axis_of
from drawdown_sim.experiment.threshold.crossings import find_crossings
from drawdown_sim.experiment.threshold.tables import Effort
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.report.threshold import threshold_report
from drawdown_sim.scenario.load import load
from drawdown_sim.scenario.resolve import with_values

SRC = Path(__file__).parents[2] / "src"

#: 300 km at 30 to 80 km a day, equally likely: a convoy that leaves `d` days before the deadline ends is in time with
#: a chance of (80 - 300 / d) / 50, which is 80 % at 7.5 days.
ONE_CONVOY = """\
format: 1
title: One convoy
because: a test
start: 2024-01-01
horizon: 2024-06-01
as_of: 2024-01-01
places:
  north: {kind: camp}
  port: {kind: exit}
legs:
  road: {between: [north, port], mode: road, distance: 300 km, rate: {value: {uniform: [30 km/day, 80 km/day]}, because: a test}}
authorities:
  host: {title: The host}
clearances:
  permit: {authority: host, directions: [exit], regimes: {usual: {stance: cooperative, lead: 2 days, retry: 1 day}}}
assets:
  trucks: {kind: truck, at: north, number: 10 trucks}
cargo:
  boxes: {owner: un, kind: container, at: north, number: 10 loads, via: [port], disposition: repatriate}
lifts:
  convoy: {mode: road, pick_up: [north], to: port, route: [road], based: origin, returns: false, carries: cargo,
           classes: [cargo], asset: trucks, capacity: 1 load/truck, first: 2024-01-11}
milestones:
  out: {deadline: 2024-01-31, people: false, cargo: [container]}
"""  # noqa: E501

HERE = Workers(1)


@pytest.fixture
def one_convoy(tmp_path: Path) -> Path:
    path = tmp_path / "one-convoy.yaml"
    path.write_text(ONE_CONVOY)
    return path


def two_escorts(deadline: str) -> Prepared:
    """The teaching case: five convoys with n escorts take ceil(5 / n) turns of six days."""
    return prepare(with_values(load("teaching/two-escorts"), {"milestones.in.deadline": deadline}))


# --- the search -----------------------------------------------------------------------------------


class Known:
    """A curve whose true chance is known, with common luck at all values or with luck of their own."""

    def __init__(self, truth: Callable[[int], float], last: int, seed: int, *, common: bool = True) -> None:
        self.truth, self.last = truth, last
        self._seed, self._common = seed, common
        self.runs: dict[int, int] = {}
        self._chances: dict[tuple[int, int], Chance] = {}

    def measure(self, values: Sequence[int], replications: int) -> None:
        for value in values:
            self.runs[value] = max(self.runs.get(value, 0), replications)

    def known(self) -> list[int]:
        return sorted(self.runs)

    def chance(self, value: int) -> Chance:
        key = value, self.runs[value]
        if key not in self._chances:
            stream = [self._seed] if self._common else [self._seed, value]
            luck = np.random.default_rng(stream).random(self.runs[value])
            self._chances[key] = chance(int((luck < self.truth(value)).sum()), self.runs[value])
        return self._chances[key]


def falling(value: int) -> float:
    """80 % at 60 of 100."""
    return 1 - value / 300


@pytest.mark.parametrize("seed", range(5))
def test_the_search_finds_what_a_full_grid_finds(seed: int) -> None:
    curve = Known(falling, 100, seed)
    (found,) = find_crossings(curve, 0.8, range(0, 101, 25), 2000, 2000).crossings
    full = Known(falling, 100, seed)
    full.measure(range(101), 2000)
    chances = [full.chance(value) for value in range(101)]
    assert found.kept == max(value for value in range(101) if chances[value].probability >= 0.8)
    undecided = [value for value in range(101) if chances[value].low <= 0.8 <= chances[value].high]
    assert (found.low, found.high) == (undecided[0] - 1, undecided[-1] + 1)


def test_the_interval_holds_the_true_threshold_as_often_as_it_says() -> None:
    held = 0
    for seed in range(300):
        found = find_crossings(Known(falling, 100, seed), 0.8, range(0, 101, 25), 500, 2000)
        (crossing,) = found.crossings
        assert crossing.kept_from is not None
        assert crossing.kept_to is not None
        held += crossing.kept_from <= 60 <= crossing.kept_to
    assert held / 300 > 0.93


def test_more_replications_narrow_the_interval() -> None:
    spans = []
    for most in (200, 20_000):
        (found,) = find_crossings(Known(falling, 100, 3), 0.8, range(0, 101, 25), 200, most).crossings
        assert found.low is not None
        assert found.high is not None
        spans.append(found.high - found.low)
    assert spans[1] < spans[0] / 4


def test_every_crossing_of_a_curve_that_is_not_monotone_is_found() -> None:
    def valley(value: int) -> float:
        return 0.3 if 30 <= value < 70 else 0.95

    found = find_crossings(Known(valley, 100, 1), 0.8, range(0, 101, 10), 500, 2000)
    assert [(c.kept, c.broken, c.rises) for c in found.crossings] == [(29, 30, False), (70, 69, True)]
    assert all(crossing.kept_from == crossing.kept_to for crossing in found.crossings)


@pytest.mark.parametrize("seed", range(10))
def test_noise_near_the_line_is_one_crossing_and_not_several(seed: int) -> None:
    found = find_crossings(Known(falling, 100, seed, common=False), 0.8, range(0, 101, 5), 300, 300)
    assert len(found.crossings) == 1


def test_a_curve_along_the_line_does_not_cross_it() -> None:
    found = find_crossings(Known(lambda value: 0.8, 50, 7), 0.8, range(0, 51, 5), 300, 1000)
    assert found.crossings == ()


def test_a_curve_off_the_line_has_no_crossing() -> None:
    found = find_crossings(Known(lambda value: 0.9, 50, 1), 0.8, range(0, 51, 10), 500, 2000)
    assert found.crossings == found.touches == ()


# --- known answers --------------------------------------------------------------------------------


def test_the_last_day_of_departure_is_the_one_worked_out_by_hand(one_convoy: Path) -> None:
    # 31 days less 2 for the clearance and 7.5: day 21 keeps 80 % (85 %), day 22 does not (74 %)
    answer = threshold(prepare(one_convoy), Vary("lifts.convoy.first", "+0", "+20"), workers=HERE)
    (edge,) = answer.table("crossings").records()
    assert (edge["kept_written"], edge["broken_written"]) == ("2024-01-22", "2024-01-23")
    assert edge["kept_low_written"] == edge["kept_high_written"] == "2024-01-22"
    assert answer.found["room"] == "11 days"


def test_the_interval_of_a_lead_time_holds_the_one_worked_out_by_hand(one_convoy: Path) -> None:
    # without a first day the convoy leaves when the clearance comes: 31 days less 7.5
    one_convoy.write_text(ONE_CONVOY.replace(", first: 2024-01-11", ""))
    vary = Vary("clearances.permit.regimes.usual.lead", "20 days", "28")
    held = 0
    for seed in range(20):
        answer = threshold(prepare(one_convoy, seed), vary, effort=Effort(400, grid=5), workers=HERE)
        (edge,) = answer.table("crossings").records()
        assert not edge["rises"]
        assert answer.found["input"]["step"] == "6 h"
        held += edge["kept_low"] <= 23.5 <= edge["kept_high"]
    assert held >= 18


def test_the_fewest_escorts_are_those_of_the_teaching_case() -> None:
    answer = threshold(
        two_escorts("2024-01-16"), Vary("assets.escorts.number", "0", "6"), effort=Effort(8), workers=HERE
    )
    (edge,) = answer.table("crossings").records()
    assert (edge["kept"], edge["broken"], edge["rises"]) == (3, 2, True)
    assert answer.found["base"]["chance"] == 0
    assert answer.found["room"] == "1 escort"
    assert [row["chance"] for row in answer.table("values").records()] == [0, 0, 0, 1, 1, 1, 1]


def test_even_the_least_value_may_keep_the_line() -> None:
    base = two_escorts("2024-02-28")
    answer = threshold(base, Vary("assets.escorts.number", "1", "4"), effort=Effort(8), workers=HERE)
    assert answer.found["outcome"] == "always"
    assert len(answer.table("crossings")) == 0
    # eight runs of eight do not prove 80 %, and the report says so
    assert "the runs do not decide it" in told(threshold_report(answer, 80))


def test_a_line_that_nothing_reaches_is_told_with_the_best_value() -> None:
    base = two_escorts("2024-01-05")
    answer = threshold(base, Vary("assets.escorts.number"), effort=Effort(20), workers=HERE)
    assert answer.found["outcome"] == "never"
    assert "does not move the chance of in by 5 January 2024: it is 0 %" in told(threshold_report(answer, 80))


def test_the_frontier_trades_escorts_for_days_in_whole_turns() -> None:
    base = two_escorts("2024-01-31")
    answer = threshold(
        base,
        Vary("assets.escorts.number", "1", "6"),
        Vary("milestones.in.deadline", "2024-01-04", "2024-01-31"),
        effort=Effort(8, rows=28),
        workers=HERE,
    )
    rows = {row["written"]: row for row in answer.table("frontier").records()}
    fewest = {"2024-01-06": 5, "2024-01-11": 5, "2024-01-12": 3, "2024-01-17": 3, "2024-01-18": 2, "2024-01-29": 2}
    assert {day: rows[day]["kept"] for day in fewest} == fewest
    assert rows["2024-01-05"]["outcome"] == "never"
    assert rows["2024-01-30"]["outcome"] == "always"
    assert all(row["losses"] == 0 and row["exposure"] == 0 for row in rows.values())


def test_the_answer_does_not_depend_on_engine_or_workers(one_convoy: Path) -> None:
    base = prepare(one_convoy)

    def plain(workers: Workers) -> dict[str, object]:
        vary = Vary("lifts.convoy.first", "+8", "+18")
        return threshold(base, vary, effort=Effort(80, grid=3), workers=workers).plain()

    first = plain(Workers(1, "reference"))
    assert first == plain(Workers(2, "reference")) == plain(Workers(2))
    assert json.loads(json.dumps(first)) == first


def test_a_value_that_makes_no_plan_counts_as_broken_and_is_told(one_convoy: Path) -> None:
    answer = threshold(prepare(one_convoy), Vary("lifts.convoy.capacity", "0", "2"), effort=Effort(40), workers=HERE)
    (edge,) = answer.table("crossings").records()
    assert (edge["kept"], edge["broken"]) == (1, 0)
    assert "0 load/truck" in answer.found["refused"][0]
    assert "Values that make no plan count as broken" in told(threshold_report(answer, 80))


# --- axes -----------------------------------------------------------------------------------------


def axis(path: str, low: str | None = None, high: str | None = None) -> Axis:
    return axis_of(load("baseline"), Vary(path, low, high))


def test_an_axis_takes_the_steps_and_ends_of_its_input() -> None:
    escorts = axis("assets.escorts-mopti.number")
    assert [escorts.told(escorts.number(at)) for at in range(escorts.last + 1)] == [
        "1 escort",
        "2 escorts",
        "3 escorts",
    ]
    assert escorts.base_at == 1
    day = axis("milestones.withdrawal.deadline")
    assert (day.told(day.low), day.told(day.high), day.step) == ("2023-12-01", "2024-01-30", 1)
    asked = axis("milestones.withdrawal.deadline", "2023-12-21", "+3")
    assert (asked.told(asked.low), asked.told(asked.high), asked.last) == ("2023-12-21", "2024-01-03", 13)
    lead = axis("clearances.host-march.regimes.july.lead")
    assert lead.amount(lead.step) == "3 h"
    assert lead.told(Fraction(3000)) == "2 days 2 h"


def test_a_value_by_date_moves_by_a_factor_and_tells_what_it_becomes() -> None:
    charters = axis("quotas.charters.limit")
    assert charters.base == 1
    assert charters.told(Fraction(73, 100)) == "factor 0.73"
    text = "1 flight from the start, 3 flights from 2023-09-01, 7 flights from 2023-10-01"
    assert charters.steps(Fraction(73, 100)) == text


def test_a_distribution_keeps_its_form_when_its_median_moves() -> None:
    lead = axis("clearances.host-lift.regimes.july.lead")
    moved = lead.to(2 * lead.base)
    assert moved.content[0][1].numbers == tuple(2 * number for number in lead.value.content[0][1].numbers)


@pytest.mark.parametrize(
    ("path", "low", "high", "expected"),
    [
        ("assets.escort-gao.number", None, None, "assets.escorts-gao.number"),
        ("escorts-gao", None, None, "did you mean assets.escorts-gao.number"),
        ("assets.escorts-gao.number", "4 trucks of mine", None, "end '4 trucks of mine'"),
        ("assets.escorts-gao.number", "1.5", None, "not whole"),
        ("assets.escorts-gao.number", "5", "2", "nothing lies between"),
        ("milestones.withdrawal.deadline", "Monday", None, "days from its own"),
        ("quotas.charters.limit", "5 flights", None, "a factor on all steps"),
        ("drivers.rain.states.dry.initial", None, None, "give both ends"),
    ],
)
def test_a_path_or_an_end_that_cannot_be_used_is_told_with_what_to_do(
    path: str, low: str | None, high: str | None, expected: str
) -> None:
    with pytest.raises(DrawdownError) as fault:
        axis(path, low, high)
    assert expected in str(fault.value)
    assert str(fault.value).startswith(f"--vary {path}: ")


# --- what people see ------------------------------------------------------------------------------


def told(sections: list[object]) -> str:
    return " ".join(" ".join(section.lines) for section in sections)  # type: ignore[attr-defined]


def command(folder: Path, *words: object, columns: int = 80) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SRC), "COLUMNS": str(columns)}
    line = [sys.executable, "-m", "drawdown_sim", "threshold", *map(str, words)]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)


def test_the_command_has_help_with_an_example(tmp_path: Path) -> None:
    done = command(tmp_path, "--help")
    assert done.returncode == 0
    assert "Example: drawdown-sim threshold baseline" in done.stdout
    assert "--json" in done.stdout


@pytest.mark.parametrize("columns", [80, 120])
def test_the_report_fits_its_columns_and_shows_the_price(one_convoy: Path, columns: int) -> None:
    words = ("--vary", "lifts.convoy.first", "--from", "-5", "--to", "+20", "--replications", 400, "--no-store")
    done = command(one_convoy.parent, one_convoy, *words, "--plot", f"a{columns}.png", columns=columns)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= columns
    text = " ".join(done.stdout.split())
    assert "The chance of out by 31 January 2024 stays at 80 % or more up to 2024-01-22, on these assumptions" in text
    assert "loads gone" in text if columns == 120 else "gone" in text
    assert (one_convoy.parent / f"a{columns}.png").stat().st_size > 10_000


def test_the_json_names_everything_that_was_asked_and_found(one_convoy: Path) -> None:
    words = ("--vary", "lifts.convoy.first", "--and", "assets.trucks.number", "--rows", 2, "--replications", 100)
    done = command(one_convoy.parent, one_convoy, *words, "--json", "--plot", "frontier.svg")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"base", "crossings", "values", "frontier", "second", "units", "results"} <= set(found)
    assert found["asked"]["vary"] == {"path": "lifts.convoy.first", "from": "2023-12-12", "to": "2024-02-10"}
    assert {"losses", "exposure", "hurt"} <= set(found["frontier"][0])
    assert Path(one_convoy.parent, found["results"], "frontier.parquet").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--vary", "lifts.convoy.firs"), "did you mean lifts.convoy.first"),
        (("--vary", "lifts.convoy.first", "--milestone", "in"), "expected one of out"),
        (("--vary", "lifts.convoy.first", "--probability", "80"), "more than 0 and less than 1"),
        (("--vary", "lifts.convoy.first", "--and", "lifts.convoy.first"), "that is the input of --vary"),
        (("--vary", "lifts.convoy.first", "--and-to", "3"), "need --and"),
        ((), "--vary"),
    ],
)
def test_bad_input_ends_with_exit_code_2_and_says_what_to_do(
    one_convoy: Path, words: tuple[str, ...], expected: str
) -> None:
    done = command(one_convoy.parent, one_convoy, *words, "--no-store")
    assert done.returncode == 2
    assert expected in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_chance_that_touches_the_line_is_said_to_be_undecided() -> None:
    """A dip below the line and back, with nothing decided between: neither all values keep it nor none."""

    def dips(value: int) -> float:
        return 0.79 if value == 50 else 0.81

    curve = Known(dips, 100, 1)
    found = find_crossings(curve, 0.8, range(0, 101, 25), 4000, 4000)
    assert found.crossings == ()
    assert [low <= 50 <= high for low, high in found.touches] == [True]


def test_the_report_of_an_undecided_line_claims_neither(one_convoy: Path) -> None:
    answer = threshold(prepare(one_convoy), Vary("lifts.convoy.first", "+0", "+2"), effort=Effort(80), workers=HERE)
    assert answer.found["outcome"] == "always"
    undecided = replace(answer, found=answer.found | {"outcome": "undecided", "touches": [["a day", "another"]]})
    text = told(threshold_report(undecided, 80))
    assert "the runs do not decide" in text
    assert "breaks it" not in text


def test_a_deadline_that_is_moved_is_not_named_by_its_old_date() -> None:
    answer = threshold(
        two_escorts("2024-01-31"), Vary("milestones.in.deadline", "-20", "+5"), effort=Effort(8), workers=HERE
    )
    text = told(threshold_report(answer, 80))
    assert "by its deadline" in text
    assert "by 31 January 2024" not in text

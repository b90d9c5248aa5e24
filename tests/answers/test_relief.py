"""Relaxations save what the teaching cases and the back of an envelope say, and what saves nothing is said to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import BaseModel

from drawdown_sim.analysis.many import holm, p_value, together
from drawdown_sim.analysis.paired import paired
from drawdown_sim.errors import PlanError
from drawdown_sim.experiment.answers import Answer
from drawdown_sim.experiment.relief import relief
from drawdown_sim.experiment.relief.answer import Size
from drawdown_sim.experiment.relief.relaxations import RULES, Relaxation, relaxations
from drawdown_sim.experiment.run import Prepared, prepare
from drawdown_sim.experiment.variants import vary
from drawdown_sim.experiment.workers import Workers
from drawdown_sim.model.trajectory import Hold
from drawdown_sim.report.relief import relief_report
from drawdown_sim.scenario import load
from drawdown_sim.scenario.load import shipped_names
from drawdown_sim.scenario.schema import Scenario
from drawdown_sim.scenario.values import Value
from engine_support import HEAD, convoy, dated, drawn, leg, lot, needs_numba

#: Without chance, every replication is the same.
FEW = Size(replications=50)
HERE = Workers(1, "reference")

Row = dict[str, Any]


def asked(name: str | Path, steps: int = 1, size: Size = FEW) -> Answer:
    return relief(prepare(name), steps=steps, size=size, workers=HERE)


def row(answer: Answer, id_: str) -> Row:
    """The row of a relaxation that was measured."""
    return next(found for found in answer.table("alone").records() if found["id"] == id_)


def stated(name: str) -> datetime:
    """The finish that a teaching case states."""
    return datetime.fromisoformat(load(f"teaching/{name}").scenario.answer["finish"])


def stated_saving(base: str, other: str) -> float:
    """Days between the finishes that two teaching cases state."""
    return (stated(base) - stated(other)).total_seconds() / 86400


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Prepared]:
    """A scenario given as a dictionary, prepared."""

    def write(**tree: Any) -> Prepared:
        path = tmp_path / "scenario.yaml"
        path.write_text(json.dumps(HEAD | tree))
        return prepare(path)

    return write


# --- known answers -------------------------------------------------------------------------------


def test_two_holds_in_parallel_save_nothing_alone_and_all_together() -> None:
    answer = asked("teaching/two-holds", steps=3)
    east, west = row(answer, "camps.*.opens (east)"), row(answer, "camps.*.opens (west)")
    assert east["saved_days"] == stated_saving("two-holds", "two-holds-east-lifted") == 0
    assert west["saved_days"] == stated_saving("two-holds", "two-holds-west-lifted") == 0
    # the chain names one of the two: a cause of twenty days that is worth none
    assert {east["chain_days"], west["chain_days"]} == {0, 20}
    pair = answer.table("pairs").records()[0]
    assert {pair["one"], pair["other"]} == {east["id"], west["id"]}
    assert pair["saved_days"] == stated_saving("two-holds", "two-holds-both-lifted") == 20
    assert pair["interaction_days"] == 20
    assert pair["interaction_days_detectable"]


@pytest.mark.parametrize(("steps", "other"), [(1, "three-escorts"), (2, "four-escorts")])
def test_a_third_escort_saves_a_turn_and_a_fourth_no_more(steps: int, other: str) -> None:
    answer = asked("teaching/two-escorts", steps)
    escorts = row(answer, "assets.*.number (escorts)")
    assert escorts["saved_days"] == stated_saving("two-escorts", other) == 6
    assert escorts["chain_days"] == 12
    assert escorts["saved_days_detectable"]
    assert not row(answer, "assets.*.number (trucks)")["detectable"]


def test_a_truck_more_saves_loads_where_it_cannot_save_days() -> None:
    trucks = row(asked("teaching/destroyed-at-the-deadline"), "assets.*.number (trucks)")
    assert trucks["saved_days"] == stated_saving("destroyed-at-the-deadline", "destroyed-with-three-trucks") == 0
    assert trucks["losses_change"] == -5
    assert (trucks["saved_days_detectable"], trucks["losses_change_detectable"]) == (False, True)


def test_a_ban_that_is_lifted_leaves_the_length_of_the_road() -> None:
    flood = row(asked("teaching/ban-window", steps=2), "bans.*.last (flood)")
    assert flood["saved_days"] == stated_saving("ban-window", "ban-one-day-later") == 8
    assert flood["chain_days"] == 10


def test_seats_are_worth_nothing_where_guards_wait_for_cargo() -> None:
    seats = row(asked("teaching/guards-and-seats", steps=10), "quotas.*.limit (seats)")
    assert seats["saved_days"] == stated_saving("guards-and-seats", "guards-and-more-seats") == 0


def test_a_day_less_lead_time_counts_once_for_each_answer_waited_for() -> None:
    lead = row(asked("teaching/clearance-lead"), "clearances.*.regimes.*.lead (permit)")
    assert (lead["chain_days"], lead["saved_days"]) == (6, 2)


def test_one_truck_more_saves_a_round_and_one_escort_more_none(written: Callable[..., Prepared]) -> None:
    # five loads on four trucks: two rounds of 3 + 3 days; on five trucks: one
    base = written(
        places={"north": {"kind": "camp"}, "depot": {"kind": "hub"}},
        legs={"road": leg("north", "depot", 3)},
        assets={
            "trucks": {"kind": "truck", "at": "depot", "number": "4 trucks"},
            "escorts": {"kind": "escort", "at": "depot", "number": "1 escort"},
        },
        cargo={"boxes": lot("north", ["depot"], 5, disposition="store")},
        lifts={
            "lift": convoy("north", "depot", "road", based="destination", asset="trucks", escort={"asset": "escorts"})
        },
        milestones={"in": {"deadline": "2024-02-20", "people": False, "cargo": ["container"]}},
    )
    answer = relief(base, size=FEW, workers=HERE)
    assert row(answer, "assets.*.number (trucks)")["saved_days"] == 6
    assert not row(answer, "assets.*.number (escorts)")["detectable"]
    text = "\n".join(line for section in relief_report(answer, 80) for line in section.lines)
    assert "trucks: 1 more truck" in text
    assert answer.found["helping"] == 2  # the truck, and a faster road


def test_chance_losses_and_exposure_of_the_base_stand_in_the_answer() -> None:
    base = asked("teaching/destroyed-at-the-deadline").found["base"]
    assert (base["probability"], base["losses"], base["exposure"], base["hurt"]) == (1, 10, 0, 0)


# --- the list of relaxations ---------------------------------------------------------------------


def values_of_schema(model: Any, path: tuple[str, ...] = ()) -> set[str]:
    """Every path of the format at which a value stands, `*` for any id."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found |= _below(field.annotation, (*path, field.alias or name))
    return found


def _below(annotation: Any, path: tuple[str, ...]) -> set[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return values_of_schema(annotation, path)
    if annotation is Value:
        return {".".join(path)}
    args = get_args(annotation)
    is_mapping = str(annotation).startswith("dict[")
    return set().union(*(_below(arg, (*path, "*") if is_mapping else path) for arg in args)) if args else set()


#: Another mission, nature, geography, rules of decision, and what a step either way may help or harm.
NOT_RELAXED = (
    "areas", "drivers", "decisions", "residual", "totals", "people.*.number", "people.*.stays", "cargo.*.number",
    "cargo.*.per_person", "places.*.latitude", "places.*.longitude", "places.*.supply.reserve", "legs.*.distance",
    "legs.*.season", "legs.*.after_closure", "threats.*.hurt", "threats.*.lost", "threats.*.uncovered",
    "threats.*.exposed", "threats.*.empty", "bans.*.start", "assets.*.changes.*.gain", "assets.*.changes.*.loss",
    "camps.*.window.*.known", "camps.*.pauses.*.first", "camps.*.receiver_ready", "lifts.*.hold", "lifts.*.reserve",
    "lifts.*.joins", "milestones",
)  # fmt: skip


def test_every_value_of_the_format_is_relaxed_or_left_on_purpose() -> None:
    paths = values_of_schema(Scenario)
    ruled = {rule.path for rule in RULES}
    assert ruled <= paths
    left = {
        path for path in paths - ruled if not any(path == name or path.startswith(f"{name}.") for name in NOT_RELAXED)
    }
    assert not left


@pytest.mark.parametrize("name", [name for name in shipped_names() if name.startswith("teaching/")])
def test_every_relaxation_of_a_teaching_case_makes_another_plan(name: str) -> None:
    base = prepare(name)
    found = relaxations(base.bundle, base.plan.milestone_ids[0], 1)
    assert len({each.id for each in found}) == len(found) > 0
    digests = {vary(base, each.values).digest for each in found}
    assert len(digests) == len(found)
    assert base.digest not in digests


def test_the_holds_of_relaxations_are_those_that_chains_name() -> None:
    named = {each.id: each.holds for each in relaxations(load("baseline"), "withdrawal", 1)}
    assert named["assets.*.number (escorts-gao)"] == {(Hold.ESCORT, "escorts-gao")}
    assert named["camps.*.window.*.target (mopti)"] == {(Hold.TARGET_DAY, "mopti")}
    assert (Hold.ROTATION_CAP, "people-out") in named["quotas.*.limit (people-out)"]
    assert named["clearances.*.regimes.*.lead (niger-transit)"] == {(Hold.CLEARANCE, "niger")}
    # overwatch is asked for and not waited for
    assert not named["clearances.*.regimes.*.lead (overwatch)"]
    both = next(each for each in relaxations(load("baseline"), "withdrawal", 1) if each.subject == "niger-transit")
    assert both.acts_on((Hold.CLEARANCE, "host and niger"))


def relaxed(base: Prepared, id_: str, steps: int = 1) -> Relaxation | None:
    found = relaxations(base.bundle, base.plan.milestone_ids[0], steps)
    return next((each for each in found if each.id == id_), None)


def numbers(relaxation: Relaxation | None) -> list[tuple[Fraction, ...]]:
    """The numbers of a relaxation's one value, step by date by step by date."""
    assert relaxation is not None
    (value,) = relaxation.values.values()
    return [dist.numbers for _, dist in value.content]


def world(**changes: Any) -> dict[str, Any]:
    """A camp, a road, a host who answers."""
    tree: dict[str, Any] = {
        "places": {"north": {"kind": "camp"}, "port": {"kind": "exit"}},
        "legs": {"road": leg("north", "port", 3)},
        "assets": {"trucks": {"kind": "truck", "at": "north", "number": "5 trucks"}},
        "cargo": {"boxes": lot("north", ["port"], 5)},
        "lifts": {"lift": convoy("north", "port", "road", asset="trucks")},
        "milestones": {"out": {"deadline": "2024-02-20", "people": False, "cargo": ["container"]}},
    }
    return tree | changes


@pytest.mark.parametrize(("fleet", "more"), [(4, 5), (60, 66), (100, 110), (300, 310)])
def test_a_fleet_grows_by_ten_trucks_or_a_tenth(written: Callable[..., Prepared], fleet: int, more: int) -> None:
    base = written(**world(assets={"trucks": {"kind": "truck", "at": "north", "number": f"{fleet} trucks"}}))
    assert numbers(relaxed(base, "assets.*.number (trucks)")) == [(more,)]


def test_lead_times_are_scaled_and_never_more_than_halved(written: Callable[..., Prepared]) -> None:
    def permit(lead: Any) -> dict[str, Any]:
        regimes = {"usual": {"stance": "delaying", "lead": lead, "retry": "1 day"}}
        return {"authority": "host", "directions": ["exit"], "regimes": regimes}

    base = written(
        **world(
            authorities={"host": {}},
            clearances={"long": permit(drawn("uniform", "2 days", "6 days")), "short": permit("12 h")},
        )
    )
    assert numbers(relaxed(base, "clearances.*.regimes.*.lead (long)")) == [(1.5 * 1440, 4.5 * 1440)]
    assert numbers(relaxed(base, "clearances.*.regimes.*.lead (short)")) == [(6 * 60,)]


def test_a_stricter_regime_begins_later_and_a_milder_one_earlier(written: Callable[..., Prepared]) -> None:
    regimes = {
        "usual": {"stance": "cooperative", "lead": "2 days", "retry": "1 day"},
        "shut": {"start": "2024-01-10", "stance": "obstructing", "retry": "1 day"},
        "again": {"start": "2024-02-10", "stance": "delaying", "lead": "4 days", "retry": "1 day"},
    }
    permit = {"authority": "host", "directions": ["exit"], "regimes": regimes}
    base = written(**world(authorities={"host": {}}, clearances={"permit": permit}))
    later, earlier = (relaxed(base, f"clearances.*.regimes.*.start (permit {name})") for name in ("shut", "again"))
    assert later is not None
    assert earlier is not None
    assert (later.step, earlier.step) == ("a week later", "a week earlier")


def test_limits_by_date_grow_at_every_date(written: Callable[..., Prepared]) -> None:
    quota = {"kind": "slot", "per": "week", "counts": "movements", "lifts": ["lift"]}
    base = written(**world(quotas={"slots": quota | {"limit": dated({0: "1 movement", 9: "30 movements"})}}))
    assert numbers(relaxed(base, "quotas.*.limit (slots)")) == [(2,), (33,)]


def test_what_is_as_relaxed_as_it_can_be_is_not_listed(written: Callable[..., Prepared]) -> None:
    base = written(**world(camps={"north": {"opens": "2024-01-01"}}))
    assert relaxed(base, "camps.*.opens (north)") is None
    assert relaxed(base, "lifts.*.capacity (lift)") is None


# --- many comparisons ----------------------------------------------------------------------------


def test_holms_correction_is_that_of_the_textbook() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_intervals_that_hold_together_are_wider() -> None:
    luck = np.random.default_rng(1).integers(0, 1000, 400)
    difference = paired(luck, luck + np.arange(400) % 7)
    assert together(difference, 1) == pytest.approx((difference.low, difference.high))
    low, high = together(difference, 100)
    assert low < difference.low < difference.high < high


def test_a_difference_at_the_end_of_its_interval_has_five_per_cent() -> None:
    gaps = np.array([-1, 1] * 50)
    difference = paired(np.zeros(100, np.int64), gaps)
    assert p_value(difference) == pytest.approx(1)
    assert p_value(paired(gaps, gaps)) == 1
    assert p_value(paired(gaps, gaps + 3)) == 0


# --- the design ----------------------------------------------------------------------------------


@pytest.fixture
def mission(written: Callable[..., Prepared]) -> Prepared:
    """A mission with luck in it."""
    rate = drawn("triangular", "30 km/day", "50 km/day", "80 km/day")
    road = leg("north", "port", 3, rate=rate)
    trucks = {"kind": "truck", "at": "port", "number": "5 trucks"}
    lift = convoy("north", "port", "road", asset="trucks", based="destination", most="5 trucks", loading="1 day")
    target = drawn("uniform", "2024-01-10", "2024-01-15")
    window = {"plan": {"known": "2024-01-01", "target": target}}
    return written(
        **world(
            legs={"road": road},
            assets={"trucks": trucks},
            cargo={"boxes": lot("north", ["port"], 12)},
            lifts={"lift": lift},
            camps={"north": {"window": window}},
            milestones={
                "all-out": {"deadline": "2024-02-20", "people": False, "cargo": ["container"], "camps": ["north"]}
            },
        )
    )


@needs_numba
def test_the_same_question_gives_the_same_answer_with_any_workers_and_engine(mission: Prepared) -> None:
    answers = [
        relief(mission, size=Size(60, screening=20, kept=4), workers=workers).plain()
        for workers in (Workers(1, "reference"), Workers(2, "compiled"))
    ]
    assert answers[0] == answers[1]


def test_screened_relaxations_are_measured_with_other_replications(mission: Prepared) -> None:
    size = Size(60, screening=20, kept=4, pairs=2)
    answer = relief(mission, size=size, workers=HERE)
    alone, left = answer.table("alone"), answer.table("screened_out")
    assert answer.found["screened"] == len(alone) + len(left) == answer.found["relaxations"] > size.kept
    whole = (1 + answer.found["screened"]) * 20 + (1 + len(alone) + len(answer.table("pairs"))) * 60
    assert answer.replications == whole
    assert answer.found["comparisons"] == 5 * len(alone) + 6 * len(answer.table("pairs"))


def test_a_milestone_that_there_is_not_is_named_with_those_that_there_are(mission: Prepared) -> None:
    with pytest.raises(PlanError, match=r"there is no 'nowhere'; expected one of all-out"):
        relief(mission, milestone="nowhere", workers=HERE)


def test_the_report_fits_the_width_and_a_screen(mission: Prepared) -> None:
    answer = relief(mission, size=FEW, workers=HERE)
    for width in (80, 120):
        lines = [line for section in relief_report(answer, width) for line in section.lines]
        assert max(map(len, lines)) <= width
        assert len(lines) <= 54


def test_the_picture_shows_the_chain_beside_what_is_saved(mission: Prepared, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from drawdown_sim.report.figures import save_figure
    from drawdown_sim.report.relief import draw_relief

    save_figure(relief(mission, size=FEW, workers=HERE), draw_relief, tmp_path / "relief.svg")
    assert (tmp_path / "relief.svg").stat().st_size > 1000

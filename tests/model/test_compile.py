"""From scenario to plan: order has no meaning, nobody's luck shifts, and every rule does what it says."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from drawdown_sim.errors import PlanError
from drawdown_sim.model import reading
from drawdown_sim.model.digest import run_digest, short
from drawdown_sim.model.plan import KNOTS, NEVER, UNLIMITED, Entry, Plan
from drawdown_sim.model.tables import EXPONENTIAL

Compiled = Callable[..., Plan]
World = dict[str, Any]
DAY = 1440


def shuffled(entry: Any, rng: random.Random) -> Any:
    """The same entries with the keys of every mapping in another order."""
    if isinstance(entry, dict):
        names = list(entry)
        rng.shuffle(names)
        return {name: shuffled(entry[name], rng) for name in names}
    return entry


def row(names: Sequence[str], name: str) -> int:
    return list(names).index(name)


def entries(plan: Plan, at: str, name: str, number: int) -> list[int]:
    """The list of one row, from its two tables."""
    start = getattr(plan, at)
    return getattr(plan, name)[start[number] : start[number + 1]].tolist()  # type: ignore[no-any-return]


def steps(plan: Plan, series: int) -> list[tuple[int, list[int]]]:
    """The steps of a series: the minute from which each holds and its table."""
    rows = range(plan.series_at[series], plan.series_at[series + 1])
    return [(int(plan.series_minute[i]), plan.tables[plan.series_table[i]].tolist()) for i in rows]


def median(plan: Plan, series: int) -> int:
    return steps(plan, series)[0][1][KNOTS // 2]


def calendar(plan: Plan, entry: Entry) -> list[tuple[int, int, int]]:
    """Entries of one kind: (minute, subject, amount)."""
    chosen = plan.calendar_entry == entry
    columns = (plan.calendar_minute, plan.calendar_subject, plan.calendar_amount)
    return list(zip(*(column[chosen].tolist() for column in columns), strict=True))


def candidates(plan: Plan, lift: str) -> list[tuple[str, int]]:
    """What a lift may load at its first pick-up: (item, stage)."""
    pick = plan.pick_at[row(plan.lift_ids, lift)]
    items, stages = (entries(plan, "cand_at", f"cand_{n}", pick) for n in ("item", "stage"))
    return [(plan.item_ids[item], stage) for item, stage in zip(items, stages, strict=True)]


# the whole


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_a_file_has_no_meaning(world: World, compiled: Compiled, seed: int) -> None:
    assert compiled(shuffled(world, random.Random(seed))).digest() == compiled(world).digest()


def test_any_change_of_a_number_changes_the_digest(world: World, compiled: Compiled) -> None:
    before = compiled(world).digest()
    world["lifts"]["charter"]["capacity"] = "151 persons"
    assert compiled(world).digest() != before


def test_adding_a_camp_changes_no_other_key_and_no_other_table(world: World, compiled: Compiled) -> None:
    old = compiled(world)
    world["areas"]["aaa"] = {}
    world["places"]["aaa"] = {"kind": "camp", "area": "aaa"}
    world["legs"]["aaa-gao"] = {**world["legs"]["tessalit-kidal"], "between": ["aaa", "gao"]}
    world["camps"]["aaa"] = {"handover": "9 day"}
    world["people"]["aaa"] = {**world["people"]["bravo-tessalit"], "at": "aaa", "via": ["gao", "abroad"]}
    world["lifts"]["aaa"] = {**world["lifts"]["column-kidal"], "pick_up": ["aaa"], "route": ["aaa-gao"]}
    new = compiled(world)
    assert len(new.camp_ids) == len(old.camp_ids) + 1
    for names, tables in (
        ("area_ids", ["area_key"]),
        ("camp_ids", ["camp_key", "camp_handover", "camp_keep"]),
        ("lift_ids", ["lift_key", "lift_loading"]),
        ("item_ids", ["item_key"]),
        ("leg_ids", ["leg_rate", "leg_season"]),
        ("ban_ids", ["ban_key", "ban_start"]),
    ):
        for name in getattr(old, names):
            before, after = (row(getattr(plan, names), name) for plan in (old, new))
            for table in tables:
                x, y = int(getattr(old, table)[before]), int(getattr(new, table)[after])
                if table.endswith("_key") or min(x, y) < 0:
                    assert x == y
                else:
                    assert steps(old, x) == steps(new, y)
    north = [row(plan.area_ids, "north") for plan in (old, new)]
    assert (old.driver_area_key[:, north[0]] == new.driver_area_key[:, north[1]]).all()


def test_tables_are_frozen_integers_with_the_exponential_first(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    arrays = [value for value in vars(plan).values() if isinstance(value, np.ndarray)]
    assert all(array.dtype == np.int64 and not array.flags.writeable for array in arrays)
    assert tuple(plan.tables[0].tolist()) == EXPONENTIAL


def test_nominal_replaces_distributions_by_their_medians(world: World, compiled: Compiled) -> None:
    drawn, nominal = compiled(world), compiled(world, nominal=True)
    leg = row(drawn.leg_ids, "kidal-gao")
    rates = steps(nominal, nominal.leg_rate[leg])[0][1]
    assert set(rates) == {rates[0]}
    assert rates[0] == pytest.approx(median(drawn, drawn.leg_rate[leg]), abs=1)
    assert (nominal.tables[1:, 0] == nominal.tables[1:, -1]).all()
    assert nominal.ban_chance.tolist() == drawn.ban_chance.tolist()


def test_run_digest_depends_on_scenario_and_seed_alone() -> None:
    assert run_digest("{}", 1) == run_digest("{}", 1)
    assert len({run_digest("{}", 1), run_digest("{}", 2), run_digest("[]", 1)}) == 3
    assert short(run_digest("{}", 1)) == run_digest("{}", 1)[:12]


# the world


def test_units_become_those_of_the_plan(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    leg = row(plan.leg_ids, "kidal-gao")
    assert plan.leg_distance[leg] == 350_500
    assert (steps(plan, plan.leg_rate[leg])[0][1][0], steps(plan, plan.leg_rate[leg])[0][1][-1]) == (
        27_000,
        86_000,
    )
    assert steps(plan, plan.leg_season[leg])[1][0] == 92 * DAY
    hazards = entries(plan, "leg_threat_at", "leg_hazard", leg)
    assert [median(plan, series) for series in hazards] == [10_000, 700_000]
    assert entries(plan, "leg_after_at", "leg_after_factor", leg) == [1500]


def test_supplies_are_person_days_of_those_there_at_the_start(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    kidal = row(plan.place_ids, "kidal")
    assert (plan.place_stock[kidal], plan.place_reserve[kidal]) == (30 * 600, 10 * DAY)
    assert plan.place_stock[row(plan.place_ids, "gao")] == -1


def test_driver_steps_go_one_level_up_or_down(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    step = plan.driver_step[0, :3, :3] / 2**32
    assert step == pytest.approx(np.array([[0.9, 1, 1], [0.1, 0.9, 1], [0, 0.5, 1]]))
    assert plan.driver_factor[0].tolist() == [500, 1000, 3000, 0, 0]


def test_a_state_is_numbered_by_its_factor_and_not_by_its_place(world: World, compiled: Compiled) -> None:
    states = world["drivers"]["security"]["states"]
    states["war"]["factor"], states["calm"]["factor"] = "0.5", "3"
    plan = compiled(world)
    assert plan.cond_state[plan.cond_state >= 0].tolist() == [0]


def test_override_holds_in_the_weeks_it_covers_mostly(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    # 1 to 31 October are days 92 to 122; week 13 is days 91 to 97, week 17 is days 119 to 125 (four of them)
    assert np.flatnonzero(plan.driver_override[0, 0] == 2).tolist() == [13, 14, 15, 16, 17]
    assert (plan.driver_override[0, 1] == -1).all()
    during = world["drivers"]["security"]["overrides"]["october"]["during"]
    # one day in week 13, two in week 14
    during["first"], during["last"] = "2023-10-06", "2023-10-08"
    assert np.flatnonzero(compiled(world).driver_override[0, 0] == 2).tolist() == [14]


def test_a_window_of_days_includes_its_last_day(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    table = steps(plan, plan.ban_start[row(plan.ban_ids, "chance")])[0][1]
    assert (table[0], table[-1]) == (62 * DAY, 92 * DAY - 1)
    july = row(plan.ban_ids, "july")
    assert steps(plan, plan.ban_start[july])[0][1][0] == 9 * DAY
    assert (plan.ban_end[july], plan.ban_length[july], plan.ban_classes[july]) == (20 * DAY, -1, 63)


# what must leave


def test_residual_is_shared_by_weight_with_largest_remainders(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    # 31 over 101 and 50: 20.7 and 10.3
    stays = dict(zip(plan.item_ids, plan.item_stays.tolist(), strict=True))
    assert (stays["civil-gao"], stays["guards-gao"], stays["alfa-kidal"]) == (21, 10, 0)
    assert (plan.item_number + plan.item_stays)[:4].tolist() == [600, 300, 101, 50]


def test_residual_never_takes_more_than_a_cohort_has(world: World, compiled: Compiled) -> None:
    world["people"]["guards-gao"]["stays"] = "100"
    world["residual"]["number"] = "120 persons"
    plan = compiled(world)
    assert plan.item_stays[:4].tolist() == [0, 0, 70, 50]


def test_loads_per_person_are_rounded_up_over_the_place(world: World, compiled: Compiled) -> None:
    world["people"]["alfa-kidal"]["number"] = "601 persons"
    plan = compiled(world)
    assert plan.item_number[row(plan.item_ids, "alfa-boxes")] == 241


def test_cargo_that_is_not_moved_counts_as_staying(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    sold = row(plan.item_ids, "un-sold")
    assert (plan.item_moves[sold], plan.item_number[sold], plan.item_stays[sold]) == (0, 0, 33)


def test_stages_start_at_home_with_the_work_and_go_on_with_inspections(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    boxes = row(plan.item_ids, "alfa-boxes")
    places = [plan.place_ids[p] for p in entries(plan, "stage_at", "stage_place", boxes)]
    assert places == ["kidal", "gao", "port"]
    work = entries(plan, "stage_at", "stage_work", boxes)
    assert ([median(plan, w) for w in work[:2]], work[2]) == ([120, 30], -1)
    workers = entries(plan, "stage_at", "stage_asset", boxes)
    assert [plan.asset_ids[a] for a in workers[:2]] == ["crews", "desks"]


def test_people_are_tied_to_the_cargo_of_their_own_that_needs_packing(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    alfa, bravo = (row(plan.item_ids, name) for name in ("alfa-kidal", "bravo-tessalit"))
    assert [plan.item_ids[i] for i in entries(plan, "item_tie_at", "item_tie", alfa)] == ["alfa-boxes"]
    assert (plan.item_tied[alfa], plan.item_advance[alfa]) == (1, 100)
    assert plan.item_tied[bravo] == 0  # it has no cargo to wait for


# movements


def test_lifts_take_what_has_their_destination_next(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    assert candidates(plan, "trucks-kidal") == [("alfa-boxes", 0)]
    assert candidates(plan, "to-port") == [("alfa-boxes", 1), ("alfa-cars", 1)]
    assert [name for name, _ in candidates(plan, "charter")] == [
        "alfa-kidal",
        "bravo-tessalit",
        "civil-gao",
        "guards-gao",
    ]


def test_a_column_takes_everybody_and_the_own_means_and_may_skip_a_stage(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    assert candidates(plan, "column-kidal") == [("alfa-kidal", 0), ("bravo-tessalit", 1), ("alfa-cars", 0)]
    # its way names kidal first, but the column to gao takes it all the same
    assert candidates(plan, "column-tessalit") == [("bravo-tessalit", 0)]


def test_a_column_that_is_joined_may_load_the_camp_on_its_way(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    lift = row(plan.lift_ids, "column-tessalit")
    (join,) = range(plan.join_at[lift], plan.join_at[lift + 1])
    assert plan.camp_ids[plan.join_camp[join]] == "kidal"
    assert (plan.join_leg[join], plan.join_wait[join]) == (1, 5 * DAY)
    items = entries(plan, "join_cand_at", "join_cand_item", join)
    assert [plan.item_ids[i] for i in items] == ["alfa-kidal", "bravo-tessalit", "alfa-cars"]


def test_own_means_go_with_the_trucks_where_there_is_no_column(world: World, compiled: Compiled) -> None:
    del world["lifts"]["column-kidal"], world["camps"]["kidal"]["column"]
    del world["lifts"]["column-tessalit"]["joins"]
    assert ("alfa-cars", 0) in candidates(compiled(world), "trucks-kidal")


def test_candidates_are_ordered_by_rank_and_filtered(world: World, compiled: Compiled) -> None:
    world["cargo"]["alfa-cars"]["rank"] = 1
    assert candidates(compiled(world), "to-port")[0] == ("alfa-cars", 1)
    world["lifts"]["to-port"]["kinds"] = ["container"]
    assert candidates(compiled(world), "to-port") == [("alfa-boxes", 1)]
    world["lifts"]["charter"]["contingents"] = ["civil"]
    assert candidates(compiled(world), "charter") == [("civil-gao", 0)]


def test_people_with_another_way_out_are_left_to_their_own_lift(world: World, compiled: Compiled) -> None:
    flight = {**world["legs"]["gao-abroad"], "between": ["kidal", "abroad"]}
    world["legs"]["kidal-abroad"] = flight
    world["lifts"]["rescue"] = {
        **world["lifts"]["charter"],
        "pick_up": ["kidal"],
        "route": ["kidal-abroad"],
    }
    world["people"]["alfa-kidal"]["via"] = ["abroad"]
    plan = compiled(world)
    assert candidates(plan, "rescue") == [("alfa-kidal", 0)]
    assert "alfa-kidal" not in dict(candidates(plan, "column-kidal"))


def test_routes_are_walked_from_the_first_pick_up(world: World, compiled: Compiled) -> None:
    world["lifts"]["trucks-kidal"] |= {
        "pick_up": ["tessalit", "kidal"],
        "route": ["tessalit-kidal", "kidal-gao"],
    }
    plan = compiled(world)
    lift = row(plan.lift_ids, "trucks-kidal")
    assert entries(plan, "pick_at", "pick_leg", lift) == [0, 1]
    assert [plan.place_ids[p] for p in entries(plan, "route_at", "route_to", lift)] == ["kidal", "gao"]


def test_what_a_lift_leaves_out_does_not_bind(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    charter, trucks = (row(plan.lift_ids, name) for name in ("charter", "trucks-kidal"))
    assert (plan.lift_most[charter], plan.lift_wait[charter], plan.lift_hours_from[charter]) == (
        UNLIMITED,
        NEVER,
        -1,
    )
    assert (plan.lift_hours_from[trucks], plan.lift_hours_to[trucks]) == (300, 1440)
    assert (plan.lift_escort_least[charter], plan.lift_escort_least[trucks]) == (0, 1)
    assert (plan.lift_first[charter], plan.lift_last[charter]) == (31 * DAY, 184 * DAY)


# permissions


def test_gates_are_those_whose_filters_all_fit(world: World, compiled: Compiled) -> None:
    plan = compiled(world)

    def gates(lift: str, phase: int) -> list[str]:
        number = 2 * row(plan.lift_ids, lift) + phase
        return [plan.gate_ids[g] for g in entries(plan, "lift_gate_at", "lift_gate", number)]

    assert gates("trucks-kidal", 0) == gates("trucks-kidal", 1) == ["cargo", "north"]
    assert gates("column-kidal", 0) == ["north"]  # marches go while lifts are barred
    assert gates("column-kidal", 1) == []  # nothing comes back
    assert gates("charter", 0) == gates("to-port", 0) == ["exits"]  # to an exit, and to a port


def test_regimes_start_with_the_one_in_force(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    assert entries(plan, "regime_at", "regime_minute", 0) == [0, 85 * DAY, 106 * DAY]
    assert entries(plan, "regime_at", "regime_stance", 0) == [0, 2, 1]
    lead = entries(plan, "regime_at", "regime_lead", 0)
    assert (median(plan, lead[0]), lead[1], median(plan, lead[2])) == (2 * DAY, -1, 5 * DAY)
    refusal = entries(plan, "regime_at", "regime_refusal", 0)
    assert (refusal[:2], median(plan, refusal[2])) == ([-1, -1], 2**31)
    assert calendar(plan, Entry.REGIME) == [(85 * DAY, 0, 1), (106 * DAY, 0, 2)]


def test_a_regime_superseded_before_the_start_is_dropped(world: World, compiled: Compiled) -> None:
    world["clearances"]["cargo"]["regimes"]["shut"]["start"] = "2023-06-01"
    del world["clearances"]["cargo"]["regimes"]["open"]
    plan = compiled(world)
    assert entries(plan, "regime_at", "regime_stance", 0) == [2, 1]


def test_changes_of_the_first_day_count_at_the_start(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    escorts, trucks = (row(plan.asset_ids, name) for name in ("escorts", "trucks"))
    assert plan.asset_number[escorts] == 2
    assert calendar(plan, Entry.LOSS) == [(27 * DAY, escorts, 1), (123 * DAY, trucks, 5)]
    assert calendar(plan, Entry.GAIN) == [(123 * DAY, trucks, 10)]


def test_two_equal_changes_on_a_day_both_count(world: World, compiled: Compiled) -> None:
    changes = world["assets"]["trucks"]["changes"]
    changes["again"] = dict(changes["late"])
    assert len(calendar(compiled(world), Entry.GAIN)) == 2


def test_quotas_say_whose_people_count(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    assert plan.quota_contingent.tolist() == [[0, 1, 0], [1, 1, 1]]
    assert plan.quota_unowned.tolist() == [0, 1]
    assert plan.month_minute.tolist()[:3] == [0, 31 * DAY, 62 * DAY]
    assert plan.month_minute[-1] == 244 * DAY


def test_months_begin_with_the_one_that_holds_the_start(world: World, compiled: Compiled) -> None:
    world["start"] = "2023-06-16"
    del world["legs"]["kidal-gao"]["season"]
    world["quotas"]["seats"]["limit"] = world["camps"]["kidal"]["keep"] = None
    world["quotas"]["seats"]["limit"] = "50 persons"
    assert compiled(world).month_minute.tolist()[:2] == [-15 * DAY, 15 * DAY]


# camps and milestones


def test_versions_of_a_window_wait_for_the_day_they_are_known(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    kidal = row(plan.camp_ids, "kidal")
    assert entries(plan, "window_at", "window_known", kidal) == [0, 92 * DAY]
    first = steps(plan, entries(plan, "window_at", "window_target", kidal)[0])[0][1]
    assert (first[0], first[-1]) == (123 * DAY, 138 * DAY - 1)
    assert calendar(plan, Entry.WINDOW) == [(92 * DAY, kidal, 1)]


def test_calendar_calls_to_look_again_are_made_once(world: World, compiled: Compiled) -> None:
    world["legs"]["gao-port"]["season"] = world["legs"]["kidal-gao"]["season"]
    world["camps"]["kidal"]["receiver_ready"] = "2023-07-15"
    plan = compiled(world)
    kidal = row(plan.camp_ids, "kidal")
    opens = [(14 * DAY, kidal, 0), (62 * DAY, kidal, 0), (65 * DAY, kidal, 0)]
    assert calendar(plan, Entry.OPENS) == opens
    assert calendar(plan, Entry.STEP) == [(92 * DAY, -1, 0), (123 * DAY, -1, 0)]
    assert calendar(plan, Entry.TOUR_END) == [(168 * DAY, 0, 0)]
    assert calendar(plan, Entry.LIFT) == [(31 * DAY, 0, 0), (184 * DAY, 0, 0)]
    keys = zip(plan.calendar_minute, plan.calendar_entry, plan.calendar_subject, strict=True)
    assert list(keys) == sorted(zip(plan.calendar_minute, plan.calendar_entry, plan.calendar_subject, strict=True))


def test_a_deadline_includes_its_day_and_may_move(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    assert plan.mile_deadline.tolist() == [184 * DAY]
    assert calendar(plan, Entry.DEADLINE) == [(153 * DAY, 0, 215 * DAY)]
    world["milestones"]["withdrawal"]["moved"]["longer"]["known"] = "2023-06-30"
    plan = compiled(world)
    assert plan.mile_deadline.tolist() == [215 * DAY]
    assert calendar(plan, Entry.DEADLINE) == []


def test_the_only_milestone_is_meant_where_none_is_named(world: World, compiled: Compiled) -> None:
    assert compiled(world).decision_milestone.tolist() == [0, 0]


def test_decisions_and_conditions_are_by_id(world: World, compiled: Compiled) -> None:
    plan = compiled(world)
    assert plan.cond_at.tolist() == [0, 3, 4]
    assert plan.cond_blocked.tolist() == [22 * DAY, -1, -1, -1]
    assert plan.cond_state.tolist() == [-1, -1, 2, -1]
    assert plan.decision_rate.tolist() == [UNLIMITED, 20]
    assert plan.decision_spare.tolist() == [0, 8]


# faults

FAULTS: list[tuple[str, Any, str]] = [
    ("horizon", "2023-07-01", "horizon: 2023-07-01 is 0 days after the start"),
    ("horizon", "2055-07-01", "expected 1 to 7320"),
    ("residual.number", "500 persons", "residual.number: 500 people stay, but the cohorts"),
    ("people.alfa-kidal.via", ["gao", "kidal", "abroad"], "people.alfa-kidal.via: passes 'kidal' twice"),
    (
        "people.alfa-kidal.via",
        ["abroad"],
        "column 'column-kidal' takes 'kidal' to 'gao', which is not on its way",
    ),
    ("people.alfa-kidal.contingent", "charlie", "there is no 'charlie' under contingents"),
    ("cargo.alfa-boxes.number", "5 loads", "cargo.alfa-boxes: expected either 'number' or 'per_person'"),
    ("cargo.alfa-boxes.via", [], "cargo.alfa-boxes.via: cargo to repatriate needs a way"),
    ("cargo.alfa-boxes.crews", None, "cargo.alfa-boxes.crews: there is work but nobody to do it"),
    ("cargo.alfa-boxes.via", ["port"], "cargo.alfa-boxes.inspection.gao: not a place it passes"),
    ("lifts.trucks-kidal.route", ["gao-abroad"], "leg 'gao-abroad' does not touch 'kidal'"),
    ("lifts.trucks-kidal.to", "port", "lifts.trucks-kidal.route: ends at 'gao'"),
    ("lifts.trucks-kidal.pick_up", ["kidal", "tessalit"], "'tessalit' is not on the route in this order"),
    ("lifts.trucks-kidal.pick_up", ["kidal", "kidal"], "lifts.trucks-kidal.pick_up: a place is named twice"),
    ("lifts.column-tessalit.joins.kidal.at", "tessalit", "a place is named twice, here or under joins"),
    ("lifts.trucks-kidal.least", "31 trucks", "31 vehicles are more than the most of 30"),
    ("lifts.trucks-kidal.capacity", "0 load/truck", "a vehicle that carries nothing"),
    ("lifts.trucks-kidal.escort.vehicles", "0 trucks", "an escort that covers nothing"),
    ("camps.kidal.column", "charter", "camps.kidal.column: lift 'charter' carries people"),
    ("camps.kidal.column", "column-tessalit", None),
    ("camps.tessalit.column", "column-kidal", "lift 'column-kidal' does not pick up at 'tessalit'"),
    ("camps.kidal.window.second.known", "2023-06-30", "another version became known that day"),
    ("camps.kidal.pauses.feast.last", "2023-08-20", "camps.kidal.pauses.feast.last: lies before 'first'"),
    ("assets.escorts.changes.egypt.loss", "3 escorts", "3 leave but only 2 are there"),
    ("assets.escorts.changes.egypt.on", "2023-06-01", "lies before the start, 2023-07-01"),
    ("assets.escorts.contingent", None, "assets.escorts.until: 'tour end' of whom?"),
    ("clearances.cargo.regimes.slow.lead", None, "an authority that answers needs a time to do so"),
    ("clearances.cargo.regimes.slow.start", "2023-09-24", "another regime begins on that day"),
    ("clearances.cargo.regimes.open.start", "2023-08-01", "none is in force on 2023-07-01"),
    ("clearances.cargo.regimes.open.retry", "0 day", "expected at least 1"),
    ("drivers.security.states.calm.initial", "0.9", "expected a sum of 1"),
    ("drivers.weather.states.dry.factor", "0", "0 would stop legs.kidal-gao for ever"),
    ("drivers.security.overrides.october.state", "peace", "no state 'peace'; known are calm, tense, war"),
    ("bans.july.length", "3 day", "bans.july: expected either 'last' or 'length'"),
    ("decisions.burn.rate", "0 loads", "decisions.burn.rate: nothing a day would never end"),
    (
        "legs.kidal-gao.season",
        {"value": {"by_date": {"2023-08-01": "0.5"}}, "because": "a test"},
        "legs.kidal-gao.season: nothing is said for 2023-07-01",
    ),
    (
        "legs.kidal-gao.distance",
        {"value": {"by_date": {"2023-07-01": "350 km", "2023-08-01": "3 km"}}, "because": "a test"},
        "legs.kidal-gao.distance: a value by date has no effect here",
    ),
    ("legs.kidal-gao.season", "0", "legs.kidal-gao.season: the value can be 0, too small"),
]


@pytest.mark.parametrize(("path", "entry", "message"), FAULTS)
def test_what_cannot_be_compiled_is_refused_by_name(
    world: World, compiled: Compiled, path: str, entry: Any, message: str | None
) -> None:
    *parents, last = path.split(".")
    node = world
    for parent in parents:
        node = node[parent]
    node[last] = entry
    if message is None:
        compiled(world)
        return
    with pytest.raises(PlanError) as fault:
        compiled(world)
    assert message in str(fault.value)


def test_equal_keys_of_two_ids_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "owner_key", lambda kind, name: 7)
    with pytest.raises(PlanError, match="'a' and 'b' would draw the same chance"):
        reading.keys("camp", ["a", "b"])


def test_overlapping_overrides_are_refused(world: World, compiled: Compiled) -> None:
    overrides = world["drivers"]["security"]["overrides"]
    overrides["more"] = {**overrides["october"], "state": "calm"}
    with pytest.raises(PlanError, match="overlaps with another override"):
        compiled(world)


def test_far_too_many_entries_are_refused(world: World, compiled: Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 3)
    with pytest.raises(PlanError, match="entries; expected at most 3"):
        compiled(world)

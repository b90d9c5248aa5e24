"""Measures of one replication, from hand-made trajectories."""

from __future__ import annotations

from handmade import Row, say, trajectory_of

from drawdown_sim.analysis import columns, deadline_of, measure
from drawdown_sim.model.plan import NEVER, Plan
from drawdown_sim.model.trajectory import Hold, Kind

DAY = 1440


def measured(plan: Plan, rows: list[Row]) -> dict[str, int]:
    """The row of measures by name of column."""
    row = measure(plan, trajectory_of(rows)).row
    return dict(zip(columns(plan), row.tolist(), strict=True))


def test_a_row_has_a_value_for_every_column(plan: Plan) -> None:
    assert len(measure(plan, trajectory_of([])).row) == len(columns(plan)) == len(set(columns(plan)))


def test_people_count_as_out_at_an_exit_only(plan: Plan) -> None:
    troops = {"item": plan.item_ids.index("troops"), "entity": 0, "movement": 0}
    hub, out = plan.place_ids.index("hub"), plan.place_ids.index("out")
    rows = [
        say(3 * DAY, Kind.DELIVER, Hold.UNLOADING, 0, **troops, place=hub, quantity=100),
        say(4 * DAY, Kind.DELIVER, Hold.UNLOADING, 1, **troops, place=out, quantity=60),
        say(deadline_of(plan) + 1, Kind.DELIVER, Hold.UNLOADING, 1, **troops, place=out, quantity=40),
    ]
    found = measured(plan, rows)
    assert found["people_left"] == 40
    curve = measure(plan, trajectory_of(rows)).people_out
    assert [curve[2], curve[3], curve[30], curve[31]] == [0, 60, 60, 100]


def test_every_load_is_in_a_camp_on_its_way_delivered_or_a_loss(plan: Plan) -> None:
    boxes = {"item": plan.item_ids.index("boxes"), "entity": 0}
    camp, hub = plan.place_ids.index("camp"), plan.place_ids.index("hub")
    rows = [
        say(DAY, Kind.LOAD, Hold.LOADING, 0, **boxes, place=camp, quantity=10, movement=0),
        say(2 * DAY, Kind.LOST, Hold.INCIDENT, 1, **boxes, place=camp, quantity=2, movement=0, activity=0),
        say(3 * DAY, Kind.DELIVER, Hold.UNLOADING, 1, **boxes, place=hub, quantity=8, movement=0),
        say(4 * DAY, Kind.DESTROY, Hold.WORK, 1, **boxes, place=camp, quantity=5),
        say(4 * DAY, Kind.RESIDUAL, Hold.DECISION, 1, **boxes, place=camp, quantity=3),
    ]
    found = measured(plan, rows)
    assert found["cargo_in_camps"] == 30 - 10 - 5 - 3
    assert found["cargo_left"] == 30 - 2 - 8 - 5 - 3
    assert (found["destroyed"], found["lost_on_road"], found["residual"]) == (5, 2, 3)


def test_what_was_aboard_a_movement_that_never_left_still_stands_in_its_camp(plan: Plan) -> None:
    boxes = {"item": plan.item_ids.index("boxes"), "place": plan.place_ids.index("camp"), "quantity": 10}
    rows = [
        say(10, Kind.LOAD, Hold.LOADING, 0, **boxes, entity=0, movement=0),
        say(20, Kind.DISBAND, Hold.CLEARANCE, 1, entity=0, movement=0, quantity=5),
    ]
    assert measured(plan, rows)["cargo_in_camps"] == 30


def test_exposure_counts_only_legs_with_a_threat(plan: Plan) -> None:
    moving = {"entity": 0, "movement": 0, "quantity": 5}
    rows = [
        say(0, Kind.DEPART, Hold.LOADING, 0, **moving, activity=plan.leg_ids.index("road")),
        say(9, Kind.DEPART, Hold.LOADING, 1, **moving, activity=plan.leg_ids.index("sky")),
        say(10, Kind.STRIKE, Hold.ROUTE, 1, entity=0, movement=0, activity=0, quantity=3),
        say(10, Kind.LOST, Hold.INCIDENT, 3, entity=0, movement=0, activity=0, quantity=1),
    ]
    found = measured(plan, rows)
    assert found["convoy_metres"] == 150_000
    assert (found["strikes"], found["people_hurt"], found["vehicles_lost"]) == (1, 3, 1)


def test_every_fall_below_minimum_force_counts(plan: Plan) -> None:
    rows = [
        say(100, Kind.BELOW, Hold.GUARD, 0, entity=0, quantity=5),
        say(200, Kind.BELOW, Hold.GUARD, 1, entity=0, quantity=1),
    ]
    assert measured(plan, rows)["falls_below"] == 2


def test_a_place_is_without_supplies_until_they_come_or_its_camp_closes(plan: Plan) -> None:
    camp, hub = plan.place_ids.index("camp"), plan.place_ids.index("hub")
    rows = [
        say(100, Kind.SUPPLY_OUT, Hold.SUPPLY, 0, entity=camp, place=camp),
        say(150, Kind.SUPPLY_OUT, Hold.SUPPLY, 0, entity=hub, place=hub),
        say(180, Kind.SUPPLY_IN, Hold.ROUTE, 0, entity=0, movement=0, place=hub, quantity=9),
        say(400, Kind.CLOSE, Hold.HANDOVER, 0, entity=0, place=camp, quantity=5),
        say(900, Kind.MILESTONE, Hold.HANDOVER, 0, entity=0),
    ]
    assert measured(plan, rows)["dry_minutes"] == (400 - 100) + (180 - 150)


def test_people_are_overdue_from_the_end_of_their_tour_until_they_are_out(plan: Plan) -> None:
    troops = {"item": plan.item_ids.index("troops"), "entity": 0, "movement": 0}
    out, tour_end = plan.place_ids.index("out"), 10 * DAY  # after 10 January, that day included
    rows = [
        say(5 * DAY, Kind.DELIVER, Hold.UNLOADING, 0, **troops, place=out, quantity=30),
        say(12 * DAY, Kind.DELIVER, Hold.UNLOADING, 0, **troops, place=out, quantity=50),
        say(15 * DAY, Kind.MILESTONE, Hold.UNLOADING, 0, entity=0),
    ]
    expected = 50 * (12 * DAY - tour_end) + 20 * (15 * DAY - tour_end)
    assert measured(plan, rows)["overdue_minutes"] == expected


def test_what_never_happened_is_never(plan: Plan) -> None:
    found = measured(plan, [say(700, Kind.HANDOVER, Hold.CARGO, 0, entity=0)])
    assert found["milestone:all-out"] == found["camp:camp:closed"] == NEVER
    assert found["camp:camp:ceased"] == 700


def test_the_time_of_a_movement_is_shared_out_by_what_held_it(plan: Plan) -> None:
    rows = [
        say(0, Kind.FORM, Hold.TRUCK, 0, entity=0, movement=0),
        say(50, Kind.FORM, Hold.TRUCK, 0, entity=0, movement=1),
        say(70, Kind.DEPART, Hold.BAN, 1, entity=0, movement=0, activity=0),
        say(90, Kind.ARRIVE, Hold.ROUTE, 3, entity=0, movement=0, activity=0),
    ]
    found = measured(plan, rows)
    assert (found["held:ban"], found["held:route"], found["held:truck"]) == (70, 20, 0)

"""The binding chain: its minutes add up, and shortages get the minutes of those who caused them."""

from __future__ import annotations

from handmade import say, trajectory_of
from hypothesis import given
from hypothesis import strategies as st

from drawdown_sim.analysis import Link, binding_chain, binds
from drawdown_sim.model.plan import Plan
from drawdown_sim.model.trajectory import COLUMNS, Hold, Kind, Trajectory


def totals(links: list[Link]) -> dict[tuple[Hold, str], int]:
    """Minutes by hold and subject, without those of nothing."""
    found: dict[tuple[Hold, str], int] = {}
    for link in links:
        if link.minutes:
            found[link.held_by, link.subject] = found.get((link.held_by, link.subject), 0) + link.minutes
    return found


def test_waiting_for_trucks_gets_the_days_of_the_convoy_that_has_them(plan: Plan) -> None:
    lift = plan.lift_ids.index("convoy")
    one, two = {"entity": lift, "movement": 0}, {"entity": lift, "movement": 1}
    rows = [
        say(100, Kind.FORM, Hold.WORK, 0, **one),
        say(100, Kind.REQUEST, Hold.CLEARANCE, 1, **one, activity=0),
        say(500, Kind.GRANT, Hold.CLEARANCE, 2, **one, activity=0),
        say(500, Kind.DEPART, Hold.CLEARANCE, 3, **one, activity=0),
        say(900, Kind.ARRIVE, Hold.ROUTE, 4, **one, activity=0),
        say(950, Kind.RELEASE, Hold.REST, 5, **one),
        say(950, Kind.FORM, Hold.TRUCK, 6, **two),
        say(1000, Kind.DEPART, Hold.LOADING, 7, **two, activity=0),
        say(1300, Kind.ARRIVE, Hold.ROUTE, 8, **two, activity=0),
        say(1300, Kind.MILESTONE, Hold.ROUTE, 9, entity=0),
    ]
    found = totals(binding_chain(plan, trajectory_of(rows)))
    assert found == {
        (Hold.ROUTE, "road"): 300,
        (Hold.LOADING, "convoy"): 50,
        (Hold.TRUCK, "trucks"): 450,  # the first convoy's drive and rest
        (Hold.CLEARANCE, "host"): 400,  # what the first convoy waited for stays a wait for the authority
        (Hold.WORK, "camp"): 100,
    }


def test_one_crew_makes_later_batches_wait_for_crews(plan: Plan) -> None:
    batch = {"entity": plan.asset_ids.index("crews"), "item": plan.item_ids.index("boxes"), "place": 0}
    rows = [
        say(0, Kind.PREPARE, Hold.PLAN, 0, **batch),
        say(600, Kind.READY, Hold.WORK, 1, **batch),
        say(600, Kind.PREPARE, Hold.CREW, 2, **batch),
        say(1200, Kind.READY, Hold.WORK, 3, **batch),
        say(1200, Kind.MILESTONE, Hold.WORK, 4, entity=0),
    ]
    found = totals(binding_chain(plan, trajectory_of(rows)))
    assert found == {(Hold.WORK, "camp"): 600, (Hold.CREW, "crews"): 600}


def test_days_before_a_dated_change_belong_to_what_waited_for_it(plan: Plan) -> None:
    asked = {"entity": plan.lift_ids.index("convoy"), "movement": 0, "activity": 0}
    rows = [
        say(5000, Kind.REGIME, Hold.CALENDAR, 0, entity=0),
        say(5000, Kind.REQUEST, Hold.CLEARANCE, 1, **asked),
        say(5600, Kind.GRANT, Hold.CLEARANCE, 2, **asked),
        say(5600, Kind.MILESTONE, Hold.CLEARANCE, 3, entity=0),
    ]
    assert totals(binding_chain(plan, trajectory_of(rows))) == {(Hold.CLEARANCE, "host"): 5600}


def test_binds_adds_up_over_trajectories(plan: Plan) -> None:
    done = trajectory_of([say(70, Kind.MILESTONE, Hold.TARGET_DAY, 0, entity=0)])
    assert sum(binds(plan, [done, done]).values()) == 140


@st.composite
def trajectories(draw: st.DrawFn) -> Trajectory:
    """Any table with rising minutes, earlier causes and ids that exist."""
    size = draw(st.integers(1, 30))
    minute = 0
    rows = [(0, Kind.START, -1, -1, -1, -1, -1, -1, Hold.START, 0)]
    for number in range(1, size + 1):
        minute += draw(st.integers(0, 2000))
        kind = draw(st.sampled_from([k for k in Kind if k not in (Kind.START, Kind.END)]))
        small = st.integers(-1, 0)
        rows.append(
            (
                minute,
                kind,
                draw(st.integers(-1, 2)),
                0,
                *(draw(small) for _ in range(4)),
                draw(st.sampled_from(Hold)),
                draw(st.integers(0, number - 1)),
            )
        )
    assert all(len(row) == len(COLUMNS) for row in rows)
    return Trajectory.from_rows(rows)


@given(trajectories(), st.data())
def test_the_minutes_of_a_chain_add_up_exactly(plan: Plan, trajectory: Trajectory, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(trajectory) - 1))
    links = binding_chain(plan, trajectory, row)
    assert sum(link.minutes for link in links) == trajectory.minute[row]
    assert all(link.minutes >= 0 for link in links)


def test_minutes_before_an_attack_are_not_those_of_the_leg_with_the_number_of_the_threat(plan: Plan) -> None:
    lift, threat = plan.lift_ids.index("convoy"), plan.threat_ids.index("device")
    one = {"entity": lift, "movement": 0}
    rows = [
        say(100, Kind.FORM, Hold.WORK, 0, **one),
        say(100, Kind.DEPART, Hold.LOADING, 1, **one, activity=plan.leg_ids.index("road")),
        say(400, Kind.STRIKE, Hold.ROUTE, 2, **one, activity=threat),
        say(900, Kind.RESUME, Hold.INCIDENT, 3, **one, activity=threat),
        say(950, Kind.ARRIVE, Hold.ROUTE, 4, **one, activity=plan.leg_ids.index("road")),
        say(950, Kind.MILESTONE, Hold.ROUTE, 5, entity=0),
    ]
    found = totals(binding_chain(plan, trajectory_of(rows)))
    assert found[Hold.ROUTE, "convoy"] == 300
    assert found[Hold.ROUTE, "road"] == 50

"""What a movement leaves behind waits from its departure on, not from the day on which it was ready."""

from __future__ import annotations

from drawdown_sim.analysis import binding_chain
from drawdown_sim.model.trajectory import Hold, Kind
from engine_support import Simulate, Tree, convoy, day, each_engine, leg, lot, plan_of, rows_of

DAY = 1440


def mission() -> Tree:
    """Trucks come on day 3; five loads are ready, three make a convoy, and the fourth packed load comes on day 20."""
    work = {"work": "20 days/load", "crews": "packers"}
    trucks = {
        "kind": "truck",
        "at": "camp",
        "number": "0 trucks",
        "changes": {"all": {"on": day(3), "gain": "9 trucks"}},
    }
    return {
        "places": {"camp": {"kind": "camp"}, "port": {"kind": "exit"}},
        "legs": {"road": leg("camp", "port", 1)},
        "assets": {"trucks": trucks, "packers": {"kind": "crew", "at": "camp", "number": "1 crew"}},
        "cargo": {"ready": lot("camp", ["port"], 5), "packed": lot("camp", ["port"], 1, **work)},
        "lifts": {
            "convoy": convoy(
                "camp", "port", "road", asset="trucks", least="3 trucks", most="3 trucks", wait="2 days", returns=False
            )
        },
        "milestones": {"out": {"deadline": day(30), "people": False, "cargo": ["container"]}},
    }


@each_engine
def test_a_load_left_behind_waits_for_a_larger_movement_from_then_on(simulate: Simulate) -> None:
    plan = plan_of(mission())
    trajectory = simulate(plan, 1, 0)
    formed = [row for row in rows_of(trajectory) if row.kind == Kind.FORM]
    assert [(row.minute, row.quantity, Hold(row.held_by)) for row in formed[:2]] == [
        (3 * DAY, 3, Hold.TRUCK),
        (5 * DAY, 2, Hold.SMALL),
    ]
    assert formed[1].cause == formed[0].number
    days = [(link.held_by, link.minutes / DAY) for link in binding_chain(plan, trajectory, formed[1].number)]
    assert [each for each in days if each[1]] == [(Hold.SMALL, 2.0), (Hold.TRUCK, 3.0)]

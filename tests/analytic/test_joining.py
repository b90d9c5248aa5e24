"""Two columns that wait at one camp: both go on when it is ready, and the first takes everybody along."""

from __future__ import annotations

from drawdown_sim.model.trajectory import Kind
from engine_support import Simulate, Tree, column, day, each_engine, group, leg, plan_of, rows_of

DAY = 1440


def mission() -> Tree:
    """Columns from two camps come by a third, whose target is on day 10, on days 2 and 3, and would wait to day 30."""
    joins = {"joins": {"merge": {"at": "near", "wait": "28 days"}}}
    return {
        "places": {name: {"kind": "camp"} for name in ("early", "late", "near")} | {"abroad": {"kind": "exit"}},
        "legs": {
            "road-early": leg("early", "near", 2),
            "road-late": leg("late", "near", 3),
            "home": leg("near", "abroad", 1),
        },
        "contingents": {"battalion": {}},
        "people": {name: group(name, ["abroad"], 10) for name in ("early", "late", "near")},
        "lifts": {
            "march-early": column("early", "abroad", "road-early", "home", **joins),
            "march-late": column("late", "abroad", "road-late", "home", **joins),
        },
        "camps": {
            "early": {"column": "march-early"},
            "late": {"column": "march-late"},
            "near": {"column": "march-early", "window": {"plan": {"known": day(0), "target": day(10)}}},
        },
        "milestones": {"out": {"deadline": day(40)}},
    }  # fmt: skip


@each_engine
def test_two_columns_that_wait_at_one_camp_both_go_on_when_it_is_ready(simulate: Simulate) -> None:
    plan = plan_of(mission())
    rows = rows_of(simulate(plan, 1, 0))
    near = plan.place_ids.index("near")
    went_on = {plan.lift_ids[row.entity]: row.minute for row in rows if row.kind == Kind.DEPART and row.place == near}
    assert went_on == {"march-early": 10 * DAY, "march-late": 10 * DAY}
    boarded = [plan.lift_ids[row.entity] for row in rows if row.kind == Kind.LOAD and row.place == near]
    assert boarded == ["march-early"]
    assert rows[-1].minute == 11 * DAY

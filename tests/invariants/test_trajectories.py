"""What must hold for every row of every run, on random small scenarios."""

from __future__ import annotations

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from ledger import Ledger
from rules_of_camps import check_closing, check_force, check_phases, check_room
from rules_of_permission import check_answers, check_bans, check_clearances, check_hours, check_quotas
from rules_of_tables import (
    check_assets,
    check_end,
    check_least,
    check_leftovers,
    check_rows,
    check_sizes,
    check_stories,
    check_throughput,
    check_times,
    check_units,
)
from worlds import worlds

from drawdown_sim.analysis import binding_chain
from drawdown_sim.engine import simulate
from drawdown_sim.errors import DrawdownError
from drawdown_sim.model.plan import Plan
from engine_support import Simulate, Tree, each_engine, plan_of, rows_of

#: The rules by what they guard; every run must keep all of them.
RULES = {
    "the table": (check_rows, check_end, check_leftovers, check_stories, check_times, check_throughput),
    "conservation": (check_units, check_assets, check_sizes, check_least),
    "permissions": (check_clearances, check_answers, check_bans, check_hours, check_quotas),
    "camps": (check_room, check_force, check_phases, check_closing),
}


def planned(tree: Tree) -> Plan:
    """The plan of a random scenario; the few that the reader refuses are passed over."""
    try:
        return plan_of(tree)
    except DrawdownError:
        reject()


@each_engine
@pytest.mark.parametrize("guarded", RULES)
def test_every_run_keeps_the_rules_of(guarded: str, simulate: Simulate) -> None:
    @given(worlds(), st.integers(0, 99))
    def holds(tree: Tree, replication: int) -> None:
        plan = planned(tree)
        ledger = Ledger(plan, rows_of(simulate(plan, 1, replication)))
        for rule in RULES[guarded]:
            rule(ledger)

    holds()


@given(worlds())
def test_days_of_the_finish_are_attributed_exactly(tree: Tree) -> None:
    plan = planned(tree)
    trajectory = simulate(plan, 1, 0, "reference")
    finish = binding_chain(plan, trajectory)
    assert sum(link.minutes for link in finish) == int(trajectory.minute[finish[0].row] if finish else 0)
    for row in range(0, len(trajectory), 20):
        links = binding_chain(plan, trajectory, row)
        assert sum(link.minutes for link in links) == int(trajectory.minute[row])
        assert all(link.minutes >= 0 for link in links)

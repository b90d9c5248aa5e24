"""Every row of the table of constraints acts, and every decision: without it the same small mission goes otherwise.

Each case is a mission in which the constraint binds. It is played as it is and with the constraint dropped or
relaxed; a number of the run (a day, a count) must change in the stated direction, and some row of the first run
must name the constraint as what held it.
"""

from __future__ import annotations

import pytest
from cases_land import DECISIONS, SEASON, SECURITY, SUSTAINMENT
from cases_means import MEANS, THROUGHPUT
from cases_rules import BANS, CLEARANCES, DEADLINES, PLAN, ROTATION
from missions import Case, Run

from engine_support import Simulate, each_engine

#: The rows of the table, and the decisions.
TABLE = {
    "deadlines": DEADLINES,
    "plan": PLAN,
    "clearances": CLEARANCES,
    "bans and closures": BANS,
    "rotation": ROTATION,
    "escorts, trucks, crews, aircraft": MEANS,
    "throughput, room": THROUGHPUT,
    "sustainment": SUSTAINMENT,
    "season": SEASON,
    "security": SECURITY,
    "decisions": DECISIONS,
}

CASES = [pytest.param(case, id=f"{row}: {case.name}") for row, cases in TABLE.items() for case in cases]


@each_engine
@pytest.mark.parametrize("case", CASES)
def test_without_the_constraint_the_mission_goes_otherwise(case: Case, simulate: Simulate) -> None:
    bound, free = Run(case.tree, simulate), Run(case.freed, simulate)
    if case.change == "less":
        assert case.number(free) < case.number(bound)
    else:
        assert case.number(free) > case.number(bound)


@each_engine
@pytest.mark.parametrize("case", [case for case in CASES if case.values[0].hold is not None])  # type: ignore[union-attr]
def test_the_run_names_the_constraint_that_held_it(case: Case, simulate: Simulate) -> None:
    assert case.hold in Run(case.tree, simulate).held()

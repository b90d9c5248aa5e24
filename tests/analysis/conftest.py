"""The plan of the small mission of `handmade`."""

from __future__ import annotations

import pytest
from handmade import MISSION

from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import Plan
from drawdown_sim.scenario.load import load


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan of the small mission."""
    path = tmp_path_factory.mktemp("mission") / "mission.yaml"
    path.write_text(MISSION)
    return compile_plan(load(path))

"""Runs of the shipped baseline and its controls, each made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from drawdown_sim.experiment.run import DEFAULT_REPLICATIONS, Result, run
from drawdown_sim.model.plan import NEVER, Ints

SCENARIOS = Path(__file__).parents[2] / "scenarios"

#: Replications of a control; its pair is the baseline's replication of the same number.
PAIRED = 40

Differences = Callable[[str, str], Ints]


@pytest.fixture(scope="session")
def baseline() -> Result:
    """The baseline as published: 500 replications, seed 1."""
    return run(SCENARIOS / "baseline.yaml", DEFAULT_REPLICATIONS, 1, workers=2)


@pytest.fixture(scope="session")
def control() -> Callable[[str], Result]:
    """A control's run by its name."""

    @cache
    def simulated(name: str) -> Result:
        return run(SCENARIOS / f"{name}.yaml", PAIRED, 1)

    return simulated


@pytest.fixture(scope="session")
def differences(baseline: Result, control: Callable[[str], Result]) -> Differences:
    """Control less baseline, pair by pair; what was never reached counts with the horizon."""
    horizon = baseline.prepared.plan.horizon

    def paired(name: str, column: str) -> Ints:
        one, other = baseline.column(column)[:PAIRED], control(name).column(column)
        return np.where(other >= NEVER, horizon, other) - np.where(one >= NEVER, horizon, one)

    return paired

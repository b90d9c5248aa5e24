"""Chance in the tests is the same every day, and commands are run in one way.

A failure shows the scenario as it was found. With ``HYPOTHESIS_PROFILE=small`` in the environment the same
search makes it as small as it can; ``long`` searches on, with other scenarios each time.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from command_line import command

_QUIET = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
_SEARCH = (Phase.explicit, Phase.generate)

settings.register_profile("ci", _QUIET, derandomize=True, max_examples=120, phases=_SEARCH)
settings.register_profile("small", _QUIET, derandomize=True, max_examples=120)
settings.register_profile("long", _QUIET, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def compiled() -> None:
    """The first start of the compiled engine says so, which is no part of what the commands print."""
    if find_spec("numba"):
        from drawdown_sim.engine.compiled import load_kernel

        load_kernel()


@pytest.fixture
def drawdown(tmp_path: Path, compiled: None) -> Drawdown:
    """Run a command in an empty folder, by default 80 columns wide."""
    return partial(command, tmp_path)

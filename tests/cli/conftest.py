"""Fixtures for tests of commands."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from command_line import MISSION, command

Drawdown = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """The first start of the compiled engine says so, which is no part of what the commands print."""
    if find_spec("numba"):
        from drawdown_sim.engine.compiled import load_kernel

        load_kernel()


@pytest.fixture
def drawdown(tmp_path: Path) -> Drawdown:
    """Run a command in an empty folder, by default 80 columns wide."""
    return partial(command, tmp_path)


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """A small scenario in a file."""
    path = tmp_path / "mission.yaml"
    path.write_text(MISSION)
    return path

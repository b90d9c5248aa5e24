"""A scenario for the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import MISSION


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """A small scenario in a file."""
    path = tmp_path / "mission.yaml"
    path.write_text(MISSION)
    return path

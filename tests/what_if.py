"""What tests of what-ifs share: small missions in files, the command in a process of its own, answers as bytes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from command_line import MISSION
from drawdown_sim.experiment.answers import Answer

#: The same mission with fewer trucks.
FEWER = """\
format: 1
extends: mission.yaml
title: Fewer trucks
patch:
  assets.trucks.number: {value: 3 trucks, because: "two are broken down"}
because: a test
"""


def write_missions(folder: Path) -> tuple[Path, Path]:
    """A small mission, and a variant of it with fewer trucks, in files."""
    base, fewer = folder / "mission.yaml", folder / "fewer.yaml"
    base.write_text(MISSION)
    fewer.write_text(FEWER)
    return base, fewer


def told(answer: Answer) -> bytes:
    """Everything that an answer says."""
    return json.dumps(answer.plain(), sort_keys=True).encode()


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """A command must end with exit code 2, nothing on stdout and a message that holds these words."""
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr

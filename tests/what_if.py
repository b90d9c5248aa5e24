"""What tests of what-ifs share: small missions in files, the command in a process of its own, answers as bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from cli.conftest import MISSION
from drawdown_sim.experiment.answers import Answer

SRC = Path(__file__).parents[1] / "src"

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


def command(folder: Path, *words: object, columns: int = 80) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(SRC), "COLUMNS": str(columns)}
    line = [sys.executable, "-m", "drawdown_sim", *map(str, words)]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """A command must end with exit code 2, nothing on stdout and a message that holds these words."""
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr

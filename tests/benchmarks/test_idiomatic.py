"""The yardstick of the benchmarks plays the same scenario as the engines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COMMAND = Path(__file__).parents[2] / "benchmarks" / "idiomatic.py"


def test_the_idiomatic_model_closes_every_camp_in_the_same_minute() -> None:
    done = subprocess.run([sys.executable, COMMAND, "--check", "2"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("2 replications agree")

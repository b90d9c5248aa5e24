"""Renew the reference result of the baseline: results/baseline/<digest>/, made by the command line's own run.

Run it from the root of the project: python verification/renew.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

KEPT = Path(__file__).parents[1] / "results" / "baseline"
RUN = ("run", "baseline", "--replications", "500", "--seed", "1")


def main() -> None:
    """Run the baseline into a new folder; only when it is whole does it take the place of the old one."""
    with tempfile.TemporaryDirectory(dir=KEPT.parent, prefix=".renewed-") as new:
        subprocess.run([sys.executable, "-m", "drawdown_sim", *RUN, "--out", new], check=True, cwd=KEPT.parents[1])
        if KEPT.exists():
            shutil.rmtree(KEPT)
        (Path(new) / "baseline").rename(KEPT)
    print(f"{', '.join(folder.name for folder in KEPT.iterdir())} now stands in {KEPT}")
    print("Look at the difference of summary.json, then run: python verification/validation.py")


if __name__ == "__main__":
    main()

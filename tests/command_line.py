"""Running the command line as a user does, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

SRC = Path(__file__).parents[1] / "src"

MISSION = """\
format: 1
title: One camp, one road
because: a test
start: 2024-01-01
horizon: 2024-06-01
as_of: 2024-01-01
places:
  camp: {kind: camp}
  hub: {kind: exit}
legs:
  road:
    between: [camp, hub]
    mode: road
    distance: 300 km
    rate: {value: {triangular: [30 km/day, 50 km/day, 80 km/day]}, because: a test, range: [20 km/day, 100 km/day]}
assets:
  trucks: {kind: truck, at: hub, number: 5 trucks}
contingents:
  battalion: {}
people:
  troops: {contingent: battalion, kind: troops, at: camp, number: 40 persons, via: [hub]}
cargo:
  boxes: {owner: un, kind: container, at: camp, number: 30 loads, via: [hub], disposition: repatriate}
lifts:
  convoy: {mode: road, pick_up: [camp], to: hub, route: [road], based: destination, carries: cargo,
           classes: [cargo], asset: trucks, capacity: 2 load/truck, most: 5 trucks}
  march: {mode: road, pick_up: [camp], to: hub, route: [road], based: origin, returns: false,
          carries: people, classes: [people], capacity: 50 person/vehicle}
camps:
  camp:
    window: {plan: {known: 2024-01-01, target: {value: {uniform: [2024-01-10, 2024-01-15]}, because: a test}}}
milestones:
  all-out: {deadline: 2024-02-05, cargo: [container], camps: [camp]}
"""


#: What a process does first that is to be sent Ctrl-C: a shell in the background has its commands ignore it.
heed_ctrl_c = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)


def command(folder: Path, *words: object, columns: int = 80) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, so many columns wide."""
    environment = {**os.environ, "PYTHONPATH": str(SRC), "COLUMNS": str(columns)}
    line = [sys.executable, "-m", "drawdown_sim", *map(str, words)]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)

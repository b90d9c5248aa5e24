"""A small mission with luck, doubt and a camp, written to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MISSION = """\
format: 1
title: A camp and a hub
because: a test
start: 2024-01-01
horizon: 2024-06-01
as_of: 2024-01-01
places:
  camp: {kind: camp}
  hub: {kind: hub}
  out: {kind: exit}
legs:
  road:
    between: [camp, hub]
    mode: road
    distance: 300 km
    rate: {value: {triangular: [30 km/day, 50 km/day, 80 km/day]}, because: a test, range: [20 km/day, 100 km/day]}
  sky: {between: [hub, out], mode: air, distance: 900 km, rate: 9000 km/day}
assets:
  trucks: {kind: truck, at: hub, number: 5 trucks}
  aircraft: {kind: aircraft, at: hub, number: 2 aircraft}
contingents:
  battalion: {}
people:
  troops: {contingent: battalion, kind: troops, at: camp, number: 100 persons, via: [hub, out]}
cargo:
  boxes: {owner: un, kind: container, at: camp, number: 30 loads, via: [hub], disposition: store}
lifts:
  convoy: {mode: road, pick_up: [camp], to: hub, route: [road], based: destination, carries: cargo,
           classes: [cargo], asset: trucks, capacity: 2 load/truck, most: 5 trucks}
  march: {mode: road, pick_up: [camp], to: hub, route: [road], based: origin, returns: false,
          carries: people, classes: [people], capacity: 50 person/vehicle}
  flight: {mode: air, pick_up: [hub], to: out, route: [sky], based: origin, carries: people,
           asset: aircraft, classes: [people], capacity: 50 person/aircraft,
           most: {value: 2 aircraft, because: a test, range: [1 aircraft, 3 aircraft]}}
camps:
  camp:
    window: {plan: {known: 2024-01-01, target: {value: {uniform: [2024-01-10, 2024-01-15]}, because: a test}}}
milestones:
  all-out: {deadline: 2024-02-05, cargo: [container], camps: [camp]}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a scenario and give its path."""

    def written(text: str = MISSION, name: str = "mission.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


@pytest.fixture
def mission(write: Write) -> Path:
    """The small mission's file."""
    return write()

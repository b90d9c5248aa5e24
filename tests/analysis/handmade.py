"""A small mission with a camp, a hub and an exit, and hand-made trajectories of it."""

from __future__ import annotations

from collections.abc import Sequence

from drawdown_sim.model.trajectory import COLUMNS, Hold, Kind, Status, Trajectory

MISSION = """\
format: 1
title: A camp and a hub
because: a test
start: 2024-01-01
horizon: 2024-03-01
as_of: 2024-01-01
places:
  camp: {kind: camp}
  hub: {kind: hub}
  out: {kind: exit}
legs:
  road: {between: [camp, hub], mode: road, distance: 150 km, rate: 50 km/day, threats: {device: 0 event/100 km}}
  sky: {between: [hub, out], mode: air, distance: 900 km, rate: 9000 km/day}
threats:
  device: {per: convoy, halt: 1 day}
authorities:
  host: {}
clearances:
  pass: {authority: host, regimes: {first: {stance: cooperative, lead: 2 days, retry: 1 day}}}
assets:
  trucks: {kind: truck, at: hub, number: 5 trucks}
  crews: {kind: crew, at: camp, number: 1 crew}
contingents:
  battalion: {tour_end: 2024-01-10}
people:
  troops: {contingent: battalion, kind: troops, at: camp, number: 100 persons, via: [hub, out]}
cargo:
  boxes: {owner: un, kind: container, at: camp, number: 30 loads, via: [hub], disposition: store,
          work: 1 h/load, crews: crews, batch: 10}
lifts:
  convoy: {mode: road, pick_up: [camp], to: hub, route: [road], based: destination, carries: cargo,
           classes: [cargo], asset: trucks, capacity: 2 load/truck, most: 5 trucks}
  march: {mode: road, pick_up: [camp], to: hub, route: [road], based: origin, returns: false,
          carries: people, classes: [people], capacity: 50 person/vehicle}
  flight: {mode: air, pick_up: [hub], to: out, route: [sky], based: origin, carries: people,
           classes: [people], capacity: 50 person/aircraft}
camps:
  camp: {window: {plan: {known: 2024-01-01, target: {value: {uniform: [2024-01-20, 2024-01-25]}, because: a test}}}}
milestones:
  all-out: {deadline: 2024-01-31, cargo: [container], camps: [camp]}
"""

Row = dict[str, int]


def say(minute: int, kind: Kind, held_by: Hold, cause: int, **columns: int) -> Row:
    """One row: its minute, kind, hold and cause, and whatever else matters."""
    return {"minute": minute, "kind": kind, "held_by": held_by, "cause": cause, **columns}


def trajectory_of(rows: Sequence[Row]) -> Trajectory:
    """A trajectory from rows that name only the columns that matter; a START and an END row are added."""
    start = dict.fromkeys(COLUMNS, -1) | {"minute": 0, "kind": Kind.START, "held_by": Hold.START, "cause": 0}
    last = rows[-1]["minute"] if rows else 0
    end = start | {"minute": last, "kind": Kind.END, "cause": len(rows), "quantity": Status.COMPLETE}
    empty = dict.fromkeys(COLUMNS, -1)
    full = [start, *(empty | row for row in rows), end]
    return Trajectory.from_rows([tuple(int(row[name]) for name in COLUMNS) for row in full])

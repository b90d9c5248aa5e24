"""What only the rows of whole trajectories tell: convoys, uniformed people out, what held each camp's closing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context

import numpy as np
import runs

from drawdown_sim.analysis import binding_chain
from drawdown_sim.engine import simulate
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import Ints, PlaceKind, Plan
from drawdown_sim.model.trajectory import Kind, Trajectory
from drawdown_sim.scenario.resolve import Bundle
from drawdown_sim.units import MINUTES_PER_DAY

#: Lifts of the convoys in the record.
LIFTS = {
    "ogossagou-mopti": "march-ogossagou",
    "ber-timbuktu": "march-ber",
    "menaka-gao": "march-menaka",
    "douentza-mopti": "march-douentza",
    "tessalit-gao": "march-tessalit",
    "kidal-gao": "march-kidal",
    "chad-home": "chad-home",
}
NORTH = ("lift-tessalit", "lift-kidal")

#: Replications per piece of work.
PIECE = 20


@dataclass
class Seen:
    """What was seen over some replications."""

    runs: int = 0
    hours: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Per convoy of the record: first departure to last arrival, a number per movement [h]."""
    first_departed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Per convoy: the first departure of a run, if there was one [minute]."""
    last_departed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    last_arrived: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    uniformed_out: list[Ints] = field(default_factory=list)
    """People in uniform out at the end of each day, a row per replication."""
    containers_out: list[Ints] = field(default_factory=list)
    north: list[int] = field(default_factory=list)
    """Lift convoys that left for the north, a number per replication."""
    chains: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Per camp: minutes on the chain that leads to its closing, by cause."""

    def add(self, other: Seen) -> None:
        """Take in what was seen elsewhere."""
        self.runs += other.runs
        for mine, theirs in (
            (self.hours, other.hours),
            (self.first_departed, other.first_departed),
            (self.last_departed, other.last_departed),
            (self.last_arrived, other.last_arrived),
        ):
            for name, numbers in theirs.items():
                mine[name].extend(numbers)  # type: ignore[attr-defined]
        self.uniformed_out += other.uniformed_out
        self.containers_out += other.containers_out
        self.north += other.north
        for camp, causes in other.chains.items():
            self.chains[camp].update(causes)


def look_at(name: str, replications: int, progress: runs.Progress) -> Seen:
    """Simulate a shipped scenario again and look at every row."""
    pieces = [(name, first, min(PIECE, replications - first)) for first in range(0, replications, PIECE)]
    found = Seen()
    with ProcessPoolExecutor(runs.WORKERS, get_context("spawn")) as pool:
        for piece in pool.map(_look, pieces):
            found.add(piece)
            progress(found.runs, replications)
    return found


def _look(piece: tuple[str, int, int]) -> Seen:
    name, first, count = piece
    bundle, plan = _plan(name)
    found = Seen(runs=count)
    for replication in range(first, first + count):
        trajectory = simulate(plan, runs.SEED, replication)
        _see_convoys(plan, trajectory, found)
        _see_curves(bundle, plan, trajectory, found)
        _see_chains(plan, trajectory, found)
    return found


@cache
def _plan(name: str) -> tuple[Bundle, Plan]:
    bundle = runs.scenario(name)
    return bundle, compile_plan(bundle)


def _see_convoys(plan: Plan, rows: Trajectory, found: Seen) -> None:
    for convoy, lift in LIFTS.items():
        times = list(_trips(plan, rows, lift))
        found.hours[convoy] += [(arrived - left) / 60 for left, arrived in times]
        if times:
            found.first_departed[convoy].append(min(left for left, _ in times))
            found.last_departed[convoy].append(max(left for left, _ in times))
            found.last_arrived[convoy].append(max(arrived for _, arrived in times))
    north = [plan.lift_ids.index(lift) for lift in NORTH]
    left = (rows.kind == Kind.DEPART) & np.isin(rows.entity, north)
    found.north.append(len(np.unique(rows.movement[left])))


def _trips(plan: Plan, rows: Trajectory, lift: str) -> Iterator[tuple[int, int]]:
    """First departure and last arrival of each movement of a lift that arrived [minute]."""
    of_lift = rows.entity == plan.lift_ids.index(lift)
    departed = of_lift & (rows.kind == Kind.DEPART)
    arrived = of_lift & (rows.kind == Kind.ARRIVE)
    for movement in np.unique(rows.movement[arrived]):
        mine = rows.movement == movement
        yield int(rows.minute[departed & mine].min()), int(rows.minute[arrived & mine].max())


def _see_curves(bundle: Bundle, plan: Plan, rows: Trajectory, found: Seen) -> None:
    uniformed, containers = _chosen(bundle, plan)
    at = np.flatnonzero((rows.kind == Kind.DELIVER) & (rows.item >= 0))
    at = at[plan.place_kind[rows.place[at]] == PlaceKind.EXIT]
    for chosen, curves in ((uniformed, found.uniformed_out), (containers, found.containers_out)):
        out = at[chosen[rows.item[at]]]
        # who is out at midnight is out by the end of the day before
        days = np.maximum(rows.minute[out] - 1, 0) // MINUTES_PER_DAY
        gone = np.bincount(days, weights=rows.quantity[out], minlength=plan.horizon // MINUTES_PER_DAY + 1)
        curves.append(np.cumsum(gone).astype(np.int64))


def _chosen(bundle: Bundle, plan: Plan) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Which items are people in uniform, and which are containers."""
    people, cargo = bundle.scenario.people, bundle.scenario.cargo
    uniformed = [name in people and people[name].kind != "civilian" for name in plan.item_ids]
    containers = [name in cargo and cargo[name].kind == "container" for name in plan.item_ids]
    return np.array(uniformed), np.array(containers)


def _see_chains(plan: Plan, rows: Trajectory, found: Seen) -> None:
    for row in np.flatnonzero(rows.kind == Kind.CLOSE).tolist():
        camp = plan.camp_ids[int(rows.entity[row])]
        for link in binding_chain(plan, rows, row):
            found.chains[camp][f"{link.held_by.name.lower()}: {link.subject}"] += link.minutes

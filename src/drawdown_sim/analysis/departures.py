"""What leaves in a window of days and which clearances that asks for, over the replications.

Departures of a lift are told apart by their order within the window: the first, the second, and so on. What happens in
some replications only is described over those, and the share of them stands beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..model.plan import Ints, Plan
from ..model.trajectory import Kind, Trajectory
from ..scenario.check_references import UN
from .names import name_of


@dataclass(frozen=True, slots=True)
class Departure:
    """The n-th departure of a lift in the window; minutes since the start, medians of what it carries."""

    lift: str
    number: int
    """From 1, in order of departure."""
    leaves: str
    """The place it leaves first: the home of its means where these run empty to the load."""
    pick_up: str
    to: str
    people: int
    loads: int
    vehicles: int
    earliest: int
    p50: int
    latest: int
    share: float
    """Of the replications in which it happens."""
    owners: tuple[str, ...]
    """Whose people or loads it carries, the most first: contingents, and `UN` for what is of none."""


@dataclass(frozen=True, slots=True)
class Request:
    """The n-th first request of a lift's departures for one clearance; refused requests are made again."""

    authority: str
    clearance: str
    lift: str
    number: int
    p10: int
    p50: int
    share: float


@dataclass(slots=True)
class Leaving:
    """One movement of a trajectory that leaves in the window."""

    lift: int
    leaves: int = -1
    minute: int = -1
    vehicles: int = 0
    people: int = 0
    loads: int = 0
    asked: dict[int, int] = field(default_factory=dict)
    """The minute of the first request by clearance."""
    carried: Counter[int] = field(default_factory=Counter)
    """People and loads by contingent."""


def departures(plan: Plan, runs: Sequence[Sequence[Leaving]]) -> tuple[list[Departure], list[Request]]:
    """What leaves in a window, and the requests that belong to it, both in the order of their days.

    `runs` holds what leaves in each replication (see `leaving`).
    """
    seen: dict[tuple[int, int], list[Leaving]] = defaultdict(list)
    asked: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for run in runs:
        numbers: Counter[int] = Counter()
        requests: dict[tuple[int, int], list[int]] = defaultdict(list)
        for movement in run:
            numbers[movement.lift] += 1
            seen[movement.lift, numbers[movement.lift]].append(movement)
            for gate, minute in movement.asked.items():
                requests[gate, movement.lift].append(minute)
        for (gate, lift), minutes in requests.items():
            for number, minute in enumerate(sorted(minutes), 1):
                asked[gate, lift, number].append(minute)
    gone = [_departure(plan, *key, found, len(runs)) for key, found in seen.items()]
    asking = [_request(plan, *key, minutes, len(runs)) for key, minutes in asked.items()]
    return (
        sorted(gone, key=lambda entry: (entry.p50, entry.lift, entry.number)),
        sorted(asking, key=lambda entry: (entry.authority, entry.p10, entry.clearance, entry.lift, entry.number)),
    )


def leaving(plan: Plan, trajectory: Trajectory, first: int, after: int) -> list[Leaving]:
    """The movements that first depart from minute `first` to before `after`, in the order of departure."""
    kinds = (Kind.FORM, Kind.REQUEST, Kind.DEPART, Kind.LOAD)
    rows = np.flatnonzero(np.isin(trajectory.kind, kinds) & (trajectory.movement >= 0))
    found: dict[int, Leaving] = {}
    names = ("kind", "movement", "minute", "entity", "activity", "place", "item", "quantity")
    for cells in zip(*(getattr(trajectory, name)[rows].tolist() for name in names), strict=True):
        kind, number, minute, entity, activity, place, item, quantity = cells
        movement = found.setdefault(number, Leaving(entity))
        if kind == Kind.REQUEST:
            movement.asked.setdefault(activity, minute)
        elif kind == Kind.DEPART and movement.minute < 0:
            movement.minute, movement.leaves, movement.vehicles = minute, place, quantity
        elif kind == Kind.LOAD:
            if plan.item_people[item]:
                movement.people += quantity
            else:
                movement.loads += quantity
            movement.carried[int(plan.item_contingent[item])] += quantity
    inside = [movement for movement in found.values() if first <= movement.minute < after]
    return sorted(inside, key=lambda movement: movement.minute)


def _departure(plan: Plan, lift: int, number: int, found: list[Leaving], runs: int) -> Departure:
    minutes = np.sort(np.array([movement.minute for movement in found]))
    pick_up = plan.pick_place[plan.pick_at[lift] : plan.pick_at[lift + 1]].tolist()
    leaves = Counter(movement.leaves for movement in found)
    carried: Counter[int] = Counter()
    for movement in found:
        carried.update(movement.carried)
    ranked = sorted(carried, key=lambda contingent: (-carried[contingent], contingent))
    return Departure(
        name_of(plan.lift_ids, lift),
        number,
        name_of(plan.place_ids, min(leaves, key=lambda place: (-leaves[place], place))),
        ", ".join(name_of(plan.place_ids, place) for place in pick_up),
        name_of(plan.place_ids, int(plan.lift_to[lift])),
        _median([movement.people for movement in found]),
        _median([movement.loads for movement in found]),
        _median([movement.vehicles for movement in found]),
        int(minutes[0]),
        _quantile(minutes, 50),
        int(minutes[-1]),
        round(len(found) / runs, 6),
        tuple(name_of(plan.contingent_ids, owner) if owner >= 0 else UN for owner in ranked),
    )


def _request(plan: Plan, gate: int, lift: int, number: int, minutes: list[int], runs: int) -> Request:
    ordered = np.sort(np.array(minutes))
    return Request(
        name_of(plan.authority_ids, int(plan.gate_authority[gate])),
        name_of(plan.gate_ids, gate),
        name_of(plan.lift_ids, lift),
        number,
        _quantile(ordered, 10),
        _quantile(ordered, 50),
        round(len(minutes) / runs, 6),
    )


def _median(amounts: list[int]) -> int:
    return _quantile(np.sort(np.array(amounts)), 50)


def _quantile(ordered: Ints, percent: int) -> int:
    """The smallest that at least this share does not exceed: a value that was seen."""
    return int(ordered[max(-(-len(ordered) * percent // 100), 1) - 1])

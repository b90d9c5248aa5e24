"""The binding chain in steps that can be told: who waits, how long, for what, and while who has it.

A step is as many successive links of the chain as have the same hold, subject, place and lift; links of another that
took no minute do not part them. The minutes of the steps add up to the end of the chain as those of its links do.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..model.plan import Plan
from ..model.trajectory import ENTITY, Hold, Kind, Trajectory
from .critical import Link, binding_chain, finish_row
from .names import name_of

#: Rows between the departure onto a leg and the arrival at its end.
_ON_THE_WAY = frozenset({Kind.STRIKE, Kind.LOST, Kind.RESUPPLY, Kind.RESUME, Kind.ARRIVE})


@dataclass(frozen=True, slots=True)
class Target:
    """The end whose chain is walked: the finish, or the row of a milestone or of a camp in the plan."""

    sort: Literal["finish", "milestone", "camp"] = "finish"
    row: int = -1


@dataclass(frozen=True, slots=True)
class Step:
    """Successive minutes of a chain that one hold took."""

    since: int
    """When it began [minute]."""
    minutes: int
    held_by: Hold
    subject: str
    """Whose it was that was waited for (see `Link`)."""
    place: str
    """The place that waited: where the lift picks up, where the batch is, or the camp; empty if it was none."""
    lift: str
    """The lift that waited; empty if it was none."""
    leg: str
    """The leg on which it began; empty if on none."""
    users: tuple[str, ...]
    """The places for whose movements the means were in use meanwhile, in the order of their ids."""
    refusals: int
    """How often a clearance was refused in it."""
    then: Kind
    """What happened as it ended."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The binding chain of one replication, earliest step first."""

    reached: bool
    """Whether the target was reached; if not, this is the chain of what still waited at the end."""
    minute: int
    """When the chain ends [minute]; the minutes of its steps add up to this."""
    steps: tuple[Step, ...]
    legs: tuple[tuple[str, int], ...]
    """Minutes of the chain spent on each leg, those included in which a movement waited for another's means."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A link with what its rows tell: see `Step`."""

    link: Link
    kind: Kind
    place: str
    lift: str
    leg: str
    user: str

    @property
    def key(self) -> tuple[Hold, str, str, str]:
        """What successive links of one step have in common."""
        return self.link.held_by, self.link.subject, self.place, self.lift


def chain_of(plan: Plan, trajectory: Trajectory, target: Target) -> Chain:
    """The binding chain of a target in one replication, in steps."""
    row, reached = end_row(plan, trajectory, target)
    told = _told(plan, trajectory, binding_chain(plan, trajectory, row))
    steps: list[Step] = []
    at = 0
    for group in _groups(told):
        steps.append(_step(at, group))
        at += steps[-1].minutes
    assert at == int(trajectory.minute[row]), "the steps add up to the end of the chain"
    legs: Counter[str] = Counter()
    for each in told:
        if each.leg and each.link.minutes:
            legs[each.leg] += each.link.minutes
    return Chain(reached, at, tuple(steps), tuple(sorted(legs.items())))


def end_row(plan: Plan, trajectory: Trajectory, target: Target) -> tuple[int, bool]:
    """The row at which a target was reached, and True; else what still waited for it at the end, and False.

    Choice: of several that wait, for a camp the first that waits at it, and otherwise the first of all, as for the
    finish; a formed movement comes before a lift and a lift before a camp.
    """
    if target.sort == "finish":
        row = finish_row(plan, trajectory)
        return row, bool(trajectory.kind[row] == Kind.MILESTONE)
    kind = Kind.MILESTONE if target.sort == "milestone" else Kind.CLOSE
    found = np.flatnonzero((trajectory.kind == kind) & (trajectory.entity == target.row))
    if len(found):
        return int(found[0]), True
    waiting = np.flatnonzero(trajectory.kind == Kind.WAITING).tolist()
    if target.sort == "camp":
        camp = plan.camp_ids[target.row]
        waiting = [row for row in waiting if _owner(plan, trajectory, row)[0] == camp]
    return (waiting[0] if waiting else len(trajectory) - 1), False


def _groups(told: list[_Told]) -> list[list[_Told]]:
    """The links of each step, each of which begins with minutes; links without any end a step, or are left out."""
    groups: list[list[_Told]] = []
    for each in told:
        if groups and groups[-1][0].key == each.key:
            groups[-1].append(each)
        elif each.link.minutes:
            groups.append([each])
    return groups


def _step(since: int, group: list[_Told]) -> Step:
    """One step of successive links, the first of which begins at minute `since`."""
    first, last = group[0], group[-1]
    return Step(
        since,
        sum(each.link.minutes for each in group),
        *first.key,
        leg=first.leg,
        users=tuple(sorted({each.user for each in group if each.user})),
        refusals=sum(each.kind is Kind.REFUSE and each.link.minutes > 0 for each in group),
        then=last.kind,
    )


def _told(plan: Plan, trajectory: Trajectory, links: list[Link]) -> list[_Told]:
    """What each link's row tells, earliest first.

    A row that is nobody's (a dated change, say) belongs to whoever it let go. A link that was given to a shortage
    belongs to who suffered it; the row's own place is then the user of what was short.
    """
    legs = _legs(trajectory, links)
    found: list[_Told] = []
    owner = ("", "")
    sufferers: dict[tuple[Hold, str], tuple[str, str]] = {}
    for link in links:  # latest first, so that what was let go comes before what let it go
        own = _owner(plan, trajectory, link.row)
        user = ""
        if int(trajectory.held_by[link.row]) == link.held_by:
            owner = own if any(own) else owner
            sufferers[link.held_by, link.subject] = owner
        else:
            owner = sufferers.get((link.held_by, link.subject), owner)
            user = own[0]
        leg = name_of(plan.leg_ids, legs[link.row])
        found.append(_Told(link, Kind(int(trajectory.kind[link.row])), *owner, leg, user))
    return found[::-1]


def _legs(trajectory: Trajectory, links: list[Link]) -> dict[int, int]:
    """The leg on which each link's minutes were spent, by row; -1 for those that were spent on none."""
    found: dict[int, int] = {}
    departed: dict[int, int] = {}
    for link in reversed(links):
        kind, movement = int(trajectory.kind[link.row]), int(trajectory.movement[link.row])
        found[link.row] = departed.get(movement, -1) if kind in _ON_THE_WAY else -1
        if kind == Kind.DEPART:
            departed[movement] = int(trajectory.activity[link.row])
    return found


def _owner(plan: Plan, trajectory: Trajectory, row: int) -> tuple[str, str]:
    """The place and the lift that a row is about, as ids; empty where it is about none."""
    kind, entity = int(trajectory.kind[row]), int(trajectory.entity[row])
    if lift := _lift(plan, trajectory, row):
        return name_of(plan.place_ids, plan.pick_place[plan.pick_at[entity]]), lift
    if kind == Kind.WAITING or ENTITY.get(kind) == "camp_ids":
        return name_of(plan.camp_ids, entity), ""
    if kind in (Kind.PREPARE, Kind.READY):
        return name_of(plan.place_ids, int(trajectory.place[row])), ""
    return "", ""


def _lift(plan: Plan, trajectory: Trajectory, row: int) -> str:
    """The lift of a row's movement, or of the lift that waits in it; empty if the row is about none."""
    kind, entity = int(trajectory.kind[row]), int(trajectory.entity[row])
    waits = kind == Kind.WAITING and (trajectory.movement[row] >= 0 or trajectory.quantity[row] >= 0)
    return name_of(plan.lift_ids, entity) if waits or ENTITY.get(kind) == "lift_ids" else ""

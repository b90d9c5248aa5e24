"""How a longest path goes: the dated steps of an item on its way, or of a camp towards its closing."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.plan import NEVER
from .earliest import Earliest


@dataclass(frozen=True, slots=True)
class Step:
    """One dated step of a longest path."""

    minute: int
    what: str
    """`ready`, `arrives`, `removed` of an item; of a camp what lets its rear party begin (`window`, `after`, `serves`,
    `empty`, `removable`, `stuck`, `accelerated`, `given up`), `rear`, `closes`."""
    subject: str
    """The place, item or camp that it is about."""
    by: str = ""
    """The lift that carries it there, or the clearances that are never granted for it."""


def item_steps(earliest: Earliest, item: int) -> tuple[Step, ...]:
    """The quickest way of an item's last unit, or when it may be taken away instead."""
    e, names = earliest, earliest.plan.place_ids
    ready, ends = e.last_ready(item), e.ends(item)
    steps = [Step(ready, "ready", names[e.place(item, 0)])]
    stage, time, last = 0, ready, len(e.stages[item]) - 1
    while stage < last:
        ways = [(e.leaves_with(item, stage, way, time).delivers, way) for way in e.edges[item][stage]]
        arrived = [(minute, way) for minute, way in ways if minute < NEVER]
        if not arrived:
            break
        # of several ways the one by which it is out first
        minute, way = min(arrived, key=lambda each: (_out(e, item, each[1].after, each[0]), each[0], each[1].lift))
        steps.append(Step(minute, "arrives", names[e.place(item, way.after)], e.plan.lift_ids[way.lift]))
        stage, time = way.after, e.worked(item, way.after, minute) if way.after < last else minute
    if ends < NEVER and steps[-1].minute > ends:
        steps = [step for step in steps if step.minute <= ends] + [Step(ends, "removed", e.plan.item_ids[item])]
    return tuple(steps)


def _out(e: Earliest, item: int, stage: int, minute: int) -> int:
    return minute if stage == len(e.stages[item]) - 1 else e.out(item, stage, e.worked(item, stage, minute))


def camp_steps(earliest: Earliest, camp: int) -> tuple[Step, ...]:
    """What keeps a camp open, back to what waits for nobody else."""
    e, names = earliest, earliest.plan.camp_ids
    steps = [Step(e.closes[camp], "closes", names[camp]), Step(e.rear[camp], "rear", names[camp])]
    for _ in names:
        minute, what, subject = _held(e, camp)
        name = e.plan.item_ids[subject] if what in ("empty", "removable", "stuck") else names[subject]
        steps.append(Step(minute, what, name, _barred(e, subject) if what == "stuck" else ""))
        if what not in ("after", "serves"):
            break
        camp = subject
    return tuple(reversed(steps))


def _held(e: Earliest, camp: int) -> tuple[int, str, int]:
    """What lets the rear party of a camp begin last: when, what and whose."""
    free = [(e.closes[other], "serves", other) for other in e.serves[camp]]
    free += [(e.gone(item), _leaves(e, item), item) for item in e.at_camp(camp) if e.holds(camp, item)]
    if not e.plan.camp_closes[camp]:
        free.append((e.rules.given_up[camp], "given up", camp))
    planned = [*free, *((e.closes[other], "after", other) for other in e.after[camp])]
    begins = e.begins[camp]
    for minute, what, subject in sorted(planned, key=lambda each: -each[0]):
        if minute == begins:
            return minute, what, subject
    if e.rules.given_up[camp] == begins:
        return begins, "given up", camp
    return begins, "accelerated" if e.rules.accelerated[camp] == begins else "window", camp


def _barred(e: Earliest, item: int) -> str:
    """The clearances without which nothing carries an item from where it starts, and which are never granted."""
    ready = e.last_ready(item)
    gates = {gate for way in e.edges[item][0] for gate in e.lifts[way.lift].barred(e.lifts[way.lift].forms(ready))}
    return ", ".join(e.plan.gate_ids[gate] for gate in sorted(gates))


def _leaves(e: Earliest, item: int) -> str:
    """How an item ceases to keep its camp open: it goes, or a rule takes away what cannot go by then, or ever."""
    if e.gone(item) < e.removed(item, 0):
        return "empty"
    return "stuck" if e.left(item, e.last_ready(item)) >= NEVER else "removable"

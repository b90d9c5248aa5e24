"""Small missions for constraints to bind in, the numbers that are compared, and what a case is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drawdown_sim.model.plan import Plan
from drawdown_sim.model.trajectory import Hold, Kind
from engine_support import Row, Simulate, Tree, bus, column, convoy, day, group, leg, lot, plan_of, rows_of

Number = Callable[["Run"], float]


class Run:
    """One played mission."""

    def __init__(self, tree: Tree, simulate: Simulate) -> None:
        self.plan: Plan = plan_of(tree)
        self.rows = rows_of(simulate(self.plan, 1, 0))

    def of(self, kind: Kind) -> list[Row]:
        """Its rows of one kind, in order."""
        return [row for row in self.rows if row.kind == kind]

    def held(self) -> set[Hold]:
        """Everything that held some row, those who still wait at the end included."""
        return {Hold(row.held_by) for row in self.rows}


# --- what is compared ------------------------------------------------------------------------------


def finish(run: Run) -> float:
    """Day of the last milestone; the day after the horizon if it is not reached."""
    reached = [row.minute for row in run.of(Kind.MILESTONE)]
    done = len(reached) == len(run.plan.milestone_ids)
    return (max(reached) if done else run.plan.horizon + 1440) / 1440


def first(kind: Kind) -> Number:
    """Day of the first row of a kind; the day after the horizon if there is none."""
    return lambda run: min([row.minute for row in run.of(kind)], default=run.plan.horizon + 1440) / 1440


def closed(camp: str) -> Number:
    """Day on which a camp closes; the day after the horizon if it does not."""

    def number(run: Run) -> float:
        row = run.plan.camp_ids.index(camp)
        days = [r.minute / 1440 for r in run.of(Kind.CLOSE) if r.entity == row]
        return days[0] if days else run.plan.horizon / 1440 + 1

    return number


def count(kind: Kind) -> Number:
    """Rows of a kind."""
    return lambda run: len(run.of(kind))


def quantity(kind: Kind) -> Number:
    """The sum of quantities over the rows of a kind."""
    return lambda run: sum(row.quantity for row in run.of(kind))


def first_departure(lift: str) -> Number:
    """Day on which a lift first departs; the day after the horizon if it does not."""

    def number(run: Run) -> float:
        row = run.plan.lift_ids.index(lift)
        days = [r.minute / 1440 for r in run.of(Kind.DEPART) if r.entity == row]
        return days[0] if days else run.plan.horizon / 1440 + 1

    return number


def last_departure(leg: str) -> Number:
    """Day on which a leg was last entered."""

    def number(run: Run) -> float:
        row = run.plan.leg_ids.index(leg)
        return max(r.minute for r in run.of(Kind.DEPART) if r.activity == row) / 1440

    return number


# --- missions to be held ------------------------------------------------------------------------------


def depot(*more: Tree, **sections: Tree) -> Tree:
    """Twelve loads at a camp, two days by road from the port, six trucks at home in the camp."""
    tree: Tree = {
        "places": {"camp": {"kind": "camp"}, "port": {"kind": "exit"}},
        "legs": {"road": leg("camp", "port", 2)},
        "assets": {"trucks": {"kind": "truck", "at": "camp", "number": "6 trucks"}},
        "cargo": {"stores": lot("camp", ["port"], 12)},
        "lifts": {"convoy": convoy("camp", "port", "road", asset="trucks")},
        "milestones": {"out": {"deadline": day(30), "people": False, "cargo": ["container"]}},
    }
    return merged(tree, *more, sections)


def garrison(*more: Tree, **sections: Tree) -> Tree:
    """Sixty soldiers at a camp, a day by road from home; they are driven when nothing holds them."""
    tree: Tree = {
        "places": {"camp": {"kind": "camp"}, "home": {"kind": "exit"}},
        "legs": {"road": leg("camp", "home", 1)},
        "contingents": {"battalion": {}},
        "people": {"company": group("camp", ["home"], 60)},
        "lifts": {"bus": bus("camp", "home", "road")},
        "milestones": {"out": {"deadline": day(30)}},
    }
    return merged(tree, *more, sections)


def relay(*more: Tree, **sections: Tree) -> Tree:
    """Camp, hub and port: eight loads and forty people go on from the hub, slowly."""
    tree: Tree = {
        "places": {"camp": {"kind": "camp"}, "hub": {"kind": "hub"}, "port": {"kind": "exit"}},
        "legs": {"road": leg("camp", "hub", 1), "onward": leg("hub", "port", 4)},
        "assets": {"ships": {"kind": "truck", "at": "hub", "number": "2 trucks"}},
        "contingents": {"battalion": {}},
        "people": {"company": group("camp", ["hub", "port"], 40)},
        "cargo": {"stores": lot("camp", ["hub", "port"], 8)},
        "lifts": {
            "convoy": convoy("camp", "hub", "road", most="2 vehicles"),
            "bus": bus("camp", "hub", "road", most="1 vehicle"),
            "ship": convoy("hub", "port", "onward", asset="ships"),
            "charter": bus("hub", "port", "onward", asset="ships"),
        },
        "milestones": {"out": {"deadline": day(30), "cargo": ["container"]}},
    }
    return merged(tree, *more, sections)


def neighbours(*more: Tree, **sections: Tree) -> Tree:
    """Two camps on one road, each with forty people and a column; the far one's road leads through the near one."""
    tree: Tree = {
        "places": {"far": {"kind": "camp"}, "near": {"kind": "camp"}, "home": {"kind": "exit"}},
        "legs": {"upper": leg("far", "near", 2), "lower": leg("near", "home", 1)},
        "contingents": {"battalion": {}},
        "people": {"far": group("far", ["home"], 40), "near": group("near", ["home"], 40)},
        "lifts": {"march-far": column("far", "home", "upper", "lower"), "march-near": column("near", "home", "lower")},
        "camps": {"far": {"column": "march-far"}, "near": {"column": "march-near"}},
        "milestones": {"out": {"deadline": day(30), "camps": ["far", "near"]}},
    }
    return merged(tree, *more, sections)


def merged(tree: Tree, *layers: Tree) -> Tree:
    """A tree with changes laid over it, one after the other; what is changed to None is dropped."""
    out = dict(tree)
    for changes in layers:
        for key, entry in changes.items():
            if entry is None:
                out.pop(key, None)
            elif isinstance(entry, dict):
                below = out.get(key)
                out[key] = merged(below if isinstance(below, dict) else {}, entry)
            else:
                out[key] = entry
    return out


def permit(**more: object) -> Tree:
    """A permission that all movements need, given after three days."""
    gate: Tree = {
        "authority": "ministry",
        "regimes": {"first": {"stance": "delaying", "lead": "3 days", "retry": "1 day"}},
    }
    return {"authorities": {"ministry": {}}, "clearances": {"permit": merged(gate, more)}}


PACKING: Tree = {"assets": {"packers": {"kind": "crew", "at": "camp", "number": "1 crew"}}}
WORK: Tree = {"work": "1 day/load", "crews": "packers", "batch": 1}
OBSTRUCTED: Tree = {"regimes": {"first": {"stance": "obstructing", "lead": None}}}
STRIKES: Tree = {"per": "convoy", "halt": "3 days"}
CALM: Tree = {"factor": "0", "stays": "0.5", "initial": "0"}
WAR: Tree = {"factor": "3", "stays": "1", "initial": "1"}


@dataclass
class Case:
    """A mission, what is laid over it, the number that changes, and how it changes when the constraint goes."""

    name: str
    tree: Tree
    without: Tree
    number: Number
    change: str  # "less" or "more" without the constraint
    hold: Hold | None  # None: it acts on losses or hazards and holds no row

    @property
    def freed(self) -> Tree:
        """The mission without the constraint."""
        return merged(self.tree, self.without)


def target(camp: str, number: int) -> Tree:
    """A plan in which a camp closes on a day, known from the start."""
    return {camp: {"window": {"plan": {"known": day(0), "target": day(number)}}}}


def cap(kind: str, counts: str, limit: str, **more: object) -> Tree:
    """A quota per week."""
    return {"kind": kind, "per": "week", "counts": counts, "limit": limit} | more

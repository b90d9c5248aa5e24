"""The longest path: when each item can be out and each camp can close at the earliest, as if means were without limit.

Camps, clearances and decisions wait for each other, so their earliest minutes start from 0 and are raised, in turns,
by what each must wait for, until nothing rises; every value on the way is a bound already. What a rule may take away
is allowed for: loads that can be destroyed, left or lost, a target day that can be dropped, people who may go without
their equipment in the last days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..model.plan import NEVER, Plan
from . import least
from .courses import Course, Lift
from .least import Steps, listed
from .limits import Means, means_of
from .rules import Rules

#: Turns of raising; camps that wait for each other in a circle would rise for ever, and stopping early is safe.
_MOST_TURNS = 24


@dataclass(frozen=True, slots=True)
class Edge:
    """A way on from one stage of an item to a later one."""

    lift: int
    leg: int
    """Loaded legs driven before the item is aboard."""
    after: int
    """The stage at which it is set down."""
    joins: int
    """The camp whose people and loads join a passing column, or -1."""


def batch_time(work: Steps, size: int) -> Steps:
    """Work on a batch, which takes a minute at least."""
    return least.joined([work], lambda each: max(size * each, 1))


class Earliest:
    """Earliest minutes of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = p = plan
        camps = len(p.camp_place)
        legs = [least.leg(p, row) for row in range(len(p.leg_distance))]
        self.closes = [0] * camps
        self.rear = [0] * camps
        """When the rear party can be ready."""
        self.begins = [0] * camps
        """When the rear party can begin."""
        self._after_gate = [listed(p.gate_after_at, p.gate_after, gate) for gate in range(len(p.gate_authority))]
        self.lifts = [Lift(p, row, legs, self._closed_after) for row in range(len(p.lift_mode))]
        self._places = plan.stage_place.tolist()
        self.stages = [list(range(int(p.stage_at[i]), int(p.stage_at[i + 1]))) for i in range(len(p.item_people))]
        #: per lift: items and stages that it takes, whether or not it can ever form
        self.takes: list[set[tuple[int, int]]] = [set() for _ in self.lifts]
        self.edges = self._edges()
        self.after = [listed(p.camp_after_at, p.camp_after, camp) for camp in range(camps)]
        self.serves = [listed(p.camp_serves_at, p.camp_serves, camp) for camp in range(camps)]
        self.rules = Rules(p)
        self._courses: dict[tuple[int, ...], Course] = {}
        self._means: dict[int, Means] = {}
        self._packed: dict[int, int] = {}
        for _ in range(_MOST_TURNS):
            if not self._raise():
                break

    # ways

    def _edges(self) -> list[list[list[Edge]]]:
        """Per item and stage: every way on."""
        p = self.plan
        edges: list[list[list[Edge]]] = [[[] for _ in stages] for stages in self.stages]

        def add(item: int, stage: int, lift: Lift, leg: int, joins: int) -> None:
            self.takes[lift.row].add((item, stage))
            camp = int(p.place_camp[lift.start])
            if lift.is_column and (camp < 0 or p.camp_column[camp] != lift.row):
                return  # no camp names it, so it never forms
            places = [int(p.stage_place[s]) for s in self.stages[item]]
            edges[item][stage].append(Edge(lift.row, leg, places.index(lift.to), joins))

        for lift in self.lifts:
            for pick in lift.picks:
                for n in range(int(p.cand_at[pick]), int(p.cand_at[pick + 1])):
                    add(int(p.cand_item[n]), int(p.cand_stage[n]), lift, int(p.pick_leg[pick]), -1)
            for join in range(int(p.join_at[lift.row]), int(p.join_at[lift.row + 1])):
                for n in range(int(p.join_cand_at[join]), int(p.join_cand_at[join + 1])):
                    camp, leg = int(p.join_camp[join]), int(p.join_leg[join])
                    add(int(p.join_cand_item[n]), int(p.join_cand_stage[n]), lift, leg, camp)
        return edges

    def place(self, item: int, stage: int) -> int:
        """Where an item is at one of its stages."""
        found: int = self._places[self.stages[item][stage]]
        return found

    def camp(self, item: int, stage: int) -> int:
        """The camp where an item is at one of its stages, or -1."""
        return int(self.plan.place_camp[self.place(item, stage)])

    def forms(self, edge: Edge, place: int, ready: int) -> int:
        """When a movement can form for units ready at a place."""
        lift = self.lifts[edge.lift]
        minute = max(ready, self.rules.begun(edge.lift))
        if lift.is_column:
            return lift.forms(max(minute, self.rear[int(self.plan.place_camp[lift.start])]))
        return lift.forms(self._given(place, minute))

    def course(self, lift: int, forms: int, at: int = -1, floor: int = 0) -> Course:
        """The course of a movement (see `Lift.course`)."""
        key = (lift, forms, at, floor)
        if key not in self._courses:
            self._courses[key] = self.lifts[lift].course(forms, at, floor)
        return self._courses[key]

    def taken(self, edge: Edge, place: int, ready: int, departs: int = 0) -> Course:
        """The course of the movement that takes units ready at a place; its first departure at `departs` or later."""
        lift = self.lifts[edge.lift]
        count = len(lift.loaded)
        if edge.joins >= 0:
            # it may have formed before these units were ready
            forms = self.forms(edge, place, 0)
            return self.course(edge.lift, forms, count + edge.leg, max(ready, self.rear[edge.joins], departs))
        first = count if lift.from_origin else 0
        forms = self.forms(edge, place, ready)
        return self.course(edge.lift, forms, first, departs) if departs else self.course(edge.lift, forms)

    def _given(self, place: int, ready: int) -> int:
        """When a place gives anything to ordinary lifts: its gate open, no pause, or its camp accelerated."""
        p, camp = self.plan, int(self.plan.place_camp[place])
        if camp < 0:
            return ready
        minute = max(ready, int(p.camp_opens[camp]))
        for pause in range(int(p.pause_at[camp]), int(p.pause_at[camp + 1])):
            if p.pause_from[pause] <= minute < p.pause_to[pause]:
                minute = int(p.pause_to[pause])
        return min(minute, max(ready, self.rules.accelerated[camp]))

    def _closed_after(self, gate: int) -> int:
        return max((self.closes[camp] for camp in self._after_gate[gate]), default=0)

    # what rules may take away

    def removed(self, item: int, stage: int, *, raw: bool = False) -> int:
        """When a load can be destroyed or left where it is; with `raw`, one that is not yet packed."""
        p, camp = self.plan, self.camp(item, stage)
        row = self.stages[item][stage]
        works = int(p.stage_work[row]) >= 0
        if p.item_people[item] or camp < 0 or stage == len(self.stages[item]) - 1:
            return NEVER
        if not works and (raw or (stage == 0 and p.item_own_means[item])):
            return NEVER  # ready from the start, to go with the column
        return min(self.rules.destroyed[camp], self.rules.given_up[camp], self.rules.cargo_left if works else NEVER)

    def _loses(self, edge: Edge) -> bool:
        """Whether loads can be lost on the road of a way."""
        p = self.plan
        for leg, _, _ in self.lifts[edge.lift].loaded[edge.leg :]:
            for threat in listed(p.leg_threat_at, p.leg_threat, leg):
                lost = int(p.threat_lost[threat])
                if lost >= 0 and max(least.series(p, lost, knot=-1).values) > 0:
                    return True
        return False

    # items

    def work(self, item: int, stage: int) -> Steps | None:
        """Work on one load at a stage, by date; None where there is none."""
        series = int(self.plan.stage_work[self.stages[item][stage]])
        return least.series(self.plan, series) if series >= 0 else None

    def batch(self, item: int, stage: int) -> int:
        """Loads of a full batch: what comes in on the way may be worked on one by one."""
        p = self.plan
        return max(min(int(p.item_batch[item]), int(p.item_number[item])), 1) if stage == 0 else 1

    def first_ready(self, item: int) -> int:
        """When the first units of an item can be ready where they start."""
        work, starts = self.work(item, 0), int(self.plan.item_starts[item])
        if work is None:
            return 0
        return batch_time(work, self.batch(item, 0)).end(starts)

    def last_ready(self, item: int) -> int:
        """When the last units of an item can be ready where they start, were its crews to work on nothing else."""
        p = self.plan
        if p.item_people[item]:
            lots = listed(p.item_tie_at, p.item_tie, item) if p.item_tied[item] else []
            packed = max((min(self.last_ready(lot), self.removed(lot, 0, raw=True)) for lot in lots), default=0)
            return min(packed, self.rules.people_go)
        work, starts, number = self.work(item, 0), int(p.item_starts[item]), int(p.item_number[item])
        if work is None or not number:
            return 0
        if item in self._packed:
            return self._packed[item]
        crews, batch = self.means(int(p.stage_asset[self.stages[item][0]])), self.batch(item, 0)
        full, rest = divmod(number, batch)
        ends = 0
        for batches, size in ((full, batch), (full + 1, rest)):
            if size:
                took = batch_time(work, size)
                ends = max(ends, took.end(crews.last_begins(starts, batches, took.least(starts), took.end)))
        self._packed[item] = ends
        return ends

    def means(self, asset: int) -> Means:
        """An asset at its most."""
        if asset not in self._means:
            self._means[asset] = means_of(self.plan, asset)
        return self._means[asset]

    def out(self, item: int, stage: int, ready: int, departs: int = 0) -> int:
        """When units that are ready at a stage at `ready` can be out, or, of cargo, gone in any other way.

        With `departs`, the movement that takes them from there departs first at that minute or later.
        """
        people = bool(self.plan.item_people[item])
        arrived = [NEVER] * len(self.stages[item])
        arrived[stage], gone = ready, NEVER
        for at in range(stage, len(arrived) - 1):
            if arrived[at] >= NEVER:
                continue
            time = arrived[at]
            if at > stage:
                gone = min(gone, max(time, self.removed(item, at)))
                time = self.worked(item, at, time)
            for edge in self.edges[item][at]:
                course = self.leaves_with(item, at, edge, time, departs if at == stage else 0)
                arrived[edge.after] = min(arrived[edge.after], course.delivers)
                if not people and self._loses(edge):
                    gone = min(gone, course.leaves[edge.leg])
        return min(arrived[-1], gone)

    def left(self, item: int, ready: int, departs: int = 0) -> int:
        """When units that are ready where they start can have departed from there."""
        ways = self.edges[item][0]
        return min((self.leaves_with(item, 0, edge, ready, departs).leaves[edge.leg] for edge in ways), default=NEVER)

    def leaves_with(self, item: int, stage: int, edge: Edge, ready: int, departs: int = 0) -> Course:
        """The course that takes an item from a stage; a column minds no tie to equipment."""
        if stage == 0 and self.plan.item_people[item] and self.lifts[edge.lift].is_column:
            ready = 0
        return self.taken(edge, self.place(item, stage), ready, departs)

    def reaches(self, item: int) -> tuple[list[int], list[int]]:
        """Per stage, when the first units of an item can be there, and when a load can be gone instead, or before."""
        people = bool(self.plan.item_people[item])
        there, gone = [NEVER] * len(self.stages[item]), [NEVER] * len(self.stages[item])
        there[0] = 0
        for at in range(len(there) - 1):
            gone[at] = min(gone[at], max(there[at], self.removed(item, at)))
            gone[at + 1] = min(gone[at + 1], gone[at])
            time = self.worked(item, at, there[at])
            for edge in self.edges[item][at] if time < NEVER else ():
                course = self.leaves_with(item, at, edge, time)
                there[edge.after] = min(there[edge.after], course.delivers)
                if not people and self._loses(edge):
                    gone[at + 1] = min(gone[at + 1], course.leaves[edge.leg])
        return there, gone

    def worked(self, item: int, stage: int, there: int) -> int:
        """When the first units that come to a stage can be ready there."""
        if stage == 0:
            return max(there, self.first_ready(item))
        work = self.work(item, stage)
        return batch_time(work, 1).end(there) if work else there

    def ends(self, item: int) -> int:
        """When the last unit of an item can be out or gone."""
        if not self.plan.item_number[item]:
            return 0
        return min(self.out(item, 0, self.last_ready(item)), self.removed(item, 0))

    # camps

    def _raise(self) -> bool:
        """Raise what others' earliest minutes raise; whether anything rose."""
        before = [*self.rules.decided, *self.closes, *self.rear]
        self._courses.clear()
        self.rules.raised(self.closes)
        for camp in range(len(self.closes)):
            self.begins[camp] = max(self.begins[camp], self._begins(camp))
            self.rear[camp] = max(self.rear[camp], self.readies(camp, self.begins[camp]))
            self.closes[camp] = max(self.closes[camp], self.closing(camp, self.rear[camp]))
        return before != [*self.rules.decided, *self.closes, *self.rear]

    def at_camp(self, camp: int) -> list[int]:
        """Items that start at a camp and are due to leave."""
        p = self.plan
        return [
            item
            for item in range(len(self.stages))
            if p.item_moves[item] and p.item_number[item] and self.place(item, 0) == p.camp_place[camp]
        ]

    def holds(self, camp: int, item: int) -> bool:
        """Whether an item at a camp must have left it, or be packed if own means, before its rear party can begin."""
        p = self.plan
        if not p.item_people[item]:
            return True
        column = int(p.camp_column[camp])
        return column < 0 or (item, 0) not in self.takes[column]

    def own(self, item: int) -> bool:
        """Whether an item waits where it starts for its camp's column, or is counted so."""
        return bool(self.plan.item_own_means[item])

    def _begins(self, camp: int) -> int:
        """When the rear party of a camp can begin."""
        held = [0, *(self.closes[other] for other in self.serves[camp])]
        if not self.plan.camp_closes[camp]:
            held.append(self.rules.given_up[camp])
        for item in self.at_camp(camp):
            if self.holds(camp, item):
                held.append(self.gone(item))
        free = max(held)
        planned = self._planned(camp, max([free, *(self.closes[other] for other in self.after[camp])]))
        return min(planned, max(free, self.rules.accelerated[camp]), NEVER)

    def gone(self, item: int) -> int:
        """When nothing of an item can keep its camp any more: own means packed, all else departed or taken away."""
        last = self.last_ready(item)
        if self.own(item):
            return min(last, self.removed(item, 0, raw=True))
        return min(self.left(item, last), self.removed(item, 0))

    def _planned(self, camp: int, ready: int) -> int:
        """The first minute from `ready` on at which the window in force, if one is known, lets a camp close."""
        p = self.plan
        versions = range(int(p.window_at[camp]), int(p.window_at[camp + 1]))
        known = [(int(p.window_known[v]), least.series(p, int(p.window_target[v]))) for v in versions]
        if not known or ready < known[0][0]:
            return ready
        for at, (since, target) in enumerate(known):
            until = known[at + 1][0] if at + 1 < len(known) else NEVER
            minute = max(ready, since, target.at(since))
            if minute < until:
                return minute
        return NEVER

    def readies(self, camp: int, begins: int) -> int:
        """When a rear party that begins at a minute or later can be ready."""
        return least.series(self.plan, int(self.plan.camp_handover[camp])).end(begins)

    def closing(self, camp: int, rear: int) -> int:
        """When a camp can close whose rear party is ready at a minute or later."""
        column = self._only_column(camp)
        if column < 0 or rear >= NEVER:
            return rear
        lift = self.lifts[column]
        return max(rear, self.course(column, lift.forms(max(rear, self.rules.begun(column)))).first)

    def _only_column(self, camp: int) -> int:
        """The column without which a camp cannot be empty, or -1."""
        p, column = self.plan, int(self.plan.camp_column[camp])
        if column < 0 or self.lifts[column].start != p.camp_place[camp] or camp in p.join_camp:
            return -1
        for item in self.at_camp(camp):
            ways = self.edges[item][0]
            stays = p.item_people[item] or (self.own(item) and self.work(item, 0) is None)
            if stays and ways and all(edge.lift == column for edge in ways):
                return column
        return -1

    @cached_property
    def counted(self) -> list[list[int]]:
        """Per milestone: the items that it counts, of which something is due."""
        p = self.plan
        found: list[list[int]] = []
        for mile in range(len(p.mile_deadline)):
            people = [
                item
                for item in range(len(self.stages))
                if p.item_people[item] and p.mile_people[mile] and p.mile_contingent[mile, p.item_contingent[item]]
            ]
            cargo = [
                item
                for item in range(len(self.stages))
                if not p.item_people[item] and int(p.mile_cargo[mile]) >> int(p.item_kind[item]) & 1
            ]
            found.append([item for item in people + cargo if p.item_number[item]])
        return found

    def camps_of(self, milestone: int) -> Sequence[int]:
        """The camps that a milestone counts."""
        return listed(self.plan.mile_camp_at, self.plan.mile_camp, milestone)

"""Rules of camps: room, minimum force, phases of the plan, closing, read from a run's rows."""

from __future__ import annotations

from collections import defaultdict

from ledger import Ledger

from drawdown_sim.model.plan import Does
from drawdown_sim.model.trajectory import Kind
from engine_support import Row


def check_room(ledger: Ledger) -> None:
    """When a loaded run starts, what is in transit at its destination or bound for it has room.

    Room is reserved when a movement is first found to have it, and a column is never turned away; so places for
    which a column has set out are passed over from then on.
    """
    p = ledger.plan
    here: dict[tuple[int, bool], int] = defaultdict(int)  # (place, people) -> units in transit or on the way
    aboard: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    started: set[int] = set()
    crowded: set[int] = set()  # places for which a column has set out
    departures: dict[int, int] = defaultdict(int)
    for row in ledger.rows:
        is_people = row.item >= 0 and bool(p.item_people[row.item])
        if row.kind == Kind.LOAD:
            aboard[row.movement][row.item] += row.quantity
            if row.movement in started:
                here[int(p.lift_to[row.entity]), is_people] += row.quantity
            if ledger.stage[row.item, row.place] != ledger.way(row.item)[0]:
                here[row.place, is_people] -= row.quantity
        elif row.kind == Kind.DEPART:
            start = departures[row.movement] in ledger.run_starts(row.entity)
            departures[row.movement] += 1
            if start and any(aboard[row.movement].values()) and row.movement not in started:
                started.add(row.movement)
                to = int(p.lift_to[row.entity])
                for item, quantity in aboard[row.movement].items():
                    here[to, bool(p.item_people[item])] += quantity
                if ledger.is_column(row.entity):
                    crowded.add(to)
                elif to not in crowded:
                    assert here[to, True] <= p.place_room[to], row
                    assert here[to, False] <= p.place_yard[to], row
        elif row.kind == Kind.DELIVER:
            aboard[row.movement][row.item] -= row.quantity
            if ledger.stage[row.item, row.place] == ledger.way(row.item)[-1]:
                here[row.place, is_people] -= row.quantity
        elif row.kind == Kind.LOST and row.item >= 0:
            aboard[row.movement][row.item] -= row.quantity
            here[int(p.lift_to[row.entity]), False] -= row.quantity
        elif row.kind == Kind.DISBAND:
            for item, quantity in aboard.pop(row.movement, {}).items():
                if quantity and ledger.picks(row.entity)[0] != p.stage_place[ledger.way(item)[0]]:
                    here[ledger.picks(row.entity)[0], bool(p.item_people[item])] += quantity
        elif row.kind in (Kind.DESTROY, Kind.RESIDUAL) and row.place != p.stage_place[ledger.way(row.item)[0]]:
            here[row.place, False] -= row.quantity


class Force:
    """Armed people, cargo due and the camps' states, as far as minimum force and the plan depend on them."""

    def __init__(self, ledger: Ledger) -> None:
        p = ledger.plan
        self.ledger = ledger
        self.armed: dict[int, int] = defaultdict(int)
        self.due: dict[int, int] = defaultdict(int)
        self.first: dict[int, int] = defaultdict(int)
        self.packed: dict[int, int] = defaultdict(int)
        self.gone: dict[int, int] = defaultdict(int)
        self.closed: set[int] = set()
        self.hurried: set[int] = set()  # accelerated or given up
        self.people_go = False
        for item in ledger.items:
            first = ledger.way(item)[0]
            place, number = int(p.stage_place[first]), int(p.item_number[item])
            if p.item_people[item]:
                self.armed[place] += (number + int(p.item_stays[item])) * int(p.item_armed[item])
            else:
                self.due[place] += number
                self.packed[item] = 0 if p.stage_work[first] >= 0 else number
        self.first.update(self.due)

    def needed(self, camp: int) -> int | None:
        """The minimum force of a camp, or None where it depends on its target day."""
        p = self.ledger.plan
        place = int(p.camp_place[camp])
        due, first = self.due[place], self.first[place]
        serves = self.ledger.listed("camp_serves", camp)
        served = [c for c in serves if c not in self.closed]
        if not due and not served and p.camp_column[camp] < 0:
            return None
        least = int(p.camp_least[camp])
        if camp in self.hurried:
            return least
        force = int(p.camp_perimeter[camp]) if due or served else 0
        if due:
            force += -(-int(p.camp_cargo[camp]) * min(due, first) // first)
        if served:
            force += -(-int(p.camp_satellites[camp]) * len(served) // len(serves))
        return max(least, force)

    def see(self, row: Row) -> None:
        """Take note of a row other than FORM."""
        p, ledger = self.ledger.plan, self.ledger
        if row.kind == Kind.CLOSE:
            self.closed.add(row.entity)
        elif row.kind == Kind.DECIDE and p.decision_does[row.entity] in (Does.ACCELERATE, Does.GIVE_UP):
            self.hurried |= set(ledger.listed("decision_camp", row.entity))
        elif row.kind == Kind.LAST_DAYS:
            self.people_go |= bool(p.mile_people_go[row.entity])
            if p.mile_authority[row.entity]:
                guarded = p.mile_guarded[row.entity]
                self.hurried |= {c for c, place in enumerate(p.camp_place.tolist()) if not guarded[place]}
        elif row.kind == Kind.DISBAND:
            for load in ledger.stories[row.movement].of(Kind.LOAD):
                if not p.item_people[load.item]:
                    self.due[load.place] += load.quantity
        elif row.kind == Kind.READY and row.activity == ledger.way(row.item)[0]:
            self.packed[row.item] += row.quantity
        elif row.kind in (Kind.DESTROY, Kind.RESIDUAL):
            self.due[row.place] -= row.quantity
            # unprepared loads count as packed once they are no more; prepared ones did already
            self.packed[row.item] = min(self.packed[row.item] + row.quantity, int(p.item_number[row.item]))
        elif row.kind == Kind.LOAD and not p.item_people[row.item]:
            self.due[row.place] -= row.quantity
        elif row.kind == Kind.LOAD and row.movement >= 0:
            story = ledger.stories[row.movement]
            if row.place not in ledger.picks(story.lift):
                self.armed[row.place] -= row.quantity * int(p.item_armed[row.item])  # a camp that joins
        elif row.kind == Kind.DELIVER and ledger.stage[row.item, row.place] != ledger.way(row.item)[-1]:
            if p.item_people[row.item]:
                self.armed[row.place] += row.quantity * int(p.item_armed[row.item])
            else:
                self.due[row.place] += row.quantity
                self.first[row.place] += row.quantity

    def take(self, load: Row) -> None:
        """People are reserved when their movement forms."""
        p = self.ledger.plan
        if p.item_people[load.item]:
            self.armed[load.place] -= load.quantity * int(p.item_armed[load.item])
            if load.place == p.stage_place[self.ledger.way(load.item)[0]]:
                self.gone[load.item] += load.quantity


def check_force(ledger: Ledger) -> None:
    """An ordinary lift never takes armed people below a camp's minimum force, nor people tied to equipment.

    Movements that disbanded gave back whom they had reserved, which the table does not list.
    """
    p = ledger.plan
    force = Force(ledger)
    for row in ledger.rows:
        if row.kind != Kind.FORM:
            force.see(row)
            continue
        story = ledger.stories[row.movement]
        ordinary = not ledger.is_column(story.lift) and not force.people_go
        loads = [] if story.of(Kind.DISBAND) else list(ledger.taken(story))
        for load in loads:
            force.take(load)
        for load in loads if ordinary else ():
            camp = int(p.place_camp[load.place])
            if p.item_armed[load.item] and camp >= 0 and not p.lift_by_order[story.lift]:
                needed = force.needed(camp)
                assert needed is None or force.armed[load.place] >= needed, (row, load)
            if p.item_tied[load.item] and load.place == p.stage_place[ledger.way(load.item)[0]]:
                assert force.gone[load.item] <= _untied(ledger, load.item, force.packed), (row, load)


def _untied(ledger: Ledger, item: int, packed: dict[int, int]) -> int:
    """Members of a tied cohort who may have gone."""
    p = ledger.plan
    lots = ledger.listed("item_tie", item)
    total, done = sum(int(p.item_number[lot]) for lot in lots), sum(packed[lot] for lot in lots)
    number, advance = int(p.item_number[item]), int(p.item_advance[item])
    if not total or done >= total:
        return number
    return number * (advance * total + (1000 - advance) * done) // (1000 * total)


def check_phases(ledger: Ledger) -> None:
    """From a camp that is not accelerated nothing is taken before it opens, nor in a pause, save by a column."""
    p = ledger.plan
    force = Force(ledger)
    for row in ledger.rows:
        if row.kind != Kind.FORM:
            force.see(row)
            continue
        story = ledger.stories[row.movement]
        for load in () if ledger.is_column(story.lift) else ledger.taken(story):
            camp = int(p.place_camp[load.place])
            if camp < 0 or camp in force.hurried:
                continue
            assert row.minute >= p.camp_opens[camp], row
            for n in range(int(p.pause_at[camp]), int(p.pause_at[camp + 1])):
                assert not p.pause_from[n] <= row.minute < p.pause_to[n], row


def check_closing(ledger: Ledger) -> None:
    """A camp closes after those that must close before it, and leaves nobody and nothing due behind."""
    p = ledger.plan
    force = Force(ledger)
    present: dict[int, int] = defaultdict(int)
    for item in ledger.items:
        if p.item_people[item]:
            present[int(p.stage_place[ledger.way(item)[0]])] += int(p.item_number[item])
    for row in ledger.rows:
        force.see(row)
        if row.kind == Kind.LOAD and p.item_people[row.item]:
            present[row.place] -= row.quantity
        elif row.kind == Kind.DELIVER and p.item_people[row.item]:
            if ledger.stage[row.item, row.place] != ledger.way(row.item)[-1]:
                present[row.place] += row.quantity
        elif row.kind == Kind.DISBAND:
            for load in ledger.stories[row.movement].of(Kind.LOAD):
                present[load.place] += load.quantity * int(p.item_people[load.item])
        elif row.kind == Kind.CLOSE:
            camp, place = row.entity, int(p.camp_place[row.entity])
            assert set(ledger.listed("camp_serves", camp)) <= force.closed, row
            if camp not in force.hurried:
                assert set(ledger.listed("camp_after", camp)) <= force.closed, row
            assert force.due[place] == 0, ("closed with cargo due", row)
            assert present[place] == 0, ("closed with people due", row)

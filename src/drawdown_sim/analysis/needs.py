"""What a milestone needs: uses of lifts and crews that must happen before it, and what follows each of them.

A *need* is a number of units that must each make one hop, or be worked on once, before the milestone can be reached;
nobody can do it before `release`, and if its units can be taken away instead, then not before `removable`. Camps that
must close first bring the needs of what holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from ..model.plan import NEVER, Carries
from . import least
from .earliest import Earliest
from .least import listed


@dataclass(frozen=True, eq=False)
class Need:
    """Units that must be carried on from a place, or worked on there."""

    items: tuple[int, ...]
    place: int
    number: int
    release: int
    """When the first of them can be carried or worked on [minute]."""
    departs: int
    """When the first movement with any of them can depart first; `NEVER` for work."""
    removable: int
    lifts: tuple[int, ...]
    """Those that may carry them; none for work."""
    kept: bool
    """Whether these are people whom the plan keeps there until `release`, whoever they are."""
    finish: Callable[[int], int]
    """When the milestone can be reached if the last unit's movement forms, or its work ends, at a minute or later."""
    finish_departed: Callable[[int], int]
    """The same, if the movement first departs then."""


class Needs:
    """The needs of one milestone."""

    def __init__(self, earliest: Earliest, milestone: int) -> None:
        self.e, self.p = earliest, earliest.plan
        self.counted = frozenset(earliest.counted[milestone])
        self.camps = frozenset(earliest.camps_of(milestone))
        self.followers: dict[int, list[int]] = {}
        """Per camp: camps that cannot close before it has."""
        for camp in range(len(self.p.camp_place)):
            bound_by_plan = earliest.after[camp] if earliest.rules.accelerated[camp] >= NEVER else []
            for before in [*earliest.serves[camp], *bound_by_plan]:
                self.followers.setdefault(before, []).append(camp)
        self.riders: dict[int, list[int]] = {}
        """Per camp: counted people who can leave with its own column only."""
        for item in sorted(self.counted):
            camp = earliest.camp(item, 0)
            column = int(self.p.camp_column[camp]) if camp >= 0 else -1
            ways = earliest.edges[item][0]
            only = column >= 0 and ways and all(way.lift == column and way.joins < 0 for way in ways)
            if only and earliest.lifts[column].start == self.p.camp_place[camp]:
                self.riders.setdefault(camp, []).append(item)
        self.needed = [camp for camp in range(len(self.p.camp_place)) if self._is_needed(camp, ())]
        self._at = {item: camp for camp in self.needed for item in earliest.at_camp(camp) if earliest.holds(camp, item)}
        self.from_begin = lru_cache(maxsize=None)(self._from_begin)

    def _is_needed(self, camp: int, seen: tuple[int, ...]) -> bool:
        if camp in seen:
            return False
        if camp in self.camps or camp in self.riders:
            return True
        return any(self._is_needed(other, (*seen, camp)) for other in self.followers.get(camp, ()))

    # what follows

    def _from_begin(self, camp: int, begins: int, depth: int = 0) -> int:
        """When the milestone can be reached if a camp's rear party begins at a minute or later."""
        rear = self.e.readies(camp, begins)
        closes = self.e.closing(camp, rear)
        found = [closes if camp in self.camps else 0]
        found += [self.e.out(rider, 0, rear) for rider in self.riders.get(camp, ())]
        if depth < len(self.p.camp_place):
            found += [self._from_begin(other, closes, depth + 1) for other in self.followers.get(camp, ())]
        return max(found)

    def after_hop(self, item: int, stage: int, forms: int, departs: int = 0) -> int:
        """When the milestone can be reached if an item's last unit leaves a stage so late."""
        found = [0]
        if item in self.counted:
            found.append(self.e.out(item, stage, forms, departs))
        if stage == 0 and item in self._at and not self.e.own(item):
            found.append(self.from_begin(self._at[item], self.e.left(item, forms, departs)))
        return max(found)

    def after_work(self, item: int, stage: int, ready: int) -> int:
        """When the milestone can be reached if an item's last unit is packed, or inspected, so late."""
        found = [0]
        removed = max(ready, self.e.removed(item, stage))
        if item in self.counted:
            found.append(min(self.e.out(item, stage, ready), removed))
        if stage == 0 and item in self._at:
            left = ready if self.e.own(item) else min(self.e.left(item, ready), removed)
            found.append(self.from_begin(self._at[item], left))
        if stage == 0:
            for people in self._tied_to(item):
                found.append(self.after_hop(people, 0, min(ready, self.e.rules.people_go)))
        return max(found)

    def _tied_to(self, lot: int) -> Iterator[int]:
        p = self.p
        for people in sorted({*self.counted, *self._at}):
            if p.item_tied[people] and lot in listed(p.item_tie_at, p.item_tie, people):
                yield people

    # needs

    def hops(self) -> list[Need]:
        """Every hop that only ordinary lifts can make and that nobody can skip."""
        found = []
        for item in sorted({*self.counted, *self._at}):
            there, gone = self.e.reaches(item)
            last = len(there) - 1 if item in self.counted else 1
            for stage in range(last):
                ways = self.e.edges[item][stage]
                if not ways or any(self.e.lifts[way.lift].is_column for way in ways) or self._skips(item, stage):
                    continue
                place, ready = self.e.place(item, stage), self.e.worked(item, stage, there[stage])
                found.append(
                    Need(
                        items=(item,),
                        place=place,
                        number=int(self.p.item_number[item]),
                        release=min(self.e.forms(way, place, ready) for way in ways),
                        departs=min(self.e.taken(way, place, ready).first for way in ways),
                        removable=gone[stage],
                        lifts=tuple(sorted({way.lift for way in ways})),
                        kept=False,
                        finish=partial(self.after_hop, item, stage),
                        finish_departed=partial(self.after_hop, item, stage, ready),
                    )
                )
        return found

    def _skips(self, item: int, stage: int) -> bool:
        """Whether a column may carry an item past a stage."""
        return any(way.after > stage for before in range(stage) for way in self.e.edges[item][before])

    def work(self) -> list[Need]:
        """Everything that crews must work on, stage by stage."""
        lots = {item for item in {*self.counted, *self._at} if not self.p.item_people[item]}
        for people in {*self.counted, *self._at}:
            if self.p.item_tied[people]:
                lots.update(listed(self.p.item_tie_at, self.p.item_tie, people))
        found = []
        for item in sorted(lots):
            there, gone = self.e.reaches(item)
            for stage in range(len(there) - 1 if item in self.counted else 1):
                if self.e.work(item, stage) is None or self._skips(item, stage) or not self.p.item_number[item]:
                    continue
                raw = max(there[stage], self.e.removed(item, stage, raw=True))
                finish = partial(self.after_work, item, stage)
                found.append(
                    Need(
                        items=(item,),
                        place=self.e.place(item, stage),
                        number=int(self.p.item_number[item]),
                        release=max(there[stage], int(self.p.item_starts[item]) if stage == 0 else 0),
                        departs=NEVER,
                        removable=min(raw, gone[stage]) if stage else raw,
                        lifts=(),
                        kept=False,
                        finish=finish,
                        finish_departed=finish,
                    )
                )
        return found

    def kept(self) -> list[Need]:
        """People whom the plan keeps at a place until a date: so many leave it no earlier, whoever they are."""
        p, e = self.p, self.e
        found = []
        for camp in range(len(p.camp_place)):
            series, place = int(p.camp_keep[camp]), int(p.camp_place[camp])
            passing = [
                (item, stage)
                for item in range(len(e.stages))
                if p.item_people[item]
                for stage in range(len(e.stages[item]))
                if e.place(item, stage) == place
            ]
            counted = [(i, s) for i, s in passing if i in self.counted and s < len(e.stages[i]) - 1]
            ways = [way for item, stage in counted for way in e.edges[item][stage]]
            if series < 0 or not ways or any(e.lifts[way.lift].is_column for way in ways) or self._marched_from(place):
                continue
            present = sum(int(p.item_number[i] + p.item_stays[i]) for i, s in passing if s == 0)
            others = sum(int(p.item_number[i]) for i, s in passing if (i, s) not in counted)
            stays = sum(int(p.item_stays[i]) for i, s in passing if s == 0)
            for until, keep in self._keeps(camp, series):
                number = min(keep, present) - stays - others
                if number <= 0:
                    continue
                departs = min(
                    e.taken(way, place, until).first for item, stage in counted for way in e.edges[item][stage]
                )
                found.append(
                    Need(
                        items=tuple(item for item, _ in counted),
                        place=place,
                        number=number,
                        release=until,
                        departs=departs,
                        removable=NEVER,
                        lifts=tuple(sorted({way.lift for way in ways})),
                        kept=True,
                        finish=partial(self._after_any, counted),
                        finish_departed=partial(self._after_any, counted, until),
                    )
                )
        return found

    def _after_any(self, stages: list[tuple[int, int]], forms: int, departs: int = 0) -> int:
        """When the milestone can be reached if the last of some units leaves a stage so late, whichever it is."""
        return min(self.after_hop(item, stage, forms, departs) for item, stage in stages)

    def _marched_from(self, place: int) -> bool:
        """Whether any column picks up at a place or takes it along."""
        p = self.p
        columns = [lift for lift in self.e.lifts if int(p.lift_carries[lift.row]) == Carries.COLUMN]
        return any(place in (int(p.pick_place[pick]) for pick in lift.picks) for lift in columns) or any(
            int(p.camp_place[camp]) == place for camp in p.join_camp
        )

    def _keeps(self, camp: int, series: int) -> list[tuple[int, int]]:
        """Minutes up to which at least so many are kept, each with how many."""
        steps = least.series(self.p, series)
        freed = min(self.e.rules.accelerated[camp], self.e.rules.people_go)
        ends = [*(minute for minute in steps.minutes if 0 < minute < freed), freed]
        return [
            (end, min(v for m, v in zip(steps.minutes, steps.values, strict=True) if m < end or m <= 0)) for end in ends
        ]

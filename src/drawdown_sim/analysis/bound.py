"""What cannot be: minutes before which no replication reaches a milestone, proved from the plan alone.

Two classical bounds, each on a relaxation in which chance and rules only help: the longest path, as if means were
without limit; and work over capacity, as if every unit were there at once and could go by any of its ways. The second
is taken over sets of needs that cannot begin before a date (their heads) and that leave something to do after their
last use (their tails): the bound of a set is the date at which capacity reaches its work, and the least of its tails
[1, 2]. The bound of a milestone is the latest of all.

References
----------
[1] J. Carlier, The one-machine sequencing problem, European Journal of Operational Research 11 (1982) 42-47,
    doi:10.1016/S0377-2217(82)80007-6: head, work and tail of a set.
[2] P. Brucker and S. Knust, Complex Scheduling, 2nd ed., Springer 2012, doi:10.1007/978-3-642-23929-8: destructive
    and capacity bounds of project scheduling, energetic reasoning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import ceil

from ..model.plan import NEVER, UNLIMITED, Counts, Period, Plan
from .courses import greatest_number
from .earliest import Earliest
from .limits import Means, Quota, quota_of
from .needs import Need, Needs
from .proofs import Step, camp_steps, item_steps

#: Sets of one resource whose tails are worked out in full; the others promise less.
_TRIED = 4


@dataclass(frozen=True, slots=True)
class Bound:
    """One proof that a milestone is not reached before a minute."""

    minute: int
    """`NEVER` if it cannot be reached by the horizon."""
    kind: str
    """`item` or `camp` (longest path), `means`, `quota` or `work` (work over capacity)."""
    resource: str
    """Id of the asset or quota, of the item or the camp."""
    items: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    number: int = 0
    """Units, people or loads, of which the proof speaks."""
    people: bool = False
    kept: bool = False
    """Whether these are people whom the plan keeps until `since`."""
    uses: int = 0
    """Uses of the resource, or minutes of crews, that they take at least."""
    since: int = 0
    """The minute from which the resource can serve them."""
    released: int = 0
    """The minute until which the first of them are kept or not ready."""
    last: int = 0
    """The earliest minute at which the last use can begin; of work, at which it can be over."""
    held: int = 0
    """How long one use takes one of the means at least [minute]; 0 for a quota."""
    removable: int = NEVER
    """The minute from which a rule may take some of them away, which ends the proof."""
    fewest: int = 0
    most: int = 0
    """The most that there ever are of the means; the least and the greatest limit of the quota until the last use."""
    ends: int = NEVER
    """Of means: the minute from which there are none any more."""
    period: str = ""
    """Of a quota: per `day`, `week` or `month`."""
    counts: str = ""
    """What a quota counts."""
    steps: tuple[Step, ...] = ()
    """Of a longest path."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A need as a load on one resource."""

    need: Need
    amount: Fraction
    """Uses that it takes at least."""
    held: int
    release: int
    tail: int


class Bounds:
    """All bounds of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.earliest = Earliest(plan)

    def of(self, milestone: int) -> list[Bound]:
        """The proofs of one milestone, the latest first: one for each resource, and the longest paths."""
        needs = Needs(self.earliest, milestone)
        hops, kept, work = needs.hops(), needs.kept(), needs.work()
        found = [*self._paths(milestone), *self._means(hops, kept), *self._quotas(hops, kept), *self._crews(work)]
        return sorted((b for b in found if b.minute > 0), key=lambda b: (-b.minute, b.kind, b.resource))

    # longest paths

    def _paths(self, milestone: int) -> Iterable[Bound]:
        p, e = self.plan, self.earliest
        for item in e.counted[milestone]:
            ready, places = e.last_ready(item), tuple(p.place_ids[e.place(item, s)] for s in range(len(e.stages[item])))
            yield Bound(
                minute=self._capped(e.ends(item)),
                kind="item",
                resource=p.item_ids[item],
                places=places,
                number=int(p.item_number[item]),
                people=bool(p.item_people[item]),
                since=ready,
                removable=e.removed(item, 0),
                steps=item_steps(e, item),
            )
        for camp in e.camps_of(milestone):
            yield Bound(
                minute=self._capped(e.closes[camp]),
                kind="camp",
                resource=p.camp_ids[camp],
                since=e.begins[camp],
                last=e.rear[camp],
                steps=camp_steps(e, camp),
            )

    def _capped(self, minute: int) -> int:
        """A minute, or `NEVER` beyond the horizon, at which the clock stops."""
        return minute if minute <= self.plan.horizon else NEVER

    # work over capacity

    def _means(self, hops: Sequence[Need], kept: Sequence[Need]) -> Iterable[Bound]:
        for asset, name in enumerate(self.plan.asset_ids):
            means, number = self.earliest.means(asset), greatest_number(self.plan, asset)
            loads, still = (self._uses(n, partial(self._per_asset, asset), departs=False) for n in (hops, kept))
            for best in self._best("means", name, loads, still, partial(self._last_turn, means, number)):
                yield replace(best, most=number, ends=means.ends)

    def _last_turn(self, means: Means, number: int, since: int, uses: Sequence[_Use]) -> int:
        """The earliest minute at which the last of some movements can form, with means of which there are so many."""
        lifts = sorted({lift for use in uses for lift in use.need.lifts})
        amount, shortest = ceil(sum(use.amount for use in uses)), min(use.held for use in uses)
        turns = means.last_begins(since, amount, shortest, self._over(lifts))
        longest = max(use.held for use in uses)
        if longest >= NEVER:
            return turns
        # all but the last use of each of the means is over when the last begins
        work = sum(use.amount * use.held for use in uses) - number * longest
        return max(turns, means.works_off(since, work)) if work > 0 else turns

    def _over(self, lifts: Sequence[int]) -> Callable[[int], int]:
        """When a movement of any of these lifts that forms at a minute can have its means free again."""
        return lambda forms: min(self.earliest.course(lift, forms).home for lift in lifts)

    def _per_asset(self, asset: int, lift: int, need: Need) -> Fraction | None:
        """The most units of a lift for one of an asset, None if the lift can do without it."""
        p, course = self.plan, self.earliest.lifts[lift]
        capacity, most = int(p.lift_capacity[lift]), course.most_units
        found: list[Fraction] = []
        if p.lift_asset[lift] == asset:
            found.append(Fraction(capacity))
        if p.lift_escort[lift] == asset:
            limit, least = int(p.lift_escort_vehicles[lift]), int(p.lift_escort_least[lift])
            if limit < UNLIMITED:
                found.append(Fraction(limit * capacity))
            if least and most < UNLIMITED:
                found.append(Fraction(most, least))
        for at in range(int(p.lift_need_at[lift]), int(p.lift_need_at[lift + 1])):
            if p.lift_need_asset[at] == asset and p.lift_need_count[at] > 0 and most < UNLIMITED:
                found.append(Fraction(most, int(p.lift_need_count[at])))
        return min(found, default=None)

    def _quotas(self, hops: Sequence[Need], kept: Sequence[Need]) -> Iterable[Bound]:
        p = self.plan
        for row, name in enumerate(p.quota_ids):
            counts = int(p.quota_counts[row])
            lifts = [k for k in range(len(self.earliest.lifts)) if row in self._quotas_of(k)]
            largest = max((self._vehicles(lift) for lift in lifts), default=0)
            if counts == Counts.VEHICLES and largest >= UNLIMITED:
                continue
            quota, departs = quota_of(p, row, largest), counts not in (Counts.PEOPLE, Counts.LOADS)
            loads, still = (self._uses(n, partial(self._per_quota, row), departs=departs) for n in (hops, kept))
            period, what = Period(int(p.quota_period[row])).name.lower(), Counts(counts).name.lower()
            for best in self._best("quota", name, loads, still, partial(_last_use, quota), departs=departs):
                fewest, most = quota.span(best.since, best.last)
                yield replace(best, fewest=fewest, most=most, period=period, counts=what)

    def _quotas_of(self, lift: int) -> list[int]:
        p = self.plan
        found: list[int] = p.lift_quota[p.lift_quota_at[lift] : p.lift_quota_at[lift + 1]].tolist()
        return found

    def _vehicles(self, lift: int) -> int:
        """The most vehicles of a movement of a lift."""
        course, capacity = self.earliest.lifts[lift], int(self.plan.lift_capacity[lift])
        if course.is_column:
            return UNLIMITED
        units = course.most_units
        return min(course.most_vehicles, max(-(-units // capacity), 1) if units < UNLIMITED else UNLIMITED)

    def _per_quota(self, row: int, lift: int, need: Need) -> Fraction | None:
        """The most units of a lift for one of a quota, None if the quota does not count them."""
        p, course, counts = self.plan, self.earliest.lifts[lift], int(self.plan.quota_counts[row])
        if row not in self._quotas_of(lift):
            return None
        if counts == Counts.MOVEMENTS:
            return Fraction(course.most_units) if course.most_units < UNLIMITED else None
        if counts == Counts.VEHICLES:
            return Fraction(int(p.lift_capacity[lift]))
        for item in need.items:
            contingent = int(p.item_contingent[item])
            owned = contingent >= 0 and bool(p.quota_contingent[row, contingent])
            if (counts == Counts.PEOPLE) != bool(p.item_people[item]) or not (p.quota_unowned[row] or owned):
                return None
        return Fraction(1)

    def _uses(
        self, needs: Sequence[Need], per: Callable[[int, Need], Fraction | None], *, departs: bool
    ) -> list[_Use]:  # fmt: skip
        """Needs that no lift can meet without a resource, as loads on it."""
        found = []
        for need in needs:
            each = [per(lift, need) for lift in need.lifts]
            if not each or None in each:
                continue
            release = need.departs if departs else need.release
            held = min(self.earliest.lifts[lift].held(min(release, self.plan.horizon)) for lift in need.lifts)
            most = max(one for one in each if one is not None)
            finish = need.finish_departed if departs else need.finish
            tail = finish(release) - release if release < NEVER else 0
            found.append(_Use(need, Fraction(need.number) / most, held, release, tail))
        return found

    def _crews(self, work: Sequence[Need]) -> Iterable[Bound]:
        p, e = self.plan, self.earliest
        for asset in range(len(p.asset_kind)):
            uses = []
            for need in work:
                item, stage = need.items[0], self._stage(need)
                steps = e.work(item, stage)
                if steps is None or int(p.stage_asset[e.stages[item][stage]]) != asset:
                    continue
                each, batch = steps.least(min(need.release, p.horizon)), e.batch(item, stage)
                tail = need.finish(need.release) - need.release if need.release < NEVER else 0
                for number, size in ((need.number // batch, batch), (1, need.number % batch)):
                    if number and size:
                        uses.append(_Use(need, Fraction(number), max(size * each, 1), need.release, tail))
            crews = e.means(asset)
            for best in self._best("work", p.asset_ids[asset], uses, [], partial(_last_batch, crews)):
                yield replace(best, most=greatest_number(p, asset), ends=crews.ends)

    def _stage(self, need: Need) -> int:
        e, item = self.earliest, need.items[0]
        return [e.place(item, stage) for stage in range(len(e.stages[item]))].index(need.place)

    def _best(
        self,
        kind: str,
        resource: str,
        loads: Sequence[_Use],
        kept: Sequence[_Use],
        last: Callable[[int, Sequence[_Use]], int],
        *,
        departs: bool = False,
    ) -> Iterable[Bound]:
        """The latest bound of a resource over sets of its loads, if there is any."""
        tried: dict[tuple[int, ...], tuple[int, int, int, list[_Use]]] = {}
        for uses in _sets(loads, kept):
            key = tuple(sorted(map(id, uses)))
            if key in tried:
                continue
            since = min(use.release for use in uses)
            at = last(since, uses) if since < NEVER else NEVER
            tried[key] = (min(at + min(use.tail for use in uses), NEVER), at, since, uses)
        bounds = []
        for _, at, since, uses in sorted(tried.values(), key=lambda each: -each[0])[:_TRIED]:
            removable = min(use.need.removable for use in uses)
            finishes = [
                (use.need.finish_departed if departs else use.need.finish)(at) if at < NEVER else NEVER for use in uses
            ]
            bounds.append(self._bound(kind, resource, uses, since, at, min(removable, *finishes)))
        yield from sorted(bounds, key=lambda b: (-b.minute, b.number))[:1]

    def _bound(self, kind: str, resource: str, uses: Sequence[_Use], since: int, at: int, minute: int) -> Bound:
        p = self.plan
        needs = list({id(use.need): use.need for use in uses}.values())
        items = sorted({item for need in needs for item in need.items})
        amount = sum(use.amount * (use.held if kind == "work" else 1) for use in uses)
        return Bound(
            minute=self._capped(minute),
            kind=kind,
            resource=resource,
            items=tuple(p.item_ids[item] for item in items),
            places=tuple(sorted({p.place_ids[need.place] for need in needs})),
            number=sum(need.number for need in needs),
            people=bool(p.item_people[items[0]]),
            kept=any(need.kept for need in needs),
            uses=ceil(amount),
            since=since,
            released=min(need.release for need in needs),
            last=at,
            held=0 if kind == "quota" else min(use.held for use in uses),
            removable=min(use.need.removable for use in uses),
        )


def _last_use(quota: Quota, since: int, uses: Sequence[_Use]) -> int:
    """The earliest minute at which the last of some uses of a quota can be."""
    return quota.last_use(since, ceil(sum(use.amount for use in uses)))


def _last_batch(crews: Means, since: int, uses: Sequence[_Use]) -> int:
    """The earliest minute at which the last of some batches can be over."""
    shortest, amount = min(use.held for use in uses), ceil(sum(use.amount for use in uses))
    begins = crews.last_begins(since, amount, shortest, lambda begins: begins + shortest)
    area = crews.works_off(since, sum(use.amount * use.held for use in uses))
    return max(min(begins + shortest, NEVER), area)


def _sets(loads: Sequence[_Use], kept: Sequence[_Use]) -> Iterable[list[_Use]]:
    """Sets worth trying: what cannot begin before a date, cannot be taken away before one, and has a long tail or use.

    At each place the people whom the plan keeps stand for all who are there, where they are more.
    """
    every = [*loads, *kept]
    for removable in sorted({use.need.removable for use in every}):
        for release in sorted({use.release for use in every}):
            late = [use for use in loads if use.release >= release and use.need.removable >= removable]
            still = [use for use in kept if use.release >= release]
            chosen = _with_kept(late, still)
            for tail in sorted({use.tail for use in chosen}):
                yield [use for use in chosen if use.tail >= tail]
            for held in sorted({use.held for use in chosen})[1:]:
                yield [use for use in chosen if use.held >= held]


def _with_kept(late: list[_Use], still: list[_Use]) -> list[_Use]:
    """Of each place the loads, or those kept there, whichever are more."""
    chosen = list(late)
    for place in sorted({use.need.place for use in still}):
        here = [use for use in late if use.need.place == place and use.need.departs < NEVER]
        most = max((use for use in still if use.need.place == place), key=lambda use: use.need.number)
        if most.need.number > sum(use.need.number for use in here):
            chosen = [use for use in chosen if use not in here] + [most]
    return chosen


def milestone_bound(bounds: Sequence[Bound]) -> int:
    """The best of a milestone's bounds [minute], 0 if there is none."""
    return max((bound.minute for bound in bounds), default=0)

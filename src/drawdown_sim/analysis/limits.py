"""What means and quotas can do at most: how many uses can begin from one minute to another.

Means: each use takes one of them for a stated time at least. Numbers change by the calendar only, upwards by gains, so
uses up to a minute are no more than each of the means can begin one after the other (whole turns), and, among dates
between which a number holds, no more than that number can begin. Quotas: in each period no more than the
greatest limit in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heapreplace
from math import ceil

from ..model.plan import NEVER, Counts, Entry, Period, Plan, Until
from ..units import MINUTES_PER_DAY
from .least import Steps, first_look, series

#: Turns of means that are played through one by one; after so many, what is left is taken to begin at once.
_MOST_TURNS = 1000


@dataclass(frozen=True, slots=True)
class Means:
    """An asset by date, at its most."""

    gains: tuple[tuple[int, int], ...]
    """Minute, and how many come; the first are those at the start."""
    numbers: tuple[tuple[int, int], ...]
    """Minute from which there are at most so many, losses by date included."""
    horizon: int

    @property
    def ends(self) -> int:
        """The minute from which there are none any more, `NEVER` if some are left."""
        minute, number = self.numbers[-1]
        return NEVER if number else minute

    def begun(self, since: int, until: int, held: int) -> int:
        """The most uses that can begin from `since` to `until`, both included, if each takes one for `held` minutes."""
        held = max(held, 1)
        turns = sum(
            amount * ((until - max(since, minute)) // held + 1)
            for minute, amount in self.gains
            if max(since, minute) <= until
        )
        bounded = 0
        for at, (minute, number) in enumerate(self.numbers):
            after = self.numbers[at + 1][0] if at + 1 < len(self.numbers) else NEVER
            first, last = max(minute, since), min(after - 1, until)
            if first <= last:
                bounded += number * ((last - first) // held + 1)
        return min(turns, bounded)

    def last_begins(self, since: int, uses: int, held: int, over: Callable[[int], int]) -> int:
        """The earliest minute at which use number `uses` can begin; `NEVER` if not by the horizon.

        `over` gives the earliest end of a use that begins at a minute, which a date may make later than `held` says.
        """
        return max(self._turn(since, uses, over), self._by_number(since, uses, held))

    def _turn(self, since: int, uses: int, over: Callable[[int], int]) -> int:
        """The same, losses aside: each of the means begins again as soon as it can."""
        begins = [(max(since, minute), amount) for minute, amount in self.gains if amount > 0]
        heapify(begins)
        for _ in range(_MOST_TURNS):
            if not begins or begins[0][0] > self.horizon:
                return NEVER
            minute, amount = begins[0]
            uses -= amount
            if uses <= 0:
                return minute
            heapreplace(begins, (max(over(minute), minute + 1), amount))
        return begins[0][0]

    def _by_number(self, since: int, uses: int, held: int) -> int:
        """The same, each use taking `held`, from what can begin at most among dates that change the number."""
        if self.begun(since, self.horizon, held) < uses:
            return NEVER
        low, high = since, self.horizon
        while low < high:
            middle = (low + high) // 2
            if self.begun(since, middle, held) >= uses:
                high = middle
            else:
                low = middle + 1
        return low

    def works_off(self, since: int, work: Fraction | int) -> int:
        """The earliest minute by which so many minutes of use can be over, all of them from `since` on."""
        left, number, time = Fraction(work), 0, since
        for minute, amount in [*self.gains, (NEVER, 0)]:
            if minute > time:
                if number and left <= number * (minute - time):
                    return time + ceil(left / number)
                left -= number * (minute - time)
                time = minute
            number += amount
        return NEVER


def means_of(plan: Plan, asset: int) -> Means:
    """An asset at its most: calendar and ends of authority only, no decision, no loss by chance."""
    start = int(plan.asset_number[asset])
    gains, changes = [(0, start)], []
    for row in range(len(plan.calendar_minute)):
        minute, entry = int(plan.calendar_minute[row]), int(plan.calendar_entry[row])
        subject, amount = int(plan.calendar_subject[row]), int(plan.calendar_amount[row])
        if entry == Entry.GAIN and subject == asset:
            changes.append((minute, amount))
            gains.append((minute, amount))
        elif entry == Entry.LOSS and subject == asset:
            changes.append((minute, -amount))
        elif entry == Entry.TOUR_END and subject == plan.asset_contingent[asset]:
            changes.append((minute, -NEVER if plan.asset_until[asset] == Until.TOUR_END else 0))
    for milestone in range(len(plan.mile_deadline)):
        named = plan.mile_end[plan.mile_end_at[milestone] : plan.mile_end_at[milestone + 1]]
        if plan.mile_authority[milestone] and asset in named:
            changes.append((first_look(plan, milestone, 0), -NEVER))
    numbers = [(0, start)]
    for minute, change in sorted(changes, key=lambda each: each[0]):
        if minute < NEVER:
            numbers.append((minute, max(numbers[-1][1] + change, 0)))
    return Means(tuple(gains), tuple(numbers), plan.horizon)


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota by date, at its most."""

    periods: tuple[int, ...]
    """Minutes at which its periods begin."""
    limit: Steps
    largest: int
    """What one use may count beyond the limit of a period in which nothing else is used; 0 for one that must fit."""

    def _most(self, minute: int) -> int:
        limit = self.limit.at(minute)
        return max(limit, self.largest) if limit > 0 else 0

    def span(self, since: int, until: int) -> tuple[int, int]:
        """The least and the greatest limit from one minute to another."""
        later = [minute for minute in self.limit.minutes if since < minute <= until]
        limits = [self.limit.at(minute) for minute in (since, *later)]
        return min(limits), max(limits)

    def last_use(self, since: int, uses: int | Fraction) -> int:
        """The earliest minute at which so much can be used, all from `since` on; `NEVER` if not by the horizon."""
        at = bisect_right(self.periods, since) - 1
        past = 0
        for number in range(at, len(self.periods)):
            begins = max(self.periods[number], since)
            ends = self.periods[number + 1] if number + 1 < len(self.periods) else NEVER
            most = 0
            for minute in (begins, *(m for m in self.limit.minutes if begins < m < ends)):
                most = max(most, self._most(minute))
                if past + most >= uses:
                    return minute
            past += most
        return NEVER


def quota_of(plan: Plan, row: int, largest: int = 0) -> Quota:
    """A quota of the plan; `largest` is the most that one of its movements counts (see `Quota`)."""
    period, horizon = int(plan.quota_period[row]), plan.horizon
    if period == Period.MONTH:
        periods = tuple(int(minute) for minute in plan.month_minute if minute <= horizon)
    else:
        length = MINUTES_PER_DAY * (1 if period == Period.DAY else 7)
        periods = tuple(range(0, horizon + 1, length))
    counts = int(plan.quota_counts[row])
    return Quota(periods, series(plan, int(plan.quota_limit[row])), largest if counts == Counts.VEHICLES else 0)

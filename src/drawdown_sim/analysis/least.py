"""The least that chance can make of durations and dates: what no replication can undercut.

A sampled duration is at least the first knot of its table, a rate of advance at most the last; a driver is at its best
level wherever no dated regime imposes one; an authority that may refuse does not. What depends on the date is kept as
a step function, so that a bound may use what is certain about a season, a regime or a ban.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from ..model.plan import NEVER, Entry, Ints, Plan, Stance
from ..units import MINUTES_PER_DAY

#: Minutes of a driver's week.
_WEEK = 7 * MINUTES_PER_DAY

#: A refusal that every draw falls below.
_ALWAYS = 1 << 32


class Steps:
    """The least of a duration by the minute at which it begins; `NEVER` where it cannot begin."""

    __slots__ = ("_least", "minutes", "values")

    def __init__(self, steps: Sequence[tuple[int, int]]) -> None:
        self.minutes = [minute for minute, _ in steps]
        self.values = [value for _, value in steps]
        self._least = self.values.copy()
        for at in range(len(self._least) - 2, -1, -1):
            self._least[at] = min(self._least[at], self._least[at + 1])

    def _step(self, minute: int) -> int:
        return max(bisect_right(self.minutes, minute) - 1, 0)

    def at(self, minute: int) -> int:
        """The value that holds at a minute."""
        return self.values[self._step(minute)]

    def least(self, since: int) -> int:
        """The least value at or after a minute."""
        return self._least[self._step(since)]

    def end(self, ready: int) -> int:
        """The earliest minute at which what begins at `ready` or later can end."""
        if ready >= NEVER:
            return NEVER
        step = self._step(ready)
        best = ready + self.values[step]
        for later in range(step + 1, len(self.minutes)):
            if self.minutes[later] >= best:
                break
            best = min(best, self.minutes[later] + self.values[later])
        return min(best, NEVER)


def listed(at: Ints, values: Ints, row: int) -> list[int]:
    """The entries of one row of a list (see the conventions of `model.plan`)."""
    found: list[int] = values[at[row] : at[row + 1]].tolist()
    return found


def joined(steps: Sequence[Steps], value: Callable[..., int]) -> Steps:
    """A function of several step functions, as one."""
    minutes = sorted({0, *(minute for each in steps for minute in each.minutes)})
    return Steps([(minute, value(*(each.at(minute) for each in steps))) for minute in minutes])


def series(plan: Plan, row: int, missing: int = 0, knot: int = 0) -> Steps:
    """The least of a series of the plan (knot 0), or the most (knot -1); `missing` where it names none (-1)."""
    if row < 0:
        return Steps([(0, missing)])
    first, last = int(plan.series_at[row]), int(plan.series_at[row + 1])
    return Steps(
        [(int(plan.series_minute[s]), int(plan.tables[plan.series_table[s], knot])) for s in range(first, last)]
    )


def factor(plan: Plan, driver: int, area: int) -> Steps:
    """The least factor of a driver in an area, by week [per mille]."""
    if driver < 0 or area < 0:
        return Steps([(0, 1000)])
    factors = plan.driver_factor[driver, : plan.driver_states[driver]].tolist()
    imposed = plan.driver_override[driver, area].tolist()
    return Steps([(week * _WEEK, factors[s] if s >= 0 else min(factors)) for week, s in enumerate(imposed)])


def leg(plan: Plan, row: int) -> Steps:
    """The least time on a leg [minute]: greatest rate of advance, best weather that may be, no incident."""
    distance = int(plan.leg_distance[row]) * MINUTES_PER_DAY
    rate = series(plan, int(plan.leg_rate[row]), knot=-1)
    season = series(plan, int(plan.leg_season[row]), missing=1000)
    weather = factor(plan, int(plan.leg_weather[row]), int(plan.leg_area[row]))

    def minutes(rate: int, season: int, weather: int) -> int:
        return max(-(-distance * weather // (rate * season)), 1) if rate * season > 0 else NEVER

    return joined((rate, season, weather), minutes)


def resupplied(driving: Steps, supplies: int, halt: int) -> Steps:
    """Time on a leg with the halts that it takes at least, if supplies last so long."""
    if supplies >= NEVER or not halt:
        return driving
    return Steps([
        (minute, time + max(-(-time // max(supplies, 1)) - 1, 0) * halt if time < NEVER else NEVER)
        for minute, time in zip(driving.minutes, driving.values, strict=True)
    ])  # fmt: skip


def answer(plan: Plan, gate: int, area: int) -> Steps:
    """The least time from request to grant of a clearance, by the minute of asking; never while all is refused."""
    mood = factor(plan, int(plan.gate_driver[gate]), area)
    regimes = range(int(plan.regime_at[gate]), int(plan.regime_at[gate + 1]))
    leads = [series(plan, int(plan.regime_lead[regime])) for regime in regimes]
    refusals = [series(plan, int(plan.regime_refusal[regime])) for regime in regimes]
    obstructs = [int(plan.regime_stance[regime]) == Stance.OBSTRUCTING for regime in regimes]
    current = Steps([(int(plan.regime_minute[regime]), at) for at, regime in enumerate(regimes)])
    minutes = {0, *current.minutes, *mood.minutes}
    minutes.update(minute for each in (*leads, *refusals) for minute in each.minutes)
    steps = []
    for minute in sorted(minutes):
        at, level = current.at(minute), mood.at(minute)
        refused = obstructs[at] or refusals[at].at(minute) * level // 1000 >= _ALWAYS
        steps.append((minute, NEVER if refused else leads[at].at(minute) * level // 1000))
    return Steps(steps)


def ban(plan: Plan, row: int) -> tuple[int, int] | None:
    """The minutes from which and to which a ban holds in every replication, None if it need not."""
    if plan.ban_chance[row] < _ALWAYS:
        return None

    def ends(series_row: int) -> tuple[int, int]:
        return series(plan, series_row).at(0), series(plan, series_row, knot=-1).at(0)

    earliest, latest = ends(int(plan.ban_start[row]))
    until = int(plan.ban_end[row])
    if plan.ban_length[row] >= 0:
        until = max(earliest, 0) + ends(int(plan.ban_length[row]))[0]
    since = max(latest, 0)
    return (since, until) if since < until else None


def first_look(plan: Plan, milestone: int, before: int) -> int:
    """The first morning on which a deadline, as known that day, is `before` minutes away or nearer."""
    known = [(0, int(plan.mile_deadline[milestone]))]
    for row in range(len(plan.calendar_minute)):
        if plan.calendar_entry[row] == Entry.DEADLINE and plan.calendar_subject[row] == milestone:
            known.append((int(plan.calendar_minute[row]), int(plan.calendar_amount[row])))
    for at, (since, deadline) in enumerate(known):
        until = known[at + 1][0] if at + 1 < len(known) else NEVER
        look = morning(max(since, deadline - before))
        if look < until:
            return look
    return NEVER


def morning(minute: int) -> int:
    """The first 00:00 at or after a minute."""
    return min(-(-max(minute, 0) // MINUTES_PER_DAY) * MINUTES_PER_DAY, NEVER)

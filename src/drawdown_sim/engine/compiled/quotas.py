"""Quotas: what is counted per period, and what is left of it."""

from __future__ import annotations

from ...model.plan import NEVER, Counts, Period
from .chance import value_at
from .link import part
from .run import MINUTES_PER_DAY, MINUTES_PER_WEEK, Record, item_of, listed, quota_of

_DAY, _MONTH = int(Period.DAY), int(Period.MONTH)
_VEHICLES, _PEOPLE = int(Counts.VEHICLES), int(Counts.PEOPLE)


@part
def period_end(run: Record, row: int) -> int:
    """The minute at which the next period of a quota begins; a new period starts with nothing used."""
    quota, now = quota_of(run, row), run.now
    if now >= quota.until:
        until = NEVER
        if quota.period == _MONTH:
            for at in range(run.months_count):
                if listed(run, run.months + at) > now:
                    until = listed(run, run.months + at)
                    break
        else:
            length = MINUTES_PER_DAY if quota.period == _DAY else MINUTES_PER_WEEK
            until = (now // length + 1) * length
        quota.until = until
        quota.used = 0
    return quota.until


@part
def quota_left(run: Record, row: int) -> int:
    """What is left of a quota in the present period."""
    period_end(run, row)
    quota = quota_of(run, row)
    return value_at(run, quota.limit, run.now) - quota.used


@part
def use_quota(run: Record, row: int, quantity: int, used_row: int) -> None:
    """Count against a quota."""
    period_end(run, row)
    quota = quota_of(run, row)
    quota.used += quantity
    quota.row = used_row


@part
def counted(run: Record, row: int, vehicles: int) -> int:
    """What a movement of so many vehicles counts for against a quota of vehicles or movements."""
    return vehicles if quota_of(run, row).counts == _VEHICLES else 1


@part
def counts_item(run: Record, row: int, item_row: int) -> bool:
    """Whether an item's units count for a quota of people or loads."""
    quota, item = quota_of(run, row), item_of(run, item_row)
    if (quota.counts == _PEOPLE) != (item.people != 0):
        return False
    if quota.unowned:
        return True
    return item.contingent >= 0 and listed(run, quota.contingents + item.contingent) != 0

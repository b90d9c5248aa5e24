"""Quotas: what is counted per period, and what is left of it."""

from __future__ import annotations

from ...model.plan import NEVER, Counts, Period
from .run import MINUTES_PER_DAY, MINUTES_PER_WEEK, Run


def period_end(run: Run, quota: int) -> int:
    """The minute at which the next period of a quota begins; a new period starts with nothing used."""
    now = run.now
    until = run.quota_until[quota]
    if now >= until:
        period = run.p.quota_period[quota]
        if period == Period.MONTH:
            until = next((m for m in run.p.month_minute if m > now), NEVER)
        else:
            length = MINUTES_PER_DAY if period == Period.DAY else MINUTES_PER_WEEK
            until = (now // length + 1) * length
        run.quota_until[quota] = until
        run.quota_used[quota] = 0
    return until


def quota_left(run: Run, quota: int) -> int:
    """What is left of a quota in the present period."""
    period_end(run, quota)
    return run.at(run.p.quota_limit[quota], run.now) - run.quota_used[quota]


def use_quota(run: Run, quota: int, quantity: int, row: int) -> None:
    """Count against a quota."""
    period_end(run, quota)
    run.quota_used[quota] += quantity
    run.quota_row[quota] = row


def counted(run: Run, quota: int, vehicles: int) -> int:
    """What a movement of so many vehicles counts for against a quota of vehicles or movements."""
    return vehicles if run.p.quota_counts[quota] == Counts.VEHICLES else 1


def counts_item(run: Run, quota: int, item: int) -> bool:
    """Whether an item's units count for a quota of people or loads."""
    p = run.p
    if (p.quota_counts[quota] == Counts.PEOPLE) != bool(p.item_people[item]):
        return False
    contingent = p.item_contingent[item]
    return bool(p.quota_unowned[quota]) or (contingent >= 0 and bool(p.quota_contingent[quota][contingent]))

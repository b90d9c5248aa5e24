"""Quotas: what is counted per period, and what is left of it."""

from __future__ import annotations

from ...model.plan import NEVER, Period
from .run import MINUTES_PER_DAY, MINUTES_PER_WEEK, Run


def quota_left(run: Run, quota: int) -> int:
    """What is left of a quota in the present period."""
    if run.now >= run.quota_known[quota]:
        _renew(run, quota)
    return run.quota_left[quota]


def period_end(run: Run, quota: int) -> int:
    """The minute at which the next period of a quota begins."""
    if run.now >= run.quota_known[quota]:
        _renew(run, quota)
    return run.quota_until[quota]


def quota_limit(run: Run, quota: int) -> int:
    """What a quota allows in a period, as read now."""
    return run.view.quota_limit[quota].at(run.now)


def use_quota(run: Run, quota: int, quantity: int, row: int) -> None:
    """Count against a quota."""
    quota_left(run, quota)
    run.quota_used[quota] += quantity
    run.quota_left[quota] -= quantity
    run.quota_row[quota] = row


def _renew(run: Run, quota: int) -> None:
    """Read the limit anew; a new period starts with nothing used. What is left is known until either may change."""
    until = run.quota_until[quota]
    if run.now >= until:
        until = run.quota_until[quota] = _next_period(run, quota)
        run.quota_used[quota] = 0
    limit = run.view.quota_limit[quota]
    run.quota_left[quota] = limit.at(run.now) - run.quota_used[quota]
    change = limit.until(run.now)
    run.quota_known[quota] = until if change is None else min(until, change)


def _next_period(run: Run, quota: int) -> int:
    now, period = run.now, run.p.quota_period[quota]
    if period == Period.MONTH:
        return next((minute for minute in run.p.month_minute if minute > now), NEVER)
    length = MINUTES_PER_DAY if period == Period.DAY else MINUTES_PER_WEEK
    return (now // length + 1) * length

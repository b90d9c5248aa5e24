"""Quotas: what is counted per period, and what is left of it."""

from __future__ import annotations

from ...model.plan import NEVER, Period
from .run import MINUTES_PER_DAY, MINUTES_PER_WEEK, Run


def period_end(run: Run, quota: int) -> int:
    """The minute at which the next period of a quota begins; a new period starts with nothing used."""
    until = run.quota_until[quota]
    if run.now >= until:
        until = run.quota_until[quota] = _next_period(run, quota)
        run.quota_used[quota] = 0
    return until


def _next_period(run: Run, quota: int) -> int:
    now, period = run.now, run.p.quota_period[quota]
    if period == Period.MONTH:
        return next((minute for minute in run.p.month_minute if minute > now), NEVER)
    length = MINUTES_PER_DAY if period == Period.DAY else MINUTES_PER_WEEK
    return (now // length + 1) * length


def quota_limit(run: Run, quota: int) -> int:
    """What a quota allows in a period, as read now."""
    return run.view.quota_limit[quota].at(run.now)


def quota_left(run: Run, quota: int) -> int:
    """What is left of a quota in the present period."""
    period_end(run, quota)
    return run.view.quota_limit[quota].at(run.now) - run.quota_used[quota]


def use_quota(run: Run, quota: int, quantity: int, row: int) -> None:
    """Count against a quota."""
    period_end(run, quota)
    run.quota_used[quota] += quantity
    run.quota_row[quota] = row

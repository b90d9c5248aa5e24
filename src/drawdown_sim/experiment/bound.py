"""What cannot be: for each milestone a date before which no future reaches it, and the proofs of that.

Nothing is played: the bounds are read off the plan (`analysis.bound`), so there is no seed and no chance in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from ..analysis.bound import Bound, Bounds, milestone_bound
from ..analysis.measures import final_deadlines, milestone_row
from ..model.plan import NEVER, Plan
from ..units import MINUTES_PER_DAY
from .answers import Answer, Table
from .run import Playable, prepare
from .summarise import last_day

#: Proofs that an answer keeps for each milestone.
MOST_KEPT = 12


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone and the date before which it cannot be reached."""

    milestone: str
    deadline: str
    minute: int | None
    earliest: str | None
    slack_days: float | None
    impossible: bool
    kind: str | None
    resource: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """One bound of a milestone, the strongest first; a column that does not apply is empty or 0."""

    milestone: str
    rank: int
    minute: int | None
    earliest: str | None
    slack_days: float | None
    kind: str
    resource: str
    number: int
    people: bool
    kept: bool
    uses: float
    fewest: int
    most: int
    ends: str | None
    period: str
    counts: str
    held_days: float | None
    since: str | None
    released: str | None
    last: str | None
    removable: str | None
    items: str
    places: str


UNITS = {
    "milestones": {"minute": "minute", "slack_days": "day"},
    "bounds": {"minute": "minute", "slack_days": "day", "held_days": "day"},
}


def bound(scenario: Playable, *, milestone: str | None = None) -> Answer:
    """Lower bounds on every milestone, or on one.

    Raises PlanError for a milestone that there is not.
    """
    base = prepare(scenario)
    plan = base.plan
    names = plan.milestone_ids
    main = milestone_row(plan, milestone)
    deadlines = final_deadlines(plan)
    every = Bounds(plan)
    reached, proofs, paths = [], [], []
    for row in range(len(names)) if milestone is None else [main]:
        found = every.of(row)
        deadline = int(deadlines[row])
        reached.append(_reached(plan, row, found, deadline))
        kept = found[:MOST_KEPT]
        proofs += [_proof(plan, names[row], rank, each, deadline) for rank, each in enumerate(kept, start=1)]
        paths += [_path(plan, names[row], rank, each) for rank, each in enumerate(kept, start=1) if each.steps]
    tables = [Table.of("milestones", reached, UNITS["milestones"])]
    if proofs:
        tables.append(Table.of("bounds", proofs, UNITS["bounds"]))
    return base.answer(
        question="bound",
        replications=0,
        asked={"milestone": milestone},
        found={
            "title": base.bundle.scenario.title,
            "milestone": names[main],
            "start": plan.start.isoformat(),
            "horizon": last_day(plan, plan.horizon),
            "paths": paths,
        },
        tables=tuple(tables),
    )


def _reached(plan: Plan, row: int, found: list[Bound], deadline: int) -> Reached:
    minute = milestone_bound(found)
    best = found[0] if found else None
    return Reached(
        milestone=plan.milestone_ids[row],
        deadline=last_day(plan, deadline),
        minute=_known(minute),
        earliest=moment(plan, minute),
        slack_days=_slack(minute, deadline),
        impossible=minute > deadline,
        kind=best.kind if best else None,
        resource=best.resource if best else None,
    )


def _proof(plan: Plan, milestone: str, rank: int, found: Bound, deadline: int) -> Proof:
    in_days = found.kind == "work"
    return Proof(
        milestone=milestone,
        rank=rank,
        minute=_known(found.minute),
        earliest=moment(plan, found.minute),
        slack_days=_slack(found.minute, deadline),
        kind=found.kind,
        resource=found.resource,
        number=found.number,
        people=found.people,
        kept=found.kept,
        uses=round(found.uses / MINUTES_PER_DAY, 3) if in_days else float(found.uses),
        fewest=found.fewest,
        most=found.most,
        ends=moment(plan, found.ends),
        period=found.period,
        counts=found.counts,
        held_days=_days(found.held) if found.held else None,
        since=moment(plan, found.since),
        released=moment(plan, found.released),
        last=moment(plan, found.last),
        removable=moment(plan, found.removable),
        items=", ".join(found.items),
        places=", ".join(found.places),
    )


def _path(plan: Plan, milestone: str, rank: int, found: Bound) -> dict[str, Any]:
    """The dated steps of a longest path."""
    steps = [
        {"moment": moment(plan, step.minute), "what": step.what, "subject": step.subject, "by": step.by}
        for step in found.steps
    ]
    return {"milestone": milestone, "rank": rank, "steps": steps}


def moment(plan: Plan, minute: int) -> str | None:
    """A minute as date and time, `2023-12-31 06:00`; None for never, or beyond the horizon."""
    if minute > plan.horizon:
        return None
    return (datetime.combine(plan.start, time()) + timedelta(minutes=minute)).isoformat(" ", "minutes")


def _known(minute: int) -> int | None:
    return None if minute >= NEVER else minute


def _days(minutes: int) -> float | None:
    return None if minutes >= NEVER else round(minutes / MINUTES_PER_DAY, 3)


def _slack(minute: int, deadline: int) -> float | None:
    """Days from a bound to the deadline, negative if it lies behind; None if the milestone cannot be reached at all."""
    return None if minute >= NEVER else round((deadline - minute) / MINUTES_PER_DAY, 3)

"""What binds: the binding chain of the finish, of a milestone or of a camp's closing, in each replication.

Over many replications: who waits for what, how often and how long, and a criticality index per cause, camp, leg and
resource. In one replication: its whole chain, step by step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any

import numpy as np

from ..analysis.criticality import Criticality, of_causes, of_legs, of_places, of_resources, of_waits
from ..analysis.measures import final_deadlines, milestone_row
from ..analysis.names import name_of
from ..analysis.sample import Sample, days
from ..analysis.steps import Chain, Target, chain_of
from ..analysis.summary import likelihood, quantiles
from ..errors import PlanError
from ..model.plan import NEVER, Carries, Ints, Mode, Plan
from ..model.trajectory import ACTIVITIES, Hold, Status
from ..scenario.resolve import Bundle
from .answers import Answer, Cell, Table
from .run import Playable, prepare
from .summarise import day_by, day_of, last_day
from .variants import look_at
from .workers import Workers

DEFAULT_REPLICATIONS = 1000

#: The chains of all replications are kept until the end, some kilobytes each.
MOST_REPLICATIONS = 100_000

_UNITS = dict.fromkeys(("days", "p10", "p50", "p90", "days_when_on"), "day") | dict.fromkeys(
    ("criticality", "low", "high"), "share of replications"
)


def explain(
    scenario: Playable,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int | None = None,
    *,
    workers: Workers | int = 1,
    milestone: str | None = None,
    camp: str | None = None,
    replication: int | None = None,
) -> Answer:
    """Why it finishes when it does: what binds the finish, a milestone, or the closing of a camp.

    With `replication` only that one future is played, and told step by step. Raises ScenarioError or PlanError for
    what cannot be asked.
    """
    prepared = prepare(scenario, seed)
    plan, bundle = prepared.plan, prepared.bundle
    target = target_of(plan, milestone, camp)
    first, count = (0, replications) if replication is None else (replication, 1)
    if not 1 <= count <= MOST_REPLICATIONS:
        raise PlanError(f"replications: {count} is out of range; expected 1 to {MOST_REPLICATIONS}")
    if not 0 <= first < 1 << 32:
        raise PlanError(f"replication: {first} is out of range; expected 0 to 2**32 - 1")
    chains: tuple[Chain, ...]
    sample, chains = look_at(prepared, first, count, partial(chain_of, target=target), Workers.of(workers))
    return prepared.answer(
        question="explain",
        replications=count,
        asked={
            "about": target.sort,
            "id": _id(plan, target),
            "replications": count,
            "replication": replication,
        },
        found=_found(bundle, plan, target, sample, chains),
        tables=_tables(chains) if replication is None else (_steps(plan, chains[0]),),
    )


def target_of(plan: Plan, milestone: str | None = None, camp: str | None = None) -> Target:
    """The target that is named; the finish if none is. Raises PlanError for one that does not exist."""
    if milestone is not None and camp is not None:
        raise PlanError(f"milestone {milestone} and camp {camp}: expected one of them; ask for the other apart")
    if milestone is not None:
        return Target("milestone", milestone_row(plan, milestone))
    if camp is None:
        return Target()
    closing = [name for name, closes in zip(plan.camp_ids, plan.camp_closes.tolist(), strict=True) if closes]
    if camp not in closing:
        fault = "is planned to stay open" if camp in plan.camp_ids else "is no camp"
        raise PlanError(f"camp '{camp}' {fault}; those that close are {', '.join(closing) or 'none'}")
    return Target("camp", plan.camp_ids.index(camp))


def _id(plan: Plan, target: Target) -> str:
    names = {"milestone": plan.milestone_ids, "camp": plan.camp_ids}
    return name_of(names.get(target.sort, ()), target.row)


def _found(bundle: Bundle, plan: Plan, target: Target, sample: Sample, chains: Sequence[Chain]) -> dict[str, Any]:
    """When the target was reached, with the chance, the losses and the exposure that go with it."""
    reached = np.array([chain.minute if chain.reached else NEVER for chain in chains], dtype=np.int64)
    ends = quantiles(reached)
    day = day_of if target.sort == "camp" else day_by
    milestone = _id(plan, target) if target.sort == "milestone" else None
    judged = sample.milestone(milestone)
    given = sample.chance(milestone)
    status = sample.column("status")
    return {
        "about": target.sort,
        "id": _id(plan, target),
        "start": plan.start.isoformat(),
        "reached": len(chains) - ends.never,
        "censored": ends.never,
        "p10": day(plan, ends.p10),
        "p50": day(plan, ends.p50),
        "p90": day(plan, ends.p90),
        "days": days(sum(chain.minute for chain in chains) / len(chains)),
        "minutes": sum(chain.minute for chain in chains),
        "status": {state.name.lower(): int((status == state).sum()) for state in Status},
        "verdict": {
            "milestone": plan.milestone_ids[judged],
            "deadline": last_day(plan, int(final_deadlines(plan)[judged])),
            "words": list(likelihood(given)),
            "probability": given.probability,
            "low": given.low,
            "high": given.high,
        },
        "price": {
            "people_due": int(plan.item_number[plan.item_people == 1].sum()),
            "people_left": _amount(sample.column("people_left")),
            "loads_due": int(plan.item_number[plan.item_people == 0].sum()),
            "loads_left": _amount(sample.column("cargo_left")),
            "losses": _amount(sample.losses()),
            "vehicles_lost": _amount(sample.column("vehicles_lost")),
            "convoy_km": _amount(sample.exposure()),
            "people_hurt": _amount(sample.hurt()),
        },
        **_most(chains),
        "titles": _titles(bundle),
        "lifts": _lifts(plan),
    }


def _most(chains: Sequence[Chain]) -> dict[str, Any]:
    """The cause with most days on the chains, and of what is waited for the one that lies on most of them."""
    causes = of_causes(chains)
    waits = {cause: entry for cause, entry in causes.items() if cause[0] not in ACTIVITIES}

    def told(cause: tuple[Hold, str] | None) -> dict[str, Any] | None:
        if cause is None:
            return None
        entry = causes[cause]
        found = {"on_chain": entry.on_chain, "criticality": entry.criticality, "days": entry.days}
        return {"hold": _word(cause[0]), "subject": cause[1], **found}

    return {
        "most_days": told(next(iter(causes), None)),
        "most_often": told(max(waits, key=lambda cause: waits[cause].on_chain, default=None)),
    }


def _amount(values: Ints) -> dict[str, float]:
    """Mean, P10, P50 and P90 of a count; the quantiles were seen."""
    ordered = np.sort(values)
    runs = len(ordered)
    seen = {f"p{p}": int(ordered[max(-(-runs * p // 100), 1) - 1]) for p in (10, 50, 90)}
    return {"mean": round(float(values.sum()) / runs, 3), **seen}


def _titles(bundle: Bundle) -> dict[str, str]:
    """Names for people of places and authorities, by id, where they have one."""
    scenario = bundle.scenario
    titles = {key: entry.title for key, entry in scenario.authorities.items()}
    titles |= {key: entry.title for key, entry in scenario.places.items()}
    return {key: title for key, title in titles.items() if title}


def _lifts(plan: Plan) -> dict[str, dict[str, Any]]:
    """What each lift is for, in words of the scenario."""
    return {
        name: {
            "to": plan.place_ids[plan.lift_to[row]],
            "mode": Mode(int(plan.lift_mode[row])).name.lower(),
            "carries": Carries(int(plan.lift_carries[row])).name.lower(),
            "fetches": not bool(plan.lift_from_origin[row]),
        }
        for row, name in enumerate(plan.lift_ids)
    }


def _tables(chains: Sequence[Chain]) -> tuple[Table, ...]:
    """Who waits for what, and the criticality of causes, camps, legs and resources; most days first."""
    cause, wait, one = ("hold", "subject"), ("place", "lift", "hold", "subject"), ("id",)
    waits = {(place, lift, _word(hold), subject): c for (place, lift, hold, subject), c in of_waits(chains).items()}
    return (
        _table("waits", wait, waits),
        _table("causes", cause, {(_word(hold), subject): c for (hold, subject), c in of_causes(chains).items()}),
        _table("camps", one, {(name,): c for name, c in of_places(chains).items()}),
        _table("legs", one, {(name,): c for name, c in of_legs(chains).items()}),
        _table("resources", cause, {(_word(hold), subject): c for (hold, subject), c in of_resources(chains).items()}),
        _still(chains),
    )


def _word(hold: Hold) -> str:
    return hold.name.lower()


def _table(name: str, head: tuple[str, ...], found: Mapping[Any, Criticality]) -> Table:
    """A table with what names a thing, and its criticality."""
    columns = tuple(field.name for field in fields(Criticality))
    rows = tuple((*key, *(getattr(entry, column) for column in columns)) for key, entry in found.items())
    return Table(name, (*head, *columns), rows, _UNITS)


def _still(chains: Sequence[Chain]) -> Table:
    """What still waited where the target was not reached: the last step of those chains."""
    ends: Counter[tuple[str, str, str, str]] = Counter()
    for chain in chains:
        if not chain.reached and chain.steps:
            last = chain.steps[-1]
            ends[last.place, last.lift, _word(last.held_by), last.subject] += 1
    rows = sorted(ends.items(), key=lambda entry: (-entry[1], entry[0]))
    return Table(
        "still_waiting", ("place", "lift", "hold", "subject", "replications"), tuple((*key, n) for key, n in rows)
    )


def _steps(plan: Plan, chain: Chain) -> Table:
    """The chain of one replication, a row per step, earliest first."""
    columns = (
        "since",
        "date",
        "minutes",
        "days",
        "place",
        "lift",
        "hold",
        "subject",
        "leg",
        "users",
        "refusals",
        "then",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            step.since,
            day_of(plan, step.since),
            step.minutes,
            days(step.minutes),
            step.place,
            step.lift,
            _word(step.held_by),
            step.subject,
            step.leg,
            ",".join(step.users),
            step.refusals,
            step.then.name.lower(),
        )
        for step in chain.steps
    ]
    return Table("steps", columns, tuple(rows), {"since": "minute", "minutes": "minute", "days": "day"})

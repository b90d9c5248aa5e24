"""The summary of a run: everything that is printed, as plain data with stable keys and dates.

Built from the plan, the scenario and the collected rows; nothing here depends on how the work was shared
out or when. Keys are only ever added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from ..analysis import (
    Chance,
    Quantiles,
    chance,
    columns,
    final_deadlines,
    likelihood,
    primary_milestone,
    quantiles,
)
from ..model.plan import CONTRACT, NEVER, Ints, Plan
from ..model.trajectory import Hold, Status
from ..scenario.resolve import Bundle, count_inputs
from ..units import MINUTES_PER_DAY
from .blocks import Ending
from .collected import Collected

#: Causes and endings that a summary keeps.
MOST_CAUSES = 20
MOST_ENDINGS = 20


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a run, by name of column."""

    names: tuple[str, ...]
    collected: Collected

    def __getitem__(self, name: str) -> Ints:
        return self.collected.column(self.names.index(name))


def summarise(bundle: Bundle, plan: Plan, collected: Collected, *, digest: str, seed: int) -> dict[str, Any]:
    """The summary of all replications; see the module."""
    table = Table(columns(plan), collected)
    runs = collected.replications
    scenario = bundle.scenario
    return {
        "scenario": bundle.name,
        "title": scenario.title,
        "digest": digest,
        "contract": CONTRACT,
        "seed": seed,
        "replications": runs,
        "replay": scenario.replay,
        "as_of": scenario.as_of.isoformat(),
        "status": {s.name.lower(): int((table["status"] == s).sum()) for s in Status},
        "verdict": _verdict(plan, table),
        "milestones": _milestones(bundle, plan, table),
        "camps": _camps(bundle, plan, table),
        "remaining": _remaining(bundle, plan, table),
        "losses": _losses(bundle, plan, table),
        "exposure": _exposure(table),
        "binds": _binds(collected.causes, runs),
        "inputs": _inputs(bundle),
        "held": _held(table, runs),
        "endings": _endings(collected.endings),
        "people_out": _curve(plan, collected),
    }


def date_of(plan: Plan, minute: int) -> str:
    """The date of a minute, as 2023-12-31."""
    return (plan.start + timedelta(minute // MINUTES_PER_DAY)).isoformat()


def day_of(plan: Plan, minute: int | None) -> str | None:
    """The date of a minute; None stays None, and so does what never was."""
    return None if minute is None or minute >= NEVER else date_of(plan, minute)


def day_by(plan: Plan, minute: int | None) -> str | None:
    """The date by whose end something was done; None stays None.

    Choice: what is done at midnight is done by the end of the day before, since a deadline includes its
    whole day. A camp, however, closes on the day that midnight begins, as its target day does.
    """
    return None if minute is None or minute >= NEVER else day_of(plan, max(minute - 1, 0))


def last_day(plan: Plan, minute: int) -> str:
    """The date of the last day before a minute: of a deadline, its day."""
    return (plan.start + timedelta((minute - 1) // MINUTES_PER_DAY)).isoformat()


def _inputs(bundle: Bundle) -> dict[str, int]:
    """How many inputs rest on what, how many are hindsight or replay, how many there are."""
    counts = count_inputs(bundle)
    return {**counts, "total": sum(n for kind, n in counts.items() if kind not in ("hindsight", "replay"))}


def _verdict(plan: Plan, table: Table) -> dict[str, Any]:
    row = primary_milestone(plan)
    name = plan.milestone_ids[row]
    given = _chance(plan, table, row)
    everyone = bool(plan.mile_people[row]) and bool(plan.mile_contingent[row].all())
    return {
        "milestone": name,
        "claim": "all who are due to leave are out" if everyone else f"milestone {name} is reached",
        "words": list(likelihood(given)),
        "probability": given.probability,
        "low": given.low,
        "high": given.high,
    }


def _chance(plan: Plan, table: Table, row: int) -> Chance:
    reached = table[f"milestone:{plan.milestone_ids[row]}"]
    return chance(int((reached <= final_deadlines(plan)[row]).sum()), len(reached))


def _milestones(bundle: Bundle, plan: Plan, table: Table) -> list[dict[str, Any]]:
    found = []
    for row, name in enumerate(plan.milestone_ids):
        given = _chance(plan, table, row)
        times = quantiles(table[f"milestone:{name}"])
        found.append(
            {
                "id": name,
                "title": bundle.scenario.milestones[name].title,
                "deadline": last_day(plan, int(final_deadlines(plan)[row])),
                "probability": given.probability,
                "low": given.low,
                "high": given.high,
                **_dates(plan, times, day_by),
                "censored": times.never,
            }
        )
    return found


def _dates(plan: Plan, times: Quantiles, day: Callable[[Plan, int | None], str | None]) -> dict[str, str | None]:
    return {"p10": day(plan, times.p10), "p50": day(plan, times.p50), "p90": day(plan, times.p90)}


def _camps(bundle: Bundle, plan: Plan, table: Table) -> list[dict[str, Any]]:
    found = []
    for row, name in enumerate(plan.camp_ids):
        closed = quantiles(table[f"camp:{name}:closed"])
        place = bundle.scenario.places[name]
        found.append(
            {
                "id": name,
                "title": place.title,
                "closes": bool(plan.camp_closes[row]),
                "window": _window(plan, row),
                **_dates(plan, closed, day_of),
                "censored": closed.never,
                "ceased": _dates(plan, quantiles(table[f"camp:{name}:ceased"]), day_of),
                "transferred": _dates(plan, quantiles(table[f"camp:{name}:transferred"]), day_of),
            }
        )
    return found


def _window(plan: Plan, camp: int) -> dict[str, str] | None:
    """First and last planned closing day of a camp in the latest version, None if it has no plan."""
    first, after = plan.window_at[camp], plan.window_at[camp + 1]
    if first == after:
        return None
    latest = first + int(np.argmax(plan.window_known[first:after]))
    series = plan.window_target[latest]
    knots = plan.tables[plan.series_table[plan.series_at[series + 1] - 1]]
    days = [plan.start + timedelta(int(knot) // MINUTES_PER_DAY) for knot in (knots[0], knots[-1])]
    return {"first": days[0].isoformat(), "last": days[1].isoformat()}


def _amount(values: Ints, scale: float = 1.0) -> dict[str, float]:
    """Mean, P10, P50 and P90 of a count; `scale` is what one unit is in the table's unit."""
    ordered = np.sort(values)
    runs = len(ordered)
    at = {f"p{p}": float(ordered[max(-(-runs * p // 100), 1) - 1]) / scale for p in (10, 50, 90)}
    return {key: round(number, 3) for key, number in {"mean": float(values.sum()) / runs / scale, **at}.items()}


def _remaining(bundle: Bundle, plan: Plan, table: Table) -> dict[str, Any]:
    """What is left at the deadline of the primary milestone, and the residual that was declared."""
    row = primary_milestone(plan)
    people = plan.item_people == 1
    residual = bundle.scenario.residual
    declared = int(plan.item_stays[people].sum())
    return {
        "deadline": last_day(plan, int(final_deadlines(plan)[row])),
        "people_due": int(plan.item_number[people].sum()),
        "people": _amount(table["people_left"]),
        "declared_residual": {"number": declared, "title": residual.title if residual else ""},
        "cargo_due": int(plan.item_number[~people].sum()),
        "cargo_in_camps": _amount(table["cargo_in_camps"]),
        "cargo": _amount(table["cargo_left"]),
        "cargo_planned_to_stay": int(plan.item_stays[~people].sum()),
    }


def _losses(bundle: Bundle, plan: Plan, table: Table) -> dict[str, Any]:
    """Loads and vehicles lost; `planned` counts the loads that the plan itself leaves, by disposition."""
    planned: Counter[str] = Counter()
    for item in np.flatnonzero((plan.item_people == 0) & (plan.item_moves == 0)).tolist():
        planned[bundle.scenario.cargo[plan.item_ids[item]].disposition] += int(plan.item_stays[item])
    return {
        "destroyed": _amount(table["destroyed"]),
        "lost_on_road": _amount(table["lost_on_road"]),
        "residual": _amount(table["residual"]),
        "vehicles_lost": _amount(table["vehicles_lost"]),
        "planned": dict(sorted(planned.items())),
    }


def _exposure(table: Table) -> dict[str, Any]:
    return {
        "convoy_km_under_threat": _amount(table["convoy_metres"], 1000),
        "strikes": _amount(table["strikes"]),
        "people_hurt": _amount(table["people_hurt"]),
        "falls_below_minimum_force": _amount(table["falls_below"]),
        "overdue_person_days": _amount(table["overdue_minutes"], MINUTES_PER_DAY),
        "days_without_supplies": _amount(table["dry_minutes"], MINUTES_PER_DAY),
    }


def _binds(causes: Counter[tuple[Hold, str]], runs: int) -> list[dict[str, Any]]:
    """The causes with most mean days on the binding chains, largest first."""
    largest = sorted(causes.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_CAUSES]
    return [
        {
            "cause": f"{hold.name.lower()}: {subject}" if subject else hold.name.lower(),
            "days": round(minutes / runs / MINUTES_PER_DAY, 3),
            "hold": hold.name.lower(),
            "subject": subject,
        }
        for (hold, subject), minutes in largest
    ]


def _held(table: Table, runs: int) -> dict[str, float]:
    """Mean days that movements spent, by what held them; not on the binding chain only."""
    days = {hold.name.lower(): table[f"held:{hold.name.lower()}"].sum() / runs / MINUTES_PER_DAY for hold in Hold}
    return {name: round(float(mean), 3) for name, mean in days.items() if mean > 0}


def _endings(endings: Counter[Ending]) -> list[dict[str, Any]]:
    """Who waits for whom in runs that did not complete, most frequent first."""
    largest = sorted(endings.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_ENDINGS]
    return [
        {"status": s.name.lower(), "who": who, "hold": hold.name.lower(), "subject": subject, "runs": runs}
        for (s, who, hold, subject), runs in largest
    ]


def _curve(plan: Plan, collected: Collected) -> list[dict[str, Any]]:
    """People out at the end of each week: P10, P50, P90 over the replications."""
    weeks = []
    for day in range(6, collected.days, 7):
        amount = _amount(collected.people_out(day))
        week = {"day": (plan.start + timedelta(day)).isoformat()}
        weeks.append(week | {name: int(amount[name]) for name in ("p10", "p50", "p90")})
    return weeks

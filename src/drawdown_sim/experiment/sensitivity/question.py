"""What matters among what is not known: a tornado, a screening of interactions, and the debt of weak grounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

import numpy as np

from ...analysis.measures import final_deadlines, milestone_row
from ...analysis.summary import chance, quantiles
from ...errors import DrawdownError
from ...model.plan import Plan
from ...scenario.values import Value
from ...units import MINUTES_PER_DAY
from ..answers import Answer, Table
from ..run import MOST_REPLICATIONS, Playable, Prepared, prepare
from ..summarise import day_by, last_day
from ..workers import Workers
from .assumptions import WEAKEST_FIRST, Assumption, assumptions, without_range
from .debt import UNITS, debt_of, measures_of
from .screening import LEAST_TRAJECTORIES, LEVELS, Floats, Screening, check_salib, screen, trajectories
from .settings import Outcome, outcomes
from .tornado import MEASURES, Bar, By, bars

#: The screening's name for all that is not screened alone.
OTHERS = "all others together"

#: Replications below which a chance at an end says nothing.
LEAST_REPLICATIONS = 20


@dataclass(frozen=True, slots=True)
class Design:
    """How much is tried: replications of each setting, trajectories of the screening, what it takes alone."""

    replications: int = 300
    trajectories: int = 16
    alone: int = 12

    @property
    def per_point(self) -> int:
        """Replications of a point of the screening: fewer, since its effects are means over many points."""
        return max(self.replications // 3, 2)


def sensitivity(
    scenario: Playable,
    seed: int | None = None,
    *,
    by: str = "chance",
    milestone: str | None = None,
    design: Design | None = None,
    apart: bool = False,
    workers: Workers | int = 1,
) -> Answer:
    """Which assumptions move the answer, alone and with others, the first to be found out first.

    Ranked `by` the chance of the milestone or its mean finish. Inputs that share a ground move together unless kept
    `apart`. Raises DrawdownError for options out of bounds, or a scenario in which no input has a range.
    """
    base, size = prepare(scenario, seed), design or Design()
    measure = _measure(by)
    _check(size)
    named = base.plan.milestone_ids[milestone_row(base.plan, milestone)]
    found = assumptions(base.bundle, apart=apart)
    if not found:
        raise DrawdownError(
            f"{base.bundle.name}: no input has a range, so there is nothing to move; write what is plausible beside a"
            " value, as in range: [2 days, 8 days]"
        )
    team = Workers.of(workers).towards(_expected(size, len(found)))
    as_written, measured = bars(base, found, named, size.replications, team)
    ranked = sorted(measured, key=lambda bar: _place(bar, measure))
    screenings, told = _screened(base, ranked, named, size, team)
    debts = [debt_of(rank, bar, measure, screenings) for rank, bar in enumerate(ranked, 1)]
    played = _played(measured) * size.replications + (told["points"] * size.per_point if told else 0)
    return base.answer(
        question="sensitivity",
        replications=played,
        asked={
            "by": measure,
            "milestone": named,
            "replications": size.replications,
            "trajectories": size.trajectories,
            "alone": size.alone,
            "apart": apart,
        },
        found={
            "title": base.bundle.scenario.title,
            "milestone": named,
            "deadline": last_day(base.plan, int(final_deadlines(base.plan)[base.plan.milestone_ids.index(named)])),
            "as_written": _as_written(base.plan, as_written, named),
            "inputs": sum(len(assumption.entries) for assumption in found),
            "without_range": without_range(base.bundle),
            "refused": _refused(ranked),
            "screening": told,
        },
        tables=(Table.of("debt", debts, UNITS),),
    )


def _expected(size: Design, found: int) -> int:
    """About how many replications it takes, for whoever watches."""
    points = size.trajectories * (min(found, size.alone + 1) + 1)
    return (1 + 2 * found) * size.replications + points * size.per_point


def _measure(by: str) -> By:
    """The measure to rank by. Raises DrawdownError for another."""
    found = next((measure for measure in MEASURES if measure == by), None)
    if found is None:
        raise DrawdownError(f"--by {by}: expected one of {', '.join(MEASURES)}")
    return found


def _check(size: Design) -> None:
    """Raise DrawdownError for a design that tells nothing."""
    if not LEAST_REPLICATIONS <= size.replications <= MOST_REPLICATIONS:
        raise DrawdownError(
            f"--replications {size.replications}: expected {LEAST_REPLICATIONS} to {MOST_REPLICATIONS}; fewer tell"
            " nothing about a chance"
        )
    if size.trajectories:
        if size.trajectories < LEAST_TRAJECTORIES:
            raise DrawdownError(
                f"--trajectories {size.trajectories}: expected {LEAST_TRAJECTORIES} or more, or 0 for no screening"
            )
        check_salib()
    if size.alone < 1:
        raise DrawdownError(f"--alone {size.alone}: expected 1 or more")


def _place(bar: Bar, by: By) -> tuple[float, float, int, str]:
    """Greatest swing first; where swings are equal the other measure, then the weaker ground."""
    other: By = "finish" if by == "chance" else "chance"
    weakness = WEAKEST_FIRST.index(bar.assumption.value.kind)
    return (-bar.swing(by).size, -bar.swing(other).size, weakness, bar.assumption.name)


def _played(measured: Sequence[Bar]) -> int:
    """Settings of the tornado that were played, with the scenario as written."""
    return 1 + sum(isinstance(end, Outcome) for bar in measured for end in bar.ends.values())


def _screened(
    base: Prepared, ranked: Sequence[Bar], milestone: str, size: Design, workers: Workers
) -> tuple[dict[By, Screening], dict[str, Any] | None]:
    """Elementary effects over the ranges of all assumptions, by measure, and how the screening went.

    Choice: those with the greatest swings are screened alone and the others as one group, so that every range is
    explored and the cost does not grow with their number; the group's effect says how much could hide there.
    """
    if not size.trajectories:
        return {}, None
    every = [bar.assumption for bar in ranked]
    groups = [one.name if at < size.alone else OTHERS for at, one in enumerate(every)]
    points = trajectories(groups, size.trajectories, base.seed)
    settings = [_at(every, point) for point in points]
    played = list(outcomes(base, settings, milestone, size.per_point, workers))
    screenings = {by: screen(groups, points, _outputs(played, by, size.per_point), base.seed) for by in MEASURES}
    chances = [float(each.in_time.mean()) for each in played if isinstance(each, Outcome)]
    told = {
        "trajectories": screenings["chance"].trajectories,
        "dropped": screenings["chance"].dropped,
        "points": len(points),
        "replications": size.per_point,
        "chance": {name: round(number, 6) for name, number in _ends(chances).items()},
        "others": {by: _others(found) for by, found in screenings.items()},
    }
    return screenings, told


def _ends(chances: Sequence[float]) -> dict[str, float]:
    """Least, median and greatest of some numbers; empty for none."""
    return {"min": min(chances), "median": median(chances), "max": max(chances)} if chances else {}


def _others(found: Screening) -> dict[str, Any] | None:
    """What all that was not screened alone does together; None where there is nothing such."""
    others = next((effect for effect in found.effects if effect.group == OTHERS), None)
    if others is None:
        return None
    return {"size": round(others.size, 4), "half": round(others.half, 4), "seen": others.is_seen}


def _at(every: Sequence[Assumption], point: Floats) -> dict[str, Value | str]:
    """Every assumption at its coordinate of a point on the grid."""
    setting: dict[str, Value | str] = {}
    for assumption, share in zip(every, point.tolist(), strict=True):
        setting |= assumption.at(Fraction(share).limit_denominator(LEVELS - 1))
    return setting


def _outputs(played: Sequence[Outcome | str], by: By, replications: int) -> Floats:
    """A measure at each point, a column per replication; NaN for a refused point."""
    found = np.full((len(played), replications), np.nan)
    for row, outcome in zip(found, played, strict=True):
        if isinstance(outcome, Outcome):
            row[:] = outcome.in_time if by == "chance" else outcome.finish / MINUTES_PER_DAY
    return found


def _as_written(plan: Plan, outcome: Outcome, milestone: str) -> dict[str, Any]:
    """The answer of the scenario itself: chance, finish, losses and exposure."""
    found = chance(int(outcome.in_time.sum()), len(outcome.in_time))
    times = quantiles(outcome.reached)
    return {
        "chance": found.probability,
        "low": found.low,
        "high": found.high,
        **{name: day_by(plan, getattr(times, name)) for name in ("p10", "p50", "p90")},
        **{name: number for name, number in measures_of(outcome).items() if name != "chance"},
    }


def _refused(ranked: Sequence[Bar]) -> list[dict[str, str]]:
    """Ends that make no plan, with the reason."""
    return [
        {"assumption": bar.assumption.name, "end": name, "why": end}
        for bar in ranked
        for name, end in bar.ends.items()
        if isinstance(end, str)
    ]

"""What scenarios and settings are compared by: chance, dates, losses and exposure of each, and paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis import final_deadlines
from ..analysis.paired import Difference, paired, paired_chance
from ..analysis.sample import Sample
from ..analysis.summary import Chance, Quantiles, likelihood
from ..errors import PlanError
from ..model.plan import Ints
from ..units import MINUTES_PER_DAY
from .answers import Cell, Table
from .run import MOST_REPLICATIONS
from .summarise import day_by, last_day

#: Replications in all that two quiet cores play well within two minutes.
AFFORDED = 160_000

#: Units of the columns of `Outcome`.
UNITS = {
    "chance": "ratio",
    "low": "ratio",
    "high": "ratio",
    "people_left": "person",
    "destroyed": "load",
    "lost_on_road": "load",
    "residual": "load",
    **dict.fromkeys(("losses", "losses_p10", "losses_p90"), "load"),
    **dict.fromkeys(("exposure", "exposure_p10", "exposure_p90"), "km"),
    **dict.fromkeys(("hurt", "hurt_p10", "hurt_p90"), "person"),
}

#: What is compared pair by pair, with its unit.
MEASURES = {"chance": "ratio", "finish": "day", "losses": "load", "exposure": "km", "hurt": "person"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario or setting: the chance, when, and at what price; means, with the quantiles that luck leaves.

    Chance and dates are empty for a scenario that does not have the milestone.
    """

    deadline: str | None
    chance: float | None
    low: float | None
    high: float | None
    words: str | None
    """The likelihood word, or two with "to" between them; empty below 200 replications."""
    p10: str | None
    p50: str | None
    p90: str | None
    never: int | None
    """Replications that did not get there by the horizon."""
    replications: int
    people_left: float
    """Due to leave, and still there at the deadline of the scenario's main milestone."""
    destroyed: float
    lost_on_road: float
    residual: float
    losses: float
    losses_p10: float
    losses_p90: float
    exposure: float
    exposure_p10: float
    exposure_p90: float
    hurt: float
    hurt_p10: float
    hurt_p90: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Other minus base in one measure, over pairs of replications with the same luck."""

    name: str
    measure: str
    """One of `MEASURES`."""
    unit: str
    mean: float
    low: float
    high: float
    is_detectable: bool
    variance_ratio: float | None
    """How many times as many independent replications the same interval would take; empty where no pair differs."""
    pairs: int


def affordable(asked: int | None, usual: int, plans: int) -> int:
    """Replications of each of so many plans: as asked, or the usual number as far as the time is there.

    Raises PlanError for a number out of range.
    """
    if asked is None:
        return min(usual, max(AFFORDED // plans, 2))
    if not 2 <= asked <= MOST_REPLICATIONS:
        raise PlanError(f"replications: {asked} is out of range; expected 2 to {MOST_REPLICATIONS}")
    return asked


def outcome(sample: Sample, milestone: str) -> Outcome:
    """A sample in the measures of a comparison."""
    plan = sample.plan
    chance: Chance | None = None
    when: Quantiles | None = None
    deadline: str | None = None
    if milestone in plan.milestone_ids:
        chance, when = sample.chance(milestone), sample.quantiles(milestone)
        deadline = last_day(plan, int(final_deadlines(plan)[sample.milestone(milestone)]))
    losses = _spread(sample.losses())
    exposure = _spread(sample.column("convoy_metres") / 1000)
    hurt = _spread(sample.hurt())
    return Outcome(
        deadline=deadline,
        chance=chance.probability if chance else None,
        low=chance.low if chance else None,
        high=chance.high if chance else None,
        words=(" to ".join(likelihood(chance)) or None) if chance else None,
        p10=day_by(plan, when.p10) if when else None,
        p50=day_by(plan, when.p50) if when else None,
        p90=day_by(plan, when.p90) if when else None,
        never=when.never if when else None,
        replications=len(sample),
        people_left=_mean(sample.column("people_left")),
        destroyed=_mean(sample.column("destroyed")),
        lost_on_road=_mean(sample.column("lost_on_road")),
        residual=_mean(sample.column("residual")),
        losses=losses[0],
        losses_p10=losses[1],
        losses_p90=losses[2],
        exposure=exposure[0],
        exposure_p10=exposure[1],
        exposure_p90=exposure[2],
        hurt=hurt[0],
        hurt_p10=hurt[1],
        hurt_p90=hurt[2],
    )


def outcomes_table(samples: Sequence[Sample], about: Sequence[Mapping[str, Cell]], milestone: str) -> Table:
    """The outcome of each sample, after the columns that say which it is."""
    rows: list[dict[str, Cell]] = [
        {**which, **asdict(outcome(sample, milestone))} for which, sample in zip(about, samples, strict=True)
    ]
    return Table("outcomes", tuple(rows[0]), tuple(tuple(row.values()) for row in rows), UNITS)


def differences_table(samples: Sequence[Sample], names: Sequence[str], milestone: str) -> Table:
    """The paired differences of each sample from the first."""
    found = [gap for name, other in zip(names[1:], samples[1:], strict=True)
             for gap in gaps(name, samples[0], other, milestone)]  # fmt: skip
    return Table.of("differences", found)


def _mean(amounts: NDArray[Any]) -> float:
    return round(float(amounts.mean()), 3)


def _spread(amounts: NDArray[Any]) -> tuple[float, float, float]:
    """Mean, P10 and P90; a quantile is an amount that was seen."""
    low, high = np.quantile(amounts, (0.1, 0.9), method="inverted_cdf")
    return _mean(amounts), round(float(low), 3), round(float(high), 3)


def gaps(name: str, base: Sample, other: Sample, milestone: str) -> list[Gap]:
    """The paired differences between a sample and the base, in every measure that both have."""
    found: dict[str, Difference] = {}
    if milestone in base.plan.milestone_ids and milestone in other.plan.milestone_ids:
        found["chance"] = paired_chance(base.in_time(milestone), other.in_time(milestone))
        ends = finishes(base, other, milestone)
        if ends is not None:
            found["finish"] = _scaled(paired(*ends), MINUTES_PER_DAY)
    found["losses"] = paired(base.losses(), other.losses())
    found["exposure"] = _scaled(paired(base.column("convoy_metres"), other.column("convoy_metres")), 1000)
    found["hurt"] = paired(base.hurt(), other.hurt())
    return [_gap(name, measure, difference) for measure, difference in found.items()]


def finishes(base: Sample, other: Sample, milestone: str) -> tuple[Ints, Ints] | None:
    """When two samples reached a milestone, on the clock of the base [minute]; None if no day is in both.

    A run that did not get there, or only after the earlier of the two horizons, stands at that horizon, so that a
    longer horizon alone makes no difference.
    """
    shift = (other.plan.start - base.plan.start).days * MINUTES_PER_DAY
    horizon = min(base.plan.horizon, other.plan.horizon + shift)
    if horizon <= max(shift, 0):
        return None
    return np.minimum(base.reached(milestone), horizon), np.minimum(other.reached(milestone) + shift, horizon)


def _scaled(given: Difference, unit: int) -> Difference:
    """The same difference in a larger unit."""
    mean, low, high = (end / unit for end in (given.mean, given.low, given.high))
    return Difference(mean, low, high, given.pairs, given.variance_ratio)


def _gap(name: str, measure: str, given: Difference) -> Gap:
    ratio = given.variance_ratio
    return Gap(
        name=name,
        measure=measure,
        unit=MEASURES[measure],
        mean=round(given.mean, 4),
        low=round(given.low, 4),
        high=round(given.high, 4),
        is_detectable=given.is_detectable,
        variance_ratio=None if ratio is None else round(ratio, 2),
        pairs=given.pairs,
    )

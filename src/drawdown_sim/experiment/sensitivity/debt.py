"""Assumption debt: what each assumption does to the answer, beside what it rests on, as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...scenario.contents import write_number
from .assumptions import ENDS
from .screening import Screening
from .settings import Outcome
from .tornado import MEASURES, Bar, By, mean_days

UNITS = {
    "chance_least": "probability",
    "chance_most": "probability",
    "chance_swing": "probability",
    "finish_least": "day after the start",
    "finish_most": "day after the start",
    "finish_swing": "day",
    "losses_least": "load",
    "losses_most": "load",
    "exposure_least": "km",
    "exposure_most": "km",
    "hurt_least": "person",
    "hurt_most": "person",
    "chance_elsewhere": "probability",
    "finish_elsewhere": "day",
}


@dataclass(frozen=True, slots=True)
class Debt:
    """An assumption with what it does: a row of the answer, the first to be found out first."""

    rank: int
    assumption: str
    inputs: int
    ground: str
    because: str
    """The words of its ground."""
    facts: str
    lever: bool
    free: bool
    as_written: str
    least: str
    most: str
    same_range: bool
    """Whether all its inputs have this range, or each its own."""
    chance_least: float | None
    chance_most: float | None
    chance_swing: float
    chance_swing_low: float
    chance_swing_high: float
    finish_least: float | None
    finish_most: float | None
    finish_swing: float
    finish_swing_low: float
    finish_swing_high: float
    losses_least: float | None
    losses_most: float | None
    exposure_least: float | None
    exposure_most: float | None
    hurt_least: float | None
    hurt_most: float | None
    censored_least: int | None
    censored_most: int | None
    detectable: bool
    """Of the measure that was asked for."""
    idle: bool
    """Not one replication came out otherwise, in any measure."""
    chance_elsewhere: float | None
    """Mean absolute swing with all others anywhere in their ranges; None if not screened alone, as for the next."""
    chance_elsewhere_half: float | None
    chance_interaction: str | None
    finish_elsewhere: float | None
    finish_elsewhere_half: float | None
    finish_interaction: str | None
    paths: str


def debt_of(rank: int, bar: Bar, by: By, screenings: Mapping[By, Screening]) -> Debt:
    """The row of an assumption, from its bar and, if it was screened alone, its effects."""
    one, value = bar.assumption, bar.assumption.value
    chance, finish = bar.chance, bar.finish
    told = {f"{measure}_{end}": number for end in ENDS for measure, number in measures_of(bar.end(end)).items()}
    for measure in MEASURES:
        told |= _elsewhere(measure, screenings.get(measure), one.name)
    return Debt(
        rank=rank,
        assumption=one.name,
        inputs=len(one.entries),
        ground=value.kind,
        because=value.text,
        facts=", ".join(value.facts),
        lever=one.is_lever,
        free=one.is_free,
        as_written=value.written or write_number(value.nominal, value.dimension),
        least=one.least,
        most=one.most,
        same_range=one.is_uniform,
        chance_swing=chance.size,
        chance_swing_low=chance.low,
        chance_swing_high=chance.high,
        finish_swing=finish.size,
        finish_swing_low=finish.low,
        finish_swing_high=finish.high,
        detectable=bar.swing(by).is_detectable,
        idle=bar.is_idle,
        paths=" ".join(one.paths),
        **told,
    )


def _elsewhere(by: By, screening: Screening | None, name: str) -> dict[str, Any]:
    """What a screening found about an assumption, in one measure; None if it was not screened alone."""
    effect = next((each for each in screening.effects if each.group == name), None) if screening else None
    return {
        f"{by}_elsewhere": round(effect.size, 4) if effect else None,
        f"{by}_elsewhere_half": round(effect.half, 4) if effect else None,
        f"{by}_interaction": effect.interaction if effect else None,
    }


def measures_of(outcome: Outcome | None) -> dict[str, Any]:
    """Means of a setting's measures; None for a refused one."""
    if outcome is None:
        return dict.fromkeys(("chance", "finish", "losses", "exposure", "hurt", "censored"))
    return {
        "chance": round(float(outcome.in_time.mean()), 6),
        "finish": mean_days(outcome),
        "losses": round(float(outcome.losses.mean()), 3),
        "exposure": round(float(outcome.exposure.mean()), 3),
        "hurt": round(float(outcome.hurt.mean()), 3),
        "censored": outcome.censored,
    }

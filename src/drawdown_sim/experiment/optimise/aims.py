"""Which plan of a front to take: four aims, each with a rule that can be read out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from ...analysis.paired import paired_chance
from ...analysis.pareto import front, shortfalls
from .trials import Trial

Aim = Literal["chance", "losses", "exposure", "balanced"]
AIMS: tuple[Aim, ...] = get_args(Aim)

_ABLE = "among plans whose chance is within the simulation error of the best"

#: What each aim takes from the front.
RULES: dict[Aim, str] = {
    "chance": "the greatest chance, then the least losses, then the least exposure",
    "losses": f"the least losses, then the least exposure, {_ABLE}",
    "exposure": f"the least exposure, then the least losses, {_ABLE}",
    "balanced": f"the least of the greater shortfall in losses and in exposure, as shares of their spans, {_ABLE}",
}
#: What is taken instead where no plan is ever in time.
HOPELESS = "the earliest mean finish, for no plan is in time in any future"


def front_of(trials: Sequence[Trial]) -> list[Trial]:
    """The plans that no other beats, the best chance first; of plans with equal scores the nearest to the scenario."""
    ordered = sorted(trials, key=lambda trial: (trial.distance, trial.number))
    kept = [ordered[row] for row in front([trial.cost for trial in ordered])]
    return sorted(kept, key=lambda trial: (trial.cost, trial.number))


def chosen(aim: Aim, kept: Sequence[Trial], tried: Sequence[Trial]) -> Trial:
    """The plan that an aim takes from a front, by its rule in `RULES`."""
    if is_hopeless(tried):
        return min(tried, key=lambda trial: (trial.finish, trial.distance, trial.number))
    best = kept[0]
    if aim == "chance":
        return best
    able = [trial for trial in kept if paired_chance(best.in_time, trial.in_time).high >= 0]
    if aim == "losses":
        return min(able, key=lambda trial: (trial.losses, trial.exposure))
    if aim == "exposure":
        return min(able, key=lambda trial: (trial.exposure, trial.losses))
    short = shortfalls([trial.cost[1:] for trial in able])
    return able[short.index(min(short))]


def is_hopeless(trials: Sequence[Trial]) -> bool:
    """Whether no plan was in time in any future."""
    return not any(trial.chance.hits for trial in trials)

"""Screening by elementary effects: what an input does where all others may be anywhere in their ranges.

The method of Morris (Technometrics 33 (1991) 161) over groups, with the mean of absolute effects of Campolongo,
Cariboni and Saltelli (Environmental Modelling & Software 22 (2007) 1509), sampled and analysed by SALib. It knows
nothing of scenarios, only points of the unit cube and what came out there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DrawdownError

Floats = NDArray[np.float64]

#: Levels of the grid on which points lie: 0, 1/3, 2/3 and 1.
LEVELS = 4

#: Trajectories below which effects have no spread.
LEAST_TRAJECTORIES = 2

#: Share of groups without an effect that are taken for seen.
_ERROR = 0.05

#: Spread over mean absolute effect, with the words for it; D. Garcia Sanchez and others, Energy and Buildings 68
#: (2014) 741: below 0.1 an effect is almost linear, below 0.5 monotonic, below 1 almost so.
_INTERACTION = ((0.1, "none"), (0.5, "weak"), (1.0, "some"))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a group does over its whole range, wherever the others are."""

    group: str
    mean: float
    """Mean effect: from least to most, so that effects of both signs cancel."""
    size: float
    """Mean absolute effect (mu*), in the output's unit."""
    half: float
    """Half of the 95 % interval of `size`, from resampled trajectories."""
    spread: float | None
    """Standard deviation of effects between places (sigma), less simulation error; None for a group of several."""
    is_seen: bool
    """Whether effects are more than simulation error."""

    @property
    def interaction(self) -> str:
        """How far the effect depends on where this and other inputs are: none, weak, some, strong."""
        if not self.is_seen:
            return "unseen"
        if self.spread is None:
            return "a group"
        ratio = self.spread / self.size
        return next((word for most, word in _INTERACTION if ratio < most), "strong")


@dataclass(frozen=True, slots=True)
class Screening:
    """The effects of all groups, and how many trajectories they are from."""

    effects: tuple[Effect, ...]
    trajectories: int
    dropped: int
    """Trajectories with a refused point."""


def check_salib() -> None:
    """Raise DrawdownError where SALib is missing."""
    if find_spec("SALib") is None:
        raise DrawdownError(
            "screening needs SALib, which is not installed; pip install 'drawdown-sim[sensitivity]', or leave the"
            " screening out with --trajectories 0"
        )


def trajectories(groups: Sequence[str], count: int, seed: int) -> Floats:
    """Points of the unit cube, one a row, on so many ways through it; each step of a way moves one group of inputs.

    `groups` names the group of each input, in the order of the columns. Raises DrawdownError where SALib is missing.
    """
    check_salib()
    from SALib.sample.morris import sample

    points: Floats = sample(_problem(groups), count, num_levels=LEVELS, seed=seed)
    return points


def screen(groups: Sequence[str], points: Floats, outputs: Floats, seed: int) -> Screening:
    """Elementary effects of the groups from the outputs at the points, a row each with a column per replication.

    A refused point is NaN, and its trajectory is dropped. No effects from fewer than two trajectories.
    """
    steps = len(set(groups)) + 1
    whole = ~np.isnan(outputs).any(axis=1).reshape(-1, steps).any(axis=1)
    kept = np.repeat(whole, steps)
    found: tuple[Effect, ...] = ()
    if whole.sum() >= LEAST_TRAJECTORIES:
        found = tuple(_effects(_problem(groups), points[kept], outputs[kept], steps, seed))
    return Screening(found, int(whole.sum()), int((~whole).sum()))


def _problem(groups: Sequence[str]) -> dict[str, Any]:
    """What SALib is told about the inputs."""
    return {
        "num_vars": len(groups),
        "names": [str(number) for number in range(len(groups))],
        "groups": list(groups),
        "bounds": [[0.0, 1.0]] * len(groups),
    }


def _effects(problem: dict[str, Any], points: Floats, found: Floats, steps: int, seed: int) -> list[Effect]:
    """SALib's effects, with simulation error taken out of their spread."""
    from SALib.analyze.morris import analyze
    from scipy.stats import chi2

    told = analyze(problem, points, found.mean(axis=1), num_levels=LEVELS, seed=seed)
    squares, errors = _steps(problem["groups"], points, found, steps)
    seen_above = chi2.ppf(1 - _ERROR, len(points) // steps)
    effects = []
    for at, group in enumerate(told["names"]):
        sigma, error = float(told["sigma"][at]), float(errors[group].mean())
        spread = None if np.isnan(sigma) else max(sigma**2 - error, 0.0) ** 0.5
        # a step that moves every replication alike has no error: it is seen if it moves any
        ratios = np.divide(squares[group], errors[group], where=errors[group] > 0, out=np.zeros_like(errors[group]))
        is_exact = bool(((errors[group] == 0) & (squares[group] > 0)).any())
        effects.append(
            Effect(
                str(group),
                float(told["mu"][at]),
                float(told["mu_star"][at]),
                float(told["mu_star_conf"][at]),
                spread,
                is_exact or bool(ratios.sum() > seen_above),
            )
        )
    return effects


def _steps(groups: list[str], points: Floats, found: Floats, steps: int) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The square of each effect and of its standard error, by group, an entry for each trajectory.

    Neighbouring points are paired replication by replication, so the error is that of the pairs' differences.
    """
    delta = LEVELS / (2 * (LEVELS - 1))
    replications = found.shape[1]
    squares: dict[str, list[float]] = {group: [] for group in groups}
    errors: dict[str, list[float]] = {group: [] for group in groups}
    for at in range(len(points) - 1):
        if (at + 1) % steps == 0:
            continue  # the next point begins another trajectory
        group = groups[int(np.flatnonzero(points[at + 1] != points[at])[0])]
        gaps = (found[at + 1] - found[at]) / delta
        squares[group].append(float(gaps.mean()) ** 2)
        errors[group].append(float(gaps.var(ddof=1)) / replications if replications > 1 else 0.0)
    return _arrays(squares), _arrays(errors)


def _arrays(lists: dict[str, list[float]]) -> dict[str, Floats]:
    return {group: np.array(numbers) for group, numbers in lists.items()}

"""Plans that were tried: each played once with the luck of all others, and scored by chance, losses and exposure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...analysis.measures import Bools
from ...analysis.sample import Sample, days
from ...analysis.summary import Chance
from ...errors import PlanError, ScenarioError
from ...scenario.checks import check_sense
from ...scenario.quantities import Refused
from ...scenario.resolve import with_values
from ..run import Prepared, prepare
from ..variants import play
from ..workers import Workers
from .space import Point, Space

#: Plans that are prepared and played together; fixed, so that a search does not depend on who does the work.
BATCH = 16

#: A score to be made small: futures not in time, loads lost, convoy-km under threat.
Cost = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Trial:
    """One plan and how it did; `point` is None for the scenario as it stands, where the space does not hold it."""

    number: int
    point: Point | None
    distance: float
    """From the scenario as it stands (see `Space.distance`)."""
    in_time: Bools
    chance: Chance
    losses: float
    """Mean [load]."""
    exposure: float
    """Mean [convoy-km under threat]."""
    hurt: float
    """Mean [person]."""
    finish: float
    """Mean, the horizon where the milestone was never reached [day after the start]."""
    censored: int

    @property
    def cost(self) -> Cost:
        """Everything that should be small."""
        return (-self.chance.probability, self.losses, self.exposure)


class Trials:
    """What was tried so far; each plan is played once, however often it is asked for."""

    def __init__(
        self, base: Prepared, space: Space, replications: int, milestone: str | None, workers: Workers
    ) -> None:
        self._base, self._space, self._workers = base, space, workers
        self._replications, self._milestone = replications, milestone
        self._done: dict[Point, Trial | None] = {}
        self.refused: list[str] = []
        own = space.start if _is_own(space) else None
        self.base = self._scored(own, play([base], replications, workers)[0], 0)
        self.found = [self.base]
        if own is not None:
            self._done[own] = self.base

    def __len__(self) -> int:
        """Plans that were looked at, refused ones with them."""
        return len(self._done)

    def try_all(self, points: Sequence[Point]) -> list[Trial | None]:
        """Score plans, the new ones in one batch; None for a plan that the scenario refuses. Raises EngineError."""
        fresh = [point for point in dict.fromkeys(points) if point not in self._done]
        ready = [(point, self.prepared(point)) for point in fresh]
        self._done.update({point: None for point, prepared in ready if prepared is None})
        sound = [(point, prepared) for point, prepared in ready if prepared is not None]
        samples = play([prepared for _, prepared in sound], self._replications, self._workers)
        for (point, _), sample in zip(sound, samples, strict=True):
            trial = self._scored(point, sample, len(self.found))
            self.found.append(trial)
            self._done[point] = trial
        return [self._done[point] for point in points]

    def prepared(self, point: Point | None) -> Prepared | None:
        """A plan of the space ready to be played; None, and the reason noted, if the scenario refuses it."""
        if point is None:
            return self._base
        try:
            bundle = with_values(self._base.bundle, self._space.values(point))
            if faults := check_sense(bundle):
                raise ScenarioError(faults)
            return prepare(bundle, self._base.seed)
        except (ScenarioError, PlanError, Refused) as refusal:
            self.refused.append(self._reason(refusal))
            return None

    def _reason(self, refusal: Exception) -> str:
        """The first fault, without the place in a file, for the file is not at fault."""
        told = str(refusal).splitlines()[0]
        is_placed = any(told.startswith(f"{file}:") for file in self._base.bundle.files)
        return told.partition(": ")[2] if is_placed else told

    def _scored(self, point: Point | None, sample: Sample, number: int) -> Trial:
        name = self._milestone
        return Trial(
            number,
            point,
            self._space.distance(point) if point is not None else 0.0,
            sample.in_time(name),
            sample.chance(name),
            round(float(sample.losses().mean()), 3),
            round(float(sample.exposure().mean()), 3),
            round(float(sample.hurt().mean()), 3),
            days(float(sample.finish(name).mean())),
            sample.censored(name),
        )


def _is_own(space: Space) -> bool:
    """Whether the plan nearest to the scenario as it stands is just that."""
    values = space.values(space.start)
    return all(values[choice.path].content == choice.base.content for choice in space.choices)

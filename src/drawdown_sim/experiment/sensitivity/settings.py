"""Settings of many inputs at once, prepared and played a few at a time, all with the luck of the scenario itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ...analysis.measures import Bools
from ...analysis.sample import Sample
from ...model.plan import NEVER, Ints
from ...scenario.values import Value
from ..run import Prepared
from ..variants import Variant, play, variant
from ..workers import Workers

Setting = Mapping[str, Value | str]

#: Settings that are prepared together: enough to keep all workers busy, few enough to find room in memory.
TOGETHER = 16


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a setting came to, a value per replication: chance, losses and exposure always together."""

    in_time: Bools
    reached: Ints
    """When the milestone was reached [minute], `NEVER` where it was not."""
    losses: Ints
    exposure: Ints
    hurt: Ints
    horizon: int

    @classmethod
    def of(cls, sample: Sample, milestone: str) -> Outcome:
        """The outcome of a sample, for a milestone."""
        return cls(
            sample.in_time(milestone),
            sample.reached(milestone),
            sample.losses(),
            sample.exposure(),
            sample.hurt(),
            sample.plan.horizon,
        )

    @property
    def finish(self) -> Ints:
        """When the milestone was reached [minute]; the horizon where it was not."""
        return np.minimum(self.reached, self.horizon)

    @property
    def censored(self) -> int:
        """Replications in which the milestone was not reached by the horizon."""
        return int((self.reached >= NEVER).sum())


def outcomes(
    base: Prepared, settings: Sequence[Setting], milestone: str, replications: int, workers: Workers
) -> Iterator[Outcome | str]:
    """What each setting came to over the same replications, or why it was refused, in their order.

    Settings are prepared while the ones before are played: the compiled engine lets another thread work. Raises
    EngineError.
    """
    parts = [settings[at : at + TOGETHER] for at in range(0, len(settings), TOGETHER)]
    with ThreadPoolExecutor(1) as ahead:
        coming = [ahead.submit(_prepared, base, part) for part in parts[:1]]
        for number in range(len(parts)):
            tried = coming.pop().result()
            coming += [ahead.submit(_prepared, base, part) for part in parts[number + 1 : number + 2]]
            ready = [each.prepared for each in tried if each.prepared is not None]
            samples = iter(play(ready, replications, workers))
            for each in tried:
                yield each.refused if each.prepared is None else Outcome.of(next(samples), milestone)


def _prepared(base: Prepared, settings: Sequence[Setting]) -> list[Variant]:
    return [variant(base, "", setting) for setting in settings]

"""A scenario with one input moved along an axis: each value played with the same luck, as often as is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...analysis.sample import Sample
from ...analysis.summary import Chance
from ...model.plan import Ints
from ..run import Prepared
from ..summarise import day_by
from ..variants import Variant, joined, play, variant
from ..workers import Workers
from .axis import Axis
from .crossings import side

#: What a refused value has: no plan, so no chance.
_NONE = Chance(0, 0, 0.0, 0.0, 0.0)

_SIDES = {1: "kept", 0: "undecided", -1: "broken"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of an input and what came of it; losses, exposure and people hurt are means of the replications."""

    value: float
    written: str
    replications: int
    chance: float
    low: float
    high: float
    side: str
    """Of the line: kept, undecided, broken, or refused where the value makes no plan."""
    finish_p50: str | None
    finish_p90: str | None
    censored: int
    losses: float | None
    exposure: float | None
    hurt: float | None
    refused: str = ""


#: Units of the columns of a table of settings, beside the value's own.
UNITS = {
    "replications": "replication",
    "chance": "ratio",
    "low": "ratio",
    "high": "ratio",
    "finish_p50": "date",
    "finish_p90": "date",
    "censored": "replication",
    "losses": "load",
    "exposure": "km",
    "hurt": "person",
}


class Moved:
    """The curve of a milestone's chance along an axis (see `crossings.Curve`).

    A value that makes no plan keeps no deadline: its chance is 0, and it is told apart as refused.
    """

    def __init__(self, base: Prepared, axis: Axis, milestone: str, workers: Workers) -> None:
        self.axis, self.last = axis, axis.last
        self._base, self._milestone, self._workers = base, milestone, workers
        self._variants: dict[int, Variant] = {}
        self._samples: dict[int, Sample] = {}

    @property
    def played(self) -> int:
        """Replications played so far."""
        return sum(len(sample) for sample in self._samples.values())

    def measure(self, values: Sequence[int], replications: int) -> None:
        """Have at least so many replications at each of these values; earlier ones are kept."""
        short = defaultdict(list)
        for value in dict.fromkeys(values):
            if value not in self._variants:
                self._variants[value] = self._variant(value)
            have = len(self._samples.get(value, ()))
            if self._variants[value].prepared is not None and have < replications:
                short[have].append(value)
        for have, group in sorted(short.items()):
            prepared = [p for value in group if (p := self._variants[value].prepared) is not None]
            found = play(prepared, replications - have, self._workers, first=have)
            for value, sample in zip(group, found, strict=True):
                self._samples[value] = joined([self._samples[value], sample]) if have else sample

    def known(self) -> list[int]:
        """The values measured so far, ascending."""
        return sorted(self._variants)

    def chance(self, value: int) -> Chance:
        """The chance of the milestone at a value that was measured."""
        sample = self._samples.get(value)
        return _NONE if sample is None else sample.chance(self._milestone)

    def setting(self, value: int, line: float) -> Setting:
        """What came of a value that was measured."""
        number = self.axis.number(value)
        refused = self._variants[value].refused
        return setting(self.axis, number, self._samples.get(value), self._milestone, line, refused)

    def _variant(self, value: int) -> Variant:
        if value == self.axis.base_at:
            return Variant(self._base.bundle.name, self._base)
        number = self.axis.number(value)
        return variant(self._base, self.axis.told(number), {self.axis.path: self.axis.to(number)})


def setting(
    axis: Axis, number: Fraction, sample: Sample | None, milestone: str, line: float, refused: str = ""
) -> Setting:
    """A value and its replications in numbers."""
    value, written = axis.size(number), axis.told(number)
    if sample is None:
        return Setting(value, written, 0, 0.0, 0.0, 0.0, "refused", None, None, 0, None, None, None, refused)
    given, times, plan = sample.chance(milestone), sample.quantiles(milestone), sample.plan
    return Setting(
        value,
        written,
        len(sample),
        given.probability,
        given.low,
        given.high,
        _SIDES[side(given, line)],
        day_by(plan, times.p50),
        day_by(plan, times.p90),
        times.never,
        _mean(sample.losses()),
        _mean(sample.exposure()),
        _mean(sample.hurt()),
    )


def _mean(values: Ints) -> float:
    return round(int(np.sum(values)) / len(values), 3)

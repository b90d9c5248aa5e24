"""A tornado: each assumption moved to both ends of its range, everything else as written, with the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, get_args

from ...analysis.paired import Difference, paired, paired_chance
from ...analysis.sample import days
from ...analysis.summary import Z95
from ...units import MINUTES_PER_DAY
from ..run import Prepared
from ..workers import Workers
from .assumptions import ENDS, Assumption
from .settings import Outcome, outcomes

By = Literal["chance", "finish"]

MEASURES: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Swing:
    """The greatest less the smallest of the answers at the least, as written and at the most."""

    size: float
    low: float
    high: float
    """The 95 % interval, which all swings of a tornado hold together."""

    @property
    def is_detectable(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0


@dataclass(frozen=True, eq=False)
class Bar:
    """What an assumption does alone: the answers at its ends, or why an end was refused."""

    assumption: Assumption
    ends: dict[str, Outcome | str]
    """By the names of `ENDS`."""
    chance: Swing
    finish: Swing
    """In days."""
    is_idle: bool
    """Whether not one replication came out otherwise, in any measure, at either end of the range."""

    def swing(self, by: By) -> Swing:
        """The swing of the measure that is asked for."""
        return self.chance if by == "chance" else self.finish

    def end(self, name: str) -> Outcome | None:
        """The outcome at an end; None if it was refused."""
        found = self.ends[name]
        return None if isinstance(found, str) else found


def bars(
    base: Prepared, found: Sequence[Assumption], milestone: str, replications: int, workers: Workers
) -> tuple[Outcome, list[Bar]]:
    """The outcome of the scenario as written, and a bar for each assumption, in their order."""
    settings = [assumption.at(share) for assumption in found for share in ENDS.values()]
    played = list(outcomes(base, [{}, *settings], milestone, replications, workers))
    as_written = played[0]
    assert isinstance(as_written, Outcome), "the scenario itself was prepared before"
    at_ends = zip(played[1::2], played[2::2], strict=True)
    return as_written, [
        _bar(as_written, assumption, dict(zip(ENDS, ends, strict=True)), len(found))
        for assumption, ends in zip(found, at_ends, strict=True)
    ]


def _bar(as_written: Outcome, assumption: Assumption, ends: dict[str, Outcome | str], bars: int) -> Bar:
    played = [end for end in ends.values() if isinstance(end, Outcome)]
    tried = [as_written, *played]
    is_idle = len(played) == len(ends) and all(_is_same(as_written, end) for end in played)
    return Bar(assumption, ends, *swings(tried, bars), is_idle)


def _is_same(one: Outcome, other: Outcome) -> bool:
    """Whether no replication differs in any measure."""
    measures = ("in_time", "finish", "losses", "exposure", "hurt")
    return all(bool((getattr(one, name) == getattr(other, name)).all()) for name in measures)


def swings(tried: Sequence[Outcome], bars: int) -> tuple[Swing, Swing]:
    """The swings of the chance and of the mean finish [day] over outcomes with the same luck.

    Choice: intervals are widened for the three pairs of outcomes that each of so many bars could show (Bonferroni), so
    that the greatest of many swings is not taken for an effect because it is the greatest.
    """
    wider = NormalDist().inv_cdf(1 - 0.025 / (3 * bars)) / Z95
    by_chance = sorted(tried, key=lambda outcome: float(outcome.in_time.mean()))
    by_finish = sorted(tried, key=lambda outcome: float(outcome.finish.mean()))
    chance = paired_chance(by_chance[0].in_time, by_chance[-1].in_time)
    finish = paired(by_finish[0].finish, by_finish[-1].finish)
    return _swing(chance, wider), _swing(finish, wider / MINUTES_PER_DAY, 1 / MINUTES_PER_DAY)


def _swing(found: Difference, wider: float, unit: float = 1.0) -> Swing:
    """A difference as a swing, in another unit and with a wider interval."""
    centre, half = (found.low + found.high) / 2 * unit, (found.high - found.low) / 2 * wider
    return Swing(round(found.mean * unit, 6), round(centre - half, 6), round(centre + half, 6))


def mean_days(outcome: Outcome) -> float:
    """The mean finish [day after the start]; what was not reached counts as finished at the horizon."""
    return days(float(outcome.finish.mean()))

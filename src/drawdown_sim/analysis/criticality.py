"""How often, and for how long, each cause, camp, leg and resource lies on the binding chain over replications.

The criticality index of an activity network is the probability that an activity lies on the critical path, estimated as
the share of replications in which it does: R. M. Van Slyke, Oper. Res. 11 (1963) 839. Here the path is the recorded
binding chain, which has one row before each row, so no tie has to be broken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..model.trajectory import SHARED, Hold
from ..units import MINUTES_PER_DAY
from .steps import Chain, Step
from .summary import chance

Key = TypeVar("Key", bound=Hashable)

#: Hold and subject: as `critical.binds` counts minutes.
Cause = tuple[Hold, str]

#: Place, lift, hold and subject: who waits for what.
Wait = tuple[str, str, Hold, str]


@dataclass(frozen=True, slots=True)
class Criticality:
    """One thing on the binding chains of many replications."""

    on_chain: int
    """Replications in which it takes at least a minute of the chain."""
    criticality: float
    low: float
    high: float
    """Wilson's 95 % interval of the criticality: simulation error."""
    days: float
    """Mean over all replications."""
    p10: float
    p50: float
    p90: float
    """Over all replications, those included in which it takes none: luck."""
    days_when_on: float
    """Mean over the replications in which it lies on the chain."""


def of_causes(chains: Sequence[Chain]) -> dict[Cause, Criticality]:
    """By hold and subject."""
    return _over(chains, lambda chain: _minutes(chain.steps, lambda step: (step.held_by, step.subject)))


def of_places(chains: Sequence[Chain]) -> dict[str, Criticality]:
    """By the place that waits."""
    return _over(chains, lambda chain: _minutes(chain.steps, lambda step: step.place, lambda step: bool(step.place)))


def of_legs(chains: Sequence[Chain]) -> dict[str, Criticality]:
    """By leg: travel and halts on it, also of movements whose means somebody waits for."""
    return _over(chains, lambda chain: dict(chain.legs))


def of_resources(chains: Sequence[Chain]) -> dict[Cause, Criticality]:
    """By what is taken and given back: trucks, escorts, crews, seats, other means, slots, caps, room."""
    return _over(
        chains,
        lambda chain: _minutes(
            chain.steps, lambda step: (step.held_by, step.subject), lambda step: step.held_by in SHARED
        ),
    )


def of_waits(chains: Sequence[Chain]) -> dict[Wait, Criticality]:
    """By who waits for what."""
    return _over(
        chains, lambda chain: _minutes(chain.steps, lambda step: (step.place, step.lift, step.held_by, step.subject))
    )


def _minutes(
    steps: Iterable[Step], key: Callable[[Step], Key], counts: Callable[[Step], bool] = lambda _: True
) -> dict[Key, int]:
    """Minutes of the steps that count, by key."""
    found: defaultdict[Key, int] = defaultdict(int)
    for step in steps:
        if counts(step):
            found[key(step)] += step.minutes
    return dict(found)


def _over(chains: Sequence[Chain], minutes_of: Callable[[Chain], dict[Key, int]]) -> dict[Key, Criticality]:
    """Each key's criticality, most mean days first."""
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for chain in chains:
        for key, minutes in minutes_of(chain).items():
            found[key].append(minutes)
    ordered = sorted(found.items(), key=lambda entry: (-sum(entry[1]), entry[0]))
    return {key: _criticality(minutes, len(chains)) for key, minutes in ordered}


def _criticality(minutes: list[int], runs: int) -> Criticality:
    """Of something that takes these minutes in as many of `runs` replications, and none in the others."""
    share = chance(len(minutes), runs)
    padded = [0] * (runs - len(minutes)) + sorted(minutes)
    p10, p50, p90 = (_days(padded[max(-(-runs * p // 100), 1) - 1]) for p in (10, 50, 90))
    total = sum(minutes)
    return Criticality(
        share.hits,
        share.probability,
        share.low,
        share.high,
        _days(total, runs),
        p10,
        p50,
        p90,
        _days(total, len(minutes)),
    )


def _days(minutes: int, over: int = 1) -> float:
    """Minutes as days, or their mean, to three places so that every machine prints the same."""
    return round(minutes / over / MINUTES_PER_DAY, 3)

"""What would help: each constraint relaxed by one step, alone and in pairs, against the same futures.

Each relaxation is played with the draws of the base scenario, so that a difference is due to the relaxation alone. Days
on the binding chain say what the finish waited for; days saved say what less of it would be worth. They need not agree:
behind a hold that is relaxed another may stand, which is what pairs are for.

Where a scenario has many relaxations, all are screened with the first replications; those that promise most are then
measured with others, so that being picked for good luck helps none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from ...analysis.measures import milestone_row
from ...analysis.sample import Sample
from ...errors import PlanError
from ...model.plan import Plan
from ...scenario.values import Value
from ..answers import Answer
from ..blocks import Block, Cause, Job, jobs_of, stack
from ..run import Playable, Prepared, prepare
from ..variants import variant
from ..workers import Workers
from .answer import Asked, Found, Size, answer_of
from .effects import MEASURES, Tried, effects
from .pairs import Pair, parallel
from .relaxations import Relaxation, relaxations

#: Replications below which the intervals, which rest on the normal quantile, are not to be believed.
LEAST = 50
MOST_REPLICATIONS = 100_000
MOST_STEPS = 10

#: Variants whose plans are made before they are played.
_CHUNK = 16


def relief(
    scenario: Playable,
    seed: int | None = None,
    *,
    milestone: str | None = None,
    steps: int = 1,
    size: Size | None = None,
    workers: Workers | int = 1,
) -> Answer:
    """What each constraint of a scenario, relaxed by so many steps, would save and cost, alone and in pairs.

    About the milestone named, or the primary one. Raises PlanError for a milestone that there is not or a size out of
    range, and EngineError.
    """
    base = prepare(scenario, seed)
    asked = _asked(base, milestone, steps, size or Size())
    size, listed = asked.size, relaxations(base.bundle, asked.milestone, steps)
    is_screened = len(listed) > size.kept
    player = _Player(asked, Workers.of(workers).towards(_expected(size, len(listed), is_screened)))
    screened: list[Tried] = []
    picked, pairs = listed, None
    if is_screened:
        player.play_base(0, size.screening)
        screened = player.play([(each,) for each in listed])
        pairs = parallel(player.causes, screened, size.pairs)
        picked = _picked(player.causes, screened, pairs, size.kept)
    player.play_base(size.screening if is_screened else 0, size.replications)
    alone = player.play([(each,) for each in picked])
    if pairs is None:
        pairs = parallel(player.causes, alone, size.pairs)
    together = player.play(pairs)
    return answer_of(asked, Found(listed, player.blocks, alone, together, screened, player.refused, player.played))


def _asked(base: Prepared, milestone: str | None, steps: int, size: Size) -> Asked:
    """The question, if it can be asked. Raises PlanError."""
    about = base.plan.milestone_ids[milestone_row(base.plan, milestone)]
    if not 1 <= steps <= MOST_STEPS:
        raise PlanError(f"steps: {steps} is out of range; expected 1 to {MOST_STEPS}")
    if not LEAST <= size.replications <= MOST_REPLICATIONS:
        expected = f"expected {LEAST} to {MOST_REPLICATIONS}"
        raise PlanError(f"replications: {size.replications} is out of range; {expected}")
    return Asked(base, about, steps, size)


def _expected(size: Size, listed: int, is_screened: bool) -> int:
    """About how many replications it takes, for whoever watches."""
    measured = (1 + min(listed, size.kept) + size.pairs) * size.replications
    return measured + ((1 + listed) * size.screening if is_screened else 0)


def _picked(base: Counter[Cause], screened: Sequence[Tried], pairs: Sequence[Pair], kept: int) -> list[Relaxation]:
    """Those to measure: the pairs, the best by each measure, and those with most days on the chains."""
    share = kept // 4
    chosen = {each.id for pair in pairs for each in pair}
    for measure in MEASURES:
        better = [each for each in screened if each.improvement(measure) > 0]
        best = sorted(better, key=lambda each: -each.improvement(measure))[:share]
        chosen.update(each.relaxation.id for each in best)
    minutes = {each.relaxation.id: each.relaxation.minutes(base) for each in screened}
    binding = sorted((name for name in minutes if minutes[name]), key=lambda name: -minutes[name])
    chosen.update(binding[:share])
    return [each.relaxation for each in screened if each.relaxation.id in chosen]


class _Player:
    """Plays the base, and what is relaxed in it with the same replications; counts what was played."""

    def __init__(self, asked: Asked, workers: Workers) -> None:
        self.asked = asked
        self.workers = workers
        self.played = 0
        self.refused: dict[str, str] = {}
        """Relaxations that make no plan, with the reason."""
        self.first = 0
        self.blocks: list[Block] = []
        """What the base left, a block for each replication, so that each one's chain is known."""

    @property
    def causes(self) -> Counter[Cause]:
        """Minutes on the binding chains of the base."""
        return stack(self.blocks).causes

    def play_base(self, first: int, replications: int) -> None:
        """Play these replications of the base, with which all that follows is compared."""
        base = self.asked.base
        self.first = first
        self.blocks = list(self._blocks([Job(base.seed, at, 1) for at in range(first, first + replications)]))

    def play(self, changes: Sequence[tuple[Relaxation, ...]]) -> list[Tried]:
        """What each change does; those that make no plan are left out."""
        base, milestone = self.asked.base, self.asked.milestone
        sample = Sample(base.plan, stack(self.blocks).rows)
        found = []
        for relaxed, plan, block in self._variants(changes):
            other = Sample(plan, block.rows)
            differences = effects(sample, other, milestone)
            found.append(Tried(relaxed, differences, other.finish(milestone), block.causes))
        return found

    def _variants(
        self, changes: Sequence[tuple[Relaxation, ...]]
    ) -> Iterator[tuple[tuple[Relaxation, ...], Plan, Block]]:
        """Each change with its plan and what its replications left, a few plans at a time."""
        count = len(self.blocks)
        for at in range(0, len(changes), _CHUNK):
            chunk = [(relaxed, variant(self.asked.base, *_change(relaxed))) for relaxed in changes[at : at + _CHUNK]]
            self.refused |= {each.name: each.refused for _, each in chunk if each.prepared is None}
            ready = [(relaxed, each.prepared) for relaxed, each in chunk if each.prepared is not None]
            jobs = [job for _, each in ready for job in jobs_of(each.seed, self.first, count, each.plan)]
            blocks = self._blocks(jobs)
            for relaxed, each in ready:
                yield relaxed, each.plan, stack(list(islice(blocks, len(jobs) // len(ready))))

    def _blocks(self, jobs: list[Job]) -> Iterator[Block]:
        self.played += sum(job.count for job in jobs)
        return self.workers.blocks(self.asked.base.plan, jobs)


def _change(relaxed: tuple[Relaxation, ...]) -> tuple[str, dict[str, Value | str]]:
    """The name and the values of relaxations made together."""
    values: dict[str, Value | str] = {path: value for each in relaxed for path, value in each.values.items()}
    return " and ".join(each.name for each in relaxed), values

"""The decision calendar: each date of a scenario moved alone, every day that is tried played with the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ...analysis.sample import Sample
from ...analysis.summary import chance
from ...errors import PlanError, ScenarioError
from ...scenario.dates import MovableDate, movable_dates
from ..run import Prepared, prepare
from ..variants import joined, play
from ..workers import Workers
from .last_day import LastDay, Search, Trial, Tried, search, search_all

#: The first of so many parts of the replications may show that a day is hopeless, which spares the others.
SCOUTS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """The chance to be kept, of which milestone, measured with how many replications by whom."""

    line: float
    milestone: str | None
    replications: int
    workers: Workers


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the decision calendar. Dates as 2023-12-31; losses, exposure and people hurt are means."""

    id: str
    sort: str
    decision: str
    direction: str
    """`by`: this day or earlier; `from`: this day or later."""
    state: str
    day: str | None
    """The last day that keeps the chance; of a direction `from` the first."""
    interval_first: str | None
    interval_last: str | None
    planned: str | None
    to_spare: int | None
    """Days between the planned day and `day`; negative if it is too late."""
    chance: float | None
    low: float | None
    high: float | None
    losses: float | None
    exposure: float | None
    hurt: float | None
    again: str | None
    """A worse day that keeps the chance again: the chance does not fall steadily."""
    too_soon: str | None
    """A day on the better side that does not keep the chance: there is a window and not only a last day."""
    moves_with: str
    """The values that move together."""


ENTRY_UNITS = {"to_spare": "day", "losses": "load", "exposure": "convoy-km under threat", "hurt": "person"}


def trial_of(sample: Sample, milestone: str | None) -> Trial:
    """What replications say of a day."""
    return Trial(
        sample.chance(milestone),
        sample.in_time(milestone),
        round(float(sample.losses().mean()), 3),
        round(float(sample.exposure().mean()), 3),
        round(float(sample.hurt().mean()), 3),
    )


class DecideBy:
    """The search over all dates of a scenario: what is played, and the lines that come of it."""

    def __init__(self, base: Prepared, now: Trial, question: Question) -> None:
        self.base, self.question = base, question
        self.dates = movable_dates(base.bundle)
        self.refused: dict[int, str] = {}
        self.played = 0
        """Replications of variants."""
        keeps_now = now.chance.probability >= question.line
        self.searches: list[tuple[Search, Tried]] = []
        for each in self.dates:
            planned = None if each.planned is None else _at(each, each.planned)
            tried: Tried = {} if planned is None else {planned: now}
            worst = (each.last - each.first).days
            self.searches.append((search(tried, worst, planned, keeps_now, question.line), tried))

    def entries(self) -> list[Entry]:
        """The lines by their day, those without one last."""
        found = search_all(self.searches, self._play)
        lines = [_entry(*known) for known in zip(self.dates, found, self.tried, strict=True)]
        return sorted(lines, key=lambda line: (line.day is None, line.day or "", line.sort, line.id))

    @property
    def tried(self) -> list[Tried]:
        """The days that were looked at, by date."""
        return [tried for _, tried in self.searches]

    def refusals(self) -> list[dict[str, str]]:
        """The dates that met a day without a plan, and why there is none."""
        return [{"decision": self.dates[at].words, "why": why} for at, why in sorted(self.refused.items())]

    def _play(self, wanted: list[tuple[int, int]]) -> list[Trial | None]:
        """The trials of pairs of a date's number and a day; None for a day that makes no plan."""
        prepared: list[Prepared | None] = []
        for number, day in wanted:
            each = self.dates[number]
            try:
                prepared.append(prepare(each.move(_day(each, day)), self.base.seed))
            except (ScenarioError, PlanError) as refusal:
                prepared.append(None)
                self.refused[number] = str(refusal)
        trials = iter(self._trials([each for each in prepared if each is not None]))
        return [None if each is None else next(trials) for each in prepared]

    def _trials(self, ready: list[Prepared]) -> list[Trial]:
        """All replications of each, save where the first of them leave no hope: the search goes the same way."""
        every = self.question.replications
        scouts = every // SCOUTS
        samples = self._samples(ready, 0, scouts)
        hopeful = [at for at, sample in enumerate(samples) if self._may_keep(sample)]
        rest = self._samples([ready[at] for at in hopeful], scouts, every - scouts)
        for at, more in zip(hopeful, rest, strict=True):
            samples[at] = joined([samples[at], more])
        return [trial_of(sample, self.question.milestone) for sample in samples]

    def _samples(self, ready: list[Prepared], first: int, count: int) -> list[Sample]:
        self.played += len(ready) * count
        return play(ready, count, self.question.workers, first=first) if ready else []

    def _may_keep(self, sample: Sample) -> bool:
        """Whether the interval could reach the line if all replications still to come were in time."""
        given, every = sample.chance(self.question.milestone), self.question.replications
        return chance(every - (given.runs - given.hits), every).high >= self.question.line


def _day(each: MovableDate, at: int) -> date:
    """A day counted from the best one of a date."""
    return each.first + timedelta(at) if each.later_is_worse else each.last - timedelta(at)


def _at(each: MovableDate, day: date) -> int:
    return (day - each.first).days if each.later_is_worse else (each.last - day).days


def _entry(each: MovableDate, found: LastDay, tried: Tried) -> Entry:
    def shown(at: int | None) -> str | None:
        return None if at is None else _day(each, at).isoformat()

    ends = (found.sure, found.possible) if each.later_is_worse else (found.possible, found.sure)
    known = None if found.day is None else tried[found.day]
    return Entry(
        id=each.id,
        sort=each.sort,
        decision=each.words,
        direction="by" if each.later_is_worse else "from",
        state=found.state,
        day=shown(found.day),
        interval_first=shown(ends[0]),
        interval_last=shown(ends[1]),
        planned=None if each.planned is None else each.planned.isoformat(),
        to_spare=None if found.day is None or each.planned is None else found.day - _at(each, each.planned),
        chance=known.chance.probability if known else None,
        low=known.chance.low if known else None,
        high=known.chance.high if known else None,
        losses=known.losses if known else None,
        exposure=known.exposure if known else None,
        hurt=known.hurt if known else None,
        again=shown(found.again),
        too_soon=shown(found.too_soon),
        moves_with=", ".join(each.paths),
    )

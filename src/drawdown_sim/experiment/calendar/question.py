"""Until when? The last day on which each decision, order, clearance or contract keeps a chance, and the next moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial
from typing import Any

from ...analysis.departures import departures, leaving
from ...analysis.measures import final_deadlines, milestone_row
from ...errors import DrawdownError
from ...units import MINUTES_PER_DAY
from ..answers import Answer, Table
from ..run import MOST_REPLICATIONS, Playable, Prepared, prepare
from ..summarise import date_of, last_day
from ..variants import look_at, play
from ..workers import Workers
from .decide_by import ENTRY_UNITS, DecideBy, Entry, Question, trial_of

DEFAULT_REPLICATIONS = 250
LEAST_REPLICATIONS = 10

#: Replications that are looked at for the next moves.
MOST_TRAJECTORIES = 200

MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose moves are shown."""

    first: date
    days: int

    @property
    def last(self) -> date:
        """The last of them."""
        return self.first + timedelta(self.days - 1)


@dataclass(frozen=True, slots=True)
class Move:
    """A departure of the next days (see `analysis.departures.Departure`), with dates."""

    lift: str
    number: int
    leaves: str
    pick_up: str
    to: str
    people: int
    loads: int
    vehicles: int
    earliest: str
    p50: str
    latest: str
    share: float


_MOVE_UNITS = {"people": "person", "loads": "load", "vehicles": "vehicle"}


@dataclass(frozen=True, slots=True)
class Asking:
    """A clearance to be requested, by the day up to which one future in ten has asked for it."""

    authority: str
    clearance: str
    lift: str
    number: int
    by: str
    p50: str
    share: float


def calendar(
    scenario: Playable,
    probability: float = 0.8,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int | None = None,
    *,
    milestone: str | None = None,
    first: date | None = None,
    days: int = 30,
    workers: Workers | int = 1,
) -> Answer:
    """The decision calendar of a scenario for a chance of a milestone, and the moves of `days` days from `first` on.

    `first` is the scenario's start unless given. Raises ScenarioError, PlanError or EngineError, and DrawdownError
    for a chance, a milestone or days that cannot be asked for.
    """
    base, team = prepare(scenario, seed), Workers.of(workers).towards()
    window = Window(first or base.plan.start, days)
    question = Question(probability, milestone, replications, team)
    _check(base, question, window)
    sample = play([base], replications, team)[0]
    now = trial_of(sample, milestone)
    search = DecideBy(base, now, question)
    entries = search.entries()
    looked_at = min(replications, MOST_TRAJECTORIES)
    moves, asking = _next(base, window, looked_at, team)
    row = sample.milestone(milestone)
    given = now.chance
    return base.answer(
        "calendar",
        replications + search.played,
        {
            "probability": probability,
            "replications": replications,
            "milestone": base.plan.milestone_ids[row],
            "from": window.first.isoformat(),
            "days": days,
        },
        {
            "title": base.bundle.scenario.title,
            "replay": base.bundle.scenario.replay,
            "start": base.bundle.scenario.start.isoformat(),
            "horizon": base.bundle.scenario.horizon.isoformat(),
            "deadline": last_day(base.plan, int(final_deadlines(base.plan)[row])),
            "to": window.last.isoformat(),
            "keeps": given.probability >= probability,
            "base": {"chance": given.probability, "low": given.low, "high": given.high}
            | {"losses": now.losses, "exposure": now.exposure, "hurt": now.hurt}
            | {"censored": sample.censored(milestone)},
            "tried": {"dates": len(entries), "days": sum(map(len, search.tried)), "trajectories": looked_at},
            "refused": search.refusals(),
        },
        (
            _table("calendar", Entry, entries, ENTRY_UNITS),
            _table("moves", Move, moves, _MOVE_UNITS),
            _table("requests", Asking, asking, {}),
        ),
    )


def _check(base: Prepared, question: Question, window: Window) -> None:
    """Raise DrawdownError for what cannot be asked."""
    scenario = base.bundle.scenario
    milestone_row(base.plan, question.milestone)
    if not 0 < question.line < 1:
        raise DrawdownError(
            f"probability: {question.line:g} is no chance to keep; expected more than 0 and less than 1, such as 0.8"
        )
    if not LEAST_REPLICATIONS <= question.replications <= MOST_REPLICATIONS:
        span = f"{LEAST_REPLICATIONS} to {MOST_REPLICATIONS}"
        raise DrawdownError(f"replications: {question.replications} is out of range; expected {span}")
    if not scenario.start <= window.first < scenario.horizon:
        span = f"from the start, {scenario.start}, to before the horizon, {scenario.horizon}"
        raise DrawdownError(f"from: {window.first} lies outside the scenario; expected a day {span}")
    if not 1 <= window.days <= MOST_DAYS:
        raise DrawdownError(f"days: {window.days} is out of range; expected 1 to {MOST_DAYS}")


def _table(name: str, kind: type, entries: Sequence[Any], units: dict[str, str]) -> Table:
    """A table of instances of a dataclass, which may have no rows."""
    return Table.of(name, entries, units) if entries else Table(name, tuple(f.name for f in fields(kind)), (), units)


def _next(base: Prepared, window: Window, replications: int, workers: Workers) -> tuple[list[Move], list[Asking]]:
    """What leaves in the window, and what has to be asked for."""
    on = partial(date_of, base.plan)
    first = (window.first - base.plan.start).days * MINUTES_PER_DAY
    after = first + window.days * MINUTES_PER_DAY
    _, runs = look_at(base, 0, replications, partial(leaving, first=first, after=after), workers)
    moves, asking = departures(base.plan, runs)
    return (
        [
            Move(
                lift=each.lift,
                number=each.number,
                leaves=each.leaves,
                pick_up=each.pick_up,
                to=each.to,
                people=each.people,
                loads=each.loads,
                vehicles=each.vehicles,
                earliest=on(each.earliest),
                p50=on(each.p50),
                latest=on(each.latest),
                share=each.share,
            )
            for each in moves
        ],
        [
            Asking(each.authority, each.clearance, each.lift, each.number, on(each.p10), on(each.p50), each.share)
            for each in asking
        ],
    )

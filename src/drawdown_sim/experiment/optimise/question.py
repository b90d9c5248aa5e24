"""What plan would do: free inputs searched for chance, losses and exposure, and the plan found played with new luck.

The best of many plans looks better than it is, for it was chosen where luck helped it (the optimiser's curse:
J. E. Smith and R. L. Winkler, Management Science 52 (2006) 311). So the plan found, and the scenario as it stands, are
played on replications that the search never saw, and both figures are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from ...analysis.measures import Bools, final_deadlines, milestone_row
from ...analysis.paired import Difference, paired, paired_chance
from ...analysis.sample import LOSSES, Sample
from ...analysis.summary import likelihood
from ...errors import PlanError
from ...model.plan import Ints, Plan
from ...scenario.extending import extension
from ...scenario.resolve import count_inputs
from ...units import MINUTES_PER_DAY
from ..answers import Answer, Cell, Table
from ..run import Playable, Prepared, prepare
from ..summarise import day_by, last_day
from ..variants import play
from ..workers import Workers
from .aims import AIMS, HOPELESS, RULES, Aim, chosen, front_of, is_hopeless
from .searching import check_optimiser, enumerate_all, search
from .space import Point, Space
from .trials import Trial, Trials

#: Reasons of refused plans that are told.
MOST_REFUSALS = 3


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried: so many plans with so many replications each, then so many fresh ones for the plan found."""

    trials: int = 200
    replications: int = 200
    confirm: int = 1000

    def check(self) -> None:
        """Raise PlanError for an effort from which nothing follows."""
        for name, least in (("trials", 1), ("replications", 2), ("confirm", 2)):
            if getattr(self, name) < least:
                raise PlanError(f"{name}: {getattr(self, name)} is too few; expected at least {least}")


def optimise(
    scenario: Playable,
    space: Space,
    seed: int | None = None,
    *,
    aim: str = "balanced",
    milestone: str | None = None,
    effort: Effort | None = None,
    workers: Workers | int = 1,
) -> Answer:
    """The plan of a space that does best for an aim (see `aims.RULES`), with the front and a fresh confirmation.

    All plans are played if they are no more than the trials; otherwise Optuna searches. Raises DrawdownError where that
    is needed and missing, PlanError for an unknown milestone or aim, EngineError.
    """
    base, effort = prepare(scenario, seed), effort or Effort()
    effort.check()
    aim = _checked(base.plan, aim, milestone)
    is_whole = space.size <= effort.trials
    if not is_whole:
        check_optimiser()
    runs, fresh = effort.replications, effort.confirm
    team = Workers.of(workers).towards((1 + min(effort.trials, space.size)) * runs + (1 + len(AIMS)) * fresh)
    trials = Trials(base, space, runs, milestone, team)
    if is_whole:
        enumerate_all(space, trials)
    else:
        search(space, trials, base.seed, effort.trials)
    kept = front_of(trials.found)
    picks = {each: chosen(each, kept, trials.found) for each in AIMS}
    winner = picks[aim]
    again = {trial.number: trials.prepared(trial.point) for trial in (trials.base, *picks.values())}
    sound = {number: prepared for number, prepared in again.items() if prepared is not None}
    samples = dict(zip(sound, play(list(sound.values()), fresh, team, first=runs), strict=True))
    old, new = samples[trials.base.number], samples[winner.number]
    asked = _asked(space, aim, base.plan.milestone_ids[old.milestone(milestone)], effort)
    found = {
        "title": base.bundle.scenario.title,
        "milestone": _milestone(old, milestone),
        "search": _search(trials, kept, space.size, is_whole),
        "hindsight": count_inputs(base.bundle)["hindsight"],
        "rule": HOPELESS if is_hopeless(trials.found) else RULES[aim],
        "plan": winner.number,
        "is_base": winner is trials.base,
        "base": _confirmed(old, milestone),
        "found": _confirmed(new, milestone),
        "extension": _extension(base, space, winner, asked),
    }
    tables = (
        _choices(space, winner.point),
        _measures((trials.base, winner), (old, new), milestone),
        _picks(trials.base, picks, samples, milestone),
        _plans(trials, kept, space),
    )
    total = len(trials.found) * runs + len(samples) * fresh
    return base.answer("optimise", total, asked, found, tables)


def _checked(plan: Plan, aim: str, milestone: str | None) -> Aim:
    """The aim. Raises PlanError for one that does not exist, and for such a milestone."""
    milestone_row(plan, milestone)
    for known in AIMS:
        if known == aim:
            return known
    raise PlanError(f"for: there is no aim '{aim}'; expected one of {', '.join(AIMS)}")


def _asked(space: Space, aim: Aim, milestone: str, effort: Effort) -> dict[str, Any]:
    """Everything that the answer depends on beside scenario and seed."""
    return {
        "for": aim,
        "milestone": milestone,
        "free": {choice.path: [choice.brief(0), choice.brief(choice.count - 1)] for choice in space.choices},
        "keep_sum": [[space.choices[row].path for row in kept.members] for kept in space.sums],
        **asdict(effort),
    }


def _milestone(sample: Sample, milestone: str | None) -> dict[str, Any]:
    plan, row = sample.plan, sample.milestone(milestone)
    return {"id": plan.milestone_ids[row], "deadline": last_day(plan, int(final_deadlines(plan)[row]))}


def _search(trials: Trials, kept: Sequence[Trial], size: int, is_whole: bool) -> dict[str, Any]:
    """How the plans were found, how many were tried and refused."""
    return {
        "method": "enumeration" if is_whole else f"TPE of Optuna {version('optuna')}",
        "is_whole": is_whole,
        "plans": size,
        "played": len(trials.found),
        "refused": len(trials.refused),
        "refusals": sorted(set(trials.refused))[:MOST_REFUSALS],
        "front": len(kept),
        "never_in_time": sum(1 for trial in trials.found if not trial.chance.hits),
    }


def _confirmed(sample: Sample, milestone: str | None) -> dict[str, Any]:
    """A plan on fresh replications: chance, finish, losses and exposure."""
    chance, finish = sample.chance(milestone), sample.quantiles(milestone)
    return {
        **asdict(chance),
        "words": list(likelihood(chance)),
        **{name: day_by(sample.plan, getattr(finish, name)) for name in ("p10", "p50", "p90")},
        "censored": finish.never,
        **{name: _mean(sample.column(name)) for name in LOSSES},
        "exposure": _mean(sample.exposure()),
        "people_hurt": _mean(sample.hurt()),
    }


def _mean(amounts: Ints) -> float:
    return round(float(amounts.mean()), 3)


def _choices(space: Space, point: Point | None) -> Table:
    """What was free, what it is, what the plan found says."""
    entries = []
    for row, choice in enumerate(space.choices):
        found = choice.own if point is None else choice.brief(point[row])
        entries.append((choice.path, choice.own, found, choice.searched, choice.count, choice.base.kind))
    return Table("choices", ("path", "base", "found", "searched", "values", "ground"), tuple(entries))


def _measures(trials: tuple[Trial, Trial], fresh: tuple[Sample, Sample], milestone: str | None) -> Table:
    """What the search saw and what fresh replications say, of the scenario as it stands and of the plan found."""
    (base, winner), (old, new) = trials, fresh
    chances = (old.in_time(milestone), new.in_time(milestone))
    finishes = (old.finish(milestone), new.finish(milestone))
    rows = [
        _measure("chance", (base.chance.probability, winner.chance.probability), chances, paired_chance(*chances)),
        _amount("losses", (base.losses, winner.losses), (old.losses(), new.losses())),
        _amount("exposure", (base.exposure, winner.exposure), (old.exposure(), new.exposure())),
        _amount("hurt", (base.hurt, winner.hurt), (old.hurt(), new.hurt())),
        _amount("finish", (base.finish, winner.finish), finishes, MINUTES_PER_DAY),
    ]
    columns = ("measure", "base_searched", "base_confirmed", "searched", "confirmed", "difference", "low", "high")
    return Table("measures", columns, tuple(rows))


def _amount(name: str, searched: tuple[float, float], fresh: tuple[Ints, Ints], unit: int = 1) -> tuple[Cell, ...]:
    """The row of an amount, told in so many of its units."""
    return _measure(name, searched, fresh, paired(*fresh), unit)


def _measure(
    name: str,
    searched: tuple[float, float],
    fresh: tuple[Ints | Bools, Ints | Bools],
    gap: Difference,
    unit: int = 1,
) -> tuple[Cell, ...]:
    """A row: what stood and what was found, each as searched and on fresh replications, and their difference there."""
    # the adjusted interval of two chances that are nearly 0 and 1 reaches past the whole
    most = 1.0 if name == "chance" else float("inf")
    ends = (round(min(max(end, -most), most) / unit, 4) for end in (gap.mean, gap.low, gap.high))
    old, new = (round(float(amounts.mean()) / unit, 3) for amounts in fresh)
    return (name, searched[0], old, searched[1], new, *ends)


def _picks(base: Trial, picks: dict[Aim, Trial], fresh: dict[int, Sample], milestone: str | None) -> Table:
    """Which plan each aim would take, with the chance that the search saw and what fresh replications say."""
    rows = []
    for name, trial in (("as it stands", base), *picks.items()):
        sample = fresh[trial.number]
        chance = sample.chance(milestone)
        price = (_mean(sample.losses()), _mean(sample.exposure()), _mean(sample.hurt()))
        ends = (chance.probability, chance.low, chance.high)
        rows.append((name, trial.number, trial.chance.probability, *ends, *price))
    columns = ("aim", "plan", "searched", "chance", "low", "high", "losses", "exposure", "hurt")
    return Table("picks", columns, tuple(rows), _UNITS)


_UNITS = {"losses": "load", "exposure": "convoy-km", "hurt": "person", "finish": "day"}


def _plans(trials: Trials, kept: Sequence[Trial], space: Space) -> Table:
    """Every plan that was played, as the search saw it, and what it sets."""
    on_front = {trial.number for trial in kept}
    rows: list[tuple[Cell, ...]] = []
    for trial in trials.found:
        point = trial.point
        settings = [c.own if point is None else c.brief(point[row]) for row, c in enumerate(space.choices)]
        chance = (trial.chance.probability, trial.chance.low, trial.chance.high)
        price = (trial.losses, trial.exposure, trial.hurt, trial.finish, trial.censored)
        rows.append((trial.number, trial.number in on_front, *chance, *price, *settings))
    columns = ("plan", "front", "chance", "low", "high", "losses", "exposure", "hurt", "finish", "censored")
    return Table("plans", (*columns, *(choice.path for choice in space.choices)), tuple(rows), _UNITS)


def _extension(base: Prepared, space: Space, winner: Trial, asked: dict[str, Any]) -> str | None:
    """The plan found as a file that extends the scenario; None where it is the scenario as it stands."""
    if winner.point is None:
        return None
    values = space.values(winner.point)
    changed = {c.path: values[c.path] for c in space.choices if values[c.path].content != c.base.content}
    if not changed:
        return None
    because = (
        f"found by optimise --for {asked['for']}, seed {base.seed}, {asked['trials']} trials of {asked['replications']}"
        f" replications, on the assumptions of {base.bundle.name} ({base.digest})"
    )
    return extension(base.bundle, changed, f"{base.bundle.scenario.title}: the plan found for {asked['for']}", because)

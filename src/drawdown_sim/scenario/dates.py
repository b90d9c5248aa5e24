"""The dates of a scenario that somebody decides, orders, grants or contracts, and the scenario with one of them moved.

They are found by the rules of the schema (`_RULES`), not by name. Dates of one sort that rest on the same facts and
fall on the same day are one order, and move together. What a scenario leaves open is tried as well: a later start of
the whole withdrawal, a decision by order on a date instead of by its trigger, the lifting of a hold that has no end,
the day on which means leave.

Choice: what nobody orders stays where it is: seasons and moods (overrides of drivers), and the deadlines, which are the
yardstick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Literal

from .quantities import DATE, Dist, plain
from .resolve import Bundle, inputs, with_values
from .schema import Asset, Ban, Change, Clearance, Condition, Regime, Scenario
from .values import Value

Sort = Literal["start", "contract", "decision", "hold", "ban", "clearance", "means", "plan", "work"]

ONE_DAY = timedelta(1)


@dataclass(frozen=True, eq=False)
class MovableDate:
    """A date that can be moved, and between which days."""

    id: str
    """The first path of those that move together; for what the scenario leaves open, a name of the same form."""
    sort: Sort
    words: str
    later_is_worse: bool
    """Whether it is a start (the question is: until when?) or an end (from when?)."""
    planned: date | None
    """The median where it is drawn; None where the scenario sets no date."""
    first: date
    last: date
    move: Callable[[date], Bundle]
    paths: tuple[str, ...] = ()
    """The values that move together; empty for what the scenario leaves open."""


def movable_dates(bundle: Bundle) -> list[MovableDate]:
    """Every date that can be moved, in the order: start, dates that are written, dates that are left open."""
    scenario = bundle.scenario
    found = [_start(bundle)]
    found += _written(bundle)
    found += [entry for path, value in _by_date(scenario) for entry in _steps(bundle, path, value)]
    found += _orders(bundle)
    found += _lifted(bundle)
    found += _leaving(bundle)
    return [entry for entry in found if entry.first < entry.last]


def fixed_day(day: date, text: str) -> Value:
    """A date as a value."""
    return Value(((None, Dist("fixed", (Fraction(day.toordinal()),))),), DATE, "because", text=text)


def day_of(value: Value) -> date:
    """The day of a date, the median one where it is drawn."""
    return date.fromordinal(floor(value.nominal))


def _moved(value: Value, day: date) -> Value:
    """The date moved to a day; one that is drawn keeps its form, and its median comes to lie there."""
    shift = day.toordinal() - floor(value.nominal)
    return replace(value, content=((None, value.content[0][1].moved(lambda number: number + shift)),))


def _span(scenario: Scenario) -> tuple[date, date]:
    """The first day and the last one before the clock stops."""
    return scenario.start, scenario.horizon - ONE_DAY


def _with(bundle: Bundle, **sections: object) -> Bundle:
    """The bundle with other sections."""
    return replace(bundle, scenario=bundle.scenario.model_copy(update=sections))


# --- the whole withdrawal ------------------------------------------------------------------------


def _start(bundle: Bundle) -> MovableDate:
    """No lift runs and no load is prepared before a day; what was to begin later still does."""
    scenario = bundle.scenario

    def begun(day: date) -> Bundle:
        def not_before(old: Value | None) -> Value:
            later = old is not None and day_of(old) >= day
            return old if later and old is not None else fixed_day(day, "a later start of the withdrawal")

        lifts = {
            name: each.model_copy(update={"first": not_before(each.first)}) for name, each in scenario.lifts.items()
        }
        lots = {
            name: each.model_copy(update={"starts": not_before(each.starts)}) for name, each in scenario.cargo.items()
        }
        return _with(bundle, lifts=lifts, cargo=lots)

    return MovableDate("start", "start", "the withdrawal starts", True, scenario.start, *_span(scenario), begun)


# --- dates that are written ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Date:
    """A written date before those that are one order are put together."""

    path: str
    value: Value
    sort: Sort
    verb: str
    """`{}` stands for whose."""
    whose: str
    later_is_worse: bool
    first: date
    last: date


def _written(bundle: Bundle) -> list[MovableDate]:
    groups: dict[tuple[object, ...], list[_Date]] = {}
    for entry in inputs(bundle):
        found = _read(bundle.scenario, entry.path, entry.value) if entry.value.dimension == DATE else None
        if found is not None:
            key = (found.verb, found.sort, found.later_is_worse, _ground(bundle, found), found.value.content)
            groups.setdefault(key, []).append(found)
    return [_together(bundle, group) for group in groups.values()]


def _ground(bundle: Bundle, found: _Date) -> object:
    """What makes several dates one order: the same facts, or the same reason of their own.

    The default ground of a file is no reason of their own, and preparation is ordered place by place.
    """
    value = found.value
    if value.facts:
        return value.facts
    if value.text in bundle.default_grounds.values():
        return found.path
    return value.text, found.whose if found.sort == "work" else ""


def _together(bundle: Bundle, group: list[_Date]) -> MovableDate:
    """Dates that are one order; they move as far as each of them can."""

    def move(day: date) -> Bundle:
        return with_values(bundle, {entry.path: _moved(entry.value, day) for entry in group})

    head = group[0]
    whose = list(dict.fromkeys(entry.whose for entry in group))
    first, last = max(entry.first for entry in group), min(entry.last for entry in group)
    planned = day_of(head.value)
    return MovableDate(
        head.path,
        head.sort,
        head.verb.format(", ".join(whose)),
        head.later_is_worse,
        planned,
        min(first, planned),
        max(last, planned),
        move,
        tuple(entry.path for entry in group),
    )


#: Section and last key -> sort, words, whether later is worse.
_RULES: dict[tuple[str, str], tuple[Sort, str, bool]] = {
    ("bans", "start"): ("ban", "ban {} begins", False),
    ("bans", "last"): ("ban", "ban {} ends", True),
    ("contingents", "tour_end"): ("means", "tour of {} ends", False),
    ("cargo", "starts"): ("work", "preparation begins at {}", True),
    ("lifts", "first"): ("contract", "service of {} begins", True),
    ("lifts", "last"): ("contract", "service of {} ends", False),
    ("camps", "opens"): ("plan", "emptying of {} may begin", True),
    ("camps", "receiver_ready"): ("plan", "receiver of {} is ready", True),
}


def _read(scenario: Scenario, path: str, value: Value) -> _Date | None:
    """What a written date stands for; None for one that nobody orders."""
    section, name, *rest = path.split(".")
    first, last = _span(scenario)
    if section == "clearances":
        return _regime(scenario.clearances[name], path, value, first, last)
    if section == "assets":
        change = scenario.assets[name].changes[rest[1]]
        amount = change.gain or change.loss
        assert amount is not None, "a change has an amount"
        verb = f"{{}} {'gains' if change.gain else 'loses'} {plain(amount.nominal)}"
        return _Date(path, value, "means", verb, name, change.gain is not None, first, last)
    if section == "camps" and rest[0] == "pauses":
        verb = f"pause {rest[1]} of {{}} {'begins' if rest[-1] == 'first' else 'ends'}"
        return _Date(path, value, "plan", verb, name, rest[-1] == "last", first, last)
    if section == "camps" and rest[-1] == "known":
        return _issued(scenario, name, rest[1], path, value)
    if section == "camps" and rest[-1] == "target":
        return _Date(path, value, "plan", f"closing of {{}} in plan '{rest[1]}'", name, True, first, last)
    rule = _RULES.get((section, rest[-1])) if rest else None
    if rule is None:
        return None
    sort, verb, later = rule
    if section == "bans":
        first, last = _within_ban(scenario.bans[name], rest[-1], first, last)
    return _Date(path, value, sort, verb, scenario.cargo[name].at if section == "cargo" else name, later, first, last)


def _within_ban(ban: Ban, key: str, first: date, last: date) -> tuple[date, date]:
    """A ban ends no earlier than it begins."""
    if ban.last is None:
        return first, last
    return (first, day_of(ban.last)) if key == "start" else (max(first, day_of(ban.start)), last)


def _issued(scenario: Scenario, camp: str, version: str, path: str, value: Value) -> _Date:
    """A version of a closing plan is an order: worse the earlier it comes, unless it closes sooner than the one before.

    A first version holds a camp that was free to close when ready.
    """
    windows = sorted(scenario.camps[camp].window.items(), key=lambda entry: (day_of(entry[1].known), entry[0]))
    at = [name for name, _ in windows].index(version)
    sooner = at > 0 and windows[at][1].target.nominal < windows[at - 1][1].target.nominal
    first, last = _span(scenario)
    first, last = _between([day_of(window.known) for _, window in windows], at, first, last)
    return _Date(path, value, "plan", f"closing plan '{version}' is issued ({{}})", camp, sooner, first, last)


def _regime(clearance: Clearance, path: str, value: Value, first: date, last: date) -> _Date:
    """A regime that is milder than the one before is worse the later it begins; a harder one, the earlier."""
    regimes = _in_turn(clearance)
    at = [name for name, _ in regimes].index(path.split(".")[3])
    milder = at > 0 and _hardness(regimes[at][1]) < _hardness(regimes[at - 1][1])
    days = [first if regime.start is None else day_of(regime.start) for _, regime in regimes]
    first, last = _between(days, at, first, last)
    verb = f"{{}}: regime '{regimes[at][0]}' begins"
    return _Date(path, value, "clearance", verb, path.split(".")[1], milder, first, last)


def _between(days: list[date], at: int, first: date, last: date) -> tuple[date, date]:
    """The days on which one of several that follow each other stays in its place."""
    before = days[at - 1] + ONE_DAY if at else first
    after = days[at + 1] - ONE_DAY if at + 1 < len(days) else last
    return max(first, before), min(last, after)


def _in_turn(clearance: Clearance) -> list[tuple[str, Regime]]:
    """The regimes of a clearance by their first day."""
    return sorted(clearance.regimes.items(), key=lambda entry: day_of(entry[1].start) if entry[1].start else date.min)


def _hardness(regime: Regime) -> tuple[bool, Fraction, Fraction]:
    """Regimes by how much they hold up: obstructing, then the chance of a refusal, then the lead time."""
    refusal = regime.refusal.nominal if regime.refusal else Fraction(0)
    return regime.stance == "obstructing", refusal, regime.lead.nominal if regime.lead else Fraction(0)


# --- values by date ------------------------------------------------------------------------------


def _by_date(scenario: Scenario) -> Iterator[tuple[str, Value]]:
    """Limits that are contracted and people whom the plan holds back, where they change by date."""
    for name, quota in scenario.quotas.items():
        yield f"quotas.{name}.limit", quota.limit
    for name, camp in scenario.camps.items():
        if camp.keep is not None:
            yield f"camps.{name}.keep", camp.keep


def _steps(bundle: Bundle, path: str, value: Value) -> Iterator[MovableDate]:
    """The dates of a value's steps; more of a limit is better, and so is less of what is held back."""
    section, name, _ = path.split(".")
    start, last = _span(bundle.scenario)
    days = [day or start for day, _ in value.content]
    for at, ((_, before), (day, dist)) in enumerate(pairwise(value.content), 1):
        if day is None or before.nominal() == dist.nominal():
            continue
        rises = dist.nominal() > before.nominal()
        what = f"limit of {name}" if section == "quotas" else f"hold-back at {name}"
        yield MovableDate(
            f"{path}.{day.isoformat()}",
            "contract" if section == "quotas" else "plan",
            f"{what} {'rises' if rises else 'falls'} to {plain(dist.nominal())}",
            rises == (section == "quotas"),
            day,
            *_between(days, at, start, last),
            _stepped(bundle, path, value, at),
            (path,),
        )


def _stepped(bundle: Bundle, path: str, value: Value, at: int) -> Callable[[date], Bundle]:
    def move(day: date) -> Bundle:
        steps = (*value.content[:at], (day, value.content[at][1]), *value.content[at + 1 :])
        return with_values(bundle, {path: replace(value, content=steps)})

    return move


# --- what the scenario leaves open ---------------------------------------------------------------


def _orders(bundle: Bundle) -> Iterator[MovableDate]:
    """Decisions, each taken by order on a date and by nothing else; after the horizon it is never taken."""
    scenario = bundle.scenario
    for name, decision in scenario.decisions.items():
        days = [condition.on for condition in decision.when.values()]
        only = days[0] if len(days) == 1 else None

        def move(day: date, name: str = name) -> Bundle:
            condition = Condition.model_construct(on=fixed_day(day, "a decision by order"))
            ordered = scenario.decisions[name].model_copy(update={"when": {"order": condition}})
            return _with(bundle, decisions={**scenario.decisions, name: ordered})

        planned = day_of(only) if only is not None else None
        first, last = _span(scenario)
        words = f"decision {name} ({decision.do}) is ordered"
        yield MovableDate(f"decisions.{name}", "decision", words, True, planned, first, last, move)


def _lifted(bundle: Bundle) -> Iterator[MovableDate]:
    """Holds without an end: the hardest last regime of a clearance, and bans whose length is drawn."""
    scenario = bundle.scenario
    start, last = _span(scenario)
    for name, clearance in scenario.clearances.items():
        regimes = _in_turn(clearance)
        if len(regimes) > 1 and _hardness(regimes[-1][1]) > _hardness(regimes[-2][1]):
            hold, held = regimes[-1]
            assert held.start is not None, "only the first regime has no start"
            words = f"{name}: regime '{hold}' is lifted"
            first = max(start, day_of(held.start) + ONE_DAY)
            move = _restored(bundle, name, regimes[-2][1])
            yield MovableDate(f"clearances.{name}.lifted", "hold", words, True, None, first, last, move)
    for name, ban in scenario.bans.items():
        if ban.last is None:
            first = max(start, day_of(ban.start))
            words = f"ban {name} is lifted"
            yield MovableDate(f"bans.{name}.lifted", "hold", words, True, None, first, last, _opened(bundle, name, ban))


def _restored(bundle: Bundle, name: str, before: Regime) -> Callable[[date], Bundle]:
    """The clearance as it was before its last regime, from a day on."""

    def move(day: date) -> Bundle:
        clearances = bundle.scenario.clearances
        again = before.model_copy(update={"start": fixed_day(day, "the hold is lifted")})
        regimes = {**clearances[name].regimes, "lifted": again}
        lifted = clearances[name].model_copy(update={"regimes": regimes})
        return _with(bundle, clearances={**clearances, name: lifted})

    return move


def _opened(bundle: Bundle, name: str, ban: Ban) -> Callable[[date], Bundle]:
    """The ban with a day on which it is over."""

    def move(day: date) -> Bundle:
        last = fixed_day(day - ONE_DAY, "the ban is lifted on the day after")
        opened = ban.model_copy(update={"last": last, "length": None})
        return _with(bundle, bans={**bundle.scenario.bans, name: opened})

    return move


def _leaving(bundle: Bundle) -> Iterator[MovableDate]:
    """Means that serve to the end, leaving on a day: all that are there then, and none come afterwards."""
    scenario = bundle.scenario
    first, last = _span(scenario)
    for name, asset in scenario.assets.items():

        def move(day: date, name: str = name, asset: Asset = asset) -> Bundle:
            assets = {**scenario.assets, name: _left(asset, day)}
            return _with(bundle, assets=assets)

        yield MovableDate(
            f"assets.{name}.leave", "means", f"{name} leave for good", False, None, first + ONE_DAY, last, move
        )


def _left(asset: Asset, day: date) -> Asset:
    kept = {key: change for key, change in asset.changes.items() if day_of(change.on) < day}
    there = asset.number.nominal
    for change in kept.values():
        there += change.gain.nominal if change.gain else 0
        there -= change.loss.nominal if change.loss else 0
    everything = replace(asset.number, content=((None, Dist("fixed", (there,))),))
    leaves = Change.model_construct(on=fixed_day(day, "the means leave"), loss=everything)
    return asset.model_copy(update={"changes": {**kept, "leave": leaves} if there else kept})

"""Every id that refers to something must be defined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from .findings import Findings, listed, nearest
from .schema import Scenario
from .translate import Path

#: What a reference is called in messages, and the section that defines it.
_SECTIONS = {
    "place": "places",
    "area": "areas",
    "driver": "drivers",
    "leg": "legs",
    "threat": "threats",
    "authority": "authorities",
    "asset": "assets",
    "contingent": "contingents",
    "lift": "lifts",
    "camp": "camps",
    "milestone": "milestones",
}

#: Faults up to which the nearest name is looked up.
_MOST_HINTS = 100

#: The owner of what belongs to no contingent.
UN = "un"


class Reference(NamedTuple):
    """An id at a path that must be defined in the section of its kind."""

    path: Path
    id: str
    kind: str
    is_key: bool = False


def check_references(found: Findings) -> bool:
    """Look up every reference; False if one is wrong."""
    known: dict[str, Mapping[str, object]] = {
        kind: getattr(found.scenario, section) for kind, section in _SECTIONS.items()
    }
    before = len(found.faults)
    defined = {kind: listed(names) for kind, names in known.items()}
    for path, id, kind, is_key in _references(found.scenario):
        if id not in known[kind]:
            # looking for the nearest takes time, and nobody reads the hundredth guess
            hint = nearest(id, known[kind]) if len(found.faults) < _MOST_HINTS else ""
            found.add(path, f"there is no {kind} '{id}'; {hint}defined are {defined[kind]}", is_key)
    _check_levels(found)
    return len(found.faults) == before


def _references(scenario: Scenario) -> Iterator[Reference]:
    yield from _of_world(scenario)
    yield from _of_clearances_and_means(scenario)
    yield from _of_items(scenario)
    yield from _of_lifts(scenario)
    yield from _of_camps_and_decisions(scenario)


def _one(path: Path, id: str | None, kind: str) -> Iterator[Reference]:
    if id is not None:
        yield Reference(path, id, kind)


def _each(path: Path, ids: Iterable[str], kind: str) -> Iterator[Reference]:
    for position, id in enumerate(ids):
        yield Reference((*path, position), id, kind)


def _keys(path: Path, entries: Iterable[str], kind: str) -> Iterator[Reference]:
    for id in entries:
        yield Reference((*path, id), id, kind, is_key=True)


def _of_world(scenario: Scenario) -> Iterator[Reference]:
    for name, driver in scenario.drivers.items():
        for key, override in driver.overrides.items():
            yield from _one(("drivers", name, "overrides", key, "area"), override.area, "area")
    for name, place in scenario.places.items():
        yield from _one(("places", name, "area"), place.area, "area")
    for name, leg in scenario.legs.items():
        path = ("legs", name)
        yield from _each((*path, "between"), leg.between, "place")
        yield from _one((*path, "area"), leg.area, "area")
        yield from _one((*path, "weather"), leg.weather, "driver")
        yield from _keys((*path, "threats"), leg.threats, "threat")
        yield from _keys((*path, "after_closure"), leg.after_closure, "camp")
    for name, threat in scenario.threats.items():
        yield from _one(("threats", name, "driver"), threat.driver, "driver")
    for name, ban in scenario.bans.items():
        yield from _each(("bans", name, "legs"), ban.legs, "leg")
        yield from _each(("bans", name, "places"), ban.places, "place")
        yield from _each(("bans", name, "lifts"), ban.lifts, "lift")


def _of_clearances_and_means(scenario: Scenario) -> Iterator[Reference]:
    for name, clearance in scenario.clearances.items():
        path = ("clearances", name)
        yield from _one((*path, "authority"), clearance.authority, "authority")
        yield from _each((*path, "areas"), clearance.areas, "area")
        yield from _each((*path, "lifts"), clearance.lifts, "lift")
        yield from _one((*path, "driver"), clearance.driver, "driver")
        yield from _each((*path, "after"), clearance.after, "camp")
    for name, asset in scenario.assets.items():
        yield from _one(("assets", name, "at"), asset.at, "place")
        yield from _one(("assets", name, "contingent"), asset.contingent, "contingent")
    for name, quota in scenario.quotas.items():
        yield from _each(("quotas", name, "contingents"), quota.contingents, "contingent")
        yield from _each(("quotas", name, "lifts"), quota.lifts, "lift")


def _of_items(scenario: Scenario) -> Iterator[Reference]:
    for name, cohort in scenario.people.items():
        path = ("people", name)
        yield from _one((*path, "contingent"), cohort.contingent, "contingent")
        yield from _one((*path, "at"), cohort.at, "place")
        yield from _each((*path, "via"), cohort.via, "place")
    for name, lot in scenario.cargo.items():
        path = ("cargo", name)
        if lot.owner != UN:
            yield from _one((*path, "owner"), lot.owner, "contingent")
        yield from _one((*path, "at"), lot.at, "place")
        yield from _each((*path, "via"), lot.via, "place")
        yield from _one((*path, "crews"), lot.crews, "asset")
        yield from _keys((*path, "inspection"), lot.inspection, "place")
        for place, inspection in lot.inspection.items():
            yield from _one((*path, "inspection", place, "crews"), inspection.crews, "asset")


def _of_lifts(scenario: Scenario) -> Iterator[Reference]:
    for name, lift in scenario.lifts.items():
        path = ("lifts", name)
        yield from _each((*path, "pick_up"), lift.pick_up, "place")
        yield from _one((*path, "to"), lift.to, "place")
        yield from _each((*path, "route"), lift.route, "leg")
        yield from _each((*path, "contingents"), lift.contingents, "contingent")
        yield from _one((*path, "asset"), lift.asset, "asset")
        yield from _keys((*path, "needs"), lift.needs, "asset")
        if lift.escort is not None:
            yield from _one((*path, "escort", "asset"), lift.escort.asset, "asset")
        for key, join in lift.joins.items():
            yield from _one((*path, "joins", key, "at"), join.at, "camp")


def _of_camps_and_decisions(scenario: Scenario) -> Iterator[Reference]:
    yield from _keys(("camps",), scenario.camps, "place")
    for name, camp in scenario.camps.items():
        yield from _each(("camps", name, "after"), camp.after, "camp")
        yield from _each(("camps", name, "serves"), camp.serves, "camp")
        yield from _one(("camps", name, "column"), camp.column, "lift")
    for name, decision in scenario.decisions.items():
        path = ("decisions", name)
        yield from _each((*path, "camps"), decision.camps, "camp")
        yield from _one((*path, "milestone"), decision.milestone, "milestone")
        yield from _each((*path, "stop"), decision.stop, "lift")
        yield from _each((*path, "begin"), decision.begin, "lift")
        for key, condition in decision.when.items():
            under = (*path, "when", key)
            yield from _each((*under, "below_reserve"), condition.below_reserve, "place")
            yield from _each((*under, "closed"), condition.closed, "camp")
            if condition.level is not None:
                yield from _one((*under, "level", "driver"), condition.level.driver, "driver")
                yield from _one((*under, "level", "area"), condition.level.area, "area")
    for name, milestone in scenario.milestones.items():
        path = ("milestones", name)
        yield from _each((*path, "contingents"), milestone.contingents, "contingent")
        yield from _each((*path, "camps"), milestone.camps, "camp")
        yield from _each((*path, "ends"), milestone.ends, "asset")
        yield from _each((*path, "guarded"), milestone.guarded, "place")


def _check_levels(found: Findings) -> None:
    """The level named by an override or a condition must be one of its driver's."""
    drivers = found.scenario.drivers
    named: list[tuple[Path, str, str]] = [
        (("drivers", name, "overrides", key, "state"), name, override.state)
        for name, driver in drivers.items()
        for key, override in driver.overrides.items()
    ]
    named += [
        (("decisions", name, "when", key, "level", "state"), condition.level.driver, condition.level.state)
        for name, decision in found.scenario.decisions.items()
        for key, condition in decision.when.items()
        if condition.level is not None
    ]
    for path, driver_id, state in named:
        if driver_id in drivers and state not in drivers[driver_id].states:
            states = drivers[driver_id].states
            found.add(
                path,
                f"driver '{driver_id}' has no level '{state}'; {nearest(state, states)}its levels are {listed(states)}",
            )

"""Whether everything that must leave can: routes, what carries what, fleets and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

from .check_references import UN
from .findings import Findings, amount, first_day, last_day, listed
from .schema import Asset, Cohort, Lift, Lot, Scenario
from .translate import Path
from .values import Value

MOVED = ("repatriate", "redeploy", "store")
#: The lifts that stop at each place.
Stopping = Mapping[str, Sequence[Lift]]

#: Most pairs of a lift and an entry that passes where it stops; each costs some microseconds.
MOST_PAIRS = 500_000
_PEOPLE_UNITS = ("seat", "person", "people")


def check_moves(found: Findings) -> None:
    """Check lifts, items and fleets; references must be sound."""
    scenario = found.scenario
    stopping = _stopping(scenario)
    if _pairs(scenario, stopping) > MOST_PAIRS:
        entries = len(scenario.people) + len(scenario.cargo)
        text = f"{len(scenario.lifts):,} lifts for {entries:,} entries of people and cargo are too many to look through"
        found.add(("lifts",), f"{text}; expected at most {MOST_PAIRS:,} pairs that meet at a place", True)
        return
    for name, lift in scenario.lifts.items():
        _check_route(found, name, lift)
        _check_capacity(found, name, lift)
        _check_sizes(found, name, lift)
    for name, cohort in scenario.people.items():
        _check_way(found, ("people", name, "via"), cohort.at, cohort.via, must_exit=True)
        _check_served(found, ("people", name, "via"), cohort, stopping)
    for name, lot in scenario.cargo.items():
        _check_lot(found, name, lot, stopping)
    for name, asset in scenario.assets.items():
        _check_changes(found, name, asset)


def _stopping(scenario: Scenario) -> Stopping:
    """The lifts that stop at each place, in the order of the file."""
    lifts: dict[str, list[Lift]] = {}
    for lift in scenario.lifts.values():
        for place in dict.fromkeys(_stops(lift)):
            lifts.setdefault(place, []).append(lift)
    return lifts


def _pairs(scenario: Scenario, stopping: Stopping) -> int:
    """How often an entry of people or cargo and a lift meet at a place."""
    items: list[Cohort | Lot] = [*scenario.people.values(), *scenario.cargo.values()]
    return sum(len(stopping.get(place, ())) for item in items for place in (item.at, *item.via))


# --- lifts ---------------------------------------------------------------------------------------


def _check_route(found: Findings, name: str, lift: Lift) -> None:
    """Legs must chain from the first pick-up through the others, in order, to the destination."""
    path: Path = ("lifts", name)
    here, passed = lift.pick_up[0], [lift.pick_up[0]]
    for position, leg_id in enumerate(lift.route):
        leg = found.scenario.legs[leg_id]
        if leg.mode != lift.mode:
            text = f"leg '{leg_id}' goes by {leg.mode}, the lift by {lift.mode}; expected one mode"
            found.add((*path, "route", position), text)
        if here not in leg.between:
            ends = " and ".join(f"'{place}'" for place in leg.between)
            found.add(
                (*path, "route", position),
                f"leg '{leg_id}' joins {ends} and does not go on from '{here}'; expected legs that connect",
            )
            return
        here = leg.between[1] if here == leg.between[0] else leg.between[0]
        passed.append(here)
    if here != lift.to:
        found.add((*path, "route"), f"ends at '{here}'; expected it to end at '{lift.to}', where the lift goes")
        return
    _check_stops(found, path, lift, passed[:-1])


def _check_stops(found: Findings, path: Path, lift: Lift, passed: Sequence[str]) -> None:
    """Pick-ups and camps that join must lie on the route, the pick-ups in their order."""
    at = 0
    for position, place in enumerate(lift.pick_up):
        if place in lift.pick_up[:position]:
            found.add((*path, "pick_up", position), f"'{place}' is named twice; expected each place once")
        elif place not in passed[at:]:
            text = f"the route does not come by '{place}' in this order; it passes {', '.join(passed)}"
            found.add((*path, "pick_up", position), text)
        else:
            at = passed.index(place, at)
    if lift.brings is not None and lift.based == "origin":
        found.add(
            (*path, "brings"), "supplies are brought on the empty run to the pick-ups; expected 'based: destination'"
        )
    if lift.carries == "column" and lift.asset is not None:
        found.add(
            (*path, "asset"),
            "a column goes with its own vehicles; expected no 'asset' (escorts and needs may be named)",
        )
    for key, join in lift.joins.items():
        if lift.carries != "column":
            found.add((*path, "joins", key), "only a column is joined by camps; expected 'carries: column'")
        elif join.at not in passed or join.at in lift.pick_up:
            text = f"the route does not come by '{join.at}' on its way; it passes {', '.join(passed)}"
            found.add((*path, "joins", key, "at"), text)


def _check_capacity(found: Findings, name: str, lift: Lift) -> None:
    path: Path = ("lifts", name, "capacity")
    unit = lift.capacity.unit
    holds_people = unit.split("/")[0] in _PEOPLE_UNITS
    if lift.carries == "people" and not holds_people:
        found.add(path, f"is in '{unit}', but the lift carries people; expected for instance '30 person/vehicle'")
    elif lift.carries == "cargo" and holds_people:
        found.add(path, f"is in '{unit}', but the lift carries cargo; expected for instance '1 load/truck'")
    if lift.capacity.nominal < 1:
        found.add(path, "holds less than one load or person, so that nothing fits; expected at least 1")
    if lift.hours is not None and lift.hours[0] == lift.hours[1]:
        found.add(("lifts", name, "hours"), "begin and end at the same time; leave them out for any hour")
    if lift.first is not None and lift.last is not None and last_day(lift.last) < first_day(lift.first):
        found.add(("lifts", name, "last"), f"is {last_day(lift.last)}, before its first day {first_day(lift.first)}")


def _check_sizes(found: Findings, name: str, lift: Lift) -> None:
    """A movement of the least size must be possible with all the means there ever are."""
    path: Path = ("lifts", name)
    assets = found.scenario.assets
    least = lift.least.nominal if lift.least is not None else Fraction(1)
    if lift.most is not None and least > lift.most.nominal:
        found.add((*path, "least"), f"is {least}, more than the most, {lift.most.nominal}; expected least <= most")
    if lift.asset is not None and least > (fleet := largest(assets[lift.asset])):
        text = f"is {least}, but '{lift.asset}' never has more than {fleet}, so that it could never form"
        found.add((*path, "least") if lift.least is not None else (*path, "asset"), text)
    if lift.escort is not None:
        escorts = largest(assets[lift.escort.asset])
        per_escort = lift.escort.vehicles
        due = max(lift.escort.least, ceil(least / per_escort.nominal) if per_escort and per_escort.nominal else 1)
        if due > escorts:
            text = f"a movement of the least size takes {due} escorts, but '{lift.escort.asset}' never has more"
            found.add((*path, "escort"), f"{text} than {escorts}")
    for asset, count in lift.needs.items():
        if count > largest(assets[asset]):
            text = f"takes {count}, but '{asset}' never has more than {largest(assets[asset])}"
            found.add((*path, "needs", asset), text)


def largest(asset: Asset) -> Fraction:
    """The most of an asset that there is at any time, ever."""
    number = most = asset.number.nominal
    for change in sorted(asset.changes.values(), key=lambda change: change.on.nominal):
        number += _or_none(change.gain) - _or_none(change.loss)
        most = max(most, number)
    return most


def _or_none(value: Value | None) -> Fraction:
    return value.nominal if value is not None else Fraction(0)


def _check_changes(found: Findings, name: str, asset: Asset) -> None:
    path: Path = ("assets", name)
    number = asset.number.nominal
    for key, change in sorted(asset.changes.items(), key=lambda entry: (entry[1].on.nominal, entry[0])):
        if (change.gain is None) == (change.loss is None):
            found.add((*path, "changes", key), "expected either a gain or a loss")
        number += _or_none(change.gain) - _or_none(change.loss)
        if number < 0:
            text = f"takes away {amount(-number, asset.kind)} more than there are"
            found.add((*path, "changes", key, "loss"), text)
            number = Fraction(0)
    if asset.until is not None and asset.contingent is None:
        found.add((*path, "until"), "ends with a contingent, but none is named; expected 'contingent: ID'")


# --- items ---------------------------------------------------------------------------------------


def _check_lot(found: Findings, name: str, lot: Lot, stopping: Stopping) -> None:
    path: Path = ("cargo", name)
    if (lot.number is None) == (lot.per_person is None):
        found.add(path, "expected either 'number' or 'per_person'")
    if lot.disposition in ("sell", "gift") and lot.arms:
        found.add((*path, "disposition"), "arms, ammunition and armour may not be sold or given; expected another")
    if (lot.work is None) != (lot.crews is None):
        missing, given = ("crews", "work") if lot.crews is None else ("work", "crews")
        found.add((*path, given), f"'{given}' means nothing without '{missing}'; give both or neither")
    if lot.disposition not in MOVED:
        if lot.via:
            found.add((*path, "via"), f"a lot to {lot.disposition} is not moved; leave 'via' out")
        return
    if not lot.via:
        found.add(path, f"a lot to {lot.disposition} needs 'via': the places on its way; only what stays has none")
        return
    _check_way(found, (*path, "via"), lot.at, lot.via, must_exit=lot.disposition != "store")
    _check_served(found, (*path, "via"), lot, stopping)
    for place in lot.inspection:
        if place not in lot.via:
            found.add((*path, "inspection", place), f"'{place}' is not on its way ({', '.join(lot.via)})", True)


def _check_way(found: Findings, path: Path, at: str, via: Sequence[str], must_exit: bool) -> None:
    way = [at, *via]
    for position, place in enumerate(via):
        if place in way[: position + 1]:
            found.add((*path, position), f"comes back to '{place}'; expected each place once")
    last = found.scenario.places[via[-1]]
    if must_exit and last.kind != "exit":
        found.add(
            (*path, len(via) - 1),
            f"ends at '{via[-1]}', which is of kind '{last.kind}'; expected a place of kind 'exit'",
        )


def _check_served(found: Findings, path: Path, item: Cohort | Lot, stopping: Stopping) -> None:
    """Some lift, or the column of its camp, must take it from each place it reaches to the next."""
    way = [item.at, *item.via]
    reached = {0}
    for stage, place in enumerate(way[:-1]):
        if stage not in reached:
            continue
        onward = _onward(stopping.get(place, ()), item, way, stage)
        if not onward:
            found.add(
                (*path, stage),
                f"nothing carries it from '{place}' to '{way[stage + 1]}'; lifts between them:"
                f" {listed(_lifts_between(found.scenario, place, way[stage + 1]))}; expected one that takes it",
            )
            return
        reached |= onward


def _onward(lifts: Sequence[Lift], item: Cohort | Lot, way: Sequence[str], stage: int) -> set[int]:
    """The stages that the lifts that stop here lead to."""
    onward = set[int]()
    has_column = any(lift.carries == "column" for lift in lifts)
    for lift in lifts:
        if lift.to not in way[stage + 1 :] or not _takes(lift, item, stage, has_column):
            continue
        target = way.index(lift.to, stage + 1)
        if lift.carries == "column" or target == stage + 1:
            onward.add(target)
    return onward


def _stops(lift: Lift) -> list[str]:
    return [*lift.pick_up, *(join.at for join in lift.joins.values())]


def _takes(lift: Lift, item: Cohort | Lot, stage: int, has_column: bool) -> bool:
    """Whether a lift takes this item at this stage, as the plan is compiled.

    Own means leave the camp by its column, if it has one; further on they are loads like others.
    """
    owner = item.contingent if isinstance(item, Cohort) else item.owner
    if lift.contingents and (owner == UN or owner not in lift.contingents):
        return False
    if isinstance(item, Cohort):
        return lift.carries != "cargo"
    if lift.kinds and item.kind not in lift.kinds:
        return False
    if lift.carries == "column":
        return item.own_means
    return lift.carries == "cargo" and not (item.own_means and stage == 0 and has_column)


def _lifts_between(scenario: Scenario, here: str, there: str) -> list[str]:
    return [name for name, lift in scenario.lifts.items() if here in _stops(lift) and lift.to == there]

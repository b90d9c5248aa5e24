"""Compiling what must leave: contingents, cohorts of people and lots of cargo."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import PlanError
from ..scenario.schema import Cohort, Lot
from .plan import NEVER, CargoKind, Entry, Ints, PeopleKind
from .reading import PER_MILLE, Reader, columns, in_order, ints, keys, ragged, records

#: Planned dispositions whose cargo is moved; all other cargo is counted where it stands.
MOVED = frozenset({"repatriate", "redeploy", "store"})

#: Most people, and most loads, of a whole scenario.
MOST_UNITS = 1_000_000_000


@dataclass(frozen=True)
class Item:
    """A cohort or a lot as the other compilers see it."""

    row: int
    path: str
    people: bool
    kind: int
    contingent: int
    rank: int
    number: int
    stays: int
    moves: bool
    own_means: bool
    way: tuple[str, ...]
    """Places on its way, first where it is at the start."""
    work: tuple[tuple[int, int], ...]
    """Per place on the way: series of the work there and who does it, -1 and -1 for none."""
    flags: Mapping[str, int] = field(default_factory=dict)
    """Remaining columns of the plan."""


def compile_contingents(reader: Reader) -> dict[str, Ints]:
    """Contingents: the minute after the last day of their tour; negative if overdue at the start."""
    ends = []
    for row, (name, contingent) in enumerate(in_order(reader.scenario.contingents)):
        end = NEVER
        if contingent.tour_end is not None:
            end = reader.day_after(contingent.tour_end, f"contingents.{name}.tour_end")
        reader.enter(end, Entry.TOUR_END, row)
        ends.append(end)
    return {"contingent_tour_end": ints(ends)}


def read_items(reader: Reader) -> list[Item]:
    """All cohorts, then all lots, each by id."""
    people = {name: reader.number(c.number, f"people.{name}.number") for name, c in _people(reader)}
    at: dict[str, int] = {}
    for name, cohort in _people(reader):
        at[cohort.at] = at.get(cohort.at, 0) + people[name]
    staying = share_residual(reader, people)
    items = [_cohort(reader, name, cohort, people[name], staying[name]) for name, cohort in _people(reader)]
    items += [_lot(reader, name, lot, at.get(lot.at, 0)) for name, lot in in_order(reader.scenario.cargo)]
    for what, is_people in (("people", True), ("loads", False)):
        total = sum(item.number + item.stays for item in items if item.people == is_people)
        if total > MOST_UNITS:
            raise PlanError(f"{total} {what} in all; expected at most {MOST_UNITS}")
    return items


def _people(reader: Reader) -> list[tuple[str, Cohort]]:
    return in_order(reader.scenario.people)


def people_at_start(reader: Reader, items: Sequence[Item]) -> dict[str, int]:
    """How many people are at each place at the start, those who stay included."""
    at: dict[str, int] = {}
    for item in items:
        if item.people:
            at[item.way[0]] = at.get(item.way[0], 0) + item.number + item.stays
    return at


def share_residual(reader: Reader, people: Mapping[str, int]) -> dict[str, int]:
    """How many of each cohort stay: the declared residual, shared by the weight `stays` x number.

    No cohort gives more than it has; what it cannot give is shared by the others. Fractions go to the
    largest remainders, ties by id.
    """
    shares = dict.fromkeys(people, 0)
    residual = reader.scenario.residual
    if residual is None:
        return shares
    due = reader.number(residual.number, "residual.number")
    weights = {
        name: weight
        for name, cohort in _people(reader)
        if cohort.stays is not None
        and (weight := reader.exact(cohort.stays, f"people.{name}.stays") * people[name]) > 0
    }
    held = sum(people[name] for name in weights)
    if due > held:
        raise PlanError(
            f"residual.number: {due} people stay, but the cohorts with a weight 'stays' hold {held}; "
            "give more cohorts a weight or lower the number"
        )
    while due:
        total = sum(weights.values())
        quota = {name: due * weight / total for name, weight in weights.items()}
        full = [name for name in weights if quota[name] >= people[name]]
        if not full:
            break
        for name in full:
            shares[name] = people[name]
            due -= people[name]
            del weights[name]
    else:
        return shares
    for name, exact in quota.items():
        shares[name] = math.floor(exact)
    left = due - sum(shares[name] for name in quota)
    for name in sorted(quota, key=lambda name: (shares[name] - quota[name], name))[:left]:
        shares[name] += 1
    return shares


def _cohort(reader: Reader, name: str, cohort: Cohort, number: int, stays: int) -> Item:
    where = f"people.{name}"
    way = _way(where, (cohort.at, *cohort.via))
    return Item(
        row=reader.rows["people"][name],
        path=where,
        people=True,
        kind=PeopleKind[cohort.kind.upper()],
        contingent=reader.row("contingents", cohort.contingent, f"{where}.contingent"),
        rank=cohort.rank,
        number=number - stays,
        stays=stays,
        moves=True,
        own_means=False,
        way=way,
        work=((-1, -1),) * len(way),
        flags={
            "item_armed": int(cohort.armed),
            "item_arms": 0,
            "item_batch": 1,
            "item_starts": 0,
            "item_tied": int(cohort.with_equipment),
            "item_advance": reader.optional(cohort.advance, f"{where}.advance", 0, PER_MILLE),
        },
    )


def _lot(reader: Reader, name: str, lot: Lot, people: int) -> Item:
    """A lot; one given per person has the ratio times the people at its place at the start, rounded up.

    Cargo that is not moved (sold, given, disposed of, destroyed, left) is counted as staying: it holds
    nobody, and no work is done on it.
    """
    where = f"cargo.{name}"
    if (lot.number is None) == (lot.per_person is None):
        raise PlanError(f"{where}: expected either 'number' or 'per_person', one of the two")
    number = 0
    if lot.number is not None:
        number = reader.number(lot.number, f"{where}.number")
    elif lot.per_person is not None:
        number = math.ceil(reader.exact(lot.per_person, f"{where}.per_person") * people)
    moves = lot.disposition in MOVED
    if moves and not lot.via:
        raise PlanError(f"{where}.via: cargo to {lot.disposition} needs a way; name the places on it")
    way = _way(where, (lot.at, *lot.via)) if moves else (lot.at,)
    return Item(
        row=reader.rows["cargo"][name],
        path=where,
        people=False,
        kind=CargoKind[lot.kind.upper()],
        contingent=-1 if lot.owner == "un" else reader.row("contingents", lot.owner, f"{where}.owner"),
        rank=lot.rank,
        number=number if moves else 0,
        stays=0 if moves else number,
        moves=moves,
        own_means=lot.own_means,
        way=way,
        work=_work(reader, lot, where, way) if moves else ((-1, -1),),
        flags={
            "item_armed": 0,
            "item_arms": int(lot.arms),
            "item_batch": lot.batch,
            "item_starts": reader.moment(lot.starts, f"{where}.starts"),
            "item_tied": 0,
            "item_advance": 0,
        },
    )


def _way(where: str, places: tuple[str, ...]) -> tuple[str, ...]:
    """The places on a way; a place met twice would make stages ambiguous."""
    for i, place in enumerate(places):
        if place in places[:i]:
            raise PlanError(f"{where}.via: passes '{place}' twice; expected each place once")
    return places


def _work(reader: Reader, lot: Lot, where: str, way: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Work at each place: preparation where the lot is at the start, inspections on the way."""
    stages = [(-1, -1)] * len(way)
    if lot.work is not None:
        if lot.crews is None:
            raise PlanError(f"{where}.crews: there is work but nobody to do it; name the crews")
        crews = reader.row("assets", lot.crews, f"{where}.crews")
        stages[0] = (reader.series(lot.work, f"{where}.work"), crews)
    for place, inspection in in_order(lot.inspection):
        if place not in way[1:-1]:
            raise PlanError(
                f"{where}.inspection.{place}: not a place it passes; expected one of "
                f"{', '.join(way[1:-1]) or 'none: its way has no stop'}"
            )
        desks = reader.row("assets", inspection.crews, f"{where}.inspection.{place}.crews")
        series = reader.series(inspection.work, f"{where}.inspection.{place}.work")
        stages[way.index(place)] = (series, desks)
    return tuple(stages)


def _ties(items: Sequence[Item]) -> list[list[int]]:
    """Per item, the lots whose packing lets a tied cohort go.

    They are the lots of its contingent at its place that are due to leave and need work. A
    cohort without any is not tied, since it would wait for nothing.
    """
    lots: dict[tuple[int, str], list[int]] = {}
    for item in items:
        if not item.people and item.moves and item.number and item.work[0][0] >= 0:
            lots.setdefault((item.contingent, item.way[0]), []).append(item.row)
    return [lots.get((item.contingent, item.way[0]), []) if item.flags["item_tied"] else [] for item in items]


def compile_items(reader: Reader, items: Sequence[Item]) -> dict[str, Ints]:
    """The item tables: counts, traits, ties and stages."""
    ties = _ties(items)
    rows = [
        {
            "item_people": int(item.people),
            "item_kind": item.kind,
            "item_contingent": item.contingent,
            "item_rank": item.rank,
            "item_number": item.number,
            "item_stays": item.stays,
            "item_own_means": int(item.own_means),
            "item_moves": int(item.moves),
            **item.flags,
            "item_tied": int(bool(tie)),
        }
        for item, tie in zip(items, ties, strict=True)
    ]
    names = (
        "people", "kind", "contingent", "rank", "number", "stays", "armed", "arms", "own_means", "moves",
        "batch", "starts", "tied", "advance",
    )  # fmt: skip
    stages = [
        [
            (reader.row("places", place, f"{item.path}.via"), *work)
            for place, work in zip(item.way, item.work, strict=True)
        ]
        for item in items
    ]
    return {
        "item_key": ints(keys("item", (item.path for item in items))),
        **columns(rows, [f"item_{name}" for name in names]),
        **ragged("item_tie_at", ties, "item_tie"),
        **records("stage_at", stages, ("stage_place", "stage_work", "stage_asset")),
    }

"""Compiling movements: lifts, their routes, and what each may load where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..errors import PlanError
from ..scenario.schema import Lift
from .compile_items import Item
from .plan import NEVER, UNLIMITED, CargoKind, Carries, Entry, Ints, Mode
from .reading import Reader, columns, in_order, ints, keys, ragged, records, traffic_mask

Candidate = tuple[int, int]
"""An item and its stage where it is loaded."""

#: Most pairs of pick-up and item over all lifts.
MOST_CANDIDATES = 2_000_000


class Stop(NamedTuple):
    """A place on a loaded run and the legs driven before it."""

    place: str
    legs: int


def compile_lifts(reader: Reader) -> dict[str, Ints]:
    """The lift tables: traits, means, times, order."""
    begun = {name for decision in reader.scenario.decisions.values() for name in decision.begin}
    lifts = in_order(reader.scenario.lifts)
    rows = [{**_traits(reader, name, lift, int(name in begun)), **_times(reader, name, lift)} for name, lift in lifts]
    needs = [
        sorted((reader.row("assets", asset, f"lifts.{name}.needs"), n) for asset, n in in_order(lift.needs))
        for name, lift in lifts
    ]
    quotas: list[list[int]] = [[] for _ in lifts]
    for quota, entry in in_order(reader.scenario.quotas):
        for lift_row in reader.rows_of("lifts", entry.lifts, f"quotas.{quota}.lifts"):
            quotas[lift_row].append(reader.rows["quotas"][quota])
    return {
        "lift_key": ints(keys("lift", (name for name, _ in lifts))),
        **columns(rows, [f"lift_{name}" for name in _COLUMNS]),
        **records("lift_need_at", needs, ("lift_need_asset", "lift_need_count")),
        **ragged("lift_quota_at", quotas, "lift_quota"),
    }


def _traits(reader: Reader, name: str, lift: Lift, stopped: int) -> dict[str, int]:
    """What a lift is and what it takes: counts in vehicles, loads or people."""
    where = f"lifts.{name}"
    capacity = reader.number(lift.capacity, f"{where}.capacity")
    if capacity < 1:
        raise PlanError(f"{where}.capacity: a vehicle that carries nothing; expected at least 1")
    least = max(1, reader.optional(lift.least, f"{where}.least", 1))
    most = reader.unlimited(lift.most, f"{where}.most")
    if least > most:
        raise PlanError(f"{where}.least: {least} vehicles are more than the most of {most}; lower the least")
    escort = lift.escort
    per_escort = UNLIMITED
    if escort is not None:
        per_escort = reader.unlimited(escort.vehicles, f"{where}.escort.vehicles")
        if per_escort < 1:
            raise PlanError(f"{where}.escort.vehicles: an escort that covers nothing; expected at least 1")
    return {
        "lift_mode": Mode[lift.mode.upper()],
        "lift_from_origin": int(lift.based == "origin"),
        "lift_returns": int(lift.returns),
        "lift_carries": Carries[lift.carries.upper()],
        "lift_classes": traffic_mask(lift.classes, missing=0),
        "lift_asset": reader.row("assets", lift.asset, f"{where}.asset"),
        "lift_capacity": capacity,
        "lift_least": least,
        "lift_most": most,
        "lift_escort": -1 if escort is None else reader.row("assets", escort.asset, f"{where}.escort"),
        "lift_escort_vehicles": per_escort,
        "lift_escort_least": 0 if escort is None else escort.least,
        "lift_rank": lift.rank,
        "lift_by_order": int(lift.by_order),
        "lift_stopped": stopped,
        "lift_to": reader.row("places", lift.to, f"{where}.to"),
    }


def _times(reader: Reader, name: str, lift: Lift) -> dict[str, int]:
    """When and how long: minutes, or series of minutes."""
    where = f"lifts.{name}"
    row = reader.rows["lifts"][name]
    first = reader.moment(lift.first, f"{where}.first")
    last = NEVER if lift.last is None else reader.day_after(lift.last, f"{where}.last")
    reader.enter(first, Entry.LIFT, row)
    reader.enter(last, Entry.LIFT, row)
    hours = (-1, -1) if lift.hours is None else (_clock(lift.hours[0]), _clock(lift.hours[1]))
    return {
        "lift_wait": reader.never(lift.wait, f"{where}.wait"),
        "lift_reserve": reader.never(lift.reserve, f"{where}.reserve"),
        "lift_loading": reader.optional_series(lift.loading, f"{where}.loading"),
        "lift_loading_vehicle": reader.optional_series(lift.loading_per_vehicle, f"{where}.loading_per_vehicle"),
        "lift_unloading": reader.optional_series(lift.unloading, f"{where}.unloading"),
        "lift_rest": reader.optional_series(lift.rest, f"{where}.rest"),
        "lift_hours_from": hours[0],
        "lift_hours_to": hours[1],
        "lift_hold": reader.never(lift.hold, f"{where}.hold"),
        "lift_supplies": reader.never(lift.supplies, f"{where}.supplies"),
        "lift_resupply": reader.optional_series(lift.resupply_halt, f"{where}.resupply_halt"),
        "lift_brings": reader.optional(lift.brings, f"{where}.brings", 0),
        "lift_first": first,
        "lift_last": last,
    }


_COLUMNS = (
    "mode", "from_origin", "returns", "carries", "classes", "asset", "capacity", "least", "most", "escort",
    "escort_vehicles", "escort_least", "rank", "by_order", "stopped", "to", "wait", "reserve", "loading",
    "loading_vehicle", "unloading", "rest", "hours_from", "hours_to", "hold", "supplies", "resupply",
    "brings", "first", "last",
)  # fmt: skip


def _clock(text: str) -> int:
    """The minute of the day of a time such as 05:00; 24:00 is the day's end."""
    hour, minute = text.split(":")
    return min(int(hour) * 60 + int(minute), 24 * 60)


def walk(reader: Reader, name: str, lift: Lift) -> list[Stop]:
    """The places along a loaded run, from the first pick-up to the destination.

    Raises PlanError where the legs do not join, and if the run does not end at the destination.
    """
    place = lift.pick_up[0]
    stops = [Stop(place, 0)]
    for i, leg in enumerate(lift.route):
        reader.row("legs", leg, f"lifts.{name}.route")
        ends = reader.scenario.legs[leg].between
        if place not in ends:
            raise PlanError(f"lifts.{name}.route: leg '{leg}' does not touch '{place}'; give a connected route")
        place = ends[1] if place == ends[0] else ends[0]
        stops.append(Stop(place, i + 1))
    if place != lift.to:
        raise PlanError(f"lifts.{name}.route: ends at '{place}'; expected the destination '{lift.to}'")
    return stops


def compile_routes(reader: Reader) -> dict[str, Ints]:
    """Pick-ups, camps that join, and legs of each lift, in the order of the loaded run."""
    picks, joins, routes = [], [], []
    for name, lift in in_order(reader.scenario.lifts):
        where = f"lifts.{name}"
        stops = walk(reader, name, lift)
        routes.append(
            [
                (reader.row("legs", leg, where), reader.row("places", stop.place, where))
                for leg, stop in zip(lift.route, stops[1:], strict=True)
            ]
        )
        loads_at = (*lift.pick_up, *(join.at for join in lift.joins.values()))
        if len(set(loads_at)) < len(loads_at):
            raise PlanError(f"{where}.pick_up: a place is named twice, here or under joins; expected each once")
        rows, driven = [], 0
        for place in lift.pick_up:
            driven = _legs_to(stops, place, driven, f"{where}.pick_up")
            rows.append((reader.row("places", place, where), driven))
        picks.append(rows)
        joins.append(
            sorted(
                (
                    _legs_to(stops, join.at, 0, f"{where}.joins.{key}.at"),
                    reader.row("camps", join.at, f"{where}.joins.{key}.at"),
                    reader.number(join.wait, f"{where}.joins.{key}.wait"),
                )
                for key, join in in_order(lift.joins)
            )
        )
    return {
        **records("pick_at", picks, ("pick_place", "pick_leg")),
        **records("join_at", joins, ("join_leg", "join_camp", "join_wait")),
        **records("route_at", routes, ("route_leg", "route_to")),
    }


def _legs_to(stops: Sequence[Stop], place: str, least: int, where: str) -> int:
    """Legs driven when a place is first reached after `least` legs, before the destination."""
    for stop in stops[least:-1]:
        if stop.place == place:
            return stop.legs
    raise PlanError(
        f"{where}: '{place}' is not on the route in this order; it passes {', '.join(s.place for s in stops)}"
    )


def compile_candidates(reader: Reader, items: Sequence[Item]) -> dict[str, Ints]:
    """What may be loaded at each pick-up, and from each camp that joins, by (rank, item).

    An ordinary lift takes what has its destination as next place. A column takes everybody at the
    camp, and the own means, whose way leads through its destination at any later stage.
    """
    index = _Index(items, _column_places(reader))
    picks: list[list[Candidate]] = []
    joins: list[list[Candidate]] = []
    for name, lift in in_order(reader.scenario.lifts):
        owners = {reader.row("contingents", c, f"lifts.{name}.contingents") for c in lift.contingents}
        picks += [index.candidates(lift, place, owners) for place in lift.pick_up]
        # the same order as the plan's join rows, each camp being one place on the run
        stops = walk(reader, name, lift) if lift.joins else []
        on_way = sorted(
            (_legs_to(stops, join.at, 0, name), reader.rows["camps"][join.at], join.at) for join in lift.joins.values()
        )
        joins += [index.candidates(lift, place, owners) for _, _, place in on_way]
        if sum(map(len, picks)) > MOST_CANDIDATES:
            raise PlanError(f"lifts: more than {MOST_CANDIDATES} pairs of pick-up and item; use fewer entries")
    _check_columns(reader, items, picks + joins)
    return {
        **records("cand_at", picks, ("cand_item", "cand_stage")),
        **records("join_cand_at", joins, ("join_cand_item", "join_cand_stage")),
    }


def _column_places(reader: Reader) -> dict[str, str]:
    """The places where some column picks up or is joined, each with one such lift."""
    columns = [(name, lift) for name, lift in in_order(reader.scenario.lifts) if lift.carries == "column"]
    return {
        place: name
        for name, lift in reversed(columns)
        for place in (*lift.pick_up, *(join.at for join in lift.joins.values()))
    }


class _Index:
    """Items by the place they pass and by the hop they make there."""

    def __init__(self, items: Sequence[Item], column_places: Mapping[str, str]) -> None:
        self._at: dict[str, list[tuple[Item, int]]] = {}
        self._hop: dict[tuple[str, str], list[tuple[Item, int]]] = {}
        self._columns = column_places
        for item in sorted(items, key=lambda item: (item.rank, item.row)):
            if not item.moves:
                continue
            for stage, (place, following) in enumerate(zip(item.way, item.way[1:], strict=False)):
                self._at.setdefault(place, []).append((item, stage))
                self._hop.setdefault((place, following), []).append((item, stage))

    def candidates(self, lift: Lift, place: str, owners: set[int]) -> list[Candidate]:
        """What a lift may load at a place; `owners` are the only contingents, empty for all."""
        if lift.carries == "column":
            present = self._at.get(place, ())
            suited = [(item, stage) for item, stage in present if lift.to in item.way[stage + 1 :]]
        else:
            suited = self._hop.get((place, lift.to), [])
        return [
            (item.row, stage)
            for item, stage in suited
            if self._suits(lift, item, stage) and (not owners or item.contingent in owners)
        ]

    def _suits(self, lift: Lift, item: Item, stage: int) -> bool:
        """Whether a lift takes an item of that stage at all.

        Own means leave the place where they start by a column, if one picks up there; further on, and
        without a column, they are loads like any other.
        """
        if item.people:
            return lift.carries != "cargo"
        if lift.carries != "cargo":
            return lift.carries == "column" and item.own_means and _kind(lift, item)
        with_column = item.own_means and stage == 0 and item.way[0] in self._columns
        return not with_column and _kind(lift, item)


def _kind(lift: Lift, item: Item) -> bool:
    """Whether a lift takes the cargo class of an item."""
    return not lift.kinds or CargoKind(item.kind).name.lower() in lift.kinds


def _check_columns(reader: Reader, items: Sequence[Item], taken: Sequence[Sequence[Candidate]]) -> None:
    """Nobody at a camp with a column may be left without a lift.

    People whose way does not lead through the column's destination leave by a lift of their own; if
    there is none either, the scenario is at fault.
    """
    columns = _column_places(reader)
    served = {candidate for candidates in taken for candidate in candidates}
    for item in items:
        column = columns.get(item.way[0])
        if column is None or not item.moves or (item.row, 0) in served or not (item.people or item.own_means):
            continue
        to = reader.scenario.lifts[column].to
        raise PlanError(
            f"{item.path}.via: column '{column}' takes '{item.way[0]}' to '{to}', which is not on its way "
            f"({', '.join(item.way[1:])}), and no other lift takes it; put '{to}' on the way or add a lift"
        )

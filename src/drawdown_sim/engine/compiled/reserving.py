"""Reserving: units and means that a movement holds, and giving them back."""

from __future__ import annotations

from .counts import cut_due
from .force import check_force
from .link import part
from .memory import fixed, record_at
from .run import (
    COLUMN,
    MOVEMENT,
    Record,
    add_ready,
    asset_of,
    camp_of,
    item_of,
    lift_of,
    listed,
    mark_lift,
    mark_place,
    next_stage,
    place_of,
    settle,
)


@part
def begin_column(run: Record, m: Record, row: int) -> None:
    """From now on everybody at the camp leaves with this movement, and nobody is left to keep a force."""
    camp = camp_of(run, row)
    m.camp = row
    camp.state = COLUMN
    camp.force = -1


@part
def take_means(run: Record, lift: Record, m: Record) -> None:
    """A movement's means are busy."""
    for at in range(lift.needs, lift.needs_end, 2):
        asset_of(run, listed(run, at)).busy += listed(run, at + 1)
    if lift.asset >= 0:
        asset_of(run, lift.asset).busy += m.vehicles
    if m.escorts:
        asset_of(run, lift.escort).busy += m.escorts


@part
def reserve(run: Record, item_row: int, stage: int, place_row: int, to: int, quantity: int) -> None:
    """Units will leave a place: they stay there until loaded, but no other lift may count on them."""
    add_ready(run, stage, -quantity, 0)
    cut_due(run, stage, next_stage(run, stage, to), quantity)
    item, place = item_of(run, item_row), place_of(run, place_row)
    if item.people:
        place.unreserved -= quantity
        place.armed -= quantity * item.armed
        if stage == item.first:
            item.gone += quantity
        check_force(run, place_row)
        if not item.armed and not place.due_other + place.due_own:
            # the last unarmed people to leave set the guards free
            place.guard_row = run.rows_count - 1
            mark_place(run, place_row)


@part
def unreserve(run: Record, item_row: int, stage: int, place_row: int, to: int, quantity: int, row: int) -> None:
    """Take a reservation back."""
    cut_due(run, stage, next_stage(run, stage, to), -quantity)
    item, place = item_of(run, item_row), place_of(run, place_row)
    if item.people:
        place.unreserved += quantity
        place.armed += quantity * item.armed
        if stage == item.first:
            item.gone -= quantity
        mark_place(run, place_row)
    add_ready(run, stage, quantity, row)


@part
def give_back(run: Record, m: Record, row: int) -> None:
    """Means are free again; vehicles lost are gone for good, and so are means that do not come back."""
    lift = lift_of(run, m.lift)
    one_way = m.started and lift.from_origin and not lift.returns
    for at in range(lift.needs, lift.needs_end, 2):
        _give_back_asset(run, lift, m, listed(run, at), listed(run, at + 1), one_way, row)
    if lift.asset >= 0:
        _give_back_asset(run, lift, m, lift.asset, m.vehicles, one_way, row)
    if m.escorts:
        _give_back_asset(run, lift, m, lift.escort, m.escorts, one_way, row)
    if lift.brings and not m.started:
        change_bringing(run, lift, -1)
    m.home = 1
    if m.previous >= 0:
        record_at(fixed(run, "movements"), m.previous, MOVEMENT).next = m.next
    else:
        lift.first_active = m.next
    if m.next >= 0:
        record_at(fixed(run, "movements"), m.next, MOVEMENT).previous = m.previous
    else:
        lift.last_active = m.previous


@part
def _give_back_asset(
    run: Record, lift: Record, m: Record, number: int, count: int, one_way: bool, row: int
) -> None:  # fmt: skip
    asset = asset_of(run, number)
    gone = count if one_way else m.lost if number == lift.asset else 0
    asset.number = max(asset.number - gone, 0)
    settle(run, number, count, row)


@part
def change_bringing(run: Record, lift: Record, more: int) -> None:
    """One movement more or less is on its way with supplies; lifts that bring some to the same places look again."""
    for at in range(lift.picks, lift.picks_end):
        place = place_of(run, listed(run, at))
        place.supply_inbound += more
        for lift_at in range(place.lifts, place.lifts_end):
            other = listed(run, lift_at)
            if lift_of(run, other).brings:
                mark_lift(run, other)


@part
def is_resupply_due(run: Record, lift: Record) -> bool:
    """A lift that brings supplies also goes, empty, for a place below its reserve that nobody is bound for."""
    if not lift.brings:
        return False
    for at in range(lift.picks, lift.picks_end):
        place = place_of(run, listed(run, at))
        if place.is_low and not place.supply_inbound:
            return True
    return False

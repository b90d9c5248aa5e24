"""What is where and what still counts: room, cargo due, milestones, means withdrawn."""

from __future__ import annotations

from . import holds, kinds
from .force import minimum_force
from .link import part
from .run import (
    Record,
    add_ready,
    asset_of,
    camp_of,
    check_complete,
    item_of,
    lift_of,
    listed,
    mark_asset,
    mark_camp,
    mark_lift,
    mark_movement,
    mark_place,
    mile_of,
    movement_of,
    pair_of,
    place_of,
    record,
    row_of,
    stage_of,
    take_of,
)  # fmt: skip


@part
def change_due(run: Record, row: int, own: int, quantity: int, cause: int) -> None:
    """Cargo due to leave a place comes, goes or is no more."""
    place = place_of(run, row)
    if own:
        place.due_own += quantity
    else:
        place.due_other += quantity
    place.due_row = place.guard_row = cause
    if place.camp < 0:
        return
    camp = camp_of(run, place.camp)
    force = camp.force
    camp.force = -1
    if force < 0 or minimum_force(run, place.camp) != force:
        mark_place(run, row)
    else:
        mark_camp(run, place.camp)


@part
def free_room(run: Record, row: int, people: int, loads: int, cause: int) -> None:
    """Room in transit at a place is free again."""
    place = place_of(run, row)
    place.transit -= people
    place.transit_loads -= loads
    place.room_row = cause
    number = place.first_departing
    while number >= 0:
        m = movement_of(run, number)
        number = m.departs_behind
        if m.hold == holds.ROOM:
            mark_movement(run, m)


@part
def cut_due(run: Record, row: int, after: int, quantity: int) -> None:
    """Units leave stages `row` .. `after` - 1 for good; whoever waits for more of them is looked at."""
    for number in range(row, after):
        stage = stage_of(run, number)
        stage.due_at -= quantity
        for at in range(stage.lifts, stage.lifts_end):
            lift = listed(run, at)
            if lift_of(run, lift).held_by == holds.SMALL:
                mark_lift(run, lift)


@part
def unmoved(run: Record, row: int) -> int:
    """Loads at a stage that nobody has begun to move; own means that are ready will march out."""
    stage = stage_of(run, row)
    return stage.raw + (0 if stage.own else stage.ready)


@part
def leave_cargo(run: Record, camp: int, row: int, quantity: int, kind: int, held: int, cause: int) -> int:
    """Loads at a stage are destroyed or left as residual: unprepared ones first. Gives how many."""
    stage = stage_of(run, row)
    item = item_of(run, stage.item)
    quantity = min(quantity, stage.raw + stage.ready)
    if quantity <= 0:
        return 0
    place = stage.place
    stage.here -= quantity
    written = record(run, kind, held, cause, -1, camp, -1, place, stage.item, quantity)
    unprepared = min(quantity, stage.raw)
    stage.raw -= unprepared
    if row == item.first:
        item.packed += unprepared
        item.packed_row = written
        mark_tied(run, stage.item)
        if unprepared:
            end_packed(run, stage.item, written)
    if quantity > unprepared:
        add_ready(run, row, unprepared - quantity, written)
    cut_due(run, row, item.last, quantity)
    if row != item.first:
        free_room(run, place, 0, quantity, written)
    change_due(run, place, stage.own, -quantity, written)
    count_cargo(run, stage.item, quantity, written)
    return quantity


@part
def leave_if_given_up(run: Record, camp: int, cause: int) -> None:
    """Cargo that comes to a site that is given up, or back to it, is left there."""
    if camp >= 0 and camp_of(run, camp).given_up:
        place = place_of(run, camp_of(run, camp).place)
        for at in range(place.cargo, place.cargo_end):
            stage = listed(run, at)
            leave_cargo(run, camp, stage, unmoved(run, stage), kinds.RESIDUAL, holds.DECISION, cause)


@part
def add_up(run: Record, at: int, count: int) -> tuple[int, int]:
    """People and loads in so many takes."""
    people = loads = 0
    for row in range(at, at + count):
        take = take_of(run, row)
        if item_of(run, take.item).people:
            people += take.quantity
        else:
            loads += take.quantity
    return people, loads


@part
def count_out(run: Record, row: int, quantity: int, cause: int) -> None:
    """Units have reached the end of their way."""
    item = item_of(run, row)
    item.out += quantity
    if not item.people:
        count_cargo(run, row, quantity, cause)
        return
    for number in range(run.miles_count):
        mile = mile_of(run, number)
        if mile.people and listed(run, mile.contingents + item.contingent):
            mile.people_left -= quantity
            check_milestone(run, number, cause)


@part
def count_cargo(run: Record, row: int, quantity: int, cause: int) -> None:
    """Loads no longer stand between a milestone and its completion: delivered, destroyed, left or lost."""
    for number in range(run.miles_count):
        mile = mile_of(run, number)
        if mile.cargo >> item_of(run, row).kind & 1:
            mile.cargo_left -= quantity
            check_milestone(run, number, cause)


@part
def check_milestone(run: Record, row: int, cause: int) -> None:
    """Record a milestone in the minute in which nothing stands in its way any more."""
    mile = mile_of(run, row)
    if mile.reached or mile.people_left or mile.cargo_left or mile.camps_left:
        return
    mile.reached = 1
    run.miles_left -= 1
    run.last_milestone = record(run, kinds.MILESTONE, row_of(run, cause).held_by, cause, -1, row, -1, -1, -1, -1)
    check_complete(run)


@part
def end_services(run: Record, stage: int, cause: int) -> None:
    """What an enabler serves stops when its people are gone from its home."""
    number = stage_of(run, stage).pair
    if number < 0 or pair_of(run, number).people:
        return
    pair = pair_of(run, number)
    for at in range(pair.assets, pair.assets_end):
        asset = listed(run, at)
        lose(run, asset, asset_of(run, asset).number, cause)


@part
def change_present(run: Record, row: int, place_row: int, quantity: int) -> None:
    """People of a stage come to a place or leave it."""
    place_of(run, place_row).present += quantity
    pair = stage_of(run, row).pair
    if pair >= 0:
        pair_of(run, pair).people += quantity


@part
def lose(run: Record, row: int, quantity: int, cause: int) -> None:
    """Means are withdrawn; those on the road go when they come back."""
    asset = asset_of(run, row)
    quantity = min(quantity, asset.number)
    if quantity <= 0:
        return
    asset.number -= quantity
    record(run, kinds.LOSS, holds.CALENDAR, cause, -1, row, -1, asset.place, -1, quantity)
    mark_asset(run, row)


@part
def mark_tied(run: Record, row: int) -> None:
    """Packing of a lot lets people go who are tied to it."""
    lot = item_of(run, row)
    for at in range(lot.tied_to, lot.tied_to_end):
        number = listed(run, at)
        item = item_of(run, number)
        before = item.may_go
        untie(run, number)
        if item.may_go == before:
            continue
        item.tie_row = lot.packed_row
        stage = stage_of(run, item.first)
        for lift_at in range(stage.lifts, stage.lifts_end):
            lift = listed(run, lift_at)
            if lift_of(run, lift).held_by_ties:
                mark_lift(run, lift)


@part
def untie(run: Record, row: int) -> None:
    """Reckon how many of a cohort may have gone: the advance party, then in proportion to packed loads."""
    item = item_of(run, row)
    total = packed = 0
    for at in range(item.ties, item.ties_end):
        lot = item_of(run, listed(run, at))
        total += lot.number
        packed += lot.packed
    if packed < total:
        share = item.advance * total + (1000 - item.advance) * packed
        item.may_go = item.number * share // (1000 * total)
    else:
        item.may_go = item.number


@part
def end_packed(run: Record, row: int, cause: int) -> None:
    """Once a contingent's equipment at a place is packed, its people there are passengers."""
    lot = item_of(run, row)
    for at in range(lot.packers, lot.packers_end):
        for fellow_at in range(lot.fellows, lot.fellows_end):
            fellow = item_of(run, listed(run, fellow_at))
            if fellow.packed < fellow.number:
                return
        asset = listed(run, at)
        lose(run, asset, asset_of(run, asset).number, cause)

"""Choosing: what a lift could take at a look, within force, plan, equipment and quotas."""

from __future__ import annotations

from ...model.plan import UNLIMITED
from . import holds
from .chance import value_at
from .force import is_in_use, minimum_force
from .link import part
from .quotas import counts_item, period_end, quota_left
from .run import (
    CLOSED,
    OPEN,
    PEOPLE,
    REAR_READY,
    Record,
    camp_of,
    fill_take,
    item_of,
    listed,
    look_take_of,
    place_of,
    quota_of,
    stage_of,
)

#: No requirement has failed at this look.
NONE_FAILED = 99


@part
def fails(run: Record, hold: int, cause: int) -> None:
    """Note a failed requirement; the first in the order of `Hold` stands."""
    if hold < run.look_hold:
        run.look_hold, run.look_cause = hold, cause


@part
def collect(run: Record, row: int, lift: Record) -> None:
    """Fill the look with every unit the lift might take, within force, plan, equipment and quotas."""
    if lift.is_column:
        _collect_column(run, row, lift)
        return
    for at in range(lift.unit_quotas, lift.unit_quotas_end):
        quota_of(run, listed(run, at)).left = quota_left(run, listed(run, at))
    place, spare_armed, spare_people = -1, 0, 0
    is_closed = False
    for at in range(lift.cands, lift.cands_end, 4):
        stage_row = listed(run, at + 3)
        stage = stage_of(run, stage_row)
        quantity = stage.ready
        if quantity <= 0:
            continue
        if listed(run, at + 1) != place:
            # each place is picked up at once, so what it can spare is reckoned once
            place = listed(run, at + 1)
            is_closed, spare_armed, spare_people = _spare(run, lift, place)
        if is_closed:
            continue
        item_row = listed(run, at + 2)
        item = item_of(run, item_row)
        if _goes_with_column(run, place, stage):
            fails(run, holds.HANDOVER, camp_of(run, place_of(run, place).camp).rear_row)
            run.look_by_place = 1
            continue
        if item.people:
            quantity = _leaving(run, item, stage_row, place, spare_armed, spare_people)
        quantity = _within_quotas(run, lift, item_row, quantity)
        if quantity > 0:
            _find(run, listed(run, at), item_row, stage_row, quantity)
            if item.people:
                spare_armed -= quantity * item.armed
                spare_people -= quantity


@part
def _find(run: Record, pick: int, item: int, stage: int, quantity: int) -> None:
    """Add units to what the look has found."""
    fill_take(look_take_of(run, run.look_takes_count), pick, item, stage, quantity)
    run.look_takes_count += 1
    run.look_total += quantity


@part
def _within_quotas(run: Record, lift: Record, item_row: int, quantity: int) -> int:
    """What the lift's quotas leave of a quantity, what this look has taken already set off."""
    for at in range(lift.unit_quotas, lift.unit_quotas_end):
        row = listed(run, at)
        if counts_item(run, row, item_row):
            quota = quota_of(run, row)
            if quota.left < quantity:
                fails(run, quota.hold, quota.row)
                run.look_again = min(run.look_again, period_end(run, row))
                quantity = max(quota.left, 0)
    if quantity:
        for at in range(lift.unit_quotas, lift.unit_quotas_end):
            row = listed(run, at)
            if counts_item(run, row, item_row):
                quota_of(run, row).left -= quantity
    return quantity


@part
def _goes_with_column(run: Record, place: int, stage: Record) -> bool:
    """From the rear party on, whoever a column will take is left to it."""
    if not stage.in_column:
        return False
    state = camp_of(run, place_of(run, place).camp).state
    return state not in (OPEN, CLOSED)


@part
def _collect_column(run: Record, row: int, lift: Record) -> None:
    """A column takes everybody and all own means of its camp, once the rear party is ready."""
    number = place_of(run, listed(run, lift.picks)).camp
    camp = camp_of(run, number)
    if camp.state != REAR_READY or camp.column != row or is_in_use(run, number):
        return  # the camp asks for the look
    for at in range(lift.cands, lift.cands_end, 4):
        ready = stage_of(run, listed(run, at + 3)).ready
        if ready > 0:
            _find(run, listed(run, at), listed(run, at + 2), listed(run, at + 3), ready)


@part
def _spare(run: Record, lift: Record, row: int) -> tuple[bool, int, int]:
    """Whether the plan lets nothing leave a place; armed people and people in all whom it can spare."""
    place = place_of(run, row)
    if place.camp < 0:
        return False, UNLIMITED, UNLIMITED
    camp = camp_of(run, place.camp)
    if not camp.accelerated and (run.now < camp.opens or _is_pausing(run, camp)):
        fails(run, holds.PLAN, 0)
        run.look_by_place = 1
        return True, 0, 0
    armed = people = UNLIMITED
    if run.people_go_row < 0 and lift.carries == PEOPLE:
        if not lift.by_order:
            armed = max(place.armed - minimum_force(run, place.camp), 0)
        if camp.keep >= 0 and not camp.accelerated:
            people = max(place.unreserved - value_at(run, camp.keep, run.now), 0)
    return False, armed, people


@part
def _is_pausing(run: Record, camp: Record) -> bool:
    for at in range(camp.pauses, camp.pauses_end, 2):
        if listed(run, at) <= run.now < listed(run, at + 1):
            return True
    return False


@part
def _leaving(run: Record, item: Record, stage_row: int, place: int, spare_armed: int, spare_people: int) -> int:
    """People of one cohort who may leave a place now."""
    quantity = stage_of(run, stage_row).ready
    if item.tied and run.people_go_row < 0 and stage_row == item.first:
        allowed = item.may_go - item.gone
        if allowed < quantity:
            quantity = max(allowed, 0)
            run.look_by_ties = 1
            fails(run, holds.WORK, item.tie_row)
    if item.armed and spare_armed < quantity:
        quantity = spare_armed
        run.look_by_place = 1
        fails(run, holds.GUARD, place_of(run, place).guard_row)
    if spare_people < quantity:
        quantity = spare_people
        run.look_by_place = 1
        fails(run, holds.PLAN, 0)
    return quantity


@part
def newest(run: Record, lift: Record) -> int:
    """The last row that made any of the units ready that this look could take, or that left them behind."""
    latest = lift.formed_row
    for at in range(run.look_takes_count):
        latest = max(latest, stage_of(run, look_take_of(run, at).stage).ready_row)
    return latest

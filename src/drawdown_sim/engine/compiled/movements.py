"""The story of a movement: clearances, departure, the road, loading, delivery, home again.

A story is played step by step until it waits; what it waits for calls `tell` with the step that comes then.
"""

from __future__ import annotations

from ...model.plan import PlaceKind
from . import chance, holds, kinds
from .chance import sample
from .clearances import request_all
from .clock import HOLD, LOADING, REST, UNLOADING, bind
from .closing import close
from .counts import add_up, change_due, change_present, count_out, end_services, free_room, leave_if_given_up
from .departing import await_departure
from .force import check_force, is_in_use
from .link import part
from .memory import fixed, record_at
from .reserving import begin_column, give_back, reserve, unreserve
from .roads import ban_on, drive_on, end_stretch, set_out
from .run import (
    OPEN,
    REAR_PARTY,
    REAR_READY,
    TAKE,
    Record,
    add_ready,
    camp_of,
    fill_take,
    item_of,
    join_of,
    lift_of,
    listed,
    look,
    mark_camp,
    mark_crew,
    mark_place,
    movement_of,
    next_stage,
    place_of,
    record,
    record_of,
    stage_of,
    take_of,
)

#: Steps of a story; at WAITS it stops until something calls it.
(
    WAITS, BEGINS, DRIVES, GOES_ON, ARRIVES, STOPS, LOADS, ASKS, TAKES_ABOARD, JOINS, UNLOADS, SETS_DOWN, GOES_HOME,
    RESTS, RELEASES,
) = range(15)  # fmt: skip

#: Runs of a movement.
EMPTY, LOADED, HOME = range(3)

_EXIT = int(PlaceKind.EXIT)


@part
def begin(run: Record, m: Record) -> None:
    """Make ready the story of a movement that has just formed; it begins after the dispatch."""
    lift = lift_of(run, m.lift)
    m.previous = lift.last_active
    m.next = -1
    if m.previous >= 0:
        movement_of(run, m.previous).next = m.number
    else:
        lift.first_active = m.number
    lift.last_active = m.number
    run.active += 1
    m.place = listed(run, lift.picks) if lift.from_origin else lift.to


@part
def tell(run: Record, m: Record, step: int) -> None:
    """Play a movement's story from a step until it waits."""
    while step != WAITS:
        if step == GOES_ON:
            step = _go_on(run, m)
        elif step == DRIVES:
            step = _drive(run, m)
        elif step == ARRIVES:
            step = _arrive(run, m)
        elif step == STOPS:
            step = _stop(run, m)
        elif step == LOADS:
            step = _load(run, m)
        elif step == ASKS:
            step = _ask_for_way_back(run, m)
        elif step == TAKES_ABOARD:
            step = _take_aboard(run, m)
        elif step == JOINS:
            step = _join(run, m)
        elif step == UNLOADS:
            step = _unload(run, m)
        elif step == SETS_DOWN:
            step = _set_all_down(run, m)
        elif step == GOES_HOME:
            step = _go_home(run, m)
        elif step == RESTS:
            step = _rest(run, m)
        elif step == RELEASES:
            step = _release(run, m)
        else:
            step = _begin(run, m)


@part
def _after(run: Record, m: Record, minutes: int, rank: int, step: int) -> int:
    """The step that comes after an activity: now, if that takes no time, or else when it ends."""
    if not minutes:
        return step
    m.doing = step
    bind(run, minutes, rank, m.number, 0, 0, 0)
    return WAITS


@part
def _begin(run: Record, m: Record) -> int:
    request_all(run, m, 0)
    lift = lift_of(run, m.lift)
    m.run, m.first, m.done, m.until, m.pick = EMPTY, 0, 0, lift.legs, 0
    return LOADS if lift.from_origin else DRIVES


@part
def resume_travel(run: Record, number: int) -> None:
    """A stretch of road or a halt is over."""
    m = movement_of(run, number)
    if end_stretch(run, m):
        tell(run, m, ARRIVES)


# --- driving -------------------------------------------------------------------------------------------


@part
def _leg_ahead(run: Record, m: Record) -> tuple[int, int]:
    """The leg that comes next in this run, and the place at its end."""
    lift = lift_of(run, m.lift)
    if m.run == LOADED:
        at = lift.route + 2 * m.done
        return listed(run, at), listed(run, at + 1)
    at = lift.route + 2 * (lift.legs - 1 - m.done)
    return listed(run, at), listed(run, at - 1) if m.done < lift.legs - 1 else listed(run, lift.picks)


@part
def _drive(run: Record, m: Record) -> int:
    """Enter the next leg: the first of a run needs clearance, room, slot and hours, each an open road."""
    if m.done == m.until:
        return STOPS
    leg, to = _leg_ahead(run, m)
    if m.done == m.first:
        m.column, m.camp = m.camp, -1
        await_departure(run, m, leg, to, True)
        return WAITS
    if ban_on(run, lift_of(run, m.lift), m.lift, leg, to, m.place) >= 0:
        await_departure(run, m, leg, to, False)
        return WAITS
    m.leg, m.to, m.run_start = leg, to, 0
    m.row = record_of(run, m, kinds.DEPART, holds.ROUTE, m.row, leg, m.vehicles - m.lost)
    return _travel(run, m)


@part
def _go_on(run: Record, m: Record) -> int:
    """A departure was granted."""
    run.active += 1
    if m.run_start and m.column >= 0:
        people, _ = add_up(run, m.aboard, m.aboard_count)
        close(run, m.column, holds.ROUTE, m.row, people)
        m.column = -1
    return _travel(run, m)


@part
def _travel(run: Record, m: Record) -> int:
    set_out(run, m, lift_of(run, m.lift).legs * m.run + m.done, m.run != LOADED)
    return ARRIVES if drive_on(run, m) else WAITS


@part
def _arrive(run: Record, m: Record) -> int:
    m.place = m.to
    m.row = record_of(run, m, kinds.ARRIVE, holds.ROUTE, m.row, m.leg, m.vehicles - m.lost)
    m.done += 1
    return DRIVES


@part
def _stop(run: Record, m: Record) -> int:
    """The stretch between two stops is over: load, let a camp join, unload or rest."""
    if m.run == EMPTY:
        m.pick = 0
        return LOADS
    if m.run == HOME:
        return RESTS
    pick = listed(run, lift_of(run, m.lift).stops + 2 * m.done)
    if pick >= 0:
        m.pick = pick
        return LOADS
    return _after_loading(run, m)


@part
def _after_loading(run: Record, m: Record) -> int:
    """A camp may join here; else the loaded run goes on."""
    join = listed(run, lift_of(run, m.lift).stops + 2 * m.done + 1)
    if join < 0:
        return _next_stretch(run, m)
    m.join = join
    camp, wait = camp_of(run, join_of(run, join).camp), join_of(run, join).wait
    if camp.state in (OPEN, REAR_PARTY, REAR_READY) and not _may_join(run, join) and wait > 0:
        camp.joiners += 1
        m.is_called = 0
        bind(run, wait, HOLD, m.number, -1, join, 0)
        return WAITS
    return JOINS


@part
def _next_stretch(run: Record, m: Record) -> int:
    """Drive to the next stop of the loaded run, or unload."""
    lift = lift_of(run, m.lift)
    if m.done == lift.legs:
        return UNLOADS
    m.first = m.done
    until = m.done + 1
    while until < lift.legs and listed(run, lift.stops + 2 * until) < 0 and listed(run, lift.stops + 2 * until + 1) < 0:
        until += 1
    m.until = until
    return DRIVES


@part
def _may_join(run: Record, join: int) -> bool:
    camp = join_of(run, join).camp
    return camp_of(run, camp).state == REAR_READY and not is_in_use(run, camp)


@part
def _join(run: Record, m: Record) -> int:
    """A camp that is ready is taken along; else it is passed."""
    camp = join_of(run, m.join).camp
    if _may_join(run, m.join):
        _board(run, m, camp)
    m.join = -1
    return _next_stretch(run, m)


@part
def _board(run: Record, m: Record, camp_row: int) -> None:
    """Everybody and all own means of a camp join a passing column."""
    camp, lift, join = camp_of(run, camp_row), lift_of(run, m.lift), join_of(run, m.join)
    begin_column(run, m, camp_row)
    cause = max(camp.rear_row, m.row)
    held = holds.HANDOVER if camp.rear_row == cause else holds.ROUTE
    for at in range(join.cands, join.cands_end, 2):
        item_row, stage = listed(run, at), listed(run, at + 1)
        quantity = stage_of(run, stage).ready
        if not quantity:
            continue
        reserve(run, item_row, stage, camp.place, lift.to, quantity)
        m.row = record(
            run, kinds.LOAD, held, cause, m.number, m.lift, -1, camp.place, item_row, quantity
        )  # fmt: skip
        _put_aboard(run, m, item_row, stage, quantity)
        if not item_of(run, item_row).people:
            m.vehicles += quantity
        _leave_place(run, item_row, stage, camp.place, quantity, m.row)


# --- loading and unloading -----------------------------------------------------------------------------


@part
def _load(run: Record, m: Record) -> int:
    """Load at one pick-up; the way back is requested a stated time before loading ends."""
    lift = lift_of(run, m.lift)
    m.place = listed(run, lift.picks + m.pick)
    if lift.brings and not lift.from_origin:
        _bring_supplies(run, m, lift)
    minutes = sample(run, lift.loading, chance.LOADING, lift.key, m.ordinal, 2 * m.pick)
    minutes += m.vehicles * sample(run, lift.loading_vehicle, chance.LOADING, lift.key, m.ordinal, 2 * m.pick + 1)
    m.arrived = m.row
    if m.pick or lift.from_origin:
        m.left = minutes
        return _go_on_loading(run, m)
    if lift.ahead < minutes:
        m.left = lift.ahead
        return _after(run, m, minutes - lift.ahead, LOADING, ASKS)
    m.left = minutes
    return ASKS


@part
def _ask_for_way_back(run: Record, m: Record) -> int:
    request_all(run, m, 1)
    return _go_on_loading(run, m)


@part
def _go_on_loading(run: Record, m: Record) -> int:
    """Load for the time that is left."""
    return _after(run, m, m.left, LOADING, TAKES_ABOARD)


@part
def _take_aboard(run: Record, m: Record) -> int:
    """Units reserved at a pick-up go aboard; what vehicles lost on the way can no longer carry stays."""
    lift = lift_of(run, m.lift)
    place, row = listed(run, lift.picks + m.pick), m.arrived
    space = (m.vehicles - m.lost) * lift.capacity
    for at in range(m.aboard, m.aboard + m.aboard_count):
        space -= take_of(run, at).quantity
    # what is to be fetched here comes first in the manifest, since pick-ups are in order
    kept, last = m.manifest, m.manifest + m.manifest_count
    for at in range(m.manifest, last):
        take = take_of(run, at)
        pick, item_row, stage, reserved = take.pick, take.item, take.stage, take.quantity
        if pick != m.pick:
            fill_take(take_of(run, kept), pick, item_row, stage, reserved)
            kept += 1
            continue
        m.manifest_count -= 1
        quantity = reserved if lift.is_column else min(reserved, max(space, 0))
        if quantity < reserved:
            unreserve(run, item_row, stage, place, lift.to, reserved - quantity, m.row)
            leave_if_given_up(run, place_of(run, place).camp, m.row)
        if not quantity:
            continue
        space -= quantity
        row = record(run, kinds.LOAD, holds.LOADING, m.arrived, m.number, m.lift, -1, place, item_row, quantity)
        _put_aboard(run, m, item_row, stage, quantity)
        _leave_place(run, item_row, stage, place, quantity, row)
    m.row = max(m.row, row)
    if m.run == EMPTY:
        m.run, m.done = LOADED, 0
        return _next_stretch(run, m)
    return _after_loading(run, m)


@part
def _put_aboard(run: Record, m: Record, item: int, stage: int, quantity: int) -> None:
    take = record_at(fixed(run, "takes"), m.aboard + m.aboard_count, TAKE)
    fill_take(take, -1, item, stage, quantity)
    m.aboard_count += 1


@part
def _leave_place(run: Record, item_row: int, stage_row: int, place_row: int, quantity: int, row: int) -> None:
    """Units are no longer at a place."""
    item, stage, place = item_of(run, item_row), stage_of(run, stage_row), place_of(run, place_row)
    stage.here -= quantity
    if item.people:
        change_present(run, stage_row, place_row, -quantity)
        place.left_row = row
        if place.camp >= 0:
            mark_camp(run, place.camp)
        end_services(run, stage_row, row)
    else:
        change_due(run, place_row, stage.own, -quantity, row)
    if stage_row != item.first:
        if item.people:
            free_room(run, place_row, quantity, 0, row)
        else:
            free_room(run, place_row, 0, quantity, row)


@part
def _bring_supplies(run: Record, m: Record, lift: Record) -> None:
    """Supplies carried on the empty run are set down at a pick-up, the same share at each."""
    place = place_of(run, m.place)
    place.supply_inbound -= 1
    if place.stock < 0:
        return
    quantity = lift.brings * (m.vehicles - m.lost) // (lift.picks_end - lift.picks)
    place.stock += quantity
    place.supply_row = record_of(run, m, kinds.SUPPLY_IN, holds.ROUTE, m.row, -1, quantity)
    place.is_low = place.is_out = 0
    for at in range(place.crews, place.crews_end):
        mark_crew(run, listed(run, at))
    look(run)


@part
def _unload(run: Record, m: Record) -> int:
    lift = lift_of(run, m.lift)
    m.place = lift.to
    minutes = sample(run, lift.unloading, chance.UNLOADING, lift.key, m.ordinal, 0)
    return _after(run, m, minutes, UNLOADING, SETS_DOWN)


@part
def _set_all_down(run: Record, m: Record) -> int:
    """Set everything down at the destination."""
    cause = m.row
    # what was lost on the road, and what ends its way here, needs no room
    unused_people, unused_loads = m.room, m.yard
    for at in range(m.aboard, m.aboard + m.aboard_count):
        take = take_of(run, at)
        m.row = record(
            run, kinds.DELIVER, holds.UNLOADING, cause, m.number, m.lift, -1, m.place, take.item, take.quantity
        )  # fmt: skip
        stage = next_stage(run, take.stage, m.place)
        if not _set_down(run, m.place, take.item, stage, take.quantity, m.row):
            if item_of(run, take.item).people:
                unused_people -= take.quantity
            else:
                unused_loads -= take.quantity
    m.aboard_count = 0
    place = place_of(run, m.place)
    leave_if_given_up(run, place.camp, m.row)
    place.inbound -= 1
    place.inbound_row = m.row
    mark_place(run, m.place)
    if unused_people or unused_loads:
        free_room(run, m.place, unused_people, unused_loads, m.row)
    return GOES_HOME


@part
def _set_down(run: Record, place_row: int, item_row: int, stage_row: int, quantity: int, row: int) -> bool:
    """Units arrive at a stage; whether it is the end of their way."""
    place, item, stage = place_of(run, place_row), item_of(run, item_row), stage_of(run, stage_row)
    if item.people and not (stage.last and place.kind == _EXIT):
        change_present(run, stage_row, place_row, quantity)
        place.unreserved += quantity
        place.armed += quantity * item.armed
        check_force(run, place_row)
        mark_place(run, place_row)
    if stage.last:
        stage.ready += quantity
        count_out(run, item_row, quantity, row)
        return True
    stage.here += quantity
    if not item.people:
        place.due_first += quantity
        change_due(run, place_row, stage.own, quantity, row)
    if stage.work >= 0:
        stage.raw += quantity
        stage.raw_row = row
        mark_crew(run, stage.asset)
    else:
        add_ready(run, stage_row, quantity, row)
    return False


@part
def _go_home(run: Record, m: Record) -> int:
    """Means based at the origin go back empty, if they do."""
    lift = lift_of(run, m.lift)
    if not lift.from_origin or not lift.returns:
        return RESTS
    m.phase = 2  # nothing to ask for
    m.run, m.first, m.done, m.until = HOME, 0, 0, lift.legs
    return DRIVES


@part
def _rest(run: Record, m: Record) -> int:
    lift = lift_of(run, m.lift)
    minutes = sample(run, lift.rest, chance.REST, lift.key, m.ordinal, 0)
    return _after(run, m, minutes, REST, RELEASES)


@part
def _release(run: Record, m: Record) -> int:
    row = record_of(run, m, kinds.RELEASE, holds.REST, m.row, -1, m.vehicles - m.lost)
    run.active -= 1
    give_back(run, m, row)
    return WAITS


@part
def stop_waiting_to_join(run: Record, number: int, join: int) -> None:
    """The longest wait for a camp that may join is over, or the camp is ready."""
    m = movement_of(run, number)
    if m.join == join:
        camp_of(run, join_of(run, join).camp).joiners -= 1
        tell(run, m, JOINS)

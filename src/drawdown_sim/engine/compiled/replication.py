"""One replication in the kernel: put everything in place, play events and dispatches, close the table."""

from __future__ import annotations

from ...model.trajectory import Status
from . import holds, kinds
from .calendar import act, change_ban, schedule
from .camps import destroy_on, end_handover, set_target, try_close
from .clearances import answer, begin_blocks, is_obstructing, lapse, retry
from .clock import (
    ANSWER,
    BAN_CHANGES,
    CALENDAR,
    DAY,
    DESTROY,
    HANDOVER,
    HOLD,
    HORIZON,
    LAPSE,
    LOADING,
    REST,
    RETRY,
    TRAVEL,
    UNLOADING,
    WAKE,
    WORK,
    bind,
    event_of,
    index_of,
    minute_of,
    rank_of,
    unbind_first,
)
from .counts import check_milestone, untie
from .daily import take_stock
from .departing import departure_hold, hold_runs_out, try_depart
from .force import check_force
from .forming import begins_to_wait, try_form
from .link import part
from .memory import fixed, get
from .movements import BEGINS, GOES_ON, begin, resume_travel, stop_waiting_to_join, tell
from .order import row_at, set_at, sort
from .run import (
    CLOSED,
    COMPLETE,
    GOES,
    HAS_JOINED,
    IS_DONE,
    JOINS,
    WAKES_CREW,
    Record,
    add_ready,
    asset_of,
    awake,
    camp_of,
    finish,
    gate_of,
    item_of,
    lift_of,
    listed,
    mark_all,
    mile_of,
    movement_of,
    pair_of,
    place_of,
    queue,
    record,
    record_of,
    stage_of,
    wake,
)
from .work import end_batch, try_work

_PAST_HORIZON = int(Status.PAST_HORIZON)


@part
def play(run: Record) -> None:
    """Play one replication from minute 0 to its last row, or until a pool is full (`run.fault`)."""
    run.status = _PAST_HORIZON
    start(run)
    while not run.fault:
        if run.formed_count:
            _begin_formed(run)
        elif run.granted_count:
            if _go_on(run):
                break
        elif run.events_count and minute_of(event_of(run, 0).key) == run.now:
            unbind_first(run)
            _act(run, event_of(run, run.events_count))
        elif run.is_looking:
            dispatch(run)
            run.is_looking = 0
        elif run.events_count:
            run.now = minute_of(event_of(run, 0).key)
        else:
            break
    if not run.fault:
        end(run)


@part
def _begin_formed(run: Record) -> None:
    """Movements that the last dispatch formed begin, in the order of their numbers."""
    count = run.formed_count
    run.formed_count = 0
    for at in range(count):
        tell(run, movement_of(run, get(fixed(run, "formed"), at)), BEGINS)


@part
def _go_on(run: Record) -> bool:
    """What was granted at this instant goes on, in the order of granting; whether the run is over."""
    at = 0
    while at < run.granted_count:
        entry = get(fixed(run, "granted"), at)
        at += 1
        what, number = entry & 3, entry >> 2
        if what == IS_DONE:
            return True
        if what == GOES:
            tell(run, movement_of(run, number), GOES_ON)
        elif what == JOINS:
            # a column that waits for a camp or for a time hears of either one turn later
            queue(run, HAS_JOINED, number)
        else:
            stop_waiting_to_join(run, number, movement_of(run, number).join)
    run.granted_count = 0
    return False


@part
def _act(run: Record, event: Record) -> None:
    """One bound event."""
    rank, index, a, b, c = rank_of(event.key), index_of(event.key), event.a, event.b, event.c
    if rank == TRAVEL:
        resume_travel(run, index)
    elif rank in (LOADING, UNLOADING, REST):
        m = movement_of(run, index)
        tell(run, m, m.doing)
    elif rank == WORK:
        end_batch(run, a, b, c)
    elif rank == ANSWER:
        answer(run, index, a, b, c)
    elif rank == RETRY:
        retry(run, index, a, b, c)
    elif rank == LAPSE:
        lapse(run, index, a, b, c)
    elif rank == HOLD:
        if a >= 0:
            hold_runs_out(run, index, a)
        else:
            stop_waiting_to_join(run, index, b)
    elif rank == WAKE:
        awake(run, a, b)
    elif rank == DAY:
        take_stock(run)
    elif rank == HANDOVER:
        end_handover(run, index, a)
    elif rank == DESTROY:
        destroy_on(run, index, a)
    elif rank == CALENDAR:
        act(run, index)
    elif rank == BAN_CHANGES:
        change_ban(run, index)
    else:
        finish(run, _PAST_HORIZON)


# --- the start -----------------------------------------------------------------------------------------


@part
def start(run: Record) -> None:
    """Put everything where it is at minute 0 and bind the calendar."""
    record(run, kinds.START, holds.START, 0, -1, -1, -1, -1, -1, -1)
    for item in range(run.items_count):
        _place_item(run, item)
    for item in range(run.items_count):
        untie(run, item)
    for row in range(run.places_count):
        place = place_of(run, row)
        place.due_first = place.due_own + place.due_other
    for mile in range(run.miles_count):
        _count_for_milestone(run, mile)
    for mile in range(run.miles_count):
        check_milestone(run, mile, 0)
    for camp in range(run.camps_count):
        set_target(run, camp, 0, 0)
    for row in range(run.gates_count):
        gate = gate_of(run, row)
        if is_obstructing(run, gate.regime):
            begin_blocks(run, gate.lifts, gate.lifts_end, 0)
    for place in range(run.places_count):
        check_force(run, place)
    schedule(run)
    bind(run, 0, DAY, 0, 0, 0, 0)
    for row in range(run.stages_count):
        stage = stage_of(run, row)
        item = item_of(run, stage.item)
        if stage.asset >= 0 and row == item.first:
            wake(run, item.starts, WAKES_CREW, stage.asset)
    bind(run, run.horizon, HORIZON, 0, 0, 0, 0)
    mark_all(run)


@part
def _place_item(run: Record, row: int) -> None:
    """A cohort or lot stands at its first place."""
    item = item_of(run, row)
    stage = stage_of(run, item.first)
    place = place_of(run, stage.place)
    if item.people:
        everybody = item.number + item.stays
        place.present += everybody
        place.unreserved += everybody
        place.armed += everybody * item.armed
        if stage.pair >= 0:
            pair_of(run, stage.pair).people += everybody
    elif stage.own:
        place.due_own += item.number
    else:
        place.due_other += item.number
    stage.here = item.number
    if stage.work >= 0:
        stage.raw = item.number
    elif item.number:
        add_ready(run, item.first, item.number, 0)
        item.packed = item.number


@part
def _count_for_milestone(run: Record, row: int) -> None:
    mile = mile_of(run, row)
    for number in range(run.items_count):
        item = item_of(run, number)
        if not item.people:
            if mile.cargo >> item.kind & 1:
                mile.cargo_left += item.number
        elif mile.people and listed(run, mile.contingents + item.contingent):
            mile.people_left += item.number


# --- dispatch --------------------------------------------------------------------------------------------


@part
def dispatch(run: Record) -> None:
    """Passes over what waits, until one leaves nothing to look at: departures, camps, lifts, crews."""
    while (
        run.due_movements_count or run.due_camps_count or run.due_lifts_count or run.due_crews_count
    ) and not run.fault:
        if run.due_movements_count:
            _look_at_movements(run)
        if run.due_camps_count:
            _look_at_camps(run)
        if run.due_lifts_count:
            _look_at_lifts(run)
        if run.due_crews_count:
            _look_at_crews(run)


@part
def _look_at_movements(run: Record) -> None:
    count = run.due_movements_count
    run.due_movements_count = 0
    for at in range(count):
        m = movement_of(run, get(fixed(run, "due_movements"), at))
        m.is_due = 0
        set_at(fixed(run, "sorted"), at, m.number, lift_of(run, m.lift).rank, m.since)
    sort(fixed(run, "sorted"), count, fixed(run, "merged"))
    for at in range(count):
        m = movement_of(run, row_at(fixed(run, "sorted"), at))
        if m.departing >= 0:
            try_depart(run, m)


@part
def _look_at_camps(run: Record) -> None:
    count = run.due_camps_count
    run.due_camps_count = 0
    for at in range(count):
        row = get(fixed(run, "due_camps"), at)
        camp_of(run, row).is_due = 0
        set_at(fixed(run, "sorted"), at, row, 0, 0)
    sort(fixed(run, "sorted"), count, fixed(run, "merged"))
    for at in range(count):
        row = row_at(fixed(run, "sorted"), at)
        if camp_of(run, row).state != CLOSED:
            try_close(run, row)


@part
def _look_at_lifts(run: Record) -> None:
    count = run.due_lifts_count
    run.due_lifts_count = 0
    for at in range(count):
        row = get(fixed(run, "due_lifts"), at)
        lift = lift_of(run, row)
        lift.is_due = 0
        begins_to_wait(run, row)
        set_at(fixed(run, "sorted"), at, row, lift.rank, lift.since)
    sort(fixed(run, "sorted"), count, fixed(run, "merged"))
    for at in range(count):
        row = row_at(fixed(run, "sorted"), at)
        while try_form(run, row):
            begin(run, movement_of(run, run.movement_count - 1))


@part
def _look_at_crews(run: Record) -> None:
    count = run.due_crews_count
    run.due_crews_count = 0
    for at in range(count):
        row = get(fixed(run, "due_crews"), at)
        asset_of(run, row).is_due = 0
        set_at(fixed(run, "sorted"), at, row, 0, 0)
    sort(fixed(run, "sorted"), count, fixed(run, "merged"))
    for at in range(count):
        row = row_at(fixed(run, "sorted"), at)
        if asset_of(run, row).stages < asset_of(run, row).stages_end:
            try_work(run, row)


# --- the end ---------------------------------------------------------------------------------------------


@part
def end(run: Record) -> None:
    """Close the table: who still waits and for what, and how the run ended."""
    if run.status != COMPLETE:
        count = run.departing_count
        for at in range(count):
            set_at(fixed(run, "sorted"), at, get(fixed(run, "departing"), at), 0, 0)
        sort(fixed(run, "sorted"), count, fixed(run, "merged"))
        for at in range(count):
            m = movement_of(run, row_at(fixed(run, "sorted"), at))
            held, _, _ = departure_hold(run, m)
            record_of(run, m, kinds.WAITING, max(held, 0), m.row, -1, -1)
        for row in range(run.lifts_count):
            lift = lift_of(run, row)
            if lift.since >= 0 and lift.held_by >= 0:
                place = listed(run, lift.picks)
                record(run, kinds.WAITING, lift.held_by, lift.cause, -1, row, -1, place, -1, lift.ready)
        for row in range(run.camps_count):
            camp = camp_of(run, row)
            if camp.closes and camp.state != CLOSED and camp.hold >= 0:
                record(run, kinds.WAITING, camp.hold, 0, -1, row, -1, camp.place, -1, -1)
    record(run, kinds.END, holds.START, run.last_milestone, -1, -1, -1, -1, -1, run.status)

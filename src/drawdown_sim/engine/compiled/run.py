"""The head record and the verbs that every rule uses: reach an entity, record, mark."""

from __future__ import annotations

import os
from typing import Any

from ...model.plan import Carries
from ...model.trajectory import Status
from . import records
from .clock import WAKE, bind
from .link import part
from .memory import fixed, get, get_fixed, put, record_at
from .order import set_at, sort

#: A pointer to a record: the head or an entity.
Record = Any

#: States of a camp.
OPEN, REAR_PARTY, REAR_READY, COLUMN, CLOSED = range(5)

MINUTES_PER_DAY = 1440
MINUTES_PER_WEEK = 10080
PEOPLE = int(Carries.PEOPLE)

ROW_BUDGET_STATUS = int(Status.ROW_BUDGET)
COMPLETE = int(Status.COMPLETE)

#: Rows after which a run is ended as `Status.ROW_BUDGET`, as in the reference.
ROW_BUDGET = 1_000_000

#: What is in the queue of things that go on once a dispatch is over.
GOES, JOINS, HAS_JOINED, IS_DONE = range(4)

#: Whether every look-up of an entity is checked. Slow; a run of the tests is made so.
CHECKED = bool(os.environ.get("DRAWDOWN_SIM_CHECKED"))

PLACE, AREA, LEG, THREAT, BAN = (records.TABLES[name] for name in ("places", "areas", "legs", "threats", "bans"))
CONTINGENT = records.TABLES["contingents"]
DRIVER, LEVEL, GATE, REGIME = (records.TABLES[name] for name in ("drivers", "levels", "gates", "regimes"))
ASSET, QUOTA, ITEM, STAGE, PAIR = (records.TABLES[name] for name in ("assets", "quotas", "items", "stages", "pairs"))
LIFT, JOIN, CAMP = (records.TABLES[name] for name in ("lifts", "joins", "camps"))
DECISION, COND, MILE, ENTRY = (records.TABLES[name] for name in ("decisions", "conds", "miles", "calendar"))
MOVEMENT, ASK, TAKE = (records.POOLS[name] for name in ("movements", "asks", "takes"))
ROW, REQUEST = (records.POOLS[name] for name in ("rows", "waiting"))


# --- entities ----------------------------------------------------------------------------------------


@part
def inside(run: Record, row: int, count: int) -> int:
    """The row, or in a checked kernel row 0 and a fault if there is no such row."""
    if CHECKED and not 0 <= row < count:
        run.fault = records.OUT_OF_BOUNDS
        return 0
    return row


@part
def place_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "places"), inside(run, row, run.places_count), PLACE)


@part
def area_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "areas"), inside(run, row, run.areas_count), AREA)


@part
def contingent_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "contingents"), inside(run, row, run.contingents_count), CONTINGENT)


@part
def driver_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "drivers"), inside(run, row, run.drivers_count), DRIVER)


@part
def level_of(run: Record, driver: int, area: int) -> Record:
    return record_at(fixed(run, "levels"), inside(run, driver * run.areas_count + area, run.levels_count), LEVEL)


@part
def leg_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "legs"), inside(run, row, run.legs_count), LEG)


@part
def threat_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "threats"), inside(run, row, run.threats_count), THREAT)


@part
def ban_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "bans"), inside(run, row, run.bans_count), BAN)


@part
def gate_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "gates"), inside(run, row, run.gates_count), GATE)


@part
def regime_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "regimes"), inside(run, row, run.regimes_count), REGIME)


@part
def asset_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "assets"), inside(run, row, run.assets_count), ASSET)


@part
def quota_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "quotas"), inside(run, row, run.quotas_count), QUOTA)


@part
def item_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "items"), inside(run, row, run.items_count), ITEM)


@part
def stage_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "stages"), inside(run, row, run.stages_count), STAGE)


@part
def pair_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "pairs"), inside(run, row, run.pairs_count), PAIR)


@part
def lift_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "lifts"), inside(run, row, run.lifts_count), LIFT)


@part
def join_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "joins"), inside(run, row, run.joins_count), JOIN)


@part
def camp_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "camps"), inside(run, row, run.camps_count), CAMP)


@part
def decision_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "decisions"), inside(run, row, run.decisions_count), DECISION)


@part
def cond_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "conds"), inside(run, row, run.conds_count), COND)


@part
def mile_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "miles"), inside(run, row, run.miles_count), MILE)


@part
def entry_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "calendar"), inside(run, row, run.calendar_count), ENTRY)


@part
def movement_of(run: Record, number: int) -> Record:
    return record_at(fixed(run, "movements"), inside(run, number, run.movement_count), MOVEMENT)


@part
def ask_of(run: Record, number: int, slot: int) -> Record:
    return record_at(fixed(run, "asks"), records.GATE_SLOTS * inside(run, number, run.movement_count) + slot, ASK)


@part
def take_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "takes"), inside(run, row, run.takes_count), TAKE)


@part
def fill_take(take: Record, pick: int, item: int, stage: int, quantity: int) -> None:
    """Write what is taken: where, of what, how much."""
    take.pick, take.item, take.stage, take.quantity = pick, item, stage, quantity


@part
def row_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "rows"), inside(run, row, run.rows_count), ROW)


@part
def look_take_of(run: Record, row: int) -> Record:
    return record_at(fixed(run, "look_takes"), row, TAKE)


@part
def listed(run: Record, row: int) -> int:
    """An entry of the lists."""
    return get_fixed(fixed(run, "lists"), row)


@part
def choose_active(run: Record, at: int, end: int) -> int:
    """Put the movements under way of a list of lifts in `chosen`, in the order of their numbers: how many."""
    count = 0
    while at < end:
        number = lift_of(run, listed(run, at)).first_active
        while number >= 0:
            set_at(fixed(run, "chosen"), count, number, 0, 0)
            count += 1
            number = movement_of(run, number).next
        at += 1
    sort(fixed(run, "chosen"), count, fixed(run, "merged"))
    return count


# --- record ------------------------------------------------------------------------------------------


@part
def record(
    run: Record, kind: int, held_by: int, cause: int, movement: int, entity: int, activity: int, place: int, item: int,
    quantity: int,
) -> int:  # fmt: skip
    """Write a row at the present minute and give its number."""
    number = run.rows_count
    if number >= run.rows_limit:
        run.fault = records.ROWS_FULL
        return number - 1
    row = record_at(fixed(run, "rows"), number, ROW)
    row.minute, row.kind, row.movement, row.entity, row.activity = run.now, kind, movement, entity, activity
    row.place, row.item, row.quantity, row.held_by, row.cause = place, item, quantity, held_by, cause
    run.rows_count = number + 1
    if number + 1 == ROW_BUDGET:
        finish(run, ROW_BUDGET_STATUS)
    return number


@part
def record_of(run: Record, m: Record, kind: int, held_by: int, cause: int, activity: int, quantity: int) -> int:
    """Write a row of a movement where it is."""
    return record(run, kind, held_by, cause, m.number, m.lift, activity, m.place, -1, quantity)


@part
def finish(run: Record, status: int) -> None:
    """End the run after the events of this instant."""
    if not run.is_done:
        run.is_done = 1
        run.status = status
        queue(run, IS_DONE, 0)


@part
def queue(run: Record, what: int, number: int) -> None:
    """Put something behind what goes on at this instant. There is room for two a movement and the end."""
    put(fixed(run, "granted"), run.granted_count, 4 * number + what)
    run.granted_count += 1


@part
def check_complete(run: Record) -> None:
    """End the run once every milestone is reached and every camp that closes has closed."""
    if not run.miles_left and not run.camps_left:
        finish(run, COMPLETE)


# --- marks: who must be looked at again ----------------------------------------------------------------


@part
def look(run: Record) -> None:
    """Ask for a dispatch pass after the bound events of this minute."""
    run.is_looking = 1


@part
def mark_lift(run: Record, row: int) -> None:
    lift = lift_of(run, row)
    if not lift.is_due:
        lift.is_due = 1
        put(fixed(run, "due_lifts"), run.due_lifts_count, row)
        run.due_lifts_count += 1
    look(run)


@part
def mark_camp(run: Record, row: int) -> None:
    camp = camp_of(run, row)
    if not camp.is_due:
        camp.is_due = 1
        put(fixed(run, "due_camps"), run.due_camps_count, row)
        run.due_camps_count += 1
    look(run)


@part
def mark_crew(run: Record, row: int) -> None:
    asset = asset_of(run, row)
    if not asset.is_due:
        asset.is_due = 1
        put(fixed(run, "due_crews"), run.due_crews_count, row)
        run.due_crews_count += 1
    look(run)


@part
def mark_movement(run: Record, m: Record) -> None:
    """A movement that waits to depart is looked at again; each is in the list once."""
    if m.departing >= 0 and not m.is_due:
        m.is_due = 1
        put(fixed(run, "due_movements"), run.due_movements_count, m.number)
        run.due_movements_count += 1
    look(run)


@part
def mark_place(run: Record, row: int) -> None:
    """Force or plan at a place changed: lifts they limited may take more, its camp may go on."""
    place = place_of(run, row)
    for at in range(place.lifts, place.lifts_end):
        lift = listed(run, at)
        if lift_of(run, lift).held_by_place:
            mark_lift(run, lift)
    if place.camp >= 0:
        camp_of(run, place.camp).force = -1
        mark_camp(run, place.camp)


@part
def mark_asset(run: Record, row: int) -> None:
    """Means have come free: lifts that lack means look again, and so do crews."""
    asset = asset_of(run, row)
    for at in range(asset.lifts, asset.lifts_end):
        lift = listed(run, at)
        if lift_of(run, lift).lacks_means:
            mark_lift(run, lift)
    if asset.stages < asset.stages_end:
        mark_crew(run, row)


@part
def mark_departing(run: Record) -> None:
    """Every movement that waits to depart is looked at again."""
    for at in range(run.departing_count):
        mark_movement(run, movement_of(run, get(fixed(run, "departing"), at)))


@part
def mark_all(run: Record) -> None:
    for lift in range(run.lifts_count):
        mark_lift(run, lift)
    for camp in range(run.camps_count):
        mark_camp(run, camp)
    for asset in range(run.assets_count):
        mark_crew(run, asset)
    mark_departing(run)
    look(run)


#: Who asked to be looked at, with the number or row.
WAKES_LIFT, WAKES_MOVEMENT, WAKES_CAMP, WAKES_CREW = range(4)


@part
def wake(run: Record, minute: int, what: int, who: int) -> None:
    """Ask for another look at a waiter at a later minute."""
    if run.now < minute < run.horizon:
        run.wakes += 1
        bind(run, minute - run.now, WAKE, 0, what, who, 0)


@part
def awake(run: Record, what: int, who: int) -> None:
    """The minute for which a look was asked has come."""
    run.wakes -= 1
    if what == WAKES_LIFT:
        mark_lift(run, who)
    elif what == WAKES_MOVEMENT:
        mark_movement(run, movement_of(run, who))
    elif what == WAKES_CAMP:
        mark_place(run, camp_of(run, who).place)
    else:
        mark_crew(run, who)
    look(run)


# --- counts --------------------------------------------------------------------------------------------


@part
def add_ready(run: Record, row: int, quantity: int, ready_row: int) -> None:
    """Units become ready to be moved (or stop being so, if negative)."""
    stage = stage_of(run, row)
    stage.ready += quantity
    if quantity > 0:
        stage.ready_row = ready_row
    for at in range(stage.lifts, stage.lifts_end):
        number = listed(run, at)
        lift = lift_of(run, number)
        lift.ready += quantity
        # a lift that lacks means gains nothing from more load, nor a column before its camp is ready;
        # one without load stops waiting
        if (quantity > 0 and not lift.lacks_means and not lift.is_column) or not lift.ready:
            mark_lift(run, number)


@part
def settle(run: Record, row: int, quantity: int, freed_row: int) -> None:
    """Means come back from use."""
    asset = asset_of(run, row)
    asset.busy -= quantity
    asset.row = freed_row
    mark_asset(run, row)


@part
def next_stage(run: Record, row: int, place: int) -> int:
    """The stage that a unit is in once set down at a place on its way."""
    row += 1
    while stage_of(run, row).place != place:
        row += 1
    return row

"""Forming: what a lift may take now, and taking all its means or nothing."""

from __future__ import annotations

from ...model.plan import NEVER, UNLIMITED
from . import holds, kinds
from .chance import value_at
from .counts import cut_due
from .force import check_force, is_in_use, minimum_force
from .layout import GATE_SLOTS
from .link import part
from .memory import fixed, get, put, record_at
from .quotas import counts_item, period_end, quota_left, use_quota
from .run import (
    ASK,
    CLOSED,
    COLUMN,
    MOVEMENT,
    MOVEMENTS_FULL,
    OPEN,
    PEOPLE,
    REAR_READY,
    TAKE,
    TAKES_FULL,
    WAKES_LIFT,
    Record,
    add_ready,
    asset_of,
    camp_of,
    item_of,
    lift_of,
    listed,
    look_take_of,
    mark_asset,
    mark_lift,
    mark_place,
    next_stage,
    place_of,
    quota_of,
    record,
    settle,
    stage_of,
    take_of,
    wake,
)

#: No requirement has failed at this look.
_NONE = 99


@part
def begins_to_wait(run: Record, row: int) -> None:
    """A lift waits from the minute in which something is ready for it."""
    lift = lift_of(run, row)
    if lift.since < 0 and (lift.ready > 0 or is_resupply_due(run, lift)):
        lift.since = run.now


@part
def try_form(run: Record, row: int) -> bool:
    """Form one movement if every requirement holds; otherwise remember which did not."""
    lift = lift_of(run, row)
    if lift.since < 0:
        return False
    if lift.ready <= 0 and not is_resupply_due(run, lift):
        _stops_waiting(run, row, lift)
        return False
    run.look_takes_count = run.look_total = run.look_cause = 0
    run.look_hold, run.look_again = _NONE, NEVER
    run.look_lacks_means = run.look_by_place = run.look_by_ties = 0
    vehicles, escorts = _size(run, row, lift)
    if vehicles < 0:
        _remember(run, row, lift)
        return False
    return _form(run, row, lift, vehicles, escorts)


@part
def _fails(run: Record, hold: int, cause: int) -> None:
    """Note a failed requirement; the first in the order of `Hold` stands."""
    if hold < run.look_hold:
        run.look_hold, run.look_cause = hold, cause


@part
def _remember(run: Record, row: int, lift: Record) -> None:
    """What failed, and what is worth another look."""
    lift.lacks_means = run.look_lacks_means
    lift.held_by_place, lift.held_by_ties = run.look_by_place, run.look_by_ties
    if run.look_hold != _NONE:
        lift.held_by, lift.cause = run.look_hold, run.look_cause
        lift.hold_is_means = run.look_lacks_means
    if run.look_lacks_means:
        _claim(run, row, lift)
    if run.look_again < NEVER:
        _wake_lift(run, row, lift, run.look_again)


@part
def _stops_waiting(run: Record, row: int, lift: Record) -> None:
    """Nothing is left for a lift to take."""
    lift.since = -1
    lift.lacks_means = lift.hold_is_means = 0
    lift.held_by = -1
    _drop_claims(run, row, lift)


# --- what there is to take -------------------------------------------------------------------------


@part
def _in_service(run: Record, lift: Record) -> bool:
    if lift.stopped:
        _fails(run, holds.DECISION, 0)
    elif not lift.first <= run.now < lift.last:
        _fails(run, holds.CALENDAR, 0)
    else:
        return True
    return False


@part
def _collect(run: Record, row: int, lift: Record) -> None:
    """Fill the look with every unit the lift might take, within force, plan, equipment and quotas."""
    if lift.is_column:
        _collect_column(run, row, lift)
        return
    for at in range(lift.unit_quotas, lift.unit_quotas_end):
        quota_of(run, listed(run, at)).left = quota_left(run, listed(run, at))
    place, spare_armed, spare_people = -1, 0, 0
    is_closed = False
    run.spares_count = 0
    for at in range(lift.cands, lift.cands_end, 4):
        stage_row = listed(run, at + 3)
        stage = stage_of(run, stage_row)
        quantity = stage.ready
        if quantity <= 0:
            continue
        if listed(run, at + 1) != place:
            _keep_spare(run, place, is_closed, spare_armed, spare_people)
            place = listed(run, at + 1)
            is_closed, spare_armed, spare_people = _spare(run, lift, place)
        if is_closed:
            continue
        item_row = listed(run, at + 2)
        item = item_of(run, item_row)
        if _goes_with_column(run, place, stage):
            _fails(run, holds.HANDOVER, camp_of(run, place_of(run, place).camp).rear_row)
            run.look_by_place = 1
            continue
        if item.people:
            quantity = _leaving(run, item, stage_row, place, spare_armed, spare_people)
        quantity = _within_quotas(run, lift, item_row, quantity)
        if quantity > 0:
            take = look_take_of(run, run.look_takes_count)
            take.pick, take.item, take.stage, take.quantity = listed(run, at), item_row, stage_row, quantity
            run.look_takes_count += 1
            run.look_total += quantity
            if item.people:
                spare_armed -= quantity * item.armed
                spare_people -= quantity


@part
def _keep_spare(run: Record, place: int, is_closed: bool, armed: int, people: int) -> None:
    """Remember what a place can still spare: a lift may come back to it at a later pick-up."""
    if place < 0:
        return
    at, spares = run.spares_count, fixed(run, "spares")
    for number in range(run.spares_count):
        if get(spares, 4 * number) == place:
            at = number
    if at == run.spares_count:
        run.spares_count += 1
    put(spares, 4 * at, place)
    put(spares, 4 * at + 1, 1 if is_closed else 0)
    put(spares, 4 * at + 2, armed)
    put(spares, 4 * at + 3, people)


@part
def _within_quotas(run: Record, lift: Record, item_row: int, quantity: int) -> int:
    """What the lift's quotas leave of a quantity, what this look has taken already set off."""
    for at in range(lift.unit_quotas, lift.unit_quotas_end):
        row = listed(run, at)
        if counts_item(run, row, item_row):
            quota = quota_of(run, row)
            if quota.left < quantity:
                _fails(run, quota.hold, quota.row)
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
            take = look_take_of(run, run.look_takes_count)
            take.pick, take.item, take.stage = listed(run, at), listed(run, at + 2), listed(run, at + 3)
            take.quantity = ready
            run.look_takes_count += 1
            run.look_total += ready


@part
def _spare(run: Record, lift: Record, row: int) -> tuple[bool, int, int]:
    """Whether the plan lets nothing leave a place; armed people and people in all whom it can spare."""
    spares = fixed(run, "spares")
    for at in range(run.spares_count):
        if get(spares, 4 * at) == row:
            return get(spares, 4 * at + 1) != 0, get(spares, 4 * at + 2), get(spares, 4 * at + 3)
    place = place_of(run, row)
    if place.camp < 0:
        return False, UNLIMITED, UNLIMITED
    camp = camp_of(run, place.camp)
    if not camp.accelerated and (run.now < camp.opens or _is_pausing(run, camp)):
        _fails(run, holds.PLAN, 0)
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
            _fails(run, holds.WORK, item.tie_row)
    if item.armed and spare_armed < quantity:
        quantity = spare_armed
        run.look_by_place = 1
        _fails(run, holds.GUARD, place_of(run, place).guard_row)
    if spare_people < quantity:
        quantity = spare_people
        run.look_by_place = 1
        _fails(run, holds.PLAN, 0)
    return quantity


# --- how many vehicles -----------------------------------------------------------------------------


@part
def _size(run: Record, row: int, lift: Record) -> tuple[int, int]:
    """Vehicles and escorts for a movement that may form now, or -1 with the failed requirement in the look."""
    if not _in_service(run, lift):
        return -1, 0
    _collect(run, row, lift)
    resupply = is_resupply_due(run, lift)
    if run.look_total == 0 and not resupply:
        return -1, 0
    wanted = min(max(-(-run.look_total // lift.capacity), 1), lift.most)
    if wanted < lift.least and not resupply and not _is_exempt(run, lift):
        run.look_hold, run.look_cause = holds.SMALL, _newest(run)
        return -1, 0
    least = min(wanted, lift.least)
    hold, cause = _NONE, 0
    vehicles = wanted
    if lift.asset >= 0:
        free = _free(run, lift.asset, row, lift)
        if free < least:
            hold, cause = asset_of(run, lift.asset).hold, asset_of(run, lift.asset).row
        vehicles = min(wanted, free)
    # without vehicles, whether escorts are short as well
    asked = vehicles if hold == _NONE else wanted
    escorts, vehicles, are_short = _free_escorts(run, row, lift, asked, least)
    if are_short and asset_of(run, lift.escort).hold < hold:
        hold, cause = asset_of(run, lift.escort).hold, asset_of(run, lift.escort).row
    for at in range(lift.needs, lift.needs_end, 2):
        number = listed(run, at)
        if _free(run, number, row, lift) < listed(run, at + 1) and asset_of(run, number).hold < hold:
            hold, cause = asset_of(run, number).hold, asset_of(run, number).row
    if hold != _NONE:
        run.look_hold, run.look_cause, run.look_lacks_means = hold, cause, 1
        return -1, 0
    return vehicles, escorts


@part
def _is_exempt(run: Record, lift: Record) -> bool:
    """A movement below the least size may go after the longest wait, or when nothing more can become ready."""
    if lift.is_column or run.now - lift.since >= lift.wait:
        return True
    upcoming = -run.look_total
    for at in range(lift.cands, lift.cands_end, 4):
        upcoming += stage_of(run, listed(run, at + 3)).due_at
    if upcoming <= 0:
        return True
    if lift.wait < NEVER:
        run.look_again = min(run.look_again, lift.since + lift.wait)
    return False


@part
def _comes_before(run: Record, one: int, other: int) -> bool:
    """Whether a lift comes before another in the order of forming."""
    first, second = lift_of(run, one), lift_of(run, other)
    if first.rank != second.rank:
        return first.rank < second.rank
    if first.since != second.since:
        return first.since < second.since
    return one < other


@part
def _free(run: Record, row: int, lift_row: int, lift: Record) -> int:
    """Free units of an asset for a lift: none while a lift of a better rank keeps them for itself."""
    asset = asset_of(run, row)
    if asset.claimant >= 0 and asset.claimant != lift_row and _comes_before(run, asset.claimant, lift_row):
        return 0
    return max(asset.number - asset.busy, 0)


@part
def _wake_lift(run: Record, row: int, lift: Record, minute: int) -> None:
    if lift.wake != minute:
        lift.wake = minute
        wake(run, minute, WAKES_LIFT, row)


@part
def _free_escorts(run: Record, row: int, lift: Record, vehicles: int, least: int) -> tuple[int, int, bool]:
    """Escorts needed for so many vehicles, the vehicles they cover, and whether there are too few."""
    if lift.escort < 0:
        return 0, vehicles, False
    free = _free(run, lift.escort, row, lift)
    per, fewest = lift.escort_vehicles, lift.escort_least
    covered = vehicles if per >= UNLIMITED else min(vehicles, free * per)
    if free < fewest or covered < least:
        return 0, vehicles, True
    return fewest if per >= UNLIMITED else max(fewest, -(-covered // per)), covered, False


@part
def _claim(run: Record, row: int, lift: Record) -> None:
    """After its reserve time a lift keeps scarce means from lifts of a lower rank."""
    if lift.reserve >= NEVER:
        return
    if run.now - lift.since < lift.reserve:
        _wake_lift(run, row, lift, lift.since + lift.reserve)
        return
    for number in (lift.asset, lift.escort):
        if number >= 0:
            asset = asset_of(run, number)
            if asset.claimant < 0 or (asset.claimant != row and _comes_before(run, row, asset.claimant)):
                asset.claimant = row


@part
def _drop_claims(run: Record, row: int, lift: Record) -> None:
    for number in (lift.asset, lift.escort):
        if number >= 0 and asset_of(run, number).claimant == row:
            asset_of(run, number).claimant = -1
            mark_asset(run, number)


@part
def _newest(run: Record) -> int:
    newest = 0
    for at in range(run.look_takes_count):
        newest = max(newest, stage_of(run, look_take_of(run, at).stage).ready_row)
    return newest


# --- taking ----------------------------------------------------------------------------------------


@part
def _form(run: Record, row: int, lift: Record, vehicles: int, escorts: int) -> bool:
    """Take units and means, write the row, and leave the story to begin."""
    if run.movement_count >= run.movements_limit:
        run.fault = MOVEMENTS_FULL
        return False
    # what is to be fetched has an entry to be fetched by and one to be aboard by
    if run.takes_count + 2 * run.look_takes_count + lift.joining > run.takes_limit:
        run.fault = TAKES_FULL
        return False
    vehicles, escorts, count = _cut_takes(run, lift, vehicles, escorts)
    held, cause = lift.held_by, lift.cause
    if held < 0:
        held, cause = (holds.WORK, _newest(run)) if count else (holds.SUPPLY, 0)
    cause = _satisfied_by(run, lift, held, cause)
    m = _new_movement(run, row, lift, vehicles, escorts, count)
    to = place_of(run, lift.to)
    m.row = record(
        run, kinds.FORM, held, cause, m.number, row, -1, listed(run, lift.picks), -1, vehicles
    )  # fmt: skip
    _take_means(run, lift, m)
    if lift.is_column:
        begin_column(run, m, place_of(run, listed(run, lift.picks)).camp)
    for at in range(m.manifest, m.manifest + count):
        take = take_of(run, at)
        reserve(run, take.item, take.stage, listed(run, lift.picks + take.pick), lift.to, take.quantity)
    for at in range(lift.unit_quotas, lift.unit_quotas_end):
        quota, counted = listed(run, at), 0
        for number in range(m.manifest, m.manifest + count):
            take = take_of(run, number)
            if counts_item(run, quota, take.item):
                counted += take.quantity
        if counted:
            use_quota(run, quota, counted, m.row)
    if lift.brings:
        change_bringing(run, lift, 1)
    to.inbound += 1
    lift.lacks_means = 0
    _drop_claims(run, row, lift)
    lift.since = run.now
    put(fixed(run, "formed"), run.formed_count, m.number)
    run.formed_count += 1
    return True


@part
def _cut_takes(run: Record, lift: Record, vehicles: int, escorts: int) -> tuple[int, int, int]:
    """Cut what the look found to what the vehicles carry: vehicles, escorts and how many takes are left of it."""
    if lift.is_column:
        ceiling, own = run.look_total, 0
        for at in range(run.look_takes_count):
            take = look_take_of(run, at)
            if not item_of(run, take.item).people:
                own += take.quantity
        return max(vehicles, own), escorts, run.look_takes_count
    ceiling = min(vehicles * lift.capacity, _destination_room(run, lift))
    count = total = 0
    for at in range(run.look_takes_count):
        take = look_take_of(run, at)
        taken = min(take.quantity, ceiling - total)
        if taken > 0:
            take.quantity = taken
            total += taken
            count = at + 1
    if total:
        vehicles = min(vehicles, -(-total // lift.capacity))
        if lift.escort >= 0 and lift.escort_vehicles < UNLIMITED:
            escorts = max(lift.escort_least, -(-vehicles // lift.escort_vehicles))
    return vehicles, escorts, count


@part
def _new_movement(run: Record, row: int, lift: Record, vehicles: int, escorts: int, count: int) -> Record:
    """A movement with what it is to fetch; there is room for both."""
    number = run.movement_count
    run.movement_count += 1
    m = record_at(fixed(run, "movements"), number, MOVEMENT)
    m.number, m.lift, m.ordinal, m.vehicles, m.escorts = number, row, lift.formed, vehicles, escorts
    lift.formed += 1
    m.manifest, m.manifest_count = run.takes_count, count
    run.takes_count += count
    m.aboard, m.aboard_count = run.takes_count, 0
    run.takes_count += count + lift.joining
    for at in range(count):
        take, found = record_at(fixed(run, "takes"), m.manifest + at, TAKE), look_take_of(run, at)
        take.pick, take.item, take.stage, take.quantity = found.pick, found.item, found.stage, found.quantity
    for slot in range(GATE_SLOTS):
        ask = record_at(fixed(run, "asks"), GATE_SLOTS * number + slot, ASK)
        ask.attempt, ask.until, ask.pending, ask.retrying = -1, -1, 0, 0
    m.camp = m.begun = m.place = m.hold = m.departing = m.wake = m.strikes = m.next = m.join = m.column = (
        m.last_minute
    ) = -1
    m.cleared_row = m.phase = m.pending = m.run_start = m.since = m.hold_cause = m.started = m.lost = 0
    m.room = m.yard = m.supply = m.home = m.is_due = m.is_disbanded = 0
    m.covered = 1
    return m


@part
def begin_column(run: Record, m: Record, row: int) -> None:
    """From now on everybody at the camp leaves with this movement, and nobody is left to keep a force."""
    camp = camp_of(run, row)
    m.camp = row
    camp.state = COLUMN
    camp.force = -1


@part
def _destination_room(run: Record, lift: Record) -> int:
    """A movement is never larger than what its destination can ever hold."""
    to = place_of(run, lift.to)
    return max(to.room if lift.carries == PEOPLE else to.yard, 1)


@part
def _satisfied_by(run: Record, lift: Record, held: int, cause: int) -> int:
    """The row that satisfied the requirement that had failed at the last look."""
    if lift.hold_is_means:
        return _last_freed(run, lift, held)
    if held in (holds.WORK, holds.SMALL):
        newest = _newest(run)
        for at in range(run.look_takes_count):
            newest = max(newest, item_of(run, look_take_of(run, at).item).tie_row)
        return newest
    latest = -1
    for at in range(lift.unit_quotas, lift.unit_quotas_end):
        quota = quota_of(run, listed(run, at))
        if quota.hold == held:
            latest = max(latest, quota.row)
    if latest >= 0:
        return latest
    if held == holds.GUARD:
        for at in range(lift.picks, lift.picks_end):
            latest = max(latest, place_of(run, listed(run, at)).guard_row)
        return latest
    return cause


@part
def _last_freed(run: Record, lift: Record, held: int) -> int:
    """The last row that freed any of a lift's means of one kind of hold."""
    latest = 0
    for number in (lift.asset, lift.escort):
        if number >= 0 and asset_of(run, number).hold == held:
            latest = max(latest, asset_of(run, number).row)
    for at in range(lift.needs, lift.needs_end, 2):
        asset = asset_of(run, listed(run, at))
        if asset.hold == held:
            latest = max(latest, asset.row)
    return latest


@part
def _take_means(run: Record, lift: Record, m: Record) -> None:
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

"""Forming: taking all means that a movement needs, or nothing."""

from __future__ import annotations

from ...model.plan import NEVER, UNLIMITED
from . import holds, kinds
from .choosing import NONE_FAILED, collect, fails, newest
from .link import part
from .memory import fixed, put, record_at
from .quotas import counts_item, use_quota
from .records import GATE_SLOTS, MOVEMENTS_FULL, TAKES_FULL
from .reserving import begin_column, change_bringing, is_resupply_due, reserve, take_means
from .run import (
    ASK,
    MOVEMENT,
    PEOPLE,
    TAKE,
    WAKES_LIFT,
    Record,
    asset_of,
    fill_take,
    item_of,
    lift_of,
    listed,
    look_take_of,
    mark_asset,
    place_of,
    quota_of,
    record,
    stage_of,
    take_of,
    wake,
)


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
    run.look_hold, run.look_again = NONE_FAILED, NEVER
    run.look_lacks_means = run.look_by_place = run.look_by_ties = 0
    vehicles, escorts = _size(run, row, lift)
    if vehicles < 0:
        _remember(run, row, lift)
        return False
    return _form(run, row, lift, vehicles, escorts)


@part
def _remember(run: Record, row: int, lift: Record) -> None:
    """What failed, and what is worth another look."""
    lift.lacks_means = run.look_lacks_means
    lift.held_by_place, lift.held_by_ties = run.look_by_place, run.look_by_ties
    if run.look_hold != NONE_FAILED:
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


@part
def _in_service(run: Record, lift: Record) -> bool:
    if lift.stopped:
        fails(run, holds.DECISION, 0)
    elif not lift.first <= run.now < lift.last:
        fails(run, holds.CALENDAR, 0)
    else:
        return True
    return False


# --- how many vehicles -----------------------------------------------------------------------------


@part
def _size(run: Record, row: int, lift: Record) -> tuple[int, int]:
    """Vehicles and escorts for a movement that may form now, or -1 with the failed requirement in the look."""
    if not _in_service(run, lift):
        return -1, 0
    collect(run, row, lift)
    resupply = is_resupply_due(run, lift)
    if run.look_total == 0 and not resupply:
        return -1, 0
    wanted = min(max(-(-run.look_total // lift.capacity), 1), lift.most)
    if wanted < lift.least and not resupply and not _is_exempt(run, lift):
        run.look_hold, run.look_cause = holds.SMALL, newest(run, lift)
        return -1, 0
    least = min(wanted, lift.least)
    hold, cause = NONE_FAILED, 0
    vehicles = wanted
    if lift.asset >= 0:
        free = _free(run, lift.asset, row, lift)
        if free < least:
            hold, cause = asset_of(run, lift.asset).hold, asset_of(run, lift.asset).row
        vehicles = min(wanted, free)
    # without vehicles, whether escorts are short as well
    asked = vehicles if hold == NONE_FAILED else wanted
    escorts, vehicles, are_short = _free_escorts(run, row, lift, asked, least)
    if are_short and asset_of(run, lift.escort).hold < hold:
        hold, cause = asset_of(run, lift.escort).hold, asset_of(run, lift.escort).row
    for at in range(lift.needs, lift.needs_end, 2):
        number = listed(run, at)
        if _free(run, number, row, lift) < listed(run, at + 1) and asset_of(run, number).hold < hold:
            hold, cause = asset_of(run, number).hold, asset_of(run, number).row
    if hold != NONE_FAILED:
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
        held, cause = (holds.WORK, newest(run, lift)) if count else (holds.SUPPLY, 0)
    cause = _satisfied_by(run, lift, held, cause)
    m = _new_movement(run, row, lift, vehicles, escorts, count)
    to = place_of(run, lift.to)
    m.row = record(
        run, kinds.FORM, held, cause, m.number, row, -1, listed(run, lift.picks), -1, vehicles
    )  # fmt: skip
    lift.formed_row = m.row
    take_means(run, lift, m)
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
        fill_take(take, found.pick, found.item, found.stage, found.quantity)
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
        latest = newest(run, lift)
        for at in range(run.look_takes_count):
            latest = max(latest, item_of(run, look_take_of(run, at).item).tie_row)
        return latest
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

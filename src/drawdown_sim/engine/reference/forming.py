"""Forming: finding all means for what a lift may take, or none, and writing the movement down."""

from __future__ import annotations

from . import quotas, reserving
from .choosing import NOTHING, Look, collect, newest
from .records import Lift, Take
from .reserving import is_resupply_due
from .run import LIFT, NEVER, UNLIMITED, Hold, Kind, Movement, Run


def begins_to_wait(run: Run, lift: Lift) -> bool:
    """Whether a lift waits: from the minute in which something is ready for it."""
    row = lift.row
    if run.since[row] < 0:
        if run.lift_ready[row] <= 0 and not (lift.brings and is_resupply_due(run, lift)):
            return False
        run.since[row] = run.now
    return True


def try_form(run: Run, lift: Lift, due: bool = True) -> Movement | None:
    """Form one movement if every requirement holds; otherwise remember which did not."""
    if run.lift_ready[lift.row] <= 0 and not (lift.brings and is_resupply_due(run, lift)):
        _stops_waiting(run, lift.row)
        return None
    look = Look()
    size = _size(run, lift, look)
    if size is not None:
        return _form(run, lift, look, *size)
    if due:
        _remember(run, lift, look)
    return None


def _remember(run: Run, lift: Lift, look: Look) -> None:
    """What failed, and what is worth another look."""
    row = lift.row
    run.lacks_means[row] = look.lacks_means
    run.held_by_place[row], run.held_by_ties[row] = look.by_place, look.by_ties
    if look.hold != NOTHING:
        run.lift_hold[row], run.lift_cause[row] = look.hold, look.cause
        run.hold_is_means[row] = look.lacks_means
    if look.lacks_means and lift.reserve < NEVER:
        _claim(run, lift)
    if look.again < NEVER:
        _wake_lift(run, row, look.again)


def _stops_waiting(run: Run, row: int) -> None:
    """Nothing is left for a lift to take."""
    run.since[row] = -1
    run.lacks_means[row] = run.hold_is_means[row] = False
    run.lift_hold[row] = -1
    _drop_claims(run, row)


# --- how many vehicles -----------------------------------------------------------------------------


def _size(run: Run, lift: Lift, look: Look) -> tuple[int, int] | None:
    """Vehicles and escorts for a movement that may form now, or None with the failed requirement in `look`."""
    if run.stopped[lift.row]:
        look.hold = Hold.DECISION
        return None
    if not lift.first <= run.now < lift.last:
        look.hold = Hold.CALENDAR
        return None
    collect(run, lift, look)
    total = look.total
    is_resupply = lift.brings and is_resupply_due(run, lift)
    if not total and not is_resupply:
        return None
    wanted = min(-(-total // lift.capacity) or 1, lift.most)
    if wanted >= lift.least:
        return _find_means(run, lift, wanted, lift.least, look)
    if is_resupply or _is_exempt(run, lift, look):
        return _find_means(run, lift, wanted, wanted, look)
    look.hold, look.cause = Hold.SMALL, newest(run, lift, look)
    return None


def _is_exempt(run: Run, lift: Lift, look: Look) -> bool:
    """A movement below the least size may go after the longest wait, or when nothing more can become ready."""
    since = run.since[lift.row]
    if lift.is_column or run.now - since >= lift.wait:
        return True
    if sum(run.due_at[cand.stage] for cand in lift.cands) <= look.total:
        return True
    if lift.wait < NEVER:
        look.again = min(look.again, since + lift.wait)
    return False


def _find_means(run: Run, lift: Lift, wanted: int, least: int, look: Look) -> tuple[int, int] | None:
    """All means or nothing: vehicles and escorts, fewer than wanted if there are no more, and every further need."""
    lacking = []
    vehicles, escorts = wanted, 0
    if lift.asset >= 0:
        free = _free(run, lift.asset, lift)
        if free < least:
            lacking.append(lift.asset)  # then escorts may be short as well
        elif free < wanted:
            vehicles = free
    if lift.escort >= 0:
        free, per = _free(run, lift.escort, lift), lift.escort_vehicles
        covered = vehicles if per >= UNLIMITED else min(vehicles, free * per)
        if free < lift.escort_least or covered < least:
            lacking.append(lift.escort)
        else:
            vehicles, escorts = covered, _escorts_for(lift, covered)
    for asset, count in lift.needs:
        if _free(run, asset, lift) < count:
            lacking.append(asset)
    if not lacking:
        return vehicles, escorts
    asset = min(lacking, key=run.view.asset_hold.__getitem__)  # of equals the first met
    look.hold, look.cause, look.lacks_means = run.view.asset_hold[asset], run.asset_row[asset], True
    return None


def _escorts_for(lift: Lift, vehicles: int) -> int:
    if lift.escort_vehicles >= UNLIMITED:
        return lift.escort_least
    return max(lift.escort_least, -(-vehicles // lift.escort_vehicles))


def _free(run: Run, asset: int, lift: Lift) -> int:
    """Free units of an asset for a lift: none while a lift of a better rank keeps them for itself."""
    if run.claims:
        claimant = run.claims.get(asset, lift.row)
        if claimant != lift.row and _order(run, claimant) < _order(run, lift.row):
            return 0
    free = run.number[asset] - run.busy[asset]
    return free if free > 0 else 0


def _wake_lift(run: Run, row: int, minute: int) -> None:
    if run.lift_wake[row] != minute:
        run.lift_wake[row] = minute
        run.wake(minute, LIFT, row)


def _order(run: Run, row: int) -> tuple[int, int, int]:
    return run.view.lift[row].rank, run.since[row], row


def _claim(run: Run, lift: Lift) -> None:
    """After its reserve time a lift keeps scarce means from lifts of a lower rank."""
    row = lift.row
    if run.now - run.since[row] < lift.reserve:
        _wake_lift(run, row, run.since[row] + lift.reserve)
        return
    for asset in (lift.asset, lift.escort):
        claimant = run.claims.get(asset, -1) if asset >= 0 else row
        if claimant < 0 or (claimant != row and _order(run, row) < _order(run, claimant)):
            run.claims[asset] = row


def _drop_claims(run: Run, row: int) -> None:
    if run.claims:
        for asset in [a for a, claimant in run.claims.items() if claimant == row]:
            del run.claims[asset]
            run.mark_asset(asset)


# --- forming ---------------------------------------------------------------------------------------


def _form(run: Run, lift: Lift, look: Look, vehicles: int, escorts: int) -> Movement:
    """Take units and means, write the row, and leave the story to begin."""
    row = lift.row
    takes, vehicles, escorts = _cut(lift, look, vehicles, escorts)
    held, cause = _satisfied(run, lift, look)
    m = Movement(run.movement_count, lift, run.formed[row], vehicles, escorts)
    run.movement_count += 1
    run.formed[row] += 1
    m.manifest = takes
    m.row = run.record(Kind.FORM, held, cause, m.number, row, place=lift.home, quantity=vehicles)
    run.formed_row[row] = m.row
    reserving.take_means(run, m)
    if lift.is_column:
        reserving.begin_column(run, m, lift.picks[0].camp)
    for cand, quantity in takes:
        reserving.reserve(run, cand.item, cand.stage, lift.picks[cand.pick].place, cand.after, quantity)
    for quota in lift.unit_quotas:
        counted = sum([quantity for cand, quantity in takes if quota in cand.quotas])
        if counted:
            quotas.use_quota(run, quota, counted, m.row)
    run.lacks_means[row] = False
    _drop_claims(run, row)
    run.since[row] = run.now
    return m


def _cut(lift: Lift, look: Look, vehicles: int, escorts: int) -> tuple[list[Take], int, int]:
    """What the vehicles found can carry, and no more vehicles and escorts than that needs."""
    if lift.is_column:
        own = sum(quantity for cand, quantity in look.takes if not cand.people)
        return look.takes, max(vehicles, own), escorts
    space = min(vehicles * lift.capacity, lift.ceiling)
    if look.total <= space:
        takes, total = look.takes, look.total
    else:
        takes, total = [], space
        for cand, quantity in look.takes:
            takes.append((cand, min(quantity, space)))
            space -= quantity
            if space <= 0:
                break
    if total:
        vehicles = min(vehicles, -(-total // lift.capacity))
        if lift.escort >= 0 and lift.escort_vehicles < UNLIMITED:
            escorts = _escorts_for(lift, vehicles)
    return takes, vehicles, escorts


def _satisfied(run: Run, lift: Lift, look: Look) -> tuple[int, int]:
    """The requirement that had failed at the last look, and the row that satisfied it."""
    row, hold_of = lift.row, run.view.asset_hold
    held = run.lift_hold[row]
    if held < 0 and not look.takes:
        return Hold.SUPPLY, 0
    if run.hold_is_means[row]:
        used = [lift.asset, lift.escort, *(asset for asset, _ in lift.needs)]
        return held, max(run.asset_row[asset] for asset in used if asset >= 0 and hold_of[asset] == held)
    if held < 0 or held == Hold.WORK or held == Hold.SMALL:
        ties = [run.tie_row[cand.item] for cand, _ in look.takes]
        return Hold.WORK if held < 0 else held, max([newest(run, lift, look), *ties])
    limiting = [run.quota_row[quota] for quota in lift.unit_quotas if run.view.quota_hold[quota] == held]
    if limiting:
        return held, max(limiting)
    if held == Hold.GUARD:
        return held, max(run.guard_row[pick.place] for pick in lift.picks)
    return held, run.lift_cause[row]

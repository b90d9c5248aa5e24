"""Forming: what a lift may take now, and finding all its means or none."""

from __future__ import annotations

from . import quotas, reserving
from .force import is_in_use, minimum_force
from .records import Candidate, Lift, PickUp
from .reserving import is_resupply_due
from .run import CLOSED, LIFT, NEVER, OPEN, REAR_READY, UNLIMITED, Hold, Kind, Movement, Run

#: no requirement has failed: comes after all holds
_NONE = 99


class Look:
    """One look at a lift: what it could load, and the first requirement that failed."""

    __slots__ = ("again", "by_place", "by_ties", "cause", "hold", "lacks_means", "takes", "total")

    def __init__(self) -> None:
        self.takes: list[tuple[Candidate, int]] = []  # with how many
        self.total = 0
        self.hold = _NONE
        self.cause = 0
        self.lacks_means = False
        self.by_place = False  # force or plan limited it
        self.by_ties = False  # equipment limited it
        self.again = NEVER  # minute of another look: a quota begins anew, the longest wait is over

    def fails(self, hold: int, cause: int) -> None:
        """Note a failed requirement; the first in the order of `Hold` stands."""
        if hold < self.hold:
            self.hold, self.cause = hold, cause


def begins_to_wait(run: Run, lift: Lift) -> None:
    """A lift waits from the minute in which something is ready for it."""
    if run.since[lift.row] < 0 and (run.lift_ready[lift.row] > 0 or is_resupply_due(run, lift)):
        run.since[lift.row] = run.now


def try_form(run: Run, lift: Lift, due: bool = True) -> Movement | None:
    """Form one movement if every requirement holds; otherwise remember which did not."""
    row = lift.row
    if run.since[row] < 0:
        return None
    if run.lift_ready[row] <= 0 and not is_resupply_due(run, lift):
        _stops_waiting(run, row)
        return None
    look = Look()
    size = _size(run, lift, look)
    if size is None:
        if due:
            _remember(run, lift, look)
        return None
    return _form(run, lift, look, *size)


def _remember(run: Run, lift: Lift, look: Look) -> None:
    """What failed, and what is worth another look."""
    row = lift.row
    run.lacks_means[row] = look.lacks_means
    run.held_by_place[row], run.held_by_ties[row] = look.by_place, look.by_ties
    if look.hold != _NONE:
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


# --- what there is to take -------------------------------------------------------------------------


def _is_in_service(run: Run, lift: Lift, look: Look) -> bool:
    if run.stopped[lift.row]:
        look.fails(Hold.DECISION, 0)
    elif not lift.first <= run.now < lift.last:
        look.fails(Hold.CALENDAR, 0)
    else:
        return True
    return False


def _collect(run: Run, lift: Lift, look: Look) -> None:
    """Fill `look` with every unit the lift might take, within force, plan, equipment and quotas."""
    ready = run.ready
    left = {quota: quotas.quota_left(run, quota) for quota in lift.unit_quotas} if lift.unit_quotas else {}
    for pick in lift.picks:
        waiting = [cand for cand in pick.cands if ready[cand.stage] > 0]
        if waiting:
            spare = _spare(run, lift, pick, look)
            if spare is not None:
                _collect_at(run, pick, waiting, *spare, left, look)


def _collect_at(
    run: Run, pick: PickUp, waiting: list[Candidate], armed: int, people: int, left: dict[int, int], look: Look
) -> None:
    """What may be taken at one pick-up, which can spare so many armed people and so many in all."""
    # from the rear party on, whoever a column will take is left to it
    column_takes = pick.with_column and run.camp_state[pick.camp] not in (OPEN, CLOSED)
    for cand in waiting:
        if column_takes and cand.with_column:
            look.fails(Hold.HANDOVER, run.rear_row[pick.camp])
            look.by_place = True
            continue
        quantity = run.ready[cand.stage]
        if cand.people:
            if cand.tied and run.people_go_row < 0:
                allowed = run.may_go[cand.item] - run.gone[cand.item]
                if allowed < quantity:
                    quantity = allowed if allowed > 0 else 0
                    look.by_ties = True
                    look.fails(Hold.WORK, run.tie_row[cand.item])
            if cand.armed and armed < quantity:
                quantity = armed
                look.by_place = True
                look.fails(Hold.GUARD, run.guard_row[pick.place])
            if people < quantity:
                quantity = people
                look.by_place = True
                look.fails(Hold.PLAN, 0)
        for quota in cand.quotas:
            if left[quota] < quantity:
                look.fails(run.view.quota_hold[quota], run.quota_row[quota])
                look.again = min(look.again, quotas.period_end(run, quota))
                quantity = max(left[quota], 0)
        if quantity > 0:
            look.takes.append((cand, quantity))
            look.total += quantity
            for quota in cand.quotas:
                left[quota] -= quantity
            if cand.people:
                people -= quantity
                if cand.armed:
                    armed -= quantity


def _collect_column(run: Run, lift: Lift, look: Look) -> None:
    """A column takes everybody and all own means of its camp, once the rear party is ready."""
    camp = lift.picks[0].camp
    if run.camp_state[camp] != REAR_READY or run.p.camp_column[camp] != lift.row or is_in_use(run, camp):
        return  # the camp asks for the look
    look.takes = [(cand, run.ready[cand.stage]) for cand in lift.cands if run.ready[cand.stage] > 0]
    look.total = sum(quantity for _, quantity in look.takes)


def _spare(run: Run, lift: Lift, pick: PickUp, look: Look) -> tuple[int, int] | None:
    """Armed people and people in all whom a place can spare, or None where the plan lets nothing leave.

    Gates, pauses and what is to be kept are the plan's, and an accelerated camp no longer minds them; in the
    last days people mind neither force nor plan; a national order does not mind force.
    """
    camp = pick.camp
    armed = people = UNLIMITED
    if camp < 0:
        return armed, people
    accelerated = run.accelerated[camp]
    if not accelerated and (run.now < pick.opens or (pick.pauses and _is_paused(run, pick))):
        look.fails(Hold.PLAN, 0)
        look.by_place = True
        return None
    if lift.carries_people and run.people_go_row < 0:
        if not lift.by_order:
            armed = max(run.armed[pick.place] - minimum_force(run, camp), 0)
        if pick.keep is not None and not accelerated:
            people = max(run.unreserved[pick.place] - pick.keep.at(run.now), 0)
    return armed, people


def _is_paused(run: Run, pick: PickUp) -> bool:
    return any(begin <= run.now < end for begin, end in pick.pauses)


# --- how many vehicles -----------------------------------------------------------------------------


def _size(run: Run, lift: Lift, look: Look) -> tuple[int, int] | None:
    """Vehicles and escorts for a movement that may form now, or None with the failed requirement in `look`."""
    if not _is_in_service(run, lift, look):
        return None
    if lift.is_column:
        _collect_column(run, lift, look)
    else:
        _collect(run, lift, look)
    total = look.total
    is_resupply = lift.brings and is_resupply_due(run, lift)
    if not total and not is_resupply:
        return None
    wanted = min(-(-total // lift.capacity) or 1, lift.most)
    if wanted >= lift.least:
        return _find_means(run, lift, wanted, lift.least, look)
    if is_resupply or _is_exempt(run, lift, look):
        return _find_means(run, lift, wanted, wanted, look)
    look.hold, look.cause = Hold.SMALL, _newest(run, look)
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


def _newest(run: Run, look: Look) -> int:
    """The last row that made any of the units ready that this look could take."""
    return max([run.ready_row[cand.stage] for cand, _ in look.takes], default=0)


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


def _cut(lift: Lift, look: Look, vehicles: int, escorts: int) -> tuple[list[tuple[Candidate, int]], int, int]:
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
        return Hold.WORK if held < 0 else held, max([_newest(run, look), *ties])
    limiting = [run.quota_row[quota] for quota in lift.unit_quotas if run.view.quota_hold[quota] == held]
    if limiting:
        return held, max(limiting)
    if held == Hold.GUARD:
        return held, max(run.guard_row[pick.place] for pick in lift.picks)
    return held, run.lift_cause[row]

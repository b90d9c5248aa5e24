"""Forming: what a lift may take now, and taking all its means or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...model.plan import NEVER, UNLIMITED, Carries
from . import quotas
from .force import check_force, is_in_use, minimum_force
from .run import CLOSED, COLUMN, OPEN, REAR_READY, Hold, Kind, Movement, Run


@dataclass(slots=True)
class Look:
    """One look at a lift: what it could load, and the first requirement that failed."""

    takes: list[tuple[int, int, int, int]] = field(default_factory=list)  # pick-up, item, stage, quantity
    total: int = 0
    hold: int = 99
    cause: int = 0
    lacks_means: bool = False
    by_place: bool = False  # force or plan limited it
    by_ties: bool = False  # equipment limited it
    again: int = NEVER  # minute of another look: a quota begins anew, the longest wait is over

    def fails(self, hold: int, cause: int) -> None:
        """Note a failed requirement; the first in the order of `Hold` stands."""
        if hold < self.hold:
            self.hold, self.cause = hold, cause


def begins_to_wait(run: Run, lift: int) -> None:
    """A lift waits from the minute in which something is ready for it."""
    if run.since[lift] < 0 and (run.lift_ready[lift] > 0 or is_resupply_due(run, lift)):
        run.since[lift] = run.now


def try_form(run: Run, lift: int, due: bool = True) -> Movement | None:
    """Form one movement if every requirement holds; otherwise remember which did not."""
    if run.since[lift] < 0:
        return None
    if run.lift_ready[lift] <= 0 and not is_resupply_due(run, lift):
        stops_waiting(run, lift)
        return None
    look = Look()
    plan = _size(run, lift, look)
    if plan is None:
        if due:
            _remember(run, lift, look)
        return None
    vehicles, escorts = plan
    return _form(run, lift, look, vehicles, escorts)


def _remember(run: Run, lift: int, look: Look) -> None:
    """What failed, and what is worth another look."""
    run.lacks_means[lift] = look.lacks_means
    run.held_by_place[lift], run.held_by_ties[lift] = look.by_place, look.by_ties
    if look.hold != 99:
        run.lift_hold[lift], run.lift_cause[lift] = look.hold, look.cause
        run.hold_is_means[lift] = look.lacks_means
    if look.lacks_means:
        _claim(run, lift)
    if look.again < NEVER:
        _wake_lift(run, lift, look.again)


def stops_waiting(run: Run, lift: int) -> None:
    """Nothing is left for a lift to take."""
    run.since[lift] = -1
    run.lacks_means[lift] = run.hold_is_means[lift] = False
    run.lift_hold[lift] = -1
    _drop_claims(run, lift)


# --- what there is to take -------------------------------------------------------------------------


def _in_service(run: Run, lift: int, look: Look) -> bool:
    now, p = run.now, run.p
    if run.stopped[lift]:
        look.fails(Hold.DECISION, 0)
    elif not p.lift_first[lift] <= now < p.lift_last[lift]:
        look.fails(Hold.CALENDAR, 0)
    else:
        return True
    return False


def _collect(run: Run, lift: int, look: Look) -> None:
    """Fill `look` with every unit the lift might take, within force, plan, equipment and quotas."""
    if run.view.is_column[lift]:
        _collect_column(run, lift, look)
        return
    p, ready = run.p, run.ready
    spare: dict[int, list[int] | None] = {}  # per place: armed people and people who may go; None: nobody may
    left = {q: quotas.quota_left(run, q) for q in run.view.unit_quotas[lift]}
    for pick, place, item, stage in run.view.cands[lift]:
        quantity = ready[stage]
        if quantity <= 0:
            continue
        if place not in spare:
            spare[place] = _spare(run, lift, place, look)
        limits = spare[place]
        if limits is None:
            continue
        if _goes_with_column(run, place, stage):
            look.fails(Hold.HANDOVER, run.rear_row[p.place_camp[place]])
            look.by_place = True
            continue
        if p.item_people[item]:
            quantity = _leaving(run, item, stage, place, limits, look)
        counting = [quota for quota in left if quotas.counts_item(run, quota, item)]
        for quota in counting:
            if left[quota] < quantity:
                look.fails(run.view.quota_hold[quota], run.quota_row[quota])
                look.again = min(look.again, quotas.period_end(run, quota))
                quantity = max(left[quota], 0)
        for quota in counting:
            left[quota] -= quantity
        if quantity > 0:
            look.takes.append((pick, item, stage, quantity))
            look.total += quantity
            if p.item_people[item]:
                limits[0] -= quantity * p.item_armed[item]
                limits[1] -= quantity


def _goes_with_column(run: Run, place: int, stage: int) -> bool:
    """From the rear party on, whoever a column will take is left to it."""
    camp = run.p.place_camp[place]
    if camp < 0 or run.p.camp_column[camp] < 0 or run.camp_state[camp] in (OPEN, CLOSED):
        return False
    return stage in run.view.column_stages[run.p.camp_column[camp]]


def _collect_column(run: Run, lift: int, look: Look) -> None:
    """A column takes everybody and all own means of its camp, once the rear party is ready."""
    camp = run.p.place_camp[run.view.pick_places[lift][0]]
    if run.camp_state[camp] != REAR_READY or run.p.camp_column[camp] != lift or is_in_use(run, camp):
        return  # the camp asks for the look
    look.takes = [
        (pick, item, stage, run.ready[stage]) for pick, _, item, stage in run.view.cands[lift] if run.ready[stage] > 0
    ]
    look.total = sum(take[3] for take in look.takes)


def _spare(run: Run, lift: int, place: int, look: Look) -> list[int] | None:
    """Armed people and people in all whom a place can spare, or None where the plan lets nothing leave.

    Gates, pauses and what is to be kept are the plan's, and an accelerated camp no longer minds them; in the
    last days people mind neither force nor plan; a national order does not mind force.
    """
    p, now = run.p, run.now
    camp = p.place_camp[place]
    if camp < 0:
        return [UNLIMITED, UNLIMITED]
    accelerated = run.accelerated[camp]
    if not accelerated and (now < p.camp_opens[camp] or any(a <= now < b for a, b in run.view.pauses[camp])):
        look.fails(Hold.PLAN, 0)
        look.by_place = True
        return None
    spare = [UNLIMITED, UNLIMITED]
    if run.people_go_row < 0 and p.lift_carries[lift] == Carries.PEOPLE:
        if not p.lift_by_order[lift]:
            spare[0] = max(run.armed[place] - minimum_force(run, camp), 0)
        if p.camp_keep[camp] >= 0 and not accelerated:
            spare[1] = max(run.unreserved[place] - run.at(p.camp_keep[camp], now), 0)
    return spare


def _leaving(run: Run, item: int, stage: int, place: int, spare: list[int], look: Look) -> int:
    """People of one cohort who may leave a place now."""
    quantity = run.ready[stage]
    p = run.p
    if p.item_tied[item] and run.people_go_row < 0 and stage == p.stage_at[item]:
        allowed = run.may_go[item] - run.gone[item]
        if allowed < quantity:
            quantity = max(allowed, 0)
            look.by_ties = True
            look.fails(Hold.WORK, run.tie_row[item])
    if p.item_armed[item] and spare[0] < quantity:
        quantity = spare[0]
        look.by_place = True
        look.fails(Hold.GUARD, run.guard_row[place])
    if spare[1] < quantity:
        quantity = spare[1]
        look.by_place = True
        look.fails(Hold.PLAN, 0)
    return quantity


# --- how many vehicles -----------------------------------------------------------------------------


def _size(run: Run, lift: int, look: Look) -> tuple[int, int] | None:
    """Vehicles and escorts for a movement that may form now, or None with the failed requirement in `look`."""
    p = run.p
    if not _in_service(run, lift, look):
        return None
    _collect(run, lift, look)
    resupply = is_resupply_due(run, lift)
    if look.total == 0 and not resupply:
        return None
    capacity = p.lift_capacity[lift]
    wanted = min(max(-(-look.total // capacity), 1), p.lift_most[lift])
    if wanted < p.lift_least[lift] and not resupply and not _is_exempt(run, lift, look):
        look.hold, look.cause = 99, 0
        look.fails(Hold.SMALL, _newest(run, look))
        return None
    failed = Look()
    vehicles = _free_vehicles(run, lift, wanted, min(wanted, p.lift_least[lift]), failed)
    asked = vehicles if failed.hold == 99 else wanted  # without vehicles, whether escorts are short as well
    escorts, vehicles = _free_escorts(run, lift, asked, min(wanted, p.lift_least[lift]), failed)
    for asset, count in run.view.needs[lift]:
        if _free(run, asset, lift) < count:
            failed.fails(run.view.asset_hold[asset], run.asset_row[asset])
    if failed.hold != 99:
        look.hold, look.cause, look.lacks_means = failed.hold, failed.cause, True
        return None
    return vehicles, escorts


def _is_exempt(run: Run, lift: int, look: Look) -> bool:
    """A movement below the least size may go after the longest wait, or when nothing more can become ready."""
    if run.view.is_column[lift]:
        return True
    waited = run.now - run.since[lift]
    wait = run.p.lift_wait[lift]
    if waited >= wait:
        return True
    upcoming = sum(run.due_at[stage] for _, _, _, stage in run.view.cands[lift]) - look.total
    if upcoming <= 0:
        return True
    if wait < NEVER:
        look.again = min(look.again, run.since[lift] + wait)
    return False


def _free(run: Run, asset: int, lift: int) -> int:
    """Free units of an asset for a lift: none while a lift of a better rank keeps them for itself."""
    claimant = run.claims.get(asset, lift)
    if claimant != lift and _order(run, claimant) < _order(run, lift):
        return 0
    return max(run.number[asset] - run.busy[asset], 0)


def _wake_lift(run: Run, lift: int, minute: int) -> None:
    if run.lift_wake[lift] != minute:
        run.lift_wake[lift] = minute
        run.wake(minute, lift=lift)


def _order(run: Run, lift: int) -> tuple[int, int, int]:
    return run.p.lift_rank[lift], run.since[lift], lift


def _free_vehicles(run: Run, lift: int, wanted: int, least: int, failed: Look) -> int:
    asset = run.p.lift_asset[lift]
    if asset < 0:
        return wanted
    free = _free(run, asset, lift)
    if free < least:
        failed.fails(run.view.asset_hold[asset], run.asset_row[asset])
    return min(wanted, free)


def _free_escorts(run: Run, lift: int, vehicles: int, least: int, failed: Look) -> tuple[int, int]:
    """Escorts needed for so many vehicles; fewer escorts make a smaller convoy, not below the least."""
    p = run.p
    asset = p.lift_escort[lift]
    if asset < 0:
        return 0, vehicles
    free = _free(run, asset, lift)
    per = p.lift_escort_vehicles[lift]
    fewest = p.lift_escort_least[lift]
    covered = vehicles if per >= UNLIMITED else min(vehicles, free * per)
    if free < fewest or covered < least:
        failed.fails(run.view.asset_hold[asset], run.asset_row[asset])
        return 0, vehicles
    needed = fewest if per >= UNLIMITED else max(fewest, -(-covered // per))
    return needed, covered


def _claim(run: Run, lift: int) -> None:
    """After its reserve time a lift keeps scarce means from lifts of a lower rank."""
    reserve = run.p.lift_reserve[lift]
    if reserve >= NEVER:
        return
    if run.now - run.since[lift] < reserve:
        _wake_lift(run, lift, run.since[lift] + reserve)
        return
    for asset in (run.p.lift_asset[lift], run.p.lift_escort[lift]):
        claimant = run.claims.get(asset, -1) if asset >= 0 else lift
        if claimant < 0 or (claimant != lift and _order(run, lift) < _order(run, claimant)):
            run.claims[asset] = lift


def _drop_claims(run: Run, lift: int) -> None:
    for asset in [a for a, claimant in run.claims.items() if claimant == lift]:
        del run.claims[asset]
        run.mark_asset(asset)


def _newest(run: Run, look: Look) -> int:
    return max((run.ready_row[stage] for _, _, stage, _ in look.takes), default=0)


# --- taking ----------------------------------------------------------------------------------------


def _form(run: Run, lift: int, look: Look, vehicles: int, escorts: int) -> Movement:
    """Take units and means, write the row, and leave the story to begin."""
    p = run.p
    ceiling = vehicles * p.lift_capacity[lift]
    if run.view.is_column[lift]:
        ceiling = look.total
        own = sum(q for _, item, _, q in look.takes if not p.item_people[item])
        vehicles = max(vehicles, own)
    else:
        ceiling = min(ceiling, _destination_room(run, lift))
    takes: list[list[int]] = []
    total = 0
    for pick, item, stage, quantity in look.takes:
        taken = min(quantity, ceiling - total)
        if taken > 0:
            takes.append([pick, item, stage, taken])
            total += taken
    if not run.view.is_column[lift] and total:
        vehicles = min(vehicles, -(-total // p.lift_capacity[lift]))
        if p.lift_escort[lift] >= 0 and p.lift_escort_vehicles[lift] < UNLIMITED:
            escorts = max(p.lift_escort_least[lift], -(-vehicles // p.lift_escort_vehicles[lift]))
    held, cause = run.lift_hold[lift], run.lift_cause[lift]
    if held < 0:
        held, cause = (Hold.WORK, _newest(run, look)) if takes else (Hold.SUPPLY, 0)
    cause = _satisfied_by(run, lift, held, cause, look)
    m = Movement(run.movement_count, lift, run.formed[lift], vehicles, escorts)
    run.movement_count += 1
    run.formed[lift] += 1
    m.manifest = takes
    m.row = run.record(
        Kind.FORM,
        held,
        cause,
        movement=m.number,
        entity=lift,
        place=run.view.pick_places[lift][0],
        quantity=vehicles,
    )
    for asset, count in _means(run, m):
        run.busy[asset] += count
    if run.view.is_column[lift]:
        begin_column(run, m, p.place_camp[run.view.pick_places[lift][0]])
    for pick, item, stage, quantity in takes:
        reserve(run, item, stage, run.view.pick_places[lift][pick], p.lift_to[lift], quantity)
    for quota in run.view.unit_quotas[lift]:
        counted = sum(take[3] for take in takes if quotas.counts_item(run, quota, take[1]))
        if counted:
            quotas.use_quota(run, quota, counted, m.row)
    for place in run.view.pick_places[lift] if p.lift_brings[lift] else ():
        run.supply_inbound[place] += 1
        for other in run.view.lifts_at_place[place]:
            if p.lift_brings[other]:
                run.mark_lift(other)
    run.inbound[p.lift_to[lift]] += 1
    run.lacks_means[lift] = False
    _drop_claims(run, lift)
    run.since[lift] = run.now
    return m


def begin_column(run: Run, m: Movement, camp: int) -> None:
    """From now on everybody at the camp leaves with this movement, and nobody is left to keep a force."""
    m.camp = camp
    run.camp_state[camp] = COLUMN
    run.force[camp] = None


def _destination_room(run: Run, lift: int) -> int:
    """A movement is never larger than what its destination can ever hold."""
    to, p = run.p.lift_to[lift], run.p
    room = p.place_room[to] if p.lift_carries[lift] == 1 else p.place_yard[to]
    return max(int(room), 1)


def _satisfied_by(run: Run, lift: int, held: int, cause: int, look: Look) -> int:
    """The row that satisfied the requirement that had failed at the last look."""
    p = run.p
    if run.hold_is_means[lift]:
        assets = [p.lift_asset[lift], p.lift_escort[lift], *(a for a, _ in run.view.needs[lift])]
        used = [a for a in assets if a >= 0 and run.view.asset_hold[a] == held]
        return max(int(run.asset_row[a]) for a in used)
    if held in (Hold.WORK, Hold.SMALL):
        return max([_newest(run, look), *(run.tie_row[item] for _, item, _, _ in look.takes)])
    limiting = [q for q in run.view.unit_quotas[lift] if run.view.quota_hold[q] == held]
    if limiting:
        return max(int(run.quota_row[q]) for q in limiting)
    if held == Hold.GUARD:
        return max(int(run.guard_row[place]) for place in run.view.pick_places[lift])
    return cause


def _means(run: Run, m: Movement) -> list[tuple[int, int]]:
    """The assets a movement holds, with how many of each."""
    p = run.p
    held = list(run.view.needs[m.lift])
    if p.lift_asset[m.lift] >= 0:
        held.append((p.lift_asset[m.lift], m.vehicles))
    if m.escorts:
        held.append((p.lift_escort[m.lift], m.escorts))
    return held


def reserve(run: Run, item: int, stage: int, place: int, to: int, quantity: int) -> None:
    """Units will leave a place: they stay there until loaded, but no other lift may count on them."""
    run.add_ready(stage, -quantity, 0)
    run.cut_due(item, stage, run.view.next_stage[stage, to], quantity)
    if run.p.item_people[item]:
        run.unreserved[place] -= quantity
        run.armed[place] -= quantity * run.p.item_armed[item]
        if stage == run.view.item_stages[item][0]:
            run.gone[item] += quantity
        check_force(run, place)
        if not run.p.item_armed[item] and not run.due_other[place] + run.due_own[place]:
            # the last unarmed people to leave set the guards free
            run.guard_row[place] = len(run.rows) - 1
            run.mark_place(place)


def unreserve(run: Run, item: int, stage: int, place: int, to: int, quantity: int, row: int) -> None:
    """Take a reservation back."""
    run.cut_due(item, stage, run.view.next_stage[stage, to], -quantity)
    if run.p.item_people[item]:
        run.unreserved[place] += quantity
        run.armed[place] += quantity * run.p.item_armed[item]
        if stage == run.view.item_stages[item][0]:
            run.gone[item] -= quantity
        run.mark_place(place)
    run.add_ready(stage, quantity, row)


def give_back(run: Run, m: Movement, row: int) -> None:
    """Means are free again; vehicles lost on the road are gone for good, and so are means that do not come back."""
    one_way = m.started and run.p.lift_from_origin[m.lift] and not run.p.lift_returns[m.lift]
    for asset, count in _means(run, m):
        gone = count if one_way else m.lost if asset == run.p.lift_asset[m.lift] else 0
        run.number[asset] = max(run.number[asset] - gone, 0)
        run.settle(asset, count, row)
    if run.p.lift_brings[m.lift] and not m.started:
        for place in run.view.pick_places[m.lift]:
            run.supply_inbound[place] -= 1
            for lift in run.view.lifts_at_place[place]:
                if run.p.lift_brings[lift]:
                    run.mark_lift(lift)
    m.home = True
    run.movements.pop(m.number, None)


def is_resupply_due(run: Run, lift: int) -> bool:
    """A lift that brings supplies also goes, empty, for a place below its reserve that nobody is bound for."""
    if not run.p.lift_brings[lift]:
        return False
    return any(run.is_low[place] and not run.supply_inbound[place] for place in run.view.pick_places[lift])

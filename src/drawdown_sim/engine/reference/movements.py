"""The story of a movement: clearances, departure, the road, loading, delivery, home again."""

from __future__ import annotations

from ...model.plan import PlaceKind
from . import clearances, closing, counts, departing, force, ranks, reserving, roads
from .departing import Part
from .records import Step, Take
from .run import NEVER, OPEN, REAR_PARTY, REAR_READY, Hold, Kind, Movement, Run, Story


def begin(run: Run, m: Movement) -> None:
    """Start the story of a movement that has just formed."""
    run.movements[m.number] = m
    run.active += 1
    m.place = m.lift.home if m.lift.from_origin else m.lift.to
    run.process(movement_story(run, m))


def movement_story(run: Run, m: Movement) -> Story:
    """One movement from forming to release, as it is told: out, load, back, unload, rest."""
    lift = m.lift
    clearances.request_all(run, m, 0)
    if not lift.from_origin and not (yield from drive(run, m, lift.empty, 0, empty=True)):
        return
    yield from load(run, m, 0)
    for stretch in lift.stretches:
        if not (yield from drive(run, m, stretch.steps, stretch.position, empty=False)):
            return
        if stretch.pick >= 0:
            yield from load(run, m, stretch.pick)
        if stretch.join >= 0:
            yield from wait_to_join(run, m, stretch.join)
    m.place = lift.to
    minutes = run.sample(lift.unloading, lift.unloading_draws, m.ordinal)
    if minutes:
        yield run.after(minutes, ranks.UNLOADING, m.number)
    unload(run, m)
    if lift.from_origin and lift.returns:
        m.phase = 2  # nothing to ask for
        yield from drive(run, m, lift.empty, 2 * len(lift.empty), empty=True)
    minutes = run.sample(lift.rest, lift.rest_draws, m.ordinal)
    if minutes:
        yield run.after(minutes, ranks.REST, m.number)
    row = run.record(Kind.RELEASE, Hold.REST, m.row, m.number, lift.row, place=m.place, quantity=m.vehicles - m.lost)
    run.active -= 1
    reserving.give_back(run, m, row)


# --- loading and unloading ---------------------------------------------------------------------------


def load(run: Run, m: Movement, number: int) -> Story:
    """Load at one pick-up; the way back is requested a stated time before loading ends."""
    lift = m.lift
    m.place = place = lift.picks[number].place
    if lift.brings and not lift.from_origin:
        bring_supplies(run, m, place)
    minutes = run.sample(lift.loading, lift.loading_draws, m.ordinal, 2 * number)
    minutes += m.vehicles * run.sample(lift.loading_vehicle, lift.loading_draws, m.ordinal, 2 * number + 1)
    arrived = m.row
    if number == 0 and not lift.from_origin:
        if lift.ahead < minutes:
            yield run.after(minutes - lift.ahead, ranks.LOADING, m.number)
            minutes = lift.ahead
        clearances.request_all(run, m, 1)
    if minutes:
        yield run.after(minutes, ranks.LOADING, m.number)
    take_aboard(run, m, number, arrived)


def take_aboard(run: Run, m: Movement, number: int, cause: int) -> None:
    """Units reserved at a pick-up go aboard; what vehicles lost on the way can no longer carry stays."""
    lift, place = m.lift, m.place
    mine, m.manifest = m.manifest, []
    space = (m.vehicles - m.lost) * lift.capacity
    if len(lift.picks) > 1:
        mine, m.manifest = _split(mine, number)
        space -= sum(quantity for _, _, quantity in m.aboard)
    row = cause
    for cand, reserved in mine:
        item, stage = cand.item, cand.stage
        quantity = reserved if lift.is_column or reserved <= space else max(space, 0)
        if quantity < reserved:
            reserving.unreserve(run, item, stage, place, cand.after, reserved - quantity, m.row)
            counts.leave_if_given_up(run, run.p.place_camp[place], m.row)
        if not quantity:
            continue
        space -= quantity
        row = run.record(Kind.LOAD, Hold.LOADING, cause, m.number, lift.row, -1, place, item, quantity)
        m.aboard.append([item, stage, quantity])
        leave_place(run, item, stage, place, quantity, row)
    m.row = row


def _split(manifest: list[Take], number: int) -> tuple[list[Take], list[Take]]:
    """What is to be loaded at one pick-up, and the rest."""
    return [take for take in manifest if take[0].pick == number], [take for take in manifest if take[0].pick != number]


def leave_place(run: Run, item: int, stage: int, place: int, quantity: int, row: int) -> None:
    """Units are no longer at a place."""
    p = run.p
    people = quantity if p.item_people[item] else 0
    run.here[stage] -= quantity
    if people:
        run.present[place] -= people
        run.people_of[p.item_contingent[item], place] -= people
        run.left_row[place] = row
        camp = p.place_camp[place]
        if camp >= 0:
            run.mark_camp(camp)
        if run.view.assets_until_gone:
            counts.end_services(run, item, place, row)
    else:
        counts.change_due(run, place, run.view.stage_own[stage], -quantity, row)
    if stage != p.stage_at[item]:
        counts.free_room(run, place, people, quantity - people, row)


def bring_supplies(run: Run, m: Movement, place: int) -> None:
    """Supplies carried on the empty run are set down at a pick-up, the same share at each."""
    run.supply_inbound[place] -= 1
    if run.stock[place] < 0:
        return
    lift = m.lift
    quantity = lift.brings * (m.vehicles - m.lost) // len(lift.picks)
    run.stock[place] += quantity
    row = run.record(Kind.SUPPLY_IN, Hold.ROUTE, m.row, m.number, lift.row, place=place, quantity=quantity)
    run.is_low[place] = run.is_out[place] = False
    run.supply_row[place] = row
    run.due_crews.update(range(run.view.assets))
    run.look()


def unload(run: Run, m: Movement) -> None:
    """Set everything down at the destination."""
    p, place = run.p, m.place
    cause = row = m.row
    # what was lost on the road, and what ends its way here, needs no room
    unused = [m.yard, m.room]
    for item, stage, quantity in m.aboard:
        row = run.record(Kind.DELIVER, Hold.UNLOADING, cause, m.number, m.lift.row, -1, place, item, quantity)
        if not set_down(run, place, item, run.view.next_stage[stage, place], quantity, row):
            unused[p.item_people[item]] -= quantity
    m.row = row
    m.aboard = []
    counts.leave_if_given_up(run, p.place_camp[place], row)
    run.inbound[place] -= 1
    run.inbound_row[place] = row
    run.mark_place(place)
    if unused[0] or unused[1]:
        counts.free_room(run, place, unused[1], unused[0], row)


def set_down(run: Run, place: int, item: int, stage: int, quantity: int, row: int) -> bool:
    """Units arrive at a stage; whether it is the end of their way."""
    p, view = run.p, run.view
    last = view.stage_last[stage]
    if p.item_people[item] and not (last and p.place_kind[place] == PlaceKind.EXIT):
        run.present[place] += quantity
        run.people_of[p.item_contingent[item], place] += quantity
        run.unreserved[place] += quantity
        run.armed[place] += quantity * p.item_armed[item]
        force.check_force(run, place)
        run.mark_place(place)
    if last:
        run.ready[stage] += quantity
        counts.count_out(run, item, quantity, row)
        return True
    run.here[stage] += quantity
    if not p.item_people[item]:
        run.due_first[place] += quantity
        counts.change_due(run, place, run.view.stage_own[stage], quantity, row)
    if p.stage_work[stage] >= 0:
        run.raw[stage] += quantity
        run.raw_row[stage] = row
        run.due_crews.add(p.stage_asset[stage])
        run.look()
    else:
        run.add_ready(stage, quantity, row)
    return False


# --- driving ---------------------------------------------------------------------------------------------


def drive(run: Run, m: Movement, steps: list[Step], position: int, *, empty: bool) -> Part:
    """Drive legs in turn; the first departure of a run needs clearance, room, slot and hours, each leg an open road."""
    lift, run_start = m.lift, True
    for leg, place in steps:
        if run_start or (run.active_bans and roads.ban_on(run, lift, leg.row, place, m.place) >= 0):
            camp, m.camp = m.camp, -1
            goes = yield departing.wait_to_depart(run, m, leg, place, run_start)
            if not goes:
                return False
            if camp >= 0:
                people = sum(quantity for item, _, quantity in m.aboard if run.p.item_people[item])
                closing.close(run, camp, Hold.ROUTE, m.row, people)
            run_start = False
        else:
            m.row = run.record(
                Kind.DEPART, Hold.ROUTE, m.row, m.number, lift.row, leg.row, m.place, -1, m.vehicles - m.lost
            )
        minutes = roads.travel_minutes(run, m, leg, position)
        if leg.threats or lift.supplies < NEVER:
            yield from roads.travel(run, m, leg, position, minutes, empty)
        else:
            yield run.after(minutes, ranks.TRAVEL, m.number)
        m.place = place
        m.row = run.record(Kind.ARRIVE, Hold.ROUTE, m.row, m.number, lift.row, leg.row, place, -1, m.vehicles - m.lost)
        position += 1
    return True


def wait_to_join(run: Run, m: Movement, join: int) -> Story:
    """A passing column waits, at most so long, until a camp is ready to close, and takes it along."""
    camp, wait = run.p.join_camp[join], run.p.join_wait[join]
    if run.camp_state[camp] in (OPEN, REAR_PARTY, REAR_READY) and not _may_join(run, camp) and wait > 0:
        m.go = run.event()
        run.joiners[camp][m.number] = m
        yield m.go | run.after(wait, ranks.HOLD, m.number)
        del run.joiners[camp][m.number]
    if _may_join(run, camp):
        board(run, m, camp, join)


def _may_join(run: Run, camp: int) -> bool:
    return run.camp_state[camp] == REAR_READY and not force.is_in_use(run, camp)


def board(run: Run, m: Movement, camp: int, join: int) -> None:
    """Everybody and all own means of a camp join a passing column."""
    lift, place = m.lift, run.p.camp_place[camp]
    reserving.begin_column(run, m, camp)
    cause = max(run.rear_row[camp], m.row)
    held = Hold.HANDOVER if run.rear_row[camp] == cause else Hold.ROUTE
    for item, stage in run.view.join_cands[join]:
        quantity = run.ready[stage]
        if not quantity:
            continue
        reserving.reserve(run, item, stage, place, run.view.next_stage[stage, lift.to], quantity)
        m.row = run.record(Kind.LOAD, held, cause, m.number, lift.row, -1, place, item, quantity)
        m.aboard.append([item, stage, quantity])
        if not run.p.item_people[item]:
            m.vehicles += quantity
        leave_place(run, item, stage, place, quantity, m.row)

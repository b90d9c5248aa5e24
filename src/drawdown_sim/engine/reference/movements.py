"""The story of a movement: clearances, departure, the road, loading, delivery, home again."""

from __future__ import annotations

from ...model.draws import Point
from ...model.plan import PlaceKind
from . import clearances, closing, counts, departing, force, forming, roads
from .clock import Rank
from .departing import Part
from .run import OPEN, REAR_PARTY, REAR_READY, Hold, Kind, Movement, Run, Story


def begin(run: Run, m: Movement) -> None:
    """Start the story of a movement that has just formed."""
    run.movements[m.number] = m
    run.active += 1
    places = run.view.pick_places[m.lift]
    m.place = places[0] if run.p.lift_from_origin[m.lift] else run.p.lift_to[m.lift]
    run.env.process(movement_story(run, m))


def movement_story(run: Run, m: Movement) -> Story:
    """One movement from forming to release, as it is told: out, load, back, unload, rest."""
    view, p = run.view, run.p
    clearances.request_all(run, m, 0)
    if p.lift_from_origin[m.lift]:
        yield from load(run, m, 0)
        if not (yield from drive_loaded(run, m)):
            return
    else:
        if not (yield from drive(run, m, view.empty[m.lift], 0, empty=True)):
            return
        yield from load(run, m, 0)
        yield from drive_loaded(run, m)
    yield from unload(run, m)
    if p.lift_from_origin[m.lift] and p.lift_returns[m.lift]:
        m.phase = 2  # nothing to ask for
        yield from drive(run, m, view.empty[m.lift], 2 * len(view.loaded[m.lift]), empty=True)
    rest = run.sample(p.lift_rest[m.lift], Point.REST, m.lift, m.ordinal)
    if rest:
        yield run.after(rest, Rank.REST, m.number)
    row = run.record(
        Kind.RELEASE, Hold.REST, m.row, movement=m.number, entity=m.lift, place=m.place, quantity=m.vehicles - m.lost
    )
    run.active -= 1
    forming.give_back(run, m, row)


# --- loading and unloading ---------------------------------------------------------------------------


def load(run: Run, m: Movement, pick: int) -> Story:
    """Load at one pick-up; the way back is requested a stated time before loading ends."""
    p, lift = run.p, m.lift
    m.place = place = run.view.pick_places[lift][pick]
    if p.lift_brings[lift] and not p.lift_from_origin[lift]:
        bring_supplies(run, m, place)
    minutes = run.sample(p.lift_loading[lift], Point.LOADING, lift, m.ordinal, 2 * pick)
    minutes += m.vehicles * run.sample(p.lift_loading_vehicle[lift], Point.LOADING, lift, m.ordinal, 2 * pick + 1)
    asks = pick == 0 and not p.lift_from_origin[lift]
    ahead = max((p.gate_ahead[gate] for _, gate in run.view.gates[lift][1]), default=0) if asks else 0
    arrived = m.row
    if asks and ahead < minutes:
        yield run.after(minutes - ahead, Rank.LOADING, m.number)
        minutes = ahead
    if asks:
        clearances.request_all(run, m, 1)
    if minutes:
        yield run.after(minutes, Rank.LOADING, m.number)
    take_aboard(run, m, pick, arrived)


def take_aboard(run: Run, m: Movement, pick: int, cause: int) -> None:
    """Units reserved at a pick-up go aboard; what vehicles lost on the way can no longer carry stays."""
    place = run.view.pick_places[m.lift][pick]
    row = cause
    space = (m.vehicles - m.lost) * run.p.lift_capacity[m.lift] - sum(entry[2] for entry in m.aboard)
    for take in [t for t in m.manifest if t[0] == pick]:
        m.manifest.remove(take)
        _, item, stage, reserved = take
        quantity = reserved if run.view.is_column[m.lift] else min(reserved, max(space, 0))
        if quantity < reserved:
            forming.unreserve(run, item, stage, place, run.p.lift_to[m.lift], reserved - quantity, m.row)
            counts.leave_if_given_up(run, run.p.place_camp[place], m.row)
        if not quantity:
            continue
        space -= quantity
        row = run.record(
            Kind.LOAD, Hold.LOADING, cause, movement=m.number, entity=m.lift, place=place, item=item, quantity=quantity
        )
        m.aboard.append([item, stage, quantity])
        leave_place(run, item, stage, place, quantity, row)
    m.row = max(m.row, row)


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
        counts.end_services(run, item, place, row)
    else:
        counts.change_due(run, place, run.view.stage_own[stage], -quantity, row)
    if stage != run.view.item_stages[item][0]:
        counts.free_room(run, place, people, quantity - people, row)


def bring_supplies(run: Run, m: Movement, place: int) -> None:
    """Supplies carried on the empty run are set down at a pick-up, the same share at each."""
    run.supply_inbound[place] -= 1
    if run.stock[place] < 0:
        return
    quantity = run.p.lift_brings[m.lift] * (m.vehicles - m.lost) // len(run.view.pick_places[m.lift])
    run.stock[place] += quantity
    row = run.record(
        Kind.SUPPLY_IN, Hold.ROUTE, m.row, movement=m.number, entity=m.lift, place=place, quantity=quantity
    )
    run.is_low[place] = run.is_out[place] = False
    run.supply_row[place] = row
    run.due_crews.update(range(run.view.assets))
    run.look()


def unload(run: Run, m: Movement) -> Story:
    """Set everything down at the destination."""
    p, lift = run.p, m.lift
    m.place = p.lift_to[lift]
    minutes = run.sample(p.lift_unloading[lift], Point.UNLOADING, lift, m.ordinal)
    if minutes:
        yield run.after(minutes, Rank.UNLOADING, m.number)
    cause = m.row
    people = sum(q for item, _, q in m.aboard if p.item_people[item])
    loads = sum(q for item, _, q in m.aboard if not p.item_people[item])
    # what was lost on the road, and what ends its way here, needs no room
    final_people = final_loads = 0
    for item, stage, quantity in m.aboard:
        m.row = run.record(
            Kind.DELIVER,
            Hold.UNLOADING,
            cause,
            movement=m.number,
            entity=lift,
            place=m.place,
            item=item,
            quantity=quantity,
        )
        if set_down(run, m.place, item, run.view.next_stage[stage, m.place], quantity, m.row):
            if p.item_people[item]:
                final_people += quantity
            else:
                final_loads += quantity
    m.aboard = []
    counts.leave_if_given_up(run, p.place_camp[m.place], m.row)
    run.inbound[m.place] -= 1
    run.inbound_row[m.place] = m.row
    run.mark_place(m.place)
    unused_people, unused_loads = m.room - people + final_people, m.yard - loads + final_loads
    if unused_people or unused_loads:
        counts.free_room(run, m.place, unused_people, unused_loads, m.row)


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


def drive_loaded(run: Run, m: Movement) -> Part:
    """The loaded run, with further pick-ups and camps that join on the way."""
    view = run.view
    legs = view.loaded[m.lift]
    first = 0
    stops = {run.p.pick_leg[j]: n for n, j in enumerate(view.picks[m.lift]) if n}
    joins = view.joins[m.lift]
    for done in range(1, len(legs) + 1):
        if done < len(legs) and done not in stops and done not in joins:
            continue
        goes = yield from drive(run, m, legs[first:done], len(legs) + first, empty=False)
        if not goes:
            return False
        first = done
        if done in stops:
            yield from load(run, m, stops[done])
        if done in joins:
            yield from wait_to_join(run, m, joins[done])
    return True


def drive(run: Run, m: Movement, legs: list[tuple[int, int]], position: int, *, empty: bool) -> Part:
    """Drive legs in turn; the first departure of a run needs clearance, room, slot and hours, each leg an open road."""
    for n, (leg, place) in enumerate(legs):
        if n == 0:
            camp, m.camp = m.camp, -1
            goes = yield from departing.await_departure(run, m, leg, place, run_start=True)
            if not goes:
                return False
            if camp >= 0:
                closing.close(run, camp, Hold.ROUTE, m.row, sum(q for i, _, q in m.aboard if run.p.item_people[i]))
        elif roads.ban_on(run, m.lift, leg, place, m.place) >= 0:
            yield from departing.await_departure(run, m, leg, place, run_start=False)
        else:
            m.row = run.record(
                Kind.DEPART,
                Hold.ROUTE,
                m.row,
                movement=m.number,
                entity=m.lift,
                activity=leg,
                place=m.place,
                quantity=m.vehicles - m.lost,
            )
        yield from roads.travel(run, m, leg, position + n, empty=empty)
        m.place = place
        m.row = run.record(
            Kind.ARRIVE,
            Hold.ROUTE,
            m.row,
            movement=m.number,
            entity=m.lift,
            activity=leg,
            place=place,
            quantity=m.vehicles - m.lost,
        )
    return True


def wait_to_join(run: Run, m: Movement, join: int) -> Story:
    """A passing column waits, at most so long, until a camp is ready to close, and takes it along."""
    camp, wait = run.p.join_camp[join], run.p.join_wait[join]
    if run.camp_state[camp] in (OPEN, REAR_PARTY, REAR_READY) and not _may_join(run, camp) and wait > 0:
        m.go = run.env.event()
        run.joiners[camp][m.number] = m
        event = m.go
        limit = run.after(wait, Rank.HOLD, m.number)
        yield event | limit
        del run.joiners[camp][m.number]
    if _may_join(run, camp):
        board(run, m, camp, join)


def _may_join(run: Run, camp: int) -> bool:
    return run.camp_state[camp] == REAR_READY and not force.is_in_use(run, camp)


def board(run: Run, m: Movement, camp: int, join: int) -> None:
    """Everybody and all own means of a camp join a passing column."""
    place = run.p.camp_place[camp]
    forming.begin_column(run, m, camp)
    cause = max(run.rear_row[camp], m.row)
    for item, stage in run.view.join_cands[join]:
        quantity = run.ready[stage]
        if not quantity:
            continue
        forming.reserve(run, item, stage, place, run.p.lift_to[m.lift], quantity)
        m.row = run.record(
            Kind.LOAD,
            Hold.HANDOVER if run.rear_row[camp] == cause else Hold.ROUTE,
            cause,
            movement=m.number,
            entity=m.lift,
            place=place,
            item=item,
            quantity=quantity,
        )
        m.aboard.append([item, stage, quantity])
        if not run.p.item_people[item]:
            m.vehicles += quantity
        leave_place(run, item, stage, place, quantity, m.row)

"""What is where and what still counts: room, cargo due, milestones, means withdrawn."""

from __future__ import annotations

from .force import minimum_force
from .run import Hold, Kind, Run


def change_due(run: Run, place: int, own: bool, quantity: int, row: int) -> None:
    """Cargo due to leave a place comes, goes or is no more."""
    if own:
        run.due_own[place] += quantity
    else:
        run.due_other[place] += quantity
    run.due_row[place] = run.guard_row[place] = row
    camp = run.p.place_camp[place]
    if camp < 0:
        return
    force = run.force[camp]
    run.force[camp] = None
    if force is None or minimum_force(run, camp) != force:
        run.mark_place(place)
    else:
        run.mark_camp(camp)


def free_room(run: Run, place: int, people: int, loads: int, row: int) -> None:
    """Room in transit at a place is free again."""
    run.transit[place] -= people
    run.transit_loads[place] -= loads
    run.room_row[place] = row
    if not run.view.is_narrow[place]:
        return
    for m in run.departing.values():
        if m.hold == Hold.ROOM and m.lift.to == place:
            run.due_movements.add(m.number)
            run.look()


def unmoved(run: Run, stage: int) -> int:
    """Loads at a stage that nobody has begun to move; own means that are ready will march out."""
    return run.raw[stage] + (0 if run.view.stage_own[stage] else run.ready[stage])


def leave_cargo(run: Run, camp: int, stage: int, quantity: int, kind: int, held: int, cause: int) -> int:
    """Loads at a stage are destroyed or left as residual: unprepared ones first. Gives how many."""
    p = run.p
    item = run.view.stage_item[stage]
    quantity = min(quantity, run.raw[stage] + run.ready[stage])
    if quantity <= 0:
        return 0
    place = p.stage_place[stage]
    run.here[stage] -= quantity
    row = run.record(kind, held, cause, entity=camp, place=place, item=item, quantity=quantity)
    unprepared = min(quantity, run.raw[stage])
    run.raw[stage] -= unprepared
    if stage == run.view.item_stages[item][0]:
        run.packed[item] += unprepared
        run.packed_row[item] = row
        mark_tied(run, item)
        if unprepared:
            end_packed(run, item, place, row)
    if quantity > unprepared:
        run.add_ready(stage, unprepared - quantity, row)
    run.cut_due(stage, run.view.item_stages[item][-1], quantity)
    if stage != run.view.item_stages[item][0]:
        free_room(run, place, 0, quantity, row)
    change_due(run, place, run.view.stage_own[stage], -quantity, row)
    count_out(run, item, quantity, row)
    return quantity


def leave_if_given_up(run: Run, camp: int, row: int) -> None:
    """Cargo that comes to a site that is given up, or back to it, is left there."""
    if camp >= 0 and run.given_up[camp]:
        for stage in run.view.cargo_stages[run.p.camp_place[camp]]:
            leave_cargo(run, camp, stage, unmoved(run, stage), Kind.RESIDUAL, Hold.DECISION, row)


def count_out(run: Run, item: int, quantity: int, row: int) -> None:
    """Units no longer stand between a milestone and its completion: out, or of cargo also destroyed, left or lost."""
    run.out[item] += quantity
    for mile in run.view.miles_of_item[item]:
        run.units_left[mile] -= quantity
        check_milestone(run, mile, row)


def check_milestone(run: Run, mile: int, row: int) -> None:
    """Record a milestone in the minute in which nothing stands in its way any more."""
    if run.units_left[mile] or run.camps_left[mile] or run.reached[mile]:
        return
    run.reached[mile] = True
    run.milestone_row = run.record(Kind.MILESTONE, run.rows[row][8], row, entity=mile)
    run.check_complete()


def end_services(run: Run, item: int, place: int, row: int) -> None:
    """What an enabler serves stops when its people are gone from its home."""
    contingent = run.p.item_contingent[item]
    for asset in run.view.assets_until_gone:
        if run.p.asset_contingent[asset] != contingent or run.p.asset_place[asset] != place:
            continue
        if not run.people_of[contingent, place]:
            lose(run, asset, run.number[asset], row)


def lose(run: Run, asset: int, quantity: int, cause: int) -> None:
    """Means are withdrawn; those on the road go when they come back."""
    quantity = min(quantity, run.number[asset])
    if quantity <= 0:
        return
    run.number[asset] -= quantity
    run.record(Kind.LOSS, Hold.CALENDAR, cause, entity=asset, place=run.p.asset_place[asset], quantity=quantity)
    run.mark_asset(asset)


def mark_tied(run: Run, lot: int) -> None:
    """Packing of a lot lets people go who are tied to it."""
    for item in run.view.tied_to[lot]:
        before = run.may_go[item]
        untie(run, item)
        if run.may_go[item] == before:
            continue
        run.tie_row[item] = run.packed_row[lot]
        for lift, _ in run.view.lifts_of_stage[run.p.stage_at[item]]:
            if run.held_by_ties[lift]:
                run.mark_lift(lift)


def untie(run: Run, item: int) -> None:
    """Reckon how many of a cohort may have gone: the advance party, then in proportion to packed loads."""
    p = run.p
    total = run.view.tied_loads[item]
    packed = sum(map(run.packed.__getitem__, run.view.item_ties[item]))
    number, advance = p.item_number[item], p.item_advance[item]
    if packed < total:
        number = number * (advance * total + (1000 - advance) * packed) // (1000 * total)
    run.may_go[item] = number


def end_packed(run: Run, lot: int, place: int, row: int) -> None:
    """Once a contingent's equipment at a place is packed, its people there are passengers."""
    contingent = run.p.item_contingent[lot]
    for asset in run.view.assets_until_packed:
        if run.p.asset_contingent[asset] != contingent or run.p.asset_place[asset] != place:
            continue
        lots = [
            i
            for i, owner in enumerate(run.p.item_contingent)
            if owner == contingent
            and not run.p.item_people[i]
            and run.p.stage_place[run.view.item_stages[i][0]] == place
        ]
        if all(
            run.packed[i] >= run.p.item_number[i] for i in lots if run.p.stage_work[run.view.item_stages[i][0]] >= 0
        ):
            lose(run, asset, run.number[asset], row)

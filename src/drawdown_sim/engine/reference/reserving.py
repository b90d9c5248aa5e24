"""Reserving: units and means are promised to a movement, and given back."""

from __future__ import annotations

from .force import check_force
from .records import Lift
from .run import COLUMN, Movement, Run


def begin_column(run: Run, m: Movement, camp: int) -> None:
    """From now on everybody at the camp leaves with this movement, and nobody is left to keep a force."""
    m.camp = camp
    run.camp_state[camp] = COLUMN
    run.force[camp] = None


# --- units -------------------------------------------------------------------------------------------


def reserve(run: Run, item: int, stage: int, place: int, after: int, quantity: int) -> None:
    """Units will leave a place for their stage `after`: they stay until loaded, but no other lift may count on them."""
    run.add_ready(stage, -quantity, 0)
    run.cut_due(stage, after, quantity)
    p = run.p
    if p.item_people[item]:
        run.unreserved[place] -= quantity
        armed = p.item_armed[item]
        if armed:
            run.armed[place] -= quantity
        if stage == p.stage_at[item]:
            run.gone[item] += quantity
        check_force(run, place)
        if not armed and not run.due_other[place] + run.due_own[place]:
            # the last unarmed people to leave set the guards free
            run.guard_row[place] = len(run.rows) - 1
            run.mark_place(place)


def unreserve(run: Run, item: int, stage: int, place: int, after: int, quantity: int, row: int) -> None:
    """Take a reservation back."""
    run.cut_due(stage, after, -quantity)
    if run.p.item_people[item]:
        run.unreserved[place] += quantity
        run.armed[place] += quantity * run.p.item_armed[item]
        if stage == run.p.stage_at[item]:
            run.gone[item] -= quantity
        run.mark_place(place)
    run.add_ready(stage, quantity, row)


# --- means -------------------------------------------------------------------------------------------


def take_means(run: Run, m: Movement) -> None:
    """Vehicles, escorts and further needs are busy; a movement is bound for its destination, perhaps with supplies."""
    lift = m.lift
    for asset, count in _means(m):
        run.busy[asset] += count
    run.inbound[lift.to] += 1
    if lift.brings:
        _change_supplies_bound(run, lift, 1)


def give_back(run: Run, m: Movement, row: int) -> None:
    """Means are free again; vehicles lost on the road are gone for good, and so are means that do not come back."""
    lift = m.lift
    one_way = m.started and lift.from_origin and not lift.returns
    for asset, count in _means(m):
        gone = count if one_way else m.lost if asset == lift.asset else 0
        if gone:
            run.number[asset] = max(run.number[asset] - gone, 0)
        run.settle(asset, count, row)
    if lift.brings and not m.started:
        _change_supplies_bound(run, lift, -1)
    m.home = True
    run.movements.pop(m.number, None)


def _means(m: Movement) -> list[tuple[int, int]]:
    """The assets a movement holds, with how many of each."""
    lift = m.lift
    held = list(lift.needs)
    if lift.asset >= 0:
        held.append((lift.asset, m.vehicles))
    if m.escorts:
        held.append((lift.escort, m.escorts))
    return held


# --- supplies ----------------------------------------------------------------------------------------


def _change_supplies_bound(run: Run, lift: Lift, change: int) -> None:
    """A movement with supplies is bound for its pick-ups, or no longer."""
    for pick in lift.picks:
        run.supply_inbound[pick.place] += change
        mark_suppliers(run, pick.place)


def mark_suppliers(run: Run, place: int) -> None:
    """Lifts that bring supplies to a place look again."""
    for lift in run.view.suppliers[place]:
        run.mark_lift(lift)


def is_resupply_due(run: Run, lift: Lift) -> bool:
    """A lift that brings supplies also goes, empty, for a place below its reserve that nobody is bound for."""
    return bool(lift.brings) and any(
        run.is_low[pick.place] and not run.supply_inbound[pick.place] for pick in lift.picks
    )

"""The measures of one replication, in one walk over its rows: the twin of `analysis.measures.measure`."""

from __future__ import annotations

from ...model.plan import NEVER, PlaceKind
from . import kinds
from .link import part
from .memory import get, put
from .records import FIXED_MEASURES, HOLDS
from .run import MINUTES_PER_DAY, Record, item_of, leg_of, movement_of, place_of, row_of

#: Columns that every plan has, in the order of `analysis.measures.FIXED`; then one per milestone, three per camp
#: (ceased, closed, transferred), one per hold.
(
    _STATUS, _END, _ROWS, _MOVEMENTS, _PEOPLE_LEFT, _CARGO_IN_CAMPS, _CARGO_LEFT, _DESTROYED, _LOST_ON_ROAD, _RESIDUAL,
    _VEHICLES_LOST, _CONVOY_METRES, _STRIKES, _PEOPLE_HURT, _FALLS_BELOW, _OVERDUE, _DRY,
) = range(FIXED_MEASURES)  # fmt: skip

_CEASED, _CLOSED, _TRANSFERRED = range(3)
_EXIT = int(PlaceKind.EXIT)


@part
def measure(run: Record, deadline: int, out: int, curve: int, days: int) -> None:
    """Write a row of measures at `out`, and at `curve` the people out at the end of each day."""
    milestones = out + 8 * FIXED_MEASURES
    camps = milestones + 8 * run.miles_count
    held = camps + 8 * 3 * run.camps_count
    for at in range(FIXED_MEASURES + run.miles_count + 3 * run.camps_count + HOLDS):
        is_time = FIXED_MEASURES <= at < FIXED_MEASURES + run.miles_count + 3 * run.camps_count
        put(out, at, NEVER if is_time else 0)
    for day in range(days):
        put(curve, day, 0)
    end = row_of(run, run.rows_count - 1)
    put(out, _STATUS, end.quantity)
    put(out, _END, end.minute)
    put(out, _ROWS, run.rows_count)
    put(out, _MOVEMENTS, run.movement_count)
    _expect(run, out, end.minute)
    for number in range(run.rows_count):
        row = row_of(run, number)
        if row.movement >= 0:
            m = movement_of(run, row.movement)
            if m.last_minute >= 0:
                _add(held, row.held_by, row.minute - m.last_minute)
            m.last_minute = row.minute
        kind = row.kind
        if kind == kinds.DEPART:
            leg = leg_of(run, row.activity)
            if leg.threats < leg.threats_end:
                _add(out, _CONVOY_METRES, leg.distance)
        elif kind in (kinds.LOAD, kinds.DELIVER, kinds.DESTROY, kinds.RESIDUAL, kinds.LOST):
            _count_units(run, row, deadline, end.minute, out, curve, days)
        elif kind == kinds.STRIKE:
            _add(out, _STRIKES, 1)
            _add(out, _PEOPLE_HURT, max(row.quantity, 0))
        elif kind == kinds.BELOW:
            _add(out, _FALLS_BELOW, 1)
        elif kind == kinds.MILESTONE:
            _set_first(milestones, row.entity, row.minute)
        elif kind == kinds.HANDOVER:
            _set_first(camps, 3 * row.entity + _CEASED, row.minute)
        elif kind == kinds.TRANSFER:
            _set_first(camps, 3 * row.entity + _TRANSFERRED, row.minute)
        elif kind == kinds.CLOSE:
            _set_first(camps, 3 * row.entity + _CEASED, row.minute)
            _set_first(camps, 3 * row.entity + _CLOSED, row.minute)
        if kind in (kinds.SUPPLY_OUT, kinds.SUPPLY_IN, kinds.CLOSE):
            place = place_of(run, row.place)
            if place.dry_since >= 0:
                _add(out, _DRY, row.minute - place.dry_since)
            place.dry_since = row.minute if kind == kinds.SUPPLY_OUT else -1
    for number in range(run.places_count):
        place = place_of(run, number)
        if place.dry_since >= 0:
            _add(out, _DRY, end.minute - place.dry_since)
    for day in range(1, days):
        _add(curve, day, get(curve, day - 1))


@part
def _add(at: int, number: int, quantity: int) -> None:
    put(at, number, get(at, number) + quantity)


@part
def _set_first(at: int, number: int, minute: int) -> None:
    if get(at, number) == NEVER:
        put(at, number, minute)


@part
def _expect(run: Record, out: int, end: int) -> None:
    """Everybody and everything due is left, and overdue to the end, until the rows say otherwise."""
    for number in range(run.items_count):
        item = item_of(run, number)
        if item.people:
            _add(out, _PEOPLE_LEFT, item.number)
            _add(out, _OVERDUE, item.number * max(end - item.tour_end, 0))
        else:
            _add(out, _CARGO_IN_CAMPS, item.number)
            _add(out, _CARGO_LEFT, item.number)


@part
def _count_units(run: Record, row: Record, deadline: int, end: int, out: int, curve: int, days: int) -> None:
    """Units loaded, delivered, destroyed, left or lost."""
    kind, quantity = row.kind, row.quantity
    if kind == kinds.LOST and row.item < 0:
        _add(out, _VEHICLES_LOST, quantity)
        return
    if kind == kinds.DESTROY:
        _add(out, _DESTROYED, quantity)
    elif kind == kinds.RESIDUAL:
        _add(out, _RESIDUAL, quantity)
    item = item_of(run, row.item)
    in_time = row.minute <= deadline
    if item.people:
        if kind == kinds.DELIVER and place_of(run, row.place).kind == _EXIT:
            # who is out at midnight is out by the end of the day before
            _add(curve, min(max(row.minute - 1, 0) // MINUTES_PER_DAY, days - 1), quantity)
            _add(out, _OVERDUE, -quantity * max(end - max(row.minute, item.tour_end), 0))
            if in_time:
                _add(out, _PEOPLE_LEFT, -quantity)
        return
    if kind == kinds.LOST:
        _add(out, _LOST_ON_ROAD, quantity)
    if not in_time:
        return
    is_at_start = row.place == item.first_place
    if kind == kinds.LOAD:
        # what was loaded on a movement that never left has been set back
        if is_at_start and not movement_of(run, row.movement).is_disbanded:
            _add(out, _CARGO_IN_CAMPS, -quantity)
    elif kind == kinds.DELIVER:
        if row.place == item.last_place or place_of(run, row.place).kind == _EXIT:
            _add(out, _CARGO_LEFT, -quantity)
    else:
        _add(out, _CARGO_LEFT, -quantity)
        if is_at_start and kind != kinds.LOST:
            _add(out, _CARGO_IN_CAMPS, -quantity)

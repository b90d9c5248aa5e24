"""Minimum force: how many armed people a camp keeps, and when its day to close has come."""

from __future__ import annotations

from . import holds, kinds
from .link import part
from .run import CLOSED, COLUMN, Record, area_of, camp_of, listed, place_of, record, stage_of


@part
def minimum_force(run: Record, row: int) -> int:
    """Armed people a camp keeps now; kept once reckoned while nothing it depends on changes."""
    camp = camp_of(run, row)
    return camp.force if camp.force >= 0 else _reckon(run, row)


@part
def _reckon(run: Record, row: int) -> int:
    camp = camp_of(run, row)
    least = camp.least
    place = place_of(run, camp.place)
    due = place.due_other + place.due_own
    served = 0
    for at in range(camp.serves, camp.serves_end):
        served += camp_of(run, listed(run, at)).state != CLOSED
    if camp.state >= COLUMN:
        least = 0
    elif not due and not served and camp.column < 0:
        # depends on the day and on who is here, so it is not kept
        unarmed = place.unreserved - place.armed - place.unarmed_stay
        return 0 if unarmed <= 0 and is_closing_day(run, row) else least
    elif not camp.accelerated:
        force = camp.perimeter if due or served else 0
        first = place.due_first
        if due and first:
            force += -(-camp.cargo * min(due, first) // first)
        if served:
            force += -(-camp.satellites * served // (camp.serves_end - camp.serves))
        least = max(least, force)
    camp.force = least
    return least


@part
def check_force(run: Record, row: int) -> None:
    """Record the moment in which a place falls below its minimum force, or no longer is."""
    place = place_of(run, row)
    if place.camp < 0:
        return
    short = minimum_force(run, place.camp) - place.armed
    is_below = 1 if short > 0 else 0
    if is_below != place.below:
        place.below = is_below
        more = 1 if is_below else -1
        if place.area >= 0:
            area_of(run, place.area).below += more
        else:
            run.below_nowhere += more
        record(
            run, kinds.BELOW, holds.GUARD, run.rows_count - 1, -1, place.camp, -1, row, -1, max(short, 0)
        )  # fmt: skip


@part
def is_closing_day(run: Record, row: int) -> bool:
    """Whether the day has come and every camp that must close before has."""
    camp = camp_of(run, row)
    if not camp.accelerated and run.now < camp.target:
        return False
    return are_before_closed(run, row)


@part
def are_before_closed(run: Record, row: int) -> bool:
    """Whether the camps that must close first have: those it serves and, unless accelerated, the plan's order."""
    camp = camp_of(run, row)
    if not camp.accelerated:
        for at in range(camp.after, camp.after_end):
            if camp_of(run, listed(run, at)).state != CLOSED:
                return False
    for at in range(camp.serves, camp.serves_end):
        if camp_of(run, listed(run, at)).state != CLOSED:
            return False
    return True


@part
def is_in_use(run: Record, row: int) -> bool:
    """Whether anything is on its way to a camp, or it still holds what no column will take."""
    place = place_of(run, camp_of(run, row).place)
    if place.inbound or place.due_other or place.loaded_here:
        return True
    for at in range(place.people, place.people_end):
        stage = stage_of(run, listed(run, at))
        if stage.here and not stage.in_column:
            return True
    return False

"""A camp closes: what that ends, and what it sets off."""

from __future__ import annotations

from . import holds, kinds
from .clearances import answer_after
from .counts import check_milestone
from .link import part
from .run import CLOSED, Record, camp_of, check_complete, listed, mark_place, mile_of, place_of, record


@part
def close(run: Record, row: int, held: int, cause: int, people: int) -> None:
    """The last element has left; whoever waited for this camp is looked at again."""
    camp = camp_of(run, row)
    camp.state = CLOSED
    run.camps_left -= camp.closes
    written = record(run, kinds.CLOSE, held, cause, -1, row, -1, camp.place, -1, people)
    camp.close_row = written
    if camp.receiver <= run.now:
        record(run, kinds.TRANSFER, holds.HANDOVER, written, -1, row, -1, camp.place, -1, -1)
    _mark_waiters(run, camp.served_by, camp.served_by_end, written)
    _mark_waiters(run, camp.before, camp.before_end, written)
    answer_after(run, camp.gates, camp.gates_end, written)
    for at in range(camp.miles, camp.miles_end):
        mile = listed(run, at)
        mile_of(run, mile).camps_left -= 1
        check_milestone(run, mile, written)
    check_complete(run)


@part
def _mark_waiters(run: Record, at: int, end: int, row: int) -> None:
    """Camps of a list that this one served, or that come after it in the plan's order."""
    while at < end:
        place = camp_of(run, listed(run, at)).place
        place_of(run, place).guard_row = row
        mark_place(run, place)
        at += 1

"""A camp closes: what that ends, and what it sets off."""

from __future__ import annotations

from . import clearances, counts
from .run import CLOSED, Hold, Kind, Run


def close(run: Run, camp: int, held: int, cause: int, people: int) -> None:
    """The last element has left; whoever waited for this camp is looked at again."""
    p = run.p
    place = p.camp_place[camp]
    run.camp_state[camp] = CLOSED
    row = run.record(Kind.CLOSE, held, cause, entity=camp, place=place, quantity=people)
    run.close_row[camp] = row
    if p.camp_receiver[camp] <= run.now:
        run.record(Kind.TRANSFER, Hold.HANDOVER, row, entity=camp, place=place)
    for other in [*run.view.served_by[camp], *run.view.before_of[camp]]:
        run.guard_row[p.camp_place[other]] = row
        run.mark_place(p.camp_place[other])
    _after_close(run, camp, row)


def _after_close(run: Run, camp: int, row: int) -> None:
    """Authorities and milestones that waited for a camp."""
    clearances.answer_after(run, row)
    for mile, wanted in enumerate(run.view.mile_camps):
        if camp in wanted:
            run.camps_left[mile] -= 1
            counts.check_milestone(run, mile, row)
    run.check_complete()

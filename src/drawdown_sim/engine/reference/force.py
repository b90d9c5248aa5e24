"""Minimum force: how many armed people a camp keeps, and when its day to close has come."""

from __future__ import annotations

from .run import CLOSED, COLUMN, Hold, Kind, Run


def minimum_force(run: Run, camp: int) -> int:
    """Armed people a camp keeps now.

    The perimeter is kept in full while cargo is due to leave or camps are served; `cargo` in proportion to
    what is still due, `satellites` to the camps still open, both rounded up. Acceleration leaves `least`,
    which holds until the column goes or, without one, until there is nothing left to guard and the
    day has come.
    """
    p = run.p
    least: int = p.camp_least[camp]
    state = run.camp_state[camp]
    if state >= COLUMN:
        return 0
    place = p.camp_place[camp]
    due = run.due_other[place] + run.due_own[place]
    served = [c for c in run.view.serves[camp] if run.camp_state[c] != CLOSED]
    if due == 0 and not served and p.camp_column[camp] < 0 and is_closing_day(run, camp):
        return 0
    if run.accelerated[camp]:
        return least
    force = p.camp_perimeter[camp] if due or served else 0
    first = run.due_first[place]
    if due and first:
        force += -(-p.camp_cargo[camp] * min(due, first) // first)
    if served:
        force += -(-p.camp_satellites[camp] * len(served) // len(run.view.serves[camp]))
    return max(least, int(force))


def check_force(run: Run, place: int) -> None:
    """Record the moment in which a place falls below its minimum force; it raises the hazard around it."""
    camp = run.p.place_camp[place]
    if camp < 0:
        return
    short = minimum_force(run, camp) - run.armed[place]
    if short > 0 and not run.below[place]:
        run.record(Kind.BELOW, Hold.GUARD, len(run.rows) - 1, entity=camp, place=place, quantity=short)
    run.below[place] = short > 0


def is_closing_day(run: Run, camp: int) -> bool:
    """Whether the day has come and every camp that must close before has."""
    if not run.accelerated[camp] and run.now < run.target[camp]:
        return False
    return not any(run.camp_state[c] != CLOSED for c in camps_before(run, camp))


def camps_before(run: Run, camp: int) -> list[int]:
    """Camps that must have closed first: those it serves and, unless accelerated, the plan's order."""
    order = [] if run.accelerated[camp] else run.view.after[camp]
    return [*order, *run.view.serves[camp]]



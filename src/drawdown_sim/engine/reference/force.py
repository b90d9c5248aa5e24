"""Minimum force: how many armed people a camp keeps, and when its day to close has come."""

from __future__ import annotations

from .run import CLOSED, COLUMN, Hold, Kind, Run


def minimum_force(run: Run, camp: int) -> int:
    """Armed people a camp keeps now.

    The perimeter is kept in full while cargo is due to leave or camps are served; `cargo` in proportion to
    what is still due, `satellites` to the camps still open, both rounded up. Acceleration leaves `least`,
    which holds until the column goes or, without one, until there is nothing and nobody unarmed left to
    guard and the day has come.
    """
    known = run.force[camp]
    return known if known is not None else _reckon(run, camp)


def _reckon(run: Run, camp: int) -> int:
    p = run.p
    least: int = p.camp_least[camp]
    place = p.camp_place[camp]
    due = run.due_other[place] + run.due_own[place]
    served = sum([run.camp_state[c] != CLOSED for c in run.view.serves[camp]])
    if run.camp_state[camp] >= COLUMN:
        least = 0
    elif not due and not served and p.camp_column[camp] < 0:
        # depends on the day and on who is here, so it is not kept
        unarmed = run.unreserved[place] - run.armed[place] - run.view.unarmed_stay[place]
        return 0 if unarmed <= 0 and is_closing_day(run, camp) else least
    elif not run.accelerated[camp]:
        force = p.camp_perimeter[camp] if due or served else 0
        first = run.due_first[place]
        if due and first:
            force += -(-p.camp_cargo[camp] * min(due, first) // first)
        if served:
            force += -(-p.camp_satellites[camp] * served // len(run.view.serves[camp]))
        least = max(least, force)
    run.force[camp] = least
    return least


def check_force(run: Run, place: int) -> None:
    """Record the moment in which a place falls below its minimum force; it raises the hazard around it.

    The end of it is recorded too, at the latest the next morning.
    """
    camp = run.p.place_camp[place]
    if camp < 0:
        return
    short = minimum_force(run, camp) - run.armed[place]
    if (short > 0) != run.below[place]:
        run.below[place] = short > 0
        run.record(Kind.BELOW, Hold.GUARD, len(run.rows) - 1, entity=camp, place=place, quantity=max(short, 0))


def is_closing_day(run: Run, camp: int) -> bool:
    """Whether the day has come and every camp that must close before has."""
    if not run.accelerated[camp] and run.now < run.target[camp]:
        return False
    return not any(run.camp_state[c] != CLOSED for c in camps_before(run, camp))


def camps_before(run: Run, camp: int) -> list[int]:
    """Camps that must have closed first: those it serves and, unless accelerated, the plan's order."""
    order = [] if run.accelerated[camp] else run.view.after[camp]
    return [*order, *run.view.serves[camp]]


def is_in_use(run: Run, camp: int) -> bool:
    """Whether anything is on its way to a camp, or it still holds what no column will take.

    That is cargo due to leave by lifts, a loaded movement, or people who leave another way.
    """
    place = run.p.camp_place[camp]
    if run.inbound[place] or run.due_other[place] or run.loaded_here[place]:
        return True
    column = run.p.camp_column[camp]
    taken = run.view.column_stages[column] if column >= 0 else frozenset()
    return any(run.here[s] for s in run.view.people_stages[place] if s not in taken)

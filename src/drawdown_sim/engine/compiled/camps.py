"""A camp's life: its target day, readiness to close, the rear party, closing; what decisions do to it."""

from __future__ import annotations

from ...model.plan import UNLIMITED
from . import chance, holds, kinds
from .chance import draw, quantile, sample, table_at
from .clock import DESTROY, HANDOVER, bind
from .closing import close
from .counts import leave_cargo, leave_if_given_up, unmoved
from .departing import recall
from .force import are_before_closed, is_in_use
from .link import part
from .memory import fixed
from .order import row_at
from .run import (
    CLOSED,
    JOINS,
    MINUTES_PER_DAY,
    OPEN,
    REAR_PARTY,
    REAR_READY,
    WAKES_CAMP,
    Record,
    camp_of,
    choose_active,
    decision_of,
    item_of,
    join_of,
    lift_of,
    listed,
    mark_lift,
    mark_place,
    movement_of,
    place_of,
    queue,
    record,
    stage_of,
    wake,
)


@part
def set_target(run: Record, row: int, minute: int, target_row: int) -> None:
    """The latest window known at a minute gives the target day; the camp's one draw places it in there."""
    camp = camp_of(run, row)
    window = -1
    for at in range(camp.windows, camp.windows_end, 2):
        if listed(run, at) <= minute:
            window = listed(run, at + 1)
    if window < 0 or camp.accelerated:
        return
    u = draw(run, chance.TARGET, camp.key, 0, 0)
    camp.target = quantile(run, table_at(run, window, minute), u)
    camp.target_row = target_row
    wake(run, camp.target, WAKES_CAMP, row)
    mark_place(run, camp.place)


@part
def try_close(run: Record, row: int) -> None:
    """Let a camp go one step on if it can: begin the rear party, let the column go, or close."""
    state = camp_of(run, row).state
    if state == OPEN:
        _try_begin(run, row)
    elif state == REAR_READY:
        _try_end(run, row)


@part
def _try_end(run: Record, row: int) -> None:
    """The rear party is ready: the column may form, or, with nobody and nothing left for one, the camp closes."""
    camp = camp_of(run, row)
    if is_in_use(run, row):  # something came while the rear party was at work
        camp.hold = holds.CARGO
        return
    if camp.joiners:
        _wake_joiners(run, row)
    if camp.column >= 0 and _is_somebody_left(run, camp):
        mark_lift(run, camp.column)
        if not camp.column_starts_here:
            camp.hold = holds.PREDECESSOR  # it joins the column of another camp
        return
    held, cause = holds.HANDOVER, camp.rear_row
    if camp.hold == holds.CARGO and _freed_by(run, row, holds.CARGO) > cause:
        held, cause = holds.CARGO, _freed_by(run, row, holds.CARGO)
    close(run, row, held, cause, 0)


@part
def _is_somebody_left(run: Record, camp: Record) -> bool:
    """Whether a unit is here that the camp's column takes along."""
    place = place_of(run, camp.place)
    for at in range(place.stages, place.stages_end):
        stage = stage_of(run, listed(run, at))
        if stage.in_column and stage.here:
            return True
    return False


@part
def _try_begin(run: Record, row: int) -> None:
    camp = camp_of(run, row)
    if not camp.closes:
        return
    hold = -1
    if not camp.accelerated and run.now < camp.target:
        hold = holds.TARGET_DAY
    elif not are_before_closed(run, row) or place_of(run, camp.place).inbound:
        hold = holds.PREDECESSOR
    elif _is_own_unpacked(run, camp.place):
        hold = holds.WORK
    elif is_in_use(run, row):
        hold = holds.CARGO
    elif camp.column >= 0 and not recall(run, row):
        hold = holds.PREDECESSOR
    if hold >= 0:
        camp.hold = hold
        return
    held = camp.hold if camp.hold >= 0 else holds.CARGO
    camp.state = REAR_PARTY
    written = record(run, kinds.HANDOVER, held, _freed_by(run, row, held), -1, row, -1, camp.place, -1, -1)
    handover = sample(run, camp.handover, chance.HANDOVER, camp.key, 0, 0)
    run.active += 1
    bind(run, handover, HANDOVER, row, written, 0, 0)


@part
def end_handover(run: Record, row: int, handover_row: int) -> None:
    """The rear party is ready for the last march."""
    run.active -= 1
    camp = camp_of(run, row)
    camp.state = REAR_READY
    camp.rear_row = record(
        run, kinds.REAR_READY, holds.HANDOVER, handover_row, -1, row, -1, camp.place, -1, -1
    )  # fmt: skip
    if camp.column >= 0:
        mark_lift(run, camp.column)
        column = lift_of(run, camp.column)
        for at in range(column.cands, column.cands_end, 4):
            stage = stage_of(run, listed(run, at + 3))
            if stage.place == camp.place and stage.ready > 0:
                stage.ready_row = camp.rear_row
    mark_place(run, camp.place)


@part
def _wake_joiners(run: Record, row: int) -> None:
    """The rear party is ready: columns that wait for it go on, in the order of their numbers."""
    camp = camp_of(run, row)
    for at in range(choose_active(run, camp.passing, camp.passing_end)):
        m = movement_of(run, row_at(fixed(run, "chosen"), at))
        if m.join >= 0 and join_of(run, m.join).camp == row and not m.is_called:
            m.is_called = 1
            queue(run, JOINS, m.number)


@part
def _is_own_unpacked(run: Record, row: int) -> bool:
    """Whether own means still wait for work or are in work."""
    place = place_of(run, row)
    ready = 0
    for at in range(place.stages, place.stages_end):
        stage = stage_of(run, listed(run, at))
        if stage.own:
            ready += stage.ready
    return place.due_own > ready


@part
def _freed_by(run: Record, row: int, held: int) -> int:
    """The row that satisfied what held the camp."""
    camp = camp_of(run, row)
    place = place_of(run, camp.place)
    if held == holds.TARGET_DAY:
        return camp.target_row
    if held == holds.PREDECESSOR:
        latest = max(place.inbound_row, place.due_row)
        if not camp.accelerated:
            for at in range(camp.after, camp.after_end):
                latest = max(latest, camp_of(run, listed(run, at)).close_row)
        for at in range(camp.serves, camp.serves_end):
            latest = max(latest, camp_of(run, listed(run, at)).close_row)
        return latest
    if held == holds.WORK:
        latest = place.due_row
        for at in range(place.stages, place.stages_end):
            stage = stage_of(run, listed(run, at))
            if stage.own:
                latest = max(latest, stage.ready_row)
        return latest
    return max(place.due_row, place.left_row, place.inbound_row)


# --- what decisions do to a camp ---------------------------------------------------------------------


@part
def accelerate(run: Record, row: int, cause: int) -> None:
    """Remove the target, never the work; minimum force falls to its least."""
    camp = camp_of(run, row)
    if camp.state == CLOSED or camp.accelerated:
        return
    camp.accelerated = 1
    camp.target = -1
    camp.target_row = place_of(run, camp.place).guard_row = cause
    mark_place(run, camp.place)


@part
def give_up(run: Record, row: int, cause: int) -> None:
    """Close a hub that was to stay: what nobody can move any more is left where it stands."""
    camp = camp_of(run, row)
    if camp.state == CLOSED or camp.given_up:
        return
    run.camps_left += 1 - camp.closes
    camp.given_up = camp.closes = 1
    accelerate(run, row, cause)
    mark_place(run, camp.place)
    recall(run, row)
    leave_if_given_up(run, row, cause)


@part
def start_destroying(run: Record, row: int, decision: int, cause: int) -> None:
    """Destroy what still waits at a camp, at the decision's rate, until nothing is due there."""
    camp = camp_of(run, row)
    if camp.destroying >= 0 or camp.state == CLOSED:
        return
    camp.destroying = decision
    if decision_of(run, decision).rate >= UNLIMITED:
        _destroy(run, row, cause)
    else:
        _leave_spared(run, row, cause)
        _destroy_tomorrow(run, row, cause)


@part
def _leave_spared(run: Record, row: int, cause: int) -> None:
    """Loads of the classes to be spared are left where they stand."""
    camp = camp_of(run, row)
    spare = decision_of(run, camp.destroying).spare
    place = place_of(run, camp.place)
    for at in range(place.cargo, place.cargo_end):
        stage = listed(run, at)
        if spare >> item_of(run, stage_of(run, stage).item).kind & 1:
            leave_cargo(run, row, stage, unmoved(run, stage), kinds.RESIDUAL, holds.DECISION, cause)


@part
def _destroy(run: Record, row: int, cause: int) -> None:
    """One day's destruction, what nobody has begun to move; movements that never started give theirs back."""
    camp = camp_of(run, row)
    place = place_of(run, camp.place)
    recall(run, row)
    _leave_spared(run, row, cause)
    left = decision_of(run, camp.destroying).rate
    for at in range(place.cargo, place.cargo_end):
        stage = listed(run, at)
        left -= leave_cargo(run, row, stage, min(left, unmoved(run, stage)), kinds.DESTROY, holds.WORK, cause)
    if camp.state != OPEN or (place.due_other == 0 and not _is_own_unpacked(run, camp.place)):
        camp.destroying = -1
        return
    _destroy_tomorrow(run, row, max(cause, place.due_row))


@part
def _destroy_tomorrow(run: Record, row: int, cause: int) -> None:
    run.active += 1
    bind(run, MINUTES_PER_DAY, DESTROY, row, cause, 0, 0)


@part
def destroy_on(run: Record, row: int, cause: int) -> None:
    """Another day of destruction."""
    run.active -= 1
    _destroy(run, row, cause)

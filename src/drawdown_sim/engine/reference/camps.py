"""A camp's life: minimum force, readiness to close, the rear party, closing and handing over."""

from __future__ import annotations

import simpy

from ...model.draws import Point, quantile
from ...model.plan import UNLIMITED
from . import closing, counts, departing, ranks
from .force import camps_before, is_in_use
from .run import CAMP, CLOSED, MINUTES_PER_DAY, OPEN, REAR_PARTY, REAR_READY, Hold, Kind, Run


def set_target(run: Run, camp: int, minute: int, row: int) -> None:
    """The latest window known at a minute gives the target day; the camp's one draw places it in there."""
    known = [target for since, target in run.view.windows[camp] if since <= minute]
    if not known or run.accelerated[camp]:
        return
    u = run.draw(run.view.pair[Point.TARGET, camp], 0)
    run.target[camp] = quantile(run.view.series[known[-1]].table(minute), u)
    run.target_row[camp] = row
    run.agenda = [None] * run.view.assets
    run.wake(run.target[camp], CAMP, camp)
    run.mark_place(run.p.camp_place[camp])


def try_close(run: Run, camp: int, due: bool = True) -> None:
    """Let a camp go one step on if it can: begin the rear party, let the column go, or close."""
    if run.camp_state[camp] == OPEN:
        _try_begin(run, camp, due)
    elif run.camp_state[camp] == REAR_READY:
        _try_end(run, camp, due)


def _try_end(run: Run, camp: int, due: bool) -> None:
    """The rear party is ready: the column may form, or, with nobody and nothing left for one, the camp closes."""
    if is_in_use(run, camp):  # something came while the rear party was at work
        if due:
            run.camp_hold[camp] = Hold.CARGO
        return
    if due:
        _wake_joiners(run, camp)
    place = run.p.camp_place[camp]
    column = run.p.camp_column[camp]
    if column >= 0 and any(run.here[s] for s in run.view.column_stages[column] if run.p.stage_place[s] == place):
        if due:
            run.mark_lift(column)
            if run.view.pick_places[column][0] != place:
                run.camp_hold[camp] = Hold.PREDECESSOR  # it joins the column of another camp
        return
    held, cause = Hold.HANDOVER, run.rear_row[camp]
    if run.camp_hold[camp] == Hold.CARGO and _freed_by(run, camp, Hold.CARGO) > cause:
        held, cause = Hold.CARGO, _freed_by(run, camp, Hold.CARGO)
    closing.close(run, camp, held, cause, 0)


def _try_begin(run: Run, camp: int, due: bool) -> None:
    if not run.closes[camp]:
        return
    place = run.p.camp_place[camp]
    hold = -1
    if not run.accelerated[camp] and run.now < run.target[camp]:
        hold = Hold.TARGET_DAY
    elif any(run.camp_state[c] != CLOSED for c in camps_before(run, camp)) or run.inbound[place]:
        hold = Hold.PREDECESSOR
    elif _own_unpacked(run, place):
        hold = Hold.WORK
    elif is_in_use(run, camp):
        hold = Hold.CARGO
    elif run.p.camp_column[camp] >= 0 and not departing.recall(run, camp):
        hold = Hold.PREDECESSOR
    if hold >= 0:
        if due:
            run.camp_hold[camp] = hold
        return
    held = run.camp_hold[camp] if run.camp_hold[camp] >= 0 else Hold.CARGO
    run.camp_state[camp] = REAR_PARTY
    row = run.record(Kind.HANDOVER, held, _freed_by(run, camp, held), entity=camp, place=place)
    handover_series = run.view.series_or(run.p.camp_handover[camp], 0)
    handover = run.sample(handover_series, run.view.pair[Point.HANDOVER, camp], 0)

    def ready(_: simpy.Event) -> None:
        run.active -= 1
        run.camp_state[camp] = REAR_READY
        run.rear_row[camp] = run.record(Kind.REAR_READY, Hold.HANDOVER, row, entity=camp, place=place)
        column = run.p.camp_column[camp]
        if column >= 0:
            run.mark_lift(column)
            for _, _, _, stage in run.view.cands[column]:
                if run.p.stage_place[stage] == place and run.ready[stage] > 0:
                    run.ready_row[stage] = run.rear_row[camp]
        run.mark_place(place)

    run.active += 1
    run.bind(handover, ranks.HANDOVER, camp, ready)


def _wake_joiners(run: Run, camp: int) -> None:
    """The rear party is ready: columns that wait for it go on, in the order of their numbers."""
    for _, m in sorted(run.joiners[camp].items()):
        if m.go is not None and not m.go.triggered:
            m.go.succeed()


def _own_unpacked(run: Run, place: int) -> bool:
    """Own means still waiting for work or in work."""
    ready = sum(run.ready[s] for s in run.view.stages_at_place[place] if run.view.stage_own[s])
    return run.due_own[place] > ready


def _freed_by(run: Run, camp: int, held: int) -> int:
    """The row that satisfied what held the camp."""
    place: int = run.p.camp_place[camp]
    if held == Hold.TARGET_DAY:
        return run.target_row[camp]
    if held == Hold.PREDECESSOR:
        return max([run.inbound_row[place], run.due_row[place], *(run.close_row[c] for c in camps_before(run, camp))])
    if held == Hold.WORK:
        own = [run.ready_row[s] for s in run.view.stages_at_place[place] if run.view.stage_own[s]]
        return max([run.due_row[place], *own])
    return max(run.due_row[place], run.left_row[place], run.inbound_row[place])


# --- what decisions do to a camp ---------------------------------------------------------------------


def accelerate(run: Run, camp: int, row: int) -> None:
    """Remove the target, never the work; minimum force falls to its least."""
    if run.camp_state[camp] == CLOSED or run.accelerated[camp]:
        return
    place = run.p.camp_place[camp]
    run.accelerated[camp] = True
    run.target[camp] = -1
    run.agenda = [None] * run.view.assets
    run.target_row[camp] = run.guard_row[place] = row
    run.mark_place(place)


def give_up(run: Run, camp: int, row: int) -> None:
    """Close a hub that was to stay: what nobody can move any more is left where it stands."""
    if run.camp_state[camp] == CLOSED or run.given_up[camp]:
        return
    run.given_up[camp] = True
    run.closes[camp] = True
    accelerate(run, camp, row)
    run.mark_place(run.p.camp_place[camp])
    departing.recall(run, camp)
    counts.leave_if_given_up(run, camp, row)


def start_destroying(run: Run, camp: int, decision: int, row: int) -> None:
    """Destroy what still waits at a camp, at the decision's rate, until nothing is due there."""
    if camp in run.destroying or run.camp_state[camp] == CLOSED:
        return
    run.destroying[camp] = decision
    if run.p.decision_rate[decision] >= UNLIMITED:
        _destroy(run, camp, row)
    else:
        _leave_spared(run, camp, row)
        _destroy_tomorrow(run, camp, row)


def _leave_spared(run: Run, camp: int, cause: int) -> None:
    """Loads of the classes to be spared are left where they stand."""
    spare = run.p.decision_spare[run.destroying[camp]]
    for stage in run.view.cargo_stages[run.p.camp_place[camp]]:
        if spare >> run.p.item_kind[run.view.stage_item[stage]] & 1:
            counts.leave_cargo(run, camp, stage, counts.unmoved(run, stage), Kind.RESIDUAL, Hold.DECISION, cause)


def _destroy(run: Run, camp: int, cause: int) -> None:
    """One day's destruction, what nobody has begun to move; movements that never started give theirs back."""
    place = run.p.camp_place[camp]
    departing.recall(run, camp)
    _leave_spared(run, camp, cause)
    left = run.p.decision_rate[run.destroying[camp]]
    for stage in run.view.cargo_stages[place]:
        unmoved = min(left, counts.unmoved(run, stage))
        left -= counts.leave_cargo(run, camp, stage, unmoved, Kind.DESTROY, Hold.WORK, cause)
    if run.camp_state[camp] != OPEN or (run.due_other[place] == 0 and not _own_unpacked(run, place)):
        del run.destroying[camp]
        return
    _destroy_tomorrow(run, camp, max(cause, run.due_row[place]))


def _destroy_tomorrow(run: Run, camp: int, cause: int) -> None:
    def next_day(_: simpy.Event) -> None:
        run.active -= 1
        _destroy(run, camp, cause)

    run.active += 1
    run.bind(MINUTES_PER_DAY, ranks.DESTROY, camp, next_day)

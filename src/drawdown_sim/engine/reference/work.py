"""Preparation and inspection: crews work through batches by earliest due date."""

from __future__ import annotations

import simpy

from . import ranks
from .counts import end_packed, leave_if_given_up, mark_tied
from .records import Task
from .run import NEVER, Hold, Kind, Run


def try_work(run: Run, asset: int) -> None:
    """Give every free crew the most urgent batch there is."""
    while run.number[asset] > run.busy[asset]:
        task = _most_urgent(run, asset)
        if task is None:
            return
        _begin(run, asset, task)


def _most_urgent(run: Run, asset: int) -> Task | None:
    """What there is to do at the place that must be empty first; then by class rank and by row of the stage."""
    agenda = run.agenda[asset]
    if agenda is None:
        agenda = run.agenda[asset] = sorted(run.view.tasks[asset], key=lambda task: _urgency(run, task))
    raw = run.raw
    for task in agenda:
        # the start of every lot has a wake of its own
        if raw[task.stage] > 0 and not run.is_out[task.place] and (run.now >= task.starts or not task.is_first):
            return task
    return None


def _urgency(run: Run, task: Task) -> tuple[int, int, int]:
    """By the target day of the camp: at once if it is accelerated, last where nothing is planned."""
    camp, day = task.camp, NEVER
    if camp >= 0:
        day = 0 if run.accelerated[camp] else run.target[camp]
    return day if day >= 0 else NEVER, task.rank, task.stage


def _begin(run: Run, asset: int, task: Task) -> None:
    item, stage, place = task.item, task.stage, task.place
    batch = min(task.batch, run.raw[stage])
    number = run.batches[item]
    run.batches[item] = number + 1
    run.raw[stage] -= batch
    run.busy[asset] += 1
    held, cause = _held(run, asset, task)
    started = run.record(Kind.PREPARE, held, cause, -1, asset, stage, place, item, batch)
    minutes = batch * run.sample(task.minutes, task.draws, number)
    run.batch_count += 1

    def done(_: simpy.Event) -> None:
        run.active -= 1
        row = run.record(Kind.READY, Hold.WORK, started, -1, asset, stage, place, item, batch)
        run.settle(asset, 1, row)
        run.add_ready(stage, batch, row)
        if run.view.stage_own[stage]:
            run.mark_place(place)
        leave_if_given_up(run, task.camp, row)
        if task.is_first:
            run.packed[item] += batch
            run.packed_row[item] = row
            mark_tied(run, item)
            end_packed(run, item, place, row)

    run.active += 1
    run.bind(max(minutes, 1), ranks.WORK, run.batch_count, done)


def _held(run: Run, asset: int, task: Task) -> tuple[int, int]:
    """What a batch waited for last: a crew, supplies, the loads themselves or the day of beginning.

    A crew that came free before the loads were there held nobody. Of equals the first stands.
    """
    rows = run.rows
    if task.is_first:
        latest, held, cause = task.starts, Hold.PLAN, 0
    else:
        cause = run.raw_row[task.stage]
        latest, held = rows[cause][0], Hold.UNLOADING
    for hold, row in ((Hold.SUPPLY, run.supply_row[task.place]), (Hold.CREW, run.asset_row[asset])):
        minute = rows[row][0]
        if minute > latest:
            latest, held, cause = minute, hold, row
    return held, cause

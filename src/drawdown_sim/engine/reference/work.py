"""Preparation and inspection: crews work through batches by earliest due date."""

from __future__ import annotations

import simpy

from ...model.draws import Point
from ...model.plan import NEVER
from .clock import Bound, Rank, order_key
from .counts import end_packed, leave_if_given_up, mark_tied
from .run import Hold, Kind, Run


def try_work(run: Run, asset: int) -> None:
    """Give every free crew the most urgent batch there is."""
    while run.number[asset] > run.busy[asset]:
        stage = _most_urgent(run, asset)
        if stage < 0:
            return
        _begin(run, asset, stage)


def _most_urgent(run: Run, asset: int) -> int:
    """The stage whose place must be empty first; then by class rank and by row. -1 if there is no work."""
    best, urgency = -1, (NEVER + 1, 0, 0)
    p = run.p
    for stage in run.view.asset_stages[asset]:
        if run.raw[stage] <= 0:
            continue
        item, place = run.view.stage_item[stage], p.stage_place[stage]
        if run.is_out[place]:
            continue
        if run.now < p.item_starts[item] and stage == p.stage_at[item]:
            continue  # the start of every lot has a wake of its own
        key = (_due_date(run, p.place_camp[place]), p.item_rank[item], stage)
        if key < urgency:
            best, urgency = stage, key
    return best


def _due_date(run: Run, camp: int) -> int:
    """The target day of a camp; at once if accelerated; NEVER where nothing is planned."""
    if camp < 0 or (run.target[camp] < 0 and not run.accelerated[camp]):
        return NEVER
    return 0 if run.accelerated[camp] else run.target[camp]


def _begin(run: Run, asset: int, stage: int) -> None:
    p = run.p
    item = run.view.stage_item[stage]
    place = p.stage_place[stage]
    batch = min(p.item_batch[item], run.raw[stage])
    number = run.batches[item]
    run.batches[item] += 1
    run.raw[stage] -= batch
    run.busy[asset] += 1
    held, cause = _held(run, asset, stage)
    started = run.record(
        Kind.PREPARE, held, cause, entity=asset, activity=stage, place=place, item=item, quantity=batch
    )
    per_load = run.sample(p.stage_work[stage], Point.WORK, item, number)
    run.batch_count += 1

    def done(_: simpy.Event) -> None:
        run.active -= 1
        row = run.record(
            Kind.READY, Hold.WORK, started, entity=asset, activity=stage, place=place, item=item, quantity=batch
        )
        run.settle(asset, 1, row)
        run.add_ready(stage, batch, row)
        if run.view.stage_own[stage]:
            run.mark_place(place)
        leave_if_given_up(run, p.place_camp[place], row)
        if stage == run.view.item_stages[item][0]:
            run.packed[item] += batch
            run.packed_row[item] = row
            mark_tied(run, item)
            end_packed(run, item, place, row)

    run.active += 1
    Bound(run.env, max(batch * per_load, 1), order_key(Rank.WORK, run.batch_count), done)


def _held(run: Run, asset: int, stage: int) -> tuple[int, int]:
    """What a batch waited for last: a crew, supplies, the loads themselves or the day of beginning.

    A crew that came free before the loads were there held nobody.
    """
    item, place = run.view.stage_item[stage], run.p.stage_place[stage]
    rows = run.rows
    loads = (rows[run.raw_row[stage]][0], Hold.UNLOADING, run.raw_row[stage])
    if stage == run.p.stage_at[item]:
        loads = (run.p.item_starts[item], Hold.PLAN, 0)
    supply = (rows[run.supply_row[place]][0], Hold.SUPPLY, run.supply_row[place])
    crew = (rows[run.asset_row[asset]][0], Hold.CREW, run.asset_row[asset])
    latest = max(loads, supply, crew, key=lambda entry: entry[0])  # the first of equals
    return latest[1], latest[2]

"""Preparation and inspection: crews work through batches by earliest due date."""

from __future__ import annotations

from ...model.plan import NEVER
from . import chance, holds, kinds
from .chance import sample
from .clock import WORK, bind
from .counts import end_packed, leave_if_given_up, mark_tied
from .link import part
from .run import (
    Record,
    add_ready,
    asset_of,
    camp_of,
    item_of,
    listed,
    mark_place,
    place_of,
    record,
    row_of,
    settle,
    stage_of,
)


@part
def try_work(run: Record, row: int) -> None:
    """Give every free crew the most urgent batch there is."""
    asset = asset_of(run, row)
    while asset.number > asset.busy:
        stage = _most_urgent(run, asset)
        if stage < 0:
            return
        _begin(run, row, stage)


@part
def _most_urgent(run: Record, asset: Record) -> int:
    """The stage whose place must be empty first; then by class rank and by row. -1 if there is no work."""
    best, best_due, best_rank = -1, NEVER + 1, 0
    for at in range(asset.stages, asset.stages_end):
        row = listed(run, at)
        stage = stage_of(run, row)
        if stage.raw <= 0:
            continue
        item, place = item_of(run, stage.item), place_of(run, stage.place)
        if place.is_out:
            continue
        if run.now < item.starts and row == item.first:
            continue  # the start of every lot has a wake of its own
        due = _due_date(run, place.camp)
        if due < best_due or (due == best_due and item.rank < best_rank):
            best, best_due, best_rank = row, due, item.rank
    return best


@part
def _due_date(run: Record, row: int) -> int:
    """The target day of a camp; at once if accelerated; NEVER where nothing is planned."""
    if row < 0:
        return NEVER
    camp = camp_of(run, row)
    if camp.accelerated:
        return 0
    return camp.target if camp.target >= 0 else NEVER


@part
def _begin(run: Record, asset_row: int, stage_row: int) -> None:
    stage, asset = stage_of(run, stage_row), asset_of(run, asset_row)
    item = item_of(run, stage.item)
    batch = min(item.batch, stage.raw)
    number = item.batches
    item.batches += 1
    stage.raw -= batch
    asset.busy += 1
    held, cause = _held(run, asset, stage_row)
    started = record(
        run, kinds.PREPARE, held, cause, -1, asset_row, stage_row, stage.place, stage.item, batch
    )  # fmt: skip
    per_load = sample(run, stage.work, chance.WORK, item.key, number, 0)
    run.batch_count += 1
    run.active += 1
    bind(run, max(batch * per_load, 1), WORK, run.batch_count, asset_row, stage_row, started)


@part
def end_batch(run: Record, asset_row: int, stage_row: int, started: int) -> None:
    """A batch is ready: its crew is free, its loads may be moved."""
    run.active -= 1
    stage = stage_of(run, stage_row)
    item = item_of(run, stage.item)
    batch = row_of(run, started).quantity
    row = record(
        run, kinds.READY, holds.WORK, started, -1, asset_row, stage_row, stage.place, stage.item, batch
    )  # fmt: skip
    settle(run, asset_row, 1, row)
    add_ready(run, stage_row, batch, row)
    if stage.own:
        mark_place(run, stage.place)
    leave_if_given_up(run, place_of(run, stage.place).camp, row)
    if stage_row == item.first:
        item.packed += batch
        item.packed_row = row
        mark_tied(run, stage.item)
        end_packed(run, stage.item, row)


@part
def _held(run: Record, asset: Record, stage_row: int) -> tuple[int, int]:
    """What a batch waited for last: a crew, supplies, the loads or their day of beginning; of equals the first."""
    stage = stage_of(run, stage_row)
    item, place = item_of(run, stage.item), place_of(run, stage.place)
    latest, held, cause = row_of(run, stage.raw_row).minute, holds.UNLOADING, stage.raw_row
    if stage_row == item.first:
        latest, held, cause = item.starts, holds.PLAN, 0
    if row_of(run, place.supply_row).minute > latest:
        latest, held, cause = row_of(run, place.supply_row).minute, holds.SUPPLY, place.supply_row
    if row_of(run, asset.row).minute > latest:
        held, cause = holds.CREW, asset.row
    return held, cause

/* Preparation and inspection: crews work through batches by earliest due date. Twin of `work.py`. */
#pragma once
#include "camps.h"

/* The target day of a camp; at once if accelerated; NEVER where nothing is planned. */
static Int due_date(const Run *run, Int row) {
    if (row < 0) return NEVER;
    const Camp *camp = &run->camps[row];
    if (camp->accelerated) return 0;
    return camp->target >= 0 ? camp->target : NEVER;
}

/* The stage whose place must be empty first; then by class rank and by row. -1 if there is no work. */
static Int most_urgent(const Run *run, const Asset *asset) {
    Int best = -1, best_due = NEVER + 1, best_rank = 0;
    for (Int at = asset->stages; at < asset->stages_end; at++) {
        Int row = listed(run, at);
        const Stage *stage = &run->stages[row];
        if (stage->raw <= 0) continue;
        const Item *item = &run->items[stage->item];
        const Place *place = &run->places[stage->place];
        if (place->is_out) continue;
        if (run->now < item->starts && row == item->first) continue; /* the start of every lot has a wake of its own */
        Int due = due_date(run, place->camp);
        if (due < best_due || (due == best_due && item->rank < best_rank)) {
            best = row;
            best_due = due;
            best_rank = item->rank;
        }
    }
    return best;
}

/* What a batch waited for last: a crew, supplies, the loads or their day of beginning; of equals the first. */
static Int held_in_work(const Run *run, const Asset *asset, Int stage_row, Int *cause) {
    const Stage *stage = &run->stages[stage_row];
    const Item *item = &run->items[stage->item];
    const Place *place = &run->places[stage->place];
    Int latest = run->rows[stage->raw_row].minute, held = H_UNLOADING;
    *cause = stage->raw_row;
    if (stage_row == item->first) {
        latest = item->starts;
        held = H_PLAN;
        *cause = 0;
    }
    if (run->rows[place->supply_row].minute > latest) {
        latest = run->rows[place->supply_row].minute;
        held = H_SUPPLY;
        *cause = place->supply_row;
    }
    if (run->rows[asset->row].minute > latest) {
        held = H_CREW;
        *cause = asset->row;
    }
    return held;
}

static void begin_batch(Run *run, Int asset_row, Int stage_row) {
    Stage *stage = &run->stages[stage_row];
    Asset *asset = &run->assets[asset_row];
    Item *item = &run->items[stage->item];
    Int batch = least_of(item->batch, stage->raw), number = item->batches++, cause;
    stage->raw -= batch;
    asset->busy += 1;
    Int held = held_in_work(run, asset, stage_row, &cause);
    Int started = record(run, K_PREPARE, held, cause, -1, asset_row, stage_row, stage->place, stage->item, batch);
    Int per_load = sample(run, stage->work, P_WORK, item->key, number, 0);
    run->batch_count += 1;
    run->active += 1;
    bind(run, most_of(batch * per_load, 1), R_WORK, run->batch_count, asset_row, stage_row, started);
}

/* Give every free crew the most urgent batch there is. */
static void try_work(Run *run, Int row) {
    const Asset *asset = &run->assets[row];
    while (asset->number > asset->busy) {
        Int stage = most_urgent(run, asset);
        if (stage < 0) return;
        begin_batch(run, row, stage);
    }
}

/* A batch is ready: its crew is free, its loads may be moved. */
static void end_batch(Run *run, Int asset_row, Int stage_row, Int started) {
    run->active -= 1;
    const Stage *stage = &run->stages[stage_row];
    Item *item = &run->items[stage->item];
    Int batch = run->rows[started].quantity;
    Int row = record(run, K_READY, H_WORK, started, -1, asset_row, stage_row, stage->place, stage->item, batch);
    settle(run, asset_row, 1, row);
    add_ready(run, stage_row, batch, row);
    if (stage->own) mark_place(run, stage->place);
    leave_if_given_up(run, run->places[stage->place].camp, row);
    if (stage_row == item->first) {
        item->packed += batch;
        item->packed_row = row;
        mark_tied(run, item);
        end_packed(run, item, row);
    }
}

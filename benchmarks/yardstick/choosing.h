/* Choosing: what a lift could take at a look, within force, plan, equipment and quotas. Twin of `choosing.py`. */
#pragma once
#include "counts.h"

/* No requirement has failed at this look. */
enum { NONE_FAILED = 99 };

typedef struct {
    Int is_closed, armed, people;
} Spare;

/* Note a failed requirement; the first in the order of holds stands. */
static inline void fails(Run *run, Int hold, Int cause) {
    if (hold < run->look_hold) {
        run->look_hold = hold;
        run->look_cause = cause;
    }
}

static inline void find(Run *run, Int pick, Int item, Int stage, Int quantity) {
    run->look_takes[run->look_takes_count++] = (Take){.pick = pick, .item = item, .stage = stage, .quantity = quantity};
    run->look_total += quantity;
}

static int is_pausing(const Run *run, const Camp *camp) {
    for (Int at = camp->pauses; at < camp->pauses_end; at += 2)
        if (listed(run, at) <= run->now && run->now < listed(run, at + 1)) return 1;
    return 0;
}

/* Whether the plan lets nothing leave a place; armed people and people in all whom it can spare. */
static Spare spare_at(Run *run, const Lift *lift, Int row) {
    const Place *place = &run->places[row];
    if (place->camp < 0) return (Spare){0, UNLIMITED, UNLIMITED};
    const Camp *camp = &run->camps[place->camp];
    if (!camp->accelerated && (run->now < camp->opens || is_pausing(run, camp))) {
        fails(run, H_PLAN, 0);
        run->look_by_place = 1;
        return (Spare){1, 0, 0};
    }
    Int armed = UNLIMITED, people = UNLIMITED;
    if (run->people_go_row < 0 && lift->carries == CARRIES_PEOPLE) {
        if (!lift->by_order) armed = most_of(place->armed - minimum_force(run, place->camp), 0);
        if (camp->keep >= 0 && !camp->accelerated)
            people = most_of(place->unreserved - value_at(run, camp->keep, run->now), 0);
    }
    return (Spare){0, armed, people};
}

/* From the rear party on, whoever a column will take is left to it. */
static int goes_with_column(const Run *run, Int place, const Stage *stage) {
    if (!stage->in_column) return 0;
    Int state = run->camps[run->places[place].camp].state;
    return state != OPEN && state != CLOSED;
}

/* People of one cohort who may leave a place now. */
static Int leaving(Run *run, const Item *item, Int stage_row, Int place, const Spare *spare) {
    Int quantity = run->stages[stage_row].ready;
    if (item->tied && run->people_go_row < 0 && stage_row == item->first) {
        Int allowed = item->may_go - item->gone;
        if (allowed < quantity) {
            quantity = most_of(allowed, 0);
            run->look_by_ties = 1;
            fails(run, H_WORK, item->tie_row);
        }
    }
    if (item->armed && spare->armed < quantity) {
        quantity = spare->armed;
        run->look_by_place = 1;
        fails(run, H_GUARD, run->places[place].guard_row);
    }
    if (spare->people < quantity) {
        quantity = spare->people;
        run->look_by_place = 1;
        fails(run, H_PLAN, 0);
    }
    return quantity;
}

/* What the lift's quotas leave of a quantity, what this look has taken already set off. */
static Int within_quotas(Run *run, const Lift *lift, const Item *item, Int quantity) {
    for (Int at = lift->unit_quotas; at < lift->unit_quotas_end; at++) {
        Quota *quota = &run->quotas[listed(run, at)];
        if (counts_item(run, quota, item) && quota->left < quantity) {
            fails(run, quota->hold, quota->row);
            run->look_again = least_of(run->look_again, period_end(run, quota));
            quantity = most_of(quota->left, 0);
        }
    }
    if (quantity)
        for (Int at = lift->unit_quotas; at < lift->unit_quotas_end; at++) {
            Quota *quota = &run->quotas[listed(run, at)];
            if (counts_item(run, quota, item)) quota->left -= quantity;
        }
    return quantity;
}

/* A column takes everybody and all own means of its camp, once the rear party is ready. */
static void collect_column(Run *run, Int row, const Lift *lift) {
    Int number = run->places[listed(run, lift->picks)].camp;
    const Camp *camp = &run->camps[number];
    if (camp->state != REAR_READY || camp->column != row || is_in_use(run, number))
        return; /* the camp asks for the look */
    for (const Int *cand = run->lists + lift->cands, *end = run->lists + lift->cands_end; cand < end; cand += 4) {
        Int ready = run->stages[cand[3]].ready;
        if (ready > 0) find(run, cand[0], cand[2], cand[3], ready);
    }
}

/* Fill the look with every unit the lift might take, within force, plan, equipment and quotas. */
static void collect(Run *run, Int row, const Lift *lift) {
    if (lift->is_column) {
        collect_column(run, row, lift);
        return;
    }
    for (Int at = lift->unit_quotas; at < lift->unit_quotas_end; at++) {
        Quota *quota = &run->quotas[listed(run, at)];
        quota->left = quota_left(run, quota);
    }
    Int place = -1;
    Spare spare = {0, 0, 0};
    for (const Int *cand = run->lists + lift->cands, *end = run->lists + lift->cands_end; cand < end; cand += 4) {
        const Stage *stage = &run->stages[cand[3]];
        Int quantity = stage->ready;
        if (quantity <= 0) continue;
        if (cand[1] != place) {
            /* each place is picked up at once, so what it can spare is reckoned once */
            place = cand[1];
            spare = spare_at(run, lift, place);
        }
        if (spare.is_closed) continue;
        const Item *item = &run->items[cand[2]];
        if (goes_with_column(run, place, stage)) {
            fails(run, H_HANDOVER, run->camps[run->places[place].camp].rear_row);
            run->look_by_place = 1;
            continue;
        }
        if (item->people) quantity = leaving(run, item, cand[3], place, &spare);
        quantity = within_quotas(run, lift, item, quantity);
        if (quantity > 0) {
            find(run, cand[0], cand[2], cand[3], quantity);
            if (item->people) {
                spare.armed -= quantity * item->armed;
                spare.people -= quantity;
            }
        }
    }
}

static Int newest(const Run *run, const Lift *lift) {
    Int row = lift->formed_row;
    for (Int at = 0; at < run->look_takes_count; at++)
        row = most_of(row, run->stages[run->look_takes[at].stage].ready_row);
    return row;
}

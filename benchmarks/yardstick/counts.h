/* Minimum force, quotas, and what is where. Twin of `force.py`, `quotas.py` and `counts.py`. */
#pragma once
#include "chance.h"

/* --- force ------------------------------------------------------------------------------------------- */

/* Whether the camps that must close first have: those it serves and, unless accelerated, the plan's order. */
static int are_before_closed(const Run *run, const Camp *camp) {
    if (!camp->accelerated)
        for (Int at = camp->after; at < camp->after_end; at++)
            if (run->camps[listed(run, at)].state != CLOSED) return 0;
    for (Int at = camp->serves; at < camp->serves_end; at++)
        if (run->camps[listed(run, at)].state != CLOSED) return 0;
    return 1;
}

/* Whether the day has come and every camp that must close before has. */
static int is_closing_day(const Run *run, const Camp *camp) {
    if (!camp->accelerated && run->now < camp->target) return 0;
    return are_before_closed(run, camp);
}

static Int reckon_force(Run *run, Camp *camp) {
    Int least = camp->least;
    const Place *place = &run->places[camp->place];
    Int due = place->due_other + place->due_own, served = 0;
    for (Int at = camp->serves; at < camp->serves_end; at++) served += run->camps[listed(run, at)].state != CLOSED;
    if (camp->state >= COLUMN) {
        least = 0;
    } else if (!due && !served && camp->column < 0) {
        /* depends on the day and on who is here, so it is not kept */
        Int unarmed = place->unreserved - place->armed - place->unarmed_stay;
        return unarmed <= 0 && is_closing_day(run, camp) ? 0 : least;
    } else if (!camp->accelerated) {
        Int force = due || served ? camp->perimeter : 0, first = place->due_first;
        if (due && first) force += ceil_div(camp->cargo * least_of(due, first), first);
        if (served) force += ceil_div(camp->satellites * served, camp->serves_end - camp->serves);
        least = most_of(least, force);
    }
    camp->force = least;
    return least;
}

/* Armed people a camp keeps now; kept once reckoned while nothing it depends on changes. */
static inline Int minimum_force(Run *run, Int row) {
    Camp *camp = &run->camps[row];
    return camp->force >= 0 ? camp->force : reckon_force(run, camp);
}

/* Record the moment in which a place falls below its minimum force, or no longer is. */
static void check_force(Run *run, Int row) {
    Place *place = &run->places[row];
    if (place->camp < 0) return;
    Int missing = minimum_force(run, place->camp) - place->armed;
    Int is_below = missing > 0;
    if (is_below == place->below) return;
    place->below = is_below;
    Int more = is_below ? 1 : -1;
    if (place->area >= 0)
        run->areas[place->area].below += more;
    else
        run->below_nowhere += more;
    record(run, K_BELOW, H_GUARD, run->rows_count - 1, -1, place->camp, -1, row, -1, most_of(missing, 0));
}

/* Whether anything is on its way to a camp, or it still holds what no column will take. */
static int is_in_use(const Run *run, Int row) {
    const Place *place = &run->places[run->camps[row].place];
    if (place->inbound || place->due_other || place->loaded_here) return 1;
    for (Int at = place->people; at < place->people_end; at++) {
        const Stage *stage = &run->stages[listed(run, at)];
        if (stage->here && !stage->in_column) return 1;
    }
    return 0;
}

/* --- quotas ------------------------------------------------------------------------------------------ */

/* The minute at which the next period of a quota begins; a new period starts with nothing used. */
static Int period_end(const Run *run, Quota *quota) {
    Int now = run->now;
    if (now >= quota->until) {
        Int until = NEVER;
        if (quota->period == PERIOD_MONTH) {
            for (Int at = 0; at < run->months_count; at++)
                if (listed(run, run->months + at) > now) {
                    until = listed(run, run->months + at);
                    break;
                }
        } else {
            Int length = quota->period == PERIOD_DAY ? MINUTES_PER_DAY : MINUTES_PER_WEEK;
            until = (now / length + 1) * length;
        }
        quota->until = until;
        quota->used = 0;
    }
    return quota->until;
}

/* What is left of a quota in the present period. */
static Int quota_left(const Run *run, Quota *quota) {
    period_end(run, quota);
    return value_at(run, quota->limit, run->now) - quota->used;
}

/* Count against a quota. */
static void use_quota(const Run *run, Quota *quota, Int quantity, Int used_row) {
    period_end(run, quota);
    quota->used += quantity;
    quota->row = used_row;
}

/* What a movement of so many vehicles counts for against a quota of vehicles or movements. */
static inline Int counted(const Quota *quota, Int vehicles) { return quota->counts == COUNTS_VEHICLES ? vehicles : 1; }

/* Whether an item's units count for a quota of people or loads. */
static inline int counts_item(const Run *run, const Quota *quota, const Item *item) {
    if ((quota->counts == COUNTS_PEOPLE) != (item->people != 0)) return 0;
    if (quota->unowned) return 1;
    return item->contingent >= 0 && listed(run, quota->contingents + item->contingent) != 0;
}

/* --- counts ------------------------------------------------------------------------------------------ */

/* Cargo due to leave a place comes, goes or is no more. */
static void change_due(Run *run, Int row, Int own, Int quantity, Int cause) {
    Place *place = &run->places[row];
    if (own)
        place->due_own += quantity;
    else
        place->due_other += quantity;
    place->due_row = place->guard_row = cause;
    if (place->camp < 0) return;
    Camp *camp = &run->camps[place->camp];
    Int force = camp->force;
    camp->force = -1;
    if (force < 0 || minimum_force(run, place->camp) != force)
        mark_place(run, row);
    else
        mark_camp(run, place->camp);
}

/* Room in transit at a place is free again. */
static void free_room(Run *run, Int row, Int people, Int loads, Int cause) {
    Place *place = &run->places[row];
    place->transit -= people;
    place->transit_loads -= loads;
    place->room_row = cause;
    for (Int number = place->first_departing; number >= 0; number = run->movements[number].departs_behind) {
        Movement *m = &run->movements[number];
        if (m->hold == H_ROOM) mark_movement(run, m);
    }
}

/* Units leave stages `row` .. `after` - 1 for good; whoever waits for more of them is looked at. */
static void cut_due(Run *run, Int row, Int after, Int quantity) {
    for (; row < after; row++) {
        Stage *stage = &run->stages[row];
        stage->due_at -= quantity;
        for (Int at = stage->lifts; at < stage->lifts_end; at++) {
            Int lift = listed(run, at);
            if (run->lifts[lift].held_by == H_SMALL) mark_lift(run, lift);
        }
    }
}

/* Loads at a stage that nobody has begun to move; own means that are ready will march out. */
static inline Int unmoved(const Stage *stage) { return stage->raw + (stage->own ? 0 : stage->ready); }

/* Record a milestone in the minute in which nothing stands in its way any more. */
static void check_milestone(Run *run, Int row, Int cause) {
    Mile *mile = &run->miles[row];
    if (mile->reached || mile->people_left || mile->cargo_left || mile->camps_left) return;
    mile->reached = 1;
    run->miles_left -= 1;
    run->last_milestone = record(run, K_MILESTONE, run->rows[cause].held_by, cause, -1, row, -1, -1, -1, -1);
    check_complete(run);
}

/* Loads no longer stand between a milestone and its completion: delivered, destroyed, left or lost. */
static void count_cargo(Run *run, Int row, Int quantity, Int cause) {
    for (Int number = 0; number < run->miles_count; number++) {
        Mile *mile = &run->miles[number];
        if (mile->cargo >> run->items[row].kind & 1) {
            mile->cargo_left -= quantity;
            check_milestone(run, number, cause);
        }
    }
}

/* Units have reached the end of their way. */
static void count_out(Run *run, Int row, Int quantity, Int cause) {
    Item *item = &run->items[row];
    item->out += quantity;
    if (!item->people) {
        count_cargo(run, row, quantity, cause);
        return;
    }
    for (Int number = 0; number < run->miles_count; number++) {
        Mile *mile = &run->miles[number];
        if (mile->people && listed(run, mile->contingents + item->contingent)) {
            mile->people_left -= quantity;
            check_milestone(run, number, cause);
        }
    }
}

/* Means are withdrawn; those on the road go when they come back. */
static void lose(Run *run, Int row, Int quantity, Int cause) {
    Asset *asset = &run->assets[row];
    quantity = least_of(quantity, asset->number);
    if (quantity <= 0) return;
    asset->number -= quantity;
    record(run, K_LOSS, H_CALENDAR, cause, -1, row, -1, asset->place, -1, quantity);
    mark_asset(run, row);
}

/* What an enabler serves stops when its people are gone from its home. */
static void end_services(Run *run, const Stage *stage, Int cause) {
    if (stage->pair < 0 || run->pairs[stage->pair].people) return;
    const Pair *pair = &run->pairs[stage->pair];
    for (Int at = pair->assets; at < pair->assets_end; at++) {
        Int asset = listed(run, at);
        lose(run, asset, run->assets[asset].number, cause);
    }
}

/* People of a stage come to a place or leave it. */
static void change_present(Run *run, const Stage *stage, Place *place, Int quantity) {
    place->present += quantity;
    if (stage->pair >= 0) run->pairs[stage->pair].people += quantity;
}

/* Reckon how many of a cohort may have gone: the advance party, then in proportion to packed loads. */
static void untie(Run *run, Item *item) {
    Int total = 0, packed = 0;
    for (Int at = item->ties; at < item->ties_end; at++) {
        const Item *lot = &run->items[listed(run, at)];
        total += lot->number;
        packed += lot->packed;
    }
    if (packed < total) {
        Int share = item->advance * total + (1000 - item->advance) * packed;
        item->may_go = item->number * share / (1000 * total);
    } else {
        item->may_go = item->number;
    }
}

/* Packing of a lot lets people go who are tied to it. */
static void mark_tied(Run *run, const Item *lot) {
    for (Int at = lot->tied_to; at < lot->tied_to_end; at++) {
        Item *item = &run->items[listed(run, at)];
        Int before = item->may_go;
        untie(run, item);
        if (item->may_go == before) continue;
        item->tie_row = lot->packed_row;
        const Stage *stage = &run->stages[item->first];
        for (Int lift_at = stage->lifts; lift_at < stage->lifts_end; lift_at++) {
            Int lift = listed(run, lift_at);
            if (run->lifts[lift].held_by_ties) mark_lift(run, lift);
        }
    }
}

/* Once a contingent's equipment at a place is packed, its people there are passengers. */
static void end_packed(Run *run, const Item *lot, Int cause) {
    for (Int at = lot->packers; at < lot->packers_end; at++) {
        for (Int fellow_at = lot->fellows; fellow_at < lot->fellows_end; fellow_at++) {
            const Item *fellow = &run->items[listed(run, fellow_at)];
            if (fellow->packed < fellow->number) return;
        }
        Int asset = listed(run, at);
        lose(run, asset, run->assets[asset].number, cause);
    }
}

/* Loads at a stage are destroyed or left as residual: unprepared ones first. Gives how many. */
static Int leave_cargo(Run *run, Int camp, Int row, Int quantity, Int kind, Int held, Int cause) {
    Stage *stage = &run->stages[row];
    Item *item = &run->items[stage->item];
    quantity = least_of(quantity, stage->raw + stage->ready);
    if (quantity <= 0) return 0;
    Int place = stage->place;
    stage->here -= quantity;
    Int written = record(run, kind, held, cause, -1, camp, -1, place, stage->item, quantity);
    Int unprepared = least_of(quantity, stage->raw);
    stage->raw -= unprepared;
    if (row == item->first) {
        item->packed += unprepared;
        item->packed_row = written;
        mark_tied(run, item);
        if (unprepared) end_packed(run, item, written);
    }
    if (quantity > unprepared) add_ready(run, row, unprepared - quantity, written);
    cut_due(run, row, item->last, quantity);
    if (row != item->first) free_room(run, place, 0, quantity, written);
    change_due(run, place, stage->own, -quantity, written);
    count_cargo(run, stage->item, quantity, written);
    return quantity;
}

/* Cargo that comes to a site that is given up, or back to it, is left there. */
static void leave_if_given_up(Run *run, Int camp, Int cause) {
    if (camp < 0 || !run->camps[camp].given_up) return;
    const Place *place = &run->places[run->camps[camp].place];
    for (Int at = place->cargo; at < place->cargo_end; at++) {
        Int stage = listed(run, at);
        leave_cargo(run, camp, stage, unmoved(&run->stages[stage]), K_RESIDUAL, H_DECISION, cause);
    }
}

/* Once a day, at 00:00: supplies are counted, decisions taken, last days and stalls noticed. Twin of `daily.py`. */
#pragma once
#include "work.h"

/* Everybody present uses one day of supply; below reserve the rules speak, at nothing work stops. */
static void count_supplies(Run *run) {
    for (Int row = 0; row < run->places_count; row++) {
        Place *place = &run->places[row];
        if (!place->supplied) continue;
        if (run->now) place->stock = most_of(place->stock - place->present, 0);
        if (place->stock < place->reserve * place->present / MINUTES_PER_DAY && !place->is_low) {
            place->is_low = 1;
            place->low_row =
                record(run, K_SUPPLY_LOW, H_SUPPLY, place->supply_row, -1, row, -1, row, -1, place->stock);
            for (Int at = place->lifts; at < place->lifts_end; at++)
                if (run->lifts[listed(run, at)].brings) mark_lift(run, listed(run, at));
        }
        if (place->stock == 0 && place->present && !place->is_out) {
            place->is_out = 1;
            record(run, K_SUPPLY_OUT, H_SUPPLY, place->low_row, -1, row, -1, row, -1, -1);
        }
    }
}

/* --- decisions --------------------------------------------------------------------------------------- */

/* The row that satisfied the last part of a condition, or -1 if a part does not hold. */
static Int holds(Run *run, const Decision *decision, const Cond *cond) {
    Int cause = 0;
    if (cond->blocked >= 0) {
        Int since = NEVER, blocked_row = 0;
        for (Int at = decision->lifts; at < decision->lifts_end; at++) {
            const Lift *lift = &run->lifts[listed(run, at)];
            if (lift->blocked_since >= 0 && lift->blocked_since <= run->now - cond->blocked &&
                (lift->blocked_since < since || (lift->blocked_since == since && lift->blocked_row < blocked_row))) {
                since = lift->blocked_since;
                blocked_row = lift->blocked_row;
            }
        }
        if (since == NEVER) return -1;
        cause = most_of(cause, blocked_row);
    }
    if (cond->driver >= 0 && state_of(run, cond->driver, cond->area) < cond->state) return -1;
    if (cond->below < cond->below_end) {
        Int low = -1;
        for (Int at = cond->below; at < cond->below_end; at++) {
            const Place *place = &run->places[listed(run, at)];
            if (place->is_low && (low < 0 || place->low_row < low)) low = place->low_row;
        }
        if (low < 0) return -1;
        cause = most_of(cause, low);
    }
    for (Int at = cond->closed; at < cond->closed_end; at++) {
        const Camp *camp = &run->camps[listed(run, at)];
        if (camp->state != CLOSED) return -1;
        cause = most_of(cause, camp->close_row);
    }
    if (cond->before >= 0) {
        const Mile *mile = &run->miles[most_of(decision->milestone, 0)];
        if (run->now < mile->deadline - cond->before) return -1;
        cause = most_of(cause, mile->deadline_row);
    }
    if (cond->on >= 0 && run->now < cond->on) return -1;
    return cause;
}

static void decide(Run *run, Int number, Int cause) {
    Decision *decision = &run->decisions[number];
    decision->decided = 1;
    Int row = record(run, K_DECIDE, H_DECISION, cause, -1, number, -1, -1, -1, -1);
    for (Int at = decision->camps; at < decision->camps_end; at++) {
        Int camp = listed(run, at);
        if (decision->does == DOES_ACCELERATE)
            accelerate(run, camp, row);
        else if (decision->does == DOES_DESTROY)
            start_destroying(run, camp, number, row);
        else if (decision->does == DOES_GIVE_UP)
            give_up(run, camp, row);
    }
    if (decision->does == DOES_DIVERT) {
        for (Int at = decision->stops; at < decision->stops_end; at++) {
            run->lifts[listed(run, at)].stopped = 1;
            mark_lift(run, listed(run, at));
        }
        for (Int at = decision->begins; at < decision->begins_end; at++) {
            run->lifts[listed(run, at)].stopped = 0;
            mark_lift(run, listed(run, at));
        }
    }
}

/* Each decision at most once, in the order of ids, on the first morning on which a condition holds. */
static void take_decisions(Run *run) {
    for (Int row = 0; row < run->decisions_count; row++) {
        const Decision *decision = &run->decisions[row];
        if (decision->decided) continue;
        Int first = -1;
        for (Int number = decision->conds; number < decision->conds_end; number++) {
            Int cause = holds(run, decision, &run->conds[number]);
            if (cause >= 0 && (first < 0 || cause < first)) first = cause;
        }
        if (first >= 0) decide(run, row, first);
    }
}

/* --- deadlines --------------------------------------------------------------------------------------- */

/* People go without waiting for equipment, unprepared cargo is left, unguarded sites are given up. */
static void begin_last_days(Run *run, Int number) {
    Mile *mile = &run->miles[number];
    mile->in_last_days = 1;
    Int row = record(run, K_LAST_DAYS, H_CALENDAR, mile->deadline_row, -1, number, -1, -1, -1, -1);
    if (mile->people_go) run->people_go_row = row;
    for (Int camp = 0; camp < run->camps_count; camp++) {
        Int place_row = run->camps[camp].place;
        if (mile->authority && !listed(run, mile->guarded + place_row)) {
            give_up(run, camp, row);
        } else if (mile->leaves_cargo) {
            const Place *place = &run->places[place_row];
            for (Int at = place->cargo; at < place->cargo_end; at++) {
                Int stage = listed(run, at);
                leave_cargo(run, camp, stage, run->stages[stage].raw, K_RESIDUAL, H_CALENDAR, row);
            }
        }
    }
    mark_all(run);
}

/* What gives way in the last days, and the end of authority with the deadline. */
static void watch_deadlines(Run *run) {
    for (Int row = 0; row < run->miles_count; row++) {
        Mile *mile = &run->miles[row];
        Int deadline = mile->deadline;
        if (mile->last_days >= 0 && !mile->in_last_days && run->now >= deadline - mile->last_days)
            begin_last_days(run, row);
        if (mile->authority && !mile->authority_over && run->now >= deadline) {
            mile->authority_over = 1;
            Int written = record(run, K_AUTHORITY_ENDS, H_CALENDAR, mile->deadline_row, -1, row, -1, -1, -1, -1);
            for (Int at = mile->ends; at < mile->ends_end; at++) {
                Int asset = listed(run, at);
                lose(run, asset, run->assets[asset].number, written);
            }
        }
    }
}

/* --- stalls ------------------------------------------------------------------------------------------ */

/* Whether a decision is left that time alone, or the length of a block, can bring about. */
static int may_decide(const Run *run) {
    for (Int row = 0; row < run->decisions_count; row++) {
        const Decision *decision = &run->decisions[row];
        if (decision->decided) continue;
        int is_blocked = 0;
        for (Int at = decision->lifts; at < decision->lifts_end; at++)
            if (run->lifts[listed(run, at)].blocked_since >= 0) is_blocked = 1;
        for (Int number = decision->conds; number < decision->conds_end; number++)
            if (run->conds[number].blocked < 0 || is_blocked) return 1;
    }
    return 0;
}

/* Whether a deadline is to come that brings last days or ends authority. */
static int is_deadline_ahead(const Run *run) {
    for (Int row = 0; row < run->miles_count; row++) {
        const Mile *mile = &run->miles[row];
        if (run->now < mile->deadline && (mile->last_days >= 0 || mile->authority)) return 1;
    }
    return 0;
}

/* Whether somebody still uses up supplies. */
static int is_drifting(const Run *run) {
    for (Int row = 0; row < run->places_count; row++) {
        const Place *place = &run->places[row];
        if (place->supplied && place->present && place->stock) return 1;
    }
    return 0;
}

/* Whether a movement that has not started will give its means back. */
static int is_giving_back(const Run *run) {
    for (Int at = 0; at < run->departing_count; at++) {
        const Movement *m = &run->movements[run->departing[at]];
        if (!m->started && run->lifts[m->lift].hold < NEVER) return 1;
    }
    return 0;
}

/* Nothing bound is left that could free a waiter: no activity, no calendar entry, no timed decision. */
static int is_stalled(const Run *run) {
    if (run->active || run->calendar_left || run->wakes || run->is_looking || run->now == 0) return 0;
    return !(may_decide(run) || is_deadline_ahead(run) || is_drifting(run) || is_giving_back(run));
}

/* The daily look at supplies, decisions and deadlines. */
static void take_stock(Run *run) {
    count_supplies(run);
    for (Int place = 0; place < run->places_count; place++)
        if (run->places[place].below) check_force(run, place);
    take_decisions(run);
    watch_deadlines(run);
    if (is_stalled(run)) {
        finish(run, STATUS_STALLED);
        return;
    }
    bind(run, MINUTES_PER_DAY, R_DAY, 0, 0, 0, 0);
}

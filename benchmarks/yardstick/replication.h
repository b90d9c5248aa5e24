/* One replication: put everything in place, play events and dispatches, close the table. Twin of
   `replication.py`. */
#pragma once
#include "calendar.h"
#include "forming.h"

/* --- the start --------------------------------------------------------------------------------------- */

/* A cohort or lot stands at its first place. */
static void place_item(Run *run, Item *item) {
    Stage *stage = &run->stages[item->first];
    Place *place = &run->places[stage->place];
    if (item->people) {
        Int everybody = item->number + item->stays;
        place->present += everybody;
        place->unreserved += everybody;
        place->armed += everybody * item->armed;
        if (stage->pair >= 0) run->pairs[stage->pair].people += everybody;
    } else if (stage->own) {
        place->due_own += item->number;
    } else {
        place->due_other += item->number;
    }
    stage->here = item->number;
    if (stage->work >= 0) {
        stage->raw = item->number;
    } else if (item->number) {
        add_ready(run, item->first, item->number, 0);
        item->packed = item->number;
    }
}

static void count_for_milestone(Run *run, Mile *mile) {
    for (Int number = 0; number < run->items_count; number++) {
        const Item *item = &run->items[number];
        if (!item->people) {
            if (mile->cargo >> item->kind & 1) mile->cargo_left += item->number;
        } else if (mile->people && listed(run, mile->contingents + item->contingent)) {
            mile->people_left += item->number;
        }
    }
}

/* Put everything where it is at minute 0 and bind the calendar. */
static void start(Run *run) {
    record(run, K_START, H_START, 0, -1, -1, -1, -1, -1, -1);
    for (Int item = 0; item < run->items_count; item++) place_item(run, &run->items[item]);
    for (Int item = 0; item < run->items_count; item++) untie(run, &run->items[item]);
    for (Int row = 0; row < run->places_count; row++)
        run->places[row].due_first = run->places[row].due_own + run->places[row].due_other;
    for (Int mile = 0; mile < run->miles_count; mile++) count_for_milestone(run, &run->miles[mile]);
    for (Int mile = 0; mile < run->miles_count; mile++) check_milestone(run, mile, 0);
    for (Int camp = 0; camp < run->camps_count; camp++) set_target(run, camp, 0, 0);
    for (Int row = 0; row < run->gates_count; row++) {
        const Gate *gate = &run->gates[row];
        if (run->regimes[gate->regime].stance == STANCE_OBSTRUCTING)
            begin_blocks(run, gate->lifts, gate->lifts_end, 0);
    }
    for (Int place = 0; place < run->places_count; place++) check_force(run, place);
    schedule(run);
    bind(run, 0, R_DAY, 0, 0, 0, 0);
    for (Int row = 0; row < run->stages_count; row++) {
        const Stage *stage = &run->stages[row];
        const Item *item = &run->items[stage->item];
        if (stage->asset >= 0 && row == item->first) wake(run, item->starts, WAKES_CREW, stage->asset);
    }
    bind(run, run->horizon, R_HORIZON, 0, 0, 0, 0);
    mark_all(run);
}

/* --- dispatch ---------------------------------------------------------------------------------------- */

static void look_at_movements(Run *run) {
    Int count = run->due_movements_count;
    run->due_movements_count = 0;
    for (Int at = 0; at < count; at++) {
        Movement *m = &run->movements[run->due_movements[at]];
        m->is_due = 0;
        run->sorted[at] = entry_of(m->number, run->lifts[m->lift].rank, m->since);
    }
    sort(run->sorted, count, run->merged);
    for (Int at = 0; at < count; at++) {
        Movement *m = &run->movements[row_in(run->sorted[at])];
        if (m->departing >= 0) try_depart(run, m);
    }
}

static void look_at_camps(Run *run) {
    Int count = run->due_camps_count;
    run->due_camps_count = 0;
    for (Int at = 0; at < count; at++) {
        Int row = run->due_camps[at];
        run->camps[row].is_due = 0;
        run->sorted[at] = entry_of(row, 0, 0);
    }
    sort(run->sorted, count, run->merged);
    for (Int at = 0; at < count; at++) {
        Int row = row_in(run->sorted[at]);
        if (run->camps[row].state != CLOSED) try_close(run, row);
    }
}

static void look_at_lifts(Run *run) {
    Int count = run->due_lifts_count;
    run->due_lifts_count = 0;
    for (Int at = 0; at < count; at++) {
        Int row = run->due_lifts[at];
        Lift *lift = &run->lifts[row];
        lift->is_due = 0;
        begins_to_wait(run, lift);
        run->sorted[at] = entry_of(row, lift->rank, lift->since);
    }
    sort(run->sorted, count, run->merged);
    for (Int at = 0; at < count; at++)
        while (try_form(run, row_in(run->sorted[at]))) begin(run, &run->movements[run->movement_count - 1]);
}

static void look_at_crews(Run *run) {
    Int count = run->due_crews_count;
    run->due_crews_count = 0;
    for (Int at = 0; at < count; at++) {
        Int row = run->due_crews[at];
        run->assets[row].is_due = 0;
        run->sorted[at] = entry_of(row, 0, 0);
    }
    sort(run->sorted, count, run->merged);
    for (Int at = 0; at < count; at++) {
        Int row = row_in(run->sorted[at]);
        if (run->assets[row].stages < run->assets[row].stages_end) try_work(run, row);
    }
}

/* Passes over what waits, until one leaves nothing to look at: departures, camps, lifts, crews. */
static void dispatch(Run *run) {
    while ((run->due_movements_count || run->due_camps_count || run->due_lifts_count || run->due_crews_count) &&
           !run->fault) {
        if (run->due_movements_count) look_at_movements(run);
        if (run->due_camps_count) look_at_camps(run);
        if (run->due_lifts_count) look_at_lifts(run);
        if (run->due_crews_count) look_at_crews(run);
    }
}

/* --- the end ----------------------------------------------------------------------------------------- */

/* Close the table: who still waits and for what, and how the run ended. */
static void end(Run *run) {
    if (run->status != STATUS_COMPLETE) {
        Int count = run->departing_count;
        for (Int at = 0; at < count; at++) run->sorted[at] = entry_of(run->departing[at], 0, 0);
        sort(run->sorted, count, run->merged);
        for (Int at = 0; at < count; at++) {
            Movement *m = &run->movements[row_in(run->sorted[at])];
            Wait wait = departure_hold(run, m);
            record_of(run, m, K_WAITING, most_of(wait.held, 0), m->row, -1, -1);
        }
        for (Int row = 0; row < run->lifts_count; row++) {
            const Lift *lift = &run->lifts[row];
            if (lift->since >= 0 && lift->held_by >= 0)
                record(run, K_WAITING, lift->held_by, lift->cause, -1, row, -1, listed(run, lift->picks), -1,
                       lift->ready);
        }
        for (Int row = 0; row < run->camps_count; row++) {
            const Camp *camp = &run->camps[row];
            if (camp->closes && camp->state != CLOSED && camp->hold >= 0)
                record(run, K_WAITING, camp->hold, 0, -1, row, -1, camp->place, -1, -1);
        }
    }
    record(run, K_END, H_START, run->last_milestone, -1, -1, -1, -1, -1, run->status);
}

/* --- events ------------------------------------------------------------------------------------------ */

/* One bound event. */
static void act(Run *run, Event event) {
    Int index = event.key & (((Int)1 << INDEX_BITS) - 1), a = event.a, b = event.b, c = event.c;
    switch ((event.key >> INDEX_BITS) & 31) {
    case R_TRAVEL: resume_travel(run, index); break;
    case R_LOADING:
    case R_UNLOADING:
    case R_REST: {
        Movement *m = &run->movements[index];
        tell(run, m, (Step)m->doing);
        break;
    }
    case R_WORK: end_batch(run, a, b, c); break;
    case R_ANSWER: answer(run, index, a, b, c); break;
    case R_RETRY: retry(run, index, a, b, c); break;
    case R_LAPSE: lapse(run, index, a, b, c); break;
    case R_HOLD:
        if (a >= 0)
            hold_runs_out(run, index, a);
        else
            stop_waiting_to_join(run, index, b);
        break;
    case R_WAKE: awake(run, a, b); break;
    case R_DAY: take_stock(run); break;
    case R_HANDOVER: end_handover(run, index, a); break;
    case R_DESTROY: destroy_on(run, index, a); break;
    case R_CALENDAR: act_on(run, &run->calendar[index]); break;
    case R_BAN_CHANGES: change_ban(run, index); break;
    default: finish(run, STATUS_PAST_HORIZON);
    }
}

/* Movements that the last dispatch formed begin, in the order of their numbers. */
static void begin_formed(Run *run) {
    Int count = run->formed_count;
    run->formed_count = 0;
    for (Int at = 0; at < count; at++) tell(run, &run->movements[run->formed[at]], BEGINS);
}

/* What was granted at this instant goes on, in the order of granting; whether the run is over. */
static int go_on_granted(Run *run) {
    for (Int at = 0; at < run->granted_count; at++) {
        Int what = run->granted[at] & 3, number = run->granted[at] >> 2;
        if (what == IS_DONE) return 1;
        if (what == GOES)
            tell(run, &run->movements[number], GOES_ON);
        else if (what == JOINS)
            /* a column that waits for a camp or for a time hears of either one turn later */
            queue(run, HAS_JOINED, number);
        else
            stop_waiting_to_join(run, number, run->movements[number].join);
    }
    run->granted_count = 0;
    return 0;
}

/* Play one replication from minute 0 to its last row, or until a pool is full (`run->fault`). */
static void play(Run *run) {
    run->status = STATUS_PAST_HORIZON;
    start(run);
    while (!run->fault) {
        if (run->formed_count) {
            begin_formed(run);
        } else if (run->granted_count) {
            if (go_on_granted(run)) break;
        } else if (run->events_count && minute_of(run->events[0].key) == run->now) {
            act(run, unbind_first(run));
        } else if (run->is_looking) {
            dispatch(run);
            run->is_looking = 0;
        } else if (run->events_count) {
            run->now = minute_of(run->events[0].key);
        } else {
            break;
        }
    }
    if (!run->fault) end(run);
}

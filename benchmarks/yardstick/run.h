/* The verbs that every rule uses: reach an entity, record, mark. Twin of `run.py`, with `clock.py`. */
#pragma once
#include "order.h"

/* States of a camp. */
enum { OPEN, REAR_PARTY, REAR_READY, COLUMN, CLOSED };

enum { MINUTES_PER_DAY = 1440, MINUTES_PER_WEEK = 10080 };

/* Ranks of bound events at one minute. */
enum {
    R_HORIZON, R_CALENDAR, R_BAN_CHANGES, R_DAY, R_ANSWER, R_RETRY, R_LAPSE, R_TRAVEL, R_LOADING, R_UNLOADING,
    R_REST, R_WORK, R_HANDOVER, R_DESTROY, R_HOLD, R_WAKE
};

/* What is in the queue of things that go on once a dispatch is over. */
enum { GOES, JOINS, HAS_JOINED, IS_DONE };

/* Who asked to be looked at. */
enum { WAKES_LIFT, WAKES_MOVEMENT, WAKES_CAMP, WAKES_CREW };

static inline Level *level_of(Run *run, Int driver, Int area) {
    return &run->levels[driver * run->areas_count + area];
}

static inline Ask *ask_of(Run *run, Int number, Int slot) { return &run->asks[GATE_SLOTS * number + slot]; }

static inline Int listed(const Run *run, Int row) { return run->lists[row]; }

/* Put the movements under way of a list of lifts in `chosen`, in the order of their numbers: how many. */
static Int choose_active(Run *run, Int at, Int end) {
    Int count = 0;
    for (; at < end; at++)
        for (Int number = run->lifts[listed(run, at)].first_active; number >= 0; number = run->movements[number].next)
            run->chosen[count++] = entry_of(number, 0, 0);
    sort(run->chosen, count, run->merged);
    return count;
}

static inline Movement *chosen(Run *run, Int at) { return &run->movements[row_in(run->chosen[at])]; }

/* --- events: a heap of (minute, rank, index, order of binding) ------------------------------------- */

enum { INDEX_BITS = 33, MINUTE_SHIFT = 38 };

/* Later than any horizon; what is bound for a later minute still never comes. */
enum { LAST_MINUTE = (1 << 25) - 1 };

static inline Int minute_of(Int key) { return key >> MINUTE_SHIFT; }

/* Bind an event to happen after `delay` minutes, with three numbers for its handler. */
static void bind(Run *run, Int delay, Int rank, Int index, Int a, Int b, Int c) {
    Int key = (least_of(run->now + delay, LAST_MINUTE) << MINUTE_SHIFT) | (rank << INDEX_BITS) | index;
    Int hole = run->events_count;
    if (hole >= run->events_limit) {
        run->fault = EVENTS_FULL;
        return;
    }
    run->events_count = hole + 1;
    Event *events = run->events;
    while (hole > 0) {
        Int above = (hole - 1) >> 1;
        if (events[above].key <= key) break;
        events[hole] = events[above];
        hole = above;
    }
    events[hole] = (Event){.key = key, .order = run->events_order, .a = a, .b = b, .c = c};
    run->events_order += 1;
}

static inline int is_before(const Event *one, const Event *other) {
    /* in one piece, without branches: which of two comes first is anybody's guess */
    return (one->key < other->key) | ((one->key == other->key) & (one->order < other->order));
}

/* Take the first event out of the heap. */
static Event unbind_first(Run *run) {
    Event *events = run->events;
    Int last = --run->events_count;
    Event first = events[0], moved = events[last];
    /* the hole goes down to the end, for the last event comes late as a rule, and up again to where that belongs */
    Int hole = 0;
    for (Int below = 1; below < last; below = 2 * hole + 1) {
        if (below + 1 < last) below += is_before(&events[below + 1], &events[below]);
        events[hole] = events[below];
        hole = below;
    }
    while (hole > 0) {
        Int above = (hole - 1) >> 1;
        if (is_before(&events[above], &moved)) break;
        events[hole] = events[above];
        hole = above;
    }
    events[hole] = moved;
    return first;
}

/* --- record ---------------------------------------------------------------------------------------- */

/* Put something behind what goes on at this instant. */
static inline void queue(Run *run, Int what, Int number) { run->granted[run->granted_count++] = 4 * number + what; }

static void finish(Run *run, Int status) {
    if (!run->is_done) {
        run->is_done = 1;
        run->status = status;
        queue(run, IS_DONE, 0);
    }
}

/* Write a row at the present minute and give its number. */
static inline Int record(Run *run, Int kind, Int held_by, Int cause, Int movement, Int entity, Int activity, Int place,
                         Int item, Int quantity) {
    Int number = run->rows_count;
    if (__builtin_expect(number >= run->rows_limit, 0)) {
        run->fault = ROWS_FULL;
        return number - 1;
    }
    run->rows[number] = (Row){.minute = run->now, .kind = kind, .movement = movement, .entity = entity,
                              .activity = activity, .place = place, .item = item, .quantity = quantity,
                              .held_by = held_by, .cause = cause};
    run->rows_count = number + 1;
    if (__builtin_expect(number + 1 == ROW_BUDGET, 0)) finish(run, STATUS_ROW_BUDGET);
    return number;
}

/* Write a row of a movement where it is. */
static inline Int record_of(Run *run, const Movement *m, Int kind, Int held_by, Int cause, Int activity,
                            Int quantity) {
    return record(run, kind, held_by, cause, m->number, m->lift, activity, m->place, -1, quantity);
}

/* End the run once every milestone is reached and every camp that closes has closed. */
static void check_complete(Run *run) {
    if (!run->miles_left && !run->camps_left) finish(run, STATUS_COMPLETE);
}

/* --- marks: who must be looked at again -------------------------------------------------------------- */

static inline void look(Run *run) { run->is_looking = 1; }

static inline void mark_lift(Run *run, Int row) {
    Lift *lift = &run->lifts[row];
    if (!lift->is_due) {
        lift->is_due = 1;
        run->due_lifts[run->due_lifts_count++] = row;
    }
    look(run);
}

static inline void mark_camp(Run *run, Int row) {
    Camp *camp = &run->camps[row];
    if (!camp->is_due) {
        camp->is_due = 1;
        run->due_camps[run->due_camps_count++] = row;
    }
    look(run);
}

static inline void mark_crew(Run *run, Int row) {
    Asset *asset = &run->assets[row];
    if (!asset->is_due) {
        asset->is_due = 1;
        run->due_crews[run->due_crews_count++] = row;
    }
    look(run);
}

/* A movement that waits to depart is looked at again; each is in the list once. */
static inline void mark_movement(Run *run, Movement *m) {
    if (m->departing >= 0 && !m->is_due) {
        m->is_due = 1;
        run->due_movements[run->due_movements_count++] = m->number;
    }
    look(run);
}

/* Force or plan at a place changed: lifts they limited may take more, its camp may go on. */
static void mark_place(Run *run, Int row) {
    const Place *place = &run->places[row];
    for (Int at = place->lifts; at < place->lifts_end; at++) {
        Int lift = listed(run, at);
        if (run->lifts[lift].held_by_place) mark_lift(run, lift);
    }
    if (place->camp >= 0) {
        run->camps[place->camp].force = -1;
        mark_camp(run, place->camp);
    }
}

/* Means have come free: lifts that lack means look again, and so do crews. */
static void mark_asset(Run *run, Int row) {
    const Asset *asset = &run->assets[row];
    for (Int at = asset->lifts; at < asset->lifts_end; at++) {
        Int lift = listed(run, at);
        if (run->lifts[lift].lacks_means) mark_lift(run, lift);
    }
    if (asset->stages < asset->stages_end) mark_crew(run, row);
}

/* Every movement that waits to depart is looked at again. */
static void mark_departing(Run *run) {
    for (Int at = 0; at < run->departing_count; at++) mark_movement(run, &run->movements[run->departing[at]]);
}

static void mark_all(Run *run) {
    for (Int lift = 0; lift < run->lifts_count; lift++) mark_lift(run, lift);
    for (Int camp = 0; camp < run->camps_count; camp++) mark_camp(run, camp);
    for (Int asset = 0; asset < run->assets_count; asset++) mark_crew(run, asset);
    mark_departing(run);
    look(run);
}

/* Ask for another look at a waiter at a later minute. */
static void wake(Run *run, Int minute, Int what, Int who) {
    if (run->now < minute && minute < run->horizon) {
        run->wakes += 1;
        bind(run, minute - run->now, R_WAKE, 0, what, who, 0);
    }
}

/* The minute for which a look was asked has come. */
static void awake(Run *run, Int what, Int who) {
    run->wakes -= 1;
    if (what == WAKES_LIFT)
        mark_lift(run, who);
    else if (what == WAKES_MOVEMENT)
        mark_movement(run, &run->movements[who]);
    else if (what == WAKES_CAMP)
        mark_place(run, run->camps[who].place);
    else
        mark_crew(run, who);
    look(run);
}

/* --- counts ------------------------------------------------------------------------------------------ */

/* Units become ready to be moved (or stop being so, if negative). */
static void add_ready(Run *run, Int row, Int quantity, Int ready_row) {
    Stage *stage = &run->stages[row];
    stage->ready += quantity;
    if (quantity > 0) stage->ready_row = ready_row;
    for (Int at = stage->lifts; at < stage->lifts_end; at++) {
        Int number = listed(run, at);
        Lift *lift = &run->lifts[number];
        lift->ready += quantity;
        /* a lift that lacks means gains nothing from more load, nor a column before its camp is ready;
           one without load stops waiting */
        if ((quantity > 0 && !lift->lacks_means && !lift->is_column) || !lift->ready) mark_lift(run, number);
    }
}

/* Means come back from use. */
static void settle(Run *run, Int row, Int quantity, Int freed_row) {
    run->assets[row].busy -= quantity;
    run->assets[row].row = freed_row;
    mark_asset(run, row);
}

/* The stage that a unit is in once set down at a place on its way. */
static inline Int next_stage(const Run *run, Int row, Int place) {
    do row += 1;
    while (run->stages[row].place != place);
    return row;
}

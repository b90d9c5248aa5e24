/* Departing: a formed movement waits until it may enter its next leg, goes, or gives everything back. Twin of
   `departing.py`. */
#pragma once
#include "clearances.h"
#include "roads.h"

/* The first requirement of a departure that fails now (-1 if none). */
typedef struct {
    Int held;  /* the hold */
    Int cause; /* for a quota the row that used it, for a ban the ban */
    Int again; /* the minute of another look */
} Wait;

/* One more of those that wait to depart for the same destination. */
static void join_departing(Run *run, Movement *m) {
    Place *to = &run->places[run->lifts[m->lift].to];
    m->departs_before = -1;
    m->departs_behind = to->first_departing;
    if (to->first_departing >= 0) run->movements[to->first_departing].departs_before = m->number;
    to->first_departing = m->number;
}

/* One less of them. */
static void leave_departing(Run *run, const Movement *m) {
    if (m->departs_before >= 0)
        run->movements[m->departs_before].departs_behind = m->departs_behind;
    else
        run->places[run->lifts[m->lift].to].first_departing = m->departs_behind;
    if (m->departs_behind >= 0) run->movements[m->departs_behind].departs_before = m->departs_before;
}

/* Wait until a dispatch pass lets the movement enter a leg, or it is disbanded. */
static void await_departure(Run *run, Movement *m, Int leg, Int to, int run_start) {
    m->leg = leg;
    m->to = to;
    m->run_start = run_start;
    m->since = run->now;
    m->departing = run->departing_count;
    run->departing[run->departing_count++] = m->number;
    join_departing(run, m);
    if (m->aboard_count) run->places[m->place].loaded_here += 1;
    if (run_start && m->pending) {
        m->hold = H_CLEARANCE; /* the last grant asks for a look */
    } else {
        m->hold = -1;
        mark_movement(run, m);
    }
    run->active -= 1;
    Int hold = run->lifts[m->lift].hold;
    if (hold < NEVER && !m->started) bind(run, hold, R_HOLD, m->number, m->since, 0, 0);
}

/* Take a movement from those that wait to depart. */
static void no_longer_departs(Run *run, Movement *m) {
    Int last = run->departing[--run->departing_count];
    run->departing[m->departing] = last;
    run->movements[last].departing = m->departing;
    m->departing = -1;
    leave_departing(run, m);
}

/* Reserve room at the destination for what the loaded run carries; a column is never turned away. */
static int has_room(Run *run, Movement *m, const Lift *lift) {
    if (m->room || m->yard || !m->aboard_count) return 1;
    Int people = 0, loads = 0;
    const Int starts[] = {m->aboard, m->manifest}, counts[] = {m->aboard_count, m->manifest_count};
    for (int k = 0; k < 2; k++)
        for (const Take *take = run->takes + starts[k], *end = take + counts[k]; take < end; take++)
            if (run->items[take->item].people)
                people += take->quantity;
            else
                loads += take->quantity;
    Place *to = &run->places[lift->to];
    int fits = to->transit + people <= to->room && to->transit_loads + loads <= to->yard;
    if (!fits && !lift->is_column) return 0;
    to->transit += people;
    to->transit_loads += loads;
    m->room = people;
    m->yard = loads;
    return 1;
}

static Wait departure_hold(Run *run, Movement *m) {
    const Lift *lift = &run->lifts[m->lift];
    Int now = run->now;
    if (m->run_start) {
        if (m->pending) return (Wait){H_CLEARANCE, 0, NEVER};
        if (!m->started)
            for (Int at = lift->move_quotas; at < lift->move_quotas_end; at++) {
                Quota *quota = &run->quotas[listed(run, at)];
                Int least = least_of(counted(quota, m->vehicles), most_of(1, value_at(run, quota->limit, now)));
                if (quota_left(run, quota) < least) return (Wait){quota->hold, quota->row, period_end(run, quota)};
            }
        if (!has_room(run, m, lift)) return (Wait){H_ROOM, 0, NEVER};
    }
    Int ban = ban_on(run, lift, m->lift, m->leg, m->to, m->place);
    if (ban >= 0) return (Wait){H_BAN, ban, NEVER};
    if (m->run_start && lift->hours_from >= 0) {
        Int clock = now % MINUTES_PER_DAY, opens = lift->hours_from, shuts = lift->hours_to;
        int is_open = opens <= shuts ? opens <= clock && clock <= shuts : clock >= opens || clock <= shuts;
        if (!is_open) return (Wait){H_HOURS, 0, now - clock + opens + (clock > opens ? MINUTES_PER_DAY : 0)};
    }
    return (Wait){-1, 0, NEVER};
}

/* A loaded movement leaves the place, or is unloaded: the camp may be one step further. */
static void no_longer_here(Run *run, const Movement *m) {
    if (!m->aboard_count) return;
    Place *place = &run->places[m->place];
    place->loaded_here -= 1;
    if (place->camp >= 0) mark_camp(run, place->camp);
}

/* Let a formed movement enter its next leg if clearance, room, slot, ban and hours allow. */
static void try_depart(Run *run, Movement *m) {
    Wait wait = departure_hold(run, m);
    if (wait.held >= 0) {
        m->hold = wait.held;
        m->hold_cause = wait.cause;
        if (wait.again < NEVER && m->wake != wait.again) {
            m->wake = wait.again;
            wake(run, wait.again, WAKES_MOVEMENT, m->number);
        }
        return;
    }
    const Lift *lift = &run->lifts[m->lift];
    Int held = m->hold, cause = m->run_start ? most_of(m->row, m->cleared_row) : m->row;
    if (held == H_CLEARANCE || (held < 0 && cause > m->row))
        held = H_CLEARANCE;
    else if (held == H_BAN)
        cause = run->bans[m->hold_cause].row;
    else if (held == H_SLOT || held == H_SEAT || held == H_ROTATION_CAP || held == H_PLAN)
        cause = m->hold_cause;
    else if (held == H_ROOM)
        cause = run->places[lift->to].room_row;
    else if (held < 0)
        held = H_LOADING;
    no_longer_departs(run, m);
    no_longer_here(run, m);
    if (m->run_start) {
        m->begun = m->phase;
        cause = ask_overwatch(run, m, cause);
    }
    m->row = record_of(run, m, K_DEPART, held, cause, m->leg, m->vehicles - m->lost);
    if (m->aboard_count) run->places[m->place].left_row = m->row;
    if (!m->started) {
        m->started = 1;
        m->supply = run->now;
        for (Int at = lift->move_quotas; at < lift->move_quotas_end; at++) {
            Quota *quota = &run->quotas[listed(run, at)];
            use_quota(run, quota, counted(quota, m->vehicles), m->row);
        }
    }
    queue(run, GOES, m->number);
}

/* Units already aboard a movement that never left are where they were. */
static void set_back(Run *run, const Movement *m, const Take *take, Int row) {
    const Item *item = &run->items[take->item];
    Place *place = &run->places[m->place];
    Stage *stage = &run->stages[take->stage];
    Int quantity = take->quantity;
    stage->here += quantity;
    if (item->people)
        change_present(run, stage, place, quantity);
    else
        change_due(run, m->place, stage->own, quantity, row);
    if (take->stage != item->first) {
        if (item->people)
            place->transit += quantity;
        else
            place->transit_loads += quantity;
    }
    unreserve(run, take->item, take->stage, m->place, run->lifts[m->lift].to, quantity, row);
}

/* Give everything back: the time for which means are held has run out, or nothing is left to fetch. */
static void disband(Run *run, Movement *m) {
    Wait wait = departure_hold(run, m);
    const Lift *lift = &run->lifts[m->lift];
    Int row =
        record(run, K_DISBAND, most_of(wait.held, 0), m->row, m->number, m->lift, -1, -1, -1, m->vehicles);
    no_longer_departs(run, m);
    no_longer_here(run, m);
    for (Int at = m->manifest; at < m->manifest + m->manifest_count; at++) {
        const Take *take = &run->takes[at];
        unreserve(run, take->item, take->stage, listed(run, lift->picks + take->pick), lift->to, take->quantity, row);
    }
    for (Int at = m->aboard; at < m->aboard + m->aboard_count; at++) set_back(run, m, &run->takes[at], row);
    if (m->room || m->yard) free_room(run, lift->to, m->room, m->yard, row);
    m->manifest_count = m->aboard_count = 0;
    m->is_disbanded = 1;
    Place *to = &run->places[lift->to];
    to->inbound -= 1;
    to->inbound_row = row;
    mark_place(run, lift->to);
    give_back(run, m, row);
    Int camp = run->places[listed(run, lift->picks)].camp;
    if (lift->is_column && run->camps[camp].state == COLUMN) {
        run->camps[camp].state = REAR_READY;
        run->camps[camp].force = -1;
        mark_lift(run, m->lift);
        mark_camp(run, camp);
    }
    leave_if_given_up(run, camp, row);
}

/* The time for which means are held while a movement waits for its first departure is over. */
static void hold_runs_out(Run *run, Int number, Int since) {
    Movement *m = &run->movements[number];
    if (m->departing >= 0 && !m->started && m->since == since) disband(run, m);
}

/* Take what a movement was to fetch at one pick-up from its manifest. */
static void give_up_fetching(Run *run, Movement *m, const Lift *lift, Int pick, Int place) {
    Take *manifest = run->takes + m->manifest;
    Int kept = 0, count = m->manifest_count;
    for (Int at = 0; at < count; at++) {
        Take take = manifest[at];
        if (take.pick == pick)
            unreserve(run, take.item, take.stage, place, lift->to, take.quantity, m->row);
        else
            manifest[kept++] = take;
    }
    m->manifest_count = kept;
}

/* Take back what movements that have not left yet were to fetch here; whether nobody else is bound to fetch. */
static int recall(Run *run, Int camp_row) {
    const Camp *camp = &run->camps[camp_row];
    int is_free = 1;
    const Place *place = &run->places[camp->place];
    for (Int at = 0, count = choose_active(run, place->lifts, place->lifts_end); at < count; at++) {
        Movement *m = chosen(run, at);
        if (m->lift == camp->column) continue;
        const Lift *lift = &run->lifts[m->lift];
        const Int *picks = run->lists + lift->picks;
        Int pick = 0, mine = 0;
        while (picks[pick] != camp->place) pick += 1;
        for (Int number = 0; number < m->manifest_count; number++)
            mine += run->takes[m->manifest + number].pick == pick;
        if (!mine && !(m->aboard_count && !m->started)) continue;
        if (m->started || m->departing < 0)
            is_free = 0;
        else if (mine == m->manifest_count)
            disband(run, m);
        else
            give_up_fetching(run, m, lift, pick, camp->place);
    }
    return is_free;
}

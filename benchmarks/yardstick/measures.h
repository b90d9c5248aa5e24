/* The measures of one replication, and its binding chain. Twin of `measures.py` and `chains.py`. */
#pragma once
#include "replication.h"

/* Columns that every plan has; then one per milestone, three per camp (ceased, closed, transferred), one per hold. */
enum {
    M_STATUS, M_END, M_ROWS, M_MOVEMENTS, M_PEOPLE_LEFT, M_CARGO_IN_CAMPS, M_CARGO_LEFT, M_DESTROYED, M_LOST_ON_ROAD,
    M_RESIDUAL, M_VEHICLES_LOST, M_CONVOY_METRES, M_STRIKES, M_PEOPLE_HURT, M_FALLS_BELOW, M_OVERDUE, M_DRY, M_FIXED
};
enum { CEASED, CAMP_CLOSED, TRANSFERRED };

static inline void set_first(Int *at, Int minute) {
    if (*at == NEVER) *at = minute;
}

/* Everybody and everything due is left, and overdue to the end, until the rows say otherwise. */
static void expect(const Run *run, Int *out, Int end) {
    for (Int number = 0; number < run->items_count; number++) {
        const Item *item = &run->items[number];
        if (item->people) {
            out[M_PEOPLE_LEFT] += item->number;
            out[M_OVERDUE] += item->number * most_of(end - item->tour_end, 0);
        } else {
            out[M_CARGO_IN_CAMPS] += item->number;
            out[M_CARGO_LEFT] += item->number;
        }
    }
}

/* Units loaded, delivered, destroyed, left or lost. */
static void count_units(const Run *run, const Row *row, Int deadline, Int end, Int *out, Int *curve, Int days) {
    Int kind = row->kind, quantity = row->quantity;
    if (kind == K_LOST && row->item < 0) {
        out[M_VEHICLES_LOST] += quantity;
        return;
    }
    if (kind == K_DESTROY)
        out[M_DESTROYED] += quantity;
    else if (kind == K_RESIDUAL)
        out[M_RESIDUAL] += quantity;
    const Item *item = &run->items[row->item];
    int in_time = row->minute <= deadline;
    if (item->people) {
        if (kind == K_DELIVER && run->places[row->place].kind == PLACE_EXIT) {
            /* who is out at midnight is out by the end of the day before */
            curve[least_of(most_of(row->minute - 1, 0) / MINUTES_PER_DAY, days - 1)] += quantity;
            out[M_OVERDUE] -= quantity * most_of(end - most_of(row->minute, item->tour_end), 0);
            if (in_time) out[M_PEOPLE_LEFT] -= quantity;
        }
        return;
    }
    if (kind == K_LOST) out[M_LOST_ON_ROAD] += quantity;
    if (!in_time) return;
    int is_at_start = row->place == item->first_place;
    if (kind == K_LOAD) {
        /* what was loaded on a movement that never left has been set back */
        if (is_at_start && !run->movements[row->movement].is_disbanded) out[M_CARGO_IN_CAMPS] -= quantity;
    } else if (kind == K_DELIVER) {
        if (row->place == item->last_place || run->places[row->place].kind == PLACE_EXIT)
            out[M_CARGO_LEFT] -= quantity;
    } else {
        out[M_CARGO_LEFT] -= quantity;
        if (is_at_start && kind != K_LOST) out[M_CARGO_IN_CAMPS] -= quantity;
    }
}

/* Write a row of measures at `out`, and at `curve` the people out at the end of each day. */
static void measure(Run *run, Int deadline, Int *out, Int *curve, Int days) {
    Int times = run->miles_count + 3 * run->camps_count;
    Int *milestones = out + M_FIXED, *camps = milestones + run->miles_count, *held = camps + 3 * run->camps_count;
    memset(out, 0, (M_FIXED + times + HOLDS) * sizeof *out);
    for (Int at = 0; at < times; at++) milestones[at] = NEVER;
    memset(curve, 0, days * sizeof *curve);
    const Row *rows = run->rows, *last = &rows[run->rows_count - 1];
    out[M_STATUS] = last->quantity;
    out[M_END] = last->minute;
    out[M_ROWS] = run->rows_count;
    out[M_MOVEMENTS] = run->movement_count;
    expect(run, out, last->minute);
    for (const Row *row = rows; row <= last; row++) {
        if (row->movement >= 0) {
            Movement *m = &run->movements[row->movement];
            if (m->last_minute >= 0) held[row->held_by] += row->minute - m->last_minute;
            m->last_minute = row->minute;
        }
        switch (row->kind) {
        case K_DEPART: {
            const Leg *leg = &run->legs[row->activity];
            if (leg->threats < leg->threats_end) out[M_CONVOY_METRES] += leg->distance;
            break;
        }
        case K_LOAD:
        case K_DELIVER:
        case K_DESTROY:
        case K_RESIDUAL:
        case K_LOST: count_units(run, row, deadline, last->minute, out, curve, days); break;
        case K_STRIKE:
            out[M_STRIKES] += 1;
            out[M_PEOPLE_HURT] += most_of(row->quantity, 0);
            break;
        case K_BELOW: out[M_FALLS_BELOW] += 1; break;
        case K_MILESTONE: set_first(&milestones[row->entity], row->minute); break;
        case K_HANDOVER: set_first(&camps[3 * row->entity + CEASED], row->minute); break;
        case K_TRANSFER: set_first(&camps[3 * row->entity + TRANSFERRED], row->minute); break;
        case K_CLOSE:
            set_first(&camps[3 * row->entity + CEASED], row->minute);
            set_first(&camps[3 * row->entity + CAMP_CLOSED], row->minute);
            /* fall through */
        case K_SUPPLY_IN:
        case K_SUPPLY_OUT: {
            Place *place = &run->places[row->place];
            if (place->dry_since >= 0) out[M_DRY] += row->minute - place->dry_since;
            place->dry_since = row->kind == K_SUPPLY_OUT ? row->minute : -1;
            break;
        }
        }
    }
    for (Int number = 0; number < run->places_count; number++) {
        const Place *place = &run->places[number];
        if (place->dry_since >= 0) out[M_DRY] += last->minute - place->dry_since;
    }
    for (Int day = 1; day < days; day++) curve[day] += curve[day - 1];
}

/* --- chains ------------------------------------------------------------------------------------------ */

static inline int is_one_of(Int bits, Int number) { return bits >> number & 1; }

/* The last milestone, if all were reached; if not, the first that waits at the end, and else the last row. */
static Int finish_row(const Run *run) {
    if (run->last_milestone && !run->miles_left) return run->last_milestone;
    for (Int at = 0; at < run->rows_count; at++)
        if (run->rows[at].kind == K_WAITING) return at;
    return run->rows_count - 1;
}

/* Whether the cause of a row belongs to another movement or batch, or to none. */
static int changes_hands(const Row *row, const Row *cause) {
    if (row->movement >= 0 || cause->movement >= 0) return row->movement != cause->movement;
    /* a batch is a PREPARE and the READY that it causes */
    return !(row->kind == K_READY && cause->kind == K_PREPARE);
}

/* The number of a subject; 0 for none. */
static Int named(const Run *run, Int sort, Int row) { return row >= 0 ? listed(run, run->subjects + sort) + row : 0; }

static int is_of_lift(const Row *row) {
    return row->kind == K_WAITING ? row->movement >= 0 || row->quantity >= 0 : IS_LIFT[row->kind];
}

/* The clearance that a row speaks of. */
static Int gate_in(const Row *row) {
    switch (row->kind) {
    case K_REQUEST:
    case K_GRANT:
    case K_REFUSE:
    case K_LAPSE: return row->activity;
    case K_REGIME: return row->entity;
    default: return -1;
    }
}

/* Who gives the clearance that a row waited for; where no row names it, all whom the lift asks. */
static Int authority_of(const Run *run, const Row *row, const Row *cause) {
    Int gate = gate_in(row);
    if (gate < 0) gate = gate_in(cause);
    if (gate >= 0) return named(run, S_AUTHORITY, run->gates[gate].authority);
    if (!is_of_lift(row)) return 0;
    const Lift *lift = &run->lifts[row->entity];
    return lift->gates < lift->gates_end ? named(run, S_ASKED, row->entity) : 0;
}

/* The first of the lift's quotas that goes by this name, else its first. */
static Int quota_of_lift(const Run *run, const Lift *lift, Int hold) {
    for (Int at = lift->quotas; at < lift->quotas_end; at++) {
        Int quota = listed(run, at);
        if ((run->quotas[quota].hold == H_ROTATION_CAP) == (hold == H_ROTATION_CAP))
            return named(run, S_QUOTA, quota);
    }
    return lift->quotas < lift->quotas_end ? named(run, S_QUOTA, listed(run, lift->quotas)) : 0;
}

/* What a movement waited for: the means or quota of its lift, its camp, or the lift itself. */
static Int subject_of_lift(const Run *run, Int number, Int hold) {
    const Lift *lift = &run->lifts[number];
    switch (hold) {
    case H_TRUCK:
    case H_SEAT: if (lift->asset >= 0) return named(run, S_ASSET, lift->asset); break;
    case H_ESCORT: if (lift->escort >= 0) return named(run, S_ASSET, lift->escort); break;
    case H_ASSET: if (lift->needs < lift->needs_end) return named(run, S_ASSET, listed(run, lift->needs)); break;
    case H_ROTATION_CAP:
    case H_SLOT: return quota_of_lift(run, lift, hold);
    case H_TARGET_DAY:
    case H_PREDECESSOR:
    case H_GUARD:
    case H_PLAN:
    case H_WORK:
    case H_CARGO: return named(run, S_PLACE, listed(run, lift->picks));
    }
    return named(run, S_LIFT, number);
}

/* Whose it was that a row waited for. */
static Int subject_of(const Run *run, const Row *row, const Row *cause) {
    Int hold = row->held_by;
    if (hold == H_CLEARANCE) return authority_of(run, row, cause);
    if (hold == H_BAN && (cause->kind == K_BAN || cause->kind == K_BAN_END)) return named(run, S_BAN, cause->entity);
    if (hold == H_DECISION && cause->kind == K_DECIDE) return named(run, S_DECISION, cause->entity);
    if (hold == H_PREDECESSOR && cause->kind == K_CLOSE) return named(run, S_CAMP, cause->entity);
    if (hold == H_ROUTE && (row->kind == K_DEPART || row->kind == K_ARRIVE)) return named(run, S_LEG, row->activity);
    if (hold == H_ROOM && row->place >= 0) return named(run, S_PLACE, row->place);
    if (is_of_lift(row)) return subject_of_lift(run, row->entity, hold);
    if (row->kind == K_PREPARE || row->kind == K_READY)
        return hold == H_CREW ? named(run, S_ASSET, row->entity) : named(run, S_PLACE, row->place);
    if (row->kind == K_REGIME) return named(run, S_AUTHORITY, run->gates[row->entity].authority);
    return named(run, SORT_OF_KIND[row->kind], row->entity);
}

/* Add the minutes of the finish's chain, by hold and subject, to the table at `minutes`. */
static void add_chain(const Run *run, Int *minutes, Int subjects_count) {
    Int away_hold = -1, away_subject = -1, owed_hold = -1, owed_subject = -1;
    for (Int at = finish_row(run); at > 0; at = run->rows[at].cause) {
        const Row *row = &run->rows[at], *cause = &run->rows[row->cause];
        Int hold = row->held_by, subject = subject_of(run, row, cause), own_hold = hold;
        if (hold == H_CALENDAR && owed_hold >= 0 && is_one_of(IS_DATED, row->kind)) {
            hold = owed_hold;
            subject = subject ? subject : owed_subject;
        } else if (away_hold >= 0 && is_one_of(IS_ACTIVITY, hold) && row->kind != K_FORM) {
            /* before it forms, a movement does nothing itself */
            hold = away_hold;
            subject = away_subject;
        }
        minutes[hold * subjects_count + subject] += row->minute - cause->minute;
        if (changes_hands(row, cause)) {
            int is_shared = is_one_of(IS_SHARED, own_hold);
            away_hold = is_shared ? hold : -1;
            away_subject = is_shared ? subject : -1;
        }
        owed_hold = hold;
        owed_subject = subject;
    }
}

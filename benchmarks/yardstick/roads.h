/* On the road: what may not be entered, how long a leg takes, what happens on it. Twin of `roads.py`. */
#pragma once
#include "reserving.h"

/* Gaps between events that one threat can draw on one leg; the table of exponential distances. */
enum { MOST_EVENTS = 68, EXPONENTIAL = 0 };

/* What a movement on the road does. */
enum { DRIVING, RESUPPLYING, HALTED };

/* Whether a ban names a leg, the place at either end, or the lift. */
static int names(const Run *run, const Ban *ban, Int row, Int leg, Int to, Int origin) {
    for (Int at = ban->legs; at < ban->legs_end; at++)
        if (listed(run, at) == leg) return 1;
    for (Int at = ban->places; at < ban->places_end; at++) {
        Int place = listed(run, at);
        if (place == to || place == origin) return 1;
    }
    for (Int at = ban->lifts; at < ban->lifts_end; at++)
        if (listed(run, at) == row) return 1;
    return 0;
}

/* The first active ban that keeps a lift from entering a leg, or -1. */
static Int ban_on(const Run *run, const Lift *lift, Int row, Int leg, Int to, Int origin) {
    if (!run->active_bans) return -1;
    for (Int at = lift->bans; at < lift->bans_end; at++) {
        Int number = listed(run, at);
        const Ban *ban = &run->bans[number];
        if (ban->active && names(run, ban, row, leg, to, origin)) return number;
    }
    return -1;
}

/* Minutes on a leg: distance over the drawn rate of advance, slowed by season and weather; rounded up. */
static Int travel_minutes(Run *run, const Movement *m, const Leg *leg, Int position) {
    Int rate = sample(run, leg->rate, P_RATE, run->lifts[m->lift].key, m->ordinal, position);
    Int season = leg->season >= 0 ? value_at(run, leg->season, run->now) : 1000;
    Int weather = factor_of(run, leg->weather, leg->area);
    return most_of(ceil_div(leg->distance * 1440 * weather, rate * season), 1);
}

/* Events to be expected on a whole leg, in millionths. */
static Int hazard_on(Run *run, const Movement *m, const Leg *leg, const Threat *threat, Int series, int empty) {
    Int rate = value_at(run, series, run->now);
    if (threat->per_vehicle) rate *= m->vehicles - m->lost;
    Int hazard = rate * leg->distance / 100000;
    hazard = hazard * factor_of(run, threat->driver, leg->area) / 1000;
    if (!m->covered) hazard = hazard * threat->uncovered / 1000;
    if (empty) hazard = hazard * threat->empty / 1000;
    if (leg->area >= 0 ? run->areas[leg->area].below : run->below_nowhere) hazard = hazard * threat->exposed / 1000;
    for (Int at = leg->after; at < leg->after_end; at += 2)
        if (run->camps[listed(run, at)].state == CLOSED) hazard = hazard * listed(run, at + 1) / 1000;
    return hazard;
}

static inline int is_later(const Strike *hit, Int driven, Int threat, Int sub) {
    if (hit->driven != driven) return hit->driven > driven;
    if (hit->threat != threat) return hit->threat > threat;
    return hit->sub > sub;
}

/* Keep what will happen on the leg in the order of (minutes driven, threat, sub). */
static void insert_strike(Run *run, Movement *m, Int driven, Int threat, Int sub) {
    if (run->strikes_count >= run->strikes_limit) {
        run->fault = STRIKES_FULL;
        return;
    }
    Int row = run->strikes_count++, *link = &m->strikes;
    while (*link >= 0 && !is_later(&run->strikes[*link], driven, threat, sub)) link = &run->strikes[*link].next;
    run->strikes[row] = (Strike){.driven = driven, .threat = threat, .sub = sub, .next = *link};
    *link = row;
}

/* Events of a threat follow each other at exponential distances, so their number is Poisson. */
static void draw_strikes(Run *run, Movement *m, Int threat, Int hazard, Int position, Int slot) {
    Int reached = 0, key = run->lifts[m->lift].key;
    for (Int k = 0; k < MOST_EVENTS; k++) {
        Int sub = k < 4 ? 16 * position + 4 * slot + k : 8192 + 256 * position + 64 * slot + k - 4;
        reached += quantile(run, EXPONENTIAL, draw(run, P_STRIKE_GAP, key, m->ordinal, sub));
        if (reached >= hazard) return;
        insert_strike(run, m, m->minutes * reached / hazard, threat, sub);
    }
}

/* Enter the leg ahead, with whatever will happen on it. `position` numbers the leg over the whole movement. */
static void set_out(Run *run, Movement *m, Int position, int empty) {
    const Leg *leg = &run->legs[m->leg];
    m->minutes = travel_minutes(run, m, leg, position);
    m->driven = 0;
    m->strikes = -1;
    for (Int slot = 0; slot < (leg->threats_end - leg->threats) / 2; slot++) {
        const Int *threat = run->lists + leg->threats + 2 * slot;
        Int hazard = hazard_on(run, m, leg, &run->threats[threat[0]], threat[1], empty);
        if (hazard > 0) draw_strikes(run, m, threat[0], hazard, position, slot);
    }
}

static inline Int next_halt(const Run *run, const Movement *m) {
    return m->strikes >= 0 ? run->strikes[m->strikes].driven : m->minutes;
}

static void end_resupply(Run *run, Movement *m) {
    m->supply = run->now;
    m->row = record_of(run, m, K_RESUME, H_RESUPPLY, m->row, -1, -1);
}

/* Halt for supplies; whether that takes time. */
static int begin_resupply(Run *run, Movement *m) {
    const Lift *lift = &run->lifts[m->lift];
    Int halt = sample(run, lift->resupply, P_RESUPPLY, lift->key, m->ordinal, 0);
    m->row = record_of(run, m, K_RESUPPLY, H_ROUTE, m->row, -1, -1);
    if (halt) {
        m->doing = RESUPPLYING;
        bind(run, halt, R_TRAVEL, m->number, 0, 0, 0);
        return 1;
    }
    end_resupply(run, m);
    return 0;
}

/* Vehicles and the loads on them are lost, the last loaded first; people ride on with the others. */
static void lose_vehicles(Run *run, Movement *m, Int threat, Int vehicles, Int cause) {
    if (vehicles <= 0) return;
    record_of(run, m, K_LOST, H_INCIDENT, cause, threat, vehicles);
    m->lost += vehicles;
    const Lift *lift = &run->lifts[m->lift];
    Int units = vehicles * (lift->is_column ? 1 : lift->capacity);
    Take *aboard = run->takes + m->aboard;
    for (Int at = m->aboard_count - 1; at >= 0; at--) {
        Take *take = &aboard[at];
        const Item *item = &run->items[take->item];
        if (item->people) continue;
        Int gone = least_of(units, take->quantity);
        if (gone) {
            take->quantity -= gone;
            units -= gone;
            cut_due(run, next_stage(run, take->stage, lift->to), item->last, gone);
            Int row = record(run, K_LOST, H_INCIDENT, cause, m->number, m->lift, threat, m->place, take->item, gone);
            count_cargo(run, take->item, gone, row);
        }
    }
    Int kept = 0;
    for (Int at = 0; at < m->aboard_count; at++)
        if (aboard[at].quantity) aboard[kept++] = aboard[at];
    m->aboard_count = kept;
}

/* The next event on the leg: people hurt, vehicles lost with their load, a halt; whether that takes time. */
static int strike(Run *run, Movement *m) {
    Strike hit = run->strikes[m->strikes];
    m->strikes = hit.next;
    const Threat *threat = &run->threats[hit.threat];
    Int key = run->lifts[m->lift].key;
    Int hurt = sample(run, threat->hurt, P_STRIKE, key, m->ordinal, 4 * hit.sub + 1);
    m->row = m->cause = record_of(run, m, K_STRIKE, H_ROUTE, m->row, hit.threat, hurt);
    Int lost = sample(run, threat->lost, P_STRIKE, key, m->ordinal, 4 * hit.sub + 2);
    if (lost) lose_vehicles(run, m, hit.threat, least_of(lost, m->vehicles - m->lost), m->cause);
    Int halt = sample(run, threat->halt, P_STRIKE, key, m->ordinal, 4 * hit.sub);
    if (halt) {
        m->doing = HALTED;
        m->threat = hit.threat;
        bind(run, halt, R_TRAVEL, m->number, 0, 0, 0);
        return 1;
    }
    return 0;
}

/* Drive until so many minutes of the leg are driven; whether that takes time. */
static int drive_stretch(Run *run, Movement *m, Int until) {
    Int supplies = run->lifts[m->lift].supplies;
    while (m->driven < until) {
        Int stretch = until - m->driven;
        if (supplies < NEVER) stretch = least_of(stretch, m->supply + supplies - run->now);
        if (stretch > 0) {
            m->doing = DRIVING;
            m->stretch = stretch;
            bind(run, stretch, R_TRAVEL, m->number, 0, 0, 0);
            return 1;
        }
        if (begin_resupply(run, m)) return 1;
    }
    return 0;
}

/* Drive to the next event or the end of the leg, halting for supplies; whether the leg is over at once. */
static int drive_on(Run *run, Movement *m) {
    for (;;) {
        if (drive_stretch(run, m, next_halt(run, m))) return 0;
        if (m->strikes < 0) return 1;
        if (strike(run, m)) return 0;
    }
}

/* A stretch of road or a halt is over: go on; whether the leg is over. */
static int end_stretch(Run *run, Movement *m) {
    if (m->doing == DRIVING) {
        m->driven += m->stretch;
        Int until = next_halt(run, m);
        if (m->driven < until && begin_resupply(run, m)) return 0;
        if (m->driven >= until) {
            if (m->strikes < 0) return 1;
            if (strike(run, m)) return 0;
        }
    } else if (m->doing == RESUPPLYING) {
        end_resupply(run, m);
    } else {
        m->row = record_of(run, m, K_RESUME, H_INCIDENT, m->cause, m->threat, -1);
    }
    return drive_on(run, m);
}

/* Clearances: asking, waiting, being refused, asking again, letting one lapse. Twin of `clearances.py`. */
#pragma once
#include "counts.h"

enum { MOST_ATTEMPTS = 8191 };

/* The first gate slot of a phase; phase 2, the way home, has nothing to ask. */
static inline Int first_slot(const Run *run, const Movement *m, Int phase) {
    const Lift *lift = &run->lifts[m->lift];
    return phase == 0 ? 0 : (phase == 1 ? lift->back : lift->gates_end) - lift->gates;
}

static inline Int gate_at(const Run *run, const Movement *m, Int slot) {
    return listed(run, run->lifts[m->lift].gates + slot);
}

static inline Int sub_of(const Ask *ask, Int slot) { return 8 * least_of(ask->attempt, MOST_ATTEMPTS) + slot; }

/* Whether every camp that the authority waits for has closed. */
static int has_cause_to_answer(const Run *run, const Gate *gate) {
    for (Int at = gate->after; at < gate->after_end; at++)
        if (run->camps[listed(run, at)].state != CLOSED) return 0;
    return 1;
}

/* Whether the present regime of a gate refuses every request. */
static Int is_hopeless(const Run *run, const Gate *gate) {
    const Regime *regime = &run->regimes[gate->regime];
    if (regime->stance == STANCE_OBSTRUCTING) return 1;
    return regime->refusal >= 0 && value_at(run, regime->refusal, run->now) >= CERTAIN;
}

/* A refusal starts the lift's block, unless it is already blocked, and is followed by another try. */
static void refuse(Run *run, Movement *m, Int slot, Int cause) {
    Int number = gate_at(run, m, slot);
    const Gate *gate = &run->gates[number];
    Int row = record(run, K_REFUSE, H_CLEARANCE, cause, m->number, m->lift, number, -1, -1, -1);
    Lift *lift = &run->lifts[m->lift];
    Ask *ask = ask_of(run, m->number, slot);
    if (lift->blocked_since < 0) {
        lift->blocked_since = run->now;
        lift->blocked_row = row;
    }
    Int wait = sample(run, run->regimes[gate->regime].retry, P_CLEARANCE_RETRY, lift->key, m->ordinal,
                      sub_of(ask, slot));
    ask->retrying = 1;
    Int hopeless = is_hopeless(run, gate);
    if (!hopeless) run->active += 1;
    /* a retry in the same minute would never let time pass */
    bind(run, most_of(wait, 1), R_RETRY, 16 * m->number + slot, ask->attempt, hopeless, row);
}

static void bind_answer(Run *run, Movement *m, Int slot, Int row) {
    const Gate *gate = &run->gates[gate_at(run, m, slot)];
    const Regime *regime = &run->regimes[gate->regime];
    const Ask *ask = ask_of(run, m->number, slot);
    const Lift *lift = &run->lifts[m->lift];
    if (regime->stance == STANCE_OBSTRUCTING) {
        refuse(run, m, slot, row);
        return;
    }
    Int sub = sub_of(ask, slot);
    Int factor = factor_of(run, gate->driver, lift->area);
    Int lead = sample(run, regime->lead, P_CLEARANCE_LEAD, lift->key, m->ordinal, sub) * factor / 1000;
    Int refused = 0;
    if (regime->refusal >= 0) {
        Int threshold = value_at(run, regime->refusal, run->now) * factor / 1000;
        refused = draw(run, P_CLEARANCE_ANSWER, lift->key, m->ordinal, sub) < threshold;
    }
    run->active += 1;
    bind(run, lead, R_ANSWER, 16 * m->number + slot, ask->attempt, refused, row);
}

/* Send one request and bind its answer. */
static void request(Run *run, Movement *m, Int slot, Int cause, Int held_by) {
    Ask *ask = ask_of(run, m->number, slot);
    ask->attempt += 1;
    ask->retrying = 0;
    Int number = gate_at(run, m, slot);
    Int row = record(run, K_REQUEST, held_by, cause, m->number, m->lift, number, -1, -1, ask->attempt);
    if (!has_cause_to_answer(run, &run->gates[number])) {
        run->waiting[run->waiting_count++] = (Request){.gate = number, .movement = m->number, .slot = slot};
        return;
    }
    bind_answer(run, m, slot, row);
}

/* Ask every authority concerned for this phase of a movement; overwatch is asked at departure. */
static void request_all(Run *run, Movement *m, Int phase) {
    m->phase = phase;
    m->pending = 0;
    Ask *asks = ask_of(run, m->number, 0);
    for (Int slot = 0; slot < GATE_SLOTS; slot++) asks[slot].pending = 0;
    Int first = first_slot(run, m, phase), last = first_slot(run, m, phase + 1);
    for (Int slot = first; slot < last; slot++)
        if (!run->gates[gate_at(run, m, slot)].advisory) {
            asks[slot].pending = 1;
            m->pending += 1;
        }
    m->cleared_row = m->row;
    for (Int slot = first; slot < last; slot++)
        if (asks[slot].pending) request(run, m, slot, m->row, phase ? H_LOADING : H_CLEARANCE);
}

static void grant(Run *run, Movement *m, Int slot, Int cause) {
    Int number = gate_at(run, m, slot);
    Int row = record(run, K_GRANT, H_CLEARANCE, cause, m->number, m->lift, number, -1, -1, -1);
    Ask *ask = ask_of(run, m->number, slot);
    ask->pending = 0;
    m->pending -= 1;
    m->cleared_row = row;
    run->lifts[m->lift].blocked_since = -1;
    Int validity = run->gates[number].valid;
    if (validity < NEVER) {
        ask->until = run->now + validity;
        bind(run, validity, R_LAPSE, 16 * m->number + slot, ask->attempt, m->phase, row);
    }
    if (!m->pending && m->departing >= 0) mark_movement(run, m);
}

/* The answer to a request, if that is still the last one. */
static void answer(Run *run, Int index, Int attempt, Int refused, Int row) {
    run->active -= 1;
    Movement *m = &run->movements[index >> 4];
    Int slot = index & 15;
    const Ask *ask = ask_of(run, m->number, slot);
    if (m->home || !ask->pending || ask->attempt != attempt) return;
    if (refused)
        refuse(run, m, slot, row);
    else
        grant(run, m, slot, row);
}

/* A clearance whose run has not started in time is asked for again. */
static void lapse(Run *run, Int index, Int attempt, Int phase, Int row) {
    Movement *m = &run->movements[index >> 4];
    Int slot = index & 15;
    Ask *ask = ask_of(run, m->number, slot);
    if (m->home || m->begun >= phase || ask->attempt != attempt || ask->until != run->now) return;
    Int lapsed = record(run, K_LAPSE, H_CLEARANCE, row, m->number, m->lift, gate_at(run, m, slot), -1, -1, -1);
    if (!ask->pending) {
        ask->pending = 1;
        m->pending += 1;
    }
    if (m->departing >= 0) m->hold = H_CLEARANCE;
    request(run, m, slot, lapsed, H_CLEARANCE);
}

/* Ask again after a refusal, if that was the last word. */
static void retry(Run *run, Int index, Int attempt, Int hopeless, Int row) {
    if (!hopeless) run->active -= 1;
    Movement *m = &run->movements[index >> 4];
    Int slot = index & 15;
    const Ask *ask = ask_of(run, m->number, slot);
    if (!m->home && ask->pending && ask->attempt == attempt) request(run, m, slot, row, H_CLEARANCE);
}

static int has_something_due(const Run *run, const Lift *lift) {
    for (Int at = lift->cands; at < lift->cands_end; at += 4)
        if (run->stages[listed(run, at + 3)].due_at) return 1;
    return 0;
}

/* Lifts of a list that still have something to carry are blocked from now on. */
static void begin_blocks(Run *run, Int at, Int end, Int row) {
    for (; at < end; at++) {
        Lift *lift = &run->lifts[listed(run, at)];
        if (lift->blocked_since < 0 && has_something_due(run, lift)) {
            lift->blocked_since = run->now;
            lift->blocked_row = row;
        }
    }
}

/* A new regime: its start is known to all, so a block begins or ends with it, and those refused ask again. */
static void change_regime(Run *run, Int number, Int regime) {
    Gate *gate = &run->gates[number];
    Int stance = run->regimes[regime].stance;
    Int row = record(run, K_REGIME, H_CALENDAR, 0, -1, number, -1, -1, -1, stance);
    gate->regime = regime;
    if (stance == STANCE_OBSTRUCTING) {
        begin_blocks(run, gate->lifts, gate->lifts_end, row);
        return;
    }
    for (Int at = gate->lifts; at < gate->lifts_end; at++) run->lifts[listed(run, at)].blocked_since = -1;
    for (Int at = 0, count = choose_active(run, gate->lifts, gate->lifts_end); at < count; at++) {
        Movement *m = chosen(run, at);
        for (Int slot = 0, last = first_slot(run, m, 2); slot < last; slot++) {
            const Ask *ask = ask_of(run, m->number, slot);
            if (ask->retrying && ask->pending && gate_at(run, m, slot) == number)
                request(run, m, slot, row, H_CLEARANCE);
        }
    }
}

/* A camp has closed: authorities that waited for it begin to deal with the requests they hold. */
static void answer_after(Run *run, Int gates, Int gates_end, Int row) {
    for (; gates < gates_end; gates++) {
        Int number = listed(run, gates);
        if (!run->waiting_count || !has_cause_to_answer(run, &run->gates[number])) continue;
        Int kept = 0, count = run->waiting_count;
        for (Int at = 0; at < count; at++) {
            Request waiting = run->waiting[at];
            if (waiting.gate != number) {
                run->waiting[kept++] = waiting;
                continue;
            }
            Movement *m = &run->movements[waiting.movement];
            if (!m->home && ask_of(run, waiting.movement, waiting.slot)->pending)
                bind_answer(run, m, waiting.slot, row);
        }
        run->waiting_count = kept;
    }
}

/* Ask for cover of the run that begins now: a refusal does not stop it. Gives the last row. */
static Int ask_overwatch(Run *run, Movement *m, Int cause) {
    Int row = cause;
    m->covered = 1;
    const Lift *lift = &run->lifts[m->lift];
    for (Int slot = first_slot(run, m, m->phase), last = first_slot(run, m, m->phase + 1); slot < last; slot++) {
        Int number = gate_at(run, m, slot);
        const Gate *gate = &run->gates[number];
        if (!gate->advisory) continue;
        Ask *ask = ask_of(run, m->number, slot);
        ask->attempt += 1;
        const Regime *regime = &run->regimes[gate->regime];
        int refused = regime->stance == STANCE_OBSTRUCTING;
        if (!refused && regime->refusal >= 0) {
            Int threshold =
                value_at(run, regime->refusal, run->now) * factor_of(run, gate->driver, lift->area) / 1000;
            refused = draw(run, P_CLEARANCE_ANSWER, lift->key, m->ordinal, sub_of(ask, slot)) < threshold;
        }
        row = record(run, refused ? K_REFUSE : K_GRANT, H_CLEARANCE, row, m->number, m->lift, number, -1, -1, -1);
        if (refused) m->covered = 0;
    }
    return row;
}

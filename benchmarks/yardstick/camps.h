/* A camp's life: its target day, readiness to close, the rear party, closing; what decisions do to it. Twin of
   `camps.py`. */
#pragma once
#include "movements.h"

/* The latest window known at a minute gives the target day; the camp's one draw places it in there. */
static void set_target(Run *run, Int row, Int minute, Int target_row) {
    Camp *camp = &run->camps[row];
    Int window = -1;
    for (Int at = camp->windows; at < camp->windows_end; at += 2)
        if (listed(run, at) <= minute) window = listed(run, at + 1);
    if (window < 0 || camp->accelerated) return;
    camp->target = quantile(run, table_at(run, window, minute), draw(run, P_TARGET, camp->key, 0, 0));
    camp->target_row = target_row;
    wake(run, camp->target, WAKES_CAMP, row);
    mark_place(run, camp->place);
}

/* The rear party is ready: columns that wait for it go on, in the order of their numbers. */
static void wake_joiners(Run *run, Int row) {
    const Camp *camp = &run->camps[row];
    for (Int at = 0, count = choose_active(run, camp->passing, camp->passing_end); at < count; at++) {
        Movement *m = chosen(run, at);
        if (m->join >= 0 && run->joins[m->join].camp == row && !m->is_called) {
            m->is_called = 1;
            queue(run, JOINS, m->number);
        }
    }
}

/* Whether a unit is here that the camp's column takes along. */
static int is_somebody_left(const Run *run, const Camp *camp) {
    const Place *place = &run->places[camp->place];
    for (Int at = place->stages; at < place->stages_end; at++) {
        const Stage *stage = &run->stages[listed(run, at)];
        if (stage->in_column && stage->here) return 1;
    }
    return 0;
}

/* Whether own means still wait for work or are in work. */
static int is_own_unpacked(const Run *run, const Place *place) {
    Int ready = 0;
    for (Int at = place->stages; at < place->stages_end; at++) {
        const Stage *stage = &run->stages[listed(run, at)];
        if (stage->own) ready += stage->ready;
    }
    return place->due_own > ready;
}

/* The row that satisfied what held the camp. */
static Int freed_by(const Run *run, const Camp *camp, Int held) {
    const Place *place = &run->places[camp->place];
    if (held == H_TARGET_DAY) return camp->target_row;
    if (held == H_PREDECESSOR) {
        Int latest = most_of(place->inbound_row, place->due_row);
        if (!camp->accelerated)
            for (Int at = camp->after; at < camp->after_end; at++)
                latest = most_of(latest, run->camps[listed(run, at)].close_row);
        for (Int at = camp->serves; at < camp->serves_end; at++)
            latest = most_of(latest, run->camps[listed(run, at)].close_row);
        return latest;
    }
    if (held == H_WORK) {
        Int latest = place->due_row;
        for (Int at = place->stages; at < place->stages_end; at++) {
            const Stage *stage = &run->stages[listed(run, at)];
            if (stage->own) latest = most_of(latest, stage->ready_row);
        }
        return latest;
    }
    return most_of(most_of(place->due_row, place->left_row), place->inbound_row);
}

/* The rear party is ready: the column may form, or, with nobody and nothing left for one, the camp closes. */
static void try_end(Run *run, Int row) {
    Camp *camp = &run->camps[row];
    if (is_in_use(run, row)) { /* something came while the rear party was at work */
        camp->hold = H_CARGO;
        return;
    }
    if (camp->joiners) wake_joiners(run, row);
    if (camp->column >= 0 && is_somebody_left(run, camp)) {
        mark_lift(run, camp->column);
        if (!camp->column_starts_here) camp->hold = H_PREDECESSOR; /* it joins the column of another camp */
        return;
    }
    Int held = H_HANDOVER, cause = camp->rear_row;
    if (camp->hold == H_CARGO && freed_by(run, camp, H_CARGO) > cause) {
        held = H_CARGO;
        cause = freed_by(run, camp, H_CARGO);
    }
    close_camp(run, row, held, cause, 0);
}

static void try_begin(Run *run, Int row) {
    Camp *camp = &run->camps[row];
    if (!camp->closes) return;
    const Place *place = &run->places[camp->place];
    Int hold = -1;
    if (!camp->accelerated && run->now < camp->target)
        hold = H_TARGET_DAY;
    else if (!are_before_closed(run, camp) || place->inbound)
        hold = H_PREDECESSOR;
    else if (is_own_unpacked(run, place))
        hold = H_WORK;
    else if (is_in_use(run, row))
        hold = H_CARGO;
    else if (camp->column >= 0 && !recall(run, row))
        hold = H_PREDECESSOR;
    if (hold >= 0) {
        camp->hold = hold;
        return;
    }
    Int held = camp->hold >= 0 ? camp->hold : H_CARGO;
    camp->state = REAR_PARTY;
    Int written = record(run, K_HANDOVER, held, freed_by(run, camp, held), -1, row, -1, camp->place, -1, -1);
    Int handover = sample(run, camp->handover, P_HANDOVER, camp->key, 0, 0);
    run->active += 1;
    bind(run, handover, R_HANDOVER, row, written, 0, 0);
}

/* Let a camp go one step on if it can: begin the rear party, let the column go, or close. */
static void try_close(Run *run, Int row) {
    Int state = run->camps[row].state;
    if (state == OPEN)
        try_begin(run, row);
    else if (state == REAR_READY)
        try_end(run, row);
}

/* The rear party is ready for the last march. */
static void end_handover(Run *run, Int row, Int handover_row) {
    run->active -= 1;
    Camp *camp = &run->camps[row];
    camp->state = REAR_READY;
    camp->rear_row = record(run, K_REAR_READY, H_HANDOVER, handover_row, -1, row, -1, camp->place, -1, -1);
    if (camp->column >= 0) {
        mark_lift(run, camp->column);
        const Lift *column = &run->lifts[camp->column];
        for (Int at = column->cands; at < column->cands_end; at += 4) {
            Stage *stage = &run->stages[listed(run, at + 3)];
            if (stage->place == camp->place && stage->ready > 0) stage->ready_row = camp->rear_row;
        }
    }
    mark_place(run, camp->place);
}

/* --- what decisions do to a camp --------------------------------------------------------------------- */

/* Remove the target, never the work; minimum force falls to its least. */
static void accelerate(Run *run, Int row, Int cause) {
    Camp *camp = &run->camps[row];
    if (camp->state == CLOSED || camp->accelerated) return;
    camp->accelerated = 1;
    camp->target = -1;
    camp->target_row = run->places[camp->place].guard_row = cause;
    mark_place(run, camp->place);
}

/* Close a hub that was to stay: what nobody can move any more is left where it stands. */
static void give_up(Run *run, Int row, Int cause) {
    Camp *camp = &run->camps[row];
    if (camp->state == CLOSED || camp->given_up) return;
    run->camps_left += 1 - camp->closes;
    camp->given_up = camp->closes = 1;
    accelerate(run, row, cause);
    mark_place(run, camp->place);
    recall(run, row);
    leave_if_given_up(run, row, cause);
}

static void destroy_tomorrow(Run *run, Int row, Int cause) {
    run->active += 1;
    bind(run, MINUTES_PER_DAY, R_DESTROY, row, cause, 0, 0);
}

/* Loads of the classes to be spared are left where they stand. */
static void leave_spared(Run *run, Int row, Int cause) {
    const Camp *camp = &run->camps[row];
    Int spare = run->decisions[camp->destroying].spare;
    const Place *place = &run->places[camp->place];
    for (Int at = place->cargo; at < place->cargo_end; at++) {
        Int number = listed(run, at);
        const Stage *stage = &run->stages[number];
        if (spare >> run->items[stage->item].kind & 1)
            leave_cargo(run, row, number, unmoved(stage), K_RESIDUAL, H_DECISION, cause);
    }
}

/* One day's destruction, what nobody has begun to move; movements that never started give theirs back. */
static void destroy(Run *run, Int row, Int cause) {
    Camp *camp = &run->camps[row];
    const Place *place = &run->places[camp->place];
    recall(run, row);
    leave_spared(run, row, cause);
    Int left = run->decisions[camp->destroying].rate;
    for (Int at = place->cargo; at < place->cargo_end; at++) {
        Int stage = listed(run, at);
        Int quantity = least_of(left, unmoved(&run->stages[stage]));
        left -= leave_cargo(run, row, stage, quantity, K_DESTROY, H_WORK, cause);
    }
    if (camp->state != OPEN || (place->due_other == 0 && !is_own_unpacked(run, place))) {
        camp->destroying = -1;
        return;
    }
    destroy_tomorrow(run, row, most_of(cause, place->due_row));
}

/* Destroy what still waits at a camp, at the decision's rate, until nothing is due there. */
static void start_destroying(Run *run, Int row, Int decision, Int cause) {
    Camp *camp = &run->camps[row];
    if (camp->destroying >= 0 || camp->state == CLOSED) return;
    camp->destroying = decision;
    if (run->decisions[decision].rate >= UNLIMITED) {
        destroy(run, row, cause);
    } else {
        leave_spared(run, row, cause);
        destroy_tomorrow(run, row, cause);
    }
}

/* Another day of destruction. */
static void destroy_on(Run *run, Int row, Int cause) {
    run->active -= 1;
    destroy(run, row, cause);
}

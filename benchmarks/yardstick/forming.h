/* Forming: taking all means that a movement needs, or nothing. Twin of `forming.py`. */
#pragma once
#include "choosing.h"
#include "reserving.h"

/* A lift waits from the minute in which something is ready for it. */
static inline void begins_to_wait(const Run *run, Lift *lift) {
    if (lift->since < 0 && (lift->ready > 0 || is_resupply_due(run, lift))) lift->since = run->now;
}

static void drop_claim(Run *run, Int row, Int number) {
    if (number >= 0 && run->assets[number].claimant == row) {
        run->assets[number].claimant = -1;
        mark_asset(run, number);
    }
}

static void drop_claims(Run *run, Int row, const Lift *lift) {
    drop_claim(run, row, lift->asset);
    drop_claim(run, row, lift->escort);
}

/* Nothing is left for a lift to take. */
static void stops_waiting(Run *run, Int row, Lift *lift) {
    lift->since = -1;
    lift->lacks_means = lift->hold_is_means = 0;
    lift->held_by = -1;
    drop_claims(run, row, lift);
}

static void wake_lift(Run *run, Int row, Lift *lift, Int minute) {
    if (lift->wake != minute) {
        lift->wake = minute;
        wake(run, minute, WAKES_LIFT, row);
    }
}

/* Whether a lift comes before another in the order of forming. */
static int comes_before(const Run *run, Int one, Int other) {
    const Lift *first = &run->lifts[one], *second = &run->lifts[other];
    if (first->rank != second->rank) return first->rank < second->rank;
    if (first->since != second->since) return first->since < second->since;
    return one < other;
}

/* After its reserve time a lift keeps scarce means from lifts of a lower rank. */
static void claim(Run *run, Int row, Lift *lift) {
    if (lift->reserve >= NEVER) return;
    if (run->now - lift->since < lift->reserve) {
        wake_lift(run, row, lift, lift->since + lift->reserve);
        return;
    }
    const Int numbers[] = {lift->asset, lift->escort};
    for (int k = 0; k < 2; k++)
        if (numbers[k] >= 0) {
            Asset *asset = &run->assets[numbers[k]];
            if (asset->claimant < 0 || (asset->claimant != row && comes_before(run, row, asset->claimant)))
                asset->claimant = row;
        }
}

/* What failed, and what is worth another look. */
static void remember(Run *run, Int row, Lift *lift) {
    lift->lacks_means = run->look_lacks_means;
    lift->held_by_place = run->look_by_place;
    lift->held_by_ties = run->look_by_ties;
    if (run->look_hold != NONE_FAILED) {
        lift->held_by = run->look_hold;
        lift->cause = run->look_cause;
        lift->hold_is_means = run->look_lacks_means;
    }
    if (run->look_lacks_means) claim(run, row, lift);
    if (run->look_again < NEVER) wake_lift(run, row, lift, run->look_again);
}

static int in_service(Run *run, const Lift *lift) {
    if (lift->stopped)
        fails(run, H_DECISION, 0);
    else if (!(lift->first <= run->now && run->now < lift->last))
        fails(run, H_CALENDAR, 0);
    else
        return 1;
    return 0;
}

/* --- how many vehicles ------------------------------------------------------------------------------- */

/* A movement below the least size may go after the longest wait, or when nothing more can become ready. */
static int is_exempt(Run *run, const Lift *lift) {
    if (lift->is_column || run->now - lift->since >= lift->wait) return 1;
    Int upcoming = -run->look_total;
    for (Int at = lift->cands; at < lift->cands_end; at += 4) upcoming += run->stages[listed(run, at + 3)].due_at;
    if (upcoming <= 0) return 1;
    if (lift->wait < NEVER) run->look_again = least_of(run->look_again, lift->since + lift->wait);
    return 0;
}

/* Free units of an asset for a lift: none while a lift of a better rank keeps them for itself. */
static Int free_units(const Run *run, Int row, Int lift_row) {
    const Asset *asset = &run->assets[row];
    if (asset->claimant >= 0 && asset->claimant != lift_row && comes_before(run, asset->claimant, lift_row)) return 0;
    return most_of(asset->number - asset->busy, 0);
}

/* Escorts needed for so many vehicles; the vehicles they cover; -1 if there are too few. */
static Int free_escorts(const Run *run, Int row, const Lift *lift, Int *vehicles, Int least) {
    if (lift->escort < 0) return 0;
    Int available = free_units(run, lift->escort, row);
    Int per = lift->escort_vehicles, fewest = lift->escort_least;
    Int covered = per >= UNLIMITED ? *vehicles : least_of(*vehicles, available * per);
    if (available < fewest || covered < least) return -1;
    *vehicles = covered;
    return per >= UNLIMITED ? fewest : most_of(fewest, ceil_div(covered, per));
}

/* Vehicles and escorts for a movement that may form now; 0, with the failed requirement in the look, if none may. */
static int size(Run *run, Int row, const Lift *lift, Int *vehicles, Int *escorts) {
    if (!in_service(run, lift)) return 0;
    collect(run, row, lift);
    int resupply = is_resupply_due(run, lift);
    if (run->look_total == 0 && !resupply) return 0;
    Int wanted = least_of(most_of(ceil_div(run->look_total, lift->capacity), 1), lift->most);
    if (wanted < lift->least && !resupply && !is_exempt(run, lift)) {
        run->look_hold = H_SMALL;
        run->look_cause = newest(run, lift);
        return 0;
    }
    Int least = least_of(wanted, lift->least), hold = NONE_FAILED, cause = 0;
    *vehicles = wanted;
    if (lift->asset >= 0) {
        Int available = free_units(run, lift->asset, row);
        if (available < least) {
            hold = run->assets[lift->asset].hold;
            cause = run->assets[lift->asset].row;
        }
        *vehicles = least_of(wanted, available);
    }
    /* without vehicles, whether escorts are short as well */
    if (hold != NONE_FAILED) *vehicles = wanted;
    *escorts = free_escorts(run, row, lift, vehicles, least);
    if (*escorts < 0 && run->assets[lift->escort].hold < hold) {
        hold = run->assets[lift->escort].hold;
        cause = run->assets[lift->escort].row;
    }
    for (Int at = lift->needs; at < lift->needs_end; at += 2) {
        Int number = listed(run, at);
        if (free_units(run, number, row) < listed(run, at + 1) && run->assets[number].hold < hold) {
            hold = run->assets[number].hold;
            cause = run->assets[number].row;
        }
    }
    if (hold != NONE_FAILED) {
        run->look_hold = hold;
        run->look_cause = cause;
        run->look_lacks_means = 1;
        return 0;
    }
    return 1;
}

/* --- taking ------------------------------------------------------------------------------------------ */

/* A movement is never larger than what its destination can ever hold. */
static Int destination_room(const Run *run, const Lift *lift) {
    const Place *to = &run->places[lift->to];
    return most_of(lift->carries == CARRIES_PEOPLE ? to->room : to->yard, 1);
}

/* Cut what the look found to what the vehicles carry; gives how many takes are left of it. */
static Int cut_takes(Run *run, const Lift *lift, Int *vehicles, Int *escorts) {
    Take *takes = run->look_takes;
    if (lift->is_column) {
        Int own = 0;
        for (Int at = 0; at < run->look_takes_count; at++)
            if (!run->items[takes[at].item].people) own += takes[at].quantity;
        *vehicles = most_of(*vehicles, own);
        return run->look_takes_count;
    }
    Int ceiling = least_of(*vehicles * lift->capacity, destination_room(run, lift)), count = 0, total = 0;
    for (Int at = 0; at < run->look_takes_count; at++) {
        Int taken = least_of(takes[at].quantity, ceiling - total);
        if (taken > 0) {
            takes[at].quantity = taken;
            total += taken;
            count = at + 1;
        }
    }
    if (total) {
        *vehicles = least_of(*vehicles, ceil_div(total, lift->capacity));
        if (lift->escort >= 0 && lift->escort_vehicles < UNLIMITED)
            *escorts = most_of(lift->escort_least, ceil_div(*vehicles, lift->escort_vehicles));
    }
    return count;
}

/* A movement with what it is to fetch; there is room for both. */
static Movement *new_movement(Run *run, Int row, Lift *lift, Int vehicles, Int escorts, Int count) {
    Int number = run->movement_count++;
    Movement *m = &run->movements[number];
    m->number = number;
    m->lift = row;
    m->ordinal = lift->formed++;
    m->vehicles = vehicles;
    m->escorts = escorts;
    m->manifest = run->takes_count;
    m->manifest_count = count;
    run->takes_count += count;
    m->aboard = run->takes_count;
    m->aboard_count = 0;
    run->takes_count += count + lift->joining;
    for (Int at = 0; at < count; at++) run->takes[m->manifest + at] = run->look_takes[at];
    Ask *asks = ask_of(run, number, 0);
    for (Int slot = 0; slot < GATE_SLOTS; slot++) asks[slot] = (Ask){.attempt = -1, .until = -1};
    m->camp = m->begun = m->place = m->hold = m->departing = m->wake = m->strikes = m->next = m->join = m->column = -1;
    m->last_minute = -1;
    m->cleared_row = m->phase = m->pending = m->run_start = m->since = m->hold_cause = m->started = m->lost = 0;
    m->room = m->yard = m->supply = m->home = m->is_due = m->is_disbanded = 0;
    m->covered = 1;
    return m;
}

/* The last row that freed any of a lift's means of one kind of hold. */
static Int last_freed(const Run *run, const Lift *lift, Int held) {
    Int latest = 0;
    if (lift->asset >= 0 && run->assets[lift->asset].hold == held)
        latest = most_of(latest, run->assets[lift->asset].row);
    if (lift->escort >= 0 && run->assets[lift->escort].hold == held)
        latest = most_of(latest, run->assets[lift->escort].row);
    for (Int at = lift->needs; at < lift->needs_end; at += 2) {
        const Asset *asset = &run->assets[listed(run, at)];
        if (asset->hold == held) latest = most_of(latest, asset->row);
    }
    return latest;
}

/* The row that satisfied the requirement that had failed at the last look. */
static Int satisfied_by(const Run *run, const Lift *lift, Int held, Int cause) {
    if (lift->hold_is_means) return last_freed(run, lift, held);
    if (held == H_WORK || held == H_SMALL) {
        Int row = newest(run, lift);
        for (Int at = 0; at < run->look_takes_count; at++)
            row = most_of(row, run->items[run->look_takes[at].item].tie_row);
        return row;
    }
    Int latest = -1;
    for (Int at = lift->unit_quotas; at < lift->unit_quotas_end; at++) {
        const Quota *quota = &run->quotas[listed(run, at)];
        if (quota->hold == held) latest = most_of(latest, quota->row);
    }
    if (latest >= 0) return latest;
    if (held == H_GUARD) {
        for (Int at = lift->picks; at < lift->picks_end; at++)
            latest = most_of(latest, run->places[listed(run, at)].guard_row);
        return latest;
    }
    return cause;
}

/* Take units and means, write the row, and leave the story to begin. */
static int form(Run *run, Int row, Lift *lift, Int vehicles, Int escorts) {
    if (run->movement_count >= run->movements_limit) {
        run->fault = MOVEMENTS_FULL;
        return 0;
    }
    /* what is to be fetched has an entry to be fetched by and one to be aboard by */
    if (run->takes_count + 2 * run->look_takes_count + lift->joining > run->takes_limit) {
        run->fault = TAKES_FULL;
        return 0;
    }
    Int count = cut_takes(run, lift, &vehicles, &escorts);
    Int held = lift->held_by, cause = lift->cause;
    if (held < 0) {
        held = count ? H_WORK : H_SUPPLY;
        cause = count ? newest(run, lift) : 0;
    }
    cause = satisfied_by(run, lift, held, cause);
    Movement *m = new_movement(run, row, lift, vehicles, escorts, count);
    const Int *picks = run->lists + lift->picks;
    m->row = record(run, K_FORM, held, cause, m->number, row, -1, picks[0], -1, vehicles);
    lift->formed_row = m->row;
    take_means(run, lift, m);
    if (lift->is_column) begin_column(run, m, run->places[picks[0]].camp);
    const Take *manifest = run->takes + m->manifest;
    for (Int at = 0; at < count; at++)
        reserve(run, manifest[at].item, manifest[at].stage, picks[manifest[at].pick], lift->to, manifest[at].quantity);
    for (Int at = lift->unit_quotas; at < lift->unit_quotas_end; at++) {
        Quota *quota = &run->quotas[listed(run, at)];
        Int units = 0;
        for (Int number = 0; number < count; number++)
            if (counts_item(run, quota, &run->items[manifest[number].item])) units += manifest[number].quantity;
        if (units) use_quota(run, quota, units, m->row);
    }
    if (lift->brings) change_bringing(run, lift, 1);
    run->places[lift->to].inbound += 1;
    lift->lacks_means = 0;
    drop_claims(run, row, lift);
    lift->since = run->now;
    run->formed[run->formed_count++] = m->number;
    return 1;
}

/* Form one movement if every requirement holds; otherwise remember which did not. */
static int try_form(Run *run, Int row) {
    Lift *lift = &run->lifts[row];
    if (lift->since < 0) return 0;
    if (lift->ready <= 0 && !is_resupply_due(run, lift)) {
        stops_waiting(run, row, lift);
        return 0;
    }
    run->look_takes_count = run->look_total = run->look_cause = 0;
    run->look_hold = NONE_FAILED;
    run->look_again = NEVER;
    run->look_lacks_means = run->look_by_place = run->look_by_ties = 0;
    Int vehicles = 0, escorts = 0;
    if (!size(run, row, lift, &vehicles, &escorts)) {
        remember(run, row, lift);
        return 0;
    }
    return form(run, row, lift, vehicles, escorts);
}

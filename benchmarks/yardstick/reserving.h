/* Reserving: units and means that a movement holds, and giving them back. Twin of `reserving.py`. */
#pragma once
#include "counts.h"

/* From now on everybody at the camp leaves with this movement, and nobody is left to keep a force. */
static void begin_column(Run *run, Movement *m, Int row) {
    m->camp = row;
    run->camps[row].state = COLUMN;
    run->camps[row].force = -1;
}

/* A movement's means are busy. */
static void take_means(Run *run, const Lift *lift, const Movement *m) {
    for (Int at = lift->needs; at < lift->needs_end; at += 2)
        run->assets[listed(run, at)].busy += listed(run, at + 1);
    if (lift->asset >= 0) run->assets[lift->asset].busy += m->vehicles;
    if (m->escorts) run->assets[lift->escort].busy += m->escorts;
}

/* Units will leave a place: they stay there until loaded, but no other lift may count on them. */
static void reserve(Run *run, Int item_row, Int stage, Int place_row, Int to, Int quantity) {
    add_ready(run, stage, -quantity, 0);
    cut_due(run, stage, next_stage(run, stage, to), quantity);
    Item *item = &run->items[item_row];
    if (!item->people) return;
    Place *place = &run->places[place_row];
    place->unreserved -= quantity;
    place->armed -= quantity * item->armed;
    if (stage == item->first) item->gone += quantity;
    check_force(run, place_row);
    if (!item->armed && !(place->due_other + place->due_own)) {
        /* the last unarmed people to leave set the guards free */
        place->guard_row = run->rows_count - 1;
        mark_place(run, place_row);
    }
}

/* Take a reservation back. */
static void unreserve(Run *run, Int item_row, Int stage, Int place_row, Int to, Int quantity, Int row) {
    cut_due(run, stage, next_stage(run, stage, to), -quantity);
    Item *item = &run->items[item_row];
    if (item->people) {
        Place *place = &run->places[place_row];
        place->unreserved += quantity;
        place->armed += quantity * item->armed;
        if (stage == item->first) item->gone -= quantity;
        mark_place(run, place_row);
    }
    add_ready(run, stage, quantity, row);
}

/* One movement more or less is on its way with supplies; lifts that bring some to the same places look again. */
static void change_bringing(Run *run, const Lift *lift, Int more) {
    for (Int at = lift->picks; at < lift->picks_end; at++) {
        Place *place = &run->places[listed(run, at)];
        place->supply_inbound += more;
        for (Int lift_at = place->lifts; lift_at < place->lifts_end; lift_at++) {
            Int other = listed(run, lift_at);
            if (run->lifts[other].brings) mark_lift(run, other);
        }
    }
}

/* A lift that brings supplies also goes, empty, for a place below its reserve that nobody is bound for. */
static int is_resupply_due(const Run *run, const Lift *lift) {
    if (!lift->brings) return 0;
    for (Int at = lift->picks; at < lift->picks_end; at++) {
        const Place *place = &run->places[listed(run, at)];
        if (place->is_low && !place->supply_inbound) return 1;
    }
    return 0;
}

static void give_back_asset(Run *run, const Lift *lift, const Movement *m, Int number, Int count, int one_way,
                            Int row) {
    Asset *asset = &run->assets[number];
    Int gone = one_way ? count : number == lift->asset ? m->lost : 0;
    asset->number = most_of(asset->number - gone, 0);
    settle(run, number, count, row);
}

/* Means are free again; vehicles lost are gone for good, and so are means that do not come back. */
static void give_back(Run *run, Movement *m, Int row) {
    Lift *lift = &run->lifts[m->lift];
    int one_way = m->started && lift->from_origin && !lift->returns;
    for (Int at = lift->needs; at < lift->needs_end; at += 2)
        give_back_asset(run, lift, m, listed(run, at), listed(run, at + 1), one_way, row);
    if (lift->asset >= 0) give_back_asset(run, lift, m, lift->asset, m->vehicles, one_way, row);
    if (m->escorts) give_back_asset(run, lift, m, lift->escort, m->escorts, one_way, row);
    if (lift->brings && !m->started) change_bringing(run, lift, -1);
    m->home = 1;
    if (m->previous >= 0)
        run->movements[m->previous].next = m->next;
    else
        lift->first_active = m->next;
    if (m->next >= 0)
        run->movements[m->next].previous = m->previous;
    else
        lift->last_active = m->previous;
}

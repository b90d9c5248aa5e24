/* The calendar: dated changes of means, regimes, plans and deadlines; bans by date and by chance. Twin of
   `calendar.py`. */
#pragma once
#include "daily.h"

/* Draw whether, when and how long; a ban that begins before the start has begun. */
static void schedule_ban(Run *run, Int row) {
    const Ban *ban = &run->bans[row];
    if (ban->chance < CERTAIN && draw(run, P_BAN_HAPPENS, ban->key, 0, 0) >= ban->chance) return;
    Int start = most_of(sample(run, ban->start, P_BAN_START, ban->key, 0, 0), 0), end = ban->end;
    if (ban->length >= 0) end = start + sample(run, ban->length, P_BAN_LENGTH, ban->key, 0, 0);
    if (end <= start) return;
    run->calendar_left += 2;
    bind(run, start, R_BAN_CHANGES, 2 * row, 0, 0, 0);
    bind(run, end, R_BAN_CHANGES, 2 * row + 1, 0, 0, 0);
}

/* Bind every calendar entry and every ban of this replication. */
static void schedule(Run *run) {
    for (Int row = 0; row < run->calendar_count; row++) bind(run, run->calendar[row].minute, R_CALENDAR, row, 0, 0, 0);
    for (Int ban = 0; ban < run->bans_count; ban++) schedule_ban(run, ban);
}

static void change_window(Run *run, Int row) {
    const Camp *camp = &run->camps[row];
    if (camp->state || camp->accelerated) return;
    set_target(run, row, run->now, run->rows_count);
    record(run, K_WINDOW, H_CALENDAR, 0, -1, row, -1, camp->place, -1, camp->target);
}

/* An overdue contingent goes on guarding, but its escorts and other means with that limit stop. */
static void end_tour(Run *run, Int contingent) {
    const Contingent *body = &run->contingents[contingent];
    Int here = 0;
    for (Int at = body->people; at < body->people_end; at++) {
        const Item *item = &run->items[listed(run, at)];
        here += item->number - item->out;
    }
    Int row = record(run, K_TOUR_END, H_CALENDAR, 0, -1, contingent, -1, -1, -1, here);
    for (Int at = body->assets; at < body->assets_end; at++) {
        Int asset = listed(run, at);
        lose(run, asset, run->assets[asset].number, row);
    }
}

/* Carry out one calendar entry. */
static void act_on(Run *run, const Entry *entry) {
    run->calendar_left -= 1;
    Int subject = entry->subject, amount = entry->amount;
    switch (entry->entry) {
    case ENTRY_GAIN: {
        Asset *asset = &run->assets[subject];
        asset->number += amount;
        asset->row = record(run, K_GAIN, H_CALENDAR, 0, -1, subject, -1, asset->place, -1, amount);
        mark_asset(run, subject);
        break;
    }
    case ENTRY_LOSS: lose(run, subject, amount, 0); break;
    case ENTRY_REGIME: change_regime(run, subject, amount); break;
    case ENTRY_WINDOW: change_window(run, subject); break;
    case ENTRY_DEADLINE: {
        Mile *mile = &run->miles[subject];
        mile->deadline = amount;
        mile->deadline_row = record(run, K_DEADLINE, H_CALENDAR, 0, -1, subject, -1, -1, -1, amount);
        break;
    }
    case ENTRY_TOUR_END: end_tour(run, subject); break;
    case ENTRY_OPENS: mark_place(run, run->camps[subject].place); break;
    case ENTRY_LIFT: mark_lift(run, subject); break;
    default: mark_all(run);
    }
}

/* A ban begins or ends. */
static void change_ban(Run *run, Int index) {
    run->calendar_left -= 1;
    Int row = index / 2;
    Ban *ban = &run->bans[row];
    if (index % 2 == 0) {
        ban->active = 1;
        run->active_bans += 1;
        ban->row = record(run, K_BAN, H_CALENDAR, 0, -1, row, -1, -1, -1, -1);
        begin_blocks(run, ban->blocks, ban->blocks_end, ban->row);
        return;
    }
    run->active_bans -= 1;
    ban->active = 0;
    ban->row = record(run, K_BAN_END, H_BAN, ban->row, -1, row, -1, -1, -1, -1);
    for (Int at = ban->blocks; at < ban->blocks_end; at++) run->lifts[listed(run, at)].blocked_since = -1;
    mark_departing(run);
    look(run);
}

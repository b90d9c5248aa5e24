/* The story of a movement: clearances, departure, the road, loading, delivery, home again. Twin of `movements.py`
   and `closing.py`. */
#pragma once
#include "departing.h"

/* Steps of a story; at WAITS it stops until something calls it. */
typedef enum {
    WAITS, BEGINS, DRIVES, GOES_ON, ARRIVES, STOPS, LOADS, ASKS, TAKES_ABOARD, JOINS_COLUMN, UNLOADS, SETS_DOWN,
    GOES_HOME, RESTS, RELEASES
} Step;

/* Runs of a movement. */
enum { EMPTY, LOADED, HOME };

/* --- closing ----------------------------------------------------------------------------------------- */

/* Camps of a list that this one served, or that come after it in the plan's order. */
static void mark_waiters(Run *run, Int at, Int end, Int row) {
    for (; at < end; at++) {
        Int place = run->camps[listed(run, at)].place;
        run->places[place].guard_row = row;
        mark_place(run, place);
    }
}

/* The last element has left; whoever waited for this camp is looked at again. */
static void close_camp(Run *run, Int row, Int held, Int cause, Int people) {
    Camp *camp = &run->camps[row];
    camp->state = CLOSED;
    run->camps_left -= camp->closes;
    Int written = record(run, K_CLOSE, held, cause, -1, row, -1, camp->place, -1, people);
    camp->close_row = written;
    if (camp->receiver <= run->now) record(run, K_TRANSFER, H_HANDOVER, written, -1, row, -1, camp->place, -1, -1);
    mark_waiters(run, camp->served_by, camp->served_by_end, written);
    mark_waiters(run, camp->before, camp->before_end, written);
    answer_after(run, camp->gates, camp->gates_end, written);
    for (Int at = camp->miles; at < camp->miles_end; at++) {
        Int mile = listed(run, at);
        run->miles[mile].camps_left -= 1;
        check_milestone(run, mile, written);
    }
    check_complete(run);
}

/* --- beginning --------------------------------------------------------------------------------------- */

/* Make ready the story of a movement that has just formed; it begins after the dispatch. */
static void begin(Run *run, Movement *m) {
    Lift *lift = &run->lifts[m->lift];
    m->previous = lift->last_active;
    m->next = -1;
    if (m->previous >= 0)
        run->movements[m->previous].next = m->number;
    else
        lift->first_active = m->number;
    lift->last_active = m->number;
    run->active += 1;
    m->place = lift->from_origin ? listed(run, lift->picks) : lift->to;
}

static Step begin_story(Run *run, Movement *m) {
    request_all(run, m, 0);
    const Lift *lift = &run->lifts[m->lift];
    m->run = EMPTY;
    m->first = m->done = m->pick = 0;
    m->until = lift->legs;
    return lift->from_origin ? LOADS : DRIVES;
}

/* --- driving ----------------------------------------------------------------------------------------- */

static Step travel(Run *run, Movement *m) {
    set_out(run, m, run->lifts[m->lift].legs * m->run + m->done, m->run != LOADED);
    return drive_on(run, m) ? ARRIVES : WAITS;
}

/* Enter the next leg: the first of a run needs clearance, room, slot and hours, each an open road. */
static Step drive(Run *run, Movement *m) {
    if (m->done == m->until) return STOPS;
    const Lift *lift = &run->lifts[m->lift];
    const Int *route = run->lists + lift->route;
    Int leg, to;
    if (m->run == LOADED) {
        leg = route[2 * m->done];
        to = route[2 * m->done + 1];
    } else {
        Int at = 2 * (lift->legs - 1 - m->done);
        leg = route[at];
        to = m->done < lift->legs - 1 ? route[at - 1] : listed(run, lift->picks);
    }
    if (m->done == m->first) {
        m->column = m->camp;
        m->camp = -1;
        await_departure(run, m, leg, to, 1);
        return WAITS;
    }
    if (ban_on(run, lift, m->lift, leg, to, m->place) >= 0) {
        await_departure(run, m, leg, to, 0);
        return WAITS;
    }
    m->leg = leg;
    m->to = to;
    m->run_start = 0;
    m->row = record_of(run, m, K_DEPART, H_ROUTE, m->row, leg, m->vehicles - m->lost);
    return travel(run, m);
}

/* A departure was granted. */
static Step go_on(Run *run, Movement *m) {
    run->active += 1;
    if (m->run_start && m->column >= 0) {
        Int people = 0;
        for (Int at = m->aboard; at < m->aboard + m->aboard_count; at++)
            if (run->items[run->takes[at].item].people) people += run->takes[at].quantity;
        close_camp(run, m->column, H_ROUTE, m->row, people);
        m->column = -1;
    }
    return travel(run, m);
}

static Step arrive(Run *run, Movement *m) {
    m->place = m->to;
    m->row = record_of(run, m, K_ARRIVE, H_ROUTE, m->row, m->leg, m->vehicles - m->lost);
    m->done += 1;
    return DRIVES;
}

/* Drive to the next stop of the loaded run, or unload. */
static Step next_stretch(Run *run, Movement *m) {
    const Lift *lift = &run->lifts[m->lift];
    if (m->done == lift->legs) return UNLOADS;
    const Int *stops = run->lists + lift->stops;
    m->first = m->done;
    Int until = m->done + 1;
    while (until < lift->legs && stops[2 * until] < 0 && stops[2 * until + 1] < 0) until += 1;
    m->until = until;
    return DRIVES;
}

static int may_join(const Run *run, Int join) {
    Int camp = run->joins[join].camp;
    return run->camps[camp].state == REAR_READY && !is_in_use(run, camp);
}

/* A camp may join here; else the loaded run goes on. */
static Step after_loading(Run *run, Movement *m) {
    Int join = listed(run, run->lifts[m->lift].stops + 2 * m->done + 1);
    if (join < 0) return next_stretch(run, m);
    m->join = join;
    Camp *camp = &run->camps[run->joins[join].camp];
    Int wait = run->joins[join].wait;
    if (camp->state <= REAR_READY && !may_join(run, join) && wait > 0) {
        camp->joiners += 1;
        m->is_called = 0;
        bind(run, wait, R_HOLD, m->number, -1, join, 0);
        return WAITS;
    }
    return JOINS_COLUMN;
}

/* The stretch between two stops is over: load, let a camp join, unload or rest. */
static Step stop(Run *run, Movement *m) {
    if (m->run == EMPTY) {
        m->pick = 0;
        return LOADS;
    }
    if (m->run == HOME) return RESTS;
    Int pick = listed(run, run->lifts[m->lift].stops + 2 * m->done);
    if (pick >= 0) {
        m->pick = pick;
        return LOADS;
    }
    return after_loading(run, m);
}

/* --- loading ----------------------------------------------------------------------------------------- */

static void put_aboard(Run *run, Movement *m, Int item, Int stage, Int quantity) {
    run->takes[m->aboard + m->aboard_count++] = (Take){.pick = -1, .item = item, .stage = stage, .quantity = quantity};
}

/* Units are no longer at a place. */
static void leave_place(Run *run, Int item_row, Int stage_row, Int place_row, Int quantity, Int row) {
    const Item *item = &run->items[item_row];
    Stage *stage = &run->stages[stage_row];
    Place *place = &run->places[place_row];
    stage->here -= quantity;
    if (item->people) {
        change_present(run, stage, place, -quantity);
        place->left_row = row;
        if (place->camp >= 0) mark_camp(run, place->camp);
        end_services(run, stage, row);
    } else {
        change_due(run, place_row, stage->own, -quantity, row);
    }
    if (stage_row != item->first)
        free_room(run, place_row, item->people ? quantity : 0, item->people ? 0 : quantity, row);
}

/* Everybody and all own means of a camp join a passing column. */
static void board(Run *run, Movement *m, Int camp_row) {
    const Camp *camp = &run->camps[camp_row];
    const Lift *lift = &run->lifts[m->lift];
    const Join *join = &run->joins[m->join];
    begin_column(run, m, camp_row);
    Int cause = most_of(camp->rear_row, m->row), held = camp->rear_row == cause ? H_HANDOVER : H_ROUTE;
    for (Int at = join->cands; at < join->cands_end; at += 2) {
        Int item = listed(run, at), stage = listed(run, at + 1), quantity = run->stages[stage].ready;
        if (!quantity) continue;
        reserve(run, item, stage, camp->place, lift->to, quantity);
        m->row = record(run, K_LOAD, held, cause, m->number, m->lift, -1, camp->place, item, quantity);
        put_aboard(run, m, item, stage, quantity);
        if (!run->items[item].people) m->vehicles += quantity;
        leave_place(run, item, stage, camp->place, quantity, m->row);
    }
}

/* A camp that is ready is taken along; else it is passed. */
static Step join_column(Run *run, Movement *m) {
    Int camp = run->joins[m->join].camp;
    if (may_join(run, m->join)) board(run, m, camp);
    m->join = -1;
    return next_stretch(run, m);
}

/* Supplies carried on the empty run are set down at a pick-up, the same share at each. */
static void bring_supplies(Run *run, Movement *m, const Lift *lift) {
    Place *place = &run->places[m->place];
    place->supply_inbound -= 1;
    if (place->stock < 0) return;
    Int quantity = lift->brings * (m->vehicles - m->lost) / (lift->picks_end - lift->picks);
    place->stock += quantity;
    place->supply_row = record_of(run, m, K_SUPPLY_IN, H_ROUTE, m->row, -1, quantity);
    place->is_low = place->is_out = 0;
    for (Int at = place->crews; at < place->crews_end; at++) mark_crew(run, listed(run, at));
    look(run);
}

/* Load for the time that is left. */
static Step go_on_loading(Run *run, Movement *m) {
    if (!m->left) return TAKES_ABOARD;
    m->doing = TAKES_ABOARD;
    bind(run, m->left, R_LOADING, m->number, 0, 0, 0);
    return WAITS;
}

static Step ask_for_way_back(Run *run, Movement *m) {
    request_all(run, m, 1);
    return go_on_loading(run, m);
}

/* Load at one pick-up; the way back is requested a stated time before loading ends. */
static Step load(Run *run, Movement *m) {
    const Lift *lift = &run->lifts[m->lift];
    m->place = listed(run, lift->picks + m->pick);
    if (lift->brings && !lift->from_origin) bring_supplies(run, m, lift);
    Int minutes = sample(run, lift->loading, P_LOADING, lift->key, m->ordinal, 2 * m->pick);
    minutes += m->vehicles * sample(run, lift->loading_vehicle, P_LOADING, lift->key, m->ordinal, 2 * m->pick + 1);
    m->arrived = m->row;
    if (m->pick || lift->from_origin) {
        m->left = minutes;
        return go_on_loading(run, m);
    }
    if (lift->ahead < minutes) {
        m->left = lift->ahead;
        m->doing = ASKS;
        bind(run, minutes - lift->ahead, R_LOADING, m->number, 0, 0, 0);
        return WAITS;
    }
    m->left = minutes;
    return ASKS;
}

/* Units reserved at a pick-up go aboard; what vehicles lost on the way can no longer carry stays. */
static Step take_aboard(Run *run, Movement *m) {
    const Lift *lift = &run->lifts[m->lift];
    Int place = listed(run, lift->picks + m->pick), row = m->arrived;
    Int space = (m->vehicles - m->lost) * lift->capacity;
    for (Int at = m->aboard; at < m->aboard + m->aboard_count; at++) space -= run->takes[at].quantity;
    /* what is to be fetched here comes first in the manifest, since pick-ups are in order */
    Take *manifest = run->takes + m->manifest;
    Int kept = 0, count = m->manifest_count;
    for (Int at = 0; at < count; at++) {
        Take take = manifest[at];
        if (take.pick != m->pick) {
            manifest[kept++] = take;
            continue;
        }
        m->manifest_count -= 1;
        Int quantity = lift->is_column ? take.quantity : least_of(take.quantity, most_of(space, 0));
        if (quantity < take.quantity) {
            unreserve(run, take.item, take.stage, place, lift->to, take.quantity - quantity, m->row);
            leave_if_given_up(run, run->places[place].camp, m->row);
        }
        if (!quantity) continue;
        space -= quantity;
        row = record(run, K_LOAD, H_LOADING, m->arrived, m->number, m->lift, -1, place, take.item, quantity);
        put_aboard(run, m, take.item, take.stage, quantity);
        leave_place(run, take.item, take.stage, place, quantity, row);
    }
    m->row = most_of(m->row, row);
    if (m->run == EMPTY) {
        m->run = LOADED;
        m->done = 0;
        return next_stretch(run, m);
    }
    return after_loading(run, m);
}

/* --- unloading --------------------------------------------------------------------------------------- */

static Step unload(Run *run, Movement *m) {
    const Lift *lift = &run->lifts[m->lift];
    m->place = lift->to;
    Int minutes = sample(run, lift->unloading, P_UNLOADING, lift->key, m->ordinal, 0);
    if (!minutes) return SETS_DOWN;
    m->doing = SETS_DOWN;
    bind(run, minutes, R_UNLOADING, m->number, 0, 0, 0);
    return WAITS;
}

/* Units arrive at a stage; whether it is the end of their way. */
static int set_down(Run *run, Int place_row, Int item_row, Int stage_row, Int quantity, Int row) {
    Place *place = &run->places[place_row];
    const Item *item = &run->items[item_row];
    Stage *stage = &run->stages[stage_row];
    if (item->people && !(stage->last && place->kind == PLACE_EXIT)) {
        change_present(run, stage, place, quantity);
        place->unreserved += quantity;
        place->armed += quantity * item->armed;
        check_force(run, place_row);
        mark_place(run, place_row);
    }
    if (stage->last) {
        stage->ready += quantity;
        count_out(run, item_row, quantity, row);
        return 1;
    }
    stage->here += quantity;
    if (!item->people) {
        place->due_first += quantity;
        change_due(run, place_row, stage->own, quantity, row);
    }
    if (stage->work >= 0) {
        stage->raw += quantity;
        stage->raw_row = row;
        mark_crew(run, stage->asset);
    } else {
        add_ready(run, stage_row, quantity, row);
    }
    return 0;
}

/* Set everything down at the destination. */
static Step set_all_down(Run *run, Movement *m) {
    Int cause = m->row;
    /* what was lost on the road, and what ends its way here, needs no room */
    Int unused_people = m->room, unused_loads = m->yard;
    for (Int at = m->aboard; at < m->aboard + m->aboard_count; at++) {
        Take take = run->takes[at];
        m->row = record(run, K_DELIVER, H_UNLOADING, cause, m->number, m->lift, -1, m->place, take.item, take.quantity);
        Int stage = next_stage(run, take.stage, m->place);
        if (!set_down(run, m->place, take.item, stage, take.quantity, m->row)) {
            if (run->items[take.item].people)
                unused_people -= take.quantity;
            else
                unused_loads -= take.quantity;
        }
    }
    m->aboard_count = 0;
    Place *place = &run->places[m->place];
    leave_if_given_up(run, place->camp, m->row);
    place->inbound -= 1;
    place->inbound_row = m->row;
    mark_place(run, m->place);
    if (unused_people || unused_loads) free_room(run, m->place, unused_people, unused_loads, m->row);
    return GOES_HOME;
}

/* Means based at the origin go back empty, if they do. */
static Step go_home(Run *run, Movement *m) {
    const Lift *lift = &run->lifts[m->lift];
    if (!lift->from_origin || !lift->returns) return RESTS;
    m->phase = 2; /* nothing to ask for */
    m->run = HOME;
    m->first = m->done = 0;
    m->until = lift->legs;
    return DRIVES;
}

static Step rest(Run *run, Movement *m) {
    const Lift *lift = &run->lifts[m->lift];
    Int minutes = sample(run, lift->rest, P_REST, lift->key, m->ordinal, 0);
    if (!minutes) return RELEASES;
    m->doing = RELEASES;
    bind(run, minutes, R_REST, m->number, 0, 0, 0);
    return WAITS;
}

static Step release(Run *run, Movement *m) {
    Int row = record_of(run, m, K_RELEASE, H_REST, m->row, -1, m->vehicles - m->lost);
    run->active -= 1;
    give_back(run, m, row);
    return WAITS;
}

/* Play a movement's story from a step until it waits. */
static void tell(Run *run, Movement *m, Step step) {
    for (;;) switch (step) {
        case WAITS: return;
        case BEGINS: step = begin_story(run, m); break;
        case DRIVES: step = drive(run, m); break;
        case GOES_ON: step = go_on(run, m); break;
        case ARRIVES: step = arrive(run, m); break;
        case STOPS: step = stop(run, m); break;
        case LOADS: step = load(run, m); break;
        case ASKS: step = ask_for_way_back(run, m); break;
        case TAKES_ABOARD: step = take_aboard(run, m); break;
        case JOINS_COLUMN: step = join_column(run, m); break;
        case UNLOADS: step = unload(run, m); break;
        case SETS_DOWN: step = set_all_down(run, m); break;
        case GOES_HOME: step = go_home(run, m); break;
        case RESTS: step = rest(run, m); break;
        case RELEASES: step = release(run, m); break;
        }
}

/* A stretch of road or a halt is over. */
static void resume_travel(Run *run, Int number) {
    Movement *m = &run->movements[number];
    if (end_stretch(run, m)) tell(run, m, ARRIVES);
}

/* The longest wait for a camp that may join is over, or the camp is ready. */
static void stop_waiting_to_join(Run *run, Int number, Int join) {
    Movement *m = &run->movements[number];
    if (m->join != join) return;
    run->camps[run->joins[join].camp].joiners -= 1;
    tell(run, m, JOINS_COLUMN);
}

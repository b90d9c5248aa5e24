/* The addressed draw, inverse tables, quantities by date, and the levels of drivers. Twin of `chance.py`. */
#pragma once
#include "run.h"

enum { FRACTION_BITS = 22, TABLE = KNOTS + 1, STATES = 5, PHILOX_ROUNDS = 10 };

/* One word of Philox4x32-10. */
static inline Int philox(uint32_t x0, uint32_t x1, uint32_t x2, uint32_t x3, uint32_t y0, uint32_t y1, Int word) {
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * x0, p1 = (uint64_t)0xCD9E8D57u * x2;
        x0 = (uint32_t)(p1 >> 32) ^ x1 ^ y0;
        x1 = (uint32_t)p1;
        x2 = (uint32_t)(p0 >> 32) ^ x3 ^ y1;
        x3 = (uint32_t)p0;
        y0 += 0x9E3779B9u;
        y1 += 0xBB67AE85u;
    }
    return word < 2 ? (word == 0 ? x0 : x1) : (word == 2 ? x2 : x3);
}

/* The 32-bit draw at one address. */
static Int draw(const Run *run, Int point, Int owner, Int ordinal, Int sub) {
    return philox((uint32_t)ordinal, (uint32_t)((point << 16) | (sub >> 2)), (uint32_t)owner,
                  (uint32_t)run->replication, (uint32_t)run->seed_low, (uint32_t)run->seed_high, sub & 3);
}

/* The value of an inverse table at a draw; a shift to the right rounds down. */
static inline Int quantile(const Run *run, Int table, Int u) {
    const Int *knot = run->tables + table * TABLE + (u >> FRACTION_BITS);
    Int fraction = u & (((Int)1 << FRACTION_BITS) - 1);
    return knot[0] + (((knot[1] - knot[0]) * fraction + ((Int)1 << (FRACTION_BITS - 1))) >> FRACTION_BITS);
}

/* The inverse table of a series that holds at a minute. */
static inline Int table_at(const Run *run, Int row, Int minute) {
    const Series *series = &run->series[row];
    const Int *steps = run->lists + series->steps;
    Int step = series->count - 1;
    while (step > 0 && steps[2 * step] > minute) step -= 1;
    return steps[2 * step + 1];
}

/* A series that holds no chance, at a minute. */
static inline Int value_at(const Run *run, Int row, Int minute) {
    const Series *series = &run->series[row];
    return series->is_fixed ? series->value : run->tables[table_at(run, row, minute) * TABLE];
}

/* A drawn quantity at the present minute; -1 as series gives 0. */
static Int sample(const Run *run, Int row, Int point, Int owner, Int ordinal, Int sub) {
    if (row < 0) return 0;
    const Series *series = &run->series[row];
    if (series->is_fixed) return series->value;
    Int table = table_at(run, row, run->now);
    Int low = run->tables[table * TABLE];
    if (low == run->tables[table * TABLE + KNOTS]) return low;
    return quantile(run, table, draw(run, point, owner, ordinal, sub));
}

/* --- drivers ----------------------------------------------------------------------------------------- */

/* The state of a driver in an area this week; its chain is drawn as weeks come. */
static Int state_of(Run *run, Int driver, Int area) {
    const Driver *what = &run->drivers[driver];
    Level *level = level_of(run, driver, area);
    Int now = least_of(run->now / MINUTES_PER_WEEK, what->weeks - 1);
    while (level->week < now) {
        Int week = level->week + 1, u;
        if (draw(run, P_AREA_FOLLOWS, level->key, week, 0) < what->loading)
            u = draw(run, P_MISSION_STEP, what->key, week, 0);
        else
            u = draw(run, P_AREA_STEP, level->key, week, 0);
        const Int *thresholds = run->lists + (week == 0 ? what->initial : what->steps + STATES * level->state);
        Int state = 0;
        while (state < what->states - 1 && u >= thresholds[state]) state += 1;
        level->state = state;
        level->week = week;
    }
    Int imposed = listed(run, level->override + now);
    return imposed >= 0 ? imposed : level->state;
}

/* Factor of a driver in an area this week [per mille]; 1000 if there is none. */
static Int factor_of(Run *run, Int driver, Int area) {
    if (driver < 0 || area < 0) return 1000;
    return listed(run, run->drivers[driver].factors + state_of(run, driver, area));
}

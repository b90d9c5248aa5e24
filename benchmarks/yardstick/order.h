/* What is looked at in a written order: lists of rows, sorted by (rank, waiting since, row). Twin of `order.py`. */
#pragma once
#include "numbers.h"

enum { ROW_BITS = 33, RANK_SHIFT = 58 };

/* Entries that are sorted one by one before such runs are merged. */
enum { RUN_LENGTH = 8 };

/* A row as it stands in a list that is to be sorted; -1 is the minute of one that does not wait. */
static inline Int entry_of(Int row, Int rank, Int since) {
    return (rank << RANK_SHIFT) | ((since + 1) << ROW_BITS) | row;
}

static inline Int row_in(Int entry) { return entry & (((Int)1 << ROW_BITS) - 1); }

static inline void sort_run(Int *entries, Int count) {
    for (Int at = 1; at < count; at++) {
        Int entry = entries[at], hole = at;
        for (; hole > 0 && entries[hole - 1] > entry; hole--) entries[hole] = entries[hole - 1];
        entries[hole] = entry;
    }
}

/* Merge entries first .. middle - 1 and middle .. end - 1 of a list into another. */
static void merge(const Int *source, Int *target, Int first, Int middle, Int end) {
    Int left = first, right = middle;
    for (Int at = first; at < end; at++)
        if (right >= end || (left < middle && source[left] <= source[right]))
            target[at] = source[left++];
        else
            target[at] = source[right++];
}

/* Order a list, with the help of another as long: short runs by insertion, then pairs of runs are merged. */
static void sort(Int *entries, Int count, Int *other) {
    for (Int first = 0; first < count; first += RUN_LENGTH)
        sort_run(entries + first, least_of(RUN_LENGTH, count - first));
    Int *source = entries, *target = other;
    for (Int size = RUN_LENGTH; size < count; size *= 2) {
        for (Int first = 0; first < count; first += 2 * size)
            merge(source, target, first, least_of(first + size, count), least_of(first + 2 * size, count));
        Int *merged = target;
        target = source;
        source = merged;
    }
    if (source != entries) memcpy(entries, source, count * sizeof *entries);
}

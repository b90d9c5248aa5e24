/* The yardstick: the kernel of `drawdown_sim.engine.compiled`, rule by rule in C, in the same memory.

   What lies where is in `records.h`, which `yardstick.py` makes from the kernel's `records.py`. */
#include "measures.h"

/* Play replications in the memory at `state`, as `engine._play` does: how many were played. */
Int play_replications(Int *state, const Int *template, Int words, Int first, Int count, Int deadline, Int *out,
                      Int columns, Int *curve, Int days, Int *minutes, Int subjects_count) {
    for (Int number = 0; number < count; number++) {
        memcpy(state, template, words * sizeof *state);
        Run *run = (Run *)state;
        run->replication = first + number;
        play(run);
        if (run->fault) return number;
        if (out) measure(run, deadline, out + number * columns, curve + number * days, days);
        if (minutes) add_chain(run, minutes, subjects_count);
    }
    return count;
}

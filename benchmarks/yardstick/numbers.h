/* What the rules reckon with. */
#pragma once
#include "records.h"

static inline Int least_of(Int a, Int b) { return a < b ? a : b; }
static inline Int most_of(Int a, Int b) { return a > b ? a : b; }

/* For operands that are not negative. */
static inline Int ceil_div(Int a, Int b) { return (a + b - 1) / b; }

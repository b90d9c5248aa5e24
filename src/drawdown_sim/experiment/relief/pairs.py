"""Which relaxations are worth trying in pairs: those whose holds act in parallel.

Two holds act in parallel where one takes the other's place on the binding chain once that is relaxed (alone neither may
save a day, as in `teaching/two-holds`), or where each of them binds in some futures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from ...model.plan import Ints
from ..blocks import Cause
from .effects import Tried
from .relaxations import Relaxation

Pair = tuple[Relaxation, Relaxation]


def parallel(base: Counter[Cause], tried: Sequence[Tried], most: int) -> list[Pair]:
    """At most so many pairs, from the minutes on the binding chains of the base and of each relaxation.

    The first half by the minutes that go over from the holds of one to those of the other, the rest by what both save
    alone.
    """
    if not tried:
        return []
    causes = sorted({*base, *(cause for each in tried for cause in each.causes)})
    acts = np.array([[each.relaxation.acts_on(cause) for cause in causes] for each in tried], dtype=np.int64)
    before = np.array([base[cause] for cause in causes], dtype=np.int64)
    after = np.array([[each.causes[cause] for cause in causes] for each in tried], dtype=np.int64)
    # row a, column b: minutes that come to the holds of b when a is relaxed
    came = (after - before) @ acts.T
    apart = acts @ acts.T == 0
    candidates = [pair for pair in combinations(_one_for_each(acts, tried), 2) if apart[pair]]
    taken_over = {(a, b): max(min(-came[a, a], came[a, b]), min(-came[b, b], came[b, a])) for a, b in candidates}
    by_chain = [pair for pair in candidates if taken_over[pair] > 0]
    by_chain.sort(key=lambda pair: (-taken_over[pair], pair))
    binds = acts @ before > 0
    by_saving = [pair for pair in candidates if all(binds[row] and tried[row].saved > 0 for row in pair)]
    by_saving.sort(key=lambda pair: (-tried[pair[0]].saved - tried[pair[1]].saved, pair))
    chosen = list(dict.fromkeys([*by_chain[: -(-most // 2)], *by_saving, *by_chain]))[:most]
    return [(tried[a].relaxation, tried[b].relaxation) for a, b in chosen]


def _one_for_each(acts: Ints, tried: Sequence[Tried]) -> list[int]:
    """Of all that act on the same causes, the one that saves most."""
    best: dict[bytes, int] = {}
    for row in np.flatnonzero(acts.any(axis=1)).tolist():
        key = acts[row].tobytes()
        if key not in best or tried[row].saved > tried[best[key]].saved:
            best[key] = row
    return sorted(best.values())

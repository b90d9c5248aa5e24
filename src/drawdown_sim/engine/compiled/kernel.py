"""The kernel: the one compiled function that Python calls, and through it every rule.

Importing this module imports numba and every rule, which takes as long as playing the baseline a thousand times; so
only `cache` does, where no compiled code is kept yet.
"""

from __future__ import annotations

from .chains import add_chain
from .link import whole
from .measures import measure
from .memory import get, put, record_at
from .records import HEAD
from .replication import play


@whole
def play_replications(
    state: int, template: int, words: int, first: int, count: int, deadline: int, out: int, columns: int, curve: int,
    days: int, minutes: int, subjects_count: int,
) -> int:  # fmt: skip
    """Play replications in the memory at `state`: how many were played; fewer than asked if a pool was full.

    `out`, `curve` and `minutes` are 0 where no measures are wanted, or no chains.
    """
    for number in range(count):
        for at in range(words):
            put(state, at, get(template, at))
        run = record_at(state, 0, HEAD)
        run.replication = first + number
        play(run)
        if run.fault:
            return number
        if out:
            measure(run, deadline, out + 8 * number * columns, curve + 8 * number * days, days)
        if minutes:
            add_chain(run, minutes, subjects_count)
    return count

"""Bound events and their written order: a heap of (minute, rank, index, order of binding)."""

from __future__ import annotations

from typing import Any

from . import records
from .link import part
from .memory import fixed, record_at

#: Ranks of bound events at one minute; within a rank the smaller index comes first (docs/events.md, section 1).
(
    HORIZON, CALENDAR, BAN_CHANGES, DAY, ANSWER, RETRY, LAPSE, TRAVEL, LOADING, UNLOADING, REST, WORK, HANDOVER,
    DESTROY, HOLD, WAKE,
) = range(16)  # fmt: skip

#: Bits of the index and of rank and index in a key: minutes have 25, which the layout checks.
_INDEX_BITS = 33
_MINUTE_SHIFT = 38
#: Later than any horizon; what is bound for a later minute still never comes.
_LAST_MINUTE = (1 << 25) - 1
_INDEX_MASK = (1 << _INDEX_BITS) - 1

EVENT = records.POOLS["events"]


@part
def event_of(run: Any, row: int) -> Any:
    return record_at(fixed(run, "events"), row, EVENT)


@part
def bind(run: Any, delay: int, rank: int, index: int, a: int, b: int, c: int) -> None:
    """Bind an event to happen after `delay` minutes, with three numbers for its handler."""
    key = (min(run.now + delay, _LAST_MINUTE) << _MINUTE_SHIFT) | (rank << _INDEX_BITS) | index
    hole = run.events_count
    if hole >= run.events_limit:
        run.fault = records.EVENTS_FULL
        return
    run.events_count = hole + 1
    while hole > 0:
        above = (hole - 1) >> 1
        parent = event_of(run, above)
        if parent.key <= key:
            break
        _copy(event_of(run, hole), parent)
        hole = above
    event = event_of(run, hole)
    event.key, event.order, event.a, event.b, event.c = key, run.events_order, a, b, c
    run.events_order += 1


@part
def _copy(to: Any, source: Any) -> None:
    to.key, to.order, to.a, to.b, to.c = source.key, source.order, source.a, source.b, source.c


@part
def _is_before(one: Any, other: Any) -> bool:
    # in one piece, without branches: which of two comes first is anybody's guess
    return (one.key < other.key) | ((one.key == other.key) & (one.order < other.order))


@part
def unbind_first(run: Any) -> None:
    """Take the first event out of the heap; it is kept in the place behind the last until the next is bound."""
    last = run.events_count - 1
    run.events_count = last
    moved = event_of(run, last)
    first = event_of(run, 0)
    key, order, a, b, c = first.key, first.order, first.a, first.b, first.c
    # the hole goes down to the end, for the last event comes late as a rule, and up again to where that belongs
    hole, below = 0, 1
    while below < last:
        if below + 1 < last:
            below += _is_before(event_of(run, below + 1), event_of(run, below))
        _copy(event_of(run, hole), event_of(run, below))
        hole = below
        below = 2 * hole + 1
    while hole > 0:
        above = (hole - 1) >> 1
        if _is_before(event_of(run, above), moved):
            break
        _copy(event_of(run, hole), event_of(run, above))
        hole = above
    _copy(event_of(run, hole), moved)
    moved.key, moved.order, moved.a, moved.b, moved.c = key, order, a, b, c


@part
def minute_of(key: int) -> int:
    return key >> _MINUTE_SHIFT


@part
def rank_of(key: int) -> int:
    return (key >> _INDEX_BITS) & 31


@part
def index_of(key: int) -> int:
    return key & _INDEX_MASK

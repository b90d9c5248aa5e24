"""What is looked at in a written order: lists of rows, sorted by (rank, waiting since, row)."""

from __future__ import annotations

from .link import part
from .memory import get, put

#: Bits of a row and of a minute in an entry: ranks have one digit, minutes 25 bits, which the layout checks.
_ROW_BITS = 33
_RANK_SHIFT = 58
_ROW_MASK = (1 << _ROW_BITS) - 1

#: Entries that are sorted one by one before such runs are merged.
_RUN = 8


@part
def set_at(entries: int, at: int, row: int, rank: int, since: int) -> None:
    """Put a row in a list that is to be sorted; -1 is the minute of one that does not wait."""
    put(entries, at, (rank << _RANK_SHIFT) | ((since + 1) << _ROW_BITS) | row)


@part
def row_at(entries: int, at: int) -> int:
    """A row of a list."""
    return get(entries, at) & _ROW_MASK


@part
def sort(entries: int, count: int, other: int) -> None:
    """Order a list, with the help of another as long: short runs by insertion, then pairs of runs are merged."""
    for first in range(0, count, _RUN):
        _sort_run(entries, first, min(first + _RUN, count))
    size, source, target = _RUN, entries, other
    while size < count:
        for first in range(0, count, 2 * size):
            _merge(source, target, first, min(first + size, count), min(first + 2 * size, count))
        size, source, target = 2 * size, target, source
    if source != entries:
        for at in range(count):
            put(entries, at, get(source, at))


@part
def _sort_run(entries: int, first: int, end: int) -> None:
    for at in range(first + 1, end):
        entry = get(entries, at)
        hole = at
        while hole > first and get(entries, hole - 1) > entry:
            put(entries, hole, get(entries, hole - 1))
            hole -= 1
        put(entries, hole, entry)


@part
def _merge(source: int, target: int, first: int, middle: int, end: int) -> None:
    """Merge entries first .. middle - 1 and middle .. end - 1 of a list into another."""
    left, right = first, middle
    for at in range(first, end):
        if right >= end or (left < middle and get(source, left) <= get(source, right)):
            put(target, at, get(source, left))
            left += 1
        else:
            put(target, at, get(source, right))
            right += 1

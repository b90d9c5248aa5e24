"""Ranks of bound events at one minute; within a rank the smaller index comes first (docs/events.md, section 1)."""

from __future__ import annotations

#: SimPy's own urgent (0) and normal (1) events, which start and resume stories, come before all ranks.
_AFTER_SIMPY = 16


def _rank(number: int) -> int:
    """The priority of a rank's event with index 0; those of the others follow it."""
    return (_AFTER_SIMPY + number) << 40


HORIZON = _rank(0)
CALENDAR = _rank(1)  # index: row of the calendar
BAN = _rank(2)  # index: 2 * ban + (1 if it ends)
DAY = _rank(3)
ANSWER = _rank(4)  # index: 16 * movement + gate slot
RETRY = _rank(5)
LAPSE = _rank(6)
TRAVEL = _rank(7)  # index: movement
LOADING = _rank(8)
UNLOADING = _rank(9)
REST = _rank(10)
WORK = _rank(11)  # index: batch number
HANDOVER = _rank(12)  # index: camp
DESTROY = _rank(13)  # index: camp
HOLD = _rank(14)  # index: movement
WAKE = _rank(15)  # index: 0; only asks for another look
DISPATCH = _rank(16)

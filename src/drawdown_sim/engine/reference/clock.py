"""Time in the reference engine: bound events with a written order, and one dispatch after them.

SimPy orders events by (time, priority, order of creation). Here the priority is the event's
rank and index, so that the order of creation never decides (docs/events.md, "The order of one minute").
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import simpy


class Rank(IntEnum):
    """Order of bound events at one minute; within a rank the smaller index comes first."""

    HORIZON = 0
    CALENDAR = 1  # index: row of the calendar
    BAN = 2  # index: 2 * ban + (1 if it ends)
    DAY = 3
    ANSWER = 4  # index: 16 * movement + gate slot
    RETRY = 5
    LAPSE = 6
    TRAVEL = 7  # index: movement
    LOADING = 8
    UNLOADING = 9
    REST = 10
    WORK = 11  # index: batch number
    HANDOVER = 12  # index: camp
    DESTROY = 13  # index: camp
    HOLD = 14  # index: movement
    WAKE = 15  # index: 0; only asks for another look
    DISPATCH = 16


#: SimPy's own urgent (0) and normal (1) events, which start and resume stories, come before all ranks.
_AFTER_SIMPY = 16


def order_key(rank: int, index: int) -> int:
    """The place of an event among those of its minute."""
    return ((_AFTER_SIMPY + rank) << 40) | index


class Bound(simpy.Event):
    """An event that is bound to happen after `delay` minutes; the only code that needs SimPy's inside."""

    def __init__(
        self,
        env: simpy.Environment,
        delay: int,
        key: int,
        callback: Callable[[simpy.Event], Any] | None = None,
        value: Any = None,
    ) -> None:
        self.env = env
        self.callbacks = [] if callback is None else [callback]
        self._ok = True
        self._value = value
        env.schedule(self, priority=key, delay=delay)  # type: ignore[arg-type]

"""Time in the reference engine: bound events with a written order, and one dispatch after them.

SimPy orders events by (time, priority, order of creation). Here the priority is the event's
rank and index, so that the order of creation never decides (docs/events.md, "The order of one minute").
This module alone knows SimPy's inside.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import simpy
from simpy.core import StopSimulation

#: SimPy's own urgent (0) and normal (1) events, which start and resume stories, come before all ranks.
_AFTER_SIMPY = 16


def _rank(number: int) -> int:
    """The priority of a rank's event with index 0; those of the others follow it."""
    return (_AFTER_SIMPY + number) << 40


class Rank:
    """Order of bound events at one minute; within a rank the smaller index comes first."""

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


class Bound(simpy.Event):
    """An event that is bound to happen after `delay` minutes."""

    _ok = True
    _value = None  # not pending: it is triggered from the beginning, as a time-out is

    def __init__(
        self,
        clock: Clock,
        delay: int,
        rank: int,
        index: int,
        callback: Callable[[simpy.Event], Any] | None = None,
    ) -> None:
        self.env = clock
        self.callbacks = [] if callback is None else [callback]
        place = (clock.now + delay, rank + index, next(clock._eid), self)
        heappush(clock._queue, place)  # type: ignore[misc]  # SimPy knows two priorities by name


class Clock(simpy.Environment):
    """SimPy's environment with whole minutes; `now` is a plain attribute, for every rule asks for it."""

    now: int = 0  # SimPy has a property here

    def play(self, done: simpy.Event) -> None:
        """Play events in their order up to `done`: what `run` does, without a call for every step."""
        queue = self._queue
        done.callbacks.append(StopSimulation.callback)
        try:
            while True:
                self.now, _, _, event = heappop(queue)  # type: ignore[assignment]
                self._now = self.now
                callbacks = event.callbacks
                event.callbacks = None  # type: ignore[assignment]
                for callback in callbacks:
                    callback(event)
                if not event._ok:  # a story has failed
                    raise event._value
        except StopSimulation:
            return

    def bind(self, delay: int, rank: int, index: int, callback: Callable[[simpy.Event], Any]) -> None:
        """Bind what is to be done after so many minutes."""
        Bound(self, delay, rank, index, callback)

    def after(self, delay: int, rank: int, index: int) -> Bound:
        """The bound event that ends an activity of a story."""
        return Bound(self, delay, rank, index)

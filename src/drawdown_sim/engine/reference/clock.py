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


class Bound(simpy.Event):
    """An event that is bound to happen, made by the clock."""

    _ok = True
    _value = None  # not pending: it is triggered from the beginning, as a time-out is


class Clock(simpy.Environment):
    """SimPy's environment with whole minutes; `now` is a plain attribute, for every rule asks for it."""

    now: int = 0  # SimPy has a property here

    def play(self, done: simpy.Event) -> None:
        """Play events in their order up to `done`: what `run` does, without a call for every step."""
        queue = self._queue
        done.callbacks.append(StopSimulation.callback)
        try:
            while True:
                now, _, _, event = heappop(queue)
                self.now = self._now = now  # type: ignore[assignment]  # every delay is a whole number
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
        event = _new(Bound)
        event.callbacks = [callback]
        heappush(self._queue, (self.now + delay, rank + index, next(self._eid), event))  # type: ignore[misc]

    def after(self, delay: int, rank: int, index: int) -> Bound:
        """The bound event that ends an activity of a story."""
        event = _new(Bound)
        event.env = self
        event.callbacks = []
        heappush(self._queue, (self.now + delay, rank + index, next(self._eid), event))  # type: ignore[misc]
        return event


#: A function that makes an event is called faster than a class that has an `__init__`.
_new = object.__new__

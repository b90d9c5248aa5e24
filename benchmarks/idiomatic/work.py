"""Crews that prepare cargo."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from drawdown_sim.model.draws import Point
from drawdown_sim.model.plan import NEVER

if TYPE_CHECKING:
    from .places import Stage
    from .world import World


class Gang:
    """Crews that work at the same stages; each crew is a process."""

    def __init__(self, world: World, row: int) -> None:
        self.world = world
        self.stages = [s for s in world.stages if s.work and world.p.stage_asset[s.row] == row]
        self.idle = world.p.asset_number[row]
        self.batches = simpy.Store(world.env)
        for stage in self.stages:
            if stage.first:
                world.remind(stage.item.starts)
        for _ in range(self.idle):
            world.env.process(self.crew())

    def look(self) -> None:
        """Give every idle crew the most urgent batch there is."""
        while self.idle:
            urgent = min((s for s in self.stages if self._can_begin(s)), key=_urgency, default=None)
            if urgent is None:
                return
            loads = min(urgent.item.batch, urgent.raw)
            urgent.raw -= loads
            self.idle -= 1
            self.batches.put((urgent, loads, urgent.item.batches))
            urgent.item.batches += 1

    def _can_begin(self, stage: Stage) -> bool:
        if not stage.raw or stage.place.is_out:
            return False
        return not stage.first or self.world.now >= stage.item.starts

    def crew(self) -> Generator[simpy.Event, Any, None]:
        """Work off one batch after the other."""
        world = self.world
        while True:
            stage, loads, ordinal = yield self.batches.get()
            per_load = world.sample(world.p.stage_work[stage.row], Point.WORK, stage.item.key, ordinal)
            yield world.env.timeout(max(loads * per_load, 1))
            self.idle += 1
            stage.ready += loads
            stage.place.leave_if_given_up()
            if stage.first:
                stage.item.packed += loads
            stage.place.change()


def _urgency(stage: Stage) -> tuple[int, int, int]:
    """The place that must be empty first, then by rank and row."""
    due = stage.place.camp.due_date() if stage.place.camp else None
    return NEVER if due is None else due, stage.item.rank, stage.row

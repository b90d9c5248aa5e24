"""Clearances: authorities that answer requests under the regime of the day."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from drawdown_sim.model.draws import Point
from drawdown_sim.model.plan import NEVER, Stance

if TYPE_CHECKING:
    from .lifts import Lift
    from .movements import Movement
    from .world import World


class Gate:
    """What one authority is asked for, and how it answers at present."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.world = world
        self.driver = p.gate_driver[row]
        self.valid = p.gate_valid[row]
        self.ahead = p.gate_ahead[row]
        self.advisory = bool(p.gate_advisory[row])
        self.lifts: list[Lift] = []
        self.eased = world.env.event()  # a regime begins that does not refuse everything
        self._set(p.regime_at[row])

    def _set(self, regime: int) -> None:
        p = self.world.p
        self.obstructs = p.regime_stance[regime] == Stance.OBSTRUCTING
        self.lead, self.retry = p.regime_lead[regime], p.regime_retry[regime]
        self.refusal = p.quantities[p.regime_refusal[regime]] if p.regime_refusal[regime] >= 0 else None

    def change(self, regime: int) -> None:
        """A new regime: a block begins or ends with it, and those refused ask again."""
        self._set(regime)
        if self.obstructs:
            for lift in self.lifts:
                lift.block_if_needed()
            return
        for lift in self.lifts:
            lift.blocked_since = None
        self.eased.succeed()
        self.eased = self.world.env.event()

    def factor(self, lift: Lift) -> int:
        """The mood in the area of a lift's first pick-up [per mille]."""
        return self.world.factor(self.driver, lift.picks[0].area)

    def refuses(self, movement: Movement, sub: int) -> bool:
        """Whether a request made now will be refused."""
        if self.obstructs:
            return True
        if self.refusal is None:
            return False
        threshold: int = self.refusal.at(self.world.now) * self.factor(movement.lift) // 1000
        return self.world.draw(Point.CLEARANCE_ANSWER, movement.lift.key, movement.ordinal, sub) < threshold


def seek(movement: Movement, slot: int, gate: Gate, phase: int) -> Generator[simpy.Event, Any, None]:
    """Ask for one clearance until it is granted, and again if it lapses before it is used."""
    world, lift, env = movement.world, movement.lift, movement.world.env
    attempt = 0
    while not movement.over:
        sub = 8 * attempt + slot
        attempt += 1
        refused = gate.refuses(movement, sub)
        if not gate.obstructs:
            lead = world.sample(gate.lead, Point.CLEARANCE_LEAD, lift.key, movement.ordinal, sub)
            yield env.timeout(lead * gate.factor(lift) // 1000)
            if movement.over:
                return
        if refused:
            lift.block()
            wait = world.sample(gate.retry, Point.CLEARANCE_RETRY, lift.key, movement.ordinal, sub)
            yield env.timeout(max(wait, 1)) | gate.eased
            continue
        lift.blocked_since = None
        movement.pending.discard(slot)
        world.change()
        if gate.valid >= NEVER:
            return
        yield env.timeout(gate.valid)
        if movement.phase_begun >= phase:
            return
        movement.pending.add(slot)

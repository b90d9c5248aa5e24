"""The road: how long a leg takes, and what may strike a movement there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drawdown_sim.model.draws import Point, quantile
from drawdown_sim.model.tables import EXPONENTIAL

from .camps import State
from .reading import MINUTES_PER_DAY, entries

if TYPE_CHECKING:
    from .movements import Movement
    from .world import World

#: gaps between events that one threat can draw on one leg
MOST_EVENTS = 68


class Threat:
    """What may strike a movement on the road."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.row = row
        self.per_vehicle = bool(p.threat_per_vehicle[row])
        self.halt, self.lost = p.threat_halt[row], p.threat_lost[row]
        self.driver = p.threat_driver[row]
        self.uncovered, self.exposed, self.empty = p.threat_uncovered[row], p.threat_exposed[row], p.threat_empty[row]


class Leg:
    """A stretch of road or a way by air."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.world = world
        self.area = p.leg_area[row]
        self.distance: int = p.leg_distance[row]
        self.rate = p.leg_rate[row]
        self.weather = p.leg_weather[row]
        listed = entries(p.leg_threat_at, row, p.leg_threat, p.leg_hazard)
        self.threats = [(world.threats[threat], p.quantities[series]) for threat, series in listed]
        after = entries(p.leg_after_at, row, p.leg_after_camp, p.leg_after_factor)
        self.after_closure = [(world.camps[camp], factor) for camp, factor in after]

    def minutes(self, movement: Movement, position: int) -> int:
        """How long a movement drives: distance over the drawn rate of advance, slowed by the weather."""
        world = self.world
        rate = world.sample(self.rate, Point.RATE, movement.lift.key, movement.ordinal, position)
        return -(-self.distance * MINUTES_PER_DAY * world.factor(self.weather, self.area) // (rate * 1000))

    def strikes(self, movement: Movement, position: int, minutes: int, empty: bool) -> list[tuple[int, Threat, int]]:
        """What strikes it, in order: minutes of driving before it, the threat, the sub of its draws."""
        world, key, ordinal = self.world, movement.lift.key, movement.ordinal
        found = []
        for slot, (threat, rate) in enumerate(self.threats):
            expected = self._expected(movement, threat, rate.at(world.now), empty)
            driven = 0
            for k in range(MOST_EVENTS if expected > 0 else 0):
                sub = 16 * position + 4 * slot + k if k < 4 else 8192 + 256 * position + 64 * slot + k - 4
                driven += quantile(EXPONENTIAL, world.draw(Point.STRIKE_GAP, key, ordinal, sub))
                if driven >= expected:
                    break
                found.append((minutes * driven // expected, threat, sub))
        return sorted(found, key=lambda strike: (strike[0], strike[1].row, strike[2]))

    def _expected(self, movement: Movement, threat: Threat, rate: int, empty: bool) -> int:
        """Events to be expected on the whole leg, in millionths."""
        world = self.world
        hazard = rate * (movement.vehicles_left if threat.per_vehicle else 1) * self.distance // 100_000
        factors = [world.factor(threat.driver, self.area)]
        if not movement.covered:
            factors.append(threat.uncovered)
        if empty:
            factors.append(threat.empty)
        if any(place.below and place.area == self.area for place in world.places):
            factors.append(threat.exposed)
        factors += [factor for camp, factor in self.after_closure if camp.state == State.CLOSED]
        for factor in factors:
            hazard = hazard * factor // 1000
        return int(hazard)

"""A movement: clearances, departure, the road, loading, delivery, home again."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from drawdown_sim.model.draws import Point
from drawdown_sim.model.plan import NEVER

from .camps import State
from .clearances import seek
from .reading import MINUTES_PER_DAY

if TYPE_CHECKING:
    from .camps import Camp
    from .lifts import Lift, Takes
    from .places import Place, Stage
    from .roads import Leg
    from .world import World

Story = Generator[simpy.Event, Any, None]
#: a part of a story that ends with whether the movement goes on
Part = Generator[simpy.Event, Any, bool]
#: legs to drive, each with the place at its end
Steps = list[tuple["Leg", "Place"]]


class Movement:
    """One convoy, flight or column, from forming to release."""

    def __init__(self, world: World, lift: Lift, vehicles: int, escorts: int, takes: Takes) -> None:
        self.world = world
        self.lift = lift
        self.number = world.formed
        self.ordinal = lift.formed
        self.vehicles = vehicles
        self.escorts = escorts
        self.lost = 0
        self.to_load = list(takes)
        self.aboard: list[tuple[Stage, int]] = []
        self.place: Place = lift.picks[0] if lift.from_origin else lift.to
        #: the camp that closes when this column leaves it
        self.closing: Camp | None = lift.picks[0].camp if lift.is_column else None
        self.pending: set[int] = set()  # slots of gates that have not granted yet
        self.overwatch_asked: dict[int, int] = {}  # how often, by slot
        self.phase = 0  # of clearances: the first run, the way back
        self.phase_begun = -1
        self.covered = True
        self.started = self.over = False
        self.since = 0  # when it began to wait to depart
        self.starts_run = False
        self.leg: Leg | None = None  # ahead
        self.permission: simpy.Event | None = None
        self.supplied = 0  # when supplies were last full
        world.formed += 1
        world.movements.append(self)

    @property
    def vehicles_left(self) -> int:
        """Vehicles that have not been lost."""
        return self.vehicles - self.lost

    def order(self) -> tuple[int, int, int]:
        """Its place among the movements that wait to depart."""
        return self.lift.rank, self.since, self.number

    def timeout(self, quantity: int, point: Point, sub: int = 0) -> simpy.Timeout:
        """A time-out of a drawn length."""
        minutes = self.world.sample(quantity, point, self.lift.key, self.ordinal, sub)
        return self.world.env.timeout(minutes)

    def story(self) -> Story:
        """From forming to release: out, load, back, unload, rest."""
        lift, legs = self.lift, len(self.lift.loaded)
        self.ask(0)
        if lift.from_origin:
            yield from self.load(0)
            if not (yield from self.drive_loaded()):
                return
        else:
            if not (yield from self.drive(lift.empty, 0, empty=True)):
                return
            yield from self.load(0)
            yield from self.drive_loaded()
        yield from self.unload()
        if lift.from_origin and lift.returns:
            self.phase = 2  # nobody is asked for the way home
            yield from self.drive(lift.empty, 2 * legs, empty=True)
        yield self.timeout(lift.rest, Point.REST)
        self.give_back()

    # --- clearances ------------------------------------------------------------------------------------

    def ask(self, phase: int) -> None:
        """Ask every authority concerned; overwatch is asked at departure."""
        self.phase = phase
        for slot, gate in self._gates(phase):
            if not gate.advisory:
                self.pending.add(slot)
                self.world.env.process(seek(self, slot, gate, phase))

    def _gates(self, phase: int) -> list[tuple[int, Any]]:
        """The gates of a phase by slot; slots count over both phases, and the way home has none."""
        gates = self.lift.gates
        return list(enumerate(gates[phase], phase and len(gates[0]))) if phase < 2 else []

    def _ask_overwatch(self) -> None:
        """Ask for cover of the run that begins now: a refusal does not stop it."""
        self.covered = True
        for slot, gate in self._gates(self.phase):
            if gate.advisory:
                attempt = self.overwatch_asked.get(slot, 0)
                self.overwatch_asked[slot] = attempt + 1
                self.covered &= not gate.refuses(self, 8 * attempt + slot)

    # --- loading and unloading -------------------------------------------------------------------------

    def load(self, pick: int) -> Story:
        """Load at a pick-up; the way back is asked for some time before the first loading ends."""
        lift, env = self.lift, self.world.env
        self.place = lift.picks[pick]
        if lift.brings and not lift.from_origin:
            self.place.bring_supplies(lift.brings * self.vehicles_left // len(lift.picks))
        minutes = self.world.sample(lift.loading, Point.LOADING, lift.key, self.ordinal, 2 * pick)
        if pick == 0 and not lift.from_origin:
            ahead = min(minutes, max((gate.ahead for gate in lift.gates[1]), default=0))
            yield env.timeout(minutes - ahead)
            self.ask(1)
            minutes = ahead
        yield env.timeout(minutes)
        space = self.vehicles_left * lift.capacity - sum(quantity for _, quantity in self.aboard)
        for stage, reserved in [take for take in self.to_load if take[0].place is self.place]:
            self.to_load.remove((stage, reserved))
            quantity = reserved if lift.is_column else min(reserved, max(space, 0))
            if quantity < reserved:  # vehicles lost on the way can no longer carry it
                stage.give_back(reserved - quantity, lift.to)
                self.place.leave_if_given_up()
            if quantity:
                space -= quantity
                self.aboard.append((stage, quantity))
                stage.stand(-quantity)

    def unload(self) -> Story:
        """Set everything down at the destination."""
        self.place = self.lift.to
        yield self.timeout(self.lift.unloading, Point.UNLOADING)
        for stage, quantity in self.aboard:
            stage.next_at(self.place).set_down(quantity)
        self.aboard = []
        self.place.leave_if_given_up()
        self.place.inbound -= 1
        self.place.change()

    # --- departing -------------------------------------------------------------------------------------

    def depart(self, starts_run: bool) -> Part:
        """Wait until a look lets it enter the leg ahead; whether it goes, or gave everything back."""
        world = self.world
        self.starts_run = starts_run
        self.since = world.now
        self.permission = world.env.event()
        world.departing.append(self)
        if self.aboard:
            self.place.loaded_here += 1
        world.change()
        if self.started or self.lift.hold >= NEVER:
            yield self.permission
        else:
            yield self.permission | world.env.timeout(self.lift.hold)
            if not self.permission.triggered:
                self.disband()
        return not self.over

    def look(self) -> None:
        """Depart if clearance, quotas, bans and hours allow."""
        world, lift, now = self.world, self.lift, self.world.now
        if self.starts_run:
            if self.pending:
                return
            if not self.started and any(quota.left < 1 for quota in lift.movement_quotas):
                return
        if self._is_banned():
            return
        if self.starts_run:
            if lift.opens >= 0 and not lift.opens <= now % MINUTES_PER_DAY <= lift.shuts:
                today = now - now % MINUTES_PER_DAY + lift.opens
                world.remind(today if today > now else today + MINUTES_PER_DAY)
                return
            self.phase_begun = self.phase
            self._ask_overwatch()
        if not self.started:
            self.started = True
            self.supplied = now
            for quota in lift.movement_quotas:
                quota.left -= 1
        self._stop_waiting()

    def _is_banned(self) -> bool:
        return any(ban.stops(self.lift, self.leg) for ban in self.world.bans if ban.in_force)

    def _stop_waiting(self) -> None:
        assert self.permission is not None
        self.world.departing.remove(self)
        if self.aboard:
            self.place.loaded_here -= 1
            self.place.change()
        self.permission.succeed()

    def disband(self) -> None:
        """Give everything back: means were held too long, or nothing is left to fetch."""
        self.over = True
        self._stop_waiting()
        for stage, quantity in self.aboard:
            stage.stand(quantity)
        for stage, quantity in self.to_load + self.aboard:
            stage.give_back(quantity, self.lift.to)
        self.lift.to.inbound -= 1
        self.lift.to.change()
        self.give_back()
        self.lift.picks[0].leave_if_given_up()

    def give_back(self) -> None:
        """Means are free again."""
        if self.lift.vehicles:
            self.lift.vehicles.give_back(self.vehicles, self.lost)
        if self.lift.escorts:
            self.lift.escorts.give_back(self.escorts)
        if self.lift.brings and not self.started:
            for place in self.lift.picks:
                place.supplies_inbound -= 1
                place.change()
        self.over = True
        self.world.movements.remove(self)

    # --- driving ---------------------------------------------------------------------------------------

    def drive_loaded(self) -> Part:
        """The loaded run, with further pick-ups and camps that join on the way."""
        lift = self.lift
        legs, first = lift.loaded, 0
        for done in range(1, len(legs) + 1):
            stops = done in lift.pick_legs[1:]
            if done < len(legs) and not stops and done not in lift.joins:
                continue
            if not (yield from self.drive(legs[first:done], len(legs) + first, empty=False)):
                return False
            first = done
            if stops:
                yield from self.load(lift.pick_legs.index(done, 1))
            if done in lift.joins:
                yield from self.wait_to_join(*lift.joins[done])
        return True

    def drive(self, legs: Steps, position: int, *, empty: bool) -> Part:
        """One run: its departure waits for all that must be had, each further leg only for an open road."""
        for n, (leg, place) in enumerate(legs):
            self.leg = leg
            if n == 0:
                if not (yield from self.depart(starts_run=True)):
                    return False
                if self.closing:
                    self.closing.close()
                    self.closing = None
            elif self._is_banned():
                yield from self.depart(starts_run=False)
            yield from self.travel(leg, position + n, empty)
            self.place = place
        return True

    def travel(self, leg: Leg, position: int, empty: bool) -> Story:
        """Drive one leg with whatever happens on it; `position` numbers the legs of the whole movement."""
        minutes = max(leg.minutes(self, position), 1)
        driven = 0
        for after, threat, sub in leg.strikes(self, position, minutes, empty):
            yield from self.advance(after - driven)
            driven = after
            lost = self.world.sample(threat.lost, Point.STRIKE, self.lift.key, self.ordinal, 4 * sub + 2)
            self.lose(min(lost, self.vehicles_left))
            yield self.timeout(threat.halt, Point.STRIKE, 4 * sub)
        yield from self.advance(minutes - driven)

    def advance(self, minutes: int) -> Story:
        """Drive on for so long, halting each time supplies are used up."""
        env, lift = self.world.env, self.lift
        while minutes > 0:
            stretch = min(minutes, self.supplied + lift.supplies - self.world.now)
            if stretch > 0:
                yield env.timeout(stretch)
                minutes -= stretch
            if minutes > 0:
                yield self.timeout(lift.resupply, Point.RESUPPLY)
                self.supplied = self.world.now

    def lose(self, vehicles: int) -> None:
        """Vehicles are lost with their loads, the last loaded first; people ride on with the others."""
        self.lost += vehicles
        units = vehicles * (1 if self.lift.is_column else self.lift.capacity)
        kept = []
        for stage, quantity in reversed(self.aboard):
            gone = 0 if stage.item.people else min(units, quantity)
            if gone:
                units -= gone
                stage.next_at(self.lift.to).count_due(stage.item.stages[-1], gone)
            if gone < quantity:
                kept.append((stage, quantity - gone))
        self.aboard = kept[::-1]

    # --- joining ---------------------------------------------------------------------------------------

    def wait_to_join(self, camp: Camp, wait: int, boards: list[Stage]) -> Story:
        """Wait, at most so long, until a camp on the way is ready to close, and take it along."""
        env = self.world.env
        if camp.state < State.COLUMN and not camp.may_join():
            camp.joiner = env.event()
            yield camp.joiner | env.timeout(wait)
            camp.joiner = None
        if not camp.may_join():
            return
        camp.state = State.COLUMN
        self.closing = camp
        for stage in boards:
            quantity = stage.ready
            if quantity:
                stage.reserve(quantity, self.lift.to)
                stage.stand(-quantity)
                self.aboard.append((stage, quantity))
                self.vehicles += 0 if stage.item.people else quantity

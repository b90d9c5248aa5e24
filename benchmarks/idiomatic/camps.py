"""A camp's life: minimum force, readiness to close, the rear party, closing; what decisions do to it."""

from __future__ import annotations

from collections.abc import Generator
from enum import IntEnum
from typing import TYPE_CHECKING

import simpy

from drawdown_sim.model.draws import Point, quantile

from .reading import MINUTES_PER_DAY, entries

if TYPE_CHECKING:
    from .lifts import Lift
    from .places import Place
    from .world import World


class State(IntEnum):
    """How far a camp is on its way to closure."""

    OPEN = 0
    REAR_PARTY = 1
    REAR_READY = 2
    COLUMN = 3
    CLOSED = 4


class Camp:
    """A camp; one that closes is a process."""

    def __init__(self, world: World, row: int, place: Place) -> None:
        p = world.p
        self.world = world
        self.row = row
        self.place = place
        self.key = p.camp_key[row]
        self.closes = bool(p.camp_closes[row])
        self.handover = p.camp_handover[row]
        self.least: int = p.camp_least[row]
        self.perimeter: int = p.camp_perimeter[row]
        self.for_cargo: int = p.camp_cargo[row]
        self.for_satellites: int = p.camp_satellites[row]
        self.keep = p.quantities[p.camp_keep[row]] if p.camp_keep[row] >= 0 else None
        self.opens = p.camp_opens[row]
        self.windows = entries(p.window_at, row, p.window_known, p.window_target)
        self.column: Lift | None = None
        self.after: list[Camp] = []
        self.serves: list[Camp] = []
        self.awaited_by: list[Camp] = []  # camps that serve it or come after it
        self.state = State.OPEN
        self.target = -1
        self.accelerated = self.given_up = False
        self.may_begin = world.env.event()  # the rear party may begin
        self.closed = world.env.event()
        self.joiner: simpy.Event | None = None  # of the column that waits here for this camp
        place.camp = self

    # --- the process -----------------------------------------------------------------------------------

    def life(self) -> Generator[simpy.Event, None, None]:
        """From the beginning of the rear party until it is ready; a look or a column then closes the camp."""
        yield self.may_begin
        yield self.world.env.timeout(self.world.sample(self.handover, Point.HANDOVER, self.key, 0))
        self.state = State.REAR_READY
        self.place.change()

    def close(self) -> None:
        """The last element has left."""
        self.state = State.CLOSED
        self.world.closures[self.row] = self.world.now
        self.closed.succeed()
        for camp in [self, *self.awaited_by]:
            camp.place.change()

    def set_target(self) -> None:
        """The latest window known gives the target day; the camp's one draw places it in there."""
        now = self.world.now
        known = [target for since, target in self.windows if since <= now]
        if known and self.state == State.OPEN and not self.accelerated:
            table = self.world.p.quantities[known[-1]].table(now)
            self.target = quantile(table, self.world.draw(Point.TARGET, self.key, 0))
            self.world.remind(self.target, self.place.lifts)

    # --- what waits for what ---------------------------------------------------------------------------

    def minimum_force(self) -> int:
        """Armed people who are kept: the perimeter, and more for cargo still due and camps still served."""
        place = self.place
        served = sum(camp.state != State.CLOSED for camp in self.serves)
        if self.state >= State.COLUMN:
            return 0
        if not place.due and not served and self.column is None:
            unarmed = place.unreserved - place.armed - place.unarmed_stay
            return 0 if unarmed <= 0 and self._day_has_come() and self._camps_before_closed() else self.least
        if self.accelerated:
            return self.least
        force = self.perimeter if place.due or served else 0
        if place.due and place.due_first:
            force += -(-self.for_cargo * min(place.due, place.due_first) // place.due_first)
        if served:
            force += -(-self.for_satellites * served // len(self.serves))
        return max(force, self.least)

    def _day_has_come(self) -> bool:
        return self.accelerated or self.world.now >= self.target

    def _camps_before_closed(self) -> bool:
        """Whether the camps that it serves have closed, and unless it is accelerated those of the plan's order."""
        before = self.serves if self.accelerated else self.after + self.serves
        return all(camp.state == State.CLOSED for camp in before)

    def is_in_use(self) -> bool:
        """Whether anything is on its way here, or here that no column will take."""
        place = self.place
        if place.inbound or place.due_other or place.loaded_here:
            return True
        taken = self.column.column_stages if self.column else ()
        return any(s.here for s in place.stages if s.item.people and not s.last and s not in taken)

    def may_join(self) -> bool:
        """Whether a passing column could take everybody along."""
        return self.state == State.REAR_READY and not self.is_in_use()

    def due_date(self) -> int | None:
        """By when work here is to be done; None if nothing is planned."""
        if self.accelerated:
            return 0
        return self.target if self.target >= 0 else None

    def look(self) -> None:
        """Go one step on if that is possible: begin the rear party, or close with nobody left for a column."""
        if self.state == State.OPEN and self.closes:
            place = self.place
            if not self._day_has_come() or not self._camps_before_closed() or place.inbound:
                return
            if place.due_own > place.own_ready() or self.is_in_use():
                return
            if self.column and not self.recall():
                return
            self.state = State.REAR_PARTY
            self.may_begin.succeed()
            self.world.change()
        elif self.may_join():
            if self.joiner and not self.joiner.triggered:
                self.joiner.succeed()
            if not self.column or not any(s.here for s in self.column.column_stages if s.place is self.place):
                self.close()

    def recall(self) -> bool:
        """Take back what movements that have not left yet were to fetch; whether nobody else is bound to fetch."""
        free = True
        for movement in list(self.world.movements):
            if movement.lift is self.column or self.place not in movement.lift.picks:
                continue
            here = [take for take in movement.to_load if take[0].place is self.place]
            if not here and (movement.started or not movement.aboard):
                continue
            if movement.started or movement not in self.world.departing:
                free = False
            elif len(here) == len(movement.to_load):
                movement.disband()
            else:
                for take in here:
                    movement.to_load.remove(take)
                    take[0].give_back(take[1], movement.lift.to)
        return free

    # --- what decisions do -----------------------------------------------------------------------------

    def accelerate(self) -> None:
        """Remove the target, never the work; minimum force falls to its least."""
        if self.state != State.CLOSED:
            self.accelerated = True
            self.target = -1
            self.place.change()

    def give_up(self) -> None:
        """What nobody can move any more is left where it stands."""
        if self.state != State.CLOSED and not self.given_up:
            self.given_up = True
            self.accelerate()
            self.recall()
            self.place.leave_if_given_up()

    def destroy(self, rate: int, spared: int) -> Generator[simpy.Event, None, None]:
        """Destroy what waits here, so many loads a day, until nothing is due; some classes are only left."""
        while True:
            yield self.world.late(MINUTES_PER_DAY)
            self.recall()
            self.leave(spared)
            left = rate
            for stage in self.place.due_cargo():
                left -= stage.abandon(min(left, stage.unmoved()))
            done = not self.place.due_other and self.place.due_own <= self.place.own_ready()
            if done or self.state != State.OPEN:
                return

    def leave(self, classes: int) -> None:
        """Leave what nobody has begun to move of some classes of cargo (a bit mask)."""
        for stage in self.place.due_cargo():
            if classes >> stage.item.kind & 1:
                stage.abandon(stage.unmoved())

"""Who and what is to leave, and where it is: items, their stages on the way, places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drawdown_sim.model.plan import PlaceKind

from .reading import MINUTES_PER_DAY

if TYPE_CHECKING:
    from .camps import Camp
    from .lifts import Lift
    from .world import World


class Item:
    """A cohort of people or a lot of cargo."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.people = bool(p.item_people[row])
        self.kind = p.item_kind[row]
        self.contingent = p.item_contingent[row]
        self.rank = p.item_rank[row]
        self.number: int = p.item_number[row]
        self.stays = p.item_stays[row]
        self.armed = p.item_armed[row]
        self.own_means = bool(p.item_own_means[row])
        self.batch = p.item_batch[row]
        self.starts = p.item_starts[row]
        self.tied = bool(p.item_tied[row])
        self.advance: int = p.item_advance[row]
        self.key = p.item_key[row]
        self.ties: list[Item] = []  # the lots that hold its people
        self.stages: list[Stage] = []
        self.packed = 0  # loads whose first work is over, or that are no more
        self.gone = 0  # people who have left their first place or are about to
        self.batches = 0

    def let_go(self) -> int:
        """How many more people their contingent's equipment lets go: in proportion to what is packed of it."""
        total = sum(lot.number for lot in self.ties)
        packed = sum(lot.packed for lot in self.ties)
        if packed >= total:
            return self.number - self.gone
        share = self.advance * total + (1000 - self.advance) * packed
        return self.number * share // (1000 * total) - self.gone


class Stage:
    """One place on an item's way, and the units that are there."""

    def __init__(self, world: World, row: int, item: Item, place: Place) -> None:
        series = world.p.stage_work[row]
        self.row = row
        self.item = item
        self.place = place
        self.work = world.p.quantities[series] if series >= 0 else None
        self.position = len(item.stages)
        self.last = False
        #: own means leave their first place with the column; further on they are loads like others
        self.own = item.own_means and self.position == 0
        self.due = item.number  # not yet taken from here or from further on
        self.raw = self.ready = self.here = 0
        item.stages.append(self)
        place.stages.append(self)

    @property
    def first(self) -> bool:
        """Whether units stand here at the start."""
        return self.position == 0

    def next_at(self, place: Place) -> Stage:
        """The stage in which a unit is once it has been carried to a place."""
        return next(s for s in self.item.stages[self.position + 1 :] if s.place is place)

    def unmoved(self) -> int:
        """Loads that nobody has begun to move; own means that are ready will march out."""
        return self.raw + (0 if self.own else self.ready)

    def count_due(self, until: Stage, quantity: int) -> None:
        """Units will be taken from here and from every stage before `until` (or will not, if negative)."""
        for stage in self.item.stages[self.position : until.position]:
            stage.due -= quantity
            stage.place.change()

    def reserve(self, quantity: int, to: Place) -> None:
        """Units will leave with a movement: they stand here until loaded, but nobody else may count on them."""
        self.ready -= quantity
        self.count_due(self.next_at(to), quantity)
        if self.item.people:
            self.place.unreserved -= quantity
            self.place.armed -= quantity * self.item.armed
            if self.first:
                self.item.gone += quantity
            self.place.check_force()

    def give_back(self, quantity: int, to: Place) -> None:
        """Units that were reserved are free again."""
        self.ready += quantity
        self.count_due(self.next_at(to), -quantity)
        if self.item.people:
            self.place.unreserved += quantity
            self.place.armed += quantity * self.item.armed
            if self.first:
                self.item.gone -= quantity

    def stand(self, quantity: int) -> None:
        """Units stand at the place, or have left it if negative."""
        self.here += quantity
        self.place.change()
        if self.item.people:
            self.place.present += quantity
        elif self.own:
            self.place.due_own += quantity
        else:
            self.place.due_other += quantity

    def set_down(self, quantity: int) -> None:
        """Units arrive here with a movement."""
        place, item, world = self.place, self.item, self.place.world
        if item.people and not (self.last and place.is_exit):
            place.unreserved += quantity
            place.armed += quantity * item.armed
            if self.last:
                place.present += quantity
        if self.last:
            if item.people:
                place.check_force()
                world.people_out(quantity)
            return
        self.stand(quantity)
        if item.people:
            place.check_force()
        else:
            place.due_first += quantity
        if self.work:
            self.raw += quantity
        else:
            self.ready += quantity

    def abandon(self, quantity: int) -> int:
        """Loads are destroyed or left, those not prepared first. Gives how many."""
        quantity = min(quantity, self.raw + self.ready)
        if quantity <= 0:
            return 0
        unprepared = min(quantity, self.raw)
        self.raw -= unprepared
        self.ready -= quantity - unprepared
        if self.first:
            self.item.packed += unprepared
        self.stand(-quantity)
        self.count_due(self.item.stages[-1], quantity)
        return quantity


class Place:
    """A camp, a hub or the end of a way."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.world = world
        self.area = p.place_area[row]
        self.is_exit = p.place_kind[row] == PlaceKind.EXIT
        self.camp: Camp | None = None
        self.stages: list[Stage] = []
        self.lifts: list[Lift] = []  # that pick up here
        self.present = 0
        self.unreserved = 0  # people here and not about to leave
        self.armed = 0  # armed people among them
        self.unarmed_stay = 0
        self.due_own = self.due_other = self.due_first = 0  # loads due to leave: by column, by lifts; ever
        self.inbound = 0  # movements that will set down here
        self.loaded_here = 0  # movements with something aboard that wait to depart
        self.below = False  # whether fewer armed people than the minimum force were here when last counted
        self.stock = p.place_stock[row]  # [person day], -1 where supplies never bind
        self.reserve = p.place_reserve[row]  # [minute]
        self.is_low = self.is_out = False
        self.supplies_inbound = 0

    @property
    def due(self) -> int:
        """Loads due to leave."""
        return self.due_own + self.due_other

    def change(self) -> None:
        """Something has changed here: lifts that pick up here may be able to take more, its camp may go on."""
        self.world.change(self.lifts)

    def check_force(self) -> None:
        """Count the guard: a place below its minimum force is struck more often."""
        if self.camp:
            self.below = self.camp.minimum_force() > self.armed

    def own_ready(self) -> int:
        """Own means that could march out with the column."""
        return sum(stage.ready for stage in self.stages if stage.own)

    def due_cargo(self) -> list[Stage]:
        """Stages here of cargo that is to go on."""
        return [stage for stage in self.stages if not stage.item.people and not stage.last]

    def leave_if_given_up(self) -> None:
        """Cargo at a site that is given up is left there."""
        if self.camp and self.camp.given_up:
            for stage in self.due_cargo():
                stage.abandon(stage.unmoved())

    def use_supplies(self) -> None:
        """Everybody present uses one day of supply; at nothing, work stops."""
        if self.stock < 0:
            return
        if self.world.now:
            self.stock = max(self.stock - self.present, 0)
        if self.stock < self.reserve * self.present // MINUTES_PER_DAY and not self.is_low:
            self.is_low = True
            self.change()  # lifts that bring supplies may form without a load
        if self.stock == 0 and self.present:
            self.is_out = True

    def bring_supplies(self, quantity: int) -> None:
        """Supplies have come on an empty run."""
        self.supplies_inbound -= 1
        if self.stock >= 0:
            self.stock += quantity
            self.is_low = self.is_out = False
            self.change()

"""What movements need and compete for: means, and quotas."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from drawdown_sim.model.plan import Counts, Period

from .reading import MINUTES_PER_DAY, MINUTES_PER_WEEK

if TYPE_CHECKING:
    from .lifts import Lift
    from .places import Item
    from .reading import Quantity
    from .world import World


class Means:
    """Trucks, escorts or aircraft: those that are free stand in a container."""

    def __init__(self, world: World, row: int) -> None:
        self.world = world
        self.number: int = world.p.asset_number[row]
        self.free = simpy.Container(world.env, init=self.number)
        self.owed = 0  # lost while they are away: so many are not free when they come home
        self.lifts: list[Lift] = []  # that use them
        self.claimant: Lift | None = None  # keeps them from lifts that come after it

    def free_for(self, lift: Lift) -> int:
        """How many a lift may have now."""
        if self.claimant and self.claimant.order() < lift.order():
            return 0
        return int(self.free.level)

    def take(self, quantity: int) -> None:
        """A movement takes some that are free."""
        if quantity:
            self.free.get(quantity)

    def give_back(self, quantity: int, lost: int = 0) -> None:
        """A movement is home; what it lost on the road is gone for good."""
        self.lose(lost)
        self._put(quantity)

    def gain(self, quantity: int) -> None:
        """There are more."""
        self.number += quantity
        self._put(quantity)

    def _put(self, quantity: int) -> None:
        paid = min(quantity, self.owed)
        self.owed -= paid
        if quantity > paid:
            self.free.put(quantity - paid)
            self.world.change(self.lifts)

    def lose(self, quantity: int) -> None:
        """Some are withdrawn, at once or as they come home."""
        quantity = min(quantity, self.number)
        self.number -= quantity
        at_home = min(quantity, int(self.free.level))
        self.take(at_home)
        self.owed += quantity - at_home


class Quota:
    """How many movements or people may go in a day or a week; a process."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.world = world
        self.length = MINUTES_PER_DAY if p.quota_period[row] == Period.DAY else MINUTES_PER_WEEK
        self.counts_people = p.quota_counts[row] == Counts.PEOPLE
        self.limits: Quantity = p.quantities[p.quota_limit[row]]
        self.limit = self.left = self.limits.at(0)
        self.everybody = bool(p.quota_unowned[row])
        self.contingents = {c for c, counts in enumerate(p.quota_contingent[row]) if counts}
        self.lifts: list[Lift] = []  # that it restricts

    def counts(self, item: Item) -> bool:
        """Whether it counts an item's people."""
        return item.people and (self.everybody or item.contingent in self.contingents)

    def run(self) -> Generator[simpy.Event, None, None]:
        """Begin each period with nothing used."""
        while True:
            self.left = self.limit = self.limits.at(self.world.now)
            self.world.change(self.lifts)
            yield self.world.early(self.length)

    def read_limit(self) -> None:
        """The limit may have changed within a period."""
        self.left -= self.limit
        self.limit = self.limits.at(self.world.now)
        self.left += self.limit

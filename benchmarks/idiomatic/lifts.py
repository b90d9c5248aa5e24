"""Lifts: what may be taken now, and forming movements that take it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from drawdown_sim.model.plan import NEVER, UNLIMITED, Carries

from .camps import State
from .movements import Movement
from .reading import entries

if TYPE_CHECKING:
    from .camps import Camp
    from .places import Place, Stage
    from .world import World

#: what a movement could take: stages, each with how many units
Takes = list[tuple["Stage", int]]


class Lift:
    """A standing way to move people or cargo; a process that sends off the movements that form."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        places, stages = world.places, world.stages
        self.world = world
        self.row = row
        self.key = p.lift_key[row]
        self.rank = p.lift_rank[row]
        self.classes = p.lift_classes[row]
        self.is_column = p.lift_carries[row] == Carries.COLUMN
        self.carries_people = p.lift_carries[row] == Carries.PEOPLE
        self.from_origin = bool(p.lift_from_origin[row])
        self.returns = bool(p.lift_returns[row])
        self.to = places[p.lift_to[row]]
        # means and sizes
        self.vehicles = world.means[p.lift_asset[row]] if p.lift_asset[row] >= 0 else None
        self.escorts = world.means[p.lift_escort[row]] if p.lift_escort[row] >= 0 else None
        self.per_escort = p.lift_escort_vehicles[row]
        self.least_escorts = p.lift_escort_least[row]
        self.capacity = p.lift_capacity[row]
        self.least = p.lift_least[row]
        self.most = p.lift_most[row]
        # times
        self.wait = p.lift_wait[row]
        self.reserve = p.lift_reserve[row]
        self.hold = p.lift_hold[row]
        self.opens, self.shuts = p.lift_hours_from[row], p.lift_hours_to[row]
        self.loading, self.unloading, self.rest = p.lift_loading[row], p.lift_unloading[row], p.lift_rest[row]
        self.supplies, self.resupply = p.lift_supplies[row], p.lift_resupply[row]
        self.brings = p.lift_brings[row]
        self.first_minute, self.last_minute = p.lift_first[row], p.lift_last[row]
        self.by_order = bool(p.lift_by_order[row])
        self.stopped = bool(p.lift_stopped[row])
        # the way: pick-ups, with the legs driven before each; the loaded run and the empty run
        picks = range(p.pick_at[row], p.pick_at[row + 1])
        self.picks: list[Place] = [places[p.pick_place[j]] for j in picks]
        self.pick_legs: list[int] = [p.pick_leg[j] for j in picks]
        route = range(p.route_at[row], p.route_at[row + 1])
        self.loaded = [(world.legs[p.route_leg[j]], places[p.route_to[j]]) for j in route]
        nodes = [self.picks[0], *(place for _, place in self.loaded)]
        self.empty = [(leg, node) for (leg, _), node in reversed(list(zip(self.loaded, nodes, strict=False)))]
        self.candidates = [
            stages[p.stage_at[p.cand_item[k]] + p.cand_stage[k]]
            for j in picks
            for k in range(p.cand_at[j], p.cand_at[j + 1])
        ]
        self.joins: dict[int, tuple[Camp, int, list[Stage]]] = {}  # by legs driven: camp, longest wait, candidates
        for j in range(p.join_at[row], p.join_at[row + 1]):
            joining = range(p.join_cand_at[j], p.join_cand_at[j + 1])
            boards = [stages[p.stage_at[p.join_cand_item[k]] + p.join_cand_stage[k]] for k in joining]
            self.joins[p.join_leg[j]] = (world.camps[p.join_camp[j]], p.join_wait[j], boards)
        self.column_stages = {*self.candidates, *(s for _, _, boards in self.joins.values() for s in boards)}
        # what restricts it
        quotas = [world.quotas[q] for q in entries(p.lift_quota_at, row, p.lift_quota)]
        self.people_quotas = [quota for quota in quotas if quota.counts_people]
        self.movement_quotas = [quota for quota in quotas if not quota.counts_people]
        self.gates = [[world.gates[g] for g in entries(p.lift_gate_at, 2 * row + n, p.lift_gate)] for n in (0, 1)]
        # what changes
        self.orders = simpy.Store(world.env)
        self.since: int | None = None  # since when it waits
        self.formed = 0
        self.blocked_since: int | None = None
        for place in self.picks:
            place.lifts.append(self)
        for means in (self.vehicles, self.escorts):
            if means:
                means.lifts.append(self)
        for quota in quotas:
            quota.lifts.append(self)
        for gate in {gate: None for phase in self.gates for gate in phase}:
            gate.lifts.append(self)

    def run(self) -> Generator[simpy.Event, Any, None]:
        """Send off each movement that forms."""
        while True:
            movement = yield self.orders.get()
            self.world.env.process(movement.story())

    def block(self) -> None:
        """A refusal or a ban begins to hold it up."""
        if self.blocked_since is None:
            self.blocked_since = self.world.now

    def block_if_needed(self) -> None:
        """Something that is known to all holds up whoever still has something to carry."""
        if any(stage.due for stage in self.candidates):
            self.block()

    # --- looks -----------------------------------------------------------------------------------------

    def order(self) -> tuple[int, int, int]:
        """Its place among the lifts that wait."""
        return self.rank, -1 if self.since is None else self.since, self.row

    def begin_to_wait(self) -> None:
        """It waits from the minute in which something is ready for it."""
        if self.since is None and self._has_reason():
            self.since = self.world.now

    def _has_reason(self) -> bool:
        return any(stage.ready for stage in self.candidates) or self._is_resupply_due()

    def _is_resupply_due(self) -> bool:
        """Whether it is to go, empty, for a place below its reserve that nobody is bound for."""
        return self.brings > 0 and any(place.is_low and not place.supplies_inbound for place in self.picks)

    def look(self) -> None:
        """Form as many movements as can be formed now."""
        while self.since is not None:
            if not self._has_reason():
                self.since = None
                self._drop_claims()
            elif not self._form():
                return

    def _form(self) -> bool:
        """Form one movement, with all the means it needs or not at all."""
        if self.stopped or not self.first_minute <= self.world.now < self.last_minute:
            return False
        takes = self._column_takes() if self.is_column else self._takes()
        total = sum(quantity for _, quantity in takes)
        if not total and not self._is_resupply_due():
            return False
        wanted = min(max(-(-total // self.capacity), 1), self.most)
        if wanted < self.least and not self._may_be_small(total):
            return False
        size = self._size(wanted)
        if size is None:
            self._claim()
            return False
        vehicles, escorts = size
        if self.is_column:
            vehicles = max(vehicles, sum(q for stage, q in takes if not stage.item.people))
            self.picks[0].camp.state = State.COLUMN  # type: ignore[union-attr]  # a column leaves a camp
        else:
            takes = _first_units(takes, vehicles * self.capacity)
            total = sum(quantity for _, quantity in takes)
            if total:
                vehicles = min(vehicles, -(-total // self.capacity))
            if self.escorts and self.per_escort < UNLIMITED:
                escorts = max(self.least_escorts, -(-vehicles // self.per_escort))
        self._order(vehicles, escorts, takes)
        return True

    def _order(self, vehicles: int, escorts: int, takes: Takes) -> None:
        """Take means and units for a movement, and have it sent off."""
        movement = Movement(self.world, self, vehicles, escorts, takes)
        self.formed += 1
        if self.vehicles:
            self.vehicles.take(vehicles)
        if self.escorts:
            self.escorts.take(escorts)
        for stage, quantity in takes:
            stage.reserve(quantity, self.to)
            for quota in self.people_quotas:
                if quota.counts(stage.item):
                    quota.left -= quantity
        if self.brings:
            for place in self.picks:
                place.supplies_inbound += 1
        self.to.inbound += 1
        self._drop_claims()
        self.since = self.world.now
        self.orders.put(movement)

    def _column_takes(self) -> Takes:
        """A column takes everybody and all own means of its camp, once the rear party is ready."""
        camp = self.picks[0].camp
        if camp is None or camp.column is not self or not camp.may_join():
            return []
        return [(stage, stage.ready) for stage in self.candidates if stage.ready]

    def _takes(self) -> Takes:
        """What may go now of what is ready, within force, plan, equipment and quotas."""
        takes: Takes = []
        spare: dict[Place, tuple[int, int] | None] = {}
        left = {quota: quota.left for quota in self.people_quotas}
        for stage in self.candidates:
            quantity, place, item = stage.ready, stage.place, stage.item
            if not quantity:
                continue
            if place not in spare:
                spare[place] = self._spare(place)
            limits = spare[place]
            if limits is None or _is_left_to_column(stage):
                continue
            if item.people:
                if item.tied and stage.first and not self.world.people_go:
                    quantity = min(quantity, item.let_go())
                if item.armed:
                    quantity = min(quantity, limits[0])
                quantity = min(quantity, limits[1])
            counting = [quota for quota in left if quota.counts(item)]
            quantity = min([quantity, *(left[quota] for quota in counting)])
            if quantity > 0:
                takes.append((stage, quantity))
                for quota in counting:
                    left[quota] -= quantity
                if item.people:
                    spare[place] = limits[0] - quantity * item.armed, limits[1] - quantity
        return takes

    def _spare(self, place: Place) -> tuple[int, int] | None:
        """Armed people and people in all whom a place can spare, or None where the plan lets nothing leave."""
        camp = place.camp
        if camp is None:
            return UNLIMITED, UNLIMITED
        if self.world.now < camp.opens and not camp.accelerated:
            return None
        armed = people = UNLIMITED
        if self.carries_people and not self.world.people_go:
            if not self.by_order:
                armed = max(place.armed - camp.minimum_force(), 0)
            if camp.keep and not camp.accelerated:
                people = max(place.unreserved - camp.keep.at(self.world.now), 0)
        return armed, people

    def _may_be_small(self, total: int) -> bool:
        """Below the least size after the longest wait, for supplies, or when nothing more can become ready."""
        if self.is_column or self._is_resupply_due():
            return True
        assert self.since is not None
        if self.world.now - self.since >= self.wait:
            return True
        if sum(stage.due for stage in self.candidates) <= total:
            return True
        self.world.remind(self.since + self.wait, [self])
        return False

    def _size(self, wanted: int) -> tuple[int, int] | None:
        """Vehicles and escorts for a movement of the wanted size or a smaller one, or None if it lacks means."""
        least, vehicles, escorts = min(wanted, self.least), wanted, 0
        if self.vehicles:
            vehicles = min(wanted, self.vehicles.free_for(self))
        if self.escorts:
            free = self.escorts.free_for(self)
            if free < self.least_escorts:
                return None
            escorts = self.least_escorts
            if self.per_escort < UNLIMITED:
                vehicles = min(vehicles, free * self.per_escort)
                escorts = max(escorts, -(-vehicles // self.per_escort))
        return (vehicles, escorts) if vehicles >= least else None

    def _claim(self) -> None:
        """After its reserve time it keeps scarce means from lifts that come after it."""
        if self.reserve >= NEVER:
            return
        assert self.since is not None
        if self.world.now < self.since + self.reserve:
            self.world.remind(self.since + self.reserve, [self])
            return
        for means in (self.vehicles, self.escorts):
            if means and (means.claimant is None or self.order() < means.claimant.order()):
                means.claimant = self

    def _drop_claims(self) -> None:
        for means in (self.vehicles, self.escorts):
            if means and means.claimant is self:
                means.claimant = None
                self.world.change(means.lifts)


def _is_left_to_column(stage: Stage) -> bool:
    """From the rear party on, whoever a column will take is left to it."""
    camp = stage.place.camp
    if camp is None or camp.column is None or camp.state in (State.OPEN, State.CLOSED):
        return False
    return stage in camp.column.column_stages


def _first_units(takes: Takes, most: int) -> Takes:
    """As many units as fit, in the order of loading."""
    fitting = []
    for stage, quantity in takes:
        taken = min(quantity, most)
        if taken > 0:
            fitting.append((stage, taken))
            most -= taken
    return fitting

"""One replication: what there is, what changes, and who is looked at when something has changed."""

from __future__ import annotations

from collections.abc import Generator, Iterable

import simpy

from drawdown_sim.model.draws import Point, draw, driver_levels, quantile
from drawdown_sim.model.plan import AssetKind, Plan

from .camps import Camp
from .clearances import Gate
from .dates import Ban, Decision, Milestone, keep_calendar, watch_mornings
from .lifts import Lift
from .means import Means, Quota
from .movements import Movement
from .places import Item, Place, Stage
from .reading import MINUTES_PER_WEEK, entries, read
from .roads import Leg, Threat
from .work import Gang

#: SimPy's priorities: urgent events (0) come before ordinary ones (1); late ones and looks come after
EARLY, LATE, LOOK = 0, 2, 3


class Appointment(simpy.Event):
    """A time-out that comes before or after the ordinary ones of its minute."""

    def __init__(self, env: simpy.Environment, delay: int, priority: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, priority, delay)  # type: ignore[arg-type]  # any number is a priority


class World:
    """Everything that one replication of a plan consists of."""

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.p = read(plan)
        self.seed, self.replication = seed, replication
        self.env = simpy.Environment()
        self.levels = driver_levels(plan, seed, replication).tolist()
        self.changed = self.env.event()
        self.unsettled = False
        self.to_look: set[Lift] = set()
        self.reminders: dict[int, set[Lift]] = {}  # by minute
        self.closures: dict[int, int] = {}  # by row of the camp: when it closed
        self.everybody_out = self.env.event()
        self.people_go = False  # in the last days people mind neither equipment nor force
        self.formed = 0
        self.movements: list[Movement] = []
        self.departing: list[Movement] = []
        self._make_places()
        self._make_means()
        self._make_rules()
        self.still_in = sum(item.number for item in self.items if item.people)

    @property
    def now(self) -> int:
        """The present minute."""
        return self.env.now  # type: ignore[return-value]  # every time-out is a whole number of minutes

    # --- what there is ---------------------------------------------------------------------------------

    def _make_places(self) -> None:
        """Places, camps, and the items that stand there."""
        p = self.p
        self.places = [Place(self, row) for row in range(len(p.place_kind))]
        self.camps = [Camp(self, row, self.places[place]) for row, place in enumerate(p.camp_place)]
        for row, camp in enumerate(self.camps):
            camp.after = [self.camps[c] for c in entries(p.camp_after_at, row, p.camp_after)]
            camp.serves = [self.camps[c] for c in entries(p.camp_serves_at, row, p.camp_serves)]
            for other in camp.after + camp.serves:
                other.awaited_by.append(camp)
        self.items = [Item(self, row) for row in range(len(p.item_people))]
        self.stages: list[Stage] = []
        for row, item in enumerate(self.items):
            item.ties = [self.items[lot] for lot in entries(p.item_tie_at, row, p.item_tie)]
            for stage in range(p.stage_at[row], p.stage_at[row + 1]):
                self.stages.append(Stage(self, stage, item, self.places[p.stage_place[stage]]))
            item.stages[-1].last = True
            self._put(item, item.stages[0])

    def _put(self, item: Item, stage: Stage) -> None:
        """Put an item where it is at the start."""
        stage.stand(item.number)
        place = stage.place
        if item.people:
            place.present += item.stays
            place.unreserved += item.number + item.stays
            place.armed += (item.number + item.stays) * item.armed
            place.unarmed_stay += 0 if item.armed else item.stays
        else:
            place.due_first += item.number
        if stage.work:
            stage.raw = item.number
        else:
            stage.ready = item.packed = item.number

    def _make_means(self) -> None:
        """Means, crews, and the ways on which they are used."""
        p = self.p
        crews = [row for row, kind in enumerate(p.asset_kind) if kind == AssetKind.CREW]
        self.gangs = [Gang(self, row) for row in crews]
        self.means = [Means(self, row) for row in range(len(p.asset_kind))]
        self.quotas = [Quota(self, row) for row in range(len(p.quota_kind))]
        self.gates = [Gate(self, row) for row in range(len(p.gate_driver))]
        self.threats = [Threat(self, row) for row in range(len(p.threat_halt))]
        self.legs = [Leg(self, row) for row in range(len(p.leg_a))]
        self.lifts = [Lift(self, row) for row in range(len(p.lift_mode))]
        for camp, column in zip(self.camps, p.camp_column, strict=True):
            camp.column = self.lifts[column] if column >= 0 else None

    def _make_rules(self) -> None:
        """Bans, milestones and decisions."""
        p = self.p
        self.bans = [Ban(self, row) for row in range(len(p.ban_key))]
        self.milestones = [Milestone(self, row) for row in range(len(p.mile_deadline))]
        self.decisions = [Decision(self, row) for row in range(len(p.decision_does))]

    # --- the run ---------------------------------------------------------------------------------------

    def run(self) -> None:
        """Start every process and play until the mission is over, or to the horizon."""
        env = self.env
        for camp in self.camps:
            camp.set_target()
        for gate in self.gates:
            if gate.obstructs:
                for lift in gate.lifts:
                    lift.block_if_needed()
        for place in self.places:
            place.check_force()
        env.process(keep_calendar(self))
        for ban in self.bans:
            env.process(ban.run())
        for quota in self.quotas:
            env.process(quota.run())
        env.process(watch_mornings(self))
        for camp in self.camps:
            env.process(camp.life())
        for lift in self.lifts:
            env.process(lift.run())
        reached = [env.process(milestone.run()) for milestone in self.milestones]
        env.process(self.allocate())
        self.change(self.lifts)
        over = env.all_of([*reached, *(camp.closed for camp in self.camps if camp.closes)])
        env.run(until=over | env.timeout(self.p.horizon))

    def allocate(self) -> Generator[simpy.Event, None, None]:
        """Look at all that waits, in a fixed order, once everything else in a minute has happened.

        Only a look grants what is scarce. What it grants is seen by the next look; those who were let go act
        when nothing more can be granted.
        """
        while True:
            yield self.changed
            yield Appointment(self.env, 0, LOOK)
            while self.unsettled:
                self.unsettled = False
                self._look_round()
            self.changed = self.env.event()

    def _look_round(self) -> None:
        """One look at all that waits: departures, camps, lifts near what has changed, crews."""
        for movement in sorted(self.departing, key=Movement.order):
            movement.look()
        for camp in self.camps:
            camp.look()
        lifts, self.to_look = self.to_look, set()
        for lift in lifts:
            lift.begin_to_wait()
        for lift in sorted(lifts, key=Lift.order):
            lift.look()
        for gang in self.gangs:
            gang.look()

    def change(self, lifts: Iterable[Lift] = ()) -> None:
        """Something has changed that may let somebody go on, and these lifts among them."""
        self.to_look.update(lifts)
        self.unsettled = True
        if not self.changed.triggered:
            self.changed.succeed()

    def remind(self, minute: int, lifts: Iterable[Lift] = ()) -> None:
        """Look again at a later minute, at these lifts too."""
        if minute <= self.now:
            return
        if minute not in self.reminders:
            self.reminders[minute] = set()
            self.env.process(self._look_at(minute))
        self.reminders[minute].update(lifts)

    def _look_at(self, minute: int) -> Generator[simpy.Event, None, None]:
        yield self.env.timeout(minute - self.now)
        self.change(self.reminders.pop(minute))

    def early(self, delay: int) -> Appointment:
        """A time-out before the ordinary ones of its minute: what comes by date."""
        return Appointment(self.env, delay, EARLY)

    def late(self, delay: int) -> Appointment:
        """A time-out after the ordinary ones of its minute."""
        return Appointment(self.env, delay, LATE)

    def people_out(self, quantity: int) -> None:
        """People have reached the end of their way."""
        self.still_in -= quantity
        if not self.still_in:
            self.everybody_out.succeed()

    # --- chance ----------------------------------------------------------------------------------------

    def draw(self, point: Point, key: int, ordinal: int, sub: int = 0) -> int:
        """The 32-bit draw at an address."""
        return draw(self.seed, self.replication, point, key, ordinal, sub)

    def sample(self, quantity: int, point: Point, key: int, ordinal: int, sub: int = 0) -> int:
        """A quantity drawn now; 0 if there is none."""
        if quantity < 0:
            return 0
        table = self.p.quantities[quantity].table(self.now)
        if table[0] == table[-1]:
            return int(table[0])
        return quantile(table, self.draw(point, key, ordinal, sub))

    def factor(self, driver: int, area: int) -> int:
        """What a driver does in an area this week [per mille]."""
        if driver < 0 or area < 0:
            return 1000
        weeks = self.levels[driver][area]
        level = weeks[min(self.now // MINUTES_PER_WEEK, len(weeks) - 1)]
        return int(self.p.driver_factor[driver][level])

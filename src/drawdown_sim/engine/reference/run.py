"""The state of one replication, and the few verbs that every rule uses: record, draw, mark, count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from typing import Any

import simpy

from ...model.draws import DrawBook, driver_levels, quantile
from ...model.plan import NEVER, UNLIMITED
from ...model.trajectory import Status
from .clock import Clock, Rank
from .codes import Hold, Kind
from .records import Candidate, Leg, Lift
from .series import Series
from .view import View

Story = Generator[simpy.Event, Any, None]

#: states of a camp
OPEN, REAR_PARTY, REAR_READY, COLUMN, CLOSED = range(5)

#: who may ask for a wake
LIFT, MOVEMENT, CAMP, CREW = range(4)

MINUTES_PER_DAY = 1440
MINUTES_PER_WEEK = 10080

#: Rows after which a run is ended as `Status.ROW_BUDGET`: far above any sensible mission.
ROW_BUDGET = 1_000_000


class Movement:
    """One convoy, flight, ship or column, from forming to release."""

    __slots__ = (
        "aboard",
        "ahead",
        "attempts",
        "begun",
        "camp",
        "cleared_row",
        "covered",
        "escorts",
        "go",
        "hold",
        "hold_cause",
        "home",
        "leg",
        "lift",
        "lost",
        "manifest",
        "number",
        "ordinal",
        "pending",
        "phase",
        "place",
        "room",
        "row",
        "run_start",
        "since",
        "started",
        "supply",
        "valid",
        "vehicles",
        "yard",
    )  # fmt: skip

    def __init__(self, number: int, lift: Lift, ordinal: int, vehicles: int, escorts: int) -> None:
        self.number = number
        self.lift = lift
        self.ordinal = ordinal  # the lift's own count of movements: addresses its draws
        self.vehicles = vehicles
        self.escorts = escorts
        self.manifest: list[tuple[Candidate, int]] = []  # still to be loaded, and how many
        self.aboard: list[list[int]] = []  # [item, stage, quantity]
        self.row = self.cleared_row = 0
        self.camp = -1  # the camp that closes when this column leaves it
        self.begun = -1  # the last phase whose run has started
        self.phase = 0  # of clearances: 0 first run, 1 way back
        self.pending: set[int] = set()  # gate slots not yet granted
        self.attempts: dict[int, int] = {}  # per gate slot
        self.valid: dict[int, int] = {}  # per gate slot: last minute
        self.covered = True
        self.go: simpy.Event | None = None  # what the story waits on to depart
        self.leg: Leg  # the leg it waits to enter, once it waits,
        self.ahead = -1  # and the place behind it
        self.run_start = False  # whether that departure starts a run
        self.since = 0
        self.hold = -1  # requirement that failed at the last look
        self.hold_cause = 0
        self.place = -1
        self.started = False
        self.lost = 0
        self.room = self.yard = 0  # reserved at the destination
        self.supply = 0  # when supplies were last full
        self.home = False


class Run(Clock):
    """Everything that changes during one replication, with its clock. Rules live in the modules beside this one."""

    def __init__(self, view: View, seed: int, replication: int, full_pass: bool) -> None:
        super().__init__()
        p = view.p
        self.view = view
        self.p = p
        self.full_pass = full_pass
        self.done = self.event()
        self.rows: list[tuple[int, ...]] = []
        #: a bare 32-bit draw, by number of the pair, ordinal and sub
        self.draw = DrawBook(view.layout, seed, replication).get
        self.levels = driver_levels(view.plan, seed, replication).tolist()
        # units: per stage, waiting for work, in work, ready to be moved; and not yet gone from the stage
        stages = len(view.stage_item)
        self.raw = [0] * stages
        self.ready = [0] * stages
        self.here = [0] * stages  # due to leave and physically at the stage's place
        self.due_at = [p.item_number[i] for i in view.stage_item]
        self.ready_row = [0] * stages
        self.raw_row = [0] * stages
        self.packed = [0] * view.items  # loads of a lot whose first work is over (or that are no more)
        self.packed_row = [0] * view.items
        self.tie_row = [0] * view.items  # per cohort: the row that last let members go
        self.may_go: list[int] = []  # per cohort: members whom equipment does not hold
        self.gone = [0] * view.items  # people of a cohort that have left its first place
        self.out = [0] * view.items  # units that have reached the end of their way
        self.people_of: dict[tuple[int, int], int] = defaultdict(int)  # (contingent, place) -> people there
        self.batches = [0] * view.items
        # places
        self.present = [0] * view.places
        self.unreserved = [0] * view.places  # people here and not about to leave
        self.armed = [0] * view.places  # armed people here and not about to leave
        self.due_other = [0] * view.places  # loads due to leave by lifts
        self.due_own = [0] * view.places  # loads due to leave with the column
        self.left_row = [0] * view.places  # the row with which people or a loaded movement last left
        self.due_first = [0] * view.places
        self.due_row = [0] * view.places
        self.guard_row = [0] * view.places
        self.transit = [0] * view.places
        self.transit_loads = [0] * view.places
        self.room_row = [0] * view.places
        self.below = [False] * view.places
        self.stock: list[int] = list(p.place_stock)
        self.is_low = [False] * view.places
        self.is_out = [False] * view.places
        self.low_row = [0] * view.places
        self.supply_row = [0] * view.places
        self.loaded_here = [0] * view.places  # loaded movements that have not departed yet
        self.inbound = [0] * view.places  # movements that will deliver here
        self.inbound_row = [0] * view.places
        self.supply_inbound = [0] * view.places
        # assets, quotas, bans
        self.number: list[int] = list(p.asset_number)
        self.busy = [0] * view.assets
        self.asset_row = [0] * view.assets
        self.claims: dict[int, int] = {}  # asset -> lift that keeps it from lower ranks
        self.quota_until = [0] * len(p.quota_kind)  # when the present period ends
        self.quota_used = [0] * len(p.quota_kind)
        self.quota_row = [0] * len(p.quota_kind)
        self.active_bans: set[int] = set()
        self.ban_row = [0] * len(p.ban_key)
        # gates
        self.regime = [regimes[0] for regimes in view.regimes]
        self.regime_row = [0] * len(view.regimes)
        self.retrying: list[dict[int, Movement]] = [{} for _ in view.regimes]
        self.unanswered: list[list[Movement]] = [[] for _ in view.regimes]
        # lifts
        self.lift_ready = [0] * view.lifts
        self.since = [-1] * view.lifts
        self.lift_hold = [-1] * view.lifts
        self.hold_is_means = [False] * view.lifts  # whether that hold is a lack of means (not of a quota)
        self.held_by_place = [False] * view.lifts  # at its last look force or plan limited what it may take
        self.held_by_ties = [False] * view.lifts  # equipment did
        self.lift_wake = [-1] * view.lifts  # the last wake it asked for
        self.lacks_means = [False] * view.lifts  # at its last look it had load enough, but not the means
        self.lift_cause = [0] * view.lifts
        self.stopped = [bool(x) for x in p.lift_stopped]
        self.formed = [0] * view.lifts
        self.blocked_since = [-1] * view.lifts
        self.blocked_row = [0] * view.lifts
        # camps
        self.closes = [bool(x) for x in p.camp_closes]
        self.force: list[int | None] = [None] * view.camps  # minimum force while nothing it depends on changes
        self.camp_state = [OPEN] * view.camps
        self.accelerated = [False] * view.camps
        self.given_up = [False] * view.camps
        self.target = [-1] * view.camps
        self.target_row = [0] * view.camps
        self.close_row = [0] * view.camps
        self.rear_row = [0] * view.camps
        self.camp_hold = [-1] * view.camps
        self.destroying: dict[int, int] = {}  # camp -> decision
        # milestones and decisions
        self.deadline: list[int] = list(p.mile_deadline)
        self.deadline_row = [0] * len(p.mile_deadline)
        self.people_left = [0] * len(p.mile_deadline)
        self.cargo_left = [0] * len(p.mile_deadline)
        self.camps_left = [0] * len(p.mile_deadline)
        self.reached = [False] * len(p.mile_deadline)
        self.in_last_days = [False] * len(p.mile_deadline)
        self.decided = [False] * len(p.decision_does)
        self.authority_over = [False] * len(p.mile_deadline)
        self.calendar_left = len(p.calendar_minute)
        self.people_go_row = -1  # row from which people no longer wait for equipment, or -1
        # what waits and what is to be looked at
        self.movements: dict[int, Movement] = {}
        self.departing: dict[int, Movement] = {}
        self.joiners: dict[int, Movement] = {}  # camp -> the column that waits there for it
        self.movement_count = 0
        self.batch_count = 0
        self.due_movements: set[int] = set()
        self.due_camps: set[int] = set()
        self.due_lifts: set[int] = set()
        self.due_crews: set[int] = set()
        self.is_looking = False  # a dispatch is bound at this minute
        self.wakes: dict[int, tuple[set[int], set[int], set[int], set[int]]] = {}
        self.active = 0  # bound events of activities: while there are any, nothing is stalled
        self.status = Status.PAST_HORIZON

    # --- record ----------------------------------------------------------------------------------

    def record(
        self,
        kind: int,
        held_by: int,
        cause: int,
        movement: int = -1,
        entity: int = -1,
        activity: int = -1,
        place: int = -1,
        item: int = -1,
        quantity: int = -1,
    ) -> int:
        """Write a row at the present minute and give its number."""
        rows = self.rows
        row = len(rows)
        rows.append((self.now, kind, movement, entity, activity, place, item, quantity, held_by, cause))
        if row == ROW_BUDGET - 1:
            self.finish(Status.ROW_BUDGET)
        return row

    def finish(self, status: Status) -> None:
        """End the run after the events of this instant."""
        if not self.done.triggered:
            self.status = status
            self.done.succeed()

    def check_complete(self) -> None:
        """End the run once every milestone is reached and every camp that closes has closed."""
        if all(self.reached) and all(s == CLOSED for s, c in zip(self.camp_state, self.closes, strict=True) if c):
            self.finish(Status.COMPLETE)

    # --- chance and quantities by date -------------------------------------------------------------

    def sample(self, series: Series, pair: int, ordinal: int, sub: int = 0) -> int:
        """A drawn quantity at the present minute."""
        value = series.fixed
        if value is not None:
            return value
        table = series.table(self.now)
        if table[0] == table[-1]:
            return table[0]
        return quantile(table, self.draw(pair, ordinal, sub))

    def factor(self, driver: int, area: int) -> int:
        """Factor of a driver in an area this week [per mille]; 1000 if there is none."""
        if driver < 0 or area < 0:
            return 1000
        weeks = self.levels[driver][area]
        week = self.now // MINUTES_PER_WEEK
        level = weeks[week] if week < len(weeks) else weeks[-1]
        factor: int = self.p.driver_factor[driver][level]
        return factor

    # --- marks: who must be looked at again ----------------------------------------------------------

    def look(self) -> None:
        """Ask for a dispatch pass after the bound events of this minute."""
        if not self.is_looking:
            self.is_looking = True
            self.bind(0, Rank.DISPATCH, 0, self._dispatch)

    def _dispatch(self, _: simpy.Event) -> None:
        self.on_dispatch(self)
        self.is_looking = False

    on_dispatch: Any = None

    def mark_lift(self, lift: int) -> None:
        self.due_lifts.add(lift)
        self.look()

    def mark_camp(self, camp: int) -> None:
        self.due_camps.add(camp)
        self.look()

    def mark_place(self, place: int) -> None:
        """Force or plan at a place changed: lifts they limited may take more, its camp may go on."""
        for lift in self.view.lifts_at_place[place]:
            if self.held_by_place[lift]:
                self.due_lifts.add(lift)
                self.look()
        camp = self.p.place_camp[place]
        if camp >= 0:
            self.force[camp] = None
            self.due_camps.add(camp)
            self.look()

    def mark_asset(self, asset: int) -> None:
        """Means have come free: lifts that lack means look again, and so do crews."""
        marked = [lift for lift in self.view.lifts_of_asset[asset] if self.lacks_means[lift]]
        if marked:
            self.due_lifts.update(marked)
            self.look()
        if self.view.asset_stages[asset]:
            self.due_crews.add(asset)
            self.look()

    def mark_all(self) -> None:
        self.due_lifts.update(range(self.view.lifts))
        self.due_camps.update(range(self.view.camps))
        self.due_crews.update(range(self.view.assets))
        self.due_movements.update(self.departing)
        self.look()

    def wake(self, minute: int, sort: int, waiter: int) -> None:
        """Ask for another look at a waiter (LIFT, MOVEMENT, CAMP or CREW) at a later minute."""
        if self.now < minute < self.view.horizon:
            waiters = self.wakes.get(minute)
            if waiters is None:
                waiters = self.wakes[minute] = (set(), set(), set(), set())
                self.bind(minute - self.now, Rank.WAKE, 0, self._wake)
            waiters[sort].add(waiter)

    def _wake(self, _: simpy.Event) -> None:
        lifts, movements, camps, crews = self.wakes.pop(self.now)
        self.due_lifts |= lifts
        self.due_movements |= movements & self.departing.keys()
        for camp in camps:
            self.mark_place(self.p.camp_place[camp])
        self.due_crews |= crews
        self.look()

    # --- counts --------------------------------------------------------------------------------------

    def add_ready(self, stage: int, quantity: int, row: int) -> None:
        """Units become ready to be moved (or stop being so, if negative)."""
        self.ready[stage] += quantity
        if quantity > 0:
            self.ready_row[stage] = row
        lift_ready = self.lift_ready
        for lift in self.view.lifts_of_stage[stage]:
            lift_ready[lift] = waiting = lift_ready[lift] + quantity
            # a lift that lacks means gains nothing from more load, nor a column before its camp is ready;
            # one without load stops waiting
            if (quantity > 0 and not self.lacks_means[lift] and not self.view.is_column[lift]) or not waiting:
                self.mark_lift(lift)

    def cut_due(self, stage: int, after: int, quantity: int) -> None:
        """Units leave stages `stage` .. `after` - 1 for good; whoever waits for more of them is looked at."""
        for s in range(stage, after):
            self.due_at[s] -= quantity
            for lift in self.view.patient_lifts_of_stage[s]:
                if self.lift_hold[lift] == Hold.SMALL:
                    self.mark_lift(lift)

    def settle(self, asset: int, quantity: int, row: int) -> None:
        """Means come back from use."""
        self.busy[asset] -= quantity
        self.asset_row[asset] = row
        self.mark_asset(asset)


__all__ = ["NEVER", "UNLIMITED", "Hold", "Kind", "Status"]

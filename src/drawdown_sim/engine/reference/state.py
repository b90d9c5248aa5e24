"""What changes during one replication: the state of the mission, and of each movement."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import simpy

from ...model.draws import DrawBook, driver_levels
from ...model.trajectory import Status
from .clock import Clock
from .records import Leg, Lift, Take, Task
from .view import View

#: states of a camp
OPEN, REAR_PARTY, REAR_READY, COLUMN, CLOSED = range(5)


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
        self.manifest: list[Take] = []  # still to be loaded, and how many
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


class State(Clock):
    """Everything that changes during one replication, with its clock."""

    # named here because an attribute in a slot is found faster
    __slots__ = (
        "accelerated", "active", "active_bans", "agenda", "armed", "asset_row", "authority_over", "ban_row",
        "batch_count", "batches", "below", "blocked_row", "blocked_since", "busy", "calendar_left", "camp_hold",
        "camp_state", "camps_left", "claims", "close_row", "closes", "deadline", "deadline_row",
        "decided", "departing", "destroying", "done", "draw", "due_at", "due_camps", "due_crews", "due_first",
        "due_lifts", "due_movements", "due_other", "due_own", "due_row", "force", "formed", "formed_row", "full_pass",
        "given_up", "gone", "guard_row", "held_by_place", "held_by_ties", "here", "hold_is_means",
        "in_last_days", "inbound", "inbound_row", "is_looking", "is_low", "is_out", "joiners", "lacks_means",
        "left_row", "levels", "lift_cause", "lift_hold", "lift_ready", "lift_wake", "loaded_here", "low_row",
        "may_go", "milestone_row", "movement_count", "movements", "number", "on_dispatch", "out", "p", "packed",
        "packed_row", "people_go_row", "people_of", "present", "quota_known", "quota_left",
        "quota_row", "quota_until", "quota_used", "raw", "raw_row", "reached", "ready", "ready_row", "rear_row",
        "regime", "regime_row", "retrying", "room_row", "rows", "since", "status", "stock", "stopped",
        "supply_inbound", "supply_row", "target", "target_row", "tie_row", "transit", "transit_loads",
        "unanswered", "units_left", "unreserved", "view", "wakes",
    )  # fmt: skip

    def __init__(self, view: View, seed: int, replication: int, full_pass: bool) -> None:
        super().__init__()
        p = view.p
        self.view = view
        self.p = p
        self.full_pass = full_pass
        self.on_dispatch: Any = None  # the callback of the event that ends a minute in which anybody is marked
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
        self.out = [0] * view.items  # units that nobody waits for any more: at the end of their way, or left, lost
        self.people_of: dict[tuple[int, int], int] = defaultdict(int)  # (contingent, place) -> people there
        self.batches = [0] * view.items
        #: per asset: what its crews can work at, the most urgent first; sorted anew when a target has moved
        self.agenda: list[list[Task] | None] = [None] * view.assets
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
        self.quota_left = [0] * len(p.quota_kind)  # as long as it is known
        self.quota_known = [0] * len(p.quota_kind)  # until this minute
        self.quota_row = [0] * len(p.quota_kind)
        self.active_bans: set[int] = set()
        self.ban_row = [0] * len(p.ban_key)
        # gates
        self.regime = [regimes[0] for regimes in view.regimes]
        self.regime_row = [0] * len(view.regimes)
        self.retrying: list[dict[int, Movement]] = [{} for _ in view.regimes]
        self.unanswered: list[list[tuple[Movement, int]]] = [[] for _ in view.regimes]  # with the gate slot
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
        self.formed_row = [0] * view.lifts
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
        self.units_left = [0] * len(p.mile_deadline)
        self.camps_left = [0] * len(p.mile_deadline)
        self.milestone_row = 0  # the last one
        self.reached = [False] * len(p.mile_deadline)
        self.in_last_days = [False] * len(p.mile_deadline)
        self.decided = [False] * len(p.decision_does)
        self.authority_over = [False] * len(p.mile_deadline)
        self.calendar_left = len(p.calendar_minute)
        self.people_go_row = -1  # row from which people no longer wait for equipment, or -1
        # what waits and what is to be looked at
        self.movements: dict[int, Movement] = {}
        self.departing: dict[int, Movement] = {}
        self.joiners: dict[int, dict[int, Movement]] = defaultdict(dict)  # camp -> columns that wait there, by number
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

"""The trajectory: one table of what happened in one replication, the only output of an engine.

Each row names what held it back (`held_by`: the requirement satisfied last, or the activity that
took the time) and the row that let it happen (`cause`). Row 0 is the start; every other row's cause
is an earlier row, so the minutes between a row and its cause, walked back from any row, add up to
its minute exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import chain

import numpy as np

from .plan import AssetKind, Ints, QuotaKind


class Kind(IntEnum):
    """What a row records; in brackets what `entity`, `activity`, `item` and `quantity` hold."""

    START = 0
    # the calendar
    GAIN = 1  # [asset; quantity: how many]
    LOSS = 2  # [asset; quantity: how many]
    REGIME = 3  # [gate; quantity: Stance]
    WINDOW = 4  # [camp; quantity: the new target minute]
    DEADLINE = 5  # [milestone; quantity: the new deadline minute]
    TOUR_END = 6  # [contingent; quantity: people still here]
    BAN = 7  # [ban]
    BAN_END = 8  # [ban]
    # work
    PREPARE = 9  # [asset; activity: stage; item; quantity: loads] a crew begins a batch
    READY = 10  # [asset; activity: stage; item; quantity: loads]
    # movements: entity is the lift
    FORM = 11  # [quantity: vehicles] means are taken
    REQUEST = 12  # [activity: gate; quantity: attempt, from 0]
    GRANT = 13  # [activity: gate]
    REFUSE = 14  # [activity: gate]
    LAPSE = 15  # [activity: gate] a clearance ran out unused
    DEPART = 16  # [activity: leg; quantity: vehicles]
    STRIKE = 17  # [activity: threat; quantity: people hurt]
    LOST = 18  # [activity: threat; item (-1: a vehicle); quantity: vehicles or units lost]
    RESUPPLY = 19  # the convoy halts to be resupplied
    RESUME = 20  # the halt is over
    ARRIVE = 21  # [activity: leg; quantity: vehicles]
    LOAD = 22  # [item; quantity] taken aboard at place
    DELIVER = 23  # [item; quantity] set down at place
    RELEASE = 24  # [quantity: vehicles] means are free again at home
    DISBAND = 25  # means are given back before departure: hold ran out
    # camps: entity is the camp
    HANDOVER = 26  # the rear party begins
    REAR_READY = 27  # the rear party is ready for the last march
    CLOSE = 28  # [quantity: people who left last] the last element has left
    TRANSFER = 29  # someone takes the site over
    BELOW = 30  # [camp; quantity: people short of minimum force, 0 when it holds again]
    # supplies
    SUPPLY_LOW = 31  # [place; quantity: person days left] below reserve
    SUPPLY_OUT = 32  # [place]
    SUPPLY_IN = 33  # [lift; quantity: person days brought]
    # decisions and milestones
    DECIDE = 34  # [decision]
    DESTROY = 35  # [camp; item; quantity: loads destroyed]
    RESIDUAL = 36  # [camp; item; quantity: loads left where they stand]
    LAST_DAYS = 37  # [milestone]
    AUTHORITY_ENDS = 38  # [milestone]
    MILESTONE = 39  # [milestone] reached
    # the end
    WAITING = 40  # [lift of a movement, lift (quantity: units ready) or camp] waits at the end; held_by says for what
    END = 41  # [quantity: Status]


class Hold(IntEnum):
    """The requirement satisfied last, or the activity that took the time.

    When several requirements fail at one look, the first in this order is recorded.
    """

    START = 0
    TARGET_DAY = 1
    PREDECESSOR = 2  # order of closure, a camp still served, a gate of the plan
    GUARD = 3  # minimum force
    PLAN = 4  # hold-back or pause of the plan
    WORK = 5  # preparation not done
    CARGO = 6  # cargo still due to leave the camp
    SMALL = 7  # convoy too small
    TRUCK = 8
    ESCORT = 9
    CREW = 10
    SEAT = 11  # aircraft or ship
    ASSET = 12  # any other counted means
    ROTATION_CAP = 13
    SLOT = 14  # any other quota: flights a day, border, berth
    ROOM = 15
    SUPPLY = 16
    CLEARANCE = 17
    BAN = 18
    HOURS = 19
    ROUTE = 20  # travel
    LOADING = 21
    UNLOADING = 22
    REST = 23
    INCIDENT = 24  # halts after strikes and breakdowns
    RESUPPLY = 25
    HANDOVER = 26
    DECISION = 27
    CALENDAR = 28  # a dated change: means gained or lost, a regime, the end of a tour


#: What waiting for a kind of asset is called.
ASSET_HOLD = {
    AssetKind.TRUCK: Hold.TRUCK,
    AssetKind.ESCORT: Hold.ESCORT,
    AssetKind.CREW: Hold.CREW,
    AssetKind.AIRCRAFT: Hold.SEAT,
    AssetKind.SHIP: Hold.SEAT,
    AssetKind.DESK: Hold.CREW,
    AssetKind.OTHER: Hold.ASSET,
}

#: What waiting for a kind of quota is called; for any other kind `Hold.SLOT`.
QUOTA_HOLD = {
    QuotaKind.ROTATION_CAP: Hold.ROTATION_CAP,
    QuotaKind.SEAT: Hold.SEAT,
    QuotaKind.PLAN: Hold.PLAN,
}

#: Holds that end when another movement or batch gives something back.
SHARED = frozenset(
    {
        Hold.TRUCK,
        Hold.ESCORT,
        Hold.CREW,
        Hold.SEAT,
        Hold.ASSET,
        Hold.SLOT,
        Hold.ROTATION_CAP,
        Hold.ROOM,
    }
)

#: What a movement or batch does itself, as opposed to what it waits for.
ACTIVITIES = frozenset(
    {
        Hold.WORK,
        Hold.ROUTE,
        Hold.LOADING,
        Hold.UNLOADING,
        Hold.REST,
        Hold.INCIDENT,
        Hold.RESUPPLY,
    }
)

#: Kinds of rows that the calendar brings about: what waited for one waited for the date.
DATED = (
    Kind.GAIN,
    Kind.LOSS,
    Kind.REGIME,
    Kind.WINDOW,
    Kind.DEADLINE,
    Kind.TOUR_END,
    Kind.BAN,
    Kind.LAST_DAYS,
    Kind.AUTHORITY_ENDS,
)

_OF_LIFT = (
    Kind.FORM,
    Kind.REQUEST,
    Kind.GRANT,
    Kind.REFUSE,
    Kind.LAPSE,
    Kind.DEPART,
    Kind.STRIKE,
    Kind.LOST,
    Kind.RESUPPLY,
    Kind.RESUME,
    Kind.ARRIVE,
    Kind.LOAD,
    Kind.DELIVER,
    Kind.RELEASE,
    Kind.DISBAND,
    Kind.SUPPLY_IN,
)
_OF_CAMP = (
    Kind.WINDOW,
    Kind.HANDOVER,
    Kind.REAR_READY,
    Kind.CLOSE,
    Kind.TRANSFER,
    Kind.BELOW,
    Kind.DESTROY,
    Kind.RESIDUAL,
)

#: The plan's field of ids that `entity` points into, by kind of row.
ENTITY: dict[int, str] = {
    **dict.fromkeys(_OF_LIFT, "lift_ids"),
    **dict.fromkeys(_OF_CAMP, "camp_ids"),
    Kind.GAIN: "asset_ids",
    Kind.LOSS: "asset_ids",
    Kind.PREPARE: "asset_ids",
    Kind.READY: "asset_ids",
    Kind.REGIME: "gate_ids",
    Kind.TOUR_END: "contingent_ids",
    Kind.BAN: "ban_ids",
    Kind.BAN_END: "ban_ids",
    Kind.SUPPLY_LOW: "place_ids",
    Kind.SUPPLY_OUT: "place_ids",
    Kind.DECIDE: "decision_ids",
    Kind.DEADLINE: "milestone_ids",
    Kind.LAST_DAYS: "milestone_ids",
    Kind.AUTHORITY_ENDS: "milestone_ids",
    Kind.MILESTONE: "milestone_ids",
}


class Status(IntEnum):
    """How a run ended."""

    COMPLETE = 0
    STALLED = 1
    PAST_HORIZON = 2
    ROW_BUDGET = 3


COLUMNS = (
    "minute",
    "kind",
    "movement",
    "entity",
    "activity",
    "place",
    "item",
    "quantity",
    "held_by",
    "cause",
)


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Rows of one replication; the row number is the index.

    Columns, all int64 of the same length: `minute` since the start; `kind` (`Kind`); `movement`, its
    number in order of forming or -1; `entity`, `activity`, `place`, `item`, `quantity` as `Kind`
    says, -1 where they say nothing; `held_by` (`Hold`); `cause`, an earlier row (row 0: itself).
    """

    minute: Ints
    kind: Ints
    movement: Ints
    entity: Ints
    activity: Ints
    place: Ints
    item: Ints
    quantity: Ints
    held_by: Ints
    cause: Ints

    def __len__(self) -> int:
        return len(self.minute)

    @property
    def status(self) -> Status:
        """How the run ended, from its last row."""
        return Status(int(self.quantity[-1]))

    @classmethod
    def from_rows(cls, rows: list[tuple[int, ...]]) -> Trajectory:
        """Columns from rows in the order of `COLUMNS`."""
        count = len(rows) * len(COLUMNS)
        return cls.from_table(
            np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=count).reshape(-1, len(COLUMNS))
        )

    @classmethod
    def from_table(cls, table: Ints) -> Trajectory:
        """Columns, copied, from a table of shape (rows, columns) in the order of `COLUMNS`."""
        return cls(*(np.ascontiguousarray(table[:, i]) for i in range(len(COLUMNS))))

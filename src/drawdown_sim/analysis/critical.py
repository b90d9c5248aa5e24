"""The binding chain: why a run finished when it did, walked back by cause.

From any row the causes lead back to row 0, and the minutes between each row and its cause add up to
the row's minute. Each link's minutes belong to what held the row, with two exceptions:

- Means in use elsewhere. Where a movement or batch waited for means that another one then set free
  (trucks, escorts, crews, seats, other means, slots, rotation caps, room), the other one's own
  activities (travel, loading, work, ...) are minutes of that shortage: with more trucks they would
  not have been waited for. Its waits (a clearance, a ban) stay what they are.
- The calendar. A dated change (a target day, a new regime, means that arrive) is what its successor
  waited for, so the minutes up to it belong to the successor's hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..model.plan import Ints, Plan, QuotaKind
from ..model.trajectory import ACTIVITIES, DATED, ENTITY, SHARED, Hold, Kind, Trajectory
from .names import entity_name, name_of

_BATCH = (Kind.PREPARE, Kind.READY)
_ON_LEG = (Kind.DEPART, Kind.ARRIVE)  # the activity of these rows is a leg; of a STRIKE it is the threat
_LIFT_KINDS = frozenset(kind for kind, field in ENTITY.items() if field == "lift_ids")


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain: the minutes before `row`, to what they belong, and whose it was."""

    row: int
    minutes: int
    held_by: Hold
    subject: str
    """Id of the camp, lift, leg, asset, authority, ban, quota or place concerned; empty if none."""


def binding_chain(plan: Plan, trajectory: Trajectory, row: int | None = None) -> list[Link]:
    """The links from `row` back to the start, latest first; their minutes add up to the row's minute.

    Without a row: from `finish_row`.
    """
    if row is None:
        row = finish_row(plan, trajectory)
    rows = _walk(trajectory, row)
    chain = _Chain(plan, trajectory, np.array(rows, dtype=np.int64))
    links = chain.links()
    assert sum(link.minutes for link in links) == int(trajectory.minute[row] - trajectory.minute[0])
    return links


def binds(plan: Plan, trajectories: Iterable[Trajectory]) -> Counter[tuple[Hold, str]]:
    """Minutes on the binding chains of the finishes, by what held them and whose it was."""
    total: Counter[tuple[Hold, str]] = Counter()
    for trajectory in trajectories:
        for link in binding_chain(plan, trajectory):
            if link.minutes:
                total[link.held_by, link.subject] += link.minutes
    return total


def subject_of(plan: Plan, trajectory: Trajectory, row: int) -> str:
    """Whose it was that a row waited for, as an id; empty if the row does not tell."""
    rows = np.array([row, trajectory.cause[row]], dtype=np.int64)
    return _Chain(plan, trajectory, rows).subject(0, Hold(int(trajectory.held_by[row])))


def finish_row(plan: Plan, trajectory: Trajectory) -> int:
    """The last milestone, if all were reached; if not, what still waited at the end, and else the last row.

    Choice: of several waiters the first is taken, which is a formed movement before a lift before a camp.
    """
    reached = np.flatnonzero(trajectory.kind == Kind.MILESTONE)
    if 0 < len(reached) == len(plan.milestone_ids):
        return int(reached[-1])
    waiting = np.flatnonzero(trajectory.kind == Kind.WAITING)
    return int(waiting[0]) if len(waiting) else len(trajectory) - 1


def _walk(trajectory: Trajectory, row: int) -> list[int]:
    """The row, its cause, the cause's cause, down to row 0."""
    cause = trajectory.cause[: row + 1].tolist()
    rows = [row]
    while row:
        assert cause[row] < row, "a cause is an earlier row"
        row = cause[row]
        rows.append(row)
    return rows


class _Chain:
    """The rows of one chain as plain lists, and the walk that attributes their minutes."""

    def __init__(self, plan: Plan, trajectory: Trajectory, rows: Ints) -> None:
        self.plan = plan
        self.rows: list[int] = rows.tolist()
        self.minute: list[int] = trajectory.minute[rows].tolist()
        self.kind: list[int] = trajectory.kind[rows].tolist()
        self.movement: list[int] = trajectory.movement[rows].tolist()
        self.entity: list[int] = trajectory.entity[rows].tolist()
        self.activity: list[int] = trajectory.activity[rows].tolist()
        self.place: list[int] = trajectory.place[rows].tolist()
        self.quantity: list[int] = trajectory.quantity[rows].tolist()
        self.held_by: list[int] = trajectory.held_by[rows].tolist()

    def links(self) -> list[Link]:
        """Every step but the last (row 0), latest first."""
        links: list[Link] = []
        elsewhere: tuple[Hold, str] | None = None  # the shortage whose other user we are walking through
        owed: tuple[Hold, str] | None = None  # what waited for a calendar entry
        for i in range(len(self.rows) - 1):
            hold = Hold(self.held_by[i])
            minutes = self.minute[i] - self.minute[i + 1]
            belongs = (hold, self.subject(i, hold))
            if hold is Hold.CALENDAR and owed is not None and self.kind[i] in DATED:
                belongs = (owed[0], belongs[1] or owed[1])
            elif elsewhere is not None and hold in ACTIVITIES and self.kind[i] != Kind.FORM:
                # before it forms, a movement does nothing itself
                belongs = elsewhere
            links.append(Link(self.rows[i], minutes, *belongs))
            if self.changes_hands(i):
                elsewhere = belongs if hold in SHARED else None
            owed = belongs
        return links

    def changes_hands(self, i: int) -> bool:
        """Whether the cause of row i belongs to another movement or batch, or to none."""
        if self.movement[i] >= 0 or self.movement[i + 1] >= 0:
            return self.movement[i] != self.movement[i + 1]
        # a batch is a PREPARE and the READY that it causes
        return not (self.kind[i] == Kind.READY and self.kind[i + 1] == Kind.PREPARE)

    def subject(self, i: int, hold: Hold) -> str:
        """Whose it was that row i waited for, as an id."""
        plan = self.plan
        if hold is Hold.CLEARANCE:
            return self.authority(i)
        if hold is Hold.BAN and self.kind[i + 1] in (Kind.BAN, Kind.BAN_END):
            return name_of(plan.ban_ids, self.entity[i + 1])
        if hold is Hold.DECISION and self.kind[i + 1] == Kind.DECIDE:
            return name_of(plan.decision_ids, self.entity[i + 1])
        if hold is Hold.PREDECESSOR and self.kind[i + 1] == Kind.CLOSE:
            return name_of(plan.camp_ids, self.entity[i + 1])
        if hold is Hold.ROUTE and self.kind[i] in _ON_LEG:
            return name_of(plan.leg_ids, self.activity[i])
        if hold is Hold.ROOM and self.place[i] >= 0:
            return name_of(plan.place_ids, self.place[i])
        if self.kind[i] in _LIFT_KINDS or self.is_waiting_lift(i):
            return self.of_lift(i, hold)
        if self.kind[i] in _BATCH:
            return self.of_batch(i, hold)
        return self.of_entry(self.kind[i], self.entity[i])

    def authority(self, i: int) -> str:
        """Who gives the clearance that row i waited for; where no row names it, all whom the lift asks."""
        plan, gate = self.plan, self.gate(i)
        if gate >= 0:
            return name_of(plan.authority_ids, plan.gate_authority[gate])
        if not (self.kind[i] in _LIFT_KINDS or self.is_waiting_lift(i)):
            return ""
        first, after = plan.lift_gate_at[2 * self.entity[i]], plan.lift_gate_at[2 * self.entity[i] + 2]
        asked = {name_of(plan.authority_ids, plan.gate_authority[g]) for g in plan.lift_gate[first:after]}
        return " and ".join(sorted(asked))

    def gate(self, i: int) -> int:
        """The clearance that row i waited for: its own, or that of the answer that let it go."""
        answers = (Kind.REQUEST, Kind.GRANT, Kind.REFUSE, Kind.LAPSE)
        for at in (i, i + 1):
            if self.kind[at] in answers:
                return self.activity[at]
            if self.kind[at] == Kind.REGIME:
                return self.entity[at]
        return -1

    def of_lift(self, i: int, hold: Hold) -> str:
        """What a movement waited for: the means or quota of its lift, its camp, or the lift itself."""
        plan, lift = self.plan, self.entity[i]
        if hold in (Hold.TRUCK, Hold.SEAT) and plan.lift_asset[lift] >= 0:
            return name_of(plan.asset_ids, plan.lift_asset[lift])
        if hold is Hold.ESCORT and plan.lift_escort[lift] >= 0:
            return name_of(plan.asset_ids, plan.lift_escort[lift])
        if hold is Hold.ASSET and plan.lift_need_at[lift] < plan.lift_need_at[lift + 1]:
            return name_of(plan.asset_ids, plan.lift_need_asset[plan.lift_need_at[lift]])
        if hold in (Hold.ROTATION_CAP, Hold.SLOT):
            return self.quota(lift, hold)
        if hold in (Hold.TARGET_DAY, Hold.PREDECESSOR, Hold.GUARD, Hold.PLAN, Hold.WORK, Hold.CARGO):
            return name_of(plan.place_ids, plan.pick_place[plan.pick_at[lift]])
        return name_of(plan.lift_ids, lift)

    def quota(self, lift: int, hold: Hold) -> str:
        """The first of the lift's quotas that goes by this name."""
        plan = self.plan
        quotas = plan.lift_quota[plan.lift_quota_at[lift] : plan.lift_quota_at[lift + 1]].tolist()
        caps = [q for q in quotas if (plan.quota_kind[q] == QuotaKind.ROTATION_CAP) == (hold is Hold.ROTATION_CAP)]
        return name_of(plan.quota_ids, (caps or quotas or [-1])[0])

    def of_batch(self, i: int, hold: Hold) -> str:
        """What a batch waited for: its crews, or the place where it stands."""
        if hold is Hold.CREW:
            return name_of(self.plan.asset_ids, self.entity[i])
        return name_of(self.plan.place_ids, self.place[i])

    def is_waiting_lift(self, i: int) -> bool:
        """Whether the row says that a movement or lift still waits at the end."""
        return self.kind[i] == Kind.WAITING and (self.movement[i] >= 0 or self.quantity[i] >= 0)

    def of_entry(self, kind: int, entity: int) -> str:
        """The entity of a row that is neither a movement's nor a batch's."""
        if kind == Kind.WAITING:
            return name_of(self.plan.camp_ids, entity)
        if kind == Kind.REGIME and entity >= 0:
            return name_of(self.plan.authority_ids, self.plan.gate_authority[entity])
        return entity_name(self.plan, kind, entity)

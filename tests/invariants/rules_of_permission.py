"""Rules of permission: clearances, bans, hours and quotas, read from a run's rows."""

from __future__ import annotations

from collections import defaultdict

from ledger import DAY, Ledger, Story

from drawdown_sim.model.plan import Counts, Does, Stance
from drawdown_sim.model.trajectory import Kind
from engine_support import Row


def check_clearances(ledger: Ledger) -> None:
    """Every departure that starts a run has an unlapsed grant from each authority that is not only advisory."""
    p = ledger.plan
    for story in ledger.stories.values():
        starts = ledger.run_starts(story.lift)
        granted: dict[int, Row] = {}
        used: set[int] = set()  # phases that have begun: their clearances are used, and lapse no more
        departures = 0
        for row in story.rows:
            if row.kind == Kind.GRANT:
                granted[row.activity] = row
            elif row.kind == Kind.LAPSE:
                assert row.minute - granted.pop(row.activity).minute == p.gate_valid[row.activity]
            elif row.kind == Kind.DEPART:
                phase = starts.get(departures, -1)
                departures += 1
                if phase in (0, 1):
                    _check_run(ledger, story, row, phase, granted, phase in used)
                    used.add(phase)
                if phase == 0 and not p.lift_from_origin[story.lift]:
                    granted = {}  # the way back is asked for again


def _check_run(ledger: Ledger, story: Story, row: Row, phase: int, granted: dict[int, Row], is_used: bool) -> None:
    for gate in ledger.listed("lift_gate", 2 * story.lift + phase):
        if ledger.plan.gate_advisory[gate]:
            continue
        name = ledger.plan.gate_ids[gate]
        assert gate in granted, (f"departs without a grant of {name}", row)
        if not is_used:
            age = row.minute - granted[gate].minute
            assert age < ledger.plan.gate_valid[gate], (f"departs with a lapsed grant of {name}", row)


def check_answers(ledger: Ledger) -> None:
    """An authority that obstructs grants nothing, and one that waits for camps answers after the last of them."""
    p = ledger.plan
    stance = [int(p.regime_stance[first]) for first in p.regime_at[:-1]]
    closed: set[int] = set()
    for row in ledger.rows:
        if row.kind == Kind.REGIME:
            stance[row.entity] = row.quantity
        elif row.kind == Kind.CLOSE:
            closed.add(row.entity)
        elif row.kind == Kind.GRANT and p.gate_advisory[row.activity]:
            assert stance[row.activity] != Stance.OBSTRUCTING, row
        elif row.kind in (Kind.GRANT, Kind.REFUSE) and not p.gate_advisory[row.activity]:
            assert set(ledger.listed("gate_after", row.activity)) <= closed, row
            asked = ledger.rows[row.cause]
            if asked.kind != Kind.CLOSE:  # of the camp for which the authority waited
                assert asked.kind == Kind.REQUEST
                assert (asked.activity, asked.movement) == (row.activity, row.movement)


def check_bans(ledger: Ledger) -> None:
    """Nobody enters a leg while a ban touches it, the place before or behind it, or the lift."""
    p = ledger.plan
    active: set[int] = set()
    for row in ledger.rows:
        if row.kind == Kind.BAN:
            active.add(row.entity)
        elif row.kind == Kind.BAN_END:
            active.remove(row.entity)
        elif row.kind == Kind.DEPART:
            places = {int(p.leg_a[row.activity]), int(p.leg_b[row.activity])}
            for ban in active:
                if p.ban_classes[ban] & p.lift_classes[row.entity]:
                    assert row.activity not in ledger.listed("ban_leg", ban), row
                    assert row.entity not in ledger.listed("ban_lift", ban), row
                    assert not places & set(ledger.listed("ban_place", ban)), row


def check_hours(ledger: Ledger) -> None:
    """Runs start in the hours of movement; movements form within the service of their lift."""
    p = ledger.plan
    stopped = p.lift_stopped.tolist()
    for row in ledger.rows:
        if row.kind == Kind.DECIDE and p.decision_does[row.entity] == Does.DIVERT:
            for lift in ledger.listed("decision_stop", row.entity):
                stopped[lift] = 1
            for lift in ledger.listed("decision_begin", row.entity):
                stopped[lift] = 0
        elif row.kind == Kind.FORM:
            assert not stopped[row.entity]
            assert p.lift_first[row.entity] <= row.minute < p.lift_last[row.entity]
    for story in ledger.stories.values():
        opens, shuts = int(p.lift_hours_from[story.lift]), int(p.lift_hours_to[story.lift])
        starts = ledger.run_starts(story.lift)
        for n, row in enumerate(story.of(Kind.DEPART)):
            if opens >= 0 and n in starts:
                clock = row.minute % DAY
                spans_midnight = opens > shuts
                assert (clock >= opens or clock <= shuts) if spans_midnight else opens <= clock <= shuts, row


def check_quotas(ledger: Ledger) -> None:
    """No quota is exceeded in a period, save by a column, or by one movement that is larger than the quota.

    People and loads count when the movement forms; what a movement took is known from what it loaded later,
    so movements that never load count nothing here.
    """
    p = ledger.plan
    for quota in range(len(p.quota_ids)):
        unit = Counts(int(p.quota_counts[quota]))
        used: dict[int, int] = defaultdict(int)
        for row, count in _used(ledger, quota, unit):
            period = ledger.period(quota, row.minute)
            limit = ledger.at(int(p.quota_limit[quota]), row.minute)
            alone = used[period] == 0 and limit > 0 and unit == Counts.VEHICLES
            used[period] += count
            if count and not (ledger.is_column(row.entity) and unit in (Counts.PEOPLE, Counts.LOADS)):
                assert alone or used[period] <= limit, (p.quota_ids[quota], row)


def _used(ledger: Ledger, quota: int, unit: Counts) -> list[tuple[Row, int]]:
    """The rows that use a quota, in order, with how much."""
    uses = []
    for story in ledger.stories.values():
        if quota not in ledger.listed("lift_quota", story.lift):
            continue
        if unit in (Counts.PEOPLE, Counts.LOADS):
            uses.append((story.form, sum(r.quantity for r in ledger.taken(story) if ledger.counts(quota, r.item))))
        elif departures := story.of(Kind.DEPART):
            uses.append((departures[0], story.vehicles if unit == Counts.VEHICLES else 1))
    return sorted(uses)

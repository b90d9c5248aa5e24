"""What is where, rebuilt from a trajectory's rows and the plan alone, and checked row by row.

Nothing here knows the engine: each check reads the rows as docs/events.md says what they mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from drawdown_sim.model.plan import Carries, Counts, Does, Period, Plan
from drawdown_sim.model.trajectory import Kind
from engine_support import Row

DAY = 1440
WEEK = 7 * DAY


@dataclass
class Story:
    """The rows of one movement."""

    form: Row
    rows: list[Row] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Row]:
        """Its rows of one kind, in order."""
        return [row for row in self.rows if row.kind == kind]

    @property
    def lift(self) -> int:
        return self.form.entity

    @property
    def vehicles(self) -> int:
        return self.form.quantity


class Ledger:
    """A plan and the rows of one trajectory, with the look-ups that the checks share."""

    def __init__(self, plan: Plan, rows: list[Row]) -> None:
        self.plan = plan
        self.rows = rows
        self.stories: dict[int, Story] = {}
        for row in rows:
            if row.kind == Kind.FORM:
                self.stories[row.movement] = Story(row)
            elif row.movement >= 0 and row.kind != Kind.WAITING:
                self.stories[row.movement].rows.append(row)
        p = plan
        self.items = range(len(p.item_ids))
        self.stage: dict[tuple[int, int], int] = {}
        for item in self.items:
            for stage in self.way(item):
                self.stage[item, int(p.stage_place[stage])] = stage

    # the plan's lists

    def way(self, item: int) -> range:
        """The stages of an item."""
        return range(int(self.plan.stage_at[item]), int(self.plan.stage_at[item + 1]))

    def listed(self, name: str, row: int) -> list[int]:
        """The entries of a list that a row owns."""
        at = getattr(self.plan, f"{name}_at")
        entries: list[int] = getattr(self.plan, name)[at[row] : at[row + 1]].tolist()
        return entries

    def legs(self, lift: int) -> int:
        return int(self.plan.route_at[lift + 1] - self.plan.route_at[lift])

    def picks(self, lift: int) -> list[int]:
        """Places where a lift picks up."""
        p = self.plan
        places: list[int] = p.pick_place[p.pick_at[lift] : p.pick_at[lift + 1]].tolist()
        return places

    def is_column(self, lift: int) -> bool:
        return int(self.plan.lift_carries[lift]) == Carries.COLUMN

    def at(self, series: int, minute: int) -> int:
        """The value of a series without chance at a minute."""
        p = self.plan
        steps = range(int(p.series_at[series]), int(p.series_at[series + 1]))
        held = [s for s in steps if p.series_minute[s] <= minute] or [steps[0]]
        return int(p.tables[p.series_table[held[-1]]][0])

    def ends(self, series: int) -> tuple[int, int]:
        """The least and the greatest value that a series can have at any time; 0 and 0 for none."""
        if series < 0:
            return 0, 0
        p = self.plan
        tables = [p.tables[p.series_table[s]] for s in range(int(p.series_at[series]), int(p.series_at[series + 1]))]
        return min(int(t[0]) for t in tables), max(int(t[-1]) for t in tables)

    def run_starts(self, lift: int) -> dict[int, int]:
        """Which departures of a movement start a run, counted from 0, with the phase of its clearances.

        Phase 2, the empty way home, has no clearances.
        """
        p, legs = self.plan, self.legs(lift)
        stops = p.pick_leg[p.pick_at[lift] : p.pick_at[lift + 1]].tolist()
        stops += p.join_leg[p.join_at[lift] : p.join_at[lift + 1]].tolist()
        if p.lift_from_origin[lift]:
            return {**dict.fromkeys(stops, 0), legs: 2}
        return {0: 0, **{legs + stop: 1 for stop in stops}}

    def taken(self, story: Story) -> Iterator[Row]:
        """Loads that were reserved when a movement formed: not those of camps that joined it."""
        picks = self.picks(story.lift)
        return (row for row in story.of(Kind.LOAD) if row.place in picks)

    def given_up(self) -> set[int]:
        """Camps given up by a decision, or without a named guard at the end of authority."""
        p = self.plan
        camps: set[int] = set()
        for row in self.rows:
            if row.kind == Kind.DECIDE and p.decision_does[row.entity] == Does.GIVE_UP:
                camps |= set(self.listed("decision_camp", row.entity))
            elif row.kind == Kind.LAST_DAYS and p.mile_authority[row.entity]:
                guarded = p.mile_guarded[row.entity]
                camps |= {c for c, place in enumerate(p.camp_place.tolist()) if not guarded[place]}
        return camps

    def counts(self, quota: int, item: int) -> bool:
        """Whether a quota of people or loads counts an item."""
        p = self.plan
        if (p.quota_counts[quota] == Counts.PEOPLE) != bool(p.item_people[item]):
            return False
        contingent = int(p.item_contingent[item])
        return bool(p.quota_unowned[quota]) or (contingent >= 0 and bool(p.quota_contingent[quota][contingent]))

    def period(self, quota: int, minute: int) -> int:
        """The number of a quota's period."""
        p = self.plan
        if p.quota_period[quota] == Period.MONTH:
            return int((p.month_minute <= minute).sum())
        return minute // (DAY if p.quota_period[quota] == Period.DAY else WEEK)

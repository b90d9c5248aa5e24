"""The state of one replication, and the few verbs that every rule uses: record, draw, mark, count."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from ...model.draws import quantile
from ...model.plan import NEVER, UNLIMITED
from ...model.trajectory import Status
from . import ranks
from .codes import Hold, Kind
from .series import Series
from .state import CLOSED, COLUMN, OPEN, REAR_PARTY, REAR_READY, Movement, State

Story = Generator[simpy.Event, Any, None]

#: who may ask for a wake
LIFT, MOVEMENT, CAMP, CREW = range(4)

MINUTES_PER_DAY = 1440
MINUTES_PER_WEEK = 10080

#: Rows after which a run is ended as `Status.ROW_BUDGET`: far above any sensible mission.
ROW_BUDGET = 1_000_000


class Run(State):
    """One replication. Rules live in the modules beside this one."""

    __slots__ = ()

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
            self.bind(0, ranks.DISPATCH, 0, self.on_dispatch)

    def mark_lift(self, lift: int) -> None:
        self.due_lifts.add(lift)
        self.look()

    def mark_camp(self, camp: int) -> None:
        self.due_camps.add(camp)
        self.look()

    def mark_place(self, place: int) -> None:
        """Force or plan at a place changed: lifts they limited may take more, its camp may go on."""
        held = self.held_by_place
        for lift in self.view.lifts_at_place[place]:
            if held[lift]:
                self.mark_lift(lift)
        camp = self.view.place_camp[place]
        if camp >= 0:
            self.force[camp] = None
            self.mark_camp(camp)

    def mark_asset(self, asset: int) -> None:
        """Means have come free: lifts that lack means look again, and so do crews."""
        lacks_means = self.lacks_means
        for lift in self.view.lifts_of_asset[asset]:
            if lacks_means[lift]:
                self.mark_lift(lift)
        if self.view.tasks[asset]:
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
        waiters = self.wakes.get(minute)
        if waiters is None:
            if not self.now < minute < self.view.horizon:
                return
            waiters = self.wakes[minute] = (set(), set(), set(), set())
            self.bind(minute - self.now, ranks.WAKE, 0, self._wake)
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
        for lift, is_column in self.view.lifts_of_stage[stage]:
            lift_ready[lift] = waiting = lift_ready[lift] + quantity
            # a lift that lacks means gains nothing from more load, nor a column before its camp is ready;
            # one without load stops waiting
            if not waiting or (quantity > 0 and not is_column and not self.lacks_means[lift]):
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


__all__ = [
    "CLOSED", "COLUMN", "NEVER", "OPEN", "REAR_PARTY", "REAR_READY", "UNLIMITED", "Hold", "Kind", "Movement", "Status",
]  # fmt: skip

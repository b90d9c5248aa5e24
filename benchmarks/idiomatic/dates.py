"""What comes by date: the calendar, bans, and the look at the mission every morning."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from drawdown_sim.model.draws import Point
from drawdown_sim.model.plan import Does, Entry

from .reading import MINUTES_PER_DAY, entries

if TYPE_CHECKING:
    from .lifts import Lift
    from .places import Place
    from .roads import Leg
    from .world import World


def keep_calendar(world: World) -> Generator[simpy.Event, None, None]:
    """Act on every entry of the calendar in its minute."""
    p = world.p
    dated = zip(p.calendar_minute, p.calendar_entry, p.calendar_subject, p.calendar_amount, strict=True)
    for minute, entry, subject, amount in dated:
        yield world.early(minute - world.now)
        if entry == Entry.GAIN:
            world.means[subject].gain(amount)
        elif entry == Entry.LOSS:
            world.means[subject].lose(amount)
        elif entry == Entry.REGIME:
            world.gates[subject].change(amount)
        elif entry == Entry.WINDOW:
            world.camps[subject].set_target()
        elif entry == Entry.STEP:
            for quota in world.quotas:
                quota.read_limit()
        world.change(world.lifts)  # the other kinds only ask for a look


class Ban:
    """A time in which some traffic may not enter some legs; a process."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.world = world
        self.key = p.ban_key[row]
        self.start, self.end, self.length = p.ban_start[row], p.ban_end[row], p.ban_length[row]
        self.classes = p.ban_classes[row]
        self.legs = {world.legs[leg] for leg in entries(p.ban_leg_at, row, p.ban_leg)}
        self.lifts = {world.lifts[lift] for lift in entries(p.ban_lift_at, row, p.ban_lift)}
        self.in_force = False

    def stops(self, lift: Lift, leg: Leg | None) -> bool:
        """Whether it keeps a lift's movements from entering a leg."""
        return bool(self.classes & lift.classes) and (leg in self.legs or lift in self.lifts)

    def run(self) -> Generator[simpy.Event, None, None]:
        """Draw when and how long, begin, end."""
        world = self.world
        start = max(world.sample(self.start, Point.BAN_START, self.key, 0), 0)
        end = self.end if self.length < 0 else start + world.sample(self.length, Point.BAN_LENGTH, self.key, 0)
        if end <= start:
            return
        begins, is_over = world.early(start), world.early(end)
        touched = [lift for lift in world.lifts if any(self.stops(lift, leg) for leg, _ in lift.loaded)]
        yield begins
        self.in_force = True
        for lift in touched:
            lift.block_if_needed()
        yield is_over
        self.in_force = False
        for lift in touched:
            lift.blocked_since = None
        world.change()


class Decision:
    """What the mission does, once, on the first morning on which one of its conditions holds."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.world = world
        self.taken = False
        self.does = p.decision_does[row]
        self.rate, self.spared = p.decision_rate[row], p.decision_spare[row]
        self.camps = [world.camps[c] for c in entries(p.decision_camp_at, row, p.decision_camp)]
        self.stops = [world.lifts[k] for k in entries(p.decision_stop_at, row, p.decision_stop)]
        self.begins = [world.lifts[k] for k in entries(p.decision_begin_at, row, p.decision_begin)]
        self.milestone = world.milestones[max(p.decision_milestone[row], 0)]
        #: longest block, time before the deadline, places with low supplies: those given must hold together
        self.conditions = [
            (
                p.cond_blocked[c],
                p.cond_before[c],
                [world.places[place] for place in entries(p.cond_below_at, c, p.cond_below)],
            )
            for c in range(p.cond_at[row], p.cond_at[row + 1])
        ]

    def look(self) -> None:
        """Take it if the time has come."""
        if self.taken or not any(self._holds(*condition) for condition in self.conditions):
            return
        self.taken = True
        for camp in self.camps:
            if self.does == Does.ACCELERATE:
                camp.accelerate()
            elif self.does == Does.DESTROY and not camp.closed.triggered:
                camp.leave(self.spared)
                self.world.env.process(camp.destroy(self.rate, self.spared))
        for lift in self.stops:
            lift.stopped = True
        for lift in self.begins:
            lift.stopped = False
        self.world.change(self.begins)

    def _holds(self, blocked: int, before: int, low: list[Place]) -> bool:
        now = self.world.now
        if blocked >= 0:
            since = [lift.blocked_since for camp in self.camps for lift in camp.place.lifts]
            if not any(minute is not None and minute <= now - blocked for minute in since):
                return False
        if before >= 0 and now < self.milestone.deadline - before:
            return False
        return not low or any(place.is_low for place in low)


class Milestone:
    """What is to be reached by a deadline, and what gives way as it comes near; a process."""

    def __init__(self, world: World, row: int) -> None:
        p = world.p
        self.world = world
        self.deadline = p.mile_deadline[row]
        self.camps = [world.camps[c] for c in entries(p.mile_camp_at, row, p.mile_camp)]
        self.counts_people = bool(p.mile_people[row])
        self.last_days = p.mile_last_days[row]
        self.people_go, self.cargo_left = bool(p.mile_people_go[row]), bool(p.mile_cargo_left[row])
        self.ends_authority = bool(p.mile_authority[row])
        self.means = [world.means[a] for a in entries(p.mile_end_at, row, p.mile_end)]
        self.guarded = {world.places[k] for k, guarded in enumerate(p.mile_guarded[row]) if guarded}
        self.in_last_days = self.authority_over = False
        self.minute: int | None = None

    def run(self) -> Generator[simpy.Event, None, None]:
        """It is reached when its camps have closed and everybody counted is out."""
        stand_in_its_way = [camp.closed for camp in self.camps]
        if self.counts_people:
            stand_in_its_way.append(self.world.everybody_out)
        yield self.world.env.all_of(stand_in_its_way)
        self.minute = self.world.now

    def look(self) -> None:
        """In the last days people go and cargo is left; with the deadline authority ends."""
        now = self.world.now
        if self.last_days >= 0 and not self.in_last_days and now >= self.deadline - self.last_days:
            self.in_last_days = True
            self.world.people_go |= self.people_go
            for camp in self.world.camps:
                if self.ends_authority and camp.place not in self.guarded:
                    camp.give_up()
                elif self.cargo_left:
                    for stage in camp.place.due_cargo():
                        stage.abandon(stage.raw)
            self.world.change(self.world.lifts)
        if self.ends_authority and not self.authority_over and now >= self.deadline:
            self.authority_over = True
            for means in self.means:
                means.lose(means.number)


def watch_mornings(world: World) -> Generator[simpy.Event, None, None]:
    """At 00:00 supplies are counted, decisions taken, deadlines noticed."""
    while True:
        for place in world.places:
            place.use_supplies()
        for place in world.places:
            if place.below:
                place.check_force()
        for decision in world.decisions:
            decision.look()
        for milestone in world.milestones:
            milestone.look()
        yield world.early(MINUTES_PER_DAY)

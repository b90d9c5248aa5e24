"""The course of a movement at its best: when it can depart, arrive, deliver and be home, whatever chance may do.

Nothing is refused, nothing strikes, everything takes its least time. Kept are what is certain by date: regimes that
bar every request, bans that happen in every replication, hours of departure, seasons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ..model.plan import NEVER, UNLIMITED, Carries, Entry, Plan
from ..units import MINUTES_PER_DAY
from . import least
from .least import Steps


@dataclass(frozen=True, slots=True)
class Course:
    """Minutes of a movement, none of which it can undercut."""

    first: int
    """Its first departure."""
    leaves: tuple[int, ...]
    """Its departure on each loaded leg."""
    reaches: tuple[int, ...]
    """Its arrival after so many loaded legs, from 0: the first pick-up."""
    delivers: int
    home: int
    """When its means are free again; `NEVER` if they do not return."""


class Lift:
    """A lift with the least of everything that takes it time.

    `closed_after` gives, for camps that an authority wants closed before it answers, the earliest such minute.
    """

    def __init__(self, plan: Plan, row: int, legs: list[Steps], closed_after: Callable[[int], int]) -> None:
        self.row, self._plan, self._legs, self._closed_after = row, plan, legs, closed_after
        p = plan
        self.from_origin = bool(p.lift_from_origin[row])
        self.comes_home = bool(p.lift_returns[row]) or not self.from_origin
        self.is_column = int(p.lift_carries[row]) == Carries.COLUMN
        self.to = int(p.lift_to[row])
        self.picks = list(range(int(p.pick_at[row]), int(p.pick_at[row + 1])))
        self.start = int(p.pick_place[self.picks[0]])
        at = range(int(p.route_at[row]), int(p.route_at[row + 1]))
        places = [self.start, *(int(p.route_to[step]) for step in at)]
        self.loaded = [(int(p.route_leg[step]), places[n], places[n + 1]) for n, step in enumerate(at)]
        self.empty = [(leg, b, a) for leg, a, b in reversed(self.loaded)]
        joins = range(int(p.join_at[row]), int(p.join_at[row + 1]))
        self._loads_at = {int(p.pick_leg[pick]) for pick in self.picks}
        #: legs that begin a run: after each stop, and after each camp that may join, even if passed
        self._stops = self._loads_at | {int(p.join_leg[join]) for join in joins}
        area = int(p.place_area[self.start])
        gates = [p.lift_gate[p.lift_gate_at[2 * row + phase] : p.lift_gate_at[2 * row + phase + 1]] for phase in (0, 1)]
        self._gates = [
            [(int(gate), least.answer(p, int(gate), area)) for gate in phase if not p.gate_advisory[gate]]
            for phase in gates
        ]
        self._ahead = max((int(p.gate_ahead[gate]) for gate in gates[1]), default=0)
        self._unloading = least.series(p, int(p.lift_unloading[row]))
        self._rest = least.series(p, int(p.lift_rest[row]))
        halts = least.series(p, int(p.lift_resupply[row])).least(0)
        used = {leg for leg, _, _ in self.loaded}
        self._driving = {leg: least.resupplied(legs[leg], int(p.lift_supplies[row]), halts) for leg in used}

    @cached_property
    def _loading(self) -> Steps:
        """Loading of one vehicle, the least that a movement has."""
        p = self._plan
        parts = [least.series(p, int(each[self.row])) for each in (p.lift_loading, p.lift_loading_vehicle)]
        return least.joined(parts, lambda fixed, vehicle: fixed + vehicle)

    @cached_property
    def _bans(self) -> list[tuple[int, int, frozenset[int], frozenset[int], bool]]:
        """Bans that hold in every replication and meet this lift's classes: from, to, legs, places, whether named."""
        p = self._plan
        found = []
        for row in range(len(p.ban_key)):
            span = least.ban(p, row)
            if span is None or not int(p.ban_classes[row]) & int(p.lift_classes[self.row]):
                continue
            legs = frozenset(p.ban_leg[p.ban_leg_at[row] : p.ban_leg_at[row + 1]].tolist())
            places = frozenset(p.ban_place[p.ban_place_at[row] : p.ban_place_at[row + 1]].tolist())
            named = self.row in p.ban_lift[p.ban_lift_at[row] : p.ban_lift_at[row + 1]]
            found.append((*span, legs, places, bool(named)))
        return found

    # by date

    def forms(self, ready: int) -> int:
        """The earliest minute at which a movement can form, its days of service allowing."""
        minute = max(ready, int(self._plan.lift_first[self.row]))
        return minute if minute < self._plan.lift_last[self.row] else NEVER

    def course(self, forms: int, at: int = -1, floor: int = 0) -> Course:
        """A movement that forms at `forms` or later, and enters leg number `at` of all it drives at `floor` or later.

        Its empty run has the numbers 0 .. n - 1, its loaded run n .. 2n - 1, as in the address of a draw.
        """
        count = len(self.loaded)
        if forms >= NEVER:
            return Course(NEVER, (NEVER,) * count, (NEVER,) * (count + 1), NEVER, NEVER)
        floors = {at: floor}
        cleared = self._cleared(0, forms)
        time, first = forms, -1
        if not self.from_origin:
            time = max(forms, cleared)
            for n, way in enumerate(self.empty):
                time = self._departs(way, max(time, floors.get(n, 0)), starts=n == 0)
                first = time if first < 0 else first
                time = self._driving[way[0]].end(time)
        leaves, reaches = [], [time]
        for n, way in enumerate(self.loaded):
            if n in self._loads_at:
                if n == 0 and not self.from_origin:
                    cleared = self._cleared(1, self._asked_back.end(time))
                time = self._loading.end(time)
            starts = n in self._stops
            time = self._departs(way, max(time, floors.get(count + n, 0), cleared if starts else 0), starts)
            first = time if first < 0 else first
            leaves.append(time)
            time = self._driving[way[0]].end(time)
            reaches.append(time)
        delivers = home = self._unloading.end(time)
        if self.from_origin and self.comes_home:
            for n, way in enumerate(self.empty):
                home = self._driving[way[0]].end(self._departs(way, home, starts=n == 0))
        home = self._rest.end(home) if self.comes_home else NEVER
        return Course(first, tuple(leaves), tuple(reaches), delivers, home)

    def barred(self, asked: int) -> list[int]:
        """Clearances of its first run that are never granted to who asks at a minute or later."""
        return [gate for gate, answer in self._gates[0] if answer.end(max(asked, self._closed_after(gate))) >= NEVER]

    def _cleared(self, phase: int, asked: int) -> int:
        """The earliest minute at which the last authority of a phase can have granted."""
        return max([answer.end(max(asked, self._closed_after(gate))) for gate, answer in self._gates[phase]], default=0)

    @cached_property
    def _asked_back(self) -> Steps:
        """From arrival to the request of the way back: `ahead` before loading ends, or when it begins."""
        return least.joined([self._loading], lambda loading: max(loading - self._ahead, 0))

    def _departs(self, way: tuple[int, int, int], ready: int, starts: bool) -> int:
        """The first minute at which a leg is open and, where a run starts, the hours are right."""
        time, before = ready, -1
        while time < NEVER and time != before:
            before = time
            for since, until, legs, places, named in self._bans:
                if since <= time < until and (named or way[0] in legs or way[1] in places or way[2] in places):
                    time = until
            time += self._opens_in(time) if starts else 0
        return min(time, NEVER)

    def _opens_in(self, time: int) -> int:
        opens, shuts = int(self._plan.lift_hours_from[self.row]), int(self._plan.lift_hours_to[self.row])
        if opens < 0:
            return 0
        clock = time % MINUTES_PER_DAY
        is_open = opens <= clock <= shuts if opens <= shuts else clock >= opens or clock <= shuts
        return 0 if is_open else (opens - clock) % MINUTES_PER_DAY

    # without a date

    def held(self, since: int) -> int:
        """How long a movement formed at `since` or later holds its means at least; for good if they do not return."""
        if not self.comes_home:
            return NEVER
        out = max([answer.least(since) for _, answer in self._gates[0]], default=0)
        run = sum(self._driving[leg].least(since) for leg, _, _ in self.loaded)
        loading = self._loading.least(since)
        back = max([answer.least(since) for _, answer in self._gates[1]], default=0)
        if self.from_origin:
            first = max(out, loading)
        else:
            first = out + run + max(loading, max(loading - self._ahead, 0) + back)
        more = (len(self._loads_at) - 1) * loading
        home = run if self.from_origin else 0
        return min(first + more + run + self._unloading.least(since) + home + self._rest.least(since), NEVER)

    # how much

    @cached_property
    def most_vehicles(self) -> int:
        """The most vehicles that one movement can have."""
        p, row = self._plan, self.row
        most = int(p.lift_most[row])
        if p.lift_asset[row] >= 0:
            most = min(most, greatest_number(p, int(p.lift_asset[row])))
        if p.lift_escort[row] >= 0 and p.lift_escort_vehicles[row] < UNLIMITED:
            most = min(most, greatest_number(p, int(p.lift_escort[row])) * int(p.lift_escort_vehicles[row]))
        return most

    @cached_property
    def most_units(self) -> int:
        """The most people or loads that one movement can take."""
        p, row = self._plan, self.row
        room = p.place_room if int(p.lift_carries[row]) == Carries.PEOPLE else p.place_yard
        vehicles = self.most_vehicles
        carried = vehicles * int(p.lift_capacity[row]) if vehicles < UNLIMITED else UNLIMITED
        return min(carried, max(int(room[self.to]), 1))


def greatest_number(plan: Plan, asset: int) -> int:
    """No fewer than there can ever be of an asset: those at the start and all that are gained."""
    gained = (plan.calendar_entry == Entry.GAIN) & (plan.calendar_subject == asset)
    return int(plan.asset_number[asset] + plan.calendar_amount[gained].sum())

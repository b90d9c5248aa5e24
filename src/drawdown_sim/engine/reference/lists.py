"""The plan as plain Python lists, with the reverse look-ups the rules ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...model.plan import UNLIMITED, AssetKind, Carries, Counts, Plan, QuotaKind, Until, reverse
from ...model.trajectory import ASSET_HOLD, QUOTA_HOLD
from .codes import Hold
from .series import Series

#: a leg to drive and the place at its end
Step = tuple[int, int]


def rows(at: list[int], values: list[Any]) -> list[list[Any]]:
    """A list per row from the plan's two arrays (see the conventions of `model.plan`)."""
    return [values[at[i] : at[i + 1]] for i in range(len(at) - 1)]


class Lists:
    """Lists and look-ups of one plan. `p` holds every array of the plan as (nested) lists."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        lists = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in vars(plan).items()}
        self.p = p = _Namespace(lists)
        self.places = len(p.place_kind)
        self.items = len(p.item_people)
        self.lifts = len(p.lift_mode)
        self.camps = len(p.camp_place)
        self.assets = len(p.asset_kind)
        self.horizon = plan.horizon
        self._series()
        self._items()
        self._lifts()
        self._camps()
        self._gates()

    def _series(self) -> None:
        p = self.p
        tables = [tuple(t) for t in p.tables]
        minutes, used = rows(p.series_at, p.series_minute), rows(p.series_at, p.series_table)
        self.series = [Series(m, [tables[k] for k in u]) for m, u in zip(minutes, used, strict=True)]

    def series_or(self, row: int, otherwise: int) -> Series:
        """A series of the plan, or a fixed number where it names none (-1)."""
        return self.series[row] if row >= 0 else Series([0], [(otherwise, otherwise)])

    def _items(self) -> None:
        p = self.p
        self.place_camp: list[int] = p.place_camp
        #: places at which movements may wait for room
        self.is_narrow = [min(limits) < UNLIMITED for limits in zip(p.place_room, p.place_yard, strict=True)]
        self.item_stages = [list(range(p.stage_at[i], p.stage_at[i + 1])) for i in range(self.items)]
        self.stage_item = [i for i, stages in enumerate(self.item_stages) for _ in stages]
        #: own means leave their first place with the column; further on they are loads like others
        self.stage_own = [bool(p.item_own_means[i]) and s == p.stage_at[i] for s, i in enumerate(self.stage_item)]
        self.stage_last = [s == self.item_stages[i][-1] for s, i in enumerate(self.stage_item)]
        self.item_ties = rows(p.item_tie_at, p.item_tie)
        self.tied_loads = [sum(p.item_number[lot] for lot in ties) for ties in self.item_ties]
        #: items whose people are tied to this lot
        self.tied_to: list[list[int]] = [[] for _ in range(self.items)]
        for i, ties in enumerate(self.item_ties):
            for lot in ties:
                self.tied_to[lot].append(i)
        self.stages_at_place: list[list[int]] = [[] for _ in range(self.places)]
        for s, place in enumerate(p.stage_place):
            self.stages_at_place[place].append(s)
        self.asset_stages: list[list[int]] = [[] for _ in range(self.assets)]
        for s, asset in enumerate(p.stage_asset):
            if asset >= 0 and p.stage_work[s] >= 0:
                self.asset_stages[asset].append(s)

    def _lifts(self) -> None:
        p, lifts = self.p, self.lifts
        self.picks = [list(range(p.pick_at[k], p.pick_at[k + 1])) for k in range(lifts)]
        self.pick_places = [[p.pick_place[j] for j in picks] for picks in self.picks]
        stages = [p.stage_at[i] + n for i, n in zip(p.cand_item, p.cand_stage, strict=True)]
        cand = rows(p.cand_at, list(zip(p.cand_item, stages, strict=True)))
        #: per lift: (pick-up number, place, item, stage) in the order of loading
        self.cands = [
            [(n, p.pick_place[j], i, s) for n, j in enumerate(picks) for i, s in cand[j]] for picks in self.picks
        ]
        self.loaded: list[list[Step]] = [
            list(zip(p.route_leg[a:b], p.route_to[a:b], strict=True))
            for a, b in zip(p.route_at, p.route_at[1:], strict=False)
        ]
        self.empty: list[list[Step]] = []
        for k in range(lifts):
            nodes = [self.pick_places[k][0], *(place for _, place in self.loaded[k])]
            legs = [leg for leg, _ in self.loaded[k]]
            self.empty.append([(legs[n], nodes[n]) for n in reversed(range(len(legs)))])
        #: per lift, by loaded legs driven: the row of the camp that joins there
        self.joins = [{p.join_leg[j]: j for j in range(p.join_at[k], p.join_at[k + 1])} for k in range(lifts)]
        joining = [p.stage_at[i] + n for i, n in zip(p.join_cand_item, p.join_cand_stage, strict=True)]
        self.join_cands = rows(p.join_cand_at, list(zip(p.join_cand_item, joining, strict=True)))
        self.needs = rows(p.lift_need_at, list(zip(p.lift_need_asset, p.lift_need_count, strict=True)))
        quotas = rows(p.lift_quota_at, p.lift_quota)
        by_unit = {Counts.PEOPLE, Counts.LOADS}
        self.unit_quotas = [[q for q in qs if p.quota_counts[q] in by_unit] for qs in quotas]
        self.move_quotas = [[q for q in qs if p.quota_counts[q] not in by_unit] for qs in quotas]
        self.quota_hold = [int(QUOTA_HOLD.get(QuotaKind(k), Hold.SLOT)) for k in p.quota_kind]
        self.asset_hold = [int(ASSET_HOLD[AssetKind(k)]) for k in p.asset_kind]
        uses = [
            [a for a in (p.lift_asset[k], p.lift_escort[k], *(a for a, _ in self.needs[k])) if a >= 0]
            for k in range(lifts)
        ]
        self.lifts_of_asset = reverse(uses, self.assets)
        self.lifts_at_place = reverse(self.pick_places, self.places)
        self.suppliers = [[k for k in users if p.lift_brings[k]] for users in self.lifts_at_place]
        stages_of_lift = [[stage for _, _, _, stage in cands] for cands in self.cands]
        #: per stage: lifts that may take from it, and whether they are columns
        self.is_column = [c == Carries.COLUMN for c in p.lift_carries]
        users_of_stage = reverse(stages_of_lift, len(self.stage_item))
        self.lifts_of_stage = [[(k, self.is_column[k]) for k in users] for users in users_of_stage]
        #: those of them that may wait for a larger movement
        self.patient_lifts_of_stage = [[k for k in users if p.lift_least[k] > 1] for users in users_of_stage]
        self.assets_until_gone = [a for a, u in enumerate(p.asset_until) if u == Until.GONE]
        self.assets_until_packed = [a for a, u in enumerate(p.asset_until) if u == Until.PACKED]
        #: stage that a unit of stage s is in once set down at a place
        self.next_stage: dict[tuple[int, int], int] = {}
        for s, i in enumerate(self.stage_item):
            for later in reversed(range(s + 1, self.item_stages[i][-1] + 1)):
                self.next_stage[s, p.stage_place[later]] = later

    def _camps(self) -> None:
        p = self.p
        self.windows = rows(p.window_at, list(zip(p.window_known, p.window_target, strict=True)))
        self.after = rows(p.camp_after_at, p.camp_after)
        self.serves = rows(p.camp_serves_at, p.camp_serves)
        self.served_by = reverse(self.serves, self.camps)
        self.before_of = reverse(self.after, self.camps)
        #: stages at a place where people due to leave can be
        self.people_stages = [
            [s for s in stages if p.item_people[self.stage_item[s]] and not self.stage_last[s]]
            for stages in self.stages_at_place
        ]
        #: stages at a place where cargo due to leave can be
        self.cargo_stages = [
            [s for s in stages if not p.item_people[self.stage_item[s]] and not self.stage_last[s]]
            for stages in self.stages_at_place
        ]
        #: stages that a column takes along
        self.column_stages = [
            frozenset(s for _, _, _, s in self.cands[k])
            | frozenset(s for j in self.joins[k].values() for _, s in self.join_cands[j])
            for k in range(self.lifts)
        ]
        self.unarmed_stay = [0] * self.places
        for i in range(self.items):
            if p.item_people[i] and not p.item_armed[i]:
                self.unarmed_stay[p.stage_place[p.stage_at[i]]] += p.item_stays[i]
        self.conditions = [list(range(a, b)) for a, b in zip(p.cond_at, p.cond_at[1:], strict=False)]
        self.cond_below = rows(p.cond_below_at, p.cond_below)
        self.cond_closed = rows(p.cond_closed_at, p.cond_closed)
        self.decision_camps = rows(p.decision_camp_at, p.decision_camp)
        self.decision_stops = rows(p.decision_stop_at, p.decision_stop)
        self.decision_begins = rows(p.decision_begin_at, p.decision_begin)
        #: lifts that pick up at a decision's camps: their blocks count for it
        self.decision_lifts = [
            sorted({k for c in camps for k in self.lifts_at_place[p.camp_place[c]]}) for camps in self.decision_camps
        ]
        self.supplied = [place for place, stock in enumerate(p.place_stock) if stock >= 0]
        self.ban_legs = rows(p.ban_leg_at, p.ban_leg)
        self.ban_places = rows(p.ban_place_at, p.ban_place)
        self.ban_lifts = rows(p.ban_lift_at, p.ban_lift)
        self.ban_blocks = [self._blocked_by(b) for b in range(len(p.ban_key))]
        self.mile_camps = rows(p.mile_camp_at, p.mile_camp)
        self.mile_ends = rows(p.mile_end_at, p.mile_end)
        #: milestones that count an item's units
        self.miles_of_item = [
            [mile for mile in range(len(p.mile_deadline)) if self._counts_for(mile, i)] for i in range(self.items)
        ]
        self.pauses = rows(p.pause_at, list(zip(p.pause_from, p.pause_to, strict=True)))

    def _counts_for(self, mile: int, item: int) -> bool:
        """Whether a milestone waits for an item: people of its contingents, cargo of its classes."""
        p = self.p
        if p.item_people[item]:
            return bool(p.mile_people[mile] and p.mile_contingent[mile][p.item_contingent[item]])
        return bool(p.mile_cargo[mile] >> p.item_kind[item] & 1)

    def _blocked_by(self, ban: int) -> list[int]:
        """Lifts that a ban can stop somewhere on their way."""
        blocked = []
        for lift in range(self.lifts):
            legs = {leg for leg, _ in self.loaded[lift]}
            nodes = {*self.pick_places[lift], *(place for _, place in self.loaded[lift])}
            touched = legs & set(self.ban_legs[ban]) or nodes & set(self.ban_places[ban]) or lift in self.ban_lifts[ban]
            if touched and self.p.ban_classes[ban] & self.p.lift_classes[lift]:
                blocked.append(lift)
        return blocked

    def _gates(self) -> None:
        p, lifts = self.p, self.lifts
        gates = rows(p.lift_gate_at, p.lift_gate)
        #: per lift and phase: (slot, gate); the slot numbers a lift's gates over both phases
        self.gates: list[tuple[list[Step], list[Step], list[Step]]] = []
        for k in range(lifts):
            out, back = gates[2 * k], gates[2 * k + 1]
            numbered = list(enumerate([*out, *back]))
            self.gates.append((numbered[: len(out)], numbered[len(out) :], []))  # nothing to ask on the way home
        self.lifts_of_gate = reverse([gates[2 * k] + gates[2 * k + 1] for k in range(lifts)], len(p.gate_authority))
        self.regimes = [list(range(a, b)) for a, b in zip(p.regime_at, p.regime_at[1:], strict=False)]
        self.gate_after = rows(p.gate_after_at, p.gate_after)
        self.lift_area = [p.place_area[places[0]] for places in self.pick_places]
        self.leg_threats = rows(p.leg_threat_at, list(zip(p.leg_threat, p.leg_hazard, strict=True)))
        self.leg_after = rows(p.leg_after_at, list(zip(p.leg_after_camp, p.leg_after_factor, strict=True)))


class _Namespace:
    """Attribute access to the plan's lists."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)

    if TYPE_CHECKING:  # at run time it would make every look-up slow

        def __getattr__(self, name: str) -> Any: ...

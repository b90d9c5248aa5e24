"""The plan as the rules read it: lists, look-ups and records; made once per plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter

from ...model.draws import Point
from ...model.plan import Carries, Counts, Plan, Stance
from .drawing import expected_draws
from .lists import Lists
from .records import Candidate, Leg, Lift, PickUp, Regime, Stretch, Task, Threat
from .series import Series


class View(Lists):
    """Lists, look-ups and records of one plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        p = self.p
        #: number of the pair in the draw book by (point, row)
        self.pair, self.layout = expected_draws(self)
        self.quota_limit: list[Series] = [self.series[s] for s in p.quota_limit]
        self.leg = [self._leg(row) for row in range(len(p.leg_distance))]
        self.lift = [self._lift(row) for row in range(self.lifts)]
        self.regime = [self._regime(row) for row in range(len(p.regime_stance))]
        #: per asset: the work its crews do, by row of the stage
        self.tasks = [[self._task(stage) for stage in stages] for stages in self.asset_stages]

    def _leg(self, row: int) -> Leg:
        p = self.p
        threats = [
            Threat(
                threat,
                slot,
                self.series[hazard],
                bool(p.threat_per_vehicle[threat]),
                p.threat_driver[threat],
                p.threat_uncovered[threat],
                p.threat_exposed[threat],
                p.threat_empty[threat],
                *(self.series_or(s[threat], 0) for s in (p.threat_halt, p.threat_hurt, p.threat_lost)),
            )
            for slot, (threat, hazard) in enumerate(self.leg_threats[row])
        ]
        return Leg(
            row,
            p.leg_distance[row],
            p.leg_area[row],
            self.series[p.leg_rate[row]],
            self.series_or(p.leg_season[row], 1000),
            p.leg_weather[row],
            threats,
            self.leg_after[row],
        )

    def _lift(self, k: int) -> Lift:
        p = self.p
        to = p.lift_to[k]
        picks = [self._pick_up(k, number) for number in range(len(self.picks[k]))]
        carries_people = p.lift_carries[k] == Carries.PEOPLE
        gates = self.gates[k]
        return Lift(
            row=k,
            rank=p.lift_rank[k],
            picks=picks,
            pick_of={pick.place: pick.number for pick in picks},
            cands=[cand for pick in picks for cand in pick.cands],
            carries_people=carries_people,
            is_column=self.is_column[k],
            by_order=bool(p.lift_by_order[k]),
            brings=p.lift_brings[k],
            unit_quotas=self.unit_quotas[k],
            move_quotas=[(q, p.quota_counts[q] == Counts.VEHICLES) for q in self.move_quotas[k]],
            ceiling=max(p.place_room[to] if carries_people else p.place_yard[to], 1),
            capacity=p.lift_capacity[k],
            least=p.lift_least[k],
            most=p.lift_most[k],
            wait=p.lift_wait[k],
            reserve=p.lift_reserve[k],
            asset=p.lift_asset[k],
            escort=p.lift_escort[k],
            escort_vehicles=p.lift_escort_vehicles[k],
            escort_least=p.lift_escort_least[k],
            needs=self.needs[k],
            first=p.lift_first[k],
            last=p.lift_last[k],
            hours_from=p.lift_hours_from[k],
            hours_to=p.lift_hours_to[k],
            hold=p.lift_hold[k],
            from_origin=bool(p.lift_from_origin[k]),
            returns=bool(p.lift_returns[k]),
            to=to,
            home=self.pick_places[k][0],
            stretches=self._stretches(k),
            empty=[(self.leg[leg], place) for leg, place in self.empty[k]],
            classes=p.lift_classes[k],
            supplies=p.lift_supplies[k],
            asked=tuple([(s, g) for s, g in phase if not p.gate_advisory[g]] for phase in gates),
            overwatch=tuple([(s, g) for s, g in phase if p.gate_advisory[g]] for phase in gates),
            ahead=max((p.gate_ahead[gate] for _, gate in gates[1]), default=0),
            area=self.lift_area[k],
            loading=self.series_or(p.lift_loading[k], 0),
            loading_vehicle=self.series_or(p.lift_loading_vehicle[k], 0),
            unloading=self.series_or(p.lift_unloading[k], 0),
            rest=self.series_or(p.lift_rest[k], 0),
            resupply=self.series_or(p.lift_resupply[k], 0),
            lead_draws=self.pair[Point.CLEARANCE_LEAD, k],
            answer_draws=self.pair[Point.CLEARANCE_ANSWER, k],
            retry_draws=self.pair[Point.CLEARANCE_RETRY, k],
            rate_draws=self.pair[Point.RATE, k],
            gap_draws=self.pair[Point.STRIKE_GAP, k],
            strike_draws=self.pair[Point.STRIKE, k],
            loading_draws=self.pair[Point.LOADING, k],
            unloading_draws=self.pair[Point.UNLOADING, k],
            rest_draws=self.pair[Point.REST, k],
            resupply_draws=self.pair[Point.RESUPPLY, k],
        )

    def _pick_up(self, lift: int, number: int) -> PickUp:
        p = self.p
        place = self.pick_places[lift][number]
        camp = p.place_camp[place]
        column = p.camp_column[camp] if camp >= 0 else -1
        taken = self.column_stages[column] if column >= 0 else frozenset()
        cands = [
            Candidate(
                number,
                item,
                stage,
                self.next_stage[stage, p.lift_to[lift]],
                bool(p.item_people[item]),
                bool(p.item_armed[item]),
                bool(p.item_people[item] and p.item_tied[item] and stage == p.stage_at[item]),
                stage in taken,
                [quota for quota in self.unit_quotas[lift] if self.counts_item(quota, item)],
            )
            for pick, _, item, stage in self.cands[lift]
            if pick == number
        ]
        return PickUp(
            number,
            place,
            camp,
            p.camp_opens[camp] if camp >= 0 else 0,
            self.pauses[camp] if camp >= 0 else [],
            self.series[p.camp_keep[camp]] if camp >= 0 and p.camp_keep[camp] >= 0 else None,
            cands,
            _picker([cand.stage for cand in cands]),
        )

    def _stretches(self, lift: int) -> list[Stretch]:
        steps = [(self.leg[leg], place) for leg, place in self.loaded[lift]]
        stops = {self.p.pick_leg[j]: number for number, j in enumerate(self.picks[lift]) if number}
        joins = self.joins[lift]
        ends = [done for done in range(1, len(steps) + 1) if done in stops or done in joins or done == len(steps)]
        return [
            Stretch(steps[first:done], len(steps) + first, stops.get(done, -1), joins.get(done, -1))
            for first, done in zip([0, *ends], ends, strict=False)
        ]

    def counts_item(self, quota: int, item: int) -> bool:
        """Whether an item's units count for a quota of people or loads."""
        p = self.p
        if (p.quota_counts[quota] == Counts.PEOPLE) != bool(p.item_people[item]):
            return False
        contingent = p.item_contingent[item]
        return bool(p.quota_unowned[quota]) or (contingent >= 0 and bool(p.quota_contingent[quota][contingent]))

    def _task(self, stage: int) -> Task:
        p, item = self.p, self.stage_item[stage]
        place = p.stage_place[stage]
        return Task(
            stage,
            item,
            place,
            p.place_camp[place],
            stage == p.stage_at[item],
            p.item_starts[item],
            p.item_rank[item],
            p.item_batch[item],
            self.series[p.stage_work[stage]],
            self.pair[Point.WORK, item],
        )

    def _regime(self, row: int) -> Regime:
        p = self.p
        return Regime(
            p.regime_stance[row],
            p.regime_stance[row] == Stance.OBSTRUCTING,
            self.series_or(p.regime_lead[row], 0),
            self.series_or(p.regime_refusal[row], 0),
            self.series_or(p.regime_retry[row], 0),
        )


def _picker(rows: list[int]) -> Callable[[list[int]], Iterable[int]]:
    """A function that picks some rows of a column, in the order given."""
    if len(rows) > 1:
        return itemgetter(*rows)
    return lambda column: [column[row] for row in rows]

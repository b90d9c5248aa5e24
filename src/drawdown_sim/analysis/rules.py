"""What rules may change, and when at the earliest: decisions, and what gives way in the last days.

A decision needs a condition that holds on a morning; each part of it has an earliest minute, whatever chance may do. A
bound lets a rule act from that minute on wherever acting could help a milestone.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model.plan import NEVER, Does, Plan, Stance
from ..units import MINUTES_PER_DAY
from . import least
from .least import listed, morning


class Rules:
    """The earliest minutes at which the rules of a plan can act."""

    def __init__(self, plan: Plan) -> None:
        self._plan = p = plan
        camps, decisions = len(p.camp_place), len(p.decision_does)
        self.decided = [0] * decisions
        """Per decision, when it can be taken."""
        self._camps = [listed(p.decision_camp_at, p.decision_camp, d) for d in range(decisions)]
        self._begins = [listed(p.decision_begin_at, p.decision_begin, d) for d in range(decisions)]
        looks = [
            least.first_look(p, mile, int(p.mile_last_days[mile])) if p.mile_last_days[mile] >= 0 else NEVER
            for mile in range(len(p.mile_deadline))
        ]
        #: from when on people may go whatever force, plan and equipment say; from when on raw cargo may be left
        self.people_go = min((look for mile, look in enumerate(looks) if p.mile_people_go[mile]), default=NEVER)
        self.cargo_left = min((look for mile, look in enumerate(looks) if p.mile_cargo_left[mile]), default=NEVER)
        self._unguarded = [
            min(
                (
                    look
                    for mile, look in enumerate(looks)
                    if p.mile_authority[mile] and not p.mile_guarded[mile, p.camp_place[camp]]
                ),
                default=NEVER,
            )
            for camp in range(camps)
        ]
        self.given_up = [0] * camps
        """Per camp, when it can be given up, by decision or in the last days of an authority that leaves no guard."""
        self.accelerated = [0] * camps
        self.destroyed = [0] * camps

    def raised(self, closes: Sequence[int]) -> None:
        """Reckon anew when rules can act, given when each camp can close."""
        self.decided = [self._decided(decision, closes) for decision in range(len(self.decided))]
        for camp, unguarded in enumerate(self._unguarded):
            self.given_up[camp] = min(self._by(camp, Does.GIVE_UP), unguarded)
            self.accelerated[camp] = min(self._by(camp, Does.ACCELERATE), self.given_up[camp])
            self.destroyed[camp] = self._by(camp, Does.DESTROY)

    def _by(self, camp: int, does: Does) -> int:
        """When a decision of a kind can be taken on a camp."""
        kinds = self._plan.decision_does
        minutes = [self.decided[d] for d, camps in enumerate(self._camps) if kinds[d] == int(does) and camp in camps]
        return min(minutes, default=NEVER)

    def begun(self, lift: int) -> int:
        """When a lift serves: one that a divert begins not before that."""
        if not self._plan.lift_stopped[lift]:
            return 0
        kinds, diverts = self._plan.decision_does, int(Does.DIVERT)
        minutes = [self.decided[d] for d, lifts in enumerate(self._begins) if lift in lifts and kinds[d] == diverts]
        return min(minutes, default=NEVER)

    def _decided(self, decision: int, closes: Sequence[int]) -> int:
        """The first morning on which a decision can be taken."""
        conditions = range(int(self._plan.cond_at[decision]), int(self._plan.cond_at[decision + 1]))
        return min((morning(self._holds(decision, condition, closes)) for condition in conditions), default=NEVER)

    def _holds(self, decision: int, condition: int, closes: Sequence[int]) -> int:
        p = self._plan
        parts = [0, int(p.cond_on[condition])]
        if p.cond_blocked[condition] >= 0:
            parts.append(self._first_block(decision) + int(p.cond_blocked[condition]))
        if p.cond_driver[condition] >= 0:
            parts.append(self._first_level(condition))
        low = listed(p.cond_below_at, p.cond_below, condition)
        if low:
            parts.append(min(self._first_low(place) for place in low))
        parts += [closes[camp] for camp in listed(p.cond_closed_at, p.cond_closed, condition)]
        if p.cond_before[condition] >= 0:
            milestone = max(int(p.decision_milestone[decision]), 0)
            parts.append(least.first_look(p, milestone, int(p.cond_before[condition])))
        return min(max(parts), NEVER)

    def _first_block(self, decision: int) -> int:
        """When a lift that picks up at a decision's camps can be blocked: refused, barred by a regime, banned."""
        p = self._plan
        places = {int(p.camp_place[c]) for c in listed(p.decision_camp_at, p.decision_camp, decision)}
        found = [NEVER]
        for lift in range(len(p.lift_mode)):
            if places.isdisjoint(listed(p.pick_at, p.pick_place, lift)):
                continue
            found += [max(least.series(p, int(p.ban_start[ban])).at(0), 0) for ban in range(len(p.ban_key))]
            for gate in p.lift_gate[p.lift_gate_at[2 * lift] : p.lift_gate_at[2 * lift + 2]]:
                serves = max(int(p.lift_first[lift]), self.begun(lift))
                for regime in range(int(p.regime_at[gate]), int(p.regime_at[gate + 1])):
                    since = int(p.regime_minute[regime])
                    if p.regime_stance[regime] == Stance.OBSTRUCTING:
                        found.append(since)
                    elif p.regime_refusal[regime] >= 0 and not p.gate_advisory[gate]:
                        found.append(max(since, serves))
        return min(found)

    def _first_level(self, condition: int) -> int:
        """When a driver's level can be as a condition asks, dated regimes minded."""
        p = self._plan
        imposed = p.driver_override[p.cond_driver[condition], p.cond_area[condition]]
        allowed = (imposed < 0) | (imposed >= p.cond_state[condition])
        weeks = allowed.nonzero()[0]
        return int(weeks[0]) * 7 * MINUTES_PER_DAY if len(weeks) else NEVER

    def _first_low(self, place: int) -> int:
        """When a place can be below its reserve: all who start there or pass use supplies from the first day."""
        p = self._plan
        stock, most = int(p.place_stock[place]), 0
        if stock < 0:
            return NEVER
        for item in range(len(p.item_people)):
            stages = listed(p.stage_at, p.stage_place, item)
            if p.item_people[item] and place in stages:
                most += int(p.item_number[item]) + (int(p.item_stays[item]) if stages[0] == place else 0)
        short = stock - int(p.place_reserve[place]) * most // MINUTES_PER_DAY
        return 0 if short < 0 else (short // most + 1) * MINUTES_PER_DAY if most else NEVER

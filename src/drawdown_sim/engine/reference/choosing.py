"""Choosing: what a lift may take now, within force, plan, equipment and quotas."""

from __future__ import annotations

from itertools import compress

from . import quotas
from .force import is_in_use, minimum_force
from .records import Candidate, Lift, PickUp, Take
from .run import CLOSED, NEVER, OPEN, REAR_READY, UNLIMITED, Hold, Run

#: the hold of a look in which nothing has failed yet: it comes after all others
NOTHING = 99

#: states of a camp in which nobody is left to its column
_BEFORE_AND_AFTER = (OPEN, CLOSED)
_NO_QUOTAS: dict[int, int] = {}


class Look:
    """One look at a lift: what it could load, and the first requirement that failed."""

    total = 0
    hold = NOTHING
    cause = 0
    lacks_means = False
    by_place = False  # force or plan limited it
    by_ties = False  # equipment limited it
    again = NEVER  # minute of another look: a quota begins anew, the longest wait is over

    def __init__(self) -> None:
        self.takes: list[Take] = []  # with how many

    def fails(self, hold: int, cause: int) -> None:
        """Note a failed requirement; the first in the order of `Hold` stands."""
        if hold < self.hold:
            self.hold, self.cause = hold, cause


def newest(run: Run, lift: Lift, look: Look) -> int:
    """The last row that made any of the units ready that this look could take, or that left them behind."""
    return max([run.formed_row[lift.row], *(run.ready_row[cand.stage] for cand, _ in look.takes)])


def collect(run: Run, lift: Lift, look: Look) -> None:
    """Fill `look` with every unit the lift might take."""
    if lift.is_column:
        _collect_column(run, lift, look)
        return
    left = {quota: quotas.quota_left(run, quota) for quota in lift.unit_quotas} if lift.unit_quotas else _NO_QUOTAS
    for pick in lift.picks:
        _collect_at(run, lift, pick, look, left)


def _collect_at(run: Run, lift: Lift, pick: PickUp, look: Look, left: dict[int, int]) -> None:
    """Add what may be taken at one pick-up, within force, plan, equipment and what is left of quotas."""
    ready = run.ready
    armed = people = -1  # that the place can spare: reckoned once there is anything to take
    total, minds_ties = 0, run.people_go_row < 0
    for cand in compress(pick.cands, pick.counts(ready)):  # of which anything is ready
        quantity = ready[cand.stage]
        if people < 0:
            if not _gives(run, pick):
                look.fails(Hold.PLAN, 0)
                look.by_place = True
                return
            armed, people = _spare(run, lift, pick)
        if cand.with_column and run.camp_state[pick.camp] not in _BEFORE_AND_AFTER:
            look.fails(Hold.HANDOVER, run.rear_row[pick.camp])
            look.by_place = True
            continue
        if cand.people:
            if cand.tied and minds_ties:
                allowed = run.may_go[cand.item] - run.gone[cand.item]
                if allowed < quantity:
                    quantity = allowed if allowed > 0 else 0
                    look.by_ties = True
                    look.fails(Hold.WORK, run.tie_row[cand.item])
            if armed < quantity and cand.armed:
                quantity = armed
                look.by_place = True
                look.fails(Hold.GUARD, run.guard_row[pick.place])
            if people < quantity:
                quantity = people
                look.by_place = True
                look.fails(Hold.PLAN, 0)
        if cand.quotas:
            quantity = _within_quotas(run, cand, quantity, look, left)
        if quantity:
            look.takes.append((cand, quantity))
            total += quantity
            if cand.people:
                people -= quantity
                if cand.armed:
                    armed -= quantity
    look.total += total


def _within_quotas(run: Run, cand: Candidate, quantity: int, look: Look, left: dict[int, int]) -> int:
    """How many of these the quotas that count them still allow, and set them off against all of them."""
    for quota in cand.quotas:
        if left[quota] < quantity:
            look.fails(run.view.quota_hold[quota], run.quota_row[quota])
            look.again = min(look.again, quotas.period_end(run, quota))
            quantity = max(left[quota], 0)
    for quota in cand.quotas:
        left[quota] -= quantity
    return quantity


def _collect_column(run: Run, lift: Lift, look: Look) -> None:
    """A column takes everybody and all own means of its camp, once the rear party is ready."""
    camp = lift.picks[0].camp
    if run.camp_state[camp] != REAR_READY or run.p.camp_column[camp] != lift.row or is_in_use(run, camp):
        return  # the camp asks for the look
    look.takes = [(cand, run.ready[cand.stage]) for cand in lift.cands if run.ready[cand.stage] > 0]
    look.total = sum(quantity for _, quantity in look.takes)


def _gives(run: Run, pick: PickUp) -> bool:
    """Whether the plan lets a place give anything: gates and pauses, which an accelerated camp no longer minds."""
    if run.now >= pick.opens and not pick.pauses:
        return True
    if run.accelerated[pick.camp]:
        return True
    return run.now >= pick.opens and not any(begin <= run.now < end for begin, end in pick.pauses)


def _spare(run: Run, lift: Lift, pick: PickUp) -> tuple[int, int]:
    """Armed people and people in all whom a place can spare.

    What is to be kept is the plan's, and an accelerated camp no longer minds it; in the last days people mind
    neither force nor plan; a national order does not mind force.
    """
    armed = people = UNLIMITED
    camp = pick.camp
    if camp >= 0 and lift.carries_people and run.people_go_row < 0:
        if not lift.by_order:
            force = run.force[camp]
            armed = max(run.armed[pick.place] - (minimum_force(run, camp) if force is None else force), 0)
        if pick.keep is not None and not run.accelerated[camp]:
            people = max(run.unreserved[pick.place] - pick.keep.at(run.now), 0)
    return armed, people

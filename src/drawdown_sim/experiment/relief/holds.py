"""Which holds a relaxation acts on, as binding chains name them: what is waited for, and whose it is.

The names are those of `analysis.critical`. Where a chain cannot tell two constraints apart (two clearances of one
authority, two quotas on one lift), relaxations of both act on the same hold.
"""

from __future__ import annotations

from collections.abc import Callable

from ...model.plan import AssetKind
from ...model.trajectory import ASSET_HOLD, Hold
from ...scenario.schema import Quota, Scenario
from ..blocks import Cause

Path = tuple[str, ...]
Holds = Callable[[Scenario, Path], set[Cause]]


def one(hold: Hold, at: int = 1) -> Holds:
    """One hold of the entry itself, or of another id on the path."""
    return lambda _, path: {(hold, path[at])}


def none(scenario: Scenario, path: Path) -> set[Cause]:
    """No wait of anybody ends earlier by it."""
    return set()


def of_asset(scenario: Scenario, path: Path) -> set[Cause]:
    """Waiting for the means; what lifts need beside vehicles and escorts goes by the lift or by its first need."""
    name = path[1]
    hold = ASSET_HOLD[AssetKind[scenario.assets[name].kind.upper()]]
    needing = sorted(id_ for id_, lift in scenario.lifts.items() if name in lift.needs)
    return {(hold, name)} | {(hold, other) for id_ in needing for other in (id_, min(scenario.lifts[id_].needs))}


def of_quota(scenario: Scenario, path: Path) -> set[Cause]:
    """What chains call waiting for the quota: of several on one lift they name the first."""
    own = scenario.quotas[path[1]]
    hold = {"rotation cap": Hold.ROTATION_CAP, "seat": Hold.SEAT, "plan": Hold.PLAN}.get(own.kind, Hold.SLOT)
    return {(hold, _quota_subject(scenario, own, hold, name)) for name in own.lifts}


def _quota_subject(scenario: Scenario, own: Quota, hold: Hold, name: str) -> str:
    lift = scenario.lifts[name]
    if hold is Hold.SEAT:
        return lift.asset or name
    if hold is Hold.PLAN:
        return lift.pick_up[0]
    is_cap = hold is Hold.ROTATION_CAP
    return min(
        id_ for id_, q in scenario.quotas.items() if name in q.lifts and (q.kind == "rotation cap") == is_cap
    )  # fmt: skip


def of_authority(scenario: Scenario, path: Path) -> set[Cause]:
    """Waiting for the authority's answer, unless nobody waits for it; chains do not say for which of its clearances."""
    clearance = scenario.clearances[path[1]]
    return set() if clearance.advisory else {(Hold.CLEARANCE, clearance.authority)}


def of_escort(scenario: Scenario, path: Path) -> set[Cause]:
    """Waiting for the escorts of a lift, or without any for its vehicles."""
    lift = scenario.lifts[path[1]]
    if lift.escort is not None:
        return {(Hold.ESCORT, lift.escort.asset)}
    return {(Hold.TRUCK, lift.asset), (Hold.SEAT, lift.asset)} if lift.asset else set()


def of_capacity(scenario: Scenario, path: Path) -> set[Cause]:
    """Waiting for the vehicles of a lift, or its seats."""
    lift = scenario.lifts[path[1]]
    subject = lift.asset or path[1]
    return {(Hold.TRUCK, subject), (Hold.SEAT, subject)} | of_escort(scenario, path)


def of_halts(scenario: Scenario, path: Path) -> set[Cause]:
    """Halts after incidents of every lift on a leg with the threat."""
    struck = {id_ for id_, leg in scenario.legs.items() if path[-1] in leg.threats or path[1] in leg.threats}
    return {(Hold.INCIDENT, id_) for id_, lift in scenario.lifts.items() if struck & set(lift.route)}


def of_tour(scenario: Scenario, path: Path) -> set[Cause]:
    """Waiting for the means that the contingent provides."""
    own = [id_ for id_, asset in scenario.assets.items() if asset.contingent == path[1]]
    return set().union(*(of_asset(scenario, ("assets", id_)) for id_ in own))


def of_work(scenario: Scenario, path: Path) -> set[Cause]:
    """Work at the camp, and waiting for the crews that do it."""
    lot = scenario.cargo[path[1]]
    return {(Hold.WORK, lot.at)} | ({(Hold.CREW, lot.crews)} if lot.crews else set())


def of_inspection(scenario: Scenario, path: Path) -> set[Cause]:
    return {(Hold.WORK, path[3]), (Hold.CREW, scenario.cargo[path[1]].inspection[path[3]].crews)}


def of_packing_start(scenario: Scenario, path: Path) -> set[Cause]:
    """The day before which the plan lets nobody pack at the camp."""
    return {(Hold.PLAN, scenario.cargo[path[1]].at)}


def of_tied_people(scenario: Scenario, path: Path) -> set[Cause]:
    """People who wait until their equipment is packed."""
    return {(Hold.WORK, scenario.people[path[1]].at)}


def of_pick_ups(scenario: Scenario, path: Path) -> set[Cause]:
    """Supplies at the places that a lift brings them to."""
    return {(Hold.SUPPLY, place) for place in scenario.lifts[path[1]].pick_up}

"""Missions of any size: the baseline's camps, lots and convoys, as many times over as is asked for.

Every copy has its own places, roads, means, contingents and permissions, under the baseline's ids with a number
behind them; the first keeps the ids as they are, so that one copy is the baseline itself. Areas, their drivers and the
milestones are shared: a milestone is reached when every copy has done what it asks. Those who stay are as many times
over; totals, which are of one mission, are left out of several.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from drawdown_sim.scenario import load, resolved_yaml
from drawdown_sim.scenario.check_references import UN
from drawdown_sim.scenario.resolve import Bundle
from drawdown_sim.scenario.schema import Milestone, Scenario

#: Sections of which every copy has its own.
COPIED = (
    "places", "legs", "threats", "bans", "authorities", "clearances", "assets", "quotas", "contingents", "people",
    "cargo", "lifts", "camps", "decisions",
)  # fmt: skip

#: Fields that name entities of those sections, one or a list of them, by the model that has the field.
_NAMES = {
    "Leg": ("between",),
    "Ban": ("legs", "places", "lifts"),
    "Clearance": ("authority", "lifts", "after"),
    "Asset": ("at", "contingent"),
    "Quota": ("contingents", "lifts"),
    "Cohort": ("contingent", "at", "via"),
    "Lot": ("owner", "at", "via", "crews"),
    "Inspection": ("crews",),
    "Lift": ("pick_up", "to", "route", "contingents", "asset"),
    "Escort": ("asset",),
    "Join": ("at",),
    "Camp": ("after", "serves", "column"),
    "Decision": ("camps", "stop", "begin"),
    "Condition": ("below_reserve", "closed"),
    "Milestone": ("contingents", "camps", "ends", "guarded"),
}
#: Fields whose keys name such entities.
_KEYS = {
    "Leg": ("threats", "after_closure"),
    "Lot": ("inspection",),
    "Lift": ("needs",),
}


def enlarge(bundle: Bundle, copies: int) -> Bundle:
    """The bundle with so many copies of its mission; one copy is the bundle itself."""
    if copies == 1:
        return bundle
    scenario = bundle.scenario
    changes: dict[str, Any] = {
        section: {
            _renamed(name, copy): _copied(entry, copy)
            for copy in range(1, copies + 1)
            for name, entry in getattr(scenario, section).items()
        }
        for section in COPIED
    }
    changes["milestones"] = {name: _for_all(entry, copies) for name, entry in scenario.milestones.items()}
    for copy in range(1, copies + 1):
        _keep_apart(changes, scenario, copy)
    changes["totals"] = {}
    changes["title"] = f"{scenario.title}, {copies} times over"
    if scenario.residual is not None:
        changes["residual"] = _times(scenario.residual, copies)
    enlarged: Scenario = scenario.model_copy(update=changes)
    return replace(bundle, scenario=enlarged)


def text_of(name: str, copies: int) -> str:
    """A scenario of so many copies as a file. Raises ScenarioError for a scenario that cannot be read."""
    return resolved_yaml(enlarge(load(name), copies))


def _renamed(name: str, copy: int) -> str:
    return name if copy == 1 or name == UN else f"{name}-{copy}"


def _copied(entry: Any, copy: int) -> Any:
    """An entry whose references are to entities of the same copy."""
    if isinstance(entry, dict):
        return {key: _copied(below, copy) for key, below in entry.items()}
    if not isinstance(entry, BaseModel):
        return entry
    model = type(entry).__name__
    changes: dict[str, Any] = {}
    for field in type(entry).model_fields:
        value = getattr(entry, field)
        if field in _NAMES.get(model, ()) and value is not None:
            changes[field] = (
                _renamed(value, copy) if isinstance(value, str) else type(value)(_renamed(one, copy) for one in value)
            )
        elif field in _KEYS.get(model, ()):
            changes[field] = {_renamed(key, copy): _copied(below, copy) for key, below in value.items()}
        else:
            changes[field] = _copied(value, copy)
    return entry.model_copy(update=changes)


def _keep_apart(changes: dict[str, Any], scenario: Scenario, copy: int) -> None:
    """A clearance that names no lifts, and so is for all, is for all lifts of its copy."""
    for name, clearance in scenario.clearances.items():
        if not clearance.lifts:
            lifts = [_renamed(lift, copy) for lift in scenario.lifts]
            copied = changes["clearances"][_renamed(name, copy)]
            changes["clearances"][_renamed(name, copy)] = copied.model_copy(update={"lifts": lifts})


def _for_all(milestone: Milestone, copies: int) -> Milestone:
    """A milestone that counts every copy."""
    return milestone.model_copy(
        update={
            field: [_renamed(name, copy) for copy in range(1, copies + 1) for name in getattr(milestone, field)]
            for field in _NAMES["Milestone"]
        }
    )


def _times(residual: Any, copies: int) -> Any:
    """So many times the people who stay."""
    number = residual.number
    most = number.range and tuple(end * copies for end in number.range)
    many = number.rewritten(f"{number.nominal * copies} persons")
    return residual.model_copy(update={"number": replace(many, range=most)})

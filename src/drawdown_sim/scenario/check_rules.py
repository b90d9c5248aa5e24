"""Whether dates, drivers, bans, regimes, decisions and milestones make sense by themselves."""

from __future__ import annotations

from fractions import Fraction

from .findings import Findings, first_day, last_day
from .quantities import plain
from .schema import Ban, Condition, Decision, Milestone, Regime
from .translate import Path
from .values import Value

#: Longest time from start to horizon [day]: twenty years.
LONGEST = 20 * 366


def check_rules(found: Findings) -> None:
    """Check what needs no look at other sections, but for the scenario's dates."""
    scenario = found.scenario
    if scenario.horizon <= scenario.start:
        found.add(("horizon",), f"{scenario.horizon} is not after the start ({scenario.start})")
    elif (scenario.horizon - scenario.start).days > LONGEST:
        found.add(("horizon",), f"{scenario.horizon} is more than 20 years after the start ({scenario.start})")
    for name, leg in scenario.legs.items():
        if leg.between[0] == leg.between[1]:
            found.add(("legs", name, "between"), f"leads from '{leg.between[0]}' to itself; expected two places")
    _check_drivers(found)
    for name, ban in scenario.bans.items():
        _check_ban(found, name, ban)
    for name, clearance in scenario.clearances.items():
        _check_regimes(found, ("clearances", name, "regimes"), clearance.regimes)
    for name, quota in scenario.quotas.items():
        _check_limit(found, ("quotas", name, "limit"), quota.limit, quota.counts)
    for name, decision in scenario.decisions.items():
        _check_decision(found, name, decision)
        if decision.rate is not None:
            _check_limit(found, ("decisions", name, "rate"), decision.rate, "loads")
    for name, milestone in scenario.milestones.items():
        _check_milestone(found, name, milestone)


def _check_drivers(found: Findings) -> None:
    for name, driver in found.scenario.drivers.items():
        chances = sum((state.initial.nominal for state in driver.states.values()), Fraction(0))
        if chances != 1:
            text = f"the chances 'initial' of all levels add up to {plain(chances)}; expected 1"
            found.add(("drivers", name, "states"), text)
        for key, override in driver.overrides.items():
            during = override.during
            if last_day(during.last) < first_day(during.first):
                found.add(
                    ("drivers", name, "overrides", key, "during", "last"),
                    f"is {last_day(during.last)}, before the first day {first_day(during.first)}",
                )


def _check_ban(found: Findings, name: str, ban: Ban) -> None:
    path: Path = ("bans", name)
    if not (ban.legs or ban.places or ban.lifts):
        found.add(path, "closes nothing; expected 'legs', 'places' or 'lifts'")
    if (ban.last is None) == (ban.length is None):
        found.add(path, "expected either 'last' (a day) or 'length'")
    if ban.last is not None and last_day(ban.last) < first_day(ban.start):
        found.add((*path, "last"), f"is {last_day(ban.last)}, before the ban starts ({first_day(ban.start)})")


def _check_regimes(found: Findings, path: Path, regimes: dict[str, Regime]) -> None:
    begin: dict[object, str] = {}
    for key, regime in regimes.items():
        if regime.lead is None and regime.stance != "obstructing":
            found.add((*path, key), f"a {regime.stance} regime answers after a time; expected 'lead'")
        for idle in ("lead", "refusal") if regime.stance == "obstructing" else ():
            if getattr(regime, idle) is not None:
                found.add((*path, key, idle), "an obstructing regime refuses everything at once; leave this out")
        day = max(first_day(regime.start), found.scenario.start) if regime.start else found.scenario.start
        if day in begin and (regime.start is None or first_day(regime.start) >= found.scenario.start):
            found.add((*path, key), f"begins on {day} like '{begin[day]}'; expected one regime at a time")
        begin.setdefault(day, key)
    if found.scenario.start not in begin:
        found.add(path, f"none holds at the start ({found.scenario.start}); leave 'start' out of the first one")


#: What is counted -> the units of a limit that count it.
_COUNTED_IN = {
    "movements": ("movement", "flight", "convoy", "ship"),
    "vehicles": ("vehicle", "truck", "ship"),
    "people": ("person",),
    "loads": ("load",),
}


def _check_limit(found: Findings, path: Path, limit: Value, counts: str) -> None:
    """A limit must be in a unit of what it counts: three flights are not three people."""
    if limit.unit not in _COUNTED_IN[counts]:
        expected = " or ".join(f"'{unit}'" for unit in _COUNTED_IN[counts])
        found.add(path, f"is in '{limit.unit}', but what is counted are {counts}; expected {expected}")


#: decision -> (keys it needs one of, keys that mean nothing to it)
_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "accelerate": (("camps",), ("rate", "spare", "stop", "begin")),
    "destroy": (("camps",), ("stop", "begin")),
    "divert": (("stop", "begin"), ("rate", "spare")),
    "give up": (("camps",), ("rate", "spare", "stop", "begin")),
}


def _check_decision(found: Findings, name: str, decision: Decision) -> None:
    path: Path = ("decisions", name)
    needed, idle = _FIELDS[decision.do]
    if not any(getattr(decision, key) for key in needed):
        found.add(path, f"to {decision.do} it needs {' or '.join(repr(key) for key in needed)}")
    for key in idle:
        if getattr(decision, key):
            found.add((*path, key), f"means nothing to a decision to {decision.do}; leave it out")
    for key, condition in decision.when.items():
        _check_condition(found, (*path, "when", key), decision, condition)


def _check_condition(found: Findings, path: Path, decision: Decision, condition: Condition) -> None:
    if not any(getattr(condition, key) for key in type(condition).model_fields):
        found.add(path, "states nothing; expected for instance 'blocked: ...' or 'closed: [camp]'")
    if condition.before_deadline and decision.milestone is None and len(found.scenario.milestones) > 1:
        found.add((*path, "before_deadline"), "there are several milestones; expected the decision to name one")
    if condition.blocked is not None and not decision.camps:
        found.add((*path, "blocked"), "no camp is named that could be blocked; expected 'camps'")


def _check_milestone(found: Findings, name: str, milestone: Milestone) -> None:
    path: Path = ("milestones", name)
    horizon = found.scenario.horizon
    if not (milestone.people or milestone.cargo or milestone.camps):
        found.add(path, "counts nothing; expected people, cargo or camps")
    versions = [((*path, "deadline"), milestone.deadline)]
    versions += [((*path, "moved", key, "deadline"), moved.deadline) for key, moved in milestone.moved.items()]
    for where, deadline in versions:
        if last_day(deadline) >= horizon:
            text = f"the deadline {last_day(deadline)} is not before the horizon ({horizon}), where the clock stops"
            found.add(where, f"{text}; set the horizon well past it")
    for position, camp in enumerate(milestone.camps):
        if not found.scenario.camps[camp].closes:
            found.add((*path, "camps", position), f"'{camp}' never closes (closes: false); leave it out")

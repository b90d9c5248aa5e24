"""What can be relaxed in a scenario, by how much, and which holds each relaxation acts on.

`RULES` is the one table: a path of the scenario format, `*` for any id, with its step, its holds, and whose it is.
Values of one rule that belong to the same subject (all cargo of a camp, all regimes of a clearance) are relaxed as one.

Not relaxed: how much there is to move and who may stay (another mission, not relief), the weather and the drivers
(nobody's to change), the mission's own rules of decision, and what is no quantity (order of closure, hours of
departure).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...model.trajectory import Hold
from ...scenario.resolve import Bundle, values_of
from ...scenario.schema import Scenario
from ...scenario.values import Value
from ..blocks import Cause
from . import holds, steps
from .holds import Holds, Path
from .steps import At, Step

Subject = Callable[[Scenario, Path], str]


@dataclass(frozen=True, eq=False)
class Relaxation:
    """A constraint relaxed by a step: the values that change, and the holds that it acts on."""

    id: str
    """The rule's path with the subject in brackets."""
    subject: str
    step: str
    """In words: `a day less lead time`."""
    values: dict[str, Value]
    """By dotted path."""
    holds: frozenset[Cause]
    is_lever: bool
    """Whether the scenario says that planners could change one of its values."""

    @property
    def name(self) -> str:
        """For a table."""
        return f"{self.subject}: {self.step}"

    def acts_on(self, cause: Cause) -> bool:
        """Whether a cause on a binding chain is one of its holds; a chain may name several authorities at once."""
        hold, subject = cause
        return any((hold, each) in self.holds for each in (subject, *subject.split(" and ")))

    def minutes(self, causes: Mapping[Cause, int]) -> int:
        """The minutes on binding chains that its holds took."""
        return sum(minutes for cause, minutes in causes.items() if self.acts_on(cause))


@dataclass(frozen=True, slots=True)
class Rule:
    """How the values at a path are relaxed."""

    path: str
    step: Step
    holds: Holds
    subject: Subject = lambda _, path: path[1]
    called: str = ""
    """One name for several rules whose values are relaxed together; left out, the path."""


# --- whose ---------------------------------------------------------------------------------------


def _camp_of_lot(scenario: Scenario, path: Path) -> str:
    return scenario.cargo[path[1]].at


def _camp_of_cohort(scenario: Scenario, path: Path) -> str:
    return scenario.people[path[1]].at


def _entry(scenario: Scenario, path: Path) -> str:
    """An entry below another: `trucks-gao phase-two`."""
    return f"{path[1]} {path[3]}"


def _third(scenario: Scenario, path: Path) -> str:
    """The id within the entry: of a threat, of the place of an inspection."""
    return path[3]


def _ban_begins(at: At) -> Value:
    return at.scenario.bans[at.path[1]].start


def _pause_begins(at: At) -> Value:
    return at.scenario.camps[at.path[1]].pauses[at.path[3]].first


#: What a minimum force is made of.
_GUARD = ("least", "perimeter", "cargo", "satellites")
_SMALLER = steps.tenth_less("guard {tenth} smaller")
_QUICKER = steps.tenth_less("loading {tenth} quicker")

RULES = (
    # means
    Rule("assets.*.number", steps.means_more, holds.of_asset),
    Rule("assets.*.changes.*.on", steps.means_dated, holds.of_asset, _entry),
    Rule("contingents.*.tour_end", steps.week_later("tour ends {weeks} later"), holds.of_tour),
    # limits per period, room, supplies
    Rule("quotas.*.limit", steps.tenth_more("{tenth} more"), holds.of_quota),
    Rule("places.*.room", steps.tenth_more("{tenth} more room"), holds.one(Hold.ROOM)),
    Rule("places.*.yard", steps.tenth_more("{tenth} more yard"), holds.one(Hold.ROOM)),
    Rule("places.*.supply.stock", steps.days_more("supplies for {weeks} more", 7), holds.one(Hold.SUPPLY)),
    # who permits
    Rule("clearances.*.regimes.*.lead", steps.day_less("{days} less lead time"), holds.of_authority),
    Rule("clearances.*.regimes.*.refusal", steps.points_less("refused {points} less"), holds.of_authority),
    Rule("clearances.*.regimes.*.retry", steps.day_less("retry {days} sooner"), holds.of_authority),
    Rule("clearances.*.regimes.*.start", steps.regime_dated, holds.of_authority, _entry),
    Rule("clearances.*.valid", steps.days_more("valid {days} longer"), holds.of_authority),
    Rule("clearances.*.ahead", steps.days_more("asked {days} ahead"), holds.of_authority),
    Rule("bans.*.last", steps.ends_earlier("ends {weeks} earlier", _ban_begins), holds.one(Hold.BAN)),
    Rule("bans.*.length", steps.week_less("{weeks} shorter"), holds.one(Hold.BAN)),
    Rule("bans.*.chance", steps.points_less("{points} less likely"), holds.one(Hold.BAN)),
    # the plan of the camps
    Rule("camps.*.window.*.target", steps.week_earlier("target {weeks} earlier"), holds.one(Hold.TARGET_DAY)),
    Rule("camps.*.opens", steps.week_earlier("opens {weeks} earlier"), holds.one(Hold.PLAN)),
    Rule("camps.*.pauses.*.last", steps.ends_earlier("pause {weeks} shorter", _pause_begins), holds.one(Hold.PLAN)),
    Rule("camps.*.keep", steps.tenth_less("holds back {tenth} fewer"), holds.one(Hold.PLAN)),
    Rule("camps.*.handover", steps.tenth_less("handover {tenth} shorter"), holds.one(Hold.HANDOVER)),
    *(Rule(f"camps.*.guard.{part}", _SMALLER, holds.one(Hold.GUARD), called="camps.*.guard") for part in _GUARD),
    # preparation
    Rule("cargo.*.starts", steps.week_earlier("packing {weeks} earlier"), holds.of_packing_start, _camp_of_lot),
    Rule("cargo.*.work", steps.tenth_less("packing {tenth} quicker"), holds.of_work, _camp_of_lot),
    Rule("cargo.*.inspection.*.work", steps.tenth_less("inspection {tenth} quicker"), holds.of_inspection, _third),
    Rule("people.*.advance", steps.points_more("advance {points} more"), holds.of_tied_people, _camp_of_cohort),
    # movement
    Rule("legs.*.rate", steps.tenth_more("{tenth} faster"), holds.one(Hold.ROUTE)),
    Rule("legs.*.threats.*", steps.tenth_less("{tenth} rarer"), holds.of_halts, _third),
    Rule("threats.*.halt", steps.tenth_less("halts {tenth} shorter"), holds.of_halts),
    Rule("lifts.*.capacity", steps.capacity_more, holds.of_capacity),
    Rule("lifts.*.most", steps.tenth_more("{tenth} larger"), holds.of_escort),
    Rule("lifts.*.escort.vehicles", steps.tenth_more("{tenth} more per escort"), holds.of_escort),
    Rule("lifts.*.least", steps.tenth_less("least size {tenth} less", least=1), holds.one(Hold.SMALL)),
    Rule("lifts.*.wait", steps.day_less("waits {days} less"), holds.one(Hold.SMALL)),
    Rule("lifts.*.loading", _QUICKER, holds.one(Hold.LOADING)),
    Rule("lifts.*.loading_per_vehicle", _QUICKER, holds.one(Hold.LOADING), called="lifts.*.loading"),
    Rule("lifts.*.unloading", steps.tenth_less("unloading {tenth} quicker"), holds.one(Hold.UNLOADING)),
    Rule("lifts.*.rest", steps.day_less("rest {days} less"), holds.one(Hold.REST)),
    Rule("lifts.*.supplies", steps.days_more("supplies for {days} more"), holds.one(Hold.RESUPPLY)),
    Rule("lifts.*.resupply_halt", steps.tenth_less("resupply {tenth} quicker"), holds.one(Hold.RESUPPLY)),
    Rule("lifts.*.brings", steps.tenth_more("brings {tenth} more"), holds.of_pick_ups),
    Rule("lifts.*.first", steps.week_earlier("runs {weeks} earlier"), holds.one(Hold.CALENDAR)),
    Rule("lifts.*.last", steps.week_later("runs {weeks} longer"), holds.one(Hold.CALENDAR)),
)  # fmt: skip

#: A later deadline is no constraint on the movement: it is relaxed for the milestone that is asked about.
_DEADLINES = ("milestones.{}.deadline", "milestones.{}.moved.*.deadline")


def relaxations(bundle: Bundle, milestone: str, count: int) -> list[Relaxation]:
    """Everything in the scenario that can be relaxed by `count` steps, in the order of `RULES` and of the file."""
    deadline = steps.week_later("deadline {weeks} later")
    rules = (*RULES, *(Rule(path.format(milestone), deadline, holds.none, called="deadline") for path in _DEADLINES))
    gathered: dict[str, list[Relaxation]] = {}
    found = [(tuple(map(str, path)), value) for path, value in values_of(bundle.scenario)]
    for rule in rules:
        parts = tuple(rule.path.split("."))
        for path, value in found:
            if _matches(path, parts):
                each = _relaxation(bundle.scenario, rule, path, value, count)
                if each is not None:
                    gathered.setdefault(each.id, []).append(each)
    return [_together(group) for group in gathered.values()]


def _matches(path: Path, parts: Path) -> bool:
    return len(path) == len(parts) and all(part in ("*", each) for each, part in zip(path, parts, strict=True))


def _relaxation(scenario: Scenario, rule: Rule, path: Path, value: Value, count: int) -> Relaxation | None:
    """One value relaxed; None where it is as relaxed as it can be."""
    relaxed = rule.step(At(scenario, path, value, count))
    if relaxed is None:
        return None
    other, words = relaxed
    subject = rule.subject(scenario, path)
    holds = frozenset(rule.holds(scenario, path))
    id_ = f"{rule.called or rule.path} ({subject})"
    return Relaxation(id_, subject, words, {".".join(path): other}, holds, value.lever)


def _together(group: list[Relaxation]) -> Relaxation:
    """Relaxations of one subject by one rule, as one."""
    first = group[0]
    values = {path: value for each in group for path, value in each.values.items()}
    holds = frozenset(cause for each in group for cause in each.holds)
    return Relaxation(first.id, first.subject, first.step, values, holds, any(each.is_lever for each in group))

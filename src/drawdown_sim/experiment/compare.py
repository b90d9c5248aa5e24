"""What if: scenarios side by side, played with the same luck, with what differs between them and what that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ..analysis.measures import milestone_row
from ..errors import PlanError
from ..scenario.diff import Change, differences
from ..scenario.resolve import count_inputs
from .answers import Answer, Table
from .outcomes import affordable, differences_table, outcomes_table
from .run import Playable, Prepared, prepare, wording
from .variants import play
from .workers import Workers

#: Replications of each scenario unless told otherwise.
USUAL = 10_000


@dataclass(frozen=True, slots=True)
class Compared:
    """One scenario of a comparison: what it is, and what it shares with the base."""

    name: str
    title: str
    digest: str
    start: str
    horizon: str
    has_milestone: bool
    milestones: str
    """Ids, with commas between them."""
    replay: bool
    hindsight: int
    """Inputs that were known only after the day of knowledge."""


def compare(
    scenarios: Sequence[Playable],
    replications: int | None = None,
    seed: int | None = None,
    *,
    milestone: str | None = None,
    workers: Workers | int = 1,
) -> Answer:
    """Play scenarios with the same luck; the first is the base.

    `milestone` is one of the base; left out, its main one. `replications` of each; left out, 10,000, or fewer if
    there are many scenarios. Raises ScenarioError, PlanError or EngineError.
    """
    prepared = [prepare(scenario, seed) for scenario in scenarios]
    names = _names(prepared)
    base = prepared[0]
    if any(each.seed != base.seed for each in prepared):
        raise PlanError("compare: the scenarios were prepared with unequal seeds; expected one, so that runs are pairs")
    milestone_row(base.plan, milestone)
    count = affordable(replications, USUAL, len(prepared))
    samples = play(prepared, count, Workers.of(workers))
    about = milestone or base.plan.milestone_ids[samples[0].milestone(None)]
    asked = {
        "scenarios": names,
        "digests": [each.digest for each in prepared],
        "wording": wording([each.bundle for each in prepared]),
        "milestone": about,
        "replications": count,
    }
    return base.answer(
        "compare",
        count * len(prepared),
        asked,
        {"base": names[0], "milestone": about, "claim": _title(base, about)},
        (
            Table.of("scenarios", [_compared(*each, about) for each in zip(names, prepared, strict=True)]),
            _changes(names, prepared),
            outcomes_table(samples, [{"name": name} for name in names], about),
            differences_table(samples, names, about),
        ),
    )


def _names(prepared: Sequence[Prepared]) -> list[str]:
    """What each scenario is called: its name, or its file where names are the same. Raises PlanError."""
    if len(prepared) < 2:
        raise PlanError("compare: expected at least two scenarios; the first is the base")
    bundles = [each.bundle for each in prepared]
    twice = next((each for at, each in enumerate(bundles) if each.path in [other.path for other in bundles[:at]]), None)
    if twice is not None:
        raise PlanError(f"compare: '{twice.name}' is named twice; name each scenario once")
    names = [bundle.name for bundle in bundles]
    return [bundle.files[-1] if names.count(bundle.name) > 1 else bundle.name for bundle in bundles]


def _title(prepared: Prepared, milestone: str) -> str:
    return (prepared.bundle.scenario.milestones[milestone].title or milestone).rstrip(".")


def _compared(name: str, prepared: Prepared, milestone: str) -> Compared:
    scenario = prepared.bundle.scenario
    return Compared(
        name,
        scenario.title,
        prepared.digest,
        scenario.start.isoformat(),
        scenario.horizon.isoformat(),
        milestone in scenario.milestones,
        ", ".join(sorted(scenario.milestones)),
        scenario.replay,
        count_inputs(prepared.bundle)["hindsight"],
    )


def _changes(names: Sequence[str], prepared: Sequence[Prepared]) -> Table:
    """What each scenario does differently from the base."""
    found = [
        (name, change)
        for name, other in zip(names[1:], prepared[1:], strict=True)
        for change in differences(prepared[0].bundle, other.bundle)
    ]
    rows = tuple((name, *asdict(change).values()) for name, change in found)
    return Table("changes", ("name", *Change.__dataclass_fields__), rows)

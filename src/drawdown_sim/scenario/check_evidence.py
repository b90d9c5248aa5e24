"""Whether each value may be used at all: what was known, what is an outcome, what can be drawn."""

from __future__ import annotations

from .findings import Findings, first_day, last_day
from .quantities import DATE, plain
from .resolve import values_of
from .sources import Fact
from .translate import Path
from .values import Value

#: Paths whose values may be drawn or change by date; `*` is an id. Elsewhere one number is used.
_SERIES = {
    ("threats", "*", "halt"),
    ("threats", "*", "hurt"),
    ("threats", "*", "lost"),
    ("legs", "*", "rate"),
    ("legs", "*", "season"),
    ("legs", "*", "threats", "*"),
    ("bans", "*", "length"),
    ("clearances", "*", "regimes", "*", "lead"),
    ("clearances", "*", "regimes", "*", "refusal"),
    ("clearances", "*", "regimes", "*", "retry"),
    ("quotas", "*", "limit"),
    ("cargo", "*", "work"),
    ("cargo", "*", "inspection", "*", "work"),
    ("lifts", "*", "loading"),
    ("lifts", "*", "loading_per_vehicle"),
    ("lifts", "*", "unloading"),
    ("lifts", "*", "rest"),
    ("lifts", "*", "resupply_halt"),
    ("camps", "*", "handover"),
    ("camps", "*", "keep"),
}
#: Paths of days that may be drawn.
_DRAWN_DAYS = {("camps", "*", "window", "*", "target"), ("bans", "*", "start")}
#: Paths of shares and chances.
_SHARES = {
    ("drivers", "*", "loading"),
    ("drivers", "*", "states", "*", "stays"),
    ("drivers", "*", "states", "*", "initial"),
    ("bans", "*", "chance"),
    ("clearances", "*", "regimes", "*", "refusal"),
    ("people", "*", "advance"),
    ("totals", "*", "tolerance"),
}
#: Paths of durations that must not be zero, or time would stand still.
_LASTING = {
    ("clearances", "*", "regimes", "*", "retry"),
    ("clearances", "*", "valid"),
    ("lifts", "*", "supplies"),
    ("lifts", "*", "hold"),
}
#: Paths of counts that mean something from one upwards.
_COUNTED = {
    ("lifts", "*", "least"),
    ("lifts", "*", "most"),
    ("lifts", "*", "escort", "vehicles"),
    ("decisions", "*", "rate"),
}
#: Paths of days that are senseless before the start.
_AFTER_START = {
    ("assets", "*", "changes", "*", "on"),
    ("camps", "*", "window", "*", "target"),
    ("camps", "*", "pauses", "*", "last"),
    ("drivers", "*", "overrides", "*", "during", "last"),
    ("bans", "*", "last"),
    ("lifts", "*", "last"),
    ("decisions", "*", "when", "*", "on"),
    ("milestones", "*", "deadline"),
}
#: Paths of days that are senseless after the horizon.
_BEFORE_HORIZON = {
    ("camps", "*", "window", "*", "target"),
    ("camps", "*", "opens"),
    ("lifts", "*", "first"),
    ("cargo", "*", "starts"),
}


def check_evidence(found: Findings) -> None:
    """Check every value by itself, where it stands."""
    own = found.bundle.files[0].rsplit("/", 1)[-1].removesuffix(".yaml")
    for path, value in values_of(found.scenario):
        _check_knowledge(found, path, value)
        for id in value.facts:
            fact = found.bundle.register.fact(id)
            assert fact is not None, "facts were looked up when the value was read"
            _check_outcome(found, path, value, fact, own)
        _check_use(found, path, value)


def _check_knowledge(found: Findings, path: Path, value: Value) -> None:
    as_of = found.scenario.as_of
    if value.knowable is not None and value.knowable > as_of and not value.hindsight:
        late = [id for id in value.facts if (fact := found.bundle.register.fact(id)) and fact.knowable > as_of]
        found.add(
            path,
            f"rests on fact '{late[0]}', known from {value.knowable} only, later than as_of ({as_of});"
            " use what was known, or mark the value with 'hindsight: true'",
        )
    if value.replay and not found.scenario.replay:
        found.add(path, "is marked replay; expected 'replay: true' at the top of the scenario as well")


def _check_outcome(found: Findings, path: Path, value: Value, fact: Fact, own: str) -> None:
    """An outcome of the operation itself is never an input, unless replayed or fitted.

    Choice: an analogy may lean on an outcome of another operation, or on one from before the start;
    facts are of the operation itself if their seeds file is named after the first scenario of the chain.
    """
    if fact.role != "outcome" or value.replay or value.ground == "fitted":
        return
    is_own = fact.file.rsplit("/", 1)[-1].startswith(own) and fact.true >= found.scenario.start
    if value.ground == "like" and not is_own:
        return
    found.add(
        path,
        f"fact '{fact.id}' is an outcome, and an outcome is never an input; use what was planned or"
        " possible, or mark the value with 'replay: true'",
    )


def _check_use(found: Findings, path: Path, value: Value) -> None:
    """Whether a value of this form and size has an effect where it stands."""
    pattern = _pattern(path)
    numbers = [number for _, dist in value.content for number in dist.numbers]
    if pattern in _SHARES and max(numbers) > 1:
        found.add(path, f"is a share and cannot be {plain(max(numbers))}; expected at most 1 (100 percent)")
    if pattern in _LASTING and min(numbers) < 1:
        found.add(path, "may be zero, so that time would stand still; expected at least 1 minute")
    if pattern in _COUNTED and min(numbers) < 1:
        found.add(path, "is zero; expected at least 1, or leave the key out")
    if value.is_by_date and pattern not in _SERIES:
        found.add(path, "changes by date, which has no effect here; expected one quantity")
    elif not value.is_fixed and pattern not in _SERIES | _DRAWN_DAYS:
        what = "one day" if value.dimension == DATE else "one number"
        found.add(path, f"is drawn nowhere; expected {what}, with its uncertainty under 'range'")
    if value.dimension == DATE:
        _check_day(found, path, pattern, value)
    start, since = found.scenario.start, value.content[0][0]
    if since is not None and since > start:
        found.add(path, f"says nothing from the start ({start}) to {since}; begin by_date with 'start'")


def _check_day(found: Findings, path: Path, pattern: tuple[str, ...], value: Value) -> None:
    """Days that are over before the scenario starts, or come when the clock has stopped."""
    start, horizon = found.scenario.start, found.scenario.horizon
    if pattern in _AFTER_START and last_day(value) < start:
        found.add(path, f"{last_day(value)} is before the start of the scenario ({start})")
    if pattern in _BEFORE_HORIZON and first_day(value) > horizon:
        found.add(path, f"{first_day(value)} is after the horizon ({horizon})")


def _pattern(path: Path) -> tuple[str, ...]:
    """A path with ids replaced by `*`: sections, ids and fields take turns, except below a field
    that is no mapping of ids."""
    words = [str(part) for part in path]
    if len(words) == 4 and words[2] in ("escort", "supply", "guard", "last_days"):
        return (words[0], "*", words[2], words[3])
    if words[4:5] == ["during"]:
        return (words[0], "*", words[2], "*", *words[4:])
    return tuple("*" if i % 2 and words[0] != "residual" else word for i, word in enumerate(words))

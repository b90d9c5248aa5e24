"""A scenario and its sources as lists: what `check`, `show` and `sources` print."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..errors import ScenarioError
from ..scenario.quantities import plain
from ..scenario.resolve import Bundle, Input, count_inputs, inputs
from ..scenario.schema import Scenario
from ..scenario.sources import Fact, Register, Source
from ..scenario.values import Value
from .tables import WIDE, Section, table
from .words import count, day, listed, plural, window, wrapped

Plain = dict[str, Any]

_GROUNDS = ("documented", "derived", "analogy", "calibrated", "assumed", "hindsight", "replay")


def check_counts(bundle: Bundle) -> Plain:
    """What a scenario holds, for `check --json`."""
    scenario = bundle.scenario
    return {
        "scenario": bundle.name,
        "ok": True,
        "files": list(bundle.files),
        "camps": len(scenario.camps),
        "people": _people(scenario),
        "loads": _loads(scenario),
        "lifts": len(scenario.lifts),
        "inputs": count_inputs(bundle),
    }


def _people(scenario: Scenario) -> int:
    return sum(int(cohort.number.nominal) for cohort in scenario.people.values())


def _loads(scenario: Scenario) -> int:
    """Loads at the start; lots given by a ratio count by the people of their place."""
    total = 0
    for lot in scenario.cargo.values():
        if lot.number is not None:
            total += int(lot.number.nominal)
        elif lot.per_person is not None:
            here = sum(int(c.number.nominal) for c in scenario.people.values() if c.at == lot.at)
            total += -int(-(lot.per_person.nominal * here) // 1)
    return total


def check_report(bundle: Bundle, width: int) -> list[str]:
    """`check` for people: ok, and what was found."""
    return wrapped(f"{bundle.name}: ok: {_contents(bundle)}", width)


def _contents(bundle: Bundle) -> str:
    """What a scenario holds, in a sentence."""
    counts = check_counts(bundle)
    grounds = counts["inputs"]
    return (
        f"{plural(counts['camps'], 'camp')}, {plural(counts['people'], 'person', 'people')},"
        f" {plural(counts['loads'], 'load')}, {plural(counts['lifts'], 'lift')};"
        f" inputs: {', '.join(f'{grounds[name]} {name}' for name in _GROUNDS)}"
    )


def overview(bundle: Bundle, width: int) -> list[Section]:
    """`show` for people: the scenario on a page."""
    scenario = bundle.scenario
    head = wrapped(scenario.note, width) if scenario.note else []
    head += [f"from {day(scenario.start.isoformat())}, known by {day(scenario.as_of.isoformat())}"]
    head += [f"{'  extends ' if at else 'file '}{file}" for at, file in enumerate(reversed(bundle.files))]
    return [
        Section(f"{scenario.title} ({bundle.name})", head),
        Section("Milestones", _milestones(scenario, width)),
        Section("Camps", _camps(scenario, width)),
        Section("Lifts", _lifts(scenario, width)),
        Section("Limits and decisions", _limits(scenario, width)),
        Section("Answer", [line for k, v in scenario.answer.items() for line in wrapped(f"{k}: {v}", width, "  ")]),
        Section("In all", wrapped(_contents(bundle), width)),
    ]


def _milestones(scenario: Scenario, width: int) -> list[str]:
    rows = []
    for name, milestone in sorted(scenario.milestones.items(), key=lambda m: _span(m[1].deadline)["last"]):
        asks = ["people"] if milestone.people else []
        asks += list(milestone.cargo)
        asks += [plural(len(milestone.camps), "camp") + " closed"] if milestone.camps else []
        rows.append((name, _span(milestone.deadline)["last"], listed(asks)))
    return table(("milestone", "deadline", "asks for"), rows, width)


def _camps(scenario: Scenario, width: int) -> list[str]:
    rows = []
    for name, camp in scenario.camps.items():
        people = sum(int(c.number.nominal) for c in scenario.people.values() if c.at == name)
        latest = max(camp.window.values(), key=lambda w: w.known.nominal).target if camp.window else None
        planned = window(_span(latest) if latest else None)
        rows.append((name, count(people), planned if camp.closes else "stays open", camp.column or ""))
    return table(("camp", "people", "closing window", "column"), rows, width, (1,))


def _span(target: Value) -> dict[str, str]:
    """First and last day of a target day, in its last step if it is given by date."""
    numbers = target.content[-1][1].numbers
    return {
        "first": date.fromordinal(int(numbers[0])).isoformat(),
        "last": date.fromordinal(int(numbers[-1])).isoformat(),
    }


def _lifts(scenario: Scenario, width: int) -> list[str]:
    rows = []
    for name, lift in scenario.lifts.items():
        way = f"{' + '.join(lift.pick_up)} to {lift.to}"
        rows.append((name, lift.mode, lift.carries, way, lift.asset or "own means"))
    head = ("lift", "mode", "carries", "way", "means")
    # an id that is cut cannot be copied; the means give way first
    shown = len(head) if width >= WIDE else len(head) - 1
    return table(head[:shown], [row[:shown] for row in rows], width)


def _limits(scenario: Scenario, width: int) -> list[str]:
    sections: tuple[tuple[str, Plain], ...] = (
        ("clearances", dict(scenario.clearances)),
        ("bans", dict(scenario.bans)),
        ("quotas", dict(scenario.quotas)),
        ("threats", dict(scenario.threats)),
        ("drivers", dict(scenario.drivers)),
        ("decisions", dict(scenario.decisions)),
    )
    return [line for name, e in sections if e for line in wrapped(f"{name}: {', '.join(e)}", width, "  ")]


def input_entries(bundle: Bundle) -> list[Plain]:
    """Every input with its ground and sources, for `sources --json`."""
    return [_input_entry(bundle, entry) for entry in inputs(bundle)]


def _input_entry(bundle: Bundle, entry: Input) -> Plain:
    value = entry.value
    facts = [fact for fact in map(bundle.register.fact, value.facts) if fact is not None]
    return {
        "path": entry.path,
        "value": shown_value(entry),
        "ground": value.kind,
        "text": value.text,
        "range": None if value.range is None else [float(end) for end in value.range],
        "lever": value.lever,
        "free": value.free,
        "hindsight": value.hindsight,
        "replay": value.replay,
        "why": value.why,
        "origin": entry.origin,
        "facts": [fact_entry(bundle.register, fact) for fact in facts],
    }


def shown_value(entry: Input) -> str:
    """A value as written, or, where it is the fact's own, its number."""
    value = entry.value
    if value.written:
        return value.written
    if value.dimension == "date":
        return date.fromordinal(int(value.nominal)).isoformat()
    return f"{plain(value.nominal)} {value.unit}"


def fact_entry(register: Register, fact: Fact) -> Plain:
    """A fact with its sources, for `sources --fact ID --json`."""
    sources = [source for source in map(register.source, fact.sources) if source is not None]
    return {
        "id": fact.id,
        "subject": fact.subject,
        "quantity": fact.quantity,
        "value": fact.shown(),
        "role": fact.role,
        "true": fact.true.isoformat(),
        "knowable": fact.knowable.isoformat(),
        "published": fact.published.isoformat() if fact.published else None,
        "locator": fact.locator,
        "paraphrase": fact.paraphrase,
        "confidence": fact.confidence,
        "conflicts": list(fact.conflicts),
        "sources": [_source_entry(source) for source in sources],
    }


def _source_entry(source: Source) -> Plain:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "kind": source.kind,
        "url": source.url,
        "document": source.document,
        "sha256": source.sha256,
    }


def sources_report(bundle: Bundle, width: int) -> list[str]:
    """`sources` for people: each input, what it rests on, and where that is written."""
    lines: list[str] = []
    for entry in input_entries(bundle):
        marks = [word for word in ("hindsight", "replay", "lever", "free") if entry[word]]
        ground = f"{entry['ground']}{' (' + ', '.join(marks) + ')' if marks else ''}"
        lines += wrapped(f"{entry['path']}: {entry['value']} -- {ground}", width, "    ")
        if entry["text"]:
            lines += wrapped(f"    {entry['text']}", width, "    ")
        for fact in entry["facts"]:
            lines += wrapped(f"    {fact['id']}: {_cited(fact)}", width, "      ")
    return lines


def _cited(fact: Plain) -> str:
    """The sources of a fact, and where in them it stands."""
    sources = [
        ", ".join(part for part in (s["title"], s["publisher"], s["published"]) if part) for s in fact["sources"]
    ]
    return f"{'; '.join(sources)}; {fact['locator']}"


def find_fact(register: Register, name: str) -> Fact:
    """The fact of this id; ScenarioError, with the nearest one, if there is none."""
    fact = register.fact(name)
    if fact is None:
        raise ScenarioError([f"there is no fact '{name}' in the seeds{register.nearest(name)}"])
    return fact


def fact_report(register: Register, fact: Fact, width: int) -> list[str]:
    """`sources --fact ID` for people."""
    entry = fact_entry(register, fact)
    published = f", published {entry['published']}" if entry["published"] else ""
    lines = [f"{fact.id}: {entry['subject']}: {entry['quantity']}: {entry['value']}"]
    lines += wrapped(f"  {entry['paraphrase']}", width, "  ")
    lines += wrapped(
        f"  {entry['role']}, true {entry['true']}, knowable {entry['knowable']}{published},"
        f" confidence {entry['confidence']}",
        width,
        "  ",
    )
    for source in entry["sources"]:
        words = [source[key] for key in ("title", "publisher", "published", "url") if source[key]]
        lines += wrapped(f"  source {source['id']}: {', '.join(words)}", width, "    ")
    lines += wrapped(f"  where: {entry['locator']}", width, "    ")
    for conflict in entry["conflicts"]:
        lines += wrapped(f"  in conflict: {conflict}", width, "    ")
    return lines

"""Key numbers entered a second time, by a reader who had not seen them, against register and scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from drawdown_sim import units
from drawdown_sim.scenario import Input, inputs, load, shipped_register
from drawdown_sim.scenario.sources import Fact

ROOT = Path(__file__).parents[2]
BLIND = yaml.safe_load(Path(__file__).with_name("minusma-2023.yaml").read_text(encoding="utf-8"))
ENTRIES: dict[str, dict[str, Any]] = BLIND["entries"]
COMPARISON: dict[str, dict[str, Any]] = BLIND["comparison"]
DISPUTES: dict[str, dict[str, Any]] = BLIND["disputes"]

SCENARIOS = ("minusma-2023", "baseline", "plan-2023-08")
ASPECTS = {"value", "unit", "day", "known", "outcome", "scenario"}

#: The register's names for what the entries call `date` or `dates`.
_DATES = {"date", "dates", "date range", "month"}


def facts_of(key: str) -> list[Fact]:
    """The register's facts that an entry is compared with."""
    compared = COMPARISON[key]
    ids = compared.get("fact") or compared.get("ends") or [compared["day_of"]]
    found = [shipped_register().fact(id) for id in ids]
    assert all(found), f"{key}: the register lacks one of {ids}"
    return [fact for fact in found if fact is not None]


def number(value: Any) -> Fraction:
    """A number exactly, or a date as its ordinal [day]."""
    return Fraction(value.toordinal()) if isinstance(value, date) else Fraction(str(value))


def expected(key: str, fact: Fact | None = None) -> list[Fraction]:
    """Least and most of an entry, in its own unit; of one end if the fact holds only that."""
    value = ENTRIES[key]["value"]
    ends = COMPARISON[key].get("ends", [])
    if fact is not None and fact.id in ends:
        value = value[ends.index(fact.id)]
    return [number(end) for end in (value if isinstance(value, list) else [value, value])]


def holds_value(key: str, fact: Fact) -> bool:
    """Whether the fact says what the reader read."""
    entry = ENTRIES[key]
    if entry["unit"] == "text":
        return all(word in f"{fact.value} {fact.paraphrase}" for word in entry["value"])
    if "day_of" in COMPARISON[key]:
        return bool(fact.true == entry["value"])
    return expected(key, fact) == [fact.low, fact.high]


def holds_unit(key: str, fact: Fact) -> bool:
    unit = ENTRIES[key]["unit"]
    return "day_of" in COMPARISON[key] or unit == fact.unit or {unit, fact.unit} <= _DATES


def differences(key: str) -> set[str]:
    """In what the entry differs from the register or from a scenario's documented value."""
    entry = ENTRIES[key]
    found = set()
    for fact in facts_of(key):
        differs = {
            "value": not holds_value(key, fact),
            "unit": not holds_unit(key, fact),
            "day": "day" in entry and fact.true != entry["day"],
            "known": "known" in entry and fact.knowable < entry["known"],
            "outcome": (fact.role == "outcome") != entry["outcome"],
        }
        found |= {aspect for aspect, is_different in differs.items() if is_different}
    if any(not same_in_scenario(key, used) for used in uses(key)):
        found.add("scenario")
    return found


@cache
def documented() -> list[Input]:
    """Every value of the scenarios that a fact alone stands for."""
    return [used for name in SCENARIOS for used in inputs(load(name)) if used.value.kind == "documented"]


def uses(key: str) -> Iterator[Input]:
    """The documented scenario values at the paths listed for an entry."""
    own = {fact.id for fact in facts_of(key)}
    for pattern in COMPARISON[key].get("scenario", []):
        for used in documented():
            if fnmatchcase(used.path, pattern) and ("*" not in pattern or own & set(used.value.facts)):
                yield used


def same_in_scenario(key: str, used: Input) -> bool:
    """Whether a scenario's value is the entry's, in the base unit of its dimension."""
    facts = [fact for fact in facts_of(key) if fact.id in used.value.facts]
    low, high = expected(key, facts[0] if facts else None)
    factor = 1 if isinstance(first(ENTRIES[key]["value"]), date) else scale(ENTRIES[key]["unit"], used.value.dimension)
    assert len(used.value.content) == 1, f"{used.path} changes by date, which the blind check does not compare"
    numbers = used.value.content[0][1].numbers
    return (numbers[0], numbers[-1]) == (low * factor, high * factor)


def scale(unit: str, dimension: str) -> Fraction:
    factor = units.factor(unit, dimension)
    assert factor is not None, f"{unit} is no unit of {dimension}"
    return factor


def first(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def disputed(key: str) -> set[str]:
    return {aspect for dispute in DISPUTES.values() if key in dispute["keys"] for aspect in dispute["about"]}


def test_every_entry_has_a_reading_its_sources_and_a_comparison() -> None:
    assert len(ENTRIES) >= 60
    assert set(ENTRIES) == set(COMPARISON)
    for key, entry in ENTRIES.items():
        assert entry["reading"], key
        assert entry["from"], key


def test_every_dispute_says_in_what_and_how_it_stands() -> None:
    for id, dispute in DISPUTES.items():
        assert set(dispute["keys"]) <= set(ENTRIES), id
        assert set(dispute["about"]) <= ASPECTS, id
        assert dispute["state"] in ("settled", "open"), id
        assert dispute["because"], id


@pytest.mark.parametrize("key", ENTRIES)
def test_register_and_scenarios_hold_what_was_read_again_but_for_the_disputes(key: str) -> None:
    assert differences(key) == disputed(key)


def test_every_listed_path_is_a_documented_value() -> None:
    for key, compared in COMPARISON.items():
        for pattern in compared.get("scenario", []):
            assert any(fnmatchcase(used.path, pattern) for used in uses(key)), f"{key}: nothing at {pattern}"


def test_no_documented_value_on_a_compared_fact_escapes_the_comparison() -> None:
    for key in ENTRIES:
        own = {fact.id for fact in facts_of(key)}
        compared = {used.path for used in uses(key)}
        resting = {used.path for used in documented() if own & set(used.value.facts)}
        assert resting <= compared, key


def test_the_record_holds_what_was_read_again() -> None:
    path = ROOT / "scenarios" / "records" / "minusma-2023.yaml"
    observations = yaml.safe_load(path.read_text(encoding="utf-8"))["observations"]
    compared = {key: observations[pair["record"]] for key, pair in COMPARISON.items() if "record" in pair}
    assert len(compared) >= 20
    for key, seen in compared.items():
        assert seen["value"] == ENTRIES[key]["value"], key
        assert seen["unit"] == ENTRIES[key]["unit"], key

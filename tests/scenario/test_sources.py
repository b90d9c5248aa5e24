"""The register of facts and sources."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from desk import SEEDS

from drawdown_sim.errors import ScenarioError
from drawdown_sim.scenario import shipped_register
from drawdown_sim.scenario.sources import Register

FACT = """\
format: 1
sources: {{}}
facts:
  a-fact:
    subject: x
    quantity: y
    value: {value}
    unit: {unit}
    role: {role}
    true: 2013-07-01
    knowable: {knowable}
    source: [analyst-knowledge]
    locator: none
    paraphrase: z
    confidence: {confidence}
"""
GOOD = {"value": "3", "unit": "km", "role": "plan", "knowable": "2013-07-01", "confidence": "low"}


def register_of(folder: Path, text: str, name: str = "facts.yaml") -> Register:
    (folder / name).write_text(text)
    return Register([(folder, "seeds")])


def faults_of(register: Register) -> str:
    with pytest.raises(ScenarioError) as caught:
        register.check()
    return "\n".join(caught.value.faults)


def write_fact(**changes: str) -> str:
    return FACT.replace("sources: {{}}\n", "").format(**{**GOOD, **changes})


def test_every_shipped_fact_and_source_is_sound() -> None:
    register = shipped_register()
    register.check()
    assert len(register.fact_ids()) > 500


def test_a_fact_gives_its_bounds_in_base_units(tmp_path: Path) -> None:
    register = register_of(tmp_path, SEEDS)
    fact = register.fact("road-km-range")
    assert fact is not None
    assert fact.bounds("distance") == (290, 310)
    assert fact.bounds("duration") is None
    assert fact.mark == "seeds/facts.yaml:9:5"


def test_a_month_is_bounded_by_its_days(tmp_path: Path) -> None:
    fact = register_of(tmp_path, SEEDS).fact("closing-month")
    assert fact is not None
    assert fact.bounds("date") == (
        Fraction(date(2024, 1, 1).toordinal()),
        Fraction(date(2024, 1, 31).toordinal()),
    )


def test_unknown_ids_are_none_and_near_ones_are_suggested(tmp_path: Path) -> None:
    register = register_of(tmp_path, SEEDS)
    assert register.fact("road-kms") is None
    assert register.nearest("road-kms") == "; did you mean 'road-km'?"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"role": "guess"}, "seeds/facts.yaml:8:11: facts.a-fact.role: 'guess' is not one of plan, constraint"),
        ({"knowable": "2013-07"}, "facts.a-fact.knowable: '2013-07' is not a date"),
        ({"value": "[1, 2]"}, "expected a number, a date, a range, a truth value or a text"),
        ({"value": "{from: 3, to: 2}"}, "with two numbers or two dates, ascending"),
        ({"value": "soon", "unit": "date"}, "'soon' is not a date"),
        ({"value": "1e999"}, "is not an ordinary number"),
        ({"confidence": "high"}, "what rests on 'analyst-knowledge' has low confidence"),
    ],
)
def test_a_faulty_fact_is_refused_with_its_place(changes: dict[str, str], expected: str, tmp_path: Path) -> None:
    assert expected in faults_of(register_of(tmp_path, write_fact(**changes)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("facts:\n  a: {}\n", "seeds/facts.yaml:1:1: expected 'format: 1'"),
        ("format: 1\nfact:\n  a: {}\n", "seeds/facts.yaml:2:1: expected 'format: 1', 'sources:' or 'facts:'"),
        ("format: 1\nfacts:\n a: {}\n", "seeds/facts.yaml:3:2: expected an id, two spaces in"),
        ("format: 1\nfacts:\n  A b: {}\n", "expected an id, two spaces in"),
        (SEEDS + SEEDS.partition("facts:\n")[2], "'road-km' is given twice; first in seeds/facts.yaml:5"),
        (SEEDS.replace("locator: p. 1, ", ""), "facts.road-km: the key 'locator' is missing"),
        (SEEDS.replace("locator: p. 1", "locater: p. 1"), "unknown key 'locater'; did you mean 'locator'?"),
        (
            SEEDS.replace("source: [atlas], locator: p. 1", "source: [atlass], locator: p. 1"),
            "there is no source 'atlass'",
        ),
        (SEEDS.replace("kind: press, ", ""), "sources.atlas: the key 'kind' is missing"),
    ],
)
def test_a_faulty_seeds_file_is_refused(text: str, expected: str, tmp_path: Path) -> None:
    assert expected in faults_of(register_of(tmp_path, text))


def test_entries_indented_too_far_are_not_lost(tmp_path: Path) -> None:
    text = "format: 1\nfacts:\n" + "".join(f"  {line}\n" for line in SEEDS.partition("facts:\n")[2].splitlines())
    assert "expected an id, two spaces in" in faults_of(register_of(tmp_path, text))


def test_a_file_of_the_same_name_in_a_later_folder_replaces_the_earlier_one(tmp_path: Path) -> None:
    for name, value in (("one", "3"), ("two", "4")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "facts.yaml").write_text(write_fact(value=value))
    fact = Register([(tmp_path / "one", "one"), (tmp_path / "two", "two")]).fact("a-fact")
    assert fact is not None
    assert fact.value == 4


def test_one_id_in_two_files_is_refused(tmp_path: Path) -> None:
    register_of(tmp_path, write_fact(), "a.yaml")
    assert "first in seeds/a.yaml" in faults_of(register_of(tmp_path, write_fact(), "b.yaml"))

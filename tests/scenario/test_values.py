"""Values: written forms, grounds, faults."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from desk import SEEDS

from drawdown_sim.scenario.quantities import Dist, plain
from drawdown_sim.scenario.sources import Register
from drawdown_sim.scenario.values import Value, ValueContext, ValueFault, read_value
from drawdown_sim.scenario.yamlmarks import parse


@pytest.fixture
def context(tmp_path: Path) -> ValueContext:
    (tmp_path / "facts.yaml").write_text(SEEDS)
    return ValueContext(Register([(tmp_path, "seeds")]), default_ground=False)


def read(text: str, dimension: str, context: ValueContext) -> tuple[Value | None, list[ValueFault]]:
    faults: list[ValueFault] = []
    return read_value(parse(text, "f.yaml").plain(), dimension, context, faults), faults


def value_of(text: str, dimension: str, context: ValueContext) -> Value:
    value, faults = read(text, dimension, context)
    assert value is not None, faults
    return value


def fault_of(text: str, dimension: str, context: ValueContext) -> str:
    value, faults = read(text, dimension, context)
    assert value is None
    return "; ".join(f"{'.'.join(fault.where)}: {fault.text}" for fault in faults)


@pytest.mark.parametrize(
    ("text", "dimension", "kind", "numbers"),
    [
        ("{value: 2 days, because: x}", "duration", "fixed", (2880,)),
        ("{value: 36h, because: x}", "duration", "fixed", (2160,)),
        ("{value: 15 percent, because: x}", "ratio", "fixed", (Fraction(3, 20),)),
        ("{value: 0.15, because: x}", "ratio", "fixed", (Fraction(3, 20),)),
        ("{value: {fixed: 12 trucks}, because: x}", "asset", "fixed", (12,)),
        ("{value: {uniform: [1 km, 2 km]}, because: x}", "distance", "uniform", (1, 2)),
        ("{value: {triangular: [1 km, 2 km, 4 km]}, because: x}", "distance", "triangular", (1, 2, 4)),
        ("{value: {lognormal: {median: 1 day, p90: 3 day}}, because: x}", "duration", "lognormal", (1440, 4320)),
        ("{value: {empirical: [3 day, 1 day]}, because: x}", "duration", "empirical", (1440, 4320)),
        ("{fact: road-km}", "distance", "fixed", (300,)),
        ("{fact: road-km-range}", "distance", "uniform", (290, 310)),
    ],
)
def test_written_forms_become_exact_numbers_in_base_units(
    text: str, dimension: str, kind: str, numbers: tuple[Fraction, ...], context: ValueContext
) -> None:
    value = value_of(text, dimension, context)
    assert value.content == ((None, Dist(kind, tuple(map(Fraction, numbers)))),)  # type: ignore[arg-type]


def test_a_month_known_from_a_fact_is_uniform_over_its_days(context: ValueContext) -> None:
    value = value_of("{fact: closing-month}", "date", context)
    days = [date.fromordinal(int(number)) for number in value.content[0][1].numbers]
    assert days == [date(2024, 1, 1), date(2024, 1, 31)]
    assert value.knowable == date(2023, 12, 1)


def test_values_by_date_are_ordered_by_day_from_the_start(context: ValueContext) -> None:
    steps = "{2023-09-01: 3 trucks, start: 5 trucks, 2023-08-01: {uniform: [1 truck, 2 truck]}}"
    value = value_of(f"{{value: {{by_date: {steps}}}, because: x}}", "asset", context)
    assert [day for day, _ in value.content] == [None, date(2023, 8, 1), date(2023, 9, 1)]
    assert value.is_by_date


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{value: 300 km, fact: road-km}", "documented"),
        ("{value: 305 km, fact: road-km-range}", "documented"),
        ("{value: {uniform: [290 km, 310 km]}, fact: [road-km-range]}", "documented"),
        ('{value: 150 km, from: "{road-km} / 2 -- half of it"}', "derived"),
        ('{value: 33.3 km, from: "{road-km} / 9"}', "derived"),
        ('{value: {uniform: [290 km, 310 km]}, from: "{road-km-range.from}, {road-km-range.to}"}', "derived"),
        ("{value: 320 km, like: road-km}", "analogy"),
        ('{value: 320 km, like: "about as {road-km}"}', "analogy"),
        ('{value: 320 km, fitted: "to {trip-days}"}', "calibrated"),
        ("{value: 320 km, because: a guess}", "assumed"),
    ],
)
def test_each_ground_gives_its_kind(text: str, kind: str, context: ValueContext) -> None:
    assert value_of(text, "distance", context).kind == kind


def test_a_date_is_derived_by_adding_days(context: ValueContext) -> None:
    value = value_of('{value: 2024-04-10, from: "{end-day} + 10"}', "date", context)
    assert value.nominal == date(2024, 4, 10).toordinal()


@pytest.mark.parametrize(
    ("text", "dimension", "expected"),
    [
        ("352", "distance", "'352' names no unit; write '352 km'"),
        ("352 km", "distance", "names no ground; write {value: 352 km, fact: ID}"),
        ("{value: 352 km}", "distance", "names no ground; expected one of fact, from, like, fitted, because"),
        ("{value: 352 km, fact: road-km, because: x}", "distance", "has two grounds, 'fact' and 'because'"),
        ("{value: 352 kn, because: x}", "distance", "'kn' is not a unit of distance; did you mean 'km'?"),
        ("{value: 352 persons, because: x}", "asset", "'person' is a unit of people, not of asset"),
        ("{value: 352 km, fact: road-km}", "distance", "fact: the value 352 km differs from its fact"),
        ("{value: 289 km, fact: road-km-range}", "distance", "290 to 310 km"),
        ("{value: 300 km, fact: [road-km, road-km-range, trip-days]}", "distance", "does not measure distance"),
        ("{value: 300 km, fact: road-kn}", "distance", "there is no fact 'road-kn'; did you mean 'road-km'?"),
        ("{fact: trip-days}", "distance", "'trip-days' gives '3 day' (travel time), which does not measure distance"),
        ('{value: 140 km, from: "{road-km} / 2"}', "distance", "the arithmetic gives 150, the value says 140 km"),
        ('{value: 149.4 km, from: "{road-km} / 2"}', "distance", "half of the last written digit"),
        ('{value: 5 km, from: "2 + 3"}', "distance", "names no fact in braces"),
        ('{value: 5 km, from: "{road-km} / 0"}', "distance", "divides by zero"),
        ('{value: 5 km, from: "{road-km} ** 2"}', "distance", "unexpected '*'"),
        ('{value: 5 km, from: "{road-km-range}"}', "distance", "is a range; write {road-km-range.from}"),
        ('{value: 5 km, from: "__import__({road-km})"}', "distance", "cannot read '__import__"),
        ("{value: 320 km, like: something similar}", "distance", "names no fact; expected the id of a fact"),
        ('{value: 320 km, because: ""}', "distance", "expected a text"),
        ("{value: .nan km, because: x}", "distance", "is not a quantity"),
        ("{value: .inf, because: x}", "ratio", "is not a quantity"),
        ("{value: 1e400 km, because: x}", "distance", "out of all proportion"),
        ("{value: 1000000000000000000 persons, because: x}", "people", "too large; expected at most 10000000 person"),
        ("{value: 2000000 days, because: x}", "duration", "is too large"),
        ("{value: -5 persons, because: x}", "people", "is negative"),
        ("{value: 2.5 persons, because: x}", "people", "is not whole"),
        ("{value: 2023-02-30, because: x}", "date", "there is no day '2023-02-30'"),
        ("{value: true, because: x}", "ratio", "true is not a quantity"),
        ("{value: [1 km], because: x}", "distance", "a list of 1 is not a quantity"),
        ("{value: {normal: [1 km]}, because: x}", "distance", "unknown distribution 'normal'"),
        (
            "{value: {uniform: [2 km, 1 km]}, because: x}",
            "distance",
            "value.uniform: expected [low, high] in ascending",
        ),
        ("{value: {lognormal: {median: 2 km, p90: 1 km}}, because: x}", "distance", "the P90 must be above"),
        ("{value: {by_date: {2023-01-01: {by_date: {}}}}, because: x}", "distance", "by_date may only stand directly"),
        ("{value: {by_date: {soon: 1 km}}, because: x}", "distance", "'soon' is not a date"),
        ("{value: 5 km, because: x, range: [6 km, 9 km]}", "distance", "range: the value lies outside its range"),
        ("{value: 5 km, because: x, lever: maybe}", "distance", "lever: expected true or false; found 'maybe'"),
        ("{value: 5 km, becase: x}", "distance", "unknown key 'becase'; did you mean 'because'?"),
        ("{because: x}", "distance", "the value is missing; expected for instance 'value: 352 km'"),
    ],
)
def test_a_faulty_value_says_what_was_expected(text: str, dimension: str, expected: str, context: ValueContext) -> None:
    assert expected in fault_of(text, dimension, context)


def test_all_faults_of_a_value_are_found_at_once(context: ValueContext) -> None:
    faults = read("{value: 5, fact: road-kn, lever: 3, foo: 1}", "distance", context)[1]
    assert len(faults) == 4


def test_a_range_by_date_is_a_factor_on_all_steps(context: ValueContext) -> None:
    text = "{value: {by_date: {start: 10 trucks, 2024-02-01: 20 trucks}}, because: x, range: [0.5, 1.5]}"
    low = value_of(text, "asset", context).across(Fraction(0))
    assert [dist.numbers[0] for _, dist in low.content] == [5, 10]


def test_a_distribution_keeps_its_form_when_moved_across_its_range(context: ValueContext) -> None:
    value = value_of("{value: {uniform: [10 km, 30 km]}, because: x, range: [10 km, 40 km]}", "distance", context)
    assert value.across(Fraction(1)).content[0][1] == Dist("uniform", (Fraction(20), Fraction(60)))


@pytest.mark.parametrize(
    ("dist", "median"),
    [
        (Dist("uniform", (Fraction(2), Fraction(4))), Fraction(3)),
        (Dist("triangular", (Fraction(0), Fraction(1), Fraction(2))), Fraction(1)),
        (Dist("triangular", (Fraction(0), Fraction(0), Fraction(2))), Fraction(585786, 10**6)),
        (Dist("lognormal", (Fraction(5), Fraction(9))), Fraction(5)),
        (Dist("empirical", (Fraction(1), Fraction(5), Fraction(9))), Fraction(5)),
    ],
)
def test_the_nominal_is_the_median(dist: Dist, median: Fraction) -> None:
    assert abs(dist.nominal() - median) < Fraction(1, 10**5)


def test_plain_numbers_are_exact_where_they_end() -> None:
    assert [plain(Fraction(n, d)) for n, d in ((3, 1), (1, 8), (7, 10**8), (1, 3))] == [
        "3",
        "0.125",
        "0.00000007",
        "0.333333333",
    ]

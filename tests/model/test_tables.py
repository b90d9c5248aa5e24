"""Inverse tables: exact knots, means as theory has them, tails cut where stated."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawdown_sim.errors import PlanError
from drawdown_sim.model.plan import KNOTS
from drawdown_sim.model.tables import EXPONENTIAL, EXPONENTIAL_MEAN, TableStore, half_up, inverse_table
from drawdown_sim.scenario.values import Dist, DistKind

THOUSAND = Fraction(1000)


def dist(kind: DistKind, *numbers: float | Fraction) -> Dist:
    return Dist(kind, tuple(Fraction(number) for number in numbers))


def mean(table: tuple[int, ...]) -> float:
    """The mean of what is drawn from a table: trapezoids between the knots."""
    return (sum(table) - (table[0] + table[-1]) / 2) / KNOTS


EXAMPLES = [
    dist("fixed", 5),
    dist("uniform", 27, 86),
    dist("triangular", 27, 60, 86),
    dist("triangular", 27, 27, 86),
    dist("triangular", 27, 86, 86),
    dist("lognormal", 3, 10),
    dist("empirical", 3, 4, 9, 20),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_tables_are_monotone_and_complete(example: Dist) -> None:
    table = inverse_table(example, THOUSAND)
    assert len(table) == KNOTS + 1
    assert list(table) == sorted(table)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (dist("fixed", Fraction(7, 2)), 3.5),
        (dist("uniform", 27, 86), 56.5),
        (dist("triangular", 27, 60, 86), (27 + 60 + 86) / 3),
        (dist("empirical", 3, 4, 9, 20), 9.0),
        # cut at 1/2048 on both sides, a lognormal loses a little of its upper tail
        (dist("lognormal", 3, 6), 3 * math.exp((math.log(2) / NormalDist().inv_cdf(0.9)) ** 2 / 2)),
    ],
    ids=str,
)
def test_means_are_those_of_theory(example: Dist, expected: float) -> None:
    assert mean(inverse_table(example, THOUSAND)) / 1000 == pytest.approx(expected, rel=2e-3)


def test_bounded_tables_end_at_their_bounds_and_have_the_exact_median() -> None:
    uniform = inverse_table(dist("uniform", 27, 86), THOUSAND)
    assert (uniform[0], uniform[KNOTS // 2], uniform[-1]) == (27_000, 56_500, 86_000)
    triangular = inverse_table(dist("triangular", 0, 1, 2), Fraction(10**9))
    assert (triangular[0], triangular[KNOTS // 2], triangular[-1]) == (0, 10**9, 2 * 10**9)


@given(
    st.integers(-(10**6), 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(1, 50),
    st.integers(0, KNOTS),
)
def test_triangular_knots_are_the_quantiles_to_half_a_unit(
    low: int, rise: int, fall: int, unit: int, knot: int
) -> None:
    a, c, b = (Fraction(n, unit) for n in (low, low + rise, low + rise + fall))
    table = inverse_table(Dist("triangular", (a, c, b)))
    q = knot / KNOTS
    if b == a:
        expected = float(a)
    elif q <= (c - a) / (b - a):
        expected = float(a) + math.sqrt(q * (b - a) * (c - a))
    else:
        expected = float(b) - math.sqrt((1 - q) * (b - a) * (b - c))
    assert abs(table[knot] - expected) <= 0.5 + 1e-6


def test_lognormal_has_its_median_its_p90_and_cut_tails() -> None:
    table = inverse_table(dist("lognormal", 3, 10), Fraction(10**6))
    assert table[KNOTS // 2] == 3_000_000
    sigma = math.log(10 / 3) / NormalDist().inv_cdf(0.9)
    edge = NormalDist().inv_cdf(1 - 1 / (2 * KNOTS))
    assert table[-1] == pytest.approx(3e6 * math.exp(sigma * edge), abs=1)
    assert table[0] == pytest.approx(3e6 * math.exp(-sigma * edge), abs=1)
    below = max(i for i in range(KNOTS + 1) if table[i] <= 10_000_000)
    assert below / KNOTS == pytest.approx(0.9, abs=1 / KNOTS)


def test_empirical_is_a_staircase_of_equal_steps() -> None:
    table = inverse_table(dist("empirical", 9, 3, 4, 20))
    assert [table.count(value) for value in (3, 4, 9, 20)] == [256, 256, 256, 257]


def test_exponential_has_mean_one_to_a_thousandth_and_the_right_shape() -> None:
    assert mean(EXPONENTIAL) == pytest.approx(EXPONENTIAL_MEAN, rel=1e-3)
    assert EXPONENTIAL[KNOTS // 2] / EXPONENTIAL_MEAN == pytest.approx(math.log(2), rel=2e-3)
    assert EXPONENTIAL[-1] / EXPONENTIAL_MEAN == pytest.approx(math.log(2 * KNOTS), rel=2e-3)
    assert EXPONENTIAL[0] > 0


@pytest.mark.parametrize(("number", "rounded"), [("1/2", 1), ("-1/2", 0), ("3/2", 2), ("7/5", 1), ("-3/2", -1)])
def test_halves_are_rounded_up(number: str, rounded: int) -> None:
    assert half_up(Fraction(number)) == rounded


def test_equal_tables_and_series_are_kept_once() -> None:
    store = TableStore()
    assert store.arrays()["tables"].tolist() == [list(EXPONENTIAL)]
    five = store.table(dist("fixed", 5))
    assert store.table(dist("fixed", Fraction(1, 200)), THOUSAND) == five
    assert store.table(dist("empirical", 5, 5)) == five
    wide = store.table(dist("uniform", 1, 2), THOUSAND)
    assert store.table(dist("uniform", 1, 2), THOUSAND) == wide != store.table(dist("uniform", 1, 2))
    assert store.series([(0, five)]) == store.series([(0, five)])
    assert store.least(store.series([(0, five), (9, wide)])) == 5
    assert len(store) == 4


@pytest.mark.parametrize(
    ("faulty", "message"),
    [
        (dist("fixed", 2**40), "expected less than 2**40"),
        (dist("lognormal", 5, 3), "expected 0 < median <= P90"),
        (dist("lognormal", 0, 3), "expected 0 < median <= P90"),
        (dist("lognormal", 1, 10**6), "expected a narrower one"),
        (Dist("gamma", (Fraction(1),)), "known are fixed, uniform"),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_tables_out_of_bounds_are_refused(faulty: Dist, message: str) -> None:
    with pytest.raises(PlanError) as fault:
        inverse_table(faulty)
    assert message in str(fault.value)

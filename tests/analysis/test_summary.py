"""Chances, intervals, words and quantiles across replications."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawdown_sim.analysis import chance, likelihood, quantiles, wilson
from drawdown_sim.model.plan import NEVER


# from the score interval worked out by hand: (p + z2/2n -+ z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n)
@pytest.mark.parametrize(
    ("hits", "runs", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_interval_matches_published_values(hits: int, runs: int, low: float, high: float) -> None:
    assert wilson(hits, runs) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 2000), st.data())
def test_wilson_interval_holds_the_share_and_stays_a_chance(runs: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, runs))
    low, high = wilson(hits, runs)
    assert 0 <= low <= hits / runs <= high <= 1


@pytest.mark.parametrize(
    ("hits", "words"),
    [
        (100_000, ("virtually certain",)),
        (97_000, ("extremely likely",)),
        (92_000, ("very likely",)),
        (80_000, ("likely",)),
        (50_000, ("about as likely as not",)),
        (20_000, ("unlikely",)),
        (7_000, ("very unlikely",)),
        (3_000, ("extremely unlikely",)),
        (0, ("exceptionally unlikely",)),
    ],
)
def test_each_range_of_the_scale_has_its_word(hits: int, words: tuple[str, ...]) -> None:
    assert likelihood(chance(hits, 100_000)) == words


def test_an_interval_over_several_words_gives_both_ends() -> None:
    assert likelihood(chance(180, 200)) == ("likely", "very likely")


def test_no_word_below_two_hundred_runs() -> None:
    assert likelihood(chance(199, 199)) == ()
    assert likelihood(chance(200, 200)) != ()


def test_a_quantile_beyond_what_was_reached_is_censored_and_not_a_number() -> None:
    found = quantiles(np.array([10, 20, 30, 40, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER]))
    assert (found.p10, found.p50, found.p90, found.never) == (10, None, None, 6)


def test_quantiles_are_times_that_were_seen() -> None:
    found = quantiles(np.arange(1, 11))
    assert (found.p10, found.p50, found.p90, found.never) == (1, 5, 9, 0)

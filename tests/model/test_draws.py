"""Draws: the published vectors, one address one number, and nothing shifts anybody's luck."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawdown_sim.model.draws import (
    DrawBook,
    DrawLayout,
    Point,
    draw,
    driver_levels,
    key_of,
    owner_key,
    philox,
    philox_block,
    quantile,
)
from drawdown_sim.model.plan import Plan
from drawdown_sim.model.tables import EXPONENTIAL

WORD = st.integers(0, 2**32 - 1)

#: Known answers of Random123 (kat_vectors, philox4x32 with 10 rounds): counter, key, result.
VECTORS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]

Compiled = Callable[..., Plan]


def words(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


@pytest.mark.parametrize(("counter", "key", "result"), VECTORS)
def test_philox_gives_the_published_vectors(counter: str, key: str, result: str) -> None:
    assert philox(words(counter), words(key)) == words(result)  # type: ignore[arg-type]
    block = philox_block(np.array([words(counter)], dtype=np.uint32), words(key))  # type: ignore[arg-type]
    assert block.dtype == np.uint32
    assert tuple(block[0].tolist()) == words(result)


@given(st.lists(st.tuples(WORD, WORD, WORD, WORD), min_size=1, max_size=6), st.tuples(WORD, WORD))
def test_block_has_the_bits_of_the_plain_form(counters: list[tuple[int, int, int, int]], key: tuple[int, int]) -> None:
    block = philox_block(np.array(counters, dtype=np.uint32), key)
    assert block.tolist() == [list(philox(counter, key)) for counter in counters]


def test_draw_is_the_documented_word_of_the_documented_counter() -> None:
    seed, replication, owner, ordinal, sub = 0x123456789ABCDEF0, 7, owner_key("camp", "kidal"), 3, 22
    counter = (ordinal, (Point.RATE << 16) | (sub >> 2), owner, replication)
    assert key_of(seed) == (0x9ABCDEF0, 0x12345678)
    assert draw(seed, replication, Point.RATE, owner, ordinal, sub) == philox(counter, key_of(seed))[2]


def test_every_part_of_an_address_matters() -> None:
    base = (1, 2, 3, 4, 5, 6)
    drawn = {draw(*base)} | {draw(*base[:i], base[i] + 1, *base[i + 1 :]) for i in range(6)}
    assert len(drawn) == 7


def test_points_fit_their_field_and_are_distinct() -> None:
    assert all(0 < point < 256 for point in Point)
    assert len({int(point) for point in Point}) == len(Point)


def test_owner_key_is_the_start_of_a_hash_of_kind_and_id() -> None:
    first = sha256(b"camp:kidal").digest()
    assert owner_key("camp", "kidal") == first[0] + (first[1] << 8) + (first[2] << 16) + (first[3] << 24)
    assert owner_key("camp", "kidal") != owner_key("lift", "kidal")


@given(WORD, WORD)
def test_quantile_is_monotone_and_within_its_interval(u: int, v: int) -> None:
    low, high = sorted((u, v))
    assert quantile(EXPONENTIAL, low) <= quantile(EXPONENTIAL, high)
    i = u >> 22
    assert EXPONENTIAL[i] <= quantile(EXPONENTIAL, u) <= EXPONENTIAL[i + 1]


def test_quantile_interpolates_and_rounds_half_up() -> None:
    table = [10 * i for i in range(1025)]
    assert quantile(table, 0) == 0
    assert quantile(table, (5 << 22) | (1 << 21)) == 55
    assert quantile([0, 1] * 513, 1 << 21) == 1  # a half goes up
    assert quantile([0, 1] * 513, (1 << 21) - 1) == 0
    assert quantile([1, 0] * 513, 1 << 21) == 1  # also on the way down
    assert quantile(table, 2**32 - 1) == 10240


def test_draws_are_even_over_many_owners() -> None:
    drawn = np.array([draw(1, 0, Point.RATE, owner_key("lift", str(i)), 0, 0) for i in range(4000)])
    assert abs(drawn.mean() / 2**32 - 0.5) < 0.02
    assert np.histogram(drawn, bins=8, range=(0, 2**32))[0].min() > 400


def test_book_answers_like_the_single_draw_within_and_beyond_its_block() -> None:
    pairs = [(Point.RATE, owner_key("lift", "a")), (Point.WORK, owner_key("item", "b")), (Point.REST, 9)]
    rooms = [(3, range(1)), (2, (0, 1, 2, 5, 7)), (1, range(1))]
    book = DrawBook(DrawLayout(pairs, rooms), seed=2**40 + 5, replication=11)
    for number, (point, owner) in enumerate(pairs):
        for ordinal in range(5):
            for sub in range(36):
                assert book.get(number, ordinal, sub) == draw(2**40 + 5, 11, point, owner, ordinal, sub)


def test_book_of_nothing_is_empty() -> None:
    DrawBook(DrawLayout([], []), 1, 1)


# drivers


def chain_by_hand(plan: Plan, seed: int, replication: int, driver: int, area: int) -> list[int]:
    """One area's chain in plain Python, from the text of the rule."""
    state, states = -1, []
    own, mission = int(plan.driver_area_key[driver, area]), int(plan.driver_key[driver])
    for week in range(plan.driver_override.shape[2]):
        u = draw(seed, replication, Point.AREA_STEP, own, week, 0)
        if draw(seed, replication, Point.AREA_FOLLOWS, own, week, 0) < plan.driver_loading[driver]:
            u = draw(seed, replication, Point.MISSION_STEP, mission, week, 0)
        thresholds = plan.driver_initial[driver] if state < 0 else plan.driver_step[driver, state]
        state = bisect_right(thresholds.tolist(), u)
        states.append(state)
    return states


@pytest.mark.parametrize("replication", range(5))
def test_driver_levels_follow_the_rule_week_by_week(
    world: dict[str, Any], compiled: Compiled, replication: int
) -> None:
    del world["drivers"]["security"]["overrides"]
    plan = compiled(world)
    levels = driver_levels(plan, 3, replication)
    for driver in range(2):
        for area in range(2):
            assert levels[driver, area].tolist() == chain_by_hand(plan, 3, replication, driver, area)


def test_full_loading_makes_areas_equal_and_none_makes_them_differ(world: dict[str, Any], compiled: Compiled) -> None:
    world["drivers"]["security"]["overrides"] = {}
    weather, security = 1, 0
    levels = driver_levels(compiled(world), 1, 1)
    assert (levels[weather, 0] == levels[weather, 1]).all()
    world["drivers"]["security"]["loading"] = "0"
    levels = driver_levels(compiled(world), 1, 1)
    assert (levels[security, 0] != levels[security, 1]).any()


def test_override_replaces_its_weeks_and_shifts_no_other(world: dict[str, Any], compiled: Compiled) -> None:
    plan = compiled(world)
    with_override = driver_levels(plan, 1, 4)
    world["drivers"]["security"]["overrides"] = {}
    without = driver_levels(compiled(world), 1, 4)
    imposed = plan.driver_override >= 0
    assert imposed.any()
    assert (with_override[imposed] == 2).all()
    assert (with_override[~imposed] == without[~imposed]).all()


def test_driver_levels_have_the_stated_frequencies(world: dict[str, Any], compiled: Compiled) -> None:
    plan = compiled(world)
    first = [driver_levels(plan, 1, r)[0, 1, 0] for r in range(600)]
    assert np.bincount(first, minlength=3) / 600 == pytest.approx([0.5, 0.25, 0.25], abs=0.06)


def test_a_scenario_without_drivers_has_no_levels(world: dict[str, Any], compiled: Compiled) -> None:
    world["drivers"] = {}
    del world["threats"]["device"]["driver"], world["legs"]["kidal-gao"]["weather"]
    del world["clearances"]["cargo"]["driver"], world["decisions"]["accelerate"]["when"]["war"]
    assert driver_levels(compiled(world), 1, 1).size == 0

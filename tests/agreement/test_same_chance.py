"""Chance in the kernel: the published vectors, and the draws, quantities and levels of `model.draws`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import signature

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawdown_sim.engine.compiled import chance
from drawdown_sim.engine.compiled.cache import Kernel, linked
from drawdown_sim.engine.compiled.engine import Memory
from drawdown_sim.engine.compiled.link import object_code, whole
from drawdown_sim.engine.compiled.memory import record_at
from drawdown_sim.engine.compiled.records import HEAD
from drawdown_sim.model import draws
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.draws import Point, driver_levels, key_of
from drawdown_sim.model.plan import Plan
from drawdown_sim.scenario import load

WORD = st.integers(0, 2**32 - 1)

#: Known answers of Random123 (kat_vectors, philox4x32 with 10 rounds): counter, key, result.
VECTORS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def called(function: Callable[..., int]) -> Kernel:
    """A function compiled as the kernel is, and linked as it is."""
    count = len(signature(function).parameters)

    @cache
    def made() -> Kernel:
        return linked(*object_code(whole(function), count), count)

    return lambda *numbers: made()(*numbers)


@called
def _philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int, word: int) -> int:
    return chance.philox(c0, c1, c2, c3, k0, k1, word)


@called
def _draw(state: int, point: int, owner: int, ordinal: int, sub: int) -> int:
    return chance.draw(record_at(state, 0, HEAD), point, owner, ordinal, sub)


@called
def _quantile(state: int, table: int, u: int) -> int:
    return chance.quantile(record_at(state, 0, HEAD), table, u)


@called
def _sample(state: int, series: int, point: int, owner: int, ordinal: int, sub: int) -> int:
    return chance.sample(record_at(state, 0, HEAD), series, point, owner, ordinal, sub)


@called
def _state_of(state: int, driver: int, area: int) -> int:
    return chance.state_of(record_at(state, 0, HEAD), driver, area)


Fresh = Callable[[int, int, int], int]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_plan(load("baseline"))


@pytest.fixture(scope="module")
def fresh(plan: Plan) -> Fresh:
    """A function that makes the memory of a replication as it is before minute 0, and gives its address."""
    memory = Memory(plan)

    def lay(seed: int, replication: int, now: int) -> int:
        memory._state[:] = memory._template
        head = memory._state[: HEAD.itemsize // 8].view(HEAD)
        head["seed_low"], head["seed_high"] = key_of(seed)
        head["replication"], head["now"] = replication, now
        return int(memory._state.ctypes.data)

    return lay


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "result"), VECTORS)
def test_philox_gives_the_published_vectors(counter: str, key: str, result: str) -> None:
    assert [_philox(*words(counter), *words(key), word) for word in range(4)] == words(result)


@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_philox_gives_the_words_of_the_model(counter: tuple[int, int, int, int], key: tuple[int, int]) -> None:
    assert tuple(_philox(*counter, *key, word) for word in range(4)) == draws.philox(counter, key)


@given(st.integers(0, 2**64 - 1), WORD, st.sampled_from(Point), WORD, WORD, st.integers(0, 2**18 - 1))
def test_a_draw_is_that_of_its_address(
    fresh: Fresh, seed: int, replication: int, point: Point, owner: int, ordinal: int, sub: int
) -> None:
    expected = draws.draw(seed, replication, point, owner, ordinal, sub)
    assert _draw(fresh(seed, replication, 0), int(point), owner, ordinal, sub) == expected


@given(data=st.data(), u=st.one_of(WORD, st.sampled_from([0, 2**22 - 1, 2**22, 2**32 - 1])))
def test_a_quantile_is_that_of_its_table(plan: Plan, fresh: Fresh, data: st.DataObject, u: int) -> None:
    table = data.draw(st.integers(0, len(plan.tables) - 1))
    assert _quantile(fresh(1, 0, 0), table, u) == draws.quantile(plan.tables[table].tolist(), u)


@given(data=st.data(), seed=st.integers(0, 2**64 - 1), now=st.integers(0, 500_000), sub=st.integers(0, 2**18 - 1))
def test_a_quantity_is_read_from_the_step_that_holds(
    plan: Plan, fresh: Fresh, data: st.DataObject, seed: int, now: int, sub: int
) -> None:
    series = data.draw(st.integers(0, len(plan.series_at) - 2))
    first, after = plan.series_at[series : series + 2]
    step = max(int(np.searchsorted(plan.series_minute[first:after], now, side="right")) - 1, 0)
    table = plan.tables[plan.series_table[first + step]].tolist()
    expected = draws.quantile(table, draws.draw(seed, 3, Point.RATE, 5, 7, sub))
    assert _sample(fresh(seed, 3, now), series, int(Point.RATE), 5, 7, sub) == expected


@given(seed=st.integers(0, 2**64 - 1), replication=WORD)
def test_levels_of_drivers_come_week_by_week_as_they_are_all_at_once(
    plan: Plan, fresh: Fresh, seed: int, replication: int
) -> None:
    levels = driver_levels(plan, seed, replication)
    drivers, areas, weeks = levels.shape
    assert drivers
    for week in (0, 1, weeks // 2, weeks - 1, weeks + 3):
        state = fresh(seed, replication, week * 10080)
        for driver in range(drivers):
            for area in range(areas):
                assert _state_of(state, driver, area) == levels[driver, area, min(week, weeks - 1)]

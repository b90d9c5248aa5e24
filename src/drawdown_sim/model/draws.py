"""The addressed draw: chance as a pure function of who, where, when and how often.

``draw(seed, replication, point, owner, ordinal, sub)`` is one 32-bit word of Philox4x32-10 (Salmon,
Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011; doi 10.1145/2063384.2063405).
No generator has a state, so a draw depends on its address only, and an entity that is added draws
from addresses of its own. Everything here is integer arithmetic; the arrays of numpy and plain Python
give the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from .plan import Ints, Plan

Words = NDArray[np.uint64]

_MASK = 0xFFFFFFFF
_MULTIPLIER = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10

#: Bits of a draw that interpolate between two knots; the upper ten choose the interval.
FRACTION_BITS = 22
_FRACTION_MASK = (1 << FRACTION_BITS) - 1
_HALF = 1 << (FRACTION_BITS - 1)


class Point(IntEnum):
    """Where chance enters; the code is part of a draw's address and never changes its meaning."""

    AREA_FOLLOWS = 1  # owner: driver and area; ordinal: week. Does the area follow the mission?
    AREA_STEP = 2  # owner: driver and area; ordinal: week. Its own step otherwise
    MISSION_STEP = 3  # owner: driver; ordinal: week. The mission-wide chain's step
    TARGET = 4  # owner: camp
    HANDOVER = 5  # owner: camp
    BAN_HAPPENS = 6  # owner: ban, as for the next two
    BAN_START = 7
    BAN_LENGTH = 8
    CLEARANCE_LEAD = 9  # owner: lift; ordinal: its movements; as for all below save work
    CLEARANCE_ANSWER = 10
    CLEARANCE_RETRY = 11
    RATE = 12
    STRIKE_GAP = 13
    STRIKE = 14  # sub: 4 x the sub of its gap, + 0 for the halt, 1 for people hurt, 2 for vehicles lost
    LOADING = 15
    UNLOADING = 16
    REST = 17
    WORK = 18
    RESUPPLY = 19


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox4x32-10 in plain Python: four 32-bit words from a counter and a key."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    m0, m1 = _MULTIPLIER
    for _ in range(_ROUNDS):
        p0 = m0 * c0
        p1 = m1 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & _MASK, (p0 >> 32) ^ c3 ^ k1, p0 & _MASK
        k0 = (k0 + _WEYL[0]) & _MASK
        k1 = (k1 + _WEYL[1]) & _MASK
    return c0, c1, c2, c3


def _philox_columns(columns: tuple[Words, Words, Words, Words], key: tuple[int, int]) -> NDArray[np.uint32]:
    """Philox4x32-10 over columns of counters (uint64 holding 32 bits, shapes that broadcast)."""
    c0, c1, c2, c3 = columns
    k0, k1 = key
    m0, m1 = np.uint64(_MULTIPLIER[0]), np.uint64(_MULTIPLIER[1])
    low, shift = np.uint64(_MASK), np.uint64(32)
    for _ in range(_ROUNDS):
        p0 = c0 * m0
        p1 = c2 * m1
        x0 = c1 ^ np.uint64(k0)
        x2 = c3 ^ np.uint64(k1)
        c1 = p1 & low
        c3 = p0 & low
        p1 >>= shift
        p0 >>= shift
        c0 = np.bitwise_xor(p1, x0, out=p1)
        c2 = np.bitwise_xor(p0, x2, out=p0)
        k0 = (k0 + _WEYL[0]) & _MASK
        k1 = (k1 + _WEYL[1]) & _MASK
    out = np.empty((*np.broadcast_shapes(c0.shape, c1.shape, c2.shape, c3.shape), 4), dtype=np.uint32)
    for word, column in enumerate((c0, c1, c2, c3)):
        out[..., word] = column
    return out


def philox_block(counters: NDArray[np.uint32], key: tuple[int, int]) -> NDArray[np.uint32]:
    """Philox4x32-10 over an array of counters, shape (..., 4), with one key; the same shape back."""
    wide = counters.astype(np.uint64)
    return _philox_columns((wide[..., 0], wide[..., 1], wide[..., 2], wide[..., 3]), key)


def key_of(seed: int) -> tuple[int, int]:
    """The Philox key of a seed: its low and its high 32 bits."""
    return seed & _MASK, (seed >> 32) & _MASK


def draw(seed: int, replication: int, point: int, owner: int, ordinal: int, sub: int) -> int:
    """The 32-bit draw at one address.

    `seed` has 64 bits; `replication`, `owner` (see `owner_key`) and `ordinal` (the owner's own count at
    this point) have 32; `sub` (the leg or attempt) has 18, of which the last two choose the word.
    """
    counter = (ordinal & _MASK, (point << 16) | (sub >> 2), owner, replication & _MASK)
    return philox(counter, key_of(seed))[sub & 3]


def owner_key(kind: str, name: str) -> int:
    """The 32-bit key under which an entity draws, from its kind and id alone."""
    return int.from_bytes(sha256(f"{kind}:{name}".encode()).digest()[:4], "little")


def quantile(table: Sequence[int], u: int) -> int:
    """The value of an inverse table at the 32-bit draw `u`.

    The upper ten bits of `u` choose the interval i, the lower 22 bits the place f in it; the value is
    ``t[i] + floor(((t[i+1] - t[i]) * f + 2**21) / 2**22)``: linear, rounded half up.
    """
    i = u >> FRACTION_BITS
    low = table[i]
    return low + (((table[i + 1] - low) * (u & _FRACTION_MASK) + _HALF) >> FRACTION_BITS)


class DrawLayout:
    """Which draws a plan's entities are likely to need: the counters of a block, made once.

    `pairs` are (point, owner key), each with room for so many ordinals and, in each, for the calls of Philox
    listed (a call gives four subs). A layout serves every seed and replication; it holds no chance itself.
    """

    def __init__(self, pairs: Sequence[tuple[int, int]], rooms: Sequence[tuple[int, Sequence[int]]]) -> None:
        self.pairs = tuple(pairs)
        #: per pair: its first word, its ordinals, words in each, how many of these are the subs from 0 on,
        #: and where the other calls are
        self.rooms: list[tuple[int, int, int, int, dict[int, int]]] = []
        first, blocks = 0, [np.empty((3, 0), dtype=np.uint64)]
        for (point, owner), (ordinals, calls) in zip(pairs, rooms, strict=True):
            dense = next((n for n, call in enumerate(calls) if n != call), len(calls))
            others = {call: 4 * n for n, call in enumerate(calls) if n >= dense}
            self.rooms.append((first, ordinals, 4 * len(calls), 4 * dense, others))
            first += 4 * ordinals * len(calls)
            high = np.array(calls, dtype=np.uint64) | np.uint64(point << 16)
            ordinal = np.repeat(np.arange(ordinals, dtype=np.uint64), len(calls))
            blocks.append(np.stack([ordinal, np.tile(high, ordinals), np.full(len(ordinal), owner, dtype=np.uint64)]))
        ordinal, high, owners = np.concatenate(blocks, axis=1)
        self.columns: tuple[Words, Words, Words] = (ordinal, high, owners)


class DrawBook:
    """All draws of a layout for one replication, computed in one block and read as plain integers."""

    def __init__(self, layout: DrawLayout, seed: int, replication: int) -> None:
        self._pairs, self._rooms = layout.pairs, layout.rooms
        self._seed = seed
        self._replication = replication
        last = np.array([replication & _MASK], dtype=np.uint64)
        # read through a memoryview, which gives plain integers one by one
        self._words = _philox_columns((*layout.columns, last), key_of(seed)).reshape(-1).data
        self._counter: tuple[int, int, int, int] | None = None
        self._four = (0, 0, 0, 0)

    def get(self, pair: int, ordinal: int, sub: int = 0) -> int:
        """The draw of pair number `pair`; one beyond the block is computed on its own."""
        first, ordinals, width, dense, others = self._rooms[pair]
        if ordinal < ordinals:
            place = sub if sub < dense else others.get(sub >> 2, -4) + (sub & 3)
            if place >= 0:
                word: int = self._words[first + ordinal * width + place]
                return word
        point, owner = self._pairs[pair]
        counter = (ordinal & _MASK, (point << 16) | (sub >> 2), owner, self._replication & _MASK)
        if counter != self._counter:  # one call gives four draws, often asked for together
            self._counter, self._four = counter, philox(counter, key_of(self._seed))
        return self._four[sub & 3]


def driver_levels(plan: Plan, seed: int, replication: int) -> Ints:
    """The state of every driver in every area and week of one replication, shape (drivers, areas, weeks).

    The mission-wide chain starts in week 0 from its initial chances and makes one step a week. An area's
    chain does the same with a draw of its own, except that in a week in which it follows the mission
    (with the chance `driver_loading`) it uses the mission's draw of that week. Week 0 is drawn like any
    other, so that areas that follow always are equal to the mission's chain. An override replaces the
    level that is read; the chain goes on underneath, so that no draw shifts.
    """
    drivers, areas, weeks = plan.driver_override.shape
    if drivers * areas * weeks == 0:
        return np.zeros((drivers, areas, weeks), dtype=np.int64)
    last = np.array([replication & _MASK], dtype=np.uint64)
    words = _philox_columns((*_driver_columns(plan), last), key_of(seed))[:, 0].astype(np.int64)
    mission = words[: drivers * weeks].reshape(drivers, 1, weeks)
    follows, own = words[drivers * weeks :].reshape(2, drivers, areas, weeks)
    u = np.where(follows < plan.driver_loading[:, None, None], mission, own)
    # where each state would lead in each week: the number of thresholds at or below the draw
    states = int(plan.driver_states.max())
    step = plan.driver_step[:, None, None, :states, : states - 1]
    leads = (u[..., None, None] >= step).sum(axis=-1)
    leads = np.ascontiguousarray(leads.transpose(2, 0, 1, 3)).reshape(weeks, -1)
    state = (u[:, :, 0, None] >= plan.driver_initial[:, None, : states - 1]).sum(axis=-1).reshape(-1)
    base = np.arange(drivers * areas) * states
    levels = np.empty((weeks, drivers * areas), dtype=np.int64)
    levels[0] = state
    for week in range(1, weeks):
        state = leads[week].take(base + state)
        levels[week] = state
    chain = levels.T.reshape(drivers, areas, weeks)
    return np.where(plan.driver_override >= 0, plan.driver_override, chain)


@lru_cache(maxsize=8)
def _driver_columns(plan: Plan) -> tuple[Words, Words, Words]:
    """Counters of all draws of the drivers: mission, then follows, then own, each by week."""
    drivers, areas, weeks = plan.driver_override.shape
    pairs = plan.driver_area_key.reshape(-1)
    owners = np.concatenate([plan.driver_key, pairs, pairs]).astype(np.uint64)
    points = np.repeat(
        np.array([Point.MISSION_STEP, Point.AREA_FOLLOWS, Point.AREA_STEP], dtype=np.uint64) << np.uint64(16),
        [drivers, drivers * areas, drivers * areas],
    )
    week = np.arange(weeks, dtype=np.uint64)
    return np.tile(week, len(owners)), np.repeat(points, weeks), np.repeat(owners, weeks)

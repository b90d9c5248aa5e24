"""Which draws a replication is likely to ask for: they are computed in one block, the rest when asked."""

from __future__ import annotations

from collections.abc import Sequence

from ...model.draws import DrawLayout, Point
from .lists import Lists

#: draws for at most so many movements of a lift, and so many batches of an item
_MOST_MOVEMENTS, _MOST_BATCHES = 96, 256


def expected_draws(lists: Lists) -> tuple[dict[tuple[int, int], int], DrawLayout]:
    """The number of each pair by (point, row), and the layout.

    A draw in the block costs a hundredth of one computed when asked, so there is room for whatever is not unlikely.
    """
    p = lists.p
    pair: dict[tuple[int, int], int] = {}
    pairs: list[tuple[int, int]] = []
    rooms: list[tuple[int, Sequence[int]]] = []

    def expect(point: Point, row: int, key: int, ordinals: int, calls: Sequence[int]) -> None:
        pair[point, row] = len(pairs)
        pairs.append((int(point), key))
        rooms.append((ordinals, calls))

    def varies(series: int) -> bool:
        return series >= 0 and lists.series[series].fixed is None

    for k in range(lists.lifts):
        n, key, legs = _movements(lists, k), p.lift_key[k], [leg for leg, _ in lists.loaded[k]]
        attempts = sorted(
            {2 * attempt + slot // 4 for gates in lists.gates[k] for slot, _ in gates for attempt in (0, 1)}
        )
        expect(Point.CLEARANCE_LEAD, k, key, n, attempts)
        expect(Point.CLEARANCE_ANSWER, k, key, n, attempts)
        expect(Point.CLEARANCE_RETRY, k, key, 0, ())
        expect(Point.RATE, k, key, n if any(varies(p.leg_rate[leg]) for leg in legs) else 0, range(len(legs)))
        gaps = _gaps(lists, k)
        expect(Point.STRIKE_GAP, k, key, n, sorted({sub // 4 for sub in gaps}))
        expect(Point.STRIKE, k, key, n, gaps)
        expect(Point.RESUPPLY, k, key, 0, ())
        loads = varies(p.lift_loading[k]) or varies(p.lift_loading_vehicle[k])
        expect(Point.LOADING, k, key, n if loads else 0, range(1))
        expect(Point.UNLOADING, k, key, n if varies(p.lift_unloading[k]) else 0, range(1))
        expect(Point.REST, k, key, n if varies(p.lift_rest[k]) else 0, range(1))
    for i in range(lists.items):
        batches = -(-p.item_number[i] // p.item_batch[i])
        works = sum(varies(p.stage_work[stage]) for stage in lists.item_stages[i])
        expect(Point.WORK, i, p.item_key[i], min(works * batches, _MOST_BATCHES), range(1))
    for c in range(lists.camps):
        for point in (Point.TARGET, Point.HANDOVER):
            expect(point, c, p.camp_key[c], 1, range(1))
    for b, key in enumerate(p.ban_key):
        for point in (Point.BAN_HAPPENS, Point.BAN_START, Point.BAN_LENGTH):
            expect(point, b, key, 1, range(1))
    return pair, DrawLayout(pairs, rooms)


def _movements(lists: Lists, lift: int) -> int:
    """How many movements of a lift there may well be: five times as many as its load would fill."""
    p = lists.p
    load: int = sum(p.item_number[item] for _, _, item, _ in lists.cands[lift])
    most: int = min(p.lift_most[lift], 40) * p.lift_capacity[lift]
    return min(_MOST_MOVEMENTS, 8 + 5 * load // max(most, 1))


def _gaps(lists: Lists, lift: int) -> list[int]:
    """Subs of the first two gaps of every threat on every leg of the empty and the loaded run (docs/events.md)."""
    legs = [leg for leg, _ in lists.loaded[lift]]
    empty_from = 2 * len(legs) if lists.p.lift_from_origin[lift] else 0
    runs = [*enumerate(legs, len(legs)), *enumerate(reversed(legs), empty_from)]
    return sorted(
        16 * position + 4 * slot + k
        for position, leg in runs
        for slot in range(min(len(lists.leg_threats[leg]), 4))
        for k in range(2)
    )

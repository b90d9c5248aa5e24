"""Which draws a replication is likely to ask for: they are computed in one block, the rest when asked."""

from __future__ import annotations

from collections import defaultdict

from ...model.draws import DrawLayout, Point
from .lists import Lists


def lay_out(lists: Lists) -> tuple[dict[tuple[int, int], int], DrawLayout]:
    """The number of each pair by (point, row), and the layout."""
    p = lists.p
    pair: dict[tuple[int, int], int] = {}
    pairs: list[tuple[int, int]] = []
    sizes: list[tuple[int, int]] = []

    def expect(point: Point, row: int, key: int, ordinals: int, subs: int) -> None:
        pair[point, row] = len(pairs)
        pairs.append((int(point), key))
        sizes.append((ordinals, subs))

    units: dict[int, int] = defaultdict(int)
    for k, cands in enumerate(lists.cands):
        most = min(p.lift_most[k], 40) * p.lift_capacity[k]
        units[k] = min(96, 6 + 3 * sum(p.item_number[i] for _, _, i, _ in cands) // max(2 * most, 1))
    for k in range(lists.lifts):
        legs, key, n = len(lists.loaded[k]), p.lift_key[k], units[k]
        slots = sum(len(g) for g in lists.gates[k])
        threatened = any(lists.leg_threats[leg] for leg, _ in lists.loaded[k])
        expect(Point.CLEARANCE_LEAD, k, key, n if slots else 1, 8)
        expect(Point.CLEARANCE_ANSWER, k, key, n if slots else 1, 8)
        expect(Point.CLEARANCE_RETRY, k, key, 1, 4)
        expect(Point.RATE, k, key, n, 3 * legs)
        expect(Point.STRIKE_GAP, k, key, n if threatened else 1, 48 * legs if threatened else 4)
        expect(Point.STRIKE, k, key, 1, 4)
        expect(Point.RESUPPLY, k, key, 1, 4)
        for point in (Point.LOADING, Point.UNLOADING, Point.REST):
            expect(point, k, key, n, 4)
    for i in range(lists.items):
        batches = p.item_number[i] // p.item_batch[i] + 1
        expect(Point.WORK, i, p.item_key[i], min(batches, 256), len(lists.item_stages[i]))
    for c in range(lists.camps):
        for point in (Point.TARGET, Point.HANDOVER):
            expect(point, c, p.camp_key[c], 1, 4)
    for b, key in enumerate(p.ban_key):
        for point in (Point.BAN_HAPPENS, Point.BAN_START, Point.BAN_LENGTH):
            expect(point, b, key, 1, 4)
    return pair, DrawLayout(pairs, sizes)

"""Rules of the table, of conservation and of means: what every run must keep, read from its rows."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from ledger import DAY, Ledger

from drawdown_sim.model.plan import NEVER, UNLIMITED
from drawdown_sim.model.trajectory import Hold, Kind, Status
from engine_support import Row


def check_rows(ledger: Ledger) -> None:
    """Time does not run back, causes come before effects, the table begins and ends as it must."""
    rows = ledger.rows
    assert rows[0].kind == Kind.START
    assert rows[0].cause == 0
    assert rows[-1].kind == Kind.END
    assert [row.kind for row in rows].count(Kind.END) == [row.kind for row in rows].count(Kind.START) == 1
    for before, row in pairwise(rows):
        assert before.minute <= row.minute, row
        assert 0 <= row.cause < row.number, row
    assert rows[-1].minute <= ledger.plan.horizon


def check_leftovers(ledger: Ledger) -> None:
    """What a movement leaves behind waits for load, or for a larger movement, from then on and not from before."""
    last: dict[int, Row] = {}
    for row in ledger.rows:
        if row.kind == Kind.FORM:
            before = last.get(row.entity, ledger.rows[0])
            assert row.held_by not in (Hold.WORK, Hold.SMALL) or row.cause >= before.number, (before, row)
            last[row.entity] = row


def check_end(ledger: Ledger) -> None:
    """A run that did not finish says who waits; one that did has nothing left that counts."""
    p, rows = ledger.plan, ledger.rows
    status = Status(rows[-1].quantity)
    waiting = [row for row in rows if row.kind == Kind.WAITING]
    reached = {row.entity for row in rows if row.kind == Kind.MILESTONE}
    closed = {row.entity for row in rows if row.kind == Kind.CLOSE}
    due = {camp for camp, closes in enumerate(p.camp_closes.tolist()) if closes} | ledger.given_up()
    if status == Status.COMPLETE:
        assert not waiting
        assert reached == set(range(len(p.milestone_ids)))
        assert due <= closed
    else:
        assert len(reached) < len(p.milestone_ids) or not due <= closed
        if status == Status.STALLED:
            assert waiting, "a stalled run must say who waits"
        else:
            assert rows[-1].minute == p.horizon


def check_stories(ledger: Ledger) -> None:
    """A movement enters the legs of its route one after the other, leaves each once, and ends once."""
    p = ledger.plan
    for story in ledger.stories.values():
        ends = story.of(Kind.RELEASE) + story.of(Kind.DISBAND)
        assert len(ends) <= 1
        if ends:
            assert ends[0] is story.rows[-1]
        lift, legs = story.lift, ledger.legs(story.lift)
        loaded = p.route_leg[p.route_at[lift] : p.route_at[lift + 1]].tolist()
        empty = loaded[::-1]
        way = empty + loaded
        if p.lift_from_origin[lift]:
            way = loaded + empty if p.lift_returns[lift] else loaded
        moves = [row for row in story.rows if row.kind in (Kind.DEPART, Kind.ARRIVE)]
        for n, row in enumerate(moves):
            assert row.kind == (Kind.ARRIVE if n % 2 else Kind.DEPART)
            assert row.activity == way[n // 2]
            if n:
                ends_of_leg = {int(p.leg_a[row.activity]), int(p.leg_b[row.activity])}
                assert row.place in ends_of_leg
                assert (row.place == moves[n - 1].place) == (row.kind == Kind.DEPART)
        if ends and ends[0].kind == Kind.RELEASE:
            assert len(moves) == 2 * len(way)
        else:
            assert len(moves) <= 2 * len(way)
        assert legs >= 1


def check_times(ledger: Ledger) -> None:
    """Nobody drives faster, and no crew works faster, than the best that the scenario allows."""
    p = ledger.plan
    begun: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in ledger.rows:
        if row.kind == Kind.PREPARE:
            begun[row.entity, row.activity].append(row)
        elif row.kind == Kind.READY:
            start = ledger.rows[row.cause]
            assert start in begun[row.entity, row.activity]
            begun[row.entity, row.activity].remove(start)
            low, high = ledger.ends(int(p.stage_work[row.activity]))
            assert start.quantity == row.quantity <= p.item_batch[row.item]
            assert max(low * row.quantity, 1) <= row.minute - start.minute <= max(high * row.quantity, 1)
    for story in ledger.stories.values():
        departed: Row | None = None
        for row in story.rows:
            if row.kind == Kind.DEPART:
                departed = row
            elif row.kind == Kind.ARRIVE:
                assert departed is not None
                assert row.minute - departed.minute >= least_travel(ledger, row.activity)


def least_travel(ledger: Ledger, leg: int) -> int:
    """Minutes on a leg at the best rate, season and weather."""
    p = ledger.plan
    rate = ledger.ends(int(p.leg_rate[leg]))[1]
    season = ledger.ends(int(p.leg_season[leg]))[1] if p.leg_season[leg] >= 0 else 1000
    driver = int(p.leg_weather[leg])
    weather = min(1000, *p.driver_factor[driver][: p.driver_states[driver]].tolist()) if driver >= 0 else 1000
    return max(-(-int(p.leg_distance[leg]) * DAY * weather // (rate * season)), 1)


def check_units(ledger: Ledger) -> None:
    """People and loads are somewhere, once: raw, in work, ready, aboard, out, destroyed, left or lost."""
    p = ledger.plan
    raw: dict[int, int] = defaultdict(int)
    working: dict[int, int] = defaultdict(int)
    ready: dict[int, int] = defaultdict(int)
    aboard: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    gone: dict[int, int] = defaultdict(int)  # out, destroyed, left or lost
    closed: set[int] = set()
    for item in ledger.items:
        first = ledger.way(item)[0]
        (raw if p.stage_work[first] >= 0 else ready)[first] += int(p.item_number[item])
    for row in ledger.rows:
        item, q = row.item, row.quantity
        stage = ledger.stage.get((item, row.place), -1)
        match row.kind:
            case Kind.PREPARE:
                assert stage == row.activity
                raw[stage] -= q
                working[stage] += q
                assert raw[stage] >= 0, row
            case Kind.READY:
                working[stage] -= q
                ready[stage] += q
                assert working[stage] >= 0, row
            case Kind.LOAD:
                assert q > 0, row
                ready[stage] -= q
                aboard[row.movement][stage] += q
                assert ready[stage] >= 0, row
            case Kind.DELIVER:
                assert row.place == p.lift_to[row.entity]
                _unload(aboard[row.movement], ledger.way(item), q)
                if stage == ledger.way(item)[-1]:
                    gone[item] += q
                else:
                    (raw if p.stage_work[stage] >= 0 else ready)[stage] += q
            case Kind.LOST if item >= 0:
                assert not p.item_people[item]
                _unload(aboard[row.movement], ledger.way(item), q)
                gone[item] += q
            case Kind.DESTROY | Kind.RESIDUAL:
                assert not p.item_people[item]
                unprepared = min(raw[stage], q)
                raw[stage] -= unprepared
                ready[stage] -= q - unprepared
                gone[item] += q
                assert q > 0
                assert ready[stage] >= 0, row
            case Kind.DISBAND:
                for at, quantity in aboard.pop(row.movement, {}).items():
                    ready[at] += quantity
            case Kind.RELEASE:
                assert not any(aboard.pop(row.movement, {}).values()), row
            case Kind.CLOSE:
                closed.add(row.entity)
            case Kind.MILESTONE:
                _check_milestone(ledger, row.entity, gone, closed)
    for item in ledger.items:
        way = ledger.way(item)
        here = sum(raw[s] + working[s] + ready[s] for s in way) + sum(a[s] for a in aboard.values() for s in way)
        assert here + gone[item] == p.item_number[item], p.item_ids[item]


def _unload(aboard: dict[int, int], way: range, quantity: int) -> None:
    """Take units of one item from what is aboard, wherever they were loaded."""
    for stage in way:
        part = min(aboard[stage], quantity)
        aboard[stage] -= part
        quantity -= part
    assert quantity == 0, "more was set down or lost than was aboard"


def _check_milestone(ledger: Ledger, mile: int, gone: dict[int, int], closed: set[int]) -> None:
    """Nobody and nothing that a milestone counts is left when it is reached."""
    p = ledger.plan
    for item in ledger.items:
        if p.item_people[item]:
            counted = p.mile_people[mile] and p.mile_contingent[mile][p.item_contingent[item]]
        else:
            counted = p.mile_cargo[mile] >> p.item_kind[item] & 1
        assert not counted or gone[item] == p.item_number[item], p.item_ids[item]
    assert set(ledger.listed("mile_camp", mile)) <= closed


def check_assets(ledger: Ledger) -> None:
    """Vehicles, escorts and every further need are taken only where they are owned and free, and given back."""
    p = ledger.plan
    number = p.asset_number.tolist()
    busy = [0] * len(number)
    lost: dict[int, int] = defaultdict(int)
    for row in ledger.rows:
        match row.kind:
            case Kind.GAIN:
                number[row.entity] += row.quantity
            case Kind.LOSS:
                number[row.entity] -= row.quantity
                assert number[row.entity] >= 0, row
            case Kind.PREPARE:
                busy[row.entity] += 1
                assert busy[row.entity] <= number[row.entity], row
            case Kind.READY:
                busy[row.entity] -= 1
            case Kind.FORM:
                for asset, count in _means(ledger, row):
                    busy[asset] += count
                    assert not count or busy[asset] <= number[asset], (row, p.asset_ids[asset])
            case Kind.LOST if row.item < 0:
                lost[row.movement] += row.quantity
            case Kind.RELEASE | Kind.DISBAND:
                form = ledger.stories[row.movement].form
                for asset, count in _means(ledger, form):
                    busy[asset] -= count
                if p.lift_asset[row.entity] >= 0:
                    asset = int(p.lift_asset[row.entity])
                    number[asset] = max(number[asset] - lost[row.movement], 0)
                    assert row.quantity + lost[row.movement] == form.quantity or ledger.is_column(row.entity), row


def _means(ledger: Ledger, form: Row) -> list[tuple[int, int]]:
    """What a movement takes when it forms, by the contract; vehicles as its row says."""
    p, lift = ledger.plan, form.entity
    at, after = p.lift_need_at[lift], p.lift_need_at[lift + 1]
    means = list(zip(p.lift_need_asset[at:after].tolist(), p.lift_need_count[at:after].tolist(), strict=True))
    if p.lift_asset[lift] >= 0:
        means.append((int(p.lift_asset[lift]), form.quantity))
    if p.lift_escort[lift] >= 0:
        means.append((int(p.lift_escort[lift]), escorts_of(ledger, lift, form.quantity)))
    return means


def escorts_of(ledger: Ledger, lift: int, vehicles: int) -> int:
    """Escorts that a movement of so many vehicles takes."""
    p = ledger.plan
    per, least = int(p.lift_escort_vehicles[lift]), int(p.lift_escort_least[lift])
    return least if per >= UNLIMITED else max(least, -(-vehicles // per))


def check_sizes(ledger: Ledger) -> None:
    """No movement carries more than its vehicles hold, none is larger than the most."""
    p = ledger.plan
    for story in ledger.stories.values():
        lift = story.lift
        if ledger.is_column(lift):
            continue
        assert 1 <= story.vehicles <= p.lift_most[lift]
        vehicles, loads = story.vehicles, 0
        for row in story.rows:
            if row.kind == Kind.LOST:
                if row.item < 0:
                    vehicles -= row.quantity
                else:
                    loads -= row.quantity
            elif row.kind == Kind.LOAD:
                loads += row.quantity
                assert loads <= story.vehicles * p.lift_capacity[lift], row
                if not p.item_people[row.item]:
                    assert loads <= vehicles * p.lift_capacity[lift], ("more than the vehicles left can carry", row)


def check_least(ledger: Ledger) -> None:
    """Below its least size a movement forms only as the last, or after the longest wait, or for supplies.

    Movements that are taken back put units among what is still to come, so runs with any are passed over.
    """
    p = ledger.plan
    many = any(p.pick_at[k + 1] - p.pick_at[k] > 1 for k in range(len(p.lift_ids)))
    if many or any(row.kind == Kind.DISBAND for row in ledger.rows):
        return
    last: dict[int, Row] = {}
    for number in sorted(ledger.stories):
        story = ledger.stories[number]
        lift = story.lift
        room = min(int(p.place_room[p.lift_to[lift]]), int(p.place_yard[p.lift_to[lift]]))
        if ledger.is_column(lift) or p.lift_wait[lift] < NEVER or p.lift_brings[lift] or room < UNLIMITED:
            continue
        assert lift not in last, ("it formed below the least, and not as the last", last.get(lift))
        if story.vehicles < p.lift_least[lift]:
            last[lift] = story.form


def check_throughput(ledger: Ledger) -> None:
    """What a fleet has delivered by its last arrival, it had the time to deliver: rounds over the whole fleet."""
    p = ledger.plan
    for lift in range(len(p.lift_ids)):
        asset = int(p.lift_asset[lift])
        if asset < 0 or ledger.is_column(lift):
            continue
        gains = sum(row.quantity for row in ledger.rows if row.kind == Kind.GAIN and row.entity == asset)
        fleet = int(p.asset_number[asset]) + gains
        delivered = [row for row in ledger.rows if row.kind == Kind.DELIVER and row.entity == lift]
        if not delivered:
            continue
        units = sum(row.quantity for row in delivered)
        rounds = -(-units // (fleet * int(p.lift_capacity[lift])))
        way = p.route_leg[p.route_at[lift] : p.route_at[lift + 1]].tolist()
        once = sum(least_travel(ledger, leg) for leg in way)
        if not p.lift_from_origin[lift]:
            least = 2 * once * rounds
        else:
            least = once * rounds + (once * (rounds - 1) if p.lift_returns[lift] else 0)
        assert delivered[-1].minute >= least

"""What is where, rebuilt from a trajectory's rows and the plan alone, and checked row by row.

Nothing here knows the engine: each check reads the rows as docs/events.md says what they mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine_support import Row

from drawdown_sim.model.plan import NEVER, UNLIMITED, Carries, Counts, Does, Period, Plan, Stance
from drawdown_sim.model.trajectory import Kind, Status

DAY = 1440
WEEK = 7 * DAY


@dataclass
class Story:
    """The rows of one movement."""

    form: Row
    rows: list[Row] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Row]:
        """Its rows of one kind, in order."""
        return [row for row in self.rows if row.kind == kind]

    @property
    def lift(self) -> int:
        return self.form.entity

    @property
    def vehicles(self) -> int:
        return self.form.quantity


class Ledger:
    """A plan and the rows of one trajectory, with the look-ups that the checks share."""

    def __init__(self, plan: Plan, rows: list[Row]) -> None:
        self.plan = plan
        self.rows = rows
        self.stories: dict[int, Story] = {}
        for row in rows:
            if row.kind == Kind.FORM:
                self.stories[row.movement] = Story(row)
            elif row.movement >= 0 and row.kind != Kind.WAITING:
                self.stories[row.movement].rows.append(row)
        p = plan
        self.items = range(len(p.item_ids))
        self.stage: dict[tuple[int, int], int] = {}
        for item in self.items:
            for stage in self.way(item):
                self.stage[item, int(p.stage_place[stage])] = stage

    # the plan's lists

    def way(self, item: int) -> range:
        """The stages of an item."""
        return range(int(self.plan.stage_at[item]), int(self.plan.stage_at[item + 1]))

    def listed(self, name: str, row: int) -> list[int]:
        """The entries of a list that a row owns."""
        at = getattr(self.plan, f"{name}_at")
        entries: list[int] = getattr(self.plan, name)[at[row] : at[row + 1]].tolist()
        return entries

    def legs(self, lift: int) -> int:
        return int(self.plan.route_at[lift + 1] - self.plan.route_at[lift])

    def picks(self, lift: int) -> list[int]:
        """Places where a lift picks up."""
        p = self.plan
        places: list[int] = p.pick_place[p.pick_at[lift] : p.pick_at[lift + 1]].tolist()
        return places

    def is_column(self, lift: int) -> bool:
        return int(self.plan.lift_carries[lift]) == Carries.COLUMN

    def at(self, series: int, minute: int) -> int:
        """The value of a series without chance at a minute."""
        p = self.plan
        steps = range(int(p.series_at[series]), int(p.series_at[series + 1]))
        held = [s for s in steps if p.series_minute[s] <= minute] or [steps[0]]
        return int(p.tables[p.series_table[held[-1]]][0])

    def ends(self, series: int) -> tuple[int, int]:
        """The least and the greatest value that a series can have at any time; 0 and 0 for none."""
        if series < 0:
            return 0, 0
        p = self.plan
        tables = [p.tables[p.series_table[s]] for s in range(int(p.series_at[series]), int(p.series_at[series + 1]))]
        return min(int(t[0]) for t in tables), max(int(t[-1]) for t in tables)

    def run_starts(self, lift: int) -> dict[int, int]:
        """Which departures of a movement start a run, counted from 0, with the phase of its clearances.

        Phase 2, the empty way home, has no clearances.
        """
        p, legs = self.plan, self.legs(lift)
        stops = p.pick_leg[p.pick_at[lift] : p.pick_at[lift + 1]].tolist()
        stops += p.join_leg[p.join_at[lift] : p.join_at[lift + 1]].tolist()
        if p.lift_from_origin[lift]:
            return {**dict.fromkeys(stops, 0), legs: 2}
        return {0: 0, **{legs + stop: 1 for stop in stops}}

    def taken(self, story: Story) -> Iterator[Row]:
        """Loads that were reserved when a movement formed: not those of camps that joined it."""
        picks = self.picks(story.lift)
        return (row for row in story.of(Kind.LOAD) if row.place in picks)

    def given_up(self) -> set[int]:
        """Camps given up by a decision, or without a named guard at the end of authority."""
        p = self.plan
        camps: set[int] = set()
        for row in self.rows:
            if row.kind == Kind.DECIDE and p.decision_does[row.entity] == Does.GIVE_UP:
                camps |= set(self.listed("decision_camp", row.entity))
            elif row.kind == Kind.LAST_DAYS and p.mile_authority[row.entity]:
                guarded = p.mile_guarded[row.entity]
                camps |= {c for c, place in enumerate(p.camp_place.tolist()) if not guarded[place]}
        return camps

    def counts(self, quota: int, item: int) -> bool:
        """Whether a quota of people or loads counts an item."""
        p = self.plan
        if (p.quota_counts[quota] == Counts.PEOPLE) != bool(p.item_people[item]):
            return False
        contingent = int(p.item_contingent[item])
        return bool(p.quota_unowned[quota]) or (contingent >= 0 and bool(p.quota_contingent[quota][contingent]))

    def period(self, quota: int, minute: int) -> int:
        """The number of a quota's period."""
        p = self.plan
        if p.quota_period[quota] == Period.MONTH:
            return int((p.month_minute <= minute).sum())
        return minute // (DAY if p.quota_period[quota] == Period.DAY else WEEK)


# --- the table itself --------------------------------------------------------------------------------


def check_rows(ledger: Ledger) -> None:
    """Time does not run back, causes come before effects, the table begins and ends as it must."""
    rows = ledger.rows
    assert rows[0].kind == Kind.START
    assert rows[0].cause == 0
    assert rows[-1].kind == Kind.END
    assert [row.kind for row in rows].count(Kind.END) == [row.kind for row in rows].count(Kind.START) == 1
    for before, row in zip(rows, rows[1:], strict=False):
        assert before.minute <= row.minute, row
        assert 0 <= row.cause < row.number, row
    assert rows[-1].minute <= ledger.plan.horizon


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
        if p.lift_from_origin[lift]:
            way = loaded + (empty if p.lift_returns[lift] else [])
        else:
            way = empty + loaded
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


# --- conservation --------------------------------------------------------------------------------------


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


# --- means ---------------------------------------------------------------------------------------------


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


# --- permissions -----------------------------------------------------------------------------------------


def check_clearances(ledger: Ledger) -> None:
    """Every departure that starts a run has an unlapsed grant from each authority that is not only advisory."""
    p = ledger.plan
    for story in ledger.stories.values():
        starts = ledger.run_starts(story.lift)
        granted: dict[int, Row] = {}
        used: set[int] = set()  # phases that have begun: their clearances are used, and lapse no more
        departures = 0
        for row in story.rows:
            if row.kind == Kind.GRANT:
                granted[row.activity] = row
            elif row.kind == Kind.LAPSE:
                assert row.minute - granted.pop(row.activity).minute == p.gate_valid[row.activity]
            elif row.kind == Kind.DEPART:
                phase = starts.get(departures, -1)
                departures += 1
                if phase in (0, 1):
                    _check_run(ledger, story, row, phase, granted, phase in used)
                    used.add(phase)
                if phase == 0 and not p.lift_from_origin[story.lift]:
                    granted = {}  # the way back is asked for again


def _check_run(
    ledger: Ledger, story: Story, row: Row, phase: int, granted: dict[int, Row], is_used: bool
) -> None:
    for gate in ledger.listed("lift_gate", 2 * story.lift + phase):
        if ledger.plan.gate_advisory[gate]:
            continue
        name = ledger.plan.gate_ids[gate]
        assert gate in granted, (f"departs without a grant of {name}", row)
        if not is_used:
            age = row.minute - granted[gate].minute
            assert age < ledger.plan.gate_valid[gate], (f"departs with a lapsed grant of {name}", row)


def check_answers(ledger: Ledger) -> None:
    """An authority that obstructs grants nothing, and one that waits for camps answers after the last of them."""
    p = ledger.plan
    stance = [int(p.regime_stance[first]) for first in p.regime_at[:-1]]
    closed: set[int] = set()
    for row in ledger.rows:
        if row.kind == Kind.REGIME:
            stance[row.entity] = row.quantity
        elif row.kind == Kind.CLOSE:
            closed.add(row.entity)
        elif row.kind == Kind.GRANT and p.gate_advisory[row.activity]:
            assert stance[row.activity] != Stance.OBSTRUCTING, row
        elif row.kind in (Kind.GRANT, Kind.REFUSE) and not p.gate_advisory[row.activity]:
            assert set(ledger.listed("gate_after", row.activity)) <= closed, row
            request = ledger.rows[row.cause]
            assert request.kind == Kind.REQUEST
            assert request.activity == row.activity
            assert request.movement == row.movement


def check_bans(ledger: Ledger) -> None:
    """Nobody enters a leg while a ban touches it, the place before or behind it, or the lift."""
    p = ledger.plan
    active: set[int] = set()
    for row in ledger.rows:
        if row.kind == Kind.BAN:
            active.add(row.entity)
        elif row.kind == Kind.BAN_END:
            active.remove(row.entity)
        elif row.kind == Kind.DEPART:
            places = {int(p.leg_a[row.activity]), int(p.leg_b[row.activity])}
            for ban in active:
                if p.ban_classes[ban] & p.lift_classes[row.entity]:
                    assert row.activity not in ledger.listed("ban_leg", ban), row
                    assert row.entity not in ledger.listed("ban_lift", ban), row
                    assert not places & set(ledger.listed("ban_place", ban)), row


def check_hours(ledger: Ledger) -> None:
    """Runs start in the hours of movement; movements form within the service of their lift."""
    p = ledger.plan
    stopped = p.lift_stopped.tolist()
    for row in ledger.rows:
        if row.kind == Kind.DECIDE and p.decision_does[row.entity] == Does.DIVERT:
            for lift in ledger.listed("decision_stop", row.entity):
                stopped[lift] = 1
            for lift in ledger.listed("decision_begin", row.entity):
                stopped[lift] = 0
        elif row.kind == Kind.FORM:
            assert not stopped[row.entity]
            assert p.lift_first[row.entity] <= row.minute < p.lift_last[row.entity]
    for story in ledger.stories.values():
        opens, shuts = int(p.lift_hours_from[story.lift]), int(p.lift_hours_to[story.lift])
        starts = ledger.run_starts(story.lift)
        for n, row in enumerate(story.of(Kind.DEPART)):
            if opens >= 0 and n in starts:
                assert opens <= row.minute % DAY <= shuts, row


def check_quotas(ledger: Ledger) -> None:
    """No quota is exceeded in a period, save by a column, or by one movement that is larger than the quota.

    People and loads count when the movement forms; what a movement took is known from what it loaded later,
    so movements that never load count nothing here.
    """
    p = ledger.plan
    for quota in range(len(p.quota_ids)):
        unit = Counts(int(p.quota_counts[quota]))
        used: dict[int, int] = defaultdict(int)
        for row, count in _used(ledger, quota, unit):
            period = ledger.period(quota, row.minute)
            limit = ledger.at(int(p.quota_limit[quota]), row.minute)
            alone = used[period] == 0 and limit > 0 and unit == Counts.VEHICLES
            used[period] += count
            if count and not (ledger.is_column(row.entity) and unit in (Counts.PEOPLE, Counts.LOADS)):
                assert alone or used[period] <= limit, (p.quota_ids[quota], row)


def _used(ledger: Ledger, quota: int, unit: Counts) -> list[tuple[Row, int]]:
    """The rows that use a quota, in order, with how much."""
    uses = []
    for story in ledger.stories.values():
        if quota not in ledger.listed("lift_quota", story.lift):
            continue
        if unit in (Counts.PEOPLE, Counts.LOADS):
            uses.append((story.form, sum(r.quantity for r in ledger.taken(story) if ledger.counts(quota, r.item))))
        elif departures := story.of(Kind.DEPART):
            uses.append((departures[0], story.vehicles if unit == Counts.VEHICLES else 1))
    return sorted(uses)


# --- room, force, plan --------------------------------------------------------------------------------------


def check_room(ledger: Ledger) -> None:
    """When a loaded run starts, what is in transit at its destination or bound for it has room, save for columns."""
    p = ledger.plan
    here: dict[tuple[int, bool], int] = defaultdict(int)  # (place, people) -> units in transit or on the way
    aboard: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    started: set[int] = set()
    departures: dict[int, int] = defaultdict(int)
    for row in ledger.rows:
        is_people = row.item >= 0 and bool(p.item_people[row.item])
        if row.kind == Kind.LOAD:
            aboard[row.movement][row.item] += row.quantity
            if row.movement in started:
                here[int(p.lift_to[row.entity]), is_people] += row.quantity
            if ledger.stage[row.item, row.place] != ledger.way(row.item)[0]:
                here[row.place, is_people] -= row.quantity
        elif row.kind == Kind.DEPART:
            start = departures[row.movement] in ledger.run_starts(row.entity)
            departures[row.movement] += 1
            if start and any(aboard[row.movement].values()) and row.movement not in started:
                started.add(row.movement)
                to = int(p.lift_to[row.entity])
                for item, quantity in aboard[row.movement].items():
                    here[to, bool(p.item_people[item])] += quantity
                if not ledger.is_column(row.entity):
                    assert here[to, True] <= p.place_room[to], row
                    assert here[to, False] <= p.place_yard[to], row
        elif row.kind == Kind.DELIVER:
            aboard[row.movement][row.item] -= row.quantity
            if ledger.stage[row.item, row.place] == ledger.way(row.item)[-1]:
                here[row.place, is_people] -= row.quantity
        elif row.kind == Kind.LOST and row.item >= 0:
            aboard[row.movement][row.item] -= row.quantity
            here[int(p.lift_to[row.entity]), False] -= row.quantity
        elif row.kind == Kind.DISBAND:
            for item, quantity in aboard.pop(row.movement, {}).items():
                if quantity and ledger.picks(row.entity)[0] != p.stage_place[ledger.way(item)[0]]:
                    here[ledger.picks(row.entity)[0], bool(p.item_people[item])] += quantity
        elif row.kind in (Kind.DESTROY, Kind.RESIDUAL):
            if ledger.stage[row.item, row.place] != ledger.way(row.item)[0]:
                here[row.place, False] -= row.quantity


class Force:
    """Armed people, cargo due and the camps' states, as far as minimum force and the plan depend on them."""

    def __init__(self, ledger: Ledger) -> None:
        p = ledger.plan
        self.ledger = ledger
        self.armed: dict[int, int] = defaultdict(int)
        self.due: dict[int, int] = defaultdict(int)
        self.first: dict[int, int] = defaultdict(int)
        self.packed: dict[int, int] = defaultdict(int)
        self.gone: dict[int, int] = defaultdict(int)
        self.closed: set[int] = set()
        self.hurried: set[int] = set()  # accelerated or given up
        self.people_go = False
        for item in ledger.items:
            first = ledger.way(item)[0]
            place, number = int(p.stage_place[first]), int(p.item_number[item])
            if p.item_people[item]:
                self.armed[place] += (number + int(p.item_stays[item])) * int(p.item_armed[item])
            else:
                self.due[place] += number
                self.packed[item] = 0 if p.stage_work[first] >= 0 else number
        self.first.update(self.due)

    def needed(self, camp: int) -> int | None:
        """The minimum force of a camp, or None where it depends on its target day."""
        p = self.ledger.plan
        place = int(p.camp_place[camp])
        due, first = self.due[place], self.first[place]
        serves = self.ledger.listed("camp_serves", camp)
        served = [c for c in serves if c not in self.closed]
        if not due and not served and p.camp_column[camp] < 0:
            return None
        least = int(p.camp_least[camp])
        if camp in self.hurried:
            return least
        force = int(p.camp_perimeter[camp]) if due or served else 0
        if due:
            force += -(-int(p.camp_cargo[camp]) * min(due, first) // first)
        if served:
            force += -(-int(p.camp_satellites[camp]) * len(served) // len(serves))
        return max(least, force)

    def see(self, row: Row) -> None:
        """Take note of a row other than FORM."""
        p, ledger = self.ledger.plan, self.ledger
        if row.kind == Kind.CLOSE:
            self.closed.add(row.entity)
        elif row.kind == Kind.DECIDE and p.decision_does[row.entity] in (Does.ACCELERATE, Does.GIVE_UP):
            self.hurried |= set(ledger.listed("decision_camp", row.entity))
        elif row.kind == Kind.LAST_DAYS:
            self.people_go |= bool(p.mile_people_go[row.entity])
            if p.mile_authority[row.entity]:
                guarded = p.mile_guarded[row.entity]
                self.hurried |= {c for c, place in enumerate(p.camp_place.tolist()) if not guarded[place]}
        elif row.kind == Kind.DISBAND:
            for load in ledger.stories[row.movement].of(Kind.LOAD):
                if not p.item_people[load.item]:
                    self.due[load.place] += load.quantity
        elif row.kind == Kind.READY and row.activity == ledger.way(row.item)[0]:
            self.packed[row.item] += row.quantity
        elif row.kind in (Kind.DESTROY, Kind.RESIDUAL):
            self.due[row.place] -= row.quantity
            # unprepared loads count as packed once they are no more; prepared ones did already
            self.packed[row.item] = min(self.packed[row.item] + row.quantity, int(p.item_number[row.item]))
        elif row.kind == Kind.LOAD and not p.item_people[row.item]:
            self.due[row.place] -= row.quantity
        elif row.kind == Kind.LOAD and row.movement >= 0:
            story = ledger.stories[row.movement]
            if row.place not in ledger.picks(story.lift):
                self.armed[row.place] -= row.quantity * int(p.item_armed[row.item])  # a camp that joins
        elif row.kind == Kind.DELIVER and ledger.stage[row.item, row.place] != ledger.way(row.item)[-1]:
            if p.item_people[row.item]:
                self.armed[row.place] += row.quantity * int(p.item_armed[row.item])
            else:
                self.due[row.place] += row.quantity
                self.first[row.place] += row.quantity

    def take(self, load: Row) -> None:
        """People are reserved when their movement forms."""
        p = self.ledger.plan
        if p.item_people[load.item]:
            self.armed[load.place] -= load.quantity * int(p.item_armed[load.item])
            if load.place == p.stage_place[self.ledger.way(load.item)[0]]:
                self.gone[load.item] += load.quantity


def check_force(ledger: Ledger) -> None:
    """An ordinary lift never takes armed people below a camp's minimum force, nor people tied to equipment.

    Movements that disbanded gave back whom they had reserved, which the table does not list.
    """
    p = ledger.plan
    force = Force(ledger)
    for row in ledger.rows:
        if row.kind != Kind.FORM:
            force.see(row)
            continue
        story = ledger.stories[row.movement]
        ordinary = not ledger.is_column(story.lift) and not force.people_go
        loads = [] if story.of(Kind.DISBAND) else list(ledger.taken(story))
        for load in loads:
            force.take(load)
        for load in loads if ordinary else ():
            camp = int(p.place_camp[load.place])
            if p.item_armed[load.item] and camp >= 0 and not p.lift_by_order[story.lift]:
                needed = force.needed(camp)
                assert needed is None or force.armed[load.place] >= needed, (row, load)
            if p.item_tied[load.item] and load.place == p.stage_place[ledger.way(load.item)[0]]:
                assert force.gone[load.item] <= _untied(ledger, load.item, force.packed), (row, load)


def _untied(ledger: Ledger, item: int, packed: dict[int, int]) -> int:
    """Members of a tied cohort who may have gone."""
    p = ledger.plan
    lots = ledger.listed("item_tie", item)
    total, done = sum(int(p.item_number[lot]) for lot in lots), sum(packed[lot] for lot in lots)
    number, advance = int(p.item_number[item]), int(p.item_advance[item])
    if not total or done >= total:
        return number
    return number * (advance * total + (1000 - advance) * done) // (1000 * total)


def check_phases(ledger: Ledger) -> None:
    """From a camp that is not accelerated nothing is taken before it opens, nor in a pause, save by a column."""
    p = ledger.plan
    force = Force(ledger)
    for row in ledger.rows:
        if row.kind != Kind.FORM:
            force.see(row)
            continue
        story = ledger.stories[row.movement]
        for load in () if ledger.is_column(story.lift) else ledger.taken(story):
            camp = int(p.place_camp[load.place])
            if camp < 0 or camp in force.hurried:
                continue
            assert row.minute >= p.camp_opens[camp], row
            for n in range(int(p.pause_at[camp]), int(p.pause_at[camp + 1])):
                assert not p.pause_from[n] <= row.minute < p.pause_to[n], row


def check_closing(ledger: Ledger) -> None:
    """A camp closes after those that must close before it, and leaves nobody and nothing due behind."""
    p = ledger.plan
    force = Force(ledger)
    present: dict[int, int] = defaultdict(int)
    for item in ledger.items:
        if p.item_people[item]:
            present[int(p.stage_place[ledger.way(item)[0]])] += int(p.item_number[item])
    for row in ledger.rows:
        force.see(row)
        if row.kind == Kind.LOAD and p.item_people[row.item]:
            present[row.place] -= row.quantity
        elif row.kind == Kind.DELIVER and p.item_people[row.item]:
            if ledger.stage[row.item, row.place] != ledger.way(row.item)[-1]:
                present[row.place] += row.quantity
        elif row.kind == Kind.DISBAND:
            for load in ledger.stories[row.movement].of(Kind.LOAD):
                present[load.place] += load.quantity * int(p.item_people[load.item])
        elif row.kind == Kind.CLOSE:
            camp, place = row.entity, int(p.camp_place[row.entity])
            assert set(ledger.listed("camp_serves", camp)) <= force.closed, row
            if camp not in force.hurried:
                assert set(ledger.listed("camp_after", camp)) <= force.closed, row
            assert force.due[place] == 0, ("closed with cargo due", row)
            assert present[place] == 0, ("closed with people due", row)


#: The rules by what they guard; every run must keep all of them.
RULES = {
    "the table": (check_rows, check_end, check_stories, check_times, check_throughput),
    "conservation": (check_units, check_assets, check_sizes, check_least),
    "permissions": (check_clearances, check_answers, check_bans, check_hours, check_quotas),
    "camps": (check_room, check_force, check_phases, check_closing),
}

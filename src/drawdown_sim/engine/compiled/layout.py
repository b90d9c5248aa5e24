"""How a plan lies in the kernel's memory: its tables of records, its lists, the template of its first minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ...errors import EngineError
from ...model.plan import NEVER, AssetKind, Carries, Counts, Ints, Plan, QuotaKind, Until, reverse
from ...model.trajectory import ASSET_HOLD, QUOTA_HOLD, Hold
from .records import HEAD, POOLS, SETS, SORTS, TABLES

#: Products that the kernel forms stay below this.
_LARGEST = 1 << 62


@dataclass(frozen=True, eq=False)
class Layout:
    """A plan in the kernel's form: the state before minute 0, with addresses from its beginning, and the lists."""

    state: Ints
    lists: Ints
    tables: Ints  # the plan's inverse tables, flattened
    subjects: list[tuple[str, int]]  # sort (see `records.SORTS`) and row of everything that a row can have waited for


class _Lists:
    """The lists, while they grow."""

    def __init__(self) -> None:
        self.entries: list[int] = []

    def add(self, entries: Iterable[int]) -> int:
        """Where a list begins."""
        at = len(self.entries)
        self.entries.extend(int(entry) for entry in entries)
        return at

    def span(self, name: str, entries: Iterable[int]) -> dict[str, int]:
        """The two fields of a record that own a list."""
        return {name: self.add(entries), f"{name}_end": len(self.entries)}


def _rows(at: Ints, *columns: Ints) -> list[list[Any]]:
    """Lists per row from the plan's arrays (see the conventions of `model.plan`)."""
    entries = columns[0].tolist() if len(columns) == 1 else list(zip(*(c.tolist() for c in columns), strict=True))
    bounds = at.tolist()
    return [entries[a:b] for a, b in pairwise(bounds)]


def _words(text: str) -> list[str]:
    return text.split()


def _flat(pairs: Iterable[Sequence[int]]) -> list[int]:
    return [number for pair in pairs for number in pair]


def _grouped(rows: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int], list[int]]:
    """The rows of each contingent at each place, from triples of contingent, place and row."""
    groups: dict[tuple[int, int], list[int]] = {}
    for contingent, place, row in rows:
        groups.setdefault((contingent, place), []).append(row)
    return groups


class _Maker:
    """A plan's tables of records, made one after the other."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.p: dict[str, Any] = {
            name: column.tolist() if isinstance(column, np.ndarray) else column
            for name, column in vars(plan).items()
            if name != "tables"  # far larger than all others, and kept as it is
        }
        self.lists = _Lists()
        self.made: dict[str, list[dict[str, int]]] = {}
        p = self.p
        self.item_stages = [list(range(a, b)) for a, b in zip(p["stage_at"], p["stage_at"][1:], strict=False)]
        self.stage_item = [i for i, stages in enumerate(self.item_stages) for _ in stages]
        self.stage_last = [s == self.item_stages[i][-1] for s, i in enumerate(self.stage_item)]
        self.pick_places = _rows(plan.pick_at, plan.pick_place)
        self.routes = _rows(plan.route_at, plan.route_leg, plan.route_to)
        candidates = _rows(plan.cand_at, plan.cand_item, plan.cand_stage)
        lifts = len(p["lift_mode"])
        #: per lift: (pick-up number, place, item, stage) in the order of loading
        self.cands = [
            [
                (n, p["pick_place"][pick], item, p["stage_at"][item] + stage)
                for n, pick in enumerate(range(p["pick_at"][lift], p["pick_at"][lift + 1]))
                for item, stage in candidates[pick]
            ]
            for lift in range(lifts)
        ]
        self.join_cands = [
            [(item, p["stage_at"][item] + stage) for item, stage in row]
            for row in _rows(plan.join_cand_at, plan.join_cand_item, plan.join_cand_stage)
        ]
        self.column_stages = [
            {stage for _, _, _, stage in self.cands[lift]}
            | {s for j in range(p["join_at"][lift], p["join_at"][lift + 1]) for _, s in self.join_cands[j]}
            for lift in range(lifts)
        ]

    def make(self) -> Layout:
        """All tables, one after the other, behind the head."""
        for name in TABLES:
            getattr(self, f"_{name}")()
        head = np.zeros(1, dtype=HEAD)
        words = [HEAD.itemsize // 8]
        parts: list[Ints] = []
        for name, dtype in TABLES.items():
            rows = self.made[name]
            table = np.zeros(len(rows), dtype=dtype)
            for field in dtype.names or ():
                if rows and field in rows[0]:
                    table[field] = [row[field] for row in rows]
            head[name], head[f"{name}_count"] = sum(words) * 8, len(rows)
            parts.append(table.view(np.int64))
            words.append(len(parts[-1]))
        take = POOLS["takes"].itemsize // 8
        sizes = {
            "due_lifts": len(self.made["lifts"]),
            "due_camps": len(self.made["camps"]),
            "due_crews": len(self.made["assets"]),
            "look_takes": take * max(map(len, self.cands), default=0),
        }
        for name in SETS:
            head[name] = sum(words) * 8
            words.append(sizes[name])
        head["subjects"], subjects = self._subjects()
        head["months"] = self.lists.add(self.p["month_minute"])
        head["months_count"] = len(self.p["month_minute"])
        head["horizon"] = self.plan.horizon
        head["people_go_row"] = -1
        head["calendar_left"] = len(self.made["calendar"])
        head["miles_left"], head["camps_left"] = len(self.made["miles"]), sum(self.p["camp_closes"])
        state = np.zeros(sum(words), dtype=np.int64)
        state[: words[0]] = head.view(np.int64)
        at = words[0]
        for table in parts:
            state[at : at + len(table)] = table
            at += len(table)
        lists = np.array(self.lists.entries, dtype=np.int64)
        return Layout(state, lists, np.ascontiguousarray(self.plan.tables).reshape(-1), subjects)

    def _subjects(self) -> tuple[int, list[tuple[str, int]]]:
        """The list of where each sort of subject begins, and for each subject its sort and row."""
        starts: list[int] = []
        subjects: list[tuple[str, int]] = []
        for sort, ids in SORTS.items():
            starts.append(len(subjects))
            subjects += [(sort, row) for row in range(len(getattr(self.plan, ids)) if ids else 1)]
        return self.lists.add(starts), subjects

    # places, areas, drivers

    def _places(self) -> None:
        p, lists = self.p, self.lists
        count = len(p["place_kind"])
        stages: list[list[int]] = [[] for _ in range(count)]
        crew_places: list[list[int]] = [[] for _ in p["asset_kind"]]
        for stage, place in enumerate(p["stage_place"]):
            stages[place].append(stage)
            if p["stage_work"][stage] >= 0:
                crew_places[p["stage_asset"][stage]].append(place)
        lifts = reverse(self.pick_places, count)
        crews = reverse(crew_places, count)
        unarmed = [0] * count
        for item, first in enumerate(p["stage_at"][:-1]):
            if p["item_people"][item] and not p["item_armed"][item]:
                unarmed[p["stage_place"][first]] += p["item_stays"][item]
        is_people = [bool(p["item_people"][item]) for item in self.stage_item]
        self.made["places"] = [
            {
                "kind": p["place_kind"][place],
                "area": p["place_area"][place],
                "camp": p["place_camp"][place],
                "room": p["place_room"][place],
                "yard": p["place_yard"][place],
                "reserve": p["place_reserve"][place],
                "supplied": int(p["place_stock"][place] >= 0),
                "stock": p["place_stock"][place],
                "unarmed_stay": unarmed[place],
                "dry_since": -1,
                "first_departing": -1,
                **lists.span("crews", crews[place]),
                **lists.span("lifts", lifts[place]),
                **lists.span("stages", stages[place]),
                **lists.span("cargo", [s for s in stages[place] if not is_people[s] and not self.stage_last[s]]),
                **lists.span("people", [s for s in stages[place] if is_people[s] and not self.stage_last[s]]),
            }
            for place in range(count)
        ]

    def _areas(self) -> None:
        self.made["areas"] = [{} for _ in self.plan.area_ids]

    def _contingents(self) -> None:
        p, count = self.p, len(self.plan.contingent_ids)
        is_people = zip(p["item_people"], p["item_contingent"], strict=True)
        people = reverse([[owner] if some and owner >= 0 else [] for some, owner in is_people], count)
        limits = zip(p["asset_until"], p["asset_contingent"], strict=True)
        assets = reverse([[owner] if until == Until.TOUR_END else [] for until, owner in limits], count)
        self.made["contingents"] = [
            self.lists.span("people", people[row]) | self.lists.span("assets", assets[row]) for row in range(count)
        ]

    def _drivers(self) -> None:
        p = self.p
        self.made["drivers"] = [
            {
                "states": p["driver_states"][driver],
                "loading": p["driver_loading"][driver],
                "key": p["driver_key"][driver],
                "factors": self.lists.add(p["driver_factor"][driver]),
                "initial": self.lists.add(p["driver_initial"][driver]),
                "steps": self.lists.add(_flat(p["driver_step"][driver])),
                "weeks": self.plan.driver_override.shape[2],
            }
            for driver in range(len(p["driver_states"]))
        ]

    def _levels(self) -> None:
        drivers, areas, _ = self.plan.driver_override.shape
        self.made["levels"] = [
            {
                "key": self.p["driver_area_key"][driver][area],
                "override": self.lists.add(self.p["driver_override"][driver][area]),
                "week": -1,
            }
            for driver in range(drivers)
            for area in range(areas)
        ]

    # roads

    def _legs(self) -> None:
        p, plan = self.p, self.plan
        threats = _rows(plan.leg_threat_at, plan.leg_threat, plan.leg_hazard)
        after = _rows(plan.leg_after_at, plan.leg_after_camp, plan.leg_after_factor)
        self.made["legs"] = [
            {name: p[f"leg_{name}"][leg] for name in ("area", "distance", "rate", "season", "weather")}
            | self.lists.span("threats", _flat(threats[leg]))
            | self.lists.span("after", _flat(after[leg]))
            for leg in range(len(p["leg_a"]))
        ]

    def _threats(self) -> None:
        names = TABLES["threats"].names or ()
        self.made["threats"] = [
            {name: self.p[f"threat_{name}"][threat] for name in names} for threat in range(len(self.p["threat_halt"]))
        ]

    def _bans(self) -> None:
        p, plan = self.p, self.plan
        legs, places = _rows(plan.ban_leg_at, plan.ban_leg), _rows(plan.ban_place_at, plan.ban_place)
        lifts = _rows(plan.ban_lift_at, plan.ban_lift)
        self.ban_blocks = self._blocked(legs, places, lifts)
        self.made["bans"] = [
            {name: p[f"ban_{name}"][ban] for name in ("start", "end", "length", "chance", "classes", "key")}
            | self.lists.span("legs", legs[ban])
            | self.lists.span("places", places[ban])
            | self.lists.span("lifts", lifts[ban])
            | self.lists.span("blocks", self.ban_blocks[ban])
            for ban in range(len(p["ban_key"]))
        ]

    def _blocked(self, legs: list[list[Any]], places: list[list[Any]], lifts: list[list[Any]]) -> list[list[int]]:
        """For each ban the lifts that it can stop somewhere on their way."""
        p = self.p
        passing = [[*picks, *(place for _, place in route)] for picks, route in self._ways()]
        at_place = reverse(passing, len(p["place_kind"]))
        on_leg = reverse([[leg for leg, _ in route] for _, route in self._ways()], len(p["leg_a"]))
        blocked = []
        for ban, classes in enumerate(p["ban_classes"]):
            met = {*lifts[ban], *(k for leg in legs[ban] for k in on_leg[leg])}
            met.update(k for place in places[ban] for k in at_place[place])
            blocked.append(sorted(k for k in met if classes & p["lift_classes"][k]))
        return blocked

    def _ways(self) -> Iterable[tuple[list[int], list[tuple[int, int]]]]:
        """The pick-ups and the route of each lift."""
        return zip(self.pick_places, self.routes, strict=True)

    # permissions

    def _gates(self) -> None:
        p, plan = self.p, self.plan
        phases = _rows(plan.lift_gate_at, plan.lift_gate)
        lifts = reverse([phases[2 * k] + phases[2 * k + 1] for k in range(len(p["lift_mode"]))], len(plan.gate_ids))
        after = _rows(plan.gate_after_at, plan.gate_after)
        self.made["gates"] = [
            {name: p[f"gate_{name}"][gate] for name in ("driver", "authority", "valid", "ahead", "advisory")}
            | {"regime": p["regime_at"][gate]}
            | self.lists.span("after", after[gate])
            | self.lists.span("lifts", lifts[gate])
            for gate in range(len(plan.gate_ids))
        ]

    def _regimes(self) -> None:
        names = TABLES["regimes"].names or ()
        self.made["regimes"] = [
            {name: self.p[f"regime_{name}"][regime] for name in names} for regime in range(len(self.p["regime_stance"]))
        ]

    # means and quotas

    def _assets(self) -> None:
        p, plan = self.p, self.plan
        needs = _rows(plan.lift_need_at, plan.lift_need_asset)
        uses = [
            [a for a in (p["lift_asset"][k], p["lift_escort"][k], *needs[k]) if a >= 0]
            for k in range(len(p["lift_mode"]))
        ]
        lifts = reverse(uses, len(p["asset_kind"]))
        stages: list[list[int]] = [[] for _ in p["asset_kind"]]
        for stage, asset in enumerate(p["stage_asset"]):
            if asset >= 0 and p["stage_work"][stage] >= 0:
                stages[asset].append(stage)
        self.made["assets"] = [
            {name: p[f"asset_{name}"][asset] for name in ("place", "contingent", "until", "number")}
            | {"hold": int(ASSET_HOLD[AssetKind(p["asset_kind"][asset])]), "claimant": -1}
            | self.lists.span("stages", stages[asset])
            | self.lists.span("lifts", lifts[asset])
            for asset in range(len(p["asset_kind"]))
        ]

    def _quotas(self) -> None:
        p = self.p
        self.made["quotas"] = [
            {name: p[f"quota_{name}"][quota] for name in ("period", "counts", "limit", "unowned")}
            | {"hold": int(QUOTA_HOLD.get(QuotaKind(p["quota_kind"][quota]), Hold.SLOT))}
            | {"contingents": self.lists.add(p["quota_contingent"][quota])}
            for quota in range(len(p["quota_kind"]))
        ]

    # items and their stages

    def _items(self) -> None:
        p, plan = self.p, self.plan
        ties = _rows(plan.item_tie_at, plan.item_tie)
        tied_to = reverse(ties, len(ties))
        packed = [a for a, until in enumerate(p["asset_until"]) if until == Until.PACKED]
        packers_of = _grouped((p["asset_contingent"][a], p["asset_place"][a], a) for a in packed)
        fellows_of = _grouped(
            (p["item_contingent"][item], p["stage_place"][stages[0]], item)
            for item, stages in enumerate(self.item_stages)
            if not p["item_people"][item] and p["stage_work"][stages[0]] >= 0
        )
        self.made["items"] = []
        for item, stages in enumerate(self.item_stages):
            owner, home = p["item_contingent"][item], p["stage_place"][stages[0]]
            packers = packers_of.get((owner, home), [])
            fellows = fellows_of.get((owner, home), []) if packers and not p["item_people"][item] else []
            names = _words("people kind contingent rank number stays armed batch starts tied advance key")
            self.made["items"].append(
                {name: p[f"item_{name}"][item] for name in names}
                | {
                    "first": stages[0],
                    "last": stages[-1],
                    "first_place": home,
                    "last_place": p["stage_place"][stages[-1]],
                }
                | {"tour_end": p["contingent_tour_end"][owner] if p["item_people"][item] and owner >= 0 else NEVER}
                | self.lists.span("ties", ties[item])
                | self.lists.span("tied_to", tied_to[item])
                | self.lists.span("packers", packers)
                | self.lists.span("fellows", fellows)
            )

    def _stages(self) -> None:
        p = self.p
        lifts: list[list[int]] = [[] for _ in self.stage_item]
        for lift, cands in enumerate(self.cands):
            for stage in dict.fromkeys(stage for _, _, _, stage in cands):
                lifts[stage].append(lift)
        gone = [a for a, until in enumerate(p["asset_until"]) if until == Until.GONE]
        self.pairs = _grouped((p["asset_contingent"][a], p["asset_place"][a], a) for a in gone)
        pair_row = {pair: row for row, pair in enumerate(self.pairs)}
        self.made["stages"] = []
        for stage, item in enumerate(self.stage_item):
            place, first = p["stage_place"][stage], stage == self.item_stages[item][0]
            camp = p["place_camp"][place]
            column = p["camp_column"][camp] if camp >= 0 else -1
            pair = pair_row.get((p["item_contingent"][item], place), -1) if p["item_people"][item] else -1
            self.made["stages"].append(
                {
                    "place": place,
                    "item": item,
                    "work": p["stage_work"][stage],
                    "asset": p["stage_asset"][stage],
                    "own": int(bool(p["item_own_means"][item]) and first),
                    "last": int(self.stage_last[stage]),
                    "in_column": int(column >= 0 and stage in self.column_stages[column]),
                    "pair": pair,
                    "due_at": p["item_number"][item],
                    **self.lists.span("lifts", lifts[stage]),
                }
            )

    def _pairs(self) -> None:
        self.made["pairs"] = [self.lists.span("assets", assets) for assets in self.pairs.values()]

    # lifts

    def _lifts(self) -> None:
        p, plan = self.p, self.plan
        needs = _rows(plan.lift_need_at, plan.lift_need_asset, plan.lift_need_count)
        quotas = _rows(plan.lift_quota_at, plan.lift_quota)
        phases = _rows(plan.lift_gate_at, plan.lift_gate)
        by_unit = {Counts.PEOPLE, Counts.LOADS}
        bans = reverse(self.ban_blocks, len(p["lift_mode"]))
        names = _words(
            "from_origin returns carries classes asset capacity least most wait reserve escort escort_vehicles "
            "escort_least loading loading_vehicle unloading rest hours_from hours_to hold supplies resupply brings "
            "rank first last by_order stopped to key"
        )
        self.made["lifts"] = []
        for lift in range(len(p["lift_mode"])):
            route = self.routes[lift]
            out, back = phases[2 * lift], phases[2 * lift + 1]
            stop = {p["pick_leg"][j]: n for n, j in enumerate(range(p["pick_at"][lift], p["pick_at"][lift + 1])) if n}
            join = {p["join_leg"][j]: j for j in range(p["join_at"][lift], p["join_at"][lift + 1])}
            stops = _flat((stop.get(done, -1), join.get(done, -1)) for done in range(len(route) + 1))
            joining = sum(len(self.join_cands[j]) for j in range(p["join_at"][lift], p["join_at"][lift + 1]))
            gates = self.lists.span("gates", [*out, *back])
            self.made["lifts"].append(
                {name: p[f"lift_{name}"][lift] for name in names}
                | {
                    "is_column": int(p["lift_carries"][lift] == Carries.COLUMN),
                    "area": p["place_area"][self.pick_places[lift][0]],
                    "legs": len(route),
                    "route": self.lists.add(_flat(route)),
                    "stops": self.lists.add(stops),
                    "back": gates["gates"] + len(out),
                    "ahead": max((p["gate_ahead"][gate] for gate in back), default=0),
                    "joining": joining,
                    "since": -1,
                    "held_by": -1,
                    "wake": -1,
                    "blocked_since": -1,
                    "first_active": -1,
                    "last_active": -1,
                }
                | gates
                | self.lists.span("picks", self.pick_places[lift])
                | self.lists.span("cands", _flat(self.cands[lift]))
                | self.lists.span("needs", _flat(needs[lift]))
                | self.lists.span("quotas", quotas[lift])
                | self.lists.span("unit_quotas", [q for q in quotas[lift] if p["quota_counts"][q] in by_unit])
                | self.lists.span("move_quotas", [q for q in quotas[lift] if p["quota_counts"][q] not in by_unit])
                | self.lists.span("bans", bans[lift])
            )

    def _joins(self) -> None:
        self.made["joins"] = [
            {"camp": self.p["join_camp"][join], "wait": self.p["join_wait"][join]}
            | self.lists.span("cands", _flat(self.join_cands[join]))
            for join in range(len(self.p["join_camp"]))
        ]

    # camps, decisions, milestones, calendar

    def _camps(self) -> None:
        p, plan = self.p, self.plan
        count = len(p["camp_place"])
        after, serves = _rows(plan.camp_after_at, plan.camp_after), _rows(plan.camp_serves_at, plan.camp_serves)
        miles = reverse(_rows(plan.mile_camp_at, plan.mile_camp), count)
        windows = _rows(plan.window_at, plan.window_known, plan.window_target)
        pauses = _rows(plan.pause_at, plan.pause_from, plan.pause_to)
        served_by, before = reverse(serves, count), reverse(after, count)
        joined = [p["join_camp"][a:b] for a, b in pairwise(p["join_at"])]
        passing = reverse(joined, count)  # lifts whose columns may take the camp along
        gates = reverse(_rows(plan.gate_after_at, plan.gate_after), count)
        names = _words("place closes column handover least perimeter cargo satellites keep opens receiver key")
        self.made["camps"] = []
        for camp in range(count):
            column = p["camp_column"][camp]
            starts_here = column >= 0 and self.pick_places[column][0] == p["camp_place"][camp]
            self.made["camps"].append(
                {name: p[f"camp_{name}"][camp] for name in names}
                | {"column_starts_here": int(starts_here)}
                | {"force": -1, "target": -1, "hold": -1, "destroying": -1}
                | self.lists.span("windows", _flat(windows[camp]))
                | self.lists.span("after", after[camp])
                | self.lists.span("serves", serves[camp])
                | self.lists.span("served_by", served_by[camp])
                | self.lists.span("before", before[camp])
                | self.lists.span("pauses", _flat(pauses[camp]))
                | self.lists.span("miles", miles[camp])
                | self.lists.span("passing", passing[camp])
                | self.lists.span("gates", gates[camp])
            )

    def _decisions(self) -> None:
        p, plan = self.p, self.plan
        camps = _rows(plan.decision_camp_at, plan.decision_camp)
        stops = _rows(plan.decision_stop_at, plan.decision_stop)
        begins = _rows(plan.decision_begin_at, plan.decision_begin)
        at_place = reverse(self.pick_places, len(p["place_kind"]))
        self.made["decisions"] = [
            {name: p[f"decision_{name}"][decision] for name in ("does", "milestone", "rate", "spare")}
            | {"conds": p["cond_at"][decision], "conds_end": p["cond_at"][decision + 1]}
            | self.lists.span("camps", camps[decision])
            | self.lists.span("stops", stops[decision])
            | self.lists.span("begins", begins[decision])
            | self.lists.span("lifts", sorted({k for c in camps[decision] for k in at_place[p["camp_place"][c]]}))
            for decision in range(len(p["decision_does"]))
        ]

    def _conds(self) -> None:
        p, plan = self.p, self.plan
        below, closed = _rows(plan.cond_below_at, plan.cond_below), _rows(plan.cond_closed_at, plan.cond_closed)
        self.made["conds"] = [
            {name: p[f"cond_{name}"][cond] for name in ("blocked", "driver", "area", "state", "before", "on")}
            | self.lists.span("below", below[cond])
            | self.lists.span("closed", closed[cond])
            for cond in range(len(p["cond_blocked"]))
        ]

    def _miles(self) -> None:
        p, plan = self.p, self.plan
        ends, camps = _rows(plan.mile_end_at, plan.mile_end), _rows(plan.mile_camp_at, plan.mile_camp)
        self.made["miles"] = [
            {name: p[f"mile_{name}"][mile] for name in _words("people cargo last_days people_go authority deadline")}
            | {"leaves_cargo": p["mile_cargo_left"][mile], "camps_left": len(camps[mile])}
            | {"contingents": self.lists.add(p["mile_contingent"][mile])}
            | {"guarded": self.lists.add(p["mile_guarded"][mile])}
            | self.lists.span("ends", ends[mile])
            for mile in range(len(p["mile_deadline"]))
        ]

    def _calendar(self) -> None:
        names = TABLES["calendar"].names or ()
        self.made["calendar"] = [
            {name: self.p[f"calendar_{name}"][row] for name in names} for row in range(len(self.p["calendar_minute"]))
        ]

    def _series(self) -> None:
        least, most = self.plan.tables[:, 0].tolist(), self.plan.tables[:, -1].tolist()
        self.made["series"] = []
        for steps in _rows(self.plan.series_at, self.plan.series_minute, self.plan.series_table):
            first = steps[0][1]
            is_fixed = len(steps) == 1 and least[first] == most[first]
            self.made["series"].append(
                {"steps": self.lists.add(_flat(steps)), "count": len(steps), "is_fixed": int(is_fixed)}
                | {"value": least[first] if is_fixed else 0}
            )


def lay_out(plan: Plan) -> Layout:
    """A plan in the kernel's form. Raises EngineError for one whose numbers are too large for it."""
    _check_ranges(plan)
    return _Maker(plan).make()


def _check_ranges(plan: Plan) -> None:
    """Refuse a plan with which a product in the kernel could pass 64 bits."""

    def most(values: Ints, least: int = 1) -> int:
        return max(int(values.max(initial=0)), least)

    def most_of(*series: Ints) -> int:
        """The largest value of any of these series."""
        rows = np.unique(np.concatenate(series))
        tables = [plan.series_table[plan.series_at[row] : plan.series_at[row + 1]] for row in rows if row >= 0]
        return most(plan.tables[np.concatenate(tables), -1]) if tables else 1

    units = int(plan.item_number.sum()) + most(plan.asset_number)
    factor = most(plan.driver_factor, 1000)
    distance = most(plan.leg_distance)
    hazard, factors = most_of(plan.leg_hazard) * units * distance // 100_000, 1
    after = int(np.diff(plan.leg_after_at).max(initial=0)) * [most(plan.leg_after_factor, 1000)]
    for most_factor in (factor, *map(most, (plan.threat_uncovered, plan.threat_empty, plan.threat_exposed)), *after):
        factors = max(factors, hazard * most_factor)
        hazard = max(hazard * most_factor // 1000, hazard)
    products = {
        "the time on a leg (distance x weather)": distance * 1440 * factor,
        "the speed on a leg (rate x season)": most_of(plan.leg_rate) * max(most_of(plan.leg_season), 1000),
        "the hazard of a leg (rate x vehicles x distance)": most_of(plan.leg_hazard) * units * distance,
        "the factors of a hazard": factors,
        "the lead of a clearance": most_of(plan.regime_lead, plan.regime_refusal) * factor,
        "the work of a batch": most_of(plan.stage_work) * units,
        "the loading of a convoy": most_of(plan.lift_loading_vehicle) * units,
        "the share of a cohort that may go": 1000 * units * units,
    }
    for what, largest in products.items():
        if largest >= _LARGEST:
            raise EngineError(
                f"{what} can reach {largest:.1e}, too large for the compiled engine; use the reference engine"
            )
    if plan.horizon >= 1 << 24:
        raise EngineError("a horizon beyond 31 years is too long for the compiled engine; use the reference engine")

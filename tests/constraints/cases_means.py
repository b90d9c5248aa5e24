"""Cases: means; throughput and room."""

from __future__ import annotations

from missions import (
    PACKING,
    WORK,
    Case,
    cap,
    depot,
    finish,
    first,
    first_departure,
    garrison,
    last_departure,
    merged,
    relay,
)

from drawdown_sim.model.trajectory import Hold, Kind
from engine_support import convoy, day, leg, lot

MEANS = [
    Case("trucks", depot(), {"assets": {"trucks": {"number": "12 trucks"}}}, finish, "less", Hold.TRUCK),
    Case(
        "trucks that come back from another camp",
        depot(
            places={"other": {"kind": "camp"}},
            legs={"track": leg("other", "port", 5)},
            assets={"trucks": {"at": "port"}},
            cargo={"far": lot("other", ["port"], 6)},
            lifts={
                "convoy": {"based": "destination", "rank": 5},
                "far": convoy("other", "port", "track", based="destination", asset="trucks", rank=1),
            },
        ),
        {"cargo": {"far": {"number": "0 loads"}}},
        finish,
        "less",
        Hold.TRUCK,
    ),
    Case(
        "escorts",
        depot(
            assets={"escorts": {"kind": "escort", "at": "camp", "number": "1 escort"}},
            lifts={"convoy": {"escort": {"asset": "escorts", "vehicles": "2 vehicles"}}},
        ),
        {"lifts": {"convoy": {"escort": None}}},
        finish,
        "less",
        Hold.ESCORT,
    ),
    Case(
        "escorts that leave on a date",
        depot(
            assets={
                "escorts": {
                    "kind": "escort",
                    "at": "camp",
                    "number": "2 escorts",
                    "changes": {"recall": {"on": day(2), "loss": "1 escort"}},
                }
            },
            lifts={"convoy": {"most": "1 truck", "escort": {"asset": "escorts"}}},
        ),
        {"assets": {"escorts": {"changes": None}}},
        finish,
        "less",
        Hold.ESCORT,
    ),
    Case(
        "trucks that arrive on a date",
        depot(assets={"trucks": {"number": "1 truck", "changes": {"more": {"on": day(9), "gain": "8 trucks"}}}}),
        {"assets": {"trucks": {"changes": None}}},
        finish,
        "more",
        Hold.TRUCK,
    ),
    Case(
        "crews",
        depot(PACKING, cargo={"stores": WORK}),
        {"assets": {"packers": {"number": "3 crews"}}},
        finish,
        "less",
        Hold.CREW,
    ),
    Case(
        "work",
        depot(PACKING, cargo={"stores": WORK}),
        {"cargo": {"stores": {"work": "1 h/load"}}},
        finish,
        "less",
        Hold.WORK,
    ),
    Case(
        "a day from which work may begin",
        depot(PACKING, cargo={"stores": WORK | {"starts": day(10)}}),
        {"cargo": {"stores": {"starts": None}}},
        finish,
        "less",
        Hold.PLAN,
    ),
    Case(
        "crews that serve until their people are gone",
        garrison(
            assets={
                "packers": {
                    "kind": "crew",
                    "at": "camp",
                    "number": "1 crew",
                    "contingent": "battalion",
                    "until": "gone",
                }
            },
            cargo={"guns": lot("camp", ["home"], 10, **WORK)},
            lifts={"convoy": convoy("camp", "home", "road")},
            milestones={"out": {"cargo": ["container"]}},
        ),
        {"assets": {"packers": {"until": None}}},
        finish,
        "less",
        None,
    ),
    Case(
        "escorts that serve until their equipment is packed",
        depot(
            merged(
                PACKING,
                {
                    "assets": {
                        "escorts": {
                            "kind": "escort",
                            "at": "camp",
                            "number": "1 escort",
                            "contingent": "guards",
                            "until": "packed",
                        }
                    }
                },
            ),
            contingents={"guards": {}},
            cargo={"guns": lot("camp", ["port"], 2, owner="guards", rank=1, **WORK)},
            lifts={"convoy": {"most": "2 trucks", "escort": {"asset": "escorts"}}},
        ),
        {"assets": {"escorts": {"until": None}}},
        finish,
        "less",
        Hold.ESCORT,
    ),
    Case(
        "aircraft",
        garrison(
            legs={"road": {"mode": "air"}},
            assets={"planes": {"kind": "aircraft", "at": "camp", "number": "1 aircraft"}},
            lifts={"bus": {"mode": "air", "asset": "planes", "capacity": "20 seats"}},
        ),
        {"assets": {"planes": {"number": "3 aircraft"}}},
        finish,
        "less",
        Hold.SEAT,
    ),
    Case(
        "any further need",
        depot(
            assets={"medics": {"kind": "other", "at": "camp", "number": "1 team"}},
            lifts={"convoy": {"most": "2 trucks", "needs": {"medics": 1}}},
        ),
        {"lifts": {"convoy": {"needs": None}}},
        finish,
        "less",
        Hold.ASSET,
    ),
    Case(
        "a least size",
        depot(
            PACKING,
            cargo={"stores": WORK},
            lifts={"convoy": {"least": "6 trucks"}},
        ),
        {"lifts": {"convoy": {"least": None}}},
        first(Kind.DEPART),
        "less",
        Hold.SMALL,
    ),
    Case(
        "a longest wait for the least size",
        depot(
            PACKING,
            cargo={"stores": WORK},
            lifts={"convoy": {"least": "6 trucks", "wait": "2 days"}},
        ),
        {"lifts": {"convoy": {"wait": None}}},
        first(Kind.DEPART),
        "more",
        Hold.SMALL,
    ),
    Case(
        "a lift that keeps means for itself",
        depot(
            # two pairs of trucks come home on alternate days, never four at a time
            places={"other": {"kind": "camp"}},
            legs={"track": leg("other", "port", 2)},
            assets={"trucks": {"number": "2 trucks", "changes": {"more": {"on": day(1), "gain": "2 trucks"}}}},
            cargo={"stores": {"number": "4 loads"}, "far": lot("other", ["port"], 30)},
            lifts={
                "convoy": {"least": "4 trucks", "rank": 2, "reserve": "3 days"},
                "far": convoy("other", "port", "track", asset="trucks", rank=5),
            },
        ),
        {"lifts": {"convoy": {"reserve": None}}},
        first_departure("convoy"),
        "more",
        Hold.TRUCK,
    ),
    Case(
        "the hours of movement",
        depot(lifts={"convoy": {"hours": ["08:00", "10:00"]}}),
        {"lifts": {"convoy": {"hours": None}}},
        finish,
        "less",
        Hold.HOURS,
    ),
    Case(
        "a first day of service",
        depot(lifts={"convoy": {"first": day(8)}}),
        {"lifts": {"convoy": {"first": None}}},
        finish,
        "less",
        Hold.CALENDAR,
    ),
    Case(
        "a last day of service",
        depot(lifts={"convoy": {"last": day(2)}}) | {"horizon": day(60)},
        {"lifts": {"convoy": {"last": None}}},
        finish,
        "less",
        Hold.CALENDAR,
    ),
    Case(
        "loading",
        depot(lifts={"convoy": {"loading": "2 days"}}),
        {"lifts": {"convoy": {"loading": None}}},
        finish,
        "less",
        Hold.LOADING,
    ),
    Case(
        "unloading",
        depot(lifts={"convoy": {"unloading": "2 days"}}),
        {"lifts": {"convoy": {"unloading": None}}},
        finish,
        "less",
        Hold.UNLOADING,
    ),
    Case(
        "rest",
        depot(lifts={"convoy": {"rest": "2 days"}}),
        {"lifts": {"convoy": {"rest": None}}},
        finish,
        "less",
        Hold.REST,
    ),
]


THROUGHPUT = [
    Case(
        f"a quota of {kind}",
        depot(
            assets={"trucks": {"number": "12 trucks"}},
            lifts={"convoy": {"most": "4 trucks"}},
            quotas={"limit": cap(kind, counts, limit, lifts=["convoy"])},
        ),
        {"quotas": None},
        finish,
        "less",
        hold,
    )
    for kind, counts, limit, hold in (
        ("slot", "movements", "1 flight", Hold.SLOT),
        ("seat", "movements", "1 movement", Hold.SEAT),
        ("border", "vehicles", "4 vehicles", Hold.SLOT),
        ("desk", "loads", "4 loads", Hold.SLOT),
        ("berth", "movements", "1 ship", Hold.SLOT),
        ("rotation cap", "movements", "1 movement", Hold.ROTATION_CAP),
        ("plan", "vehicles", "4 vehicles", Hold.PLAN),
    )
] + [
    Case(
        "take-off weight: what one aircraft carries",
        depot(),
        {"lifts": {"convoy": {"capacity": "2 load/vehicle"}}},
        finish,
        "less",
        Hold.TRUCK,
    ),
    Case(
        "desks that inspect on the way",
        relay(
            assets={"desks": {"kind": "desk", "at": "hub", "number": "1 desk"}},
            cargo={"stores": {"inspection": {"hub": {"crews": "desks", "work": "5 day/load"}}, "batch": 1}},
        ),
        {"cargo": {"stores": {"inspection": None}}},
        finish,
        "less",
        Hold.WORK,
    ),
    Case(
        "transit beds",
        relay(places={"hub": {"room": "20 persons"}}),
        {"places": {"hub": {"room": None}}},
        last_departure("road"),
        "less",
        Hold.ROOM,
    ),
    Case(
        "a yard",
        relay(places={"hub": {"yard": "2 loads"}}),
        {"places": {"hub": {"yard": None}}},
        last_departure("road"),
        "less",
        Hold.ROOM,
    ),
]

"""Cases: deadlines, plan, clearances, bans, rotation."""

from __future__ import annotations

from missions import (
    CALM,
    OBSTRUCTED,
    PACKING,
    WAR,
    WORK,
    Case,
    cap,
    closed,
    count,
    depot,
    finish,
    first,
    first_departure,
    garrison,
    merged,
    neighbours,
    permit,
    quantity,
    target,
)

from drawdown_sim.model.trajectory import Hold, Kind
from engine_support import bus, convoy, day, lot

DEADLINES = [
    Case(
        "in the last days people leave without their equipment",
        garrison(
            PACKING,
            cargo={"guns": lot("camp", ["home"], 40, owner="battalion", **WORK)},
            people={"company": {"with_equipment": True}},
            milestones={"out": {"deadline": day(20), "last_days": {"length": "5 days"}}},
        )
        | {"lifts": {"bus": bus("camp", "home", "road"), "convoy": convoy("camp", "home", "road")}},
        {"milestones": {"out": {"last_days": None}}},
        finish,
        "more",
        Hold.WORK,
    ),
    Case(
        "in the last days unprepared cargo is left",
        depot(
            PACKING,
            cargo={"stores": {**WORK, "number": "40 loads"}},
            camps={"camp": {}},
            milestones={"out": {"deadline": day(20), "last_days": {"length": "5 days"}}},
        ),
        {"milestones": {"out": {"last_days": None}}},
        quantity(Kind.RESIDUAL),
        "less",
        Hold.CALENDAR,
    ),
    Case(
        "escort authority ends with the deadline",
        depot(
            assets={"escorts": {"kind": "escort", "at": "camp", "number": "1 escort"}},
            lifts={"convoy": {"most": "1 truck", "escort": {"asset": "escorts"}}},
            milestones={"out": {"deadline": day(9), "authority_ends": True, "ends": ["escorts"], "guarded": ["camp"]}},
            camps={"camp": {}},
        ),
        {"milestones": {"out": {"authority_ends": None, "ends": None, "guarded": None}}},
        finish,
        "less",
        Hold.ESCORT,
    ),
    Case(
        "a camp without a named guard is given up in the last days",
        depot(
            PACKING,
            cargo={"stores": {**WORK, "number": "40 loads"}},
            camps={"camp": {}},
            milestones={
                "out": {
                    "deadline": day(20),
                    "authority_ends": True,
                    "last_days": {"length": "2 days", "cargo_left": False},
                }
            },
        ),
        {"milestones": {"out": {"guarded": ["camp"]}}},
        closed("camp"),
        "more",
        Hold.DECISION,
    ),
    Case(
        "a deadline that moves takes the last days with it",
        depot(
            PACKING,
            cargo={"stores": {**WORK, "number": "40 loads"}},
            camps={"camp": {}},
            milestones={
                "out": {
                    "deadline": day(40),
                    "last_days": {"length": "5 days"},
                    "moved": {"earlier": {"known": day(3), "deadline": day(15)}},
                }
            },
        ),
        {"milestones": {"out": {"moved": None}}},
        quantity(Kind.RESIDUAL),
        "less",
        Hold.CALENDAR,
    ),
]

PLAN = [
    Case(
        "a target day",
        neighbours(camps=target("far", 12)),
        {"camps": {"far": {"window": None}}},
        finish,
        "less",
        Hold.TARGET_DAY,
    ),
    Case(
        "a later version of a window",
        neighbours(
            camps={
                "far": {
                    "window": {
                        "plan": {"known": day(0), "target": day(5)},
                        "later": {"known": day(3), "target": day(15)},
                    }
                }
            }
        ),
        {"camps": {"far": {"window": {"later": None}}}},
        closed("far"),
        "less",
        Hold.TARGET_DAY,
    ),
    Case(
        "the order of closure",
        neighbours(camps=merged(target("near", 9), {"far": {"after": ["near"]}})),
        {"camps": {"far": {"after": None}}},
        closed("far"),
        "less",
        Hold.PREDECESSOR,
    ),
    Case(
        "a hub that still serves a camp",
        neighbours(
            camps=merged(target("far", 9), {"near": {"serves": ["far"]}}),
        ),
        {"camps": {"near": {"serves": None}}},
        closed("near"),
        "less",
        Hold.PREDECESSOR,
    ),
    Case(
        "a gate",
        garrison(camps={"camp": {"opens": day(7)}}),
        {"camps": {"camp": {"opens": None}}},
        finish,
        "less",
        Hold.PLAN,
    ),
    Case(
        "a pause",
        depot(camps={"camp": {"pauses": {"feast": {"first": day(2), "last": day(11)}}}}),
        {"camps": {"camp": {"pauses": None}}},
        finish,
        "less",
        Hold.PLAN,
    ),
    Case(
        "people held back by date",
        garrison(
            camps={
                "camp": {
                    "keep": {
                        "value": {"by_date": {day(0): "30 persons", day(10): "0 persons"}},
                        "because": "a test",
                    }
                }
            }
        ),
        {"camps": {"camp": {"keep": None}}},
        finish,
        "less",
        Hold.PLAN,
    ),
    Case(
        "a quota of the plan",
        garrison(
            quotas={
                "rate": {
                    "kind": "plan",
                    "per": "week",
                    "counts": "people",
                    "limit": "20 persons",
                    "lifts": ["bus"],
                }
            }
        ),
        {"quotas": None},
        finish,
        "less",
        Hold.PLAN,
    ),
    Case(
        "a rear party",
        neighbours(camps={"far": {"handover": "6 days"}}),
        {"camps": {"far": {"handover": None}}},
        finish,
        "less",
        Hold.HANDOVER,
    ),
    Case(
        "a receiver who is not ready",
        neighbours(camps={"far": {"receiver_ready": day(20)}}),
        {"camps": {"far": {"receiver_ready": None}}},
        count(Kind.TRANSFER),
        "more",
        None,
    ),
    Case(
        "minimum force",
        garrison(
            PACKING,
            cargo={"guns": lot("camp", ["home"], 10, **WORK)},
            lifts={"convoy": convoy("camp", "home", "road")},
            camps={"camp": {"guard": {"least": "10 persons", "perimeter": "30 persons", "cargo": "20 persons"}}},
        ),
        {"camps": {"camp": {"guard": None}}},
        finish,
        "less",
        Hold.GUARD,
    ),
    Case(
        "force kept for the camps that are served",
        neighbours(
            {"camps": target("far", 9)},
            lifts={"bus-near": bus("near", "home", "lower"), "march-near": None},
            camps={
                "near": {
                    "column": None,
                    "serves": ["far"],
                    "guard": {"least": "0 persons", "satellites": "30 persons"},
                },
            },
        ),
        {"camps": {"near": {"guard": None}}},
        lambda run: sum(row.minute for row in run.of(Kind.DELIVER)),
        "less",
        Hold.GUARD,
    ),
    Case(
        "people who leave only with their equipment",
        garrison(
            PACKING,
            cargo={"guns": lot("camp", ["home"], 10, owner="battalion", **WORK)},
            lifts={"convoy": convoy("camp", "home", "road")},
            people={"company": {"with_equipment": True}},
        ),
        {"people": {"company": {"with_equipment": None}}},
        finish,
        "less",
        Hold.WORK,
    ),
]

CLEARANCES = [
    Case("the lead of a clearance", depot(permit()), {"clearances": None}, finish, "less", Hold.CLEARANCE),
    Case(
        "an authority that obstructs until a date",
        depot(
            permit(
                regimes=merged(
                    OBSTRUCTED["regimes"],
                    {
                        "then": {"stance": "cooperative", "lead": "1 day", "retry": "1 day", "start": day(15)},
                    },
                )
            )
        ),
        {"clearances": {"permit": {"regimes": {"first": {"stance": "delaying", "lead": "1 day"}}}}},
        finish,
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "an authority that refuses often",
        depot(permit(regimes={"first": {"refusal": "0.7"}})),
        {"clearances": {"permit": {"regimes": {"first": {"refusal": None}}}}},
        finish,
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "two authorities, the slower of which decides",
        depot(
            merged(
                permit(),
                {
                    "authorities": {"army": {}},
                    "clearances": {
                        "pass": {
                            "authority": "army",
                            "regimes": {
                                "first": {"stance": "delaying", "lead": "6 days", "retry": "1 day"},
                            },
                        }
                    },
                },
            )
        ),
        {"clearances": {"pass": None}},
        finish,
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "a clearance that lapses",
        depot(permit(valid="1 day"), bans={"closed": {"legs": ["road"], "start": day(2), "last": day(9)}}),
        {"clearances": {"permit": {"valid": None}}},
        finish,
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "the way back asked for only after loading",
        depot(
            permit(directions=["lift-back"]),
            assets={"trucks": {"at": "port"}},
            lifts={"convoy": {"based": "destination", "loading": "3 days"}},
        ),
        {"clearances": {"permit": {"ahead": "3 days"}}},
        finish,
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "a clearance of one direction only",
        depot(permit(directions=["exit"])),
        {"clearances": {"permit": {"directions": ["march-out"]}}},
        finish,
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "a clearance of one class only",
        depot(permit(classes=["cargo"])),
        {"clearances": {"permit": {"classes": ["people"]}}},
        finish,
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "a clearance that waits for another party's operation",
        neighbours(merged(permit(lifts=["march-near"], after=["far"]), {"camps": target("far", 10)})),
        {"clearances": {"permit": {"after": None}}},
        closed("near"),
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "an authority in an angry mood",
        depot(
            merged(
                permit(driver="mood"),
                {
                    "areas": {"north": {}},
                    "places": {"camp": {"area": "north"}},
                    "drivers": {"mood": {"states": {"calm": CALM, "war": WAR}, "loading": "1"}},
                },
            )
        ),
        {"clearances": {"permit": {"driver": None}}},
        finish,
        "less",
        Hold.CLEARANCE,
    ),
    Case(
        "means held while a clearance is awaited, for a stated time",
        depot(
            permit(**OBSTRUCTED, lifts=["convoy"]),
            cargo={"guns": lot("camp", ["port"], 2, kind="sensitive")},
            lifts={
                "convoy": {"kinds": ["container"], "hold": "30 h"},
                "other": convoy("camp", "port", "road", asset="trucks", kinds=["sensitive"], first=day(1), rank=1),
            },
        ),
        {"lifts": {"convoy": {"hold": None}}},
        first_departure("other"),
        "more",
        Hold.TRUCK,
    ),
]

BANS = [
    Case(
        f"a ban on {what}",
        depot(bans={"closed": {what: [name], "start": day(0), "last": day(9)}}),
        {"bans": None},
        finish,
        "less",
        Hold.BAN,
    )
    for what, name in (("legs", "road"), ("places", "camp"), ("places", "port"), ("lifts", "convoy"))
] + [
    Case(
        "a ban on a class of traffic",
        depot(bans={"closed": {"legs": ["road"], "classes": ["cargo"], "start": day(0), "last": day(9)}}),
        {"bans": {"closed": {"classes": ["people"]}}},
        finish,
        "less",
        Hold.BAN,
    ),
    Case(
        "a ban by chance, of a length",
        depot(bans={"closed": {"legs": ["road"], "start": day(3), "length": "12 days", "chance": "1"}}),
        {"bans": {"closed": {"chance": "0"}}},
        finish,
        "less",
        Hold.BAN,
    ),
    Case(
        "a ban on the home of means based at the destination",
        depot(
            assets={"trucks": {"at": "port"}},
            lifts={"convoy": {"based": "destination"}},
            bans={"closed": {"places": ["port"], "start": day(0), "last": day(0)}},
        ),
        {"bans": None},
        first(Kind.DEPART),
        "less",
        Hold.BAN,
    ),
]


ROTATION = [
    Case(
        "a rotation cap",
        garrison(quotas={"cap": cap("rotation cap", "people", "25 persons", lifts=["bus"])}),
        {"quotas": None},
        finish,
        "less",
        Hold.ROTATION_CAP,
    ),
    Case(
        "a rotation cap on one contingent",
        garrison(
            quotas={"cap": cap("rotation cap", "people", "25 persons", lifts=["bus"], contingents=["battalion"])},
            contingents={"other": {}},
        ),
        {"quotas": {"cap": {"contingents": ["other"]}}},
        finish,
        "less",
        Hold.ROTATION_CAP,
    ),
    Case(
        "a rotation cap that is suspended",
        garrison(quotas={"cap": cap("rotation cap", "people", "0 persons", lifts=["bus"])}) | {"horizon": day(60)},
        {
            "quotas": {
                "cap": {
                    "limit": {"value": {"by_date": {day(0): "0 persons", day(9): "60 persons"}}, "because": "a test"}
                }
            }
        },
        finish,
        "less",
        Hold.ROTATION_CAP,
    ),
    Case(
        "the end of a tour takes the escorts",
        depot(
            contingents={"guards": {"tour_end": day(3)}},
            assets={
                "escorts": {
                    "kind": "escort",
                    "at": "camp",
                    "number": "1 escort",
                    "contingent": "guards",
                    "until": "tour end",
                }
            },
            lifts={"convoy": {"most": "2 trucks", "escort": {"asset": "escorts"}}},
        ),
        {"contingents": {"guards": {"tour_end": None}}, "assets": {"escorts": {"until": None}}},
        finish,
        "less",
        Hold.ESCORT,
    ),
]

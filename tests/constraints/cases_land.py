"""Cases: sustainment, season, security; and decisions."""

from __future__ import annotations

from missions import (
    CALM,
    OBSTRUCTED,
    PACKING,
    STRIKES,
    WAR,
    WORK,
    Case,
    closed,
    count,
    depot,
    finish,
    garrison,
    merged,
    neighbours,
    permit,
    quantity,
    relay,
    target,
)

from drawdown_sim.model.trajectory import Hold, Kind
from engine_support import Tree, bus, column, convoy, day, group, leg, lot

SOLDIERS: Tree = {"contingents": {"battalion": {}}, "people": {"company": group("camp", ["port"], 10)}}
SOLDIERS["lifts"] = {"bus": bus("camp", "port", "road", first=day(80))}

SUSTAINMENT = [
    Case(
        "supplies of a convoy",
        depot(lifts={"convoy": {"supplies": "1 day", "resupply_halt": "2 days"}}),
        {"lifts": {"convoy": {"supplies": None}}},
        finish,
        "less",
        Hold.RESUPPLY,
    ),
    Case(
        "a camp without supplies does no work",
        depot(
            merged(PACKING, SOLDIERS),
            places={"camp": {"supply": {"stock": "4 days", "reserve": "1 day"}}},
            cargo={"stores": WORK},
        ),
        {"places": {"camp": {"supply": None}}},
        finish,
        "less",
        Hold.SUPPLY,
    ),
    Case(
        "work goes on when supplies come",
        depot(
            merged(PACKING, SOLDIERS),
            places={"camp": {"supply": {"stock": "4 days", "reserve": "1 day"}}},
            cargo={"stores": WORK},
            assets={**PACKING["assets"], "trucks": {"at": "port"}},
            lifts={"convoy": {"based": "destination", "least": "6 trucks", "brings": "10 person day/vehicle"}},
        ),
        {"lifts": {"convoy": {"brings": None}}},
        finish,
        "more",
        Hold.SUPPLY,
    ),
    Case(
        "resupply takes trucks from other lifts",
        depot(
            SOLDIERS,
            places={"camp": {"supply": {"stock": "2 days", "reserve": "2 days"}}, "other": {"kind": "camp"}},
            legs={"track": leg("other", "port", 5)},
            assets={"trucks": {"at": "port", "number": "1 truck"}},
            cargo={"stores": {"number": "0 loads"}, "far": lot("other", ["port"], 4)},
            lifts={
                "convoy": {"based": "destination", "rank": 1, "brings": "40 person day/vehicle"},
                "far": convoy("other", "port", "track", based="destination", asset="trucks", rank=5),
            },
        ),
        {"places": {"camp": {"supply": None}}},
        finish,
        "less",
        Hold.TRUCK,
    ),
]

RAINS: Tree = {"value": {"by_date": {day(0): "0.25", day(60): "1"}}, "because": "a test"}

SEASON = [
    Case(
        "a rate of advance by season",
        depot(legs={"road": {"season": RAINS}}),
        {"legs": {"road": {"season": None}}},
        finish,
        "less",
        Hold.ROUTE,
    ),
    Case(
        "the weather",
        depot(
            areas={"north": {}},
            legs={"road": {"area": "north", "weather": "rain"}},
            drivers={"rain": {"states": {"dry": CALM | {"factor": "1"}, "wet": WAR}, "loading": "1"}},
        ),
        {"legs": {"road": {"weather": None}}},
        finish,
        "less",
        Hold.ROUTE,
    ),
]


def struck(threat: Tree, hazard: str = "1 event/100 km", **sections: Tree) -> Tree:
    """The depot's road, four days of it, with a threat on it."""
    road: Tree = {"distance": "400 km", "area": "north", "threats": {"device": hazard}}
    base = depot(areas={"north": {}}, legs={"road": road}, threats={"device": merged(STRIKES, threat)})
    return merged(base, sections)


SECURITY = [
    Case("what strikes on the road", struck({}), {"legs": {"road": {"threats": None}}}, finish, "less", Hold.INCIDENT),
    Case(
        "people hurt",
        struck({"hurt": "3 persons"}),
        {"threats": {"device": {"hurt": None}}},
        quantity(Kind.STRIKE),
        "less",
        Hold.INCIDENT,
    ),
    Case(
        "vehicles lost with their load",
        struck({"lost": "1 vehicle"}),
        {"threats": {"device": {"lost": None}}},
        count(Kind.LOST),
        "less",
        Hold.INCIDENT,
    ),
    Case(
        "a hazard per vehicle",
        struck({"per": "vehicle"}, "0.2 event/100 km"),
        {"threats": {"device": {"per": "convoy"}}},
        count(Kind.STRIKE),
        "less",
        Hold.INCIDENT,
    ),
    Case(
        "an area at war",
        struck({"driver": "unrest"}, drivers={"unrest": {"states": {"calm": CALM, "war": WAR}, "loading": "1"}}),
        {"threats": {"device": {"driver": None}}},
        count(Kind.STRIKE),
        "less",
        Hold.INCIDENT,
    ),
    Case(
        "cover that is refused",
        merged(
            struck({"uncovered": "5"}),
            permit(**OBSTRUCTED, advisory=True, classes=["overwatch"])
            | {"lifts": {"convoy": {"classes": ["cargo", "overwatch"]}}},
        ),
        {"clearances": None},
        count(Kind.STRIKE),
        "less",
        Hold.INCIDENT,
    ),
    Case(
        "an empty run",
        struck({"empty": "5"}, assets={"trucks": {"at": "port"}}, lifts={"convoy": {"based": "destination"}}),
        {"threats": {"device": {"empty": None}}},
        count(Kind.STRIKE),
        "less",
        Hold.INCIDENT,
    ),
    Case(
        "a neighbour that has closed",
        struck(
            {},
            places={"post": {"kind": "camp", "area": "north"}},
            camps={"post": {}},
            legs={"road": {"after_closure": {"post": "5"}}},
        ),
        {"legs": {"road": {"after_closure": None}}},
        count(Kind.STRIKE),
        "less",
        Hold.INCIDENT,
    ),
    Case(
        "a place below its minimum force",
        struck(
            {"exposed": "5"},
            contingents={"battalion": {}},
            people={"company": group("camp", ["port"], 60)},
            places={"camp": {"area": "north"}},
            lifts={"bus": bus("camp", "port", "road", by_order=True, rank=1)},
            camps={"camp": {"guard": {"least": "60 persons"}}},
        ),
        {"camps": {"camp": {"guard": None}}},
        count(Kind.STRIKE),
        "less",
        Hold.GUARD,
    ),
]

DECISIONS = [
    Case(
        "accelerate: a camp blocked for days closes without its target day",
        garrison(
            merged(
                permit(lifts=["bus"], **OBSTRUCTED),
                {
                    "lifts": {"bus": {"based": "destination"}, "march": column("camp", "home", "road")},
                    "camps": merged(target("camp", 25), {"camp": {"column": "march"}}),
                    "decisions": {
                        "hurry": {"do": "accelerate", "camps": ["camp"], "when": {"blocked": {"blocked": "4 days"}}}
                    },
                },
            )
        ),
        {"decisions": None},
        finish,
        "more",
        None,
    ),
    Case(
        "accelerate: supplies below reserve",
        garrison(
            places={"camp": {"supply": {"stock": "10 days", "reserve": "4 days"}}},
            lifts={"bus": {"first": day(3)}},
            camps={"camp": {"opens": day(25)}},
            decisions={"hurry": {"do": "accelerate", "camps": ["camp"], "when": {"low": {"below_reserve": ["camp"]}}}},
        ),
        {"decisions": None},
        finish,
        "more",
        None,
    ),
    Case(
        "accelerate: an area at war",
        garrison(
            areas={"north": {}},
            drivers={"unrest": {"states": {"calm": CALM, "war": WAR}, "loading": "1"}},
            camps={"camp": {"opens": day(25)}},
            decisions={
                "hurry": {
                    "do": "accelerate",
                    "camps": ["camp"],
                    "when": {
                        "war": {"level": {"driver": "unrest", "area": "north", "state": "war"}},
                    },
                }
            },
        ),
        {"decisions": None},
        finish,
        "more",
        None,
    ),
    Case(
        "destroy what cannot move",
        depot(
            lifts={"convoy": {"most": "1 truck"}},
            assets={"trucks": {"number": "1 truck"}},
            camps={"camp": {}},
            decisions={"burn": {"do": "destroy", "camps": ["camp"], "when": {"late": {"before_deadline": "15 days"}}}},
        ),
        {"decisions": None},
        quantity(Kind.DESTROY),
        "less",
        Hold.WORK,
    ),
    Case(
        "destroy: what is spared is left",
        depot(
            lifts={"convoy": {"most": "1 truck"}},
            assets={"trucks": {"number": "1 truck"}},
            camps={"camp": {}},
            decisions={
                "burn": {
                    "do": "destroy",
                    "camps": ["camp"],
                    "when": {"late": {"before_deadline": "15 days"}},
                    "spare": ["container"],
                }
            },
        ),
        {"decisions": {"burn": {"spare": None}}},
        quantity(Kind.DESTROY),
        "more",
        Hold.DECISION,
    ),
    Case(
        "destroy: so many a day",
        depot(
            lifts={"convoy": {"first": day(60)}},
            camps={"camp": {}},
            decisions={
                "burn": {
                    "do": "destroy",
                    "camps": ["camp"],
                    "when": {"late": {"before_deadline": "15 days"}},
                    "rate": "2 loads",
                }
            },
        ),
        {"decisions": {"burn": {"rate": None}}},
        finish,
        "less",
        Hold.WORK,
    ),
    Case(
        "divert from one lift to another",
        garrison(
            permit(**OBSTRUCTED, lifts=["bus"]),
            legs={"sky": leg("camp", "home", 1, mode="air")},
            lifts={"bus": {"hold": "1 day"}, "flight": bus("camp", "home", "sky", mode="air")},
            camps={"camp": {}},
            decisions={
                "by-air": {
                    "do": "divert",
                    "camps": ["camp"],
                    "when": {"blocked": {"blocked": "5 days"}},
                    "stop": ["bus"],
                    "begin": ["flight"],
                }
            },
        ),
        {"decisions": {"by-air": {"when": {"blocked": {"blocked": "20 days"}}}}},
        finish,
        "more",
        Hold.CLEARANCE,
    ),
    Case(
        "give up a hub",
        relay(
            camps={"hub": {"closes": False}},
            lifts={"ship": {"first": day(60)}},
            milestones={"out": {"cargo": ["container"]}},
            decisions={"leave": {"do": "give up", "camps": ["hub"], "when": {"late": {"before_deadline": "5 days"}}}},
        ),
        {"decisions": None},
        closed("hub"),
        "more",
        Hold.DECISION,
    ),
    Case(
        "a condition that another camp has closed",
        neighbours(
            camps=target("near", 25),
            decisions={"hurry": {"do": "accelerate", "camps": ["near"], "when": {"alone": {"closed": ["far"]}}}},
        ),
        {"decisions": None},
        closed("near"),
        "more",
        None,
    ),
]

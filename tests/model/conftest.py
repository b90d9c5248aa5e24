"""A small world in which every kind of entry occurs, as a plain dictionary to be changed by tests."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from drawdown_sim.model.compile import compile_plan
from drawdown_sim.model.plan import Plan
from drawdown_sim.scenario.schema import Scenario
from drawdown_sim.scenario.sources import Register
from drawdown_sim.scenario.values import ValueContext


def drawn(kind: str, *numbers: str) -> dict[str, Any]:
    """A value with a distribution."""
    return {"value": {kind: list(numbers)}, "because": "a test"}


def dated(**steps: str) -> dict[str, Any]:
    """A value by date; days are written d2023_07_01."""
    days = {day[1:].replace("_", "-"): quantity for day, quantity in steps.items()}
    return {"value": {"by_date": days}, "because": "a test"}


WORLD: dict[str, Any] = {
    "format": 1,
    "title": "A camp, a hub and the world outside",
    "because": "a test",
    "start": "2023-07-01",
    "horizon": "2024-03-01",
    "as_of": "2023-07-01",
    "areas": {"north": {}, "south": {}},
    "drivers": {
        "security": {
            "states": {
                "calm": {"factor": "0.5", "stays": "0.9", "initial": "0.5"},
                "tense": {"factor": "1", "stays": "0.8", "initial": "0.25"},
                "war": {"factor": "3", "stays": "0.5", "initial": "0.25"},
            },
            "loading": "0.5",
            "overrides": {
                "october": {
                    "area": "north",
                    "state": "war",
                    "during": {"first": "2023-10-01", "last": "2023-10-31"},
                }
            },
        },
        "weather": {
            "states": {
                "dry": {"factor": "1", "stays": "0.8", "initial": "0.5"},
                "rain": {"factor": "2", "stays": "0.5", "initial": "0.5"},
            },
            "loading": "1",
        },
    },
    "places": {
        "kidal": {"kind": "camp", "area": "north", "supply": {"stock": "30 day", "reserve": "10 day"}},
        "tessalit": {"kind": "camp", "area": "north"},
        "gao": {"kind": "hub", "area": "south", "room": "500 persons", "yard": "200 loads"},
        "abroad": {"kind": "exit"},
        "port": {"kind": "port"},
    },
    "threats": {
        "device": {
            "per": "convoy",
            "halt": drawn("triangular", "1 h", "2 h", "9 h"),
            "hurt": "2 persons",
            "driver": "security",
            "exposed": "2",
        },
        "breakdown": {"per": "vehicle", "halt": "3 h", "lost": "1 vehicle"},
    },
    "legs": {
        "tessalit-kidal": {
            "between": ["kidal", "tessalit"],
            "mode": "road",
            "area": "north",
            "distance": "270 km",
            "rate": "50 km/day",
        },
        "kidal-gao": {
            "between": ["kidal", "gao"],
            "mode": "road",
            "area": "north",
            "distance": "350.5 km",
            "rate": drawn("triangular", "27 km/day", "60 km/day", "86 km/day"),
            "season": dated(d2023_07_01="0.5", d2023_10_01="1"),
            "weather": "weather",
            "threats": {"device": "0.7 event/100 km", "breakdown": "0.01 event/100 km"},
            "after_closure": {"tessalit": "1.5"},
        },
        "gao-abroad": {
            "between": ["gao", "abroad"],
            "mode": "air",
            "distance": "1000 km",
            "rate": "400 km/h",
        },
        "gao-port": {
            "between": ["gao", "port"],
            "mode": "road",
            "distance": "1200 km",
            "rate": "120 km/day",
        },
    },
    "bans": {
        "july": {"lifts": ["charter"], "start": "2023-07-10", "last": "2023-07-20"},
        "chance": {
            "legs": ["kidal-gao"],
            "classes": ["cargo", "arms"],
            "start": drawn("uniform", "2023-09-01", "2023-09-30"),
            "length": "10 day",
            "chance": "0.25",
        },
    },
    "authorities": {"ministry": {}, "army": {}},
    "clearances": {
        "cargo": {
            "authority": "ministry",
            "classes": ["cargo"],
            "directions": ["lift-out", "lift-back"],
            "regimes": {
                "open": {"stance": "cooperative", "lead": "2 day", "retry": "1 day"},
                "shut": {"start": "2023-09-24", "stance": "obstructing", "retry": "7 day"},
                "slow": {
                    "start": "2023-10-15",
                    "stance": "delaying",
                    "lead": "5 day",
                    "refusal": "0.5",
                    "retry": "2 day",
                },
            },
            "valid": "3 day",
            "ahead": "1 day",
            "driver": "security",
        },
        "exits": {
            "authority": "army",
            "directions": ["exit"],
            "regimes": {"always": {"stance": "cooperative", "lead": "1 h", "retry": "1 h"}},
        },
        "north": {
            "authority": "army",
            "areas": ["north"],
            "regimes": {"always": {"stance": "cooperative", "lead": "1 h", "retry": "1 h"}},
            "after": ["tessalit"],
            "advisory": True,
        },
    },
    "assets": {
        "trucks": {
            "kind": "truck",
            "at": "gao",
            "number": "40 trucks",
            "changes": {"late": {"on": "2023-11-01", "gain": "10 trucks", "loss": "5 trucks"}},
        },
        "escorts": {
            "kind": "escort",
            "at": "gao",
            "number": "3 escorts",
            "contingent": "alfa",
            "until": "tour end",
            "changes": {
                "first": {"on": "2023-07-01", "loss": "1 escort"},
                "egypt": {"on": "2023-07-28", "loss": "1 escort"},
            },
        },
        "crews": {"kind": "crew", "at": "kidal", "number": "4 crews"},
        "desks": {"kind": "desk", "at": "gao", "number": "2 desks"},
    },
    "quotas": {
        "seats": {
            "kind": "seat",
            "per": "day",
            "counts": "people",
            "limit": dated(d2023_07_01="50 persons", d2023_11_01="100 persons"),
            "lifts": ["charter"],
        },
        "cap": {
            "kind": "rotation cap",
            "per": "month",
            "counts": "people",
            "limit": "300 persons",
            "contingents": ["bravo"],
            "lifts": ["charter"],
        },
    },
    "contingents": {"alfa": {"tour_end": "2023-12-15"}, "bravo": {}, "civil": {}},
    "people": {
        "alfa-kidal": {
            "contingent": "alfa",
            "kind": "troops",
            "at": "kidal",
            "number": "600 persons",
            "via": ["gao", "abroad"],
            "with_equipment": True,
            "advance": "0.1",
        },
        "bravo-tessalit": {
            "contingent": "bravo",
            "kind": "troops",
            "at": "tessalit",
            "number": "300 persons",
            "via": ["kidal", "gao", "abroad"],
            "with_equipment": True,
        },
        "civil-gao": {
            "contingent": "civil",
            "kind": "civilian",
            "at": "gao",
            "number": "101 persons",
            "armed": False,
            "via": ["abroad"],
            "stays": "1",
        },
        "guards-gao": {
            "contingent": "bravo",
            "kind": "troops",
            "at": "gao",
            "number": "50 persons",
            "via": ["abroad"],
            "stays": "1",
        },
    },
    "cargo": {
        "alfa-boxes": {
            "owner": "alfa",
            "kind": "container",
            "at": "kidal",
            "per_person": "0.4 load/person",
            "via": ["gao", "port"],
            "disposition": "repatriate",
            "work": drawn("uniform", "1 h/load", "3 h/load"),
            "crews": "crews",
            "inspection": {"gao": {"crews": "desks", "work": "30 minute/load"}},
        },
        "alfa-cars": {
            "owner": "alfa",
            "kind": "vehicle",
            "at": "kidal",
            "number": "80 vehicles",
            "via": ["gao", "port"],
            "disposition": "redeploy",
            "own_means": True,
        },
        "un-sold": {
            "owner": "un",
            "kind": "structure",
            "at": "kidal",
            "number": "33 loads",
            "disposition": "sell",
        },
    },
    "lifts": {
        "trucks-kidal": {
            "mode": "road",
            "pick_up": ["kidal"],
            "to": "gao",
            "route": ["kidal-gao"],
            "based": "destination",
            "carries": "cargo",
            "classes": ["cargo"],
            "asset": "trucks",
            "capacity": "1 load/truck",
            "least": "5 trucks",
            "most": "30 trucks",
            "wait": "10 day",
            "escort": {"asset": "escorts", "vehicles": "20 trucks"},
            "needs": {"crews": 1},
            "hours": ["05:00", "24:00"],
            "hold": "14 day",
        },
        "column-kidal": {
            "mode": "road",
            "pick_up": ["kidal"],
            "to": "gao",
            "route": ["kidal-gao"],
            "based": "origin",
            "returns": False,
            "carries": "column",
            "classes": ["people"],
            "capacity": "10 persons",
        },
        "column-tessalit": {
            "mode": "road",
            "pick_up": ["tessalit"],
            "to": "gao",
            "route": ["tessalit-kidal", "kidal-gao"],
            "based": "origin",
            "returns": False,
            "carries": "column",
            "classes": ["people"],
            "capacity": "10 persons",
            "joins": {"kidal": {"at": "kidal", "wait": "5 day"}},
        },
        "charter": {
            "mode": "air",
            "pick_up": ["gao"],
            "to": "abroad",
            "route": ["gao-abroad"],
            "based": "origin",
            "carries": "people",
            "classes": ["people"],
            "capacity": "150 persons",
            "first": "2023-08-01",
            "last": "2023-12-31",
        },
        "to-port": {
            "mode": "road",
            "pick_up": ["gao"],
            "to": "port",
            "route": ["gao-port"],
            "based": "origin",
            "carries": "cargo",
            "classes": ["cargo"],
            "capacity": "1 load/vehicle",
        },
    },
    "camps": {
        "kidal": {
            "window": {
                "first": {"known": "2023-06-30", "target": drawn("uniform", "2023-11-01", "2023-11-15")},
                "second": {"known": "2023-10-01", "target": "2023-12-01"},
            },
            "after": ["tessalit"],
            "column": "column-kidal",
            "handover": "2 day",
            "guard": {"least": "100 persons", "cargo": "50 persons"},
            "keep": dated(d2023_07_01="200 persons", d2023_10_01="0 persons"),
            "opens": "2023-07-15",
            "pauses": {"feast": {"first": "2023-09-01", "last": "2023-09-03"}},
            "receiver_ready": "2023-12-15",
        },
        "tessalit": {"column": "column-tessalit"},
        "gao": {"serves": ["kidal", "tessalit"], "closes": False},
    },
    "decisions": {
        "accelerate": {
            "do": "accelerate",
            "camps": ["kidal"],
            "when": {
                "blocked": {"blocked": "22 day"},
                "war": {"level": {"driver": "security", "area": "north", "state": "war"}},
                "late": {"before_deadline": "20 day", "below_reserve": ["kidal"], "closed": ["tessalit"]},
            },
        },
        "burn": {
            "do": "destroy",
            "camps": ["kidal"],
            "when": {"day": {"on": "2023-12-20"}},
            "rate": "20 loads",
            "spare": ["sensitive"],
        },
    },
    "milestones": {
        "withdrawal": {
            "deadline": "2023-12-31",
            "moved": {"longer": {"known": "2023-12-01", "deadline": "2024-01-31"}},
            "cargo": ["container", "vehicle"],
            "camps": ["kidal"],
            "last_days": {"length": "14 day"},
            "authority_ends": True,
            "ends": ["escorts"],
            "guarded": ["gao"],
        }
    },
    "residual": {"number": "31 persons"},
}


@pytest.fixture
def world() -> dict[str, Any]:
    """A world of one's own to change."""
    return copy.deepcopy(WORLD)


@pytest.fixture
def compiled() -> Callable[..., Plan]:
    """Compiles a world, without the checks of sense that a file goes through."""
    context = ValueContext(Register([]), default_ground=True)

    def compile_world(entries: dict[str, Any], *, nominal: bool = False) -> Plan:
        return compile_plan(Scenario.model_validate(entries, context=context), nominal=nominal)

    return compile_world

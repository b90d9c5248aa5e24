"""Small and varied scenarios at random: a strategy for searches by hypothesis, and by number for long studies."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from engine_support import Tree, bus, column, convoy, dated, day, drawn, leg, lot

T = TypeVar("T")


class Chooser:
    """Choices of one random scenario; the first option is the simplest."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def pick(self, *options: T) -> T:
        return self.draw(st.sampled_from(options))

    def count(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def chance(self, percent: int = 50) -> bool:
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def some(self, options: Iterable[T]) -> list[T]:
        return [option for option in options if self.chance()]

    def duration(self) -> Tree | str:
        """A time of hours or days, sometimes drawn."""
        plain = self.pick("1 day", "2 h", "90 min", "0 h", "3 days", "17 h")
        return drawn("uniform", "1 h", "2 days") if self.chance(20) else plain


class Dice(Chooser):
    """The same choices from a generator of random numbers: far cheaper, but nothing is made simpler."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick(self, *options: T) -> T:
        return self.random.choice(options)

    def count(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def chance(self, percent: int = 50) -> bool:
        return self.random.randrange(100) >= 100 - percent


ROAD, AIR = "road", "air"


class Builder:
    """One random scenario: camps, perhaps a hub, an exit; what leaves, by what, under which rules."""

    def __init__(self, chooser: Chooser, *, months: bool = True, drivers: bool = True) -> None:
        self.c = chooser
        self.months = months
        self.drivers = drivers
        self.t: Tree = {}
        for section in (
            "areas", "drivers", "places", "legs", "threats", "bans", "authorities", "clearances", "assets", "quotas",
            "contingents", "people", "cargo", "lifts", "camps", "decisions", "milestones",
        ):  # fmt: skip
            self.t[section] = {}
        self.names = [f"camp-{n}" for n in range(1, self.c.count(1, 3) + 1)]
        self.hub = "hub" if self.c.chance(80) else "abroad"
        self.road: dict[str, list[str]] = {}  # legs from a camp to the hub
        self.next: dict[str, str] = {}  # the camp that the way from a camp passes first
        self.armed: dict[str, int] = {}
        self.columns: dict[str, str] = {}

    def build(self) -> Tree:
        """All sections; what is empty is left out."""
        self.world()
        self.means()
        for name in self.names:
            self.column(name)
            self.people(name)
            self.cargo(name)
            self.lifts(name)
        if self.hub == "hub":
            self.onward()
        for name in self.names:
            self.camp(name)
        self.hub_camp()
        self.rules()
        self.milestones()
        self.decisions()
        return {section: entries for section, entries in self.t.items() if entries}

    # what there is

    def world(self) -> None:
        c, t = self.c, self.t
        t["areas"] = {"north": {}, "south": {}}
        t["contingents"] = {"alpha": {}, "bravo": {}}
        if c.chance(30):
            t["contingents"]["alpha"]["tour_end"] = day(c.count(0, 40))
        self.threats_and_drivers()
        t["places"]["abroad"] = {"kind": "exit", "area": "south"}
        if self.hub == "hub":
            t["places"]["hub"] = {"kind": c.pick("hub", "airfield"), "area": "south"}
            if c.chance(30):
                t["places"]["hub"]["room"] = f"{c.count(1, 60)} persons"
            if c.chance(30):
                t["places"]["hub"]["yard"] = f"{c.count(1, 12)} loads"
            t["legs"]["onward"] = self.leg("hub", "abroad", "south")
        for n, name in enumerate(self.names):
            t["places"][name] = {"kind": "camp", "area": "north"}
            if c.chance(30):
                t["places"][name]["supply"] = {"stock": f"{c.count(1, 20)} days", "reserve": f"{c.count(1, 8)} days"}
            if n and c.chance():
                self.next[name] = c.pick(*self.names[:n])
                t["legs"][f"chain-{name}"] = self.leg(name, self.next[name], "north")
                self.road[name] = [f"chain-{name}", *self.road[self.next[name]]]
            else:
                t["legs"][f"road-{name}"] = self.leg(name, self.hub, "north")
                self.road[name] = [f"road-{name}"]

    def threats_and_drivers(self) -> None:
        c, t = self.c, self.t
        if self.drivers and c.chance(30):
            t["drivers"]["unrest"] = {
                "states": {
                    "calm": {"factor": "0.5", "stays": "0.7", "initial": "0.5"},
                    "war": {"factor": "2", "stays": "0.6", "initial": "0.5"},
                },
                "loading": c.pick("1", "0", "0.5"),
            }
            if c.chance(30):  # a second one, of three levels, so that rows, areas and weeks are told apart
                t["drivers"]["rain"] = {
                    "states": {
                        "dry": {"factor": "1", "stays": "0.5", "initial": "0.4"},
                        "wet": {"factor": "1.5", "stays": "0.5", "initial": "0.3"},
                        "mud": {"factor": "3", "stays": "0.5", "initial": "0.3"},
                    },
                    "loading": c.pick("0.2", "0.8"),
                }
            if c.chance(30):
                during = {"first": day(c.count(0, 20)), "last": day(c.count(20, 40))}
                t["drivers"]["unrest"]["overrides"] = {"front": {"area": "north", "state": "war", "during": during}}
        if c.chance(40):
            threat: Tree = {"per": c.pick("convoy", "vehicle"), "halt": c.duration()}
            for key in ("uncovered", "exposed", "empty"):
                if c.chance(30):
                    threat[key] = c.pick("2", "0.5", "0")
            if c.chance():
                threat["hurt"] = drawn("uniform", "0 persons", "4 persons") if c.chance() else "2 persons"
            if c.chance():
                threat["lost"] = drawn("uniform", "0 vehicles", "2 vehicles")
            if t["drivers"] and c.chance():
                threat["driver"] = c.pick(*t["drivers"])
            t["threats"]["device"] = threat
            if c.chance(30):
                t["threats"]["ambush"] = {"per": "convoy", "halt": c.duration(), "hurt": "1 person"}

    def leg(self, a: str, b: str, area: str) -> Tree:
        c = self.c
        entry = leg(a, b, c.count(1, 4), area=area)
        if c.chance(20):
            entry["rate"] = drawn("triangular", "30 km/day", "60 km/day", "120 km/day")
        if c.chance(15):
            entry["season"] = dated({0: "1", c.count(1, 40): "0.5"})
        if self.t["drivers"] and c.chance(20):
            entry["weather"] = c.pick(*self.t["drivers"])
        if self.t["threats"] and c.chance(60):
            entry["threats"] = {"device": c.pick("0.2 event/100 km", "1 event/100 km")}
            if c.chance(4):
                entry["threats"]["device"] = "90 event/100 km"  # more than are played on a leg
            if "ambush" in self.t["threats"]:
                entry["threats"]["ambush"] = "0.5 event/100 km"
            if c.chance(20):
                entry["after_closure"] = {self.names[0]: c.pick("3", "0.5")}
        return entry

    def means(self) -> None:
        c, assets = self.c, self.t["assets"]
        assets["trucks"] = self.asset("truck", self.hub, 6, least=2)
        assets["escorts"] = self.asset("escort", self.hub, 3)
        assets["crews"] = self.asset("crew", self.names[0], 3)
        assets["planes"] = self.asset("aircraft", self.hub, 3, least=2)
        assets["medics"] = self.asset("other", self.hub, 3, least=2)
        if c.chance(30):
            name = c.pick("escorts", "crews", "trucks")
            assets[name] |= {"contingent": "alpha", "until": c.pick("packed", "gone", "tour end")}
            assets[name]["at"] = c.pick(*self.names)

    def asset(self, kind: str, at: str, most: int, least: int = 1) -> Tree:
        c = self.c
        entry: Tree = {"kind": kind, "at": at, "number": f"{c.count(least, most)} units"}
        if c.chance(25):
            entry["changes"] = {"more": {"on": day(c.count(1, 30)), "gain": "2 units"}}
        if c.chance(25):
            entry.setdefault("changes", {})["less"] = {"on": day(c.count(1, 30)), "loss": "1 unit"}
        return entry

    # what leaves, and by what

    def column(self, name: str) -> None:
        c = self.c
        if not c.chance(40):
            return
        passed = self.next.get(name, "")
        joins = passed in self.columns and c.chance(70)
        entry = column(name, self.hub, *self.road[name], capacity=f"{c.count(5, 30)} person/vehicle")
        if c.chance(30):
            entry["escort"] = {"asset": "escorts"}
        if c.chance(30):
            entry["hours"] = ["06:00", "18:00"]
        if c.chance(20):
            entry["least"] = "2 vehicles"
        if c.chance(20):
            entry["hold"] = f"{c.count(1, 9)} days"
        if joins:
            entry["joins"] = {"merge": {"at": passed, "wait": c.pick("0 days", "5 days", "20 days")}}
            if "joins" not in self.t["lifts"].get(f"column-{passed}", {"joins": {}}) and c.chance():
                del self.t["lifts"][f"column-{passed}"]  # the camp that is passed has no column of its own
                self.columns[passed] = f"column-{name}"
        self.columns[name] = f"column-{name}"
        self.t["lifts"][f"column-{name}"] = entry

    def people(self, name: str) -> None:
        c = self.c
        via = ["hub", "abroad"] if self.hub == "hub" else ["abroad"]
        for unit in ("guards", "staff"):
            if unit == "staff" and c.chance(40):
                continue
            number = c.count(1, 40)
            entry: Tree = {
                "contingent": c.pick("alpha", "bravo"), "kind": "troops" if unit == "guards" else "civilian",
                "at": name, "number": f"{number} persons", "via": via, "armed": unit == "guards",
            }  # fmt: skip
            if c.chance(30):
                entry["with_equipment"] = True
                entry["advance"] = c.pick("0", "0.3")
            if c.chance(20):
                entry["stays"] = "1"
            if c.chance(20):
                entry["rank"] = c.count(0, 9)
            if unit == "guards":
                self.armed[name] = number
            elif self.hub == "hub" and c.chance(30):
                entry["via"] = ["abroad"]  # flown out
                self.flight(name)
            self.t["people"][f"{unit}-{name}"] = entry

    def flight(self, name: str) -> None:
        c = self.c
        self.t["legs"][f"sky-{name}"] = leg(name, "abroad", 1, mode=AIR)
        entry = bus(
            name, "abroad", f"sky-{name}", mode=AIR, asset="planes", based=c.pick("origin", "destination"),
            capacity=f"{c.count(5, 30)} person/aircraft", by_order=c.chance(30), rank=c.count(0, 9),
        )  # fmt: skip
        if c.chance(30):
            entry["first"] = day(c.count(0, 20))
        self.t["lifts"][f"flight-{name}"] = self.times(name, entry)

    def cargo(self, name: str) -> None:
        c = self.c
        via = ["hub", "abroad"] if self.hub == "hub" else ["abroad"]
        for n in range(c.count(0, 2)):
            entry = lot(
                name, via, c.count(0, 12), owner=c.pick("un", "alpha", "bravo"),
                kind=c.pick("container", "vehicle", "sensitive"), rank=c.count(3, 6), batch=c.count(1, 5),
            )  # fmt: skip
            if self.hub == "hub" and c.chance(25):
                entry |= {"via": ["hub"], "disposition": "store"}
            if c.chance(10):
                entry |= {"via": [], "disposition": "stay"}
            elif c.chance(60):
                entry |= {"work": c.pick("1 day/load", "5 h/load"), "crews": "crews"}
                if c.chance(20):
                    entry["work"] = dated({0: "1 day/load", c.count(1, 20): "2 h/load"})
                elif c.chance(30):
                    entry["work"] = drawn("uniform", "1 h/load", "9 h/load")
                if c.chance(20):
                    entry["starts"] = day(c.count(0, 15))
            if name in self.columns and entry["via"] and c.chance(40):
                entry["own_means"] = True
            if len(entry["via"]) == 2 and c.chance(20):
                self.t["assets"].setdefault("desks", self.asset("desk", "hub", 2))
                work = drawn("uniform", "1 h/load", "9 h/load") if c.chance() else "4 h/load"
                entry["inspection"] = {"hub": {"crews": "desks", "work": work}}
            self.t["cargo"][f"lot-{n}-{name}"] = entry

    def lifts(self, name: str) -> None:
        c = self.c
        route = self.road[name]
        base = c.pick("destination", "origin")
        entry = convoy(name, self.hub, *route, based=base, capacity=f"{c.count(1, 3)} load/vehicle")
        self.t["lifts"][f"convoy-{name}"] = self.times(name, entry | self.load_up("trucks"))
        ride = bus(name, self.hub, *route, based=c.pick("origin", "destination"), rank=c.count(4, 6))
        self.t["lifts"][f"bus-{name}"] = self.times(name, ride | self.load_up(c.pick(None, "trucks")))
        if name in self.next and c.chance(60):
            tour = convoy(
                name, self.hub, *route, pick_up=[name, self.next[name]], based=c.pick("destination", "origin"),
                rank=c.count(0, 6), capacity=f"{c.count(1, 6)} load/vehicle",
            )  # fmt: skip
            if c.chance(30):
                del self.t["lifts"][f"convoy-{name}"]
            self.t["lifts"][f"tour-{name}"] = self.times(name, tour | self.load_up("trucks"))

        if name in self.next and c.chance(40):
            coach = bus(
                name, self.hub, *route, pick_up=[name, self.next[name]], based=c.pick("destination", "origin"),
                rank=c.count(0, 6), capacity=f"{c.count(10, 40)} person/vehicle",
            )  # fmt: skip
            self.t["lifts"][f"coach-{name}"] = self.times(name, coach | self.load_up(c.pick(None, "trucks")))

    def onward(self) -> None:
        c = self.c
        ship = convoy("hub", "abroad", "onward", capacity=f"{c.count(1, 3)} load/vehicle", returns=c.chance(80))
        self.t["lifts"]["ship"] = self.times("hub", ship | self.load_up(c.pick(None, "trucks")))
        charter = bus("hub", "abroad", "onward", capacity=f"{c.count(5, 40)} seats")
        self.t["lifts"]["charter"] = self.times("hub", charter | self.load_up(c.pick(None, "planes")))

    def load_up(self, asset: str | None) -> Tree:
        """Means, size, order."""
        c = self.c
        entry: Tree = {"asset": asset} if asset else {}
        if c.chance(40):
            entry["most"] = f"{c.count(1, 5)} vehicles"
        if c.chance(30):
            entry["least"] = f"{c.count(1, 2)} vehicles"
            if c.chance():
                entry["wait"] = f"{c.count(0, 10)} days"
            entry.pop("most", None)
        if c.chance(30):
            entry["escort"] = {"asset": "escorts"}
            if c.chance(15) and self.t["assets"]["escorts"]["number"] != "1 units":
                entry["escort"]["least"] = 2
            if c.chance():
                entry["escort"]["vehicles"] = f"{c.count(1, 3)} vehicles"
        if c.chance(15):
            entry["needs"] = {"medics": c.count(1, 2)}
        if c.chance(20):
            entry["reserve"] = f"{c.count(0, 6)} days"
        if c.chance(20):
            entry["rank"] = c.count(0, 9)
        return entry

    def times(self, name: str, entry: Tree) -> Tree:
        """A lift with durations, hours, supplies."""
        c = self.c
        entry |= {key: c.duration() for key in ("loading", "unloading", "rest") if c.chance(30)}
        if c.chance(15):
            entry["loading_per_vehicle"] = drawn("uniform", "1 h", "5 h") if c.chance() else "3 h"
        if c.chance(20):
            entry["hours"] = [c.pick("05:00", "00:00", "20:00"), c.pick("17:00", "24:00")]
        if c.chance(25):
            entry["hold"] = f"{c.count(1, 9)} days"
        if c.chance(5):
            entry["last"] = day(c.count(5, 40))
        if c.chance(15):
            entry |= {"supplies": c.pick("2 days", "30 h"), "resupply_halt": c.duration()}
        may_bring = entry["based"] == "destination" and "supply" in self.t["places"][name]
        if may_bring and c.chance(60):
            entry["brings"] = "100 person day/vehicle"
        return entry

    # under which rules

    def camp(self, name: str) -> None:
        c = self.c
        entry: Tree = {"closes": c.chance(80)}
        if name in self.columns:
            entry["column"] = self.columns[name]
        if c.chance():
            entry["window"] = {"plan": {"known": day(0), "target": drawn("uniform", day(10), day(20))}}
            if c.chance(30):
                entry["window"]["later"] = {"known": day(c.count(1, 12)), "target": drawn("uniform", day(15), day(40))}
        if c.chance(40):
            entry["handover"] = c.duration()
        if c.chance(60):
            least = c.count(0, self.armed[name])
            parts = [c.count(0, self.armed[name] // 2) for _ in range(2)]
            entry["guard"] = {
                "least": f"{least} persons", "perimeter": f"{parts[0]} persons", "cargo": f"{parts[1]} persons",
            }  # fmt: skip
        if c.chance(15):
            entry["keep"] = dated({0: f"{c.count(1, 40)} persons", c.count(5, 40): "0 persons"})
        if c.chance(20):
            entry["opens"] = day(c.count(0, 15))
        if c.chance(15):
            entry["pauses"] = {"feast": {"first": day(c.count(1, 10)), "last": day(c.count(10, 14))}}
        if c.chance(20):
            entry["receiver_ready"] = day(c.count(0, 40))
        earlier = [n for n in self.names if n < name and self.t["camps"][n]["closes"]]
        if earlier and c.chance(30):
            entry["after"] = [c.pick(*earlier)]
        self.t["camps"][name] = entry

    def hub_camp(self) -> None:
        closing = [name for name in self.names if self.t["camps"][name]["closes"]]
        if self.hub == "hub" and self.c.chance(40):
            self.t["camps"]["hub"] = {"closes": self.c.chance(), "serves": closing}
            if closing and self.c.chance():
                self.t["people"]["hub-guards"] = {
                    "contingent": "bravo", "kind": "troops", "at": "hub", "number": "12 persons", "via": ["abroad"],
                }  # fmt: skip
                self.t["camps"]["hub"]["guard"] = {"least": "1 person", "satellites": f"{self.c.count(2, 8)} persons"}

    def rules(self) -> None:
        c, t = self.c, self.t
        lifts = sorted(t["lifts"])
        t["authorities"] = {"ministry": {}, "governor": {}}
        for n in range(c.pick(0, 1, 2, 3)):
            t["clearances"][f"permit-{n}"] = self.clearance(lifts)
        for n in range(c.pick(0, 0, 1, 2)):
            t["quotas"][f"quota-{n}"] = self.quota(lifts)
        for n in range(c.pick(0, 0, 1, 2)):
            t["bans"][f"ban-{n}"] = self.ban(lifts)
        weights = [p for p in t["people"].values() if "stays" in p]
        if weights:
            held = sum(int(p["number"].split()[0]) for p in weights)
            t["residual"] = {"number": f"{c.count(1, held)} persons"}

    def clearance(self, lifts: list[str]) -> Tree:
        c = self.c
        entry: Tree = {"authority": c.pick("ministry", "governor"), "regimes": {"first": self.regime(c.chance(15))}}
        if c.chance(60):
            entry["regimes"]["later"] = self.regime(c.chance(40)) | {"start": day(c.count(1, 20))}
            entry["regimes"]["last"] = self.regime(False) | {"start": day(c.count(21, 50))}
        if c.chance(30):
            entry["valid"] = c.pick("1 day", "12 h", "3 h")
        if c.chance(30):
            entry["ahead"] = c.pick("1 day", "6 h")
        if c.chance(20):
            entry["directions"] = [c.pick("lift-out", "lift-back", "march-out", "exit")]
        if c.chance(20):
            entry["lifts"] = [c.pick(*lifts)]
        if c.chance(15):
            entry["advisory"] = True
        if self.t["drivers"] and c.chance(20):
            entry["driver"] = c.pick(*self.t["drivers"])
        if c.chance(15):
            closing = [name for name in self.names if self.t["camps"][name]["closes"]]
            entry["after"] = closing[:1]
        return entry

    def regime(self, obstructing: bool) -> Tree:
        c = self.c
        if obstructing:
            return {"stance": "obstructing", "retry": self.retry("5 days", "30 h")}
        entry: Tree = {
            "stance": c.pick("cooperative", "delaying"),
            "lead": c.duration(),
            "retry": self.retry("1 day", "7 h"),
        }
        if c.chance(40):
            entry["refusal"] = c.pick("0.3", "0.8")
        return entry

    def retry(self, *plain: str) -> Tree | str:
        """A time until the next request, sometimes drawn."""
        return drawn("uniform", "2 h", "3 days") if self.c.chance(30) else self.c.pick(*plain)

    def quota(self, lifts: list[str]) -> Tree:
        c = self.c
        counts = c.pick("people", "loads", "movements", "vehicles")
        limit = f"{c.count(1, 25)} persons" if counts == "people" else f"{c.count(1, 6)} units"
        unit = {"people": "persons", "loads": "loads", "movements": "movements", "vehicles": "vehicles"}[counts]
        first, second = (f"{limit.split()[0]} {unit}", f"{c.count(1, 6)} {unit}")
        entry: Tree = {
            "kind": c.pick("slot", "seat", "rotation cap", "berth", "border", "plan"),
            "per": c.pick("day", "week", "month") if self.months else c.pick("day", "week"),
            "counts": counts, "limit": dated({0: first, c.count(1, 20): second}) if c.chance(30) else first,
            "lifts": c.some(lifts) or lifts,
        }  # fmt: skip
        if counts in ("people", "loads") and c.chance(30):
            entry["contingents"] = [c.pick("alpha", "bravo")]
        return entry

    def ban(self, lifts: list[str]) -> Tree:
        c = self.c
        start = c.count(0, 20)
        entry: Tree = {"start": day(start)}
        if c.chance(30):
            start = 6
            entry["start"] = drawn("uniform", day(2), day(9))
        if c.chance():
            entry["length"] = drawn("uniform", "1 day", "6 days") if c.chance(30) else c.pick("3 days", "40 h")
        else:
            entry["last"] = day(c.count(start, 30))
        what = c.pick("legs", "places", "lifts")
        entry[what] = [c.pick(*sorted(self.t[what])) if what != "lifts" else c.pick(*lifts)]
        if c.chance(20):
            entry["classes"] = [c.pick("cargo", "people")]
        if c.chance(30):
            entry["chance"] = "0.6"
        return entry

    def milestones(self) -> None:
        c = self.c
        closing = [name for name, camp in self.t["camps"].items() if camp["closes"]]
        entry: Tree = {"deadline": day(c.count(15, 50)), "camps": c.some(closing)}
        if c.chance(70):
            entry["cargo"] = ["container", "vehicle", "sensitive"]
        if c.chance(30):
            entry["last_days"] = {
                "length": f"{c.count(1, 9)} days", "people_go": c.chance(), "cargo_left": c.chance(),
            }  # fmt: skip
            entry["authority_ends"] = c.chance(30)
            if entry["authority_ends"]:
                entry |= {"ends": ["escorts"], "guarded": c.some(sorted(self.t["camps"]))}
        if c.chance(20):
            entry["moved"] = {"once": {"known": day(c.count(1, 10)), "deadline": day(c.count(12, 60))}}
        self.t["milestones"]["out"] = entry
        if c.chance(20) and any(cohort["contingent"] == "alpha" for cohort in self.t["people"].values()):
            self.t["milestones"]["alpha-out"] = {"deadline": day(c.count(5, 30)), "contingents": ["alpha"]}

        if closing and c.chance(15):
            self.t["milestones"]["shut"] = {"deadline": day(c.count(5, 30)), "people": False, "camps": closing[:1]}

    def decisions(self) -> None:
        c, t = self.c, self.t
        camps = sorted(t["camps"])
        for n in range(c.pick(0, 0, 1, 2)):
            do = c.pick("accelerate", "destroy", "divert", "give up")
            entry: Tree = {"do": do, "when": {"one": self.condition()}, "milestone": "out", "camps": [c.pick(*camps)]}
            if c.chance(20):
                entry["when"]["two"] = self.condition() | self.condition()
            if do == "destroy":
                if c.chance():
                    entry["rate"] = f"{c.count(1, 4)} loads"
                if c.chance(30):
                    entry["spare"] = ["vehicle"]
            if do == "divert":
                # a lift begins that is not the only one, or a scenario could never move
                entry |= {"stop": [c.pick(*sorted(t["lifts"]))]}
                flights = [name for name in t["lifts"] if name.startswith(("tour", "ship"))]
                if flights and c.chance():
                    entry["begin"] = [c.pick(*sorted(flights))]
            t["decisions"][f"decision-{n}"] = entry

    def condition(self) -> Tree:
        c, t = self.c, self.t
        what = c.pick("before_deadline", "blocked", "on", "closed", "below_reserve", "level")
        supplied = [name for name in self.names if "supply" in t["places"][name]]
        closing = [name for name, camp in t["camps"].items() if camp["closes"]]
        if what == "blocked":
            return {"blocked": f"{c.count(0, 6)} days"}
        if what == "on":
            return {"on": day(c.count(0, 30))}
        if what == "closed" and closing:
            return {"closed": [c.pick(*closing)]}
        if what == "below_reserve" and supplied:
            return {"below_reserve": supplied}
        if what == "level" and t["drivers"]:
            return {"level": {"driver": "unrest", "area": "north", "state": "war"}}
        return {"before_deadline": f"{c.count(0, 10)} days"}


@st.composite
def worlds(draw: st.DrawFn, *, months: bool = True, drivers: bool = True) -> Tree:
    """Small and varied scenarios as dictionaries; now and then one that the reader refuses."""
    return Builder(Chooser(draw), months=months, drivers=drivers).build()


def world(number: int) -> Tree:
    """The random scenario of a number."""
    return Builder(Dice(Random(number))).build()

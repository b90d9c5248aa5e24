"""Checks for sense: each fault by one change to a valid scenario."""

# ruff: noqa: E501 -- a case per line reads better than a wrapped one
from __future__ import annotations

import pytest
from desk import TINY, Desk

CARGO = "cargo:\n"
LIFT = "    capacity: 1 load/truck\n"
MILE = "milestones:\n"
CAMPS = "camps:\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # references
        ("at: camp, number: 60", "at: camb, number: 60", "people.company.at: there is no place 'camb'; did you mean 'camp'?"),
        ("contingent: first", "contingent: second", "there is no contingent 'second'"),
        ("route: [road]", "route: [rode]", "lifts.convoy.route[0]: there is no leg 'rode'; did you mean 'road'?"),
        ("asset: trucks", "asset: truks", "there is no asset 'truks'; did you mean 'trucks'? defined are trucks"),
        ("camps: [camp]", "camps: [out]", "milestones.withdrawal.camps[0]: there is no camp 'out'"),
        ("owner: un", "owner: us", "cargo.boxes.owner: there is no contingent 'us'"),
        ("rate: 100 km/day", "rate: 100 km/day, threats: {mine: 1 event/100 km}", "legs.road.threats.mine: there is no threat"),
        # routes
        ("between: [camp, out], mode: road", "between: [camp, out], mode: rail", "leg 'road' goes by rail, the lift by road"),
        ("between: [camp, out]", "between: [camp, camp]", "legs.road.between: leads from 'camp' to itself"),
        ("route: [road]", "route: [road, road]", "lifts.convoy.route: ends at 'camp'; expected it to end at 'out'"),
        ("pick_up: [camp]", "pick_up: [camp, camp]", "lifts.convoy.pick_up[1]: 'camp' is named twice"),
        (LIFT, LIFT + "    joins: {a: {at: camp, wait: 1 day}}\n", "only a column is joined by camps"),
        # what carries what
        (LIFT, LIFT + "    kinds: [vehicle]\n", "nothing carries it from 'camp' to 'out'; lifts between them: buses, convoy"),
        (LIFT, LIFT + "    contingents: [first]\n", "cargo.boxes.via[0]: nothing carries it"),
        ("via: [out]}", "via: [camp, out]}", "people.company.via[0]: comes back to 'camp'"),
        ("kind: exit", "kind: border", "ends at 'out', which is of kind 'border'; expected a place of kind 'exit'"),
        ("1 load/truck", "0 load/truck", "so that nothing fits"),
        ("1 load/truck", "30 person/truck", "lifts.convoy.capacity: is in 'person/truck', but the lift carries cargo"),
        ("30 persons/vehicle", "30 loads/vehicle", "is in 'load/vehicle', but the lift carries people"),
        (LIFT, LIFT + "    least: 11 trucks\n", "lifts.convoy.least: is 11, but 'trucks' never has more than 10"),
        (LIFT, LIFT + "    least: 5 trucks\n    most: 4 trucks\n", "is 5, more than the most, 4"),
        (LIFT, LIFT + "    escort: {asset: trucks, least: 11}\n", "takes 11 escorts, but 'trucks' never has more than 10"),
        (LIFT, LIFT + "    needs: {trucks: 12}\n", "lifts.convoy.needs.trucks: takes 12"),
        ("number: 10 trucks", "number: 0 trucks", "never has more than 0, so that it could never form"),
        # lots
        ("number: 20 containers, ", "", "cargo.boxes: expected either 'number' or 'per_person'"),
        ("number: 20 containers", "number: 20 loads, per_person: 1 load/person", "either 'number' or 'per_person'"),
        (", via: [out], disposition: repatriate", ", disposition: repatriate", "needs 'via'"),
        ("disposition: repatriate", "disposition: gift", "cargo.boxes.via: a lot to gift is not moved"),
        (", via: [out], disposition: repatriate", ", disposition: sell, arms: true", "arms, ammunition and armour may not"),
        ("disposition: repatriate", "disposition: repatriate, work: 1 h/load", "'work' means nothing without 'crews'"),
        # dates
        ("horizon: 2024-06-01", "horizon: 2024-03-31", "the deadline 2024-03-31 is not before the horizon"),
        ("horizon: 2024-06-01", "horizon: 2023-06-01", "2023-06-01 is not after the start"),
        ("[2024-01-20, 2024-01-31]", "[2023-01-20, 2023-01-31]", "2023-01-31 is before the start of the scenario"),
        ("[2024-01-20, 2024-01-31]", "[2025-01-20, 2025-01-31]", "2025-01-20 is after the horizon"),
        (LIFT, LIFT + "    first: 2024-02-01\n    last: 2024-01-15\n", "is 2024-01-15, before its first day 2024-02-01"),
        ("number: 10 trucks", "number: 10 trucks, changes: {a: {on: 2023-01-01, gain: 1 truck}}", "is before the start"),
        ("number: 10 trucks", "number: 10 trucks, changes: {a: {on: 2024-02-01}}", "expected either a gain or a loss"),
        ("number: 10 trucks", "number: 10 trucks, changes: {a: {on: 2024-02-01, loss: 11 trucks}}", "1 truck more than"),
        ("number: 10 trucks", "number: 10 trucks, until: gone", "ends with a contingent, but none is named"),
        # guards and camps
        ("least: 20 persons", "least: 61 persons", "needs 61 guards and 60 armed people are here at the start"),
        ("    guard:", "    after: [camp]\n    guard:", "camps wait for each other in a circle: camp after camp"),
        ("    guard:", "    column: convoy\n    guard:", "lift 'convoy' carries cargo; expected one with 'carries: column'"),
        ("    guard:", "    closes: false\n    guard:", "'camp' never closes (closes: false); leave it out"),
        (CAMPS, CAMPS + "  out: {}\n", "camps.out: is an exit, which does not close"),
        # forms of values
        ("number: 10 trucks", "number: {value: {uniform: [5 truck, 9 truck]}, because: x}", "is drawn nowhere; expected one number"),
        ("number: 10 trucks", "number: {by_date: {start: 5 trucks, 2024-02-01: 9 trucks}}", "no effect here"),
        ("rate: 100 km/day", "rate: {by_date: {2024-02-01: 90 km/day}}", "says nothing from the start (2024-01-01)"),
        # what was known
        ("distance: 300 km", "distance: {fact: road-km}, after_closure: {camp: 2}", None),
        ("number: 10 trucks", "number: {fact: late-trucks}", "rests on fact 'late-trucks', known from 2024-02-01 only"),
        ("number: 10 trucks", "number: {fact: late-trucks, hindsight: true}", None),
        (LIFT, LIFT + "    loading: {fact: trip-days, hindsight: true}\n", "an outcome is never an input"),
        (LIFT, LIFT + "    loading: {fact: trip-days, hindsight: true, replay: true}\n", "expected 'replay: true' at the top"),
        # milestones, totals, the residual
        ("people: true, camps: [camp]", "people: false", "milestones.withdrawal: counts nothing"),
        (MILE, "residual: {number: 5 persons}\n" + MILE, "nobody is marked to stay"),
        (MILE, "totals: {a: {of: people, is: 100 persons, tolerance: 5 percent}}\n" + MILE, "people add up to 60, 40 (40.0%) fewer than the documented 100; expected within 5 %"),
        (MILE, "totals: {a: {of: containers, is: 20 containers, tolerance: 0}}\n" + MILE, None),
        (MILE, "totals: {a: {of: containers, is: 20 persons, tolerance: 0}}\n" + MILE, "which does not count containers"),
        # bans
        (CARGO, "bans: {a: {start: 2024-02-01, last: 2024-02-09}}\n" + CARGO, "bans.a: closes nothing"),
        (CARGO, "bans: {a: {legs: [road], start: 2024-02-09, last: 2024-02-01}}\n" + CARGO, "before the ban starts (2024-02-09)"),
        (CARGO, "bans: {a: {legs: [road], start: 2024-02-01}}\n" + CARGO, "expected either 'last' (a day) or 'length'"),
        (CARGO, "bans: {a: {legs: [road], start: 2024-02-01, length: 3 d, chance: 1.5}}\n" + CARGO, "is a share and cannot be 1.5"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(old: str, new: str, expected: str | None, desk: Desk) -> None:
    desk.change((old, new))
    if expected is None:
        desk.load()
    else:
        assert any(expected in fault for fault in desk.faults()), desk.faults()


REGIME = "clearances:\n  pass: {{authority: host, regimes: {{{}}}}}\nauthorities: {{host: {{}}}}\n"
DRIVER = "drivers: {{mood: {{loading: 0.5, states: {{low: {{factor: 1, stays: 0.9, initial: {}}}, high: {{factor: 2, stays: 0.9, initial: 0.5}}}}{}}}}}\n"


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (REGIME.format("a: {stance: delaying, retry: 1 day}"), "a delaying regime answers after a time; expected 'lead'"),
        (REGIME.format("a: {stance: obstructing, retry: 1 day}"), None),
        (REGIME.format("a: {stance: obstructing, retry: 0 day}"), "time would stand still"),
        (REGIME.format("a: {stance: obstructing, retry: 1 d, start: 2024-02-01}"), "none holds at the start (2024-01-01)"),
        (REGIME.format("a: {stance: obstructing, retry: 1 d}, b: {stance: obstructing, retry: 1 d}"), "like 'a'"),
        (DRIVER.format("0.5", ""), None),
        (DRIVER.format("0.4", ""), "the chances 'initial' of all levels add up to 0.9; expected 1"),
        (DRIVER.format("0.5", ", overrides: {x: {area: a, state: med, during: {first: 2024-01-01, last: 2024-02-01}}}")
         + "areas: {a: {}}\n", "driver 'mood' has no level 'med'; its levels are high, low"),
        (DRIVER.format("0.5", ", overrides: {x: {area: a, state: low, during: {first: 2024-03-01, last: 2024-02-01}}}")
         + "areas: {a: {}}\n", "during.last: is 2024-02-01, before the first day 2024-03-01"),
        ("decisions: {x: {do: destroy, when: {a: {blocked: 3 days}}}}\n", "to destroy it needs 'camps'"),
        ("decisions: {x: {do: accelerate, camps: [camp], rate: 3 loads, when: {a: {blocked: 3 d}}}}\n", "means nothing to a"),
        ("decisions: {x: {do: divert, when: {a: {blocked: 3 days}}}}\n", "to divert it needs 'stop' or 'begin'"),
        ("decisions: {x: {do: accelerate, camps: [camp], when: {a: {}}}}\n", "decisions.x.when.a: states nothing"),
        ("decisions: {x: {do: accelerate, camps: [camp], when: {a: {on: 2024-02-01}}}}\n", None),
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(section: str, expected: str | None, desk: Desk) -> None:
    desk.write(TINY + section)
    if expected is None:
        desk.load()
    else:
        assert any(expected in fault for fault in desk.faults()), desk.faults()


HUB = """\
  hub: {serves: [camp], window: {plan: {known: 2024-01-01, target: {uniform: [2024-01-05, 2024-01-10]}}}}
"""


def test_a_hub_that_would_close_before_the_camp_it_serves_is_refused(desk: Desk) -> None:
    desk.change(("places:\n", "places:\n  hub: {kind: hub}\n"), (CAMPS, CAMPS + HUB))
    assert "it serves 'camp', but its own window ends on 2024-01-10, before that of 'camp' begins" in desk.only_fault()


def test_people_of_a_camp_with_a_column_need_its_destination_on_their_way(desk: Desk) -> None:
    desk.change(
        ("  out: {kind: exit}", "  out: {kind: exit}\n  hub: {kind: hub}"),
        ("assets:", "  track: {between: [camp, hub], mode: road, distance: 9 km, rate: 9 km/day}\nassets:"),
        ("    to: out\n    route: [road]\n    based: destination\n    carries: people",
         "    to: hub\n    route: [track]\n    based: origin\n    carries: column"),
        (CAMPS + "  camp:\n", CAMPS + "  camp:\n    column: buses\n"),
    )  # fmt: skip
    assert "people.company.via[0]: nothing carries it from 'camp' to 'out'" in desk.only_fault()


def test_an_analogy_may_lean_on_an_outcome_of_another_operation_only(desk: Desk) -> None:
    (desk.folder / "seeds" / "tiny-facts.yaml").rename(desk.folder / "seeds" / "other-2020.yaml")
    ground = "{value: 2 days, like: trip-days, hindsight: true}"
    desk.change((LIFT, f"{LIFT}    loading: {ground}\n"))
    desk.load()
    (desk.folder / "seeds" / "other-2020.yaml").rename(desk.folder / "seeds" / "tiny-facts.yaml")
    assert "an outcome is never an input" in desk.only_fault()

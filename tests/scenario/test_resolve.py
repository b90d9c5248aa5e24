"""The resolved form, canonical form, inputs, other values, and the JSON schema."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from drawdown_sim.errors import ScenarioError
from drawdown_sim.scenario import (
    canonical_json,
    count_inputs,
    inputs,
    load,
    resolved,
    resolved_yaml,
    shipped_names,
    with_values,
)
from drawdown_sim.scenario.jsonschema import schema_text
from drawdown_sim.scenario.load import shipped_folder
from drawdown_sim.scenario.yamlmarks import Plain, read_file


def test_every_value_is_listed_with_its_path_ground_and_origin(desk: Desk) -> None:
    listed = {entry.path: entry for entry in inputs(desk.load())}
    distance = listed["legs.road.distance"]
    assert distance.value.text == "invented"
    assert distance.origin == f"{desk.path}:11"
    assert "camps.camp.window.plan.target" in listed


def test_inputs_are_counted_by_kind(desk: Desk) -> None:
    desk.change(
        ("distance: 300 km", "distance: {fact: road-km}"),
        ("number: 10 trucks", "number: {fact: late-trucks, hindsight: hired later}"),
    )
    counts = count_inputs(desk.load())
    assert (counts["documented"], counts["hindsight"], counts["replay"]) == (2, 1, 0)
    assert counts["assumed"] == len(inputs(desk.load())) - 2


def test_titles_notes_and_grounds_do_not_change_the_canonical_form(desk: Desk) -> None:
    before = desk.load()
    desk.change(
        ("title: One camp", "note: more\ntitle: A camp"),
        ("distance: 300 km", "distance: {fact: road-km, note: measured}"),
        ("rate: 100 km/day", "rate: {value: 100 km/day, because: other, range: [80 km/day, 110 km/day]}"),
    )
    after = desk.load()
    assert canonical_json(before) == canonical_json(after)
    assert canonical_json(before, with_grounds=True) != canonical_json(after, with_grounds=True)


def test_another_unit_is_the_same_quantity_and_another_quantity_is_not(desk: Desk) -> None:
    before = canonical_json(desk.load())
    desk.change(("distance: 300 km", "distance: 300000 m"))
    assert canonical_json(desk.load()) == before
    desk.change(("distance: 300 km", "distance: 301 km"))
    assert canonical_json(desk.load()) != before


def test_the_resolved_form_spells_defaults_out(desk: Desk) -> None:
    plain: dict[str, Any] = resolved(desk.load())
    assert plain["lifts"]["convoy"]["rank"] == 5
    assert plain["legs"]["road"]["distance"]["content"] == [[None, "fixed", ["300"]]]
    assert list(plain) == sorted(plain)


@pytest.mark.parametrize("name", shipped_names())
def test_the_printed_resolved_form_reads_back_as_the_same_scenario(name: str, tmp_path: Path) -> None:
    bundle = load(name)
    # named as the first scenario of the chain, so that the same facts are its own
    path = tmp_path / Path(bundle.files[0]).name
    path.write_text(resolved_yaml(bundle, origin=True), encoding="utf-8")
    again = load(path)
    assert canonical_json(again) == canonical_json(bundle)
    assert [entry.value.kind for entry in inputs(again)] == [entry.value.kind for entry in inputs(bundle)]
    assert [entry.value.range for entry in inputs(again)] == [entry.value.range for entry in inputs(bundle)]


def test_the_origin_of_each_line_is_its_file_and_line(desk: Desk) -> None:
    desk.write("format: 1\nextends: tiny.yaml\nbecause: x\npatch:\n  assets.trucks.number: 8 trucks\n", "top.yaml")
    lines = resolved_yaml(desk.load("top.yaml"), origin=True).splitlines()
    assert f"    number: {{value: 8 trucks, because: x}}  # {desk.folder}/top.yaml:5" in lines
    assert "    changes: {}" in lines


def test_other_values_replace_the_content_and_keep_the_rest(desk: Desk) -> None:
    bundle = desk.load()
    other = with_values(bundle, {"assets.trucks.number": "5 trucks", "milestones.withdrawal.deadline": "2024-02-01"})
    assert other.scenario.assets["trucks"].number.nominal == 5
    assert other.scenario.assets["trucks"].number.ground == "because"
    assert bundle.scenario.assets["trucks"].number.nominal == 10
    assert other.scenario.lifts is bundle.scenario.lifts
    assert "changed for this run" in resolved_yaml(other, origin=True)


def test_a_value_moved_across_its_range_can_be_put_in(desk: Desk) -> None:
    desk.change(("rate: 100 km/day", "rate: {value: 100 km/day, because: x, range: [80 km/day, 120 km/day]}"))
    bundle = desk.load()
    low = bundle.scenario.legs["road"].rate.across(Fraction(0))
    assert with_values(bundle, {"legs.road.rate": low}).scenario.legs["road"].rate.nominal == 80


def test_other_values_at_wrong_paths_are_all_refused(desk: Desk) -> None:
    with pytest.raises(ScenarioError) as caught:
        with_values(desk.load(), {"assets.truck.number": "5 trucks", "assets.trucks": "5", "legs.road.rate": "5"})
    assert len(caught.value.faults) == 3


# --- the JSON schema -----------------------------------------------------------------------------


def _floats(entry: Plain) -> Any:
    return json.loads(json.dumps(entry, default=float))


def test_the_json_schema_is_fresh() -> None:
    path = shipped_folder() / "scenarios" / "scenario.schema.json"
    assert path.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("name", shipped_names())
def test_the_json_schema_accepts_every_shipped_scenario(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = shipped_folder() / "scenarios" / f"{name}.yaml"
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(_floats(read_file(path, name).plain()))


def test_every_field_is_explained_in_the_json_schema() -> None:
    definitions = json.loads(schema_text())["$defs"]
    lift = definitions["Lift"]["properties"]
    assert lift["pick_up"]["description"] == "Places where it loads, in the order of the loaded run."
    assert definitions["Total"]["properties"]["is"]["description"] == "The documented total."

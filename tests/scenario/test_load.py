"""Finding, extending, patching and binding files."""

# ruff: noqa: E501 -- a case per line reads better than a wrapped one
from __future__ import annotations

import os
from pathlib import Path

import pytest
from desk import TINY, Desk

from drawdown_sim.errors import ScenarioError
from drawdown_sim.scenario import load, shipped_names

TOP = "format: 1\nextends: tiny.yaml\n"


def test_the_tiny_scenario_is_valid(desk: Desk) -> None:
    bundle = desk.load()
    assert bundle.name == "tiny"
    assert bundle.scenario.legs["road"].distance.nominal == 300


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_scenario_is_valid(name: str) -> None:
    assert load(name).name == name


def test_an_existing_path_wins_over_a_shipped_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write(TINY, "baseline")
    monkeypatch.chdir(desk.folder)
    assert load("baseline").scenario.title == "One camp, one road, one lift"


@pytest.mark.parametrize(
    "name", ["x/teaching/two-escorts.yaml", "two/teaching/two-escorts", "teaching/two-escorts.yml"]
)
def test_a_missing_path_that_ends_in_a_shipped_name_says_so(name: str) -> None:
    with pytest.raises(
        ScenarioError, match=f"no file '{name}'; 'teaching/two-escorts' is shipped: run it by that name"
    ):
        load(name)


def test_an_unknown_name_lists_what_is_shipped() -> None:
    with pytest.raises(
        ScenarioError, match=r"no shipped scenario of that name; shipped are baseline.* under teaching/"
    ):
        load("nowhere")


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, ""])
def test_an_impossible_name_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError):
        load(name)


def test_an_unreadable_file_is_refused(desk: Desk) -> None:
    desk.path.chmod(0)
    if os.access(desk.path, os.R_OK):
        pytest.skip("this user may read everything")
    assert "cannot be read" in desk.only_fault()


# --- the header ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2]", "bad.yaml:1:1: expected a mapping that begins with 'format: 1'"),
        ("title: x", "the key 'format' is missing"),
        ("format: 2", "bad.yaml:1:9: format: this program reads 'format: 1' only"),
        ("format: true", "this program reads 'format: 1' only"),
        ("format: 1\nrecord: x", "this is a record of what happened, not a scenario"),
        ("format: 1\nfacts: {}", "this is a file of seeds, not a scenario"),
        ("format: 1\npatch: {}", "there is nothing to patch; expected 'extends'"),
        ("format: 1\nbecause: 3", "because: expected a text"),
        ("format: 1\nextends: [a]", "extends: expected the name of a scenario or a relative path"),
        ("format: 1\nextends: /etc/passwd", "extends: '/etc/passwd' is absolute"),
        ("format: 1\nextends: ../../etc/passwd", "leads out of the folder"),
        ("format: 1\nextends: nobody.yaml", "there is no 'nobody.yaml' beside this file, nor a shipped scenario"),
        ("format: 1\nextends: bad.yaml", "goes round in a circle: bad.yaml -> bad.yaml"),
    ],
)
def test_what_is_no_scenario_is_refused_at_once(text: str, expected: str, desk: Desk) -> None:
    desk.write(text, "bad.yaml")
    assert expected in desk.only_fault("bad.yaml")


def test_a_circle_of_extensions_shows_its_chain(desk: Desk) -> None:
    desk.write("format: 1\nextends: b.yaml", "a.yaml")
    desk.write("format: 1\nextends: a.yaml", "b.yaml")
    assert "a.yaml -> b.yaml -> a.yaml" in desk.only_fault("a.yaml")


def test_extensions_end_at_eight(desk: Desk) -> None:
    for i in range(10):
        desk.write(f"format: 1\nextends: {f'f{i - 1}.yaml' if i else 'tiny.yaml'}", f"f{i}.yaml")
    assert desk.load("f7.yaml").name == "f7"
    assert "more than 8 deep" in desk.only_fault("f9.yaml")


def test_a_link_out_of_the_root_is_refused(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "base.yaml"
    outside.write_text(TINY)
    (desk.folder / "link.yaml").symlink_to(outside)
    desk.write("format: 1\nextends: link.yaml", "top.yaml")
    assert "leads out of the folder" in desk.only_fault("top.yaml")


def test_a_file_anywhere_may_extend_a_shipped_scenario(desk: Desk) -> None:
    desk.write(
        "format: 1\nextends: teaching/two-escorts\npatch: {assets.escorts.number: 4 escorts}\nbecause: x", "a.yaml"
    )
    assert desk.load("a.yaml").scenario.assets["escorts"].number.nominal == 4


# --- patches -------------------------------------------------------------------------------------


def test_patches_set_add_and_remove(desk: Desk) -> None:
    desk.write(
        TOP
        + "title: Changed\nbecause: a variant\npatch:\n"
        + "  milestones.withdrawal.deadline: 2024-02-28\n"
        + "  +assets.ferries: {kind: ship, at: out, number: 1 ship}\n"
        + "  +decisions.hurry: {do: accelerate, camps: [camp], when: {a: {before_deadline: 9 days}}}\n"
        + "  -lifts.convoy: the road is shut to trucks\n"
        + "  -cargo.boxes: sold before\n",
        "top.yaml",
    )
    bundle = desk.load("top.yaml")
    assert bundle.scenario.title == "Changed"
    assert sorted(bundle.scenario.assets) == ["ferries", "trucks"]
    assert list(bundle.scenario.lifts) == ["buses"]
    assert bundle.origin(("milestones", "withdrawal", "deadline")) == f"{desk.folder}/top.yaml:6"
    assert bundle.origin(("milestones", "withdrawal")) == f"{desk.path}:46"


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("{lifts.convoi.rank: 3}", "there is no 'convoi' in 'lifts'; did you mean 'convoy'?"),
        (
            "{lifts.convoy.rank: 3}",
            "there is no 'rank' in 'lifts.convoy'; to add something new, begin the path with '+'",
        ),
        ("{+lifts.convoy.to: camp}", "is there already (set in"),
        ("{+lifts.convoi.joins.x: 3}", "there is no 'convoi' in 'lifts'"),
        ("{-lifts.convoi: gone}", "there is no 'convoi'"),
        ("{-lifts.convoy: }", "expected the reason for the removal"),
        ("{lifts.convoy.route.road: x}", "'lifts.convoy.route' has no keys"),
        ("{lifts..convoy: x}", "is not a path"),
        ("[a]", "expected one 'path: new value' in each item"),
        ("soon", "expected a mapping from paths to new values"),
        (
            "\n  lifts.convoy.to: out\n  lifts.convoy: {}",
            "top.yaml:5:3: patch.lifts.convoy: touches the same path as 'patch.lifts.convoy.to' in line 4",
        ),
        ("\n  -lifts.convoy: x\n  +lifts.convoy: {}", "touches the same path"),
    ],
)
def test_a_patch_must_hit_what_it_means(patch: str, expected: str, desk: Desk) -> None:
    desk.write(f"{TOP}patch: {patch}", "top.yaml")
    assert expected in desk.only_fault("top.yaml")


def test_an_ordered_patch_may_touch_a_path_twice(desk: Desk) -> None:
    patch = "patch:\n  - lifts.convoy.route: []\n  - lifts.convoy.route: [road]\n  - lifts.convoy: {}\n  - -lifts.convoy: gone\n"
    desk.write(f"{TOP}{patch}  - -cargo.boxes: gone\n", "top.yaml")
    assert "convoy" not in desk.load("top.yaml").scenario.lifts


def test_a_file_that_extends_holds_no_world(desk: Desk) -> None:
    desk.write(f"{TOP}places: {{x: {{kind: camp}}}}\ntitel: x", "top.yaml")
    faults = desk.faults("top.yaml")
    assert (
        "top.yaml:3:1: places: a file that extends another may not hold 'places' itself; put it under patch"
        in faults[0]
    )
    assert "unknown key 'titel'; did you mean 'title'?" in faults[1]


def test_a_default_ground_holds_for_its_own_file_only(desk: Desk) -> None:
    desk.write(f"{TOP}patch: {{assets.trucks.number: 5 trucks}}", "top.yaml")
    assert "top.yaml:3:31: assets.trucks.number: '5 trucks' names no ground" in desk.only_fault("top.yaml")


# --- faults of form ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "pick_up: [camp]",
            "pick_upp: [camp]",
            "unknown key 'pick_upp'; did you mean 'pick_up'? known keys: mode, pick_up",
        ),
        ("    to: out\n", "", "lifts.convoy: the key 'to' is missing (Where it delivers)"),
        ("mode: road, distance", "mode: rood, distance", "'rood' is not known here; did you mean 'road'?"),
        (
            "title: One camp, one road, one lift",
            "title: 5",
            "tiny.yaml:2:8: title: expected a text (put it in quotes); found '5'",
        ),
        ("people: true", "people: yes", "milestones.withdrawal.people: expected true or false; found 'yes'"),
        ("start: 2024-01-01", "start: 20240101", "start: '20240101' is not a date; expected one such as 2023-12-31"),
        ("as_of: 2024-01-01", "as_of: 2024-13-01", "as_of: there is no day '2024-13-01'"),
        ("camp: {kind: camp}", "Camp: {kind: camp}", "tiny.yaml:8:3: places.Camp: 'Camp' is not an id"),
        ("between: [camp, out]", "between: [camp]", "legs.road.between: expected a list of two, such as [a, b]"),
        (
            "between: [camp, out]",
            "between: [camp, out, camp]",
            "legs.road.between: expected at most 2 entries; found 3",
        ),
        ("between: [camp, out]", "between: camp", "legs.road.between: expected a list, such as [a, b]; found 'camp'"),
        ("route: [road]", "route: []", "lifts.convoy.route: expected at least 1 entry; found none"),
        ("route: [road]", "route: [road]\n    rank: 12", "lifts.convoy.rank: expected at most 9; found '12'"),
        ("route: [road]", "route: [road]\n    rank: 1.5", "lifts.convoy.rank: expected a whole number; found '1.5'"),
        (
            "route: [road]",
            "route: [road]\n    hours: [5:00, 18:00]",
            "lifts.convoy.hours[0]: '5:00' is not a time of day",
        ),
        ("  first: {}", "  first: 3", "contingents.first: expected a mapping; found '3'"),
        ("  first: {}", "", "contingents: expected a mapping from ids to entries; found nothing (null)"),
        ("distance: 300 km", "distance: 300", "tiny.yaml:11:54: legs.road.distance: '300' names no unit"),
        ("distance: 300 km", "distance: {value: 300 kn, because: x}", "legs.road.distance.value: 'kn' is not a unit"),
    ],
)
def test_faults_of_form_are_told_in_plain_words(old: str, new: str, expected: str, desk: Desk) -> None:
    desk.change((old, new))
    fault = desk.only_fault()
    assert expected in fault
    assert "pydantic" not in fault
    assert "Input should" not in fault


def test_all_faults_of_a_file_come_at_once_in_its_order(desk: Desk) -> None:
    desk.change(("title: One", "titel: One"), ("kind: exit", "kind: way-out"), ("20 containers", "20"))
    faults = desk.faults()
    assert [fault.split(":")[1] for fault in faults] == ["2", "9", "19"]


def test_entries_in_another_order_are_the_same_scenario(desk: Desk) -> None:
    from drawdown_sim.scenario import canonical_json

    before = canonical_json(desk.load())
    head, _, rest = TINY.partition("places:")
    world, _, end = rest.partition("milestones:")
    desk.write(f"{head}milestones:{end}places:{world}")
    assert canonical_json(desk.load()) == before


def test_paths_are_shown_as_the_user_wrote_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)
    desk.change(("kind: exit", "kind: exti"))
    with pytest.raises(ScenarioError, match=r"\Atiny.yaml:9:15: places.out.kind: 'exti' is not known here"):
        load(Path("tiny.yaml"))

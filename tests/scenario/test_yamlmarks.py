"""Reading YAML: marks, scalar rules of YAML 1.2, limits."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from drawdown_sim.errors import ScenarioError
from drawdown_sim.scenario.yamlmarks import parse, read_file


def fault_of(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse(text, "f.yaml")
    return caught.value.faults[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("2023-10-15", "2023-10-15"),
        ("true", True),
        ("~", None),
        ("12", 12),
        ("0o14", 12),
        ("012", 12),
        ("0.50", Decimal("0.50")),
        ("1_000", "1_000"),
        ('"12"', "12"),
        (".5", Decimal("0.5")),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    node = parse(f"key: {text}", "f.yaml").entries["key"]
    assert node.value == value
    assert type(node.value) is type(value)


def test_keys_are_always_text() -> None:
    assert list(parse("{true: 1, 2023-01-01: 2, 5: 3}", "f.yaml").entries) == ["true", "2023-01-01", "5"]


def test_every_node_knows_its_line_and_column() -> None:
    root = parse("a:\n  b: [1,\n      two]\n", "f.yaml")
    assert root.entries["a"].entries["b"].items[1].mark == "f.yaml:3:7"
    assert root.entries["a"].mark_of("b") == "f.yaml:2:3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1", "f.yaml:1:4: the anchor '&x' is not part of this format"),
        ("a: *x", "f.yaml:1:4: an alias is not part of this format"),
        ("a: !!python/object:os.system x", "the tag 'tag:yaml.org,2002:python/object:os.system'"),
        ("<<: {a: 1}", "a merge key (<<) is not part of this format; use extends"),
        ("a: 1\nb: 2\na: 3", "f.yaml:3:1: the key 'a' is given twice; first in line 1, column 1"),
        ("a: 1\n---\nb: 2", "a second document ('---') in one file"),
        ("[" * 50 + "]" * 50, "nested deeper than 40 levels"),
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("{[a]: 1}", "a key is a list or a mapping"),
        ("a: [1, 2", "f.yaml:2:1: not valid YAML:"),
        ("a: {b} / 2", "a text that begins with a brace needs quotes"),
        ("a: \x07", "f.yaml:1:4: not valid YAML"),
        ("a: " + "9" * 5000, "a number of 5000 digits"),
        ("\n".join(f"k{i}: 1" for i in range(200_001)), "more than 200,000 entries"),
    ],
)
def test_what_is_no_part_of_the_format_is_refused_with_its_place(text: str, expected: str) -> None:
    assert expected in fault_of(text)


def test_all_duplicate_keys_are_found_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse("a: 1\na: 2\nb: 1\nb: 2\n", "f.yaml")
    assert len(caught.value.faults) == 2


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    assert "the anchor '&a0'" in fault_of("\n".join(lines))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: \x00", "holds NUL bytes"),
        (b"a: 1\nb: \xff\n", "f.yaml:2:4: is not UTF-8"),
        (b"#" * (4 * 2**20 + 1), "larger than 4 MB"),
    ],
)
def test_files_that_are_no_text_are_refused(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        read_file(path, "f.yaml")
    assert expected in caught.value.faults[0]


def test_a_folder_a_missing_file_and_an_impossible_name_are_refused(tmp_path: Path) -> None:
    for path, expected in (
        (tmp_path, "is a folder"),
        (tmp_path / "x", "no such file"),
        (Path("a\0b"), "cannot be read"),
    ):
        with pytest.raises(ScenarioError, match=expected):
            read_file(path, "f.yaml")


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert list(read_file(path, "f.yaml").entries) == ["a"]

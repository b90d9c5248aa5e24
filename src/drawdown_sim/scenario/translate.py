"""Faults of the schema in our own words, each with file, line and column."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from .descriptions import descriptions
from .quantities import shown
from .schema import Scenario
from .values import Value, ValueFault
from .yamlmarks import Node

Path = tuple[str | int, ...]

_EXPECTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping from ids to entries",
    "list_type": "a list, such as [a, b]",
    "tuple_type": "a list, such as [a, b]",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
}


def dotted(path: Path) -> str:
    """A path as it is shown: keys joined by dots, positions in brackets."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def node_at(tree: Node, path: Path) -> tuple[Node, int]:
    """The deepest node on a path, and how many parts of the path it is deep."""
    node = tree
    for depth, part in enumerate(path):
        if isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        elif isinstance(part, str) and part in node.entries:
            node = node.entries[part]
        else:
            return node, depth
    return node, len(path)


def fault_line(tree: Node, path: Path, text: str, at_key: bool = False) -> str:
    """``file:line:column: path: text``, at the node of the path or the nearest one above it."""
    node, depth = node_at(tree, path)
    mark = node.mark
    if at_key and depth == len(path) and isinstance(path[-1], str):
        mark = node_at(tree, path[:-1])[0].mark_of(path[-1])
    where = f"{dotted(path)}: " if path else ""
    return f"{mark}: {where}{text}"


def translate(errors: Sequence[ErrorDetails], tree: Node) -> list[str]:
    """The fault lines of pydantic's errors.

    A missing key is not told when an unknown one beside it is that key misspelt.
    """
    unknown: dict[Path, list[str]] = {}
    for error in errors:
        if error["type"] == "extra_forbidden":
            unknown.setdefault(error["loc"][:-1], []).append(str(error["loc"][-1]))
    lines: list[str] = []
    for error in errors:
        beside = unknown.get(error["loc"][:-1], []) if error["type"] == "missing" else []
        if not get_close_matches(str(error["loc"][-1]), beside, 1):
            lines += _translate(error, tree)
    return lines


def _translate(error: ErrorDetails, tree: Node) -> list[str]:
    path, kind, context = error["loc"], error["type"], error.get("ctx", {})
    if kind == "value":
        faults: list[ValueFault] = context["faults"]
        return [fault_line(tree, path + fault.where, fault.text, fault.at_key) for fault in faults]
    if kind == "missing":
        return [_missing(tree, path)]
    if kind == "extra_forbidden":
        return [fault_line(tree, path, _unknown_key(path), at_key=True)]
    if path and path[-1] == "[key]":
        return [fault_line(tree, path[:-1], _bad_id(path[-2]), at_key=True)]
    return [fault_line(tree, path, _describe(kind, error["input"], context))]


def _missing(tree: Node, path: Path) -> str:
    if isinstance(path[-1], int):
        # a list of fixed length is always a pair
        return fault_line(tree, path[:-1], "expected a list of two, such as [a, b]")
    model = model_at(path[:-1])
    fields = model.model_fields if model else {}
    texts = descriptions().get(model.__name__, {}) if model else {}
    name = next((name for name, info in fields.items() if (info.alias or name) == path[-1]), "")
    about = f" ({texts[name].splitlines()[0].rstrip('.')})" if name in texts else ""
    return fault_line(tree, path[:-1], f"the key '{path[-1]}' is missing{about}")


def _unknown_key(path: Path) -> str:
    key, model = str(path[-1]), model_at(path[:-1])
    known = [field.alias or name for name, field in model.model_fields.items()] if model else []
    close = get_close_matches(key, known, 1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"unknown key '{key}'; {hint}known keys: {', '.join(known)}"


def _bad_id(written: object) -> str:
    return f"{shown(written)} is not an id; expected small letters, digits and hyphens, at most 64"


def _describe(kind: str, written: object, context: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        close = get_close_matches(str(written), words, 1)
        hint = f"did you mean '{close[0]}'? " if close else ""
        return f"{shown(written)} is not known here; {hint}expected {'one of ' * (len(words) > 1)}{', '.join(words)}"
    if kind == "string_pattern_mismatch":
        if "[0-5]" in context["pattern"]:
            return f'{shown(written)} is not a time of day; expected one in quotes, "00:00" to "24:00"'
        return _bad_id(written)
    expected = _EXPECTED.get(kind, "something else; see the schema").format(**context)
    if kind in ("too_short", "too_long"):
        entries = "entry" if expected.endswith(" 1") else "entries"
        return f"expected {expected} {entries}; found {context['actual_length'] or 'none'}"
    quotes = " (put it in quotes)" if kind == "string_type" and isinstance(written, (int, float)) else ""
    instead = "; leave the key out, or give it something" if written is None else ""
    return f"expected {expected}{quotes}; found {shown(written)}{instead}"


def model_at(path: Path) -> type[BaseModel] | None:
    """The model of the schema at a path, or None if something else stands there."""
    annotation: Any = Scenario
    for part in path:
        annotation = _bare(annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields = annotation.model_fields
            annotation = next((f.annotation for n, f in fields.items() if (f.alias or n) == part), None)
        elif get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
        elif get_origin(annotation) in (list, tuple):
            annotation = get_args(annotation)[0]
        else:
            return None
    annotation = _bare(annotation)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """An annotation without its metadata and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return None if annotation is Value else annotation

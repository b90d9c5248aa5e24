"""A scenario with everything spelled out: its inputs, its canonical form, other values in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ..errors import ScenarioError
from .quantities import Refused
from .schema import Scenario
from .sources import Register
from .translate import Path as Route
from .translate import dotted, node_at
from .values import KINDS, Kind, Value
from .yamlmarks import Node

#: Fields that explain, count or draw maps, and so cannot change a trajectory.
_SILENT = frozenset(("title", "note", "answer", "because", "as_of", "replay", "totals", "latitude", "longitude"))
#: The fault of a path at whose end no value stands.
_NOTHING_HERE = "there is no value to replace here"
#: Lists whose order means something; all others are sets.
_ORDERED = frozenset(("pick_up", "route", "via", "between", "hours"))


@dataclass(frozen=True)
class Bundle:
    """A checked scenario with the files and facts it was read from."""

    scenario: Scenario
    name: str
    """The scenario's name in results: its file's name, below the root."""
    path: Path
    root: Path
    """The folder that its files may not reach out of."""
    tree: Node
    """The merged tree; every node knows the file and line that set it."""
    register: Register
    files: tuple[str, ...]
    """The files read, the first base first."""
    default_grounds: Mapping[str, str] = field(default_factory=dict)
    """The ground of values that name none, by file."""
    changed: tuple[str, ...] = ()
    """Paths whose values `with_values` replaced."""

    def node_at(self, path: Route) -> tuple[Node, int]:
        """The deepest node on a path, and how many parts of the path it is deep."""
        return node_at(self.tree, path)

    def located(self, told: str) -> str:
        """A fault told as ``path: text``, with the file, line and column of the nearest node on the path."""
        node, depth = self.node_at(tuple(told.partition(": ")[0].split(".")))
        return f"{node.mark}: {told}" if depth else told

    def origin(self, path: Route) -> str | None:
        """``file:line`` that set what stands at a path; None for a default."""
        node, depth = self.node_at(path)
        return f"{node.file}:{node.line}" if depth == len(path) else None


@dataclass(frozen=True, slots=True)
class Input:
    """One value of a scenario."""

    path: str
    """Dotted."""
    value: Value
    origin: str | None
    """``file:line``."""


def values_of(model: Any, path: Route = ()) -> Iterator[tuple[Route, Value]]:
    """Every value below a model, with its path, in the order of the schema and of the file."""
    if isinstance(model, Value):
        yield path, model
    elif isinstance(model, BaseModel):
        for name, info in type(model).model_fields.items():
            yield from values_of(getattr(model, name), (*path, info.alias or name))
    elif isinstance(model, dict):
        for key, entry in model.items():
            yield from values_of(entry, (*path, key))
    elif isinstance(model, (list, tuple)):
        for position, entry in enumerate(model):
            yield from values_of(entry, (*path, position))


def inputs(bundle: Bundle) -> list[Input]:
    """Every value of the scenario with its path and origin; default grounds are filled in."""
    found = []
    for path, value in values_of(bundle.scenario):
        if value.ground == "because" and not value.text:
            node, _ = bundle.node_at(path)
            text = bundle.default_grounds.get(node.file) or next(iter(bundle.default_grounds.values()), "")
            value = replace(value, text=text)
        found.append(Input(dotted(path), value, bundle.origin(path)))
    return found


def count_inputs(bundle: Bundle) -> dict[str, int]:
    """How many values are documented, derived, analogy, calibrated, assumed; hindsight, replay."""
    kinds: tuple[Kind, ...] = tuple(KINDS.values())
    counts: dict[str, int] = dict.fromkeys((*kinds, "hindsight", "replay"), 0)
    for _, value in values_of(bundle.scenario):
        counts[value.kind] += 1
        counts["hindsight"] += value.hindsight
        counts["replay"] += value.replay
    return counts


# --- canonical form ------------------------------------------------------------------------------


def resolved(bundle: Bundle) -> dict[str, Any]:
    """The scenario as plain nested mappings: defaults spelled out, keys sorted.

    A value is ``{"content": [[day, kind, [number, ...]], ...], "ground": {...}}``, numbers as exact
    fractions in base units; a day is null for the start of the scenario.
    """
    plain = _plain(bundle.scenario, grounds=True)
    assert isinstance(plain, dict)
    return plain


def canonical_json(bundle: Bundle, with_grounds: bool = False) -> str:
    """The scenario on one line, equal for equal trajectories: for digests.

    Titles, notes, totals, the day of knowledge and the grounds of values are left out unless asked for.
    """
    plain = _plain(bundle.scenario, grounds=with_grounds)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(entry: Any, grounds: bool) -> Any:
    if isinstance(entry, Value):
        return _plain_value(entry, grounds)
    if isinstance(entry, BaseModel):
        named = {info.alias or name: (name, getattr(entry, name)) for name, info in type(entry).model_fields.items()}
        return {
            key: _plain_list(value, name) if isinstance(value, (list, tuple)) else _plain(value, grounds)
            for key, (name, value) in sorted(named.items())
            if grounds or name not in _SILENT
        }
    if isinstance(entry, dict):
        return {key: _plain(entry[key], grounds) for key in sorted(entry)}
    return entry.isoformat() if isinstance(entry, date) else entry


def _plain_list(entries: list[str] | tuple[str, ...], name: str) -> list[str]:
    """A list of words, sorted unless its order means something."""
    return list(entries) if name in _ORDERED else sorted(entries)


def _plain_value(value: Value, grounds: bool) -> dict[str, Any]:
    content = [
        [day and day.isoformat(), dist.kind, [str(number) for number in dist.numbers]] for day, dist in value.content
    ]
    if not grounds:
        return {"content": content}
    ground: dict[str, Any] = {
        "facts": list(value.facts),
        "free": value.free,
        "hindsight": value.hindsight,
        "kind": value.kind,
        "lever": value.lever,
        "range": value.range and [str(end) for end in value.range],
        "replay": value.replay,
        "text": value.text,
    }
    return {"content": content, "dimension": value.dimension, "ground": ground}


# --- other values --------------------------------------------------------------------------------


def with_values(bundle: Bundle, values: Mapping[str, Value | str]) -> Bundle:
    """The bundle with other values at dotted paths, for sweeps; no file is read again.

    A text is read as under `value:` and keeps the ground that stood there, unchecked. Nothing is
    checked for sense. Raises `ScenarioError` for a path without a value or an unreadable text.
    """
    faults: dict[str, str] = {}
    changes = [_Change(path, tuple(path.split(".")), value) for path, value in values.items()]
    scenario = _replaced(bundle.scenario, changes, faults)
    if faults:
        raise ScenarioError([f"{path}: {faults[path]}" for path in values if path in faults])
    return replace(bundle, scenario=scenario, changed=(*bundle.changed, *values))


@dataclass(frozen=True, slots=True)
class _Change:
    """Another value at a dotted path."""

    path: str
    rest: tuple[str, ...]
    """What is left of the path, from the entry in hand on."""
    value: Value | str


def _replaced(entry: Any, changes: list[_Change], faults: dict[str, str]) -> Any:
    """A copy of `entry` with all changes below it; what is off their paths is shared."""
    if isinstance(entry, Value):
        for change in changes:
            entry = _changed(entry, change, faults)
        return entry
    below: dict[str, list[_Change]] = {}
    for change in changes:
        below.setdefault(change.rest[0] if change.rest else "", []).append(replace(change, rest=change.rest[1:]))
    names: Mapping[str, str] = {}
    if isinstance(entry, BaseModel):
        names = {info.alias or name: name for name, info in type(entry).model_fields.items()}
    elif isinstance(entry, dict):
        names = dict(zip(entry, entry, strict=True))
    update: dict[str, Any] = {}
    for key, deeper in below.items():
        if key in names:
            old = entry[key] if isinstance(entry, dict) else getattr(entry, names[key])
            update[names[key]] = _replaced(old, deeper, faults)
        else:
            faults |= {change.path: _NOTHING_HERE for change in deeper}
    return entry.model_copy(update=update) if isinstance(entry, BaseModel) else {**entry, **update} if update else entry


def _changed(value: Value, change: _Change, faults: dict[str, str]) -> Value:
    if change.rest:
        faults[change.path] = _NOTHING_HERE
    elif not isinstance(change.value, str):
        return change.value
    else:
        try:
            return value.rewritten(change.value)
        except Refused as refused:
            faults[change.path] = str(refused)
    return value

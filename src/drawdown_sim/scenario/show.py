"""The resolved scenario as YAML for people: no extends, every default spelled out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from .contents import write_number
from .quantities import plain
from .resolve import Bundle
from .translate import Path
from .values import Value
from .writing import flow, scalar


def resolved_yaml(bundle: Bundle, origin: bool = False) -> str:
    """A file that reads back as the same scenario.

    With `origin`, each line ends with the ``# file:line`` that set it; a default has none. Values that
    `with_values` replaced are marked as such.
    """
    return "\n".join(_lines(bundle, bundle.scenario, (), origin)) + "\n"


def _lines(bundle: Bundle, entry: Any, path: Path, origin: bool) -> Iterator[str]:
    """The lines of a mapping: a model's fields or a dictionary's entries."""
    if isinstance(entry, BaseModel):
        entries = {info.alias or name: getattr(entry, name) for name, info in type(entry).model_fields.items()}
    else:
        entries = entry
    for key, value in entries.items():
        below: Path = (*path, key)
        comment = _origin(bundle, below) if origin else ""
        head = f"{'  ' * len(path)}{scalar(key)}:"
        if value is None or (key == "because" and not path):
            # the default ground is written out at every value that rests on it
            continue
        if isinstance(value, Value):
            yield f"{head} {_value(bundle, below, value)}{comment}"
        elif isinstance(value, (BaseModel, dict)) and not (isinstance(value, dict) and not value):
            yield f"{head}{comment}"
            yield from _lines(bundle, value, below, origin)
        else:
            yield f"{head} {flow(_plain(value))}{comment}"


def _plain(entry: Any) -> Any:
    if isinstance(entry, tuple):
        return list(entry)
    return entry.isoformat() if isinstance(entry, date) else entry


def _origin(bundle: Bundle, path: Path) -> str:
    if ".".join(map(str, path)) in bundle.changed:
        return "  # changed for this run"
    where = bundle.origin(path)
    return f"  # {where}" if where else ""


def _value(bundle: Bundle, path: Path, value: Value) -> str:
    """A value with its ground, on one line."""
    text = value.text
    if value.ground == "because" and not text:
        node, _ = bundle.node_at(path)
        text = bundle.default_grounds.get(node.file) or next(iter(bundle.default_grounds.values()), "")
    ground: Any = text
    if value.ground == "fact":
        ground = value.facts[0] if len(value.facts) == 1 else list(value.facts)
    parts = [f"value: {value.written}"] if value.written else []
    parts.append(f"{value.ground}: {flow(ground)}")
    if value.range is not None:
        parts.append(f"range: {_range(value)}")
    parts += [f"{key}: true" for key in ("lever", "free") if getattr(value, key)]
    for key in ("hindsight", "replay"):
        if getattr(value, key):
            parts.append(f"{key}: {flow(value.why) if value.why else 'true'}")
    if value.note:
        parts.append(f"note: {flow(value.note)}")
    return "{" + ", ".join(parts) + "}"


def _range(value: Value) -> str:
    """The ends of a range: quantities, or factors for a value by date."""
    assert value.range is not None, "asked for only where there is one"
    if value.is_by_date:
        return flow([Decimal(plain(end)) for end in value.range])
    return flow([write_number(end, value.dimension) for end in value.range])

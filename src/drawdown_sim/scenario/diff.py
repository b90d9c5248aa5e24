"""What differs between two scenarios in meaning: values with their grounds, plain fields, entries that only one has.

Scenarios are compared resolved, so that neither the order of a file, nor a default spelled out, nor the unit in which a
number is written makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .contents import write_content
from .resolve import Bundle, inputs, resolved
from .values import Value
from .writing import flow

What = Literal["value", "ground", "field", "added", "removed"]

#: Fields for readers, which say nothing about the mission.
_WORDS = frozenset(("title", "note", "answer", "because"))


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a base and another scenario."""

    path: str
    """Dotted."""
    what: What
    """A value that differs; a value of which only ground, range or marks differ; a plain field; an entry that only
    the other has, or only the base."""
    base: str
    """As the base says it; empty for what it has not."""
    new: str
    """As the other says it; empty for what it has not."""
    ground: str
    """What the other's rests on: kind and text of a value, the kinds found below an entry."""
    base_ground: str


def differences(base: Bundle, other: Bundle) -> list[Change]:
    """Everything in which another scenario differs from a base, in the order of paths."""
    return list(_compared((), resolved(base), resolved(other), _Sides.of(base, other)))


@dataclass(frozen=True, slots=True)
class _Sides:
    """The values of both scenarios by their dotted paths."""

    base: Mapping[str, Value]
    other: Mapping[str, Value]

    @classmethod
    def of(cls, base: Bundle, other: Bundle) -> _Sides:
        return cls(*({entry.path: entry.value for entry in inputs(bundle)} for bundle in (base, other)))


def _compared(path: tuple[str, ...], base: Any, other: Any, sides: _Sides) -> Iterator[Change]:
    """The changes at and below a path, where the resolved scenarios hold `base` and `other`."""
    if base == other:
        return
    where = ".".join(path)
    if _is_empty(base) or _is_empty(other):
        what: What = "added" if _is_empty(base) else "removed"
        yield Change(
            where,
            what,
            _brief(where, base, sides.base),
            _brief(where, other, sides.other),
            _kinds(where, sides.other),
            _kinds(where, sides.base),
        )
    elif _is_value(base) and _is_value(other):
        yield _value_change(where, base, other, sides)
    elif isinstance(base, dict) and isinstance(other, dict):
        for key in sorted(base.keys() | other.keys()):
            if key not in _WORDS:
                yield from _compared((*path, key), base.get(key), other.get(key), sides)
    else:
        yield Change(where, "field", flow(base), flow(other), "", "")


def _value_change(where: str, base: Any, other: Any, sides: _Sides) -> Change:
    old, new = sides.base[where], sides.other[where]
    what: What = "ground" if base["content"] == other["content"] else "value"
    return Change(where, what, written(old), written(new), ground_of(new), ground_of(old))


def _is_value(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.keys() == {"content", "dimension", "ground"}


def _is_empty(entry: Any) -> bool:
    """Whether an entry was left out; what is false or zero was not."""
    return entry is None or entry == {} or entry == []


def _brief(where: str, entry: Any, values: Mapping[str, Value]) -> str:
    """An entry on one line, with its values as written and without what it leaves out."""
    if _is_empty(entry):
        return ""
    if _is_value(entry):
        return written(values[where])
    if isinstance(entry, dict):
        kept = {key: below for key, below in entry.items() if key not in _WORDS and below is not False}
        parts = [f"{key}: {text}" for key, below in kept.items() if (text := _brief(f"{where}.{key}", below, values))]
        return f"{{{', '.join(parts)}}}"
    return flow(entry)


def _kinds(where: str, values: Mapping[str, Value]) -> str:
    """What the values at and below a path rest on: the whole ground of one, the kinds of several."""
    found = [value for path, value in values.items() if path == where or path.startswith(f"{where}.")]
    if len(found) == 1:
        return ground_of(found[0])
    return ", ".join(sorted({value.kind for value in found}))


def written(value: Value) -> str:
    """A value's quantity on one line, as its author wrote it."""
    return value.written or flow(write_content(value.content, value.dimension))


def ground_of(value: Value) -> str:
    """What a value rests on: the kind with its reason or its facts."""
    return f"{value.kind}: {value.text or ', '.join(value.facts)}".removesuffix(": ")

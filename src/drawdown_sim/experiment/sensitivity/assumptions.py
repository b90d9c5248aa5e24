"""Assumptions: the inputs of a scenario that have a range, by the ground that they share.

What an author writes once often stands at many paths: forty lots packed at one guessed pace are one guess, and it is
wrong for all of them or for none. Moved one path at a time each would look harmless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ...scenario.contents import write_number
from ...scenario.resolve import Bundle, Input, inputs, values_of
from ...scenario.values import Kind, Value

#: Kinds of ground, the weakest first.
WEAKEST_FIRST: tuple[Kind, ...] = ("assumed", "analogy", "calibrated", "derived", "documented")

#: Shares of a range at its ends, with what they are called.
ENDS = {"least": Fraction(0), "most": Fraction(1)}


@dataclass(frozen=True, eq=False)
class Assumption:
    """Inputs that rest on one ground and move together, each across its own range."""

    name: str
    """The path; for several the pattern of their paths, or the first of them, and how many there are."""
    entries: tuple[Input, ...]
    least: str
    """The least of the range as the author wrote it; of the first input, where their ranges differ."""
    most: str
    is_uniform: bool
    """Whether all inputs have the same range."""

    @property
    def value(self) -> Value:
        """The value of its first input."""
        return self.entries[0].value

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of its inputs."""
        return tuple(entry.path for entry in self.entries)

    @property
    def is_lever(self) -> bool:
        """Whether planners could change one of its inputs."""
        return any(entry.value.lever for entry in self.entries)

    @property
    def is_free(self) -> bool:
        """Whether no evidence bounds one of its inputs."""
        return any(entry.value.free for entry in self.entries)

    def at(self, share: Fraction) -> dict[str, Value | str]:
        """Its inputs at a share of their ranges: 0 is the least, 1 the most."""
        return {entry.path: entry.value.across(share) for entry in self.entries}


def assumptions(bundle: Bundle, *, apart: bool = False) -> list[Assumption]:
    """Every input with a range, in the scenario's order; those that share a ground are one, unless kept `apart`.

    Choice: inputs share a ground if the last word of their paths, the kind of ground, its words and its facts are the
    same; an author who has two reasons writes them differently.
    """
    shared: dict[tuple[object, ...], list[Input]] = {}
    for entry in inputs(bundle):
        value = entry.value
        if value.range is not None:
            ground = (entry.path.split(".")[-1], value.kind, value.text, value.facts)
            shared.setdefault((entry.path,) if apart else ground, []).append(entry)
    names = _names([[entry.path for entry in entries] for entries in shared.values()])
    return [_assumption(bundle, name, entries) for name, entries in zip(names, shared.values(), strict=True)]


def without_range(bundle: Bundle) -> dict[str, int]:
    """How many inputs have no range and so are never moved, by kind of ground, the weakest first."""
    counts = Counter(value.kind for _, value in values_of(bundle.scenario) if value.range is None)
    return {kind: counts[kind] for kind in WEAKEST_FIRST}


def _assumption(bundle: Bundle, name: str, entries: list[Input]) -> Assumption:
    least, most = _range_as_written(bundle, entries[0])
    is_uniform = len({(entry.value.range, entry.value.is_by_date) for entry in entries}) == 1
    return Assumption(name, tuple(entries), least, most, is_uniform)


def _range_as_written(bundle: Bundle, entry: Input) -> tuple[str, str]:
    """The ends of a range in the author's words; of a value by date they are factors."""
    value = entry.value
    assert value.range is not None
    node, _ = bundle.node_at(tuple(entry.path.split(".")))
    written = node.entries.get("range")
    if written is not None and len(written.items) == 2:
        least, most = (str(item.value) for item in written.items)
    else:
        least, most = (write_number(end, "ratio" if value.is_by_date else value.dimension) for end in value.range)
    return (f"{least} times", f"{most} times") if value.is_by_date else (least, most)


def _names(groups: list[list[str]]) -> Iterator[str]:
    """A name for each group of paths, all different."""
    patterns = [_pattern(paths) for paths in groups]
    met = Counter(patterns)
    for paths, pattern in zip(groups, patterns, strict=True):
        if len(paths) == 1:
            yield paths[0]
        elif met[pattern] == 1:
            yield f"{pattern} ({len(paths)})"
        else:
            yield f"{paths[0]} (+{len(paths) - 1})"


def _pattern(paths: list[str]) -> str:
    """What paths have in common at both ends, with a star between."""
    split = [path.split(".") for path in paths]
    head = list(_common(split))
    tail = list(_common(parts[len(head) :][::-1] for parts in split))[::-1]
    return ".".join([*head, *(["*"] if len(paths) > 1 else []), *tail])


def _common(lists: Iterable[list[str]]) -> Iterator[str]:
    """The words with which all lists begin."""
    for words in zip(*lists, strict=False):
        if len(set(words)) > 1:
            return
        yield words[0]

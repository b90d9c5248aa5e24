"""Extending: one tree of nodes laid over another by dotted paths.

``a.b.c: node`` sets what is there, ``+a.b.c: node`` adds what is not, ``-a.b.c: reason`` takes away.
No templating. Every node keeps the file and line that wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from .yamlmarks import Node

#: What a file that extends another may say at the top; everything else goes under `patch`.
OVERRIDES = ("title", "note", "as_of", "replay", "because", "answer", "start", "horizon")
HEADER = ("format", "extends", "patch", *OVERRIDES)


@dataclass(frozen=True, slots=True)
class Patch:
    """One line of a patch."""

    sign: str
    """``+`` adds, ``-`` removes, empty sets."""
    path: tuple[str, ...]
    node: Node
    position: tuple[int, int]
    """Line and column of the path."""

    @property
    def mark(self) -> str:
        return f"{self.node.file}:{self.position[0]}:{self.position[1]}"

    @property
    def name(self) -> str:
        return f"patch.{self.sign}{'.'.join(self.path)}"


def extend(base: Node, top: Node, faults: list[str]) -> None:
    """Lay the file `top`, which extends `base`, over it in place; faults are appended."""
    for key, node in top.entries.items():
        if key in OVERRIDES:
            base.entries[key] = node
            base.marks[key] = top.marks[key]
        elif key not in HEADER:
            faults.append(f"{top.mark_of(key)}: {key}: {_misplaced(key)}")
    if "patch" in top.entries:
        for patch in _read_patches(top.entries["patch"], faults):
            _apply(base, patch, faults)


def _misplaced(key: str) -> str:
    close = get_close_matches(key, HEADER, 1, 0.75)
    if close:
        return f"unknown key '{key}'; did you mean '{close[0]}'?"
    return (
        f"a file that extends another may not hold '{key}' itself; put it under patch, such as"
        f" 'patch: {{{key}.ID.KEY: ...}}'; known keys here: {', '.join(HEADER)}"
    )


def _read_patches(node: Node, faults: list[str]) -> list[Patch]:
    """The patches of a file in their order; unordered ones must not touch."""
    if node.kind == "sequence":
        patches = []
        for item in node.items:
            if item.kind != "mapping" or len(item.entries) != 1:
                faults.append(f"{item.mark}: patch: expected one 'path: new value' in each item of the list")
                continue
            patches += _patches_of(item, faults)
        return patches
    if node.kind != "mapping":
        faults.append(f"{node.mark}: patch: expected a mapping from paths to new values, or a list of such")
        return []
    patches = _patches_of(node, faults)
    _check_apart(patches, faults)
    return patches


def _patches_of(node: Node, faults: list[str]) -> list[Patch]:
    patches = []
    for key, entry in node.entries.items():
        sign = key[0] if key[:1] in ("+", "-") else ""
        path = tuple(key[len(sign) :].split("."))
        if not all(path):
            faults.append(
                f"{node.mark_of(key)}: patch.{key}: is not a path; expected keys joined by dots, such as"
                " 'milestones.withdrawal.deadline'"
            )
        elif sign == "-" and not (isinstance(entry.value, str) and entry.value.strip()):
            faults.append(f"{entry.mark}: patch.{key}: expected the reason for the removal, as a text")
        else:
            patches.append(Patch(sign, path, entry, node.marks[key]))
    return patches


def _check_apart(patches: list[Patch], faults: list[str]) -> None:
    """Two patches of which one reaches into the other have no order in a mapping."""
    ordered = sorted(patches, key=lambda patch: patch.path)
    for first, second in pairwise(ordered):
        if second.path[: len(first.path)] == first.path:
            later, earlier = sorted((first, second), key=lambda patch: patch.position, reverse=True)
            faults.append(
                f"{later.mark}: {later.name}: touches the same path as '{earlier.name}' in line"
                f" {earlier.position[0]}; write patch as a list, in the order in which they apply"
            )


def _apply(base: Node, patch: Patch, faults: list[str]) -> None:
    parent = base
    for depth, key in enumerate(patch.path[:-1]):
        if key not in parent.entries and _may_begin(patch, depth, parent):
            parent.entries[key] = Node("mapping", patch.node.file, *patch.position)
            parent.marks[key] = patch.position
        elif key not in parent.entries:
            faults.append(f"{patch.mark}: {patch.name}: {_missing(parent, patch, depth, len(faults))}")
            return
        parent = parent.entries[key]
    last, where = patch.path[-1], patch.path[:-1]
    if parent.kind != "mapping":
        faults.append(
            f"{patch.mark}: {patch.name}: '{'.'.join(where)}' has no keys; a list or a plain value is"
            " replaced as a whole"
        )
    elif patch.sign == "+" and last in parent.entries:
        faults.append(
            f"{patch.mark}: {patch.name}: is there already (set in {parent.mark_of(last)});"
            " write the path without '+' to replace it"
        )
    elif patch.sign != "+" and last not in parent.entries:
        faults.append(f"{patch.mark}: {patch.name}: {_missing(parent, patch, len(where), len(faults))}")
    elif patch.sign == "-":
        del parent.entries[last], parent.marks[last]
    else:
        parent.entries[last] = patch.node
        parent.marks[last] = patch.position


def _may_begin(patch: Patch, depth: int, parent: Node) -> bool:
    """Whether an addition may begin a section that the base left out.

    Only the last but one key, and only where a section's or a field's name stands (`decisions`,
    `camps.kidal.window`), never an id: a misspelt id must not become a new entry.
    """
    return patch.sign == "+" and depth == len(patch.path) - 2 and depth % 2 == 0 and parent.kind == "mapping"


#: Faults up to which the nearest name is looked up.
_MOST_HINTS = 100

#: What to do where the path of a patch leads nowhere, by the patch's sign.
_INSTEAD = {"": "to add something new, begin the path with '+'", "+": "add that first", "-": "leave the removal out"}


def _missing(parent: Node, patch: Patch, depth: int, before: int) -> str:
    """What is not there, with the nearest name, which after many faults nobody needs."""
    key, where = patch.path[depth], patch.path[:depth]
    place = f"in '{'.'.join(where)}'" if where else "at the top"
    close = get_close_matches(key, parent.entries, 1) if before < _MOST_HINTS else []
    hint = f"did you mean '{close[0]}'?" if close else _INSTEAD[patch.sign]
    return f"there is no '{key}' {place}; {hint}"

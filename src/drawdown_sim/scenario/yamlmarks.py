"""YAML text to a tree with marks: every node knows its file, line and column.

Read from libyaml's stream of events, without recursion, with the scalar rules of YAML 1.2 (core
schema): only `true`, `false`, `null` and numbers are not text; `no`, `on` and `1:30` stay text, and
so do dates. Keys are always text. Anchors, aliases, tags and merge keys are no part of the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ..errors import ScenarioError

MOST_BYTES = 4 * 1024 * 1024
MOST_DEPTH = 40
MOST_NODES = 200_000
LONGEST_NUMBER = 100

Plain = None | bool | int | Decimal | str | list["Plain"] | dict[str, "Plain"]

_INT = re.compile(r"[-+]?[0-9]+\Z", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z", re.ASCII)
_OTHER_BASE = re.compile(r"0(o[0-7]+|x[0-9a-fA-F]+)\Z", re.ASCII)
_WORDS: dict[str, bool | Decimal | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), Decimal("nan")),
    **dict.fromkeys((s + w for s in ("", "+") for w in (".inf", ".Inf", ".INF")), Decimal("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), Decimal("-inf")),
}


#: What libyaml says -> what to do about it.
_PROBLEMS = {
    "mapping values are not allowed in this context": "a second ': ' in one entry, or a line indented too far;"
    " a text that holds ': ' needs quotes",
    "did not find expected ',' or ']'": "a list that is not closed, or a comma is missing; expected ',' or ']'",
    "did not find expected ',' or '}'": "a mapping in braces that is not closed, or a comma is missing;"
    " expected ',' or '}'",
    "did not find expected key": "expected a key; mend the indentation of this line, or put the text before"
    " it in quotes (a text that begins with a brace needs quotes)",
    "found unexpected end of stream": "the file ends within a quoted text; expected the closing quote",
    "could not find expected ':'": "expected ': ' after the key in the line above",
    "block sequence entries are not allowed in this context": "'- ' cannot stand here; expected each item of a list"
    " on a line of its own",
    "found character that cannot start any token": "a text cannot begin with this character; put it in quotes",
    "did not find expected <document start>": "this line belongs to nothing above it; mend its indentation, or the"
    " quotes and braces before it",
    "did not find expected node content": "a value was expected here; a text that begins with this sign needs quotes",
    "did not find expected comment or line break": "a text after '|' or '>' begins on the next line",
    "did not find expected alphabetic or numeric character": "a text that begins with '&' or '*' needs quotes",
    "found unknown escape character": "an unknown escape in a quoted text; expected '\\\\' for a backslash,"
    " or single quotes",
}


@dataclass(slots=True)
class Node:
    """One node of a file; lines and columns count from 1."""

    kind: Literal["mapping", "sequence", "scalar"]
    file: str
    line: int
    column: int
    value: bool | int | Decimal | str | None = None
    """Of a scalar."""
    entries: dict[str, Node] = field(default_factory=dict)
    """Of a mapping."""
    marks: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of a mapping: line and column of each key."""
    items: list[Node] = field(default_factory=list)
    """Of a sequence."""

    @property
    def mark(self) -> str:
        """``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"

    def mark_of(self, key: str) -> str:
        """``file:line:column`` of a key of this mapping."""
        line, column = self.marks[key]
        return f"{self.entries[key].file}:{line}:{column}"

    def plain(self) -> Plain:
        """The node as Python's own types; floating-point numbers are exact decimals."""
        if self.kind == "mapping":
            return {key: node.plain() for key, node in self.entries.items()}
        if self.kind == "sequence":
            return [node.plain() for node in self.items]
        return self.value


def read_text(path: Path, name: str) -> str:
    """The text of a file, called `name` in faults. Raises `ScenarioError` for anything but text."""
    try:
        if path.is_dir():
            raise ScenarioError([f"{name}: is a folder; expected a YAML file"])
        if path.exists() and not path.is_file():
            # reading a pipe or a device may never end
            raise ScenarioError([f"{name}: is a pipe or a device; expected a YAML file"])
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError([f"{name}: no such file"]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise ScenarioError([f"{name}: cannot be read: {reason.lower()}"]) from None
    if len(data) > MOST_BYTES:
        raise ScenarioError([f"{name}: larger than {MOST_BYTES // 2**20} MB; expected a scenario or seeds file"])
    if b"\0" in data:
        raise ScenarioError([f"{name}: holds NUL bytes; expected a text file in UTF-8, not a binary one"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise ScenarioError([f"{name}:{line}:{column}: is not UTF-8; save the file as UTF-8"]) from None


def read_file(path: Path, name: str) -> Node:
    """The tree of a YAML file. Raises `ScenarioError`."""
    return parse(read_text(path, name), name)


def parse(text: str, name: str, first_line: int = 1) -> Node:
    """The tree of a YAML text whose first line has the number `first_line`. Raises `ScenarioError`."""
    builder = _Builder(name, first_line)
    try:
        for event in _events(text):
            builder.accept(event)
    except yaml.YAMLError as error:
        builder.faults.append(_syntax_fault(error, text, builder))
    except _Enough:
        pass
    if builder.faults:
        raise ScenarioError(builder.faults)
    if builder.root is None:
        raise ScenarioError([f"{name}: is empty; expected a mapping that begins with 'format: 1'"])
    return builder.root


def _syntax_fault(error: yaml.YAMLError, text: str, builder: _Builder) -> str:
    """What the parser could not read, in our form."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        reason = getattr(error, "reason", "cannot be parsed")
        # libyaml counts bytes
        before = text.encode()[: getattr(error, "position", 0)].decode(errors="ignore")
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        return f"{builder.at(line, column)}: not valid YAML: {reason}; expected printable text"
    problem = getattr(error, "problem", None) or "cannot be parsed"
    lines = text.split("\n")
    near = lines[mark.line] if mark.line < len(lines) else ""
    if near[mark.column : mark.column + 1] == "\t":
        told = "a tab; expected spaces, which alone indent"
    elif problem in _PROBLEMS:
        told = _PROBLEMS[problem]
    else:
        told = problem + ("; a text that begins with a brace needs quotes" if ": {" in near else "")
    return f"{builder.at(mark.line, mark.column)}: not valid YAML: {told}"


class _Enough(Exception):
    """A limit was passed; reading on makes no sense."""


def _events(text: str) -> Iterator[Event]:
    """The events of a text, by libyaml where PyYAML has it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        while (event := loader.get_event()) is not None:
            yield event
    finally:
        loader.dispose()


class _Builder:
    """Builds the tree from events; a stack of open collections instead of recursion."""

    def __init__(self, name: str, first_line: int) -> None:
        self.name = name
        self.first_line = first_line
        self.faults: list[str] = []
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.keys: list[tuple[str, int, int] | None] = []
        """The key read last in each open mapping, waiting for its value."""
        self.nodes = 0
        self.documents = 0

    def at(self, line: int, column: int) -> str:
        return f"{self.name}:{line + self.first_line}:{column + 1}"

    def accept(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self.stack.pop()
            self.keys.pop()
        elif isinstance(event, AliasEvent):
            self._stop(event, "an alias is not part of this format; write the value again, or use extends")
        elif isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(event, "a second document ('---') in one file; expected one")

    def _stop(self, event: Event, text: str) -> None:
        self._fault(event, text)
        raise _Enough

    def _fault(self, event: Event, text: str) -> None:
        line, column = self._position(event)
        self.faults.append(f"{self.name}:{line}:{column}: {text}")

    def _position(self, event: Event) -> tuple[int, int]:
        """Line and column of an event, from 1."""
        mark = event.start_mark
        assert mark is not None, "events are parsed with marks"
        return mark.line + self.first_line, mark.column + 1

    def _scalar(self, event: ScalarEvent) -> None:
        self._check_decoration(event)
        line, column = self._position(event)
        if self.stack and self.stack[-1].kind == "mapping" and self.keys[-1] is None:
            self._key(event, line, column)
            return
        value = event.value if event.style else self._resolve(event)
        self._place(Node("scalar", self.name, line, column, value), event)

    def _key(self, event: ScalarEvent, line: int, column: int) -> None:
        key, mapping = event.value, self.stack[-1]
        if key == "<<" and not event.style:
            self._fault(event, "a merge key (<<) is not part of this format; use extends")
        elif key in mapping.entries:
            first = mapping.marks[key]
            self._fault(event, f"the key '{key}' is given twice; first in line {first[0]}, column {first[1]}")
        self.keys[-1] = (key, line, column)

    def _open(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        self._check_decoration(event)
        if len(self.stack) >= MOST_DEPTH:
            self._stop(event, f"nested deeper than {MOST_DEPTH} levels; a scenario is flatter")
        if self.stack and self.stack[-1].kind == "mapping" and self.keys[-1] is None:
            self._stop(event, "a key is a list or a mapping; expected a plain word (braces in text need quotes)")
        line, column = self._position(event)
        kind: Literal["mapping", "sequence"] = "mapping" if isinstance(event, MappingStartEvent) else "sequence"
        node = Node(kind, self.name, line, column)
        self._place(node, event)
        self.stack.append(node)
        self.keys.append(None)

    def _place(self, node: Node, event: Event) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._stop(event, f"more than {MOST_NODES:,} entries in one file")
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if parent.kind == "sequence":
            parent.items.append(node)
            return
        key = self.keys[-1]
        assert key is not None, "a value follows its key"
        parent.entries[key[0]] = node
        parent.marks[key[0]] = key[1:]
        self.keys[-1] = None

    def _check_decoration(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        if event.anchor is not None:
            self._stop(event, f"the anchor '&{event.anchor}' is not part of this format; use extends")
        if event.tag is not None:
            self._stop(event, f"the tag '{event.tag}' is not part of this format; leave it out")

    def _resolve(self, event: ScalarEvent) -> bool | int | Decimal | str | None:
        """A plain scalar by the core schema of YAML 1.2."""
        text = event.value
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in "+-.0123456789":
            return text
        whole, other = _INT.match(text), _OTHER_BASE.match(text)
        if not (whole or other or _FLOAT.match(text)):
            return text
        if len(text) > LONGEST_NUMBER:
            self._fault(event, f"a number of {len(text)} digits; expected at most {LONGEST_NUMBER}")
            return 0
        if whole:
            return int(text)
        try:
            return int(text, 0) if other else Decimal(text)
        except InvalidOperation:
            self._fault(event, f"{text} is out of all proportion; expected an ordinary number")
            return 0

"""The register of facts and their sources: every seeds file under one or more folders.

A seeds file is indexed by its lines (`format`, `sources` and `facts` stand at the margin, ids two
spaces in) and a fact is parsed when it is asked for, since a scenario uses a part of the register
only. `Register.check` reads everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast

from .. import units
from ..errors import ScenarioError
from .quantities import DATE, Refused, month_days, read_date, shown
from .yamlmarks import Node, Plain, parse, read_text

Role = Literal["plan", "constraint", "capability", "outcome", "context"]
Confidence = Literal["high", "medium", "low"]

ROLES = ("plan", "constraint", "capability", "outcome", "context")
CONFIDENCES = ("high", "medium", "low")

#: The author's own memory: a source without a record, whose facts are always of low confidence.
ANALYST = "analyst-knowledge"

_FACT_KEYS = {
    "subject", "quantity", "value", "unit", "role", "true", "knowable", "source", "locator", "paraphrase",
    "confidence",
}  # fmt: skip
_FACT_OPTIONAL = {"published", "conflicts"}
_SOURCE_KEYS = {"title", "publisher", "kind"}
_SOURCE_OPTIONAL = {"published", "url", "document", "sha256", "note"}

_MOST_HINTS = 100

_SECTION = re.compile(r"(\w+): *(?:#.*)?\r?\n?\Z")
_ENTRY = re.compile(r"  ([a-z0-9][a-z0-9-]*):(?=\s)")
_FORMAT = re.compile(r"format: *1 *(?:#.*)?\r?\n?\Z")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from: a document's bibliographic record."""

    id: str
    title: str
    publisher: str
    kind: str
    published: str = ""
    """A day, a month or a year."""
    url: str = ""
    document: str = ""
    """File name of the document among the seeds of the project, if it is one of them."""
    sha256: str = ""
    note: str = ""
    mark: str = ""
    """``file:line:column``."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of one or more sources, restated in our own words."""

    id: str
    subject: str
    quantity: str
    value: Plain
    """A number, a date, a month, a mapping with from and to, a truth value, or a text."""
    unit: str
    role: Role
    true: date
    """The day it was, or became, true."""
    knowable: date
    """The day the mission could first know it."""
    published: date | None
    sources: tuple[str, ...]
    locator: str
    paraphrase: str
    confidence: Confidence
    conflicts: tuple[str, ...]
    mark: str
    """``file:line:column``."""
    low: Fraction | None
    """Least and most in the fact's own unit (dates: ordinals in days); None if it is no number."""
    high: Fraction | None
    is_date: bool

    @property
    def file(self) -> str:
        """The seeds file, as shown in faults."""
        return self.mark.rsplit(":", 2)[0]

    @property
    def number(self) -> Fraction | None:
        """The one number of the fact in its own unit, or None if it has two or none."""
        return self.low if self.low == self.high else None

    def bounds(self, dimension: str) -> tuple[Fraction, Fraction] | None:
        """Least and most in the base unit of a dimension, or None if the fact does not measure it.

        Choice: for a limit per period the fact's period is left to the reader ("6 flight/day" is a
        limit of 6 flights), because the period stands beside the limit in the scenario.
        """
        if self.low is None or self.high is None:
            return None
        if self.is_date or dimension == DATE:
            return (self.low, self.high) if self.is_date and dimension == DATE else None
        unit = re.sub(r"/(day|week|month|year)\Z", "", self.unit) if dimension == "limit" else self.unit
        factor = units.factor(unit, dimension)
        return None if factor is None else (self.low * factor, self.high * factor)

    def shown(self) -> str:
        """The fact's value for a message."""
        if isinstance(self.value, dict):
            return f"{self.value.get('from')} to {self.value.get('to')} {self.unit}"
        return f"{self.value} {self.unit}" if not self.is_date else str(self.value)


@dataclass(slots=True)
class _Entry:
    """One entry of a seeds file that is not parsed yet."""

    text: str
    file: str
    line: int

    def node(self, id: str) -> Node:
        return parse(self.text, self.file, self.line).entries[id]


class Register:
    """All facts and sources of some folders. Raises `ScenarioError` when a used entry is faulty.

    A file in a later folder replaces the file of the same name in an earlier one.
    """

    def __init__(self, folders: Sequence[tuple[Path, str]]) -> None:
        """Folders of seeds files, each with the name by which faults call it."""
        self._folders = folders
        self._indexed: dict[str, dict[str, _Entry]] | None = None
        self._hints = 0
        self._facts: dict[str, Fact] = {}
        self._sources: dict[str, Source] = {
            ANALYST: Source(ANALYST, "What the author remembers, without a document", "none", "memory")
        }

    def fact(self, id: str) -> Fact | None:
        """The fact of this id, or None if there is none."""
        if id not in self._facts:
            entry = self._index["facts"].get(id)
            if entry is None:
                return None
            faults: list[str] = []
            fact = _read_fact(id, entry.node(id), faults)
            if fact is not None:
                faults += self._unknown_sources(fact)
            if faults or fact is None:
                raise ScenarioError(faults)
            self._facts[id] = fact
        return self._facts[id]

    def source(self, id: str) -> Source | None:
        """The source of this id, or None if there is none."""
        if id not in self._sources:
            entry = self._index["sources"].get(id)
            if entry is None:
                return None
            faults: list[str] = []
            source = _read_source(id, entry.node(id), faults)
            if source is None:
                raise ScenarioError(faults)
            self._sources[id] = source
        return self._sources[id]

    def fact_ids(self) -> list[str]:
        """Ids of all facts, sorted."""
        return sorted(self._index["facts"])

    def source_ids(self) -> list[str]:
        """Ids of all sources with a record, sorted."""
        return sorted(self._index["sources"])

    def nearest(self, id: str) -> str:
        """A hint at the fact meant by a wrong id: ``; did you mean 'x'?`` or nothing.

        Only the first wrong ids get one: looking takes time, and nobody reads the hundredth guess.
        """
        self._hints += 1
        if self._hints > _MOST_HINTS:
            return ""
        close = get_close_matches(id, self._index["facts"], 1, 0.7)
        return f"; did you mean '{close[0]}'?" if close else ""

    def check(self) -> None:
        """Read every entry. Raises `ScenarioError` with all faults."""
        faults: list[str] = []
        read: list[tuple[list[str], Callable[[str], object]]] = [
            (self.source_ids(), self.source),
            (self.fact_ids(), self.fact),
        ]
        for ids, get in read:
            for id in ids:
                try:
                    get(id)
                except ScenarioError as error:
                    faults += error.faults
        if faults:
            raise ScenarioError(faults)

    def _unknown_sources(self, fact: Fact) -> Iterator[str]:
        known = self._index["sources"]
        for id in fact.sources:
            if id != ANALYST and id not in known:
                close = get_close_matches(id, known, 1)
                hint = f"; did you mean '{close[0]}'?" if close else ""
                yield f"{fact.mark}: facts.{fact.id}.source: there is no source '{id}'{hint}"

    @property
    def _index(self) -> dict[str, dict[str, _Entry]]:
        if self._indexed is None:
            self._indexed = _index_folders(self._folders)
        return self._indexed


def _index_folders(folders: Sequence[tuple[Path, str]]) -> dict[str, dict[str, _Entry]]:
    """The entries of all seeds files by section and id."""
    files: dict[str, tuple[Path, str]] = {}
    for folder, name in folders:
        for path in sorted(folder.glob("*.yaml")):
            files[path.name] = (path, f"{name}/{path.name}")
    index: dict[str, dict[str, _Entry]] = {"facts": {}, "sources": {}}
    faults: list[str] = []
    for path, name in files.values():
        try:
            _index_file(read_text(path, name), name, index, faults)
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return index


def _index_file(text: str, name: str, index: dict[str, dict[str, _Entry]], faults: list[str]) -> None:
    """Add the entries of one seeds file to the index."""
    lines = text.splitlines(keepends=True)
    section: dict[str, _Entry] | None = None
    starts: list[tuple[int, dict[str, _Entry] | None, str]] = []
    for number, line in enumerate(lines):
        content = line.lstrip(" ")
        indent = len(line) - len(content)
        is_blank = content[:1] in ("", "\r", "\n", "#")
        has_entry = not starts or starts[-1][2] or section is None
        if is_blank or (indent > 2 and has_entry):
            continue
        if indent == 0:
            match = _SECTION.match(line)
            section = index.get(match[1]) if match else None
            starts.append((number, None, ""))
            if section is None and not _FORMAT.match(line):
                text = "expected 'format: 1', 'sources:' or 'facts:' at the margin"
                faults.append(f"{name}:{number + 1}:1: {text}")
        elif section is not None:
            entry = _ENTRY.match(line) if indent == 2 else None
            starts.append((number, section if entry else None, entry[1] if entry else "?"))
            if entry is None:
                faults.append(f"{name}:{number + 1}:{indent + 1}: expected an id, two spaces in, and a colon")
    if not any(_FORMAT.match(lines[start]) for start, _, _ in starts):
        faults.append(f"{name}:1:1: expected 'format: 1' at the margin of a seeds file")
    starts.append((len(lines), None, ""))
    _add_entries(lines, name, starts, faults)


def _add_entries(
    lines: list[str], name: str, starts: list[tuple[int, dict[str, _Entry] | None, str]], faults: list[str]
) -> None:
    """Cut a file into its entries; what begins with no section is left out."""
    for (start, entries, id), (end, _, _) in pairwise(starts):
        if entries is None:
            continue
        if id in entries:
            first = entries[id]
            faults.append(f"{name}:{start + 1}:3: '{id}' is given twice; first in {first.file}:{first.line}")
        else:
            entries[id] = _Entry("".join(lines[start:end]), name, start + 1)


# --- one entry -----------------------------------------------------------------------------------


class _Reader:
    """Reads the keys of one entry and gathers its faults."""

    def __init__(self, path: str, node: Node, faults: list[str]) -> None:
        self.path = path
        self.node = node
        self.faults = faults
        self.before = len(faults)

    def fault(self, key: str, text: str) -> None:
        mark = self.node.entries.get(key, self.node).mark
        self.faults.append(f"{mark}: {self.path}{'.' + key if key else ''}: {text}")

    def keys(self, needed: set[str], optional: set[str]) -> bool:
        """Check the keys; False if the entry is no mapping or lacks one."""
        if self.node.kind != "mapping":
            self.fault("", "expected a mapping")
            return False
        for key in self.node.entries:
            if key not in needed | optional:
                close = get_close_matches(key, needed | optional, 1)
                hint = f"did you mean '{close[0]}'? " if close else ""
                known = ", ".join(sorted(needed | optional))
                where = f"{self.node.mark_of(key)}: {self.path}.{key}"
                self.faults.append(f"{where}: unknown key '{key}'; {hint}known keys: {known}")
        for key in sorted(needed - set(self.node.entries)):
            self.fault("", f"the key '{key}' is missing")
        return needed <= set(self.node.entries)

    def text(self, key: str) -> str:
        node = self.node.entries.get(key)
        if node is None:
            return ""
        if node.kind != "scalar" or node.value is None or isinstance(node.value, bool):
            self.fault(key, f"expected a text; found {shown(node.plain())}")
        return str(node.value)

    def word(self, key: str, words: tuple[str, ...]) -> str:
        text = self.text(key)
        if text not in words:
            self.fault(key, f"'{text}' is not one of {', '.join(words)}")
        return text

    def day(self, key: str) -> date:
        try:
            return read_date(self.node.entries[key].plain())
        except Refused as refused:
            self.fault(key, str(refused))
            return date.min

    def texts(self, key: str) -> tuple[str, ...]:
        node = self.node.entries.get(key)
        if node is None:
            return ()
        if node.kind != "sequence" or any(not isinstance(item.value, str) for item in node.items):
            self.fault(key, "expected a list of texts")
            return ()
        return tuple(str(item.value) for item in node.items)


def _read_source(id: str, node: Node, faults: list[str]) -> Source | None:
    reader = _Reader(f"sources.{id}", node, faults)
    if not reader.keys(_SOURCE_KEYS, _SOURCE_OPTIONAL):
        return None
    names = sorted(_SOURCE_KEYS | _SOURCE_OPTIONAL)
    source = Source(id, mark=node.mark, **{name: reader.text(name) for name in names})
    return source if len(faults) == reader.before else None


def _read_fact(id: str, node: Node, faults: list[str]) -> Fact | None:
    reader = _Reader(f"facts.{id}", node, faults)
    if not _ID.match(id):
        reader.fault("", f"'{id}' is not an id; expected small letters, digits and hyphens, at most 64")
    if not reader.keys(_FACT_KEYS, _FACT_OPTIONAL):
        return None
    value = node.entries["value"].plain()
    unit = reader.text("unit")
    try:
        low, high, is_date = _bounds(value, unit)
    except Refused as refused:
        reader.fault("value", str(refused))
        return None
    fact = Fact(
        id=id,
        subject=reader.text("subject"),
        quantity=reader.text("quantity"),
        value=value,
        unit=unit,
        role=cast(Role, reader.word("role", ROLES)),
        true=reader.day("true"),
        knowable=reader.day("knowable"),
        published=reader.day("published") if "published" in node.entries else None,
        sources=reader.texts("source"),
        locator=reader.text("locator"),
        paraphrase=reader.text("paraphrase"),
        confidence=cast(Confidence, reader.word("confidence", CONFIDENCES)),
        conflicts=reader.texts("conflicts"),
        mark=node.mark,
        low=low,
        high=high,
        is_date=is_date,
    )
    if not fact.sources:
        reader.fault("source", f"a fact needs at least one source, or '{ANALYST}'")
    if ANALYST in fact.sources and fact.confidence != "low":
        reader.fault("confidence", f"what rests on '{ANALYST}' has low confidence")
    return fact if len(faults) == reader.before else None


def _bounds(value: Plain, unit: str) -> tuple[Fraction | None, Fraction | None, bool]:
    """Least and most of a fact's value in its own unit, and whether it is a date."""
    if isinstance(value, dict):
        if set(value) != {"from", "to"}:
            raise Refused(f"expected {{from: ..., to: ...}}; found {shown(value)}")
        low, _, is_date = _bounds(value["from"], unit)
        _, high, other = _bounds(value["to"], unit)
        if low is None or high is None or is_date != other or low > high:
            raise Refused("expected {from: ..., to: ...} with two numbers or two dates, ascending")
        return low, high, is_date
    if isinstance(value, (list, type(None))):
        raise Refused(f"expected a number, a date, a range, a truth value or a text; found {shown(value)}")
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        if isinstance(value, Decimal) and (not value.is_finite() or abs(value.adjusted()) > 40):
            raise Refused(f"{shown(value)} is not an ordinary number")
        return Fraction(value), Fraction(value), False
    if unit in (DATE, "date range", "month") and isinstance(value, str):
        days = month_days(value) or (read_date(value),) * 2
        return Fraction(days[0].toordinal()), Fraction(days[1].toordinal()), True
    return None, None, False

"""Axes of a design: inputs of a scenario that are set to several values, or moved across a range.

``PATH=V1,V2`` on the command line and ``PATH: [V1, V2]`` in an experiment's file say the same: each V is written
as under `value:`. ``PATH=LOW..HIGH`` and ``PATH: {low: LOW, high: HIGH}`` give a range; ``PATH`` and ``PATH: range``
take the input's own one. The value that stands in the scenario lends the dimension and keeps its ground.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction

from .. import units
from ..errors import ScenarioError
from .contents import write_number
from .quantities import DATE, WHOLE, Refused, plain, read_quantity
from .resolve import Bundle, Input, inputs
from .values import Value
from .writing import flow
from .yamlmarks import Plain, parse

#: What an experiment's file says for the input's own range.
OWN_RANGE = "range"

_ENDS = re.compile(r"(?P<low>[^,{}\[\]]+?)\.\.(?P<high>[^,{}\[\]]+)\Z")
_OPEN, _CLOSE, _QUOTES = "[{", "]}", "'\""


@dataclass(frozen=True, slots=True)
class Axis:
    """What one input is set to: `values`, or a range; without either, the input's own range."""

    path: str
    values: tuple[Plain, ...] = ()
    ends: tuple[Plain, Plain] | None = None
    mark: str = "--set"
    """Where it was written, for faults."""

    def written(self) -> Plain:
        """As in an experiment's file."""
        if self.values:
            return list(self.values)
        return OWN_RANGE if self.ends is None else {"low": self.ends[0], "high": self.ends[1]}

    def fault(self, text: str) -> str:
        """A fault of this axis with its place."""
        return f"{self.mark}: {self.path}: {text}"


def read_axis(told: str) -> Axis:
    """An axis as on the command line. Raises `ScenarioError` for what cannot be read."""
    path, sign, text = (part.strip() for part in told.partition("="))
    if not path or (sign and not text):
        raise ScenarioError([f"--set {told}: expected PATH=V1,V2,..., PATH=LOW..HIGH or PATH, such as"
                             " assets.trucks.number=20 trucks,40 trucks"])  # fmt: skip
    if not sign:
        return Axis(path)
    ends = _ENDS.match(text)
    if ends:
        return Axis(path, ends=(_read(path, ends["low"]), _read(path, ends["high"])))
    return Axis(path, tuple(_read(path, part) for part in _split(text)))


def axis_of(path: str, written: Plain, mark: str) -> Axis:
    """An axis as in an experiment's file. Raises `ScenarioError` for an empty list and for a range with one end."""
    if written == []:
        raise ScenarioError([f"{mark}: set.{path}: expected at least one value in the list"])
    if written == OWN_RANGE:
        return Axis(path, mark=mark)
    if isinstance(written, dict) and written.keys() & {"low", "high"}:
        if written.keys() != {"low", "high"}:
            raise ScenarioError([f"{mark}: set.{path}: expected {{low: LEAST, high: MOST}}; found {flow(written)}"])
        return Axis(path, ends=(written["low"], written["high"]), mark=mark)
    return Axis(path, tuple(written) if isinstance(written, list) else (written,), mark=mark)


def _split(text: str) -> list[str]:
    """A text cut at the commas that stand in no brackets, braces or quotes."""
    parts, depth, quote = [""], 0, ""
    for sign in text:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in _QUOTES:
            quote = sign
        depth += (sign in _OPEN and not quote) - (sign in _CLOSE and not quote)
        if sign == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _read(path: str, text: str) -> Plain:
    if not text.strip():
        raise ScenarioError([f"--set {path}: an empty value between commas; expected for instance 20 trucks,40 trucks"])
    return parse(text.strip(), f"--set {path}").plain()


# --- in a scenario -------------------------------------------------------------------------------


def inputs_of(bundle: Bundle, axes: Sequence[Axis]) -> list[Input]:
    """The input of each axis. Raises `ScenarioError` with the nearest names for a path without one."""
    known = {entry.path: entry for entry in inputs(bundle)}
    paths = [axis.path for axis in axes]
    faults = [axis.fault(_no_input(bundle, axis.path, list(known))) for axis in axes if axis.path not in known]
    faults += [axes[at].fault("is set twice; give all its values at once") for at, path in enumerate(paths)
               if path in paths[:at]]  # fmt: skip
    if faults:
        raise ScenarioError(faults)
    return [known[path] for path in paths]


def _no_input(bundle: Bundle, path: str, known: list[str]) -> str:
    """What is wrong with a path at which no value stands."""
    below = [name for name in known if name.startswith(f"{path}.")]
    if below:
        return f"is not one value; values below it are {', '.join(below[:4])}{', ...' * (len(below) > 4)}"
    _, depth = bundle.node_at(tuple(path.split(".")))
    if depth == path.count(".") + 1:
        return "is no value with a ground; to change it, write a scenario that extends this one, and compare the two"
    close = get_close_matches(path, known, 3)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    return f"there is no value here; {hint}'drawdown-sim sources SCENARIO' lists them all"


def values_at(entry: Input, axis: Axis) -> list[Value]:
    """The values of an axis, as changes of the value that stands there. Raises `ScenarioError`."""
    found, faults = [], []
    for text in axis.values:
        try:
            found.append(entry.value.rewritten(text))
        except Refused as refused:
            faults.append(axis.fault(str(refused)))
    if faults:
        raise ScenarioError(faults)
    return found


def ends_of(entry: Input, axis: Axis) -> tuple[Fraction, Fraction]:
    """Least and most of an axis in the base unit; of a value by date, factors. Raises `ScenarioError`."""
    if axis.ends is None:
        if entry.value.range is None:
            raise ScenarioError([axis.fault(f"the input has no range; write {axis.path}=LOW..HIGH")])
        return entry.value.range
    dimension = "ratio" if entry.value.is_by_date else entry.value.dimension
    try:
        low, high = (read_quantity(end, dimension).base for end in axis.ends)
    except Refused as refused:
        factors = "; the range of a value by date is one of factors, such as 0.5..1.5" * entry.value.is_by_date
        raise ScenarioError([axis.fault(f"{refused}{factors}")]) from None
    if low > high:
        raise ScenarioError([axis.fault("expected LOW..HIGH in ascending order")])
    return low, high


def moved(value: Value, ends: tuple[Fraction, Fraction], share: Fraction) -> Value:
    """A value at a share of a range (see `Value.across`); what comes whole is moved to a whole number."""
    low, high = ends
    target = low + (high - low) * share
    if (value.dimension in WHOLE or value.dimension == DATE) and not value.is_by_date:
        target = Fraction((2 * target.numerator + target.denominator) // (2 * target.denominator))
    found = replace(value, range=(target, target)).across(Fraction(0))
    return replace(found, range=value.range, written=_called(found, target))


def _called(value: Value, target: Fraction) -> str:
    """What a moved value is called: the number it was moved to, in its author's unit."""
    if value.is_by_date:
        return f"times {plain(round(target, 2))}"
    middle = "" if value.is_fixed else "median "
    if value.dimension == DATE:
        return middle + write_number(target, DATE)
    number = round(target / _factor(value), 4)
    return f"{middle}{plain(number)} {units.plural(_unit(value), number)}".removesuffix(" ratio")


def end_of(value: Value, end: Fraction) -> str:
    """An end of a range as it could be written in LOW..HIGH."""
    return plain(end) if value.is_by_date else write_number(end, value.dimension)


def number_of(value: Value, base: Value) -> tuple[float, str] | None:
    """Where a value stands on an axis, with what the axis counts; None for what is no point on one.

    The median in the author's unit; of a date its proleptic ordinal [date]; of a value by date the factor on the
    steps of the base, if it is one.
    """
    if not value.is_by_date:
        unit = "date" if value.dimension == DATE else _unit(value)
        return round(float(value.nominal / _factor(value)), 6), unit
    if [day for day, _ in value.content] != [day for day, _ in base.content]:
        return None
    steps = zip(value.content, base.content, strict=True)
    factors = {new.nominal() / old.nominal() for (_, new), (_, old) in steps if old.nominal()}
    return (round(float(factors.pop()), 6), "times as it is") if len(factors) == 1 else None


def _unit(value: Value) -> str:
    return value.unit or units.units_of(value.dimension)[0]


def _factor(value: Value) -> Fraction:
    """The factor from the author's unit to the base unit."""
    return Fraction(1) if value.dimension == DATE else units.factor(_unit(value), value.dimension) or Fraction(1)

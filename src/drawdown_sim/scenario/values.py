"""Values: a quantity and its ground, the only way a number enters a scenario.

The aliases at the end are what `schema` is written with; each is a `Value` of one dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from .contents import FORMS, Content, Reading, read_content, read_range, write_content
from .grounds import GROUNDS, Ground, Grounding, check_grounding, read_grounding, reading_of
from .quantities import COUNT, DATE, EXAMPLES, Dist, DistKind, Refused, read_quantity, settle, shown
from .sources import Register
from .writing import flow
from .yamlmarks import Plain

__all__ = ["COUNT", "DATE", "Content", "Dist", "DistKind", "Ground", "Kind", "Value"]

Kind = Literal["documented", "derived", "analogy", "calibrated", "assumed"]

KINDS: dict[Ground, Kind] = {
    "fact": "documented",
    "from": "derived",
    "like": "analogy",
    "fitted": "calibrated",
    "because": "assumed",
}

_OPTIONS = ("range", "lever", "free", "hindsight", "replay", "note")
VALUE_KEYS = ("value", *GROUNDS, *_OPTIONS)


@dataclass(frozen=True, slots=True)
class Value:
    """A quantity with its ground. Numbers are in the base unit of `dimension` (see `units`)."""

    content: Content
    dimension: str
    ground: Ground
    facts: tuple[str, ...] = ()
    """Ids of the facts it rests on."""
    text: str = ""
    """The ground in words: arithmetic, analogy, fit, or reason. Empty for a bare fact, and for a
    value that rests on the default ground of its file."""
    range: tuple[Fraction, Fraction] | None = None
    """Plausible least and most: of the value, or for a value by date of a factor on all steps."""
    lever: bool = False
    """Whether planners could change it."""
    free: bool = False
    """Whether nothing but a choice sets it: no evidence bounds it."""
    hindsight: bool = False
    """Whether it was known only after `as_of`."""
    replay: bool = False
    """Whether it is the date of a decision or of a hold's end."""
    why: str = ""
    """The reason given for hindsight or replay."""
    note: str = ""
    written: str = ""
    """The quantity as the author wrote it, on one line."""
    unit: str = ""
    """The unit of its first number as written."""
    knowable: date | None = None
    """Latest day on which its facts could be known; None if it rests on none."""

    @property
    def kind(self) -> Kind:
        """What kind of ground it has, as counted in reports."""
        return KINDS[self.ground]

    @property
    def nominal(self) -> Fraction:
        """The median of the first step, in the base unit."""
        return self.content[0][1].nominal()

    @property
    def is_by_date(self) -> bool:
        """Whether it changes by date."""
        return self.content[0][0] is not None or len(self.content) > 1

    @property
    def is_fixed(self) -> bool:
        """Whether it is one number, the same at all times."""
        return not self.is_by_date and self.content[0][1].kind == "fixed"

    def across(self, share: Fraction) -> Value:
        """The value moved to a share of its range: 0 is the least, 1 the most.

        A distribution keeps its form: its numbers are scaled (dates: shifted) until the median lies
        there. Raises `ValueError` without a range.
        """
        if self.range is None:
            raise ValueError("a value without a range cannot be moved across it")
        low, high = self.range
        target = low + (high - low) * share
        if self.is_by_date:
            content = tuple((day, dist.moved(lambda number: number * target)) for day, dist in self.content)
        elif self.dimension == DATE or not self.nominal:
            shift = target - self.nominal
            content = ((None, self.content[0][1].moved(lambda number: number + shift)),)
        else:
            factor = target / self.nominal
            content = ((None, self.content[0][1].moved(lambda number: number * factor)),)
        return replace(self, content=content, written=flow(write_content(content, self.dimension)))

    def rewritten(self, written: Plain) -> Value:
        """The value with another quantity, written as under `value:`; the ground is kept unchecked.

        Raises `Refused`.
        """
        reading = read_content(written, self.dimension)
        unit = reading.quantities[0].unit
        return replace(self, content=reading.content, unit=unit, written=flow(written))


@dataclass(frozen=True, slots=True)
class ValueContext:
    """What reading a value needs beside its text."""

    register: Register
    default_ground: bool
    """Whether any file of the scenario gives a ground for values that name none."""


@dataclass(frozen=True, slots=True)
class ValueFault:
    """One fault of a value: where below it, and what."""

    where: tuple[str, ...]
    text: str
    at_key: bool = False
    """Whether the key is at fault, not what it holds."""


def read_value(written: Plain | Value, dimension: str, context: ValueContext, faults: list[ValueFault]) -> Value | None:
    """The value written as a quantity or as a mapping; None, and faults, if it cannot be read."""
    if isinstance(written, Value):
        return written
    if not isinstance(written, dict) or (len(written) == 1 and next(iter(written)) in FORMS):
        return _read_bare(written, dimension, context, faults)
    before = len(faults)
    _check_keys(written, faults)
    grounding: Grounding | None = None
    ground = next((key for key in GROUNDS if key in written), None)
    if ground is not None:
        with _gather(faults, ground):
            grounding = read_grounding(ground, written[ground], context.register)
    reading: Reading | None = None
    if "value" in written:
        with _gather(faults, "value"):
            reading = read_content(written["value"], dimension)
        if reading is not None and grounding is not None:
            with _gather(faults, str(ground)):
                check_grounding(grounding, reading, dimension, context.register)
    elif grounding is not None and ground == "fact":
        with _gather(faults, "fact"):
            reading = reading_of(grounding.facts, dimension)
    elif ground is not None and ground != "fact" and not any(form in written for form in FORMS):
        faults.append(ValueFault((), f"the value is missing; expected for instance 'value: {EXAMPLES[dimension]}'"))
    options = _read_options(written, reading, dimension, faults)
    if len(faults) > before or reading is None or grounding is None:
        return None
    return replace(
        options,
        content=reading.content,
        dimension=settle(dimension, reading.quantities[0].unit),
        ground=grounding.ground,
        facts=tuple(fact.id for fact in grounding.facts),
        text=grounding.text,
        knowable=grounding.knowable,
        unit=reading.quantities[0].unit,
        written=flow(written["value"]) if "value" in written else "",
    )


@contextmanager
def _gather(faults: list[ValueFault], *where: str) -> Iterator[None]:
    """Turn a refusal into a fault at this place."""
    try:
        yield
    except Refused as refused:
        faults.append(ValueFault((*where, *refused.where), str(refused)))


def _read_bare(written: Plain, dimension: str, context: ValueContext, faults: list[ValueFault]) -> Value | None:
    """A quantity without a ground of its own, for files with a default ground."""
    before = len(faults)
    reading: Reading | None = None
    with _gather(faults):
        reading = read_content(written, dimension)
    if reading is not None and not context.default_ground:
        faults.append(ValueFault((), no_ground(flow(written))))
    if reading is None or len(faults) > before:
        return None
    unit = reading.quantities[0].unit
    return Value(reading.content, settle(dimension, unit), "because", unit=unit, written=flow(written))


def no_ground(written: str) -> str:
    """The fault of a quantity that names no ground."""
    return f"'{written}' names no ground; write {{value: {written}, fact: ID}}, or use from, like, fitted or because"


def _check_keys(written: dict[str, Plain], faults: list[ValueFault]) -> None:
    for key in written:
        if key in FORMS:
            text = f"a distribution stands under 'value', as in {{value: {{{key}: ...}}}}"
            faults.append(ValueFault((key,), text, True))
        elif key not in VALUE_KEYS:
            close = get_close_matches(key, VALUE_KEYS, 1)
            hint = f"did you mean '{close[0]}'? " if close else ""
            faults.append(ValueFault((key,), f"unknown key '{key}'; {hint}known keys: {', '.join(VALUE_KEYS)}", True))
    named = [key for key in GROUNDS if key in written]
    if not named:
        faults.append(ValueFault((), f"names no ground; expected one of {', '.join(GROUNDS)}"))
    elif len(named) > 1:
        faults.append(ValueFault((named[1],), f"has two grounds, '{named[0]}' and '{named[1]}'; expected one"))


def _read_options(
    written: dict[str, Plain], reading: Reading | None, dimension: str, faults: list[ValueFault]
) -> Value:
    """A value with its options only; the rest is filled in by `read_value`."""
    for key in ("lever", "free", "hindsight", "replay"):
        flag = written.get(key, False)
        with_reason = key in ("hindsight", "replay")
        if not isinstance(flag, bool) and not (with_reason and isinstance(flag, str) and flag.strip()):
            expected = "true or a reason" if with_reason else "true or false"
            faults.append(ValueFault((key,), f"expected {expected}; found {shown(flag)}"))
    note = written.get("note", "")
    if not isinstance(note, str):
        faults.append(ValueFault(("note",), f"expected a text; found {shown(note)}"))
    ends: tuple[Fraction, Fraction] | None = None
    if "range" in written and reading is not None:
        with _gather(faults, "range"):
            ends = _read_ends(written["range"], reading, dimension)
    reasons = [reason for key in ("hindsight", "replay") if isinstance(reason := written.get(key), str)]
    return Value(
        (),
        dimension,
        "because",
        range=ends,
        lever=bool(written.get("lever")),
        free=bool(written.get("free")),
        hindsight=bool(written.get("hindsight")),
        replay=bool(written.get("replay")),
        why="; ".join(reasons),
        note=str(note),
    )


def _read_ends(written: object, reading: Reading, dimension: str) -> tuple[Fraction, Fraction]:
    """The ends of a range, which must hold the value. Raises `Refused`."""
    first_day, first = reading.content[0]
    if first_day is not None or len(reading.content) > 1:
        factors = read_range(written, "ratio")
        if not factors[0].base <= 1 <= factors[1].base:
            raise Refused("the range of a value by date is a factor on all its steps and must hold 1")
        return factors[0].base, factors[1].base
    low, high = read_range(written, settle(dimension, reading.quantities[0].unit))
    centre = first.numbers[1] if first.kind == "triangular" else first.nominal()
    if not low.base <= centre <= high.base and not low.base <= first.nominal() <= high.base:
        what = "" if first.kind == "fixed" else f" ({'mode' if first.kind == 'triangular' else 'median'})"
        raise Refused(f"the value{what} lies outside its range; expected it within [least, most]")
    return low.base, high.base


# --- the types of the schema ---------------------------------------------------------------------


def _dimension(dimension: str) -> tuple[BeforeValidator, WithJsonSchema]:
    """Pydantic's way to read a value of a dimension, and its place in the JSON schema."""

    def validate(written: Plain | Value, info: ValidationInfo) -> Value:
        context = info.context
        assert isinstance(context, ValueContext), "values are read with a context"
        faults: list[ValueFault] = []
        value = read_value(written, dimension, context, faults)
        if value is None:
            raise PydanticCustomError("value", "{text}", {"text": faults[0].text, "faults": faults})
        return value

    return BeforeValidator(validate), WithJsonSchema({"x-dimension": dimension})


def read_plain_date(written: object) -> date:
    """A date that is no value: start, horizon, day of knowledge."""
    try:
        return date.fromordinal(int(read_quantity(written, DATE).base))
    except Refused as refused:
        fault = ValueFault((), str(refused))
        raise PydanticCustomError("value", "{text}", {"text": fault.text, "faults": [fault]}) from None


PlainDate = Annotated[date, BeforeValidator(read_plain_date)]

Duration = Annotated[Value, *_dimension("duration")]
Distance = Annotated[Value, *_dimension("distance")]
RateOfAdvance = Annotated[Value, *_dimension("rate of advance")]
Ratio = Annotated[Value, *_dimension("ratio")]
People = Annotated[Value, *_dimension("people")]
Load = Annotated[Value, *_dimension("load")]
Count = Annotated[Value, *_dimension(COUNT)]
LoadsPerHead = Annotated[Value, *_dimension("loads per head")]
AssetCount = Annotated[Value, *_dimension("asset")]
Limit = Annotated[Value, *_dimension("limit")]
Capacity = Annotated[Value, *_dimension("capacity")]
Hazard = Annotated[Value, *_dimension("hazard")]
Work = Annotated[Value, *_dimension("work")]
StockPerVehicle = Annotated[Value, *_dimension("stock per vehicle")]
Degree = Annotated[Value, *_dimension("latitude or longitude")]
Day = Annotated[Value, *_dimension(DATE)]

"""Grounds: what a value rests on, and whether it really does.

Exactly one of `fact` (documented), `from` (derived by arithmetic), `like` (analogy), `fitted`
(calibrated) and `because` (assumed). A guess never wears a citation: the first two are checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, cast

from .arithmetic import FACT, evaluate, split_comment
from .contents import Reading
from .quantities import (
    DATE,
    Dist,
    Quantity,
    Refused,
    check_size,
    plain,
    settle,
    shown,
)
from .sources import Fact, Register

Ground = Literal["fact", "from", "like", "fitted", "because"]

GROUNDS = ("fact", "from", "like", "fitted", "because")

#: Results with more digits are rounded in messages.
_LONGEST_SHOWN = 30

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class Grounding:
    """A ground that holds, with what it rests on."""

    ground: Ground
    facts: tuple[Fact, ...]
    text: str

    @property
    def knowable(self) -> date | None:
        """Latest day on which its facts could be known; None without facts."""
        return max((fact.knowable for fact in self.facts), default=None)


def read_grounding(ground: str, written: object, register: Register) -> Grounding:
    """The ground and the facts it names. Raises `Refused`."""
    if ground == "fact":
        facts = tuple(_find(id, register) for id in _fact_ids(written))
        return Grounding("fact", facts, "")
    if not isinstance(written, str) or not written.strip():
        raise Refused(f"expected a text; found {shown(written)}")
    ids = [part.partition(".")[0] for part in FACT.findall(written)] if ground != "because" else []
    if ground == "like" and not ids:
        if not _ID.match(written):
            raise Refused("names no fact; expected the id of a fact, or a text with one in braces")
        ids = [written]
    if ground == "from" and not ids:
        raise Refused("names no fact in braces; an arithmetic over bare numbers is an assumption: use because")
    facts = tuple(_find(id, register) for id in dict.fromkeys(ids))
    return Grounding(cast(Ground, ground), facts, written)


def _fact_ids(written: object) -> list[str]:
    entries = written if isinstance(written, list) else [written]
    ids = [entry for entry in entries if isinstance(entry, str)]
    if not ids or len(ids) < len(entries):
        raise Refused(f"expected the id of a fact or a list of ids; found {shown(written)}")
    return list(dict.fromkeys(ids))


def _find(id: str, register: Register) -> Fact:
    fact = register.fact(id)
    if fact is None:
        raise Refused(f"there is no fact '{id}'{register.nearest(id) or ' in the seeds'}")
    return fact


def reading_of(facts: tuple[Fact, ...], dimension: str) -> Reading:
    """The facts' own value, for a value that gives none: a range is uniform. Raises `Refused`."""
    if len(facts) != 1:
        raise Refused("the value is missing; expected 'value:' where several facts are named")
    fact = facts[0]
    actual = settle(dimension, fact.unit)
    low, high = _bounds(fact, actual)
    for number in (low, high):
        check_size(number, actual, fact.shown())
    ends = (low,) if low == high else (low, high)
    unit = DATE if actual == DATE else fact.unit
    factor = low / fact.low if fact.low else Fraction(1)
    numbers = tuple(Quantity(end / factor, unit, factor, Fraction(0)) for end in ends)
    return Reading(((None, Dist("fixed" if len(ends) == 1 else "uniform", ends)),), numbers)


def check_grounding(grounding: Grounding, reading: Reading, dimension: str, register: Register) -> None:
    """Compare a value with the facts or the arithmetic that give it. Raises `Refused`."""
    actual = settle(dimension, reading.quantities[0].unit)
    if grounding.ground == "fact":
        _check_facts(grounding.facts, reading, actual)
    elif grounding.ground == "from":
        _check_arithmetic(grounding.text, reading, actual, register)


def _bounds(fact: Fact, dimension: str) -> tuple[Fraction, Fraction]:
    bounds = fact.bounds(dimension)
    if bounds is None:
        what = "a date" if dimension == DATE else dimension
        raise Refused(
            f"fact '{fact.id}' gives {shown(fact.shown())} ({fact.quantity}), which does not measure"
            f" {what}; derive the value with 'from', or name another fact"
        )
    return bounds


def _check_facts(facts: tuple[Fact, ...], reading: Reading, dimension: str) -> None:
    """Every number must be given by one of the facts, and every fact give one of the numbers."""
    bounds = [_bounds(fact, dimension) for fact in facts]
    given = " and ".join(f"'{fact.id}' gives {fact.shown()}" for fact in facts)
    for quantity in reading.quantities:
        if not any(low <= quantity.base <= high for low, high in bounds):
            raise Refused(
                f"the value {_written(quantity)} differs from its fact: {given};"
                " use the fact's figure, or another ground"
            )
    for fact, (low, high) in zip(facts, bounds, strict=True):
        if not any(low <= quantity.base <= high for quantity in reading.quantities):
            raise Refused(f"the value has no number of fact '{fact.id}', which gives {fact.shown()}; leave it out")


def _check_arithmetic(text: str, reading: Reading, dimension: str, register: Register) -> None:
    """One result for each number of the value, equal within half of its last written digit."""
    results = evaluate(split_comment(text), lambda name: _fact_number(name, register))
    if len(results) != len(reading.quantities):
        raise Refused(
            f"the arithmetic gives {len(results)} numbers and the value has {len(reading.quantities)};"
            " expected one for each, separated by commas"
        )
    for result, quantity in zip(results, reading.quantities, strict=True):
        if abs(result - quantity.number) <= quantity.half:
            continue
        # a percentage may be derived as a share
        if dimension == "ratio" and abs(result - quantity.base) <= quantity.half * quantity.factor:
            continue
        shown_result = str(date.fromordinal(round(result))) if _is_ordinal(result, dimension) else plain(result)
        if len(shown_result) > _LONGEST_SHOWN:
            shown_result = f"about {Decimal(result.numerator) / Decimal(result.denominator):.4g}"
        raise Refused(
            f"the arithmetic gives {shown_result}, the value says {_written(quantity)};"
            " expected them equal within half of the last written digit"
        )


def _is_ordinal(number: Fraction, dimension: str) -> bool:
    return dimension == DATE and 1 <= number <= date.max.toordinal()


def _written(quantity: Quantity) -> str:
    if quantity.unit == DATE:
        return str(date.fromordinal(int(quantity.number)))
    return f"{plain(quantity.number)} {quantity.unit}"


def _fact_number(name: str, register: Register) -> Fraction:
    """The number of a fact in its own unit; `id.from` and `id.to` are the ends of a range."""
    id, _, part = name.partition(".")
    fact = _find(id, register)
    if fact.low is None or fact.high is None:
        raise Refused(f"fact '{id}' is {shown(fact.shown())}, not a number")
    if part == "from":
        return fact.low
    if part == "to":
        return fact.high
    if part:
        raise Refused(f"'{{{name}}}' is not known; expected {{{id}}}, {{{id}.from}} or {{{id}.to}}")
    if fact.number is None:
        raise Refused(f"fact '{id}' is a range; write {{{id}.from}} or {{{id}.to}}")
    return fact.number

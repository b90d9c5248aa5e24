"""The arithmetic of `from:` grounds: numbers, facts in braces, + - * / ( ) and a few functions.

``{frame-phase2-trucks} / 5750`` or ``ceil({convoy-kidal-speed} * 8) -- days as planned``; what
follows `` -- `` is a comment. Several expressions are separated by commas, one for each number of
the value. Exact: everything is a fraction, dates are ordinals in days.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

from .quantities import Refused, read_decimal

#: Longest text of an arithmetic and deepest nesting of brackets.
LONGEST, DEEPEST = 600, 30

FACT = re.compile(r"\{\s*([^{}\s]+)\s*\}")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+))|\{\s*(?P<fact>[^{}\s]+)\s*\}"
    r"|(?P<name>[a-z]+)|(?P<sign>[-+*/(),]))",
    re.ASCII,
)


def _median(*numbers: Fraction) -> Fraction:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _whole(change: Callable[[Fraction], int]) -> Callable[..., Fraction]:
    """A function of one number that gives a whole one."""

    def apply(*numbers: Fraction) -> Fraction:
        if len(numbers) != 1:
            raise Refused("ceil, floor and round take one number")
        return Fraction(change(numbers[0]))

    return apply


FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    "min": min,
    "max": max,
    "median": _median,
    "ceil": _whole(math.ceil),
    "floor": _whole(math.floor),
    # halves go up, as a reader expects, not to the even neighbour
    "round": _whole(lambda number: math.floor(number + Fraction(1, 2))),
}


def split_comment(text: str) -> str:
    """The arithmetic of a ground, without the comment that may follow `` -- ``."""
    return text.partition(" -- ")[0]


def evaluate(text: str, fact: Callable[[str], Fraction]) -> list[Fraction]:
    """The results of the comma-separated expressions in `text`.

    `fact` gives the number of a fact in its own unit. Raises `Refused`.
    """
    if len(text) > LONGEST:
        raise Refused(f"an arithmetic of {len(text)} characters; expected at most {LONGEST}")
    parser = _Parser(_tokens(text), fact)
    results = [parser.sum(0)]
    while parser.take(","):
        results.append(parser.sum(0))
    if parser.peek():
        raise Refused(f"unexpected '{parser.peek()}' in the arithmetic '{text.strip()}'")
    return results


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Refused(
                f"cannot read '{text[at:end].strip()[:30]}' in the arithmetic; expected numbers, facts in"
                f" braces, + - * / ( ) and {', '.join(FUNCTIONS)}; a comment follows ' -- '"
            )
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens; the depth is bounded."""

    def __init__(self, tokens: list[tuple[str, str]], fact: Callable[[str], Fraction]) -> None:
        self.tokens = tokens
        self.at = 0
        self.fact = fact

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *signs: str) -> str:
        """Consume one of these signs and return it, or return an empty text."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self.peek() in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise Refused(f"expected '{sign}' in the arithmetic, found '{self.peek() or 'its end'}'")

    def sum(self, depth: int) -> Fraction:
        if depth > DEEPEST:
            raise Refused(f"brackets nested deeper than {DEEPEST} in the arithmetic")
        result = self.product(depth)
        while sign := self.take("+", "-"):
            term = self.product(depth)
            result = result + term if sign == "+" else result - term
        return result

    def product(self, depth: int) -> Fraction:
        result = self.signed(depth)
        while sign := self.take("*", "/"):
            term = self.signed(depth)
            if sign == "/" and not term:
                raise Refused("the arithmetic divides by zero")
            result = result * term if sign == "*" else result / term
        return result

    def signed(self, depth: int) -> Fraction:
        negative = False
        while sign := self.take("+", "-"):
            negative ^= sign == "-"
        result = self.atom(depth)
        return -result if negative else result

    def atom(self, depth: int) -> Fraction:
        if self.take("("):
            result = self.sum(depth + 1)
            self.need(")")
            return result
        if self.at >= len(self.tokens):
            raise Refused("the arithmetic ends where a number was expected")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Fraction(read_decimal(text))
        if kind == "fact":
            return self.fact(text)
        if kind == "name":
            return self.call(text, depth)
        raise Refused(f"unexpected '{text}' in the arithmetic where a number was expected")

    def call(self, name: str, depth: int) -> Fraction:
        if name not in FUNCTIONS:
            raise Refused(f"unknown function '{name}' in the arithmetic; known: {', '.join(FUNCTIONS)}")
        self.need("(")
        numbers = [self.sum(depth + 1)]
        while self.take(","):
            numbers.append(self.sum(depth + 1))
        self.need(")")
        return FUNCTIONS[name](*numbers)

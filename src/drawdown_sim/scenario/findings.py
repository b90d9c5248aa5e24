"""What the checks for sense share: the scenario, its tree, and the faults found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from fractions import Fraction

from .quantities import plain
from .resolve import Bundle
from .translate import Path, fault_line
from .values import Value

_MOST_NAMES = 12


class Findings:
    """Gathers the faults of one scenario, each with its place."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.scenario = bundle.scenario
        self.faults: list[str] = []

    def add(self, path: Path, text: str, at_key: bool = False) -> None:
        """Note a fault at what stands at a path, or at its key."""
        self.faults.append(fault_line(self.bundle.tree, path, text, at_key))


def listed(names: Iterable[str]) -> str:
    """Ids for a message, the first few of many."""
    every = sorted(names)
    more = f" and {len(every) - _MOST_NAMES} more" if len(every) > _MOST_NAMES else ""
    return ", ".join(every[:_MOST_NAMES]) + more if every else "none"


def nearest(name: str, known: Iterable[str]) -> str:
    """``did you mean 'x'? `` or nothing."""
    close = get_close_matches(name, list(known), 1)
    return f"did you mean '{close[0]}'? " if close else ""


def day(number: Fraction) -> date:
    """The day of an ordinal, for a message."""
    return date.fromordinal(int(number))


def first_day(value: Value) -> date:
    """The earliest day a value can be."""
    return day(value.content[0][1].numbers[0])


def last_day(value: Value) -> date:
    """The latest day a value can be."""
    return day(value.content[0][1].numbers[-1])


def amount(number: Fraction, unit: str) -> str:
    """A number with its unit, in the plural where due."""
    return f"{plain(number)} {unit}{'' if number == 1 else 's'}"


def cycle_in(edges: Mapping[str, Iterable[str]]) -> list[str]:
    """One cycle of a directed graph, its first name repeated at the end; empty if there is none."""
    done: set[str] = set()
    for root in sorted(edges):
        trail: list[str] = []
        waiting = [(root, iter(sorted(edges[root])))] if root not in done else []
        trail += [root] if waiting else []
        while waiting:
            name, following = waiting[-1]
            step = next((other for other in following if other not in done), None)
            if step is None:
                done.add(name)
                waiting.pop()
                trail.pop()
            elif step in trail:
                return [*trail[trail.index(step) :], step]
            else:
                trail.append(step)
                waiting.append((step, iter(sorted(edges.get(step, ())))))
    return []

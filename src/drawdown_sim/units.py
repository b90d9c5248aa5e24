"""Units and the only conversions: what a number in a scenario or a fact is measured in.

A unit belongs to a *dimension* and has a factor to that dimension's base unit. Counts of
different things are different dimensions on purpose, so that trucks cannot stand in for persons.
"""

from __future__ import annotations

from fractions import Fraction

MINUTES_PER_DAY = 1440

#: dimension -> {unit: factor to the base unit}; the first unit of each is the base unit.
DIMENSIONS: dict[str, dict[str, Fraction]] = {
    "duration": {
        "minute": Fraction(1),
        "min": Fraction(1),
        "hour": Fraction(60),
        "h": Fraction(60),
        "day": Fraction(1440),
        "d": Fraction(1440),
        "week": Fraction(10080),
    },
    "distance": {"km": Fraction(1), "m": Fraction(1, 1000)},
    "rate of advance": {"km/day": Fraction(1), "km/h": Fraction(24)},
    "ratio": {"ratio": Fraction(1), "percent": Fraction(1, 100), "%": Fraction(1, 100)},
    "people": {"person": Fraction(1)},
    "load": {
        "load": Fraction(1),
        "container": Fraction(1),
        "TEU": Fraction(1),
        "vehicle": Fraction(1),
    },
    "asset": {
        "truck": Fraction(1),
        "vehicle": Fraction(1),
        "escort": Fraction(1),
        "crew": Fraction(1),
        "aircraft": Fraction(1),
        "desk": Fraction(1),
        "ship": Fraction(1),
        "team": Fraction(1),
        "unit": Fraction(1),
    },
    "limit": {
        "flight": Fraction(1),
        "convoy": Fraction(1),
        "movement": Fraction(1),
        "truck": Fraction(1),
        "vehicle": Fraction(1),
        "person": Fraction(1),
        "load": Fraction(1),
        "ship": Fraction(1),
    },
    "capacity": {
        "load/vehicle": Fraction(1),
        "load/truck": Fraction(1),
        "load/aircraft": Fraction(1),
        "load/ship": Fraction(1),
        "person/vehicle": Fraction(1),
        "person/truck": Fraction(1),
        "person/aircraft": Fraction(1),
        "seat": Fraction(1),
        "load": Fraction(1),
        "person": Fraction(1),
    },
    "loads per head": {"load/person": Fraction(1), "vehicle/person": Fraction(1)},
    "work": {
        "minute/load": Fraction(1),
        "h/load": Fraction(60),
        "hour/load": Fraction(60),
        "day/load": Fraction(1440),
    },
    "hazard": {"event/100 km": Fraction(1), "event/km": Fraction(100)},
    "stock": {"person day": Fraction(1)},
    "stock per vehicle": {"person day/vehicle": Fraction(1), "person day/truck": Fraction(1)},
    "latitude or longitude": {"degree": Fraction(1)},
}

#: words that may also be written in the plural
_PLURALS = {
    "minutes": "minute",
    "hours": "hour",
    "days": "day",
    "weeks": "week",
    "persons": "person",
    "people": "person",
    "loads": "load",
    "containers": "container",
    "vehicles": "vehicle",
    "trucks": "truck",
    "escorts": "escort",
    "crews": "crew",
    "desks": "desk",
    "ships": "ship",
    "teams": "team",
    "units": "unit",
    "flights": "flight",
    "convoys": "convoy",
    "movements": "movement",
    "seats": "seat",
    "events": "event",
    "degrees": "degree",
}


def singular(unit: str) -> str:
    """The unit with every word in the singular: ``persons/day`` is ``person/day``."""
    spaced = unit.strip().replace("/", " / ")
    words = [_PLURALS.get(word, word) for word in spaced.split()]
    return " ".join(words).replace(" / ", "/")


def plural(unit: str, amount: Fraction | float) -> str:
    """The unit as it stands behind an amount: ``2 trucks``; a unit without a plural, or of a ratio, stays as it is."""
    many = f"{unit}s"
    return many if abs(amount) != 1 and "/" not in unit and singular(many) == unit else unit


def factor(unit: str, dimension: str) -> Fraction | None:
    """The factor from `unit` to the base unit of `dimension`, or None if it is not of it."""
    return DIMENSIONS[dimension].get(singular(unit))


def units_of(dimension: str) -> list[str]:
    """The units a value of this dimension may be written in."""
    return list(DIMENSIONS[dimension])

"""The record of what happened, and how far from it something else lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

RECORD = Path(__file__).parents[1] / "scenarios" / "records" / "minusma-2023.yaml"


@dataclass(frozen=True, slots=True)
class Observation:
    """One line of the record."""

    id: str
    subject: str
    """The camp, convoy, milestone or count that was seen."""
    saw: str
    value: Any
    day: date
    precision: float
    unit: str
    use: str
    cluster: str


def read_record() -> list[Observation]:
    """Every observation, in the order of the file."""
    content = yaml.safe_load(RECORD.read_text(encoding="utf-8"))
    return [_observation(name, entry) for name, entry in content["observations"].items()]


def _observation(name: str, entry: dict[str, Any]) -> Observation:
    kind = next(key for key in ("camp", "people", "convoy", "cargo", "milestone") if key in entry)
    amount, unit = str(entry["precision"]).split()
    return Observation(
        id=name,
        subject=entry[kind] if kind != "people" else f"people {entry[kind]}",
        saw=entry["saw"],
        value=entry["value"],
        day=entry["day"],
        precision=float(amount),
        unit=unit,
        use=entry["use"],
        cluster=entry.get("cluster", ""),
    )


def seen(record: Iterable[Observation], saw: str, subjects: Iterable[str] | None = None) -> list[Observation]:
    """The observations of one kind, of these subjects if any are named."""
    named = None if subjects is None else set(subjects)
    return [entry for entry in record if entry.saw == saw and (named is None or entry.subject in named)]


def verdict(low: float | None, high: float | None, value: float, precision: float) -> str:
    """Whether a value lies in the band, lies there only with its precision, or does not. A censored end is open."""
    low, high = -1e18 if low is None else low, 1e18 if high is None else high
    if low <= value <= high:
        return "yes"
    return "by its precision" if low <= value + precision and value - precision <= high else "**no**"

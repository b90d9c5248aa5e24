"""A tiny valid scenario, and ways to break it."""

from __future__ import annotations

from pathlib import Path

import pytest

from drawdown_sim.errors import ScenarioError
from drawdown_sim.scenario import Bundle, load

TINY = """\
format: 1
title: One camp, one road, one lift
because: invented
start: 2024-01-01
horizon: 2024-06-01
as_of: 2024-01-01
places:
  camp: {kind: camp}
  out: {kind: exit}
legs:
  road: {between: [camp, out], mode: road, distance: 300 km, rate: 100 km/day}
assets:
  trucks: {kind: truck, at: out, number: 10 trucks}
contingents:
  first: {}
people:
  company: {contingent: first, kind: troops, at: camp, number: 60 persons, via: [out]}
cargo:
  boxes: {owner: un, kind: container, at: camp, number: 20 containers, via: [out], disposition: repatriate}
lifts:
  convoy:
    mode: road
    pick_up: [camp]
    to: out
    route: [road]
    based: destination
    carries: cargo
    classes: [cargo]
    asset: trucks
    capacity: 1 load/truck
  buses:
    mode: road
    pick_up: [camp]
    to: out
    route: [road]
    based: destination
    carries: people
    classes: [people]
    capacity: 30 persons/vehicle
camps:
  camp:
    window:
      plan: {known: 2024-01-01, target: {uniform: [2024-01-20, 2024-01-31]}}
    guard: {least: 20 persons}
milestones:
  withdrawal: {deadline: 2024-03-31, people: true, camps: [camp]}
"""

SEEDS = """\
format: 1
sources:
  atlas: {title: An atlas, publisher: Somebody, kind: press, published: 2020-01}
facts:
  road-km:
    {subject: road, quantity: length, value: 300, unit: km, role: capability, true: 2013-07-01,
     knowable: 2013-07-01, source: [atlas], locator: p. 1, paraphrase: So long., confidence: high}
  road-km-range:
    {subject: road, quantity: length, value: {from: 290, to: 310}, unit: km, role: capability,
     true: 2013-07-01, knowable: 2013-07-01, source: [atlas], locator: p. 2, paraphrase: About., confidence: low}
  trip-days:
    {subject: road, quantity: travel time, value: 3, unit: day, role: outcome, true: 2024-01-09,
     knowable: 2024-01-09, source: [atlas], locator: p. 3, paraphrase: Driven., confidence: high}
  late-trucks:
    {subject: trucks, quantity: fleet, value: 10, unit: truck, role: capability, true: 2024-02-01,
     knowable: 2024-02-01, source: [analyst-knowledge], locator: none, paraphrase: Ten., confidence: low}
  closing-month:
    {subject: camp, quantity: closing, value: 2024-01, unit: month, role: plan, true: 2023-12-01,
     knowable: 2023-12-01, source: [atlas], locator: p. 4, paraphrase: In January., confidence: high}
  end-day:
    {subject: camp, quantity: deadline, value: 2024-03-31, unit: date, role: constraint, true: 2023-12-01,
     knowable: 2023-12-01, source: [atlas], locator: p. 5, paraphrase: By March., confidence: high}
"""


class Desk:
    """A folder with the tiny scenario and its seeds; `faults` reads what a change does to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "tiny.yaml"
        (folder / "seeds").mkdir()
        (folder / "seeds" / "tiny-facts.yaml").write_text(SEEDS)
        self.write(TINY)

    def write(self, text: str, name: str = "tiny.yaml") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def change(self, *changes: tuple[str, str]) -> None:
        """Write the tiny scenario with each old text, which must be there, replaced by a new one."""
        text = TINY
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        self.write(text)

    def load(self, name: str = "tiny.yaml") -> Bundle:
        return load(self.folder / name)

    def faults(self, name: str = "tiny.yaml") -> list[str]:
        """The faults of a file, without its folder."""
        with pytest.raises(ScenarioError) as caught:
            self.load(name)
        return [fault.replace(f"{self.folder}/", "") for fault in caught.value.faults]

    def only_fault(self, name: str = "tiny.yaml") -> str:
        faults = self.faults(name)
        assert len(faults) == 1, faults
        return faults[0]

"""The list of single faults that the study `verification/faults.py` seeds into the compiled engine."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "verification"))

import faults  # noqa: E402

MODULES = sorted(yaml.safe_load(faults.LIST.read_text(encoding="utf-8")))


@pytest.mark.parametrize("module", MODULES)
def test_every_fault_has_its_place_in_the_kernel(module: str) -> None:
    source = (ROOT / faults.KERNEL / f"{module}.py").read_text(encoding="utf-8")
    changed = faults.seeded(module, source)
    ast.parse(changed)
    seeded = sum(fault.module == module for fault in faults.FAULTS)
    assert changed.count("seeded == ") == seeded > 0


def test_there_are_at_least_thirty_faults_spread_over_the_rules() -> None:
    assert len(faults.FAULTS) >= 30
    assert len(MODULES) >= 15
    assert len({(fault.module, fault.text) for fault in faults.FAULTS}) == len(faults.FAULTS)

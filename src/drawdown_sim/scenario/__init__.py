"""Scenarios: what an author writes, read into frozen models, with its grounds checked.

`load` reads a file or a shipped scenario into a `Bundle`; the other names look at a bundle.
"""

from __future__ import annotations

from .load import load, shipped_names, shipped_register
from .resolve import Bundle, Input, canonical_json, count_inputs, inputs, resolved, with_values
from .show import resolved_yaml

__all__ = [
    "Bundle",
    "Input",
    "canonical_json",
    "count_inputs",
    "inputs",
    "load",
    "resolved",
    "resolved_yaml",
    "shipped_names",
    "shipped_register",
    "with_values",
]

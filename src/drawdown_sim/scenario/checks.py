"""Checks for sense, beyond types: all faults of a scenario that is well formed."""

from __future__ import annotations

from .check_camps import check_camps
from .check_evidence import check_evidence
from .check_moves import check_moves
from .check_references import check_references
from .check_rules import check_rules
from .findings import Findings
from .resolve import Bundle


def check_sense(bundle: Bundle) -> list[str]:
    """The fault lines of everything senseless in a scenario; empty if there is nothing.

    What follows references is checked only when all of them are sound.
    """
    found = Findings(bundle)
    check_evidence(found)
    if check_references(found):
        check_rules(found)
        check_moves(found)
        check_camps(found)
    return found.faults

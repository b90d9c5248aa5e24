"""The exception tree: everything this package raises on purpose."""

from __future__ import annotations


class DrawdownError(Exception):
    """Root of all faults that a user can mend; the message says where, what and what to do."""


class ScenarioError(DrawdownError):
    """One or more faults of a scenario or of the register of sources, gathered and raised once.

    `faults` holds one line each: ``file:line:column: path: what is wrong, what was expected``.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class PlanError(DrawdownError):
    """A scenario that is well formed but cannot be compiled, such as one too large."""


class EngineError(DrawdownError):
    """An engine that is asked for what it does not offer."""


class StoreError(DrawdownError):
    """A results folder that cannot be written, or that holds something else."""

"""The exception tree: everything this package raises on purpose."""

from __future__ import annotations


class DrawdownError(Exception):
    """Root of all faults that a user can mend; the message says where, what and what to do."""


class ScenarioError(DrawdownError):
    """One or more faults of a scenario or of the register of sources, gathered and raised once.

    `faults` holds one line each: ``file:line:column: path: what is wrong, what was expected``.
    """

    def __init__(self, faults: list[str]) -> None:
        self.faults = [_one_line(fault) for fault in faults]
        super().__init__("\n".join(self.faults))


#: Longest fault shown [character]; what a file holds may be of any length.
_LONGEST = 4000


def _one_line(fault: str) -> str:
    """A fault with control characters spelled out: a file must not break lines or steer a terminal."""
    text = fault if len(fault) <= _LONGEST else fault[:_LONGEST] + "..."
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


class PlanError(DrawdownError):
    """A scenario that is well formed but cannot be compiled, such as one too large."""


class EngineError(DrawdownError):
    """An engine that is asked for what it does not offer."""


class StoreError(DrawdownError):
    """A results folder that cannot be written, or that holds something else."""

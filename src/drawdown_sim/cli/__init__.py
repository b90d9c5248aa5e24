"""The command line: each command parses, calls one function of the package, and prints.

Everything heavy is imported inside the commands, so that `--help` starts fast.
"""

from __future__ import annotations

from . import commands, threshold
from .app import app

__all__ = ["app", "commands", "main", "threshold"]


def main() -> None:
    """Run the command line; the exit codes are those of `app.Group`."""
    app()

"""The command line: each command parses, calls one function of the package, and prints.

Everything heavy is imported inside the commands, so that `--help` starts fast.
"""

from __future__ import annotations

from . import bound, commands
from .app import app

__all__ = ["app", "bound", "commands", "main"]


def main() -> None:
    """Run the command line; the exit codes are those of `app.Group`."""
    app()

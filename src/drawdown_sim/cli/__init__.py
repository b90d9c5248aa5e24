"""The command line: each command parses, calls one function of the package, and prints.

Everything heavy is imported inside the commands, so that `--help` starts fast.
"""

from __future__ import annotations

from importlib import import_module

from .app import app

#: The modules of the commands, in the order in which help lists them.
MODULES = (
    "commands",
    "explain",
    "relief",
    "threshold",
    "calendar",
    "compare",
    "sweep",
    "sensitivity",
    "bound",
    "optimise",
    "query",
    "export",
)

for _name in MODULES:
    import_module(f".{_name}", __name__)

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; the exit codes are those of `app.Group`."""
    app()

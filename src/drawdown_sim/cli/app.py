"""The application: its commands register here; what may go wrong in any of them ends here."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any, NoReturn

import typer
import typer.core

from .. import __version__
from ..errors import DrawdownError


class Group(typer.core.TyperGroup):
    """The commands, with what may go wrong in any of them.

    Exit code 0 whatever the verdict, 2 for bad input (typer's own for wrong usage), 130 on Ctrl-C.
    """

    def invoke(self, ctx: Any) -> Any:
        """Run a command; faults that a user can mend are printed, never raised."""
        try:
            found = super().invoke(ctx)
            sys.stdout.flush()
            return found
        except DrawdownError as fault:
            _stop(str(fault), 2)
        except KeyboardInterrupt as stop:
            notes = getattr(stop, "__notes__", ["no half-written file is left"])
            _stop(f"stopped by Ctrl-C; {'; '.join(notes)}", 130)
        except MemoryError:
            _stop("out of memory; try fewer replications or workers, or a smaller scenario", 2)
        except BrokenPipeError:
            # whoever read us has seen enough; the flush at exit must not complain either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


def _stop(text: str, code: int) -> NoReturn:
    print(text, file=sys.stderr)
    sys.exit(code)


app = typer.Typer(
    name="drawdown-sim",
    cls=Group,
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"drawdown-sim {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Can all who are due to leave be out by the deadline?

    Example: drawdown-sim run baseline
    """

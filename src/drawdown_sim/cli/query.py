"""The command `query`: SQL over all kept results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .options import Json, Out
from .printing import print_plain, width


@app.command(short_help="Ask all kept results in SQL.")
def query(
    sql: Annotated[
        str | None, typer.Argument(metavar="SQL", help="A statement; left out, the tables are listed.")
    ] = None,
    out: Out = Path("results"),
    as_json: Json = False,
) -> None:
    """Ask all kept results in SQL, by DuckDB.

    Example: drawdown-sim query "SELECT scenario, probability FROM runs ORDER BY probability"
    """
    from ..experiment.query import query as ask
    from ..experiment.query import tables_of
    from ..report.query import query_lines

    table = tables_of(out) if sql is None else ask(sql, out)
    print_plain(table.records() if as_json else query_lines(table, width()))

"""The command `export`: what a staff officer opens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .options import Count, Dask, Engine, Json, Scenario, Seed
from .printing import print_plain, workers_of


@app.command(short_help="A workbook or CSV files, with the movement table.")
def export(
    scenario: Scenario,
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help="A file ending in .xlsx, or a folder for CSV files.")
    ],
    replications: Annotated[int, typer.Option(metavar="N", min=1, max=100_000, help="Futures to simulate.")] = 500,
    seed: Seed = 1,
    workers: Count = None,
    engine: Engine = "auto",
    dask: Dask = None,
    as_json: Json = False,
) -> None:
    """Write the answer, the movement table (who, what, from, to, mode, earliest, P50, latest) and every input.

    Example: drawdown-sim export baseline --to baseline.xlsx
    """
    from ..experiment.export import check_export, write_tables
    from ..experiment.export import export as ask
    from ..experiment.run import prepare
    from ..report.words import plural

    check_export(to)
    base = prepare(scenario, seed)
    with workers_of(workers, engine, dask) as team:
        tables = ask(base, replications, workers=team)
    write_tables(tables, to)
    if as_json:
        print_plain({table.name: table.records() for table in tables})
    else:
        print_plain([f"{table.name}: {plural(len(table), 'row')}" for table in tables] + [f"written to {to}"])

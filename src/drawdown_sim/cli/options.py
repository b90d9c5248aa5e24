"""Arguments and options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A file, or the name of a shipped scenario.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Engine = Annotated[
    str, typer.Option(metavar="NAME", help="auto, reference or compiled; the results are the same.")
]  # fmt: skip
Seed = Annotated[int, typer.Option(metavar="N", min=0, help="Seed of all draws.")]
Count = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=1, max=256, help="Share the work; left out, one for each core."),
]
Dask = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Have the work done by a Dask cluster: its scheduler's address.")
]

#: What every question takes.
Out = Annotated[Path, typer.Option(metavar="FOLDER", help="Where results are written to.")]
Store = Annotated[bool, typer.Option("--store/--no-store", help="Write results, or print only.")]
Plot = Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the answer: .svg, .png or .pdf.")]
Milestone = Annotated[
    str | None, typer.Option(metavar="ID", help="The milestone that is asked about; left out, the main one.")
]

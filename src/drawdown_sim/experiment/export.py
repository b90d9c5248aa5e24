"""What a staff officer opens: the answer, the movement table and the inputs, as sheets of a workbook or as CSV files.

The movement table follows the idea of time-phased force deployment data: who, what, from where, to where, by what, and
when at the earliest, at the median and at the latest over the replications.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..analysis.departures import Departure, departures, leaving
from ..errors import DrawdownError, StoreError
from ..model.plan import Mode, Plan
from ..scenario.resolve import inputs
from .answers import Cell, Table
from .run import DEFAULT_REPLICATIONS, Playable, Prepared, Result, prepare, simulate_all
from .store import write_folder, write_whole
from .summarise import date_of
from .tables import summary_tables
from .variants import look_at
from .workers import Workers

#: Replications whose movements are looked at one by one.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Movement:
    """The n-th movement of a lift, over the replications in which it happens; amounts are medians."""

    who: str
    """Whose people or loads, the most first."""
    what: str
    from_place: str
    to_place: str
    mode: str
    lift: str
    number: int
    people: int
    loads: int
    vehicles: int
    earliest: str
    p50: str
    latest: str
    share: float
    """Of the replications in which it happens."""


def export(
    scenario: Playable, replications: int = DEFAULT_REPLICATIONS, seed: int | None = None, *, workers: Workers | int = 1
) -> list[Table]:
    """The tables of a run: about, milestones, camps, price, people_out, movements, inputs.

    `write_tables` makes files of them. Raises ScenarioError, PlanError or EngineError.
    """
    base, team = prepare(scenario, seed), Workers.of(workers)
    result = simulate_all(base, replications, team)
    looked_at = min(replications, LOOKED_AT)
    return [
        _about(result, looked_at),
        *summary_tables(result.summary),
        movement_table(base, looked_at, team),
        _inputs(base),
    ]


def movement_table(base: Prepared, replications: int, workers: Workers) -> Table:
    """Every movement of the first replications, in the order of the median departure. Raises EngineError."""
    look = partial(leaving, first=0, after=base.plan.horizon + 1)
    _, runs = look_at(base, 0, replications, look, workers)
    found, _ = departures(base.plan, runs)
    rows = [_movement(base.plan, each) for each in found]
    units = {"people": "person", "loads": "load", "share": "of replications"}
    return Table.of("movements", rows, units) if rows else Table("movements", ("who", "what"), ())


def _movement(plan: Plan, each: Departure) -> Movement:
    carried = [f"{each.people} people"] * bool(each.people) + [f"{each.loads} loads"] * bool(each.loads)
    return Movement(
        who=", ".join(each.owners),
        what=" and ".join(carried) or "empty",
        from_place=each.pick_up or each.leaves,
        to_place=each.to,
        mode=Mode(int(plan.lift_mode[plan.lift_ids.index(each.lift)])).name.lower(),
        lift=each.lift,
        number=each.number,
        people=each.people,
        loads=each.loads,
        vehicles=each.vehicles,
        earliest=date_of(plan, each.earliest),
        p50=date_of(plan, each.p50),
        latest=date_of(plan, each.latest),
        share=each.share,
    )


def _about(result: Result, looked_at: int) -> Table:
    summary = result.summary
    verdict = summary["verdict"]
    rows: list[tuple[Cell, ...]] = [
        ("scenario", summary["scenario"]),
        ("title", summary["title"]),
        ("claim", verdict["claim"]),
        ("chance, on these assumptions", verdict["probability"]),
        ("95 % interval, from", verdict["low"]),
        ("95 % interval, to", verdict["high"]),
        ("replications", summary["replications"]),
        ("replications in the movement table", looked_at),
        ("seed", summary["seed"]),
        ("digest", summary["digest"]),
        ("day of knowledge", summary["as_of"]),
        ("replay, never scored", summary["replay"]),
    ]
    return Table("about", ("what", "value"), tuple(rows))


def _inputs(base: Prepared) -> Table:
    rows = tuple(
        (each.path, each.value.written, each.value.kind, each.value.text, ", ".join(each.value.facts), each.origin)
        for each in inputs(base.bundle)
    )
    return Table("inputs", ("path", "value", "ground", "text", "facts", "set_in"), rows)


# --- files ---------------------------------------------------------------------------------------


def check_export(path: Path) -> None:
    """Raise DrawdownError or StoreError unless tables can be written there; asked before the work, not after."""
    if path.exists():
        raise StoreError(f"{path}: is there already; nothing is overwritten: name another file or folder")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: there is no folder {path.parent}")
    if path.suffix == ".xlsx":
        _xlsxwriter()
    elif path.suffix:
        raise DrawdownError(f"{path}: expected a file that ends in .xlsx, or the name of a folder for CSV files")


def write_tables(tables: list[Table], path: Path) -> None:
    """A workbook with a sheet for each table, or a folder with a CSV file for each; whole or not at all."""
    check_export(path)
    if path.suffix == ".xlsx":
        write_whole(path, _workbook(tables))
        return

    def write(folder: Path) -> None:
        for table in tables:
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(table.columns)
            writer.writerows(table.rows)
            # spreadsheets take a file for UTF-8 only if it begins so
            (folder / f"{table.name}.csv").write_bytes(text.getvalue().encode("utf-8-sig"))

    write_folder(path, write)


def _workbook(tables: list[Table]) -> bytes:
    content = io.BytesIO()
    with _xlsxwriter().Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "drawdown-sim", "created": None})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(table.columns):
                unit = table.units.get(column)
                sheet.write(0, at, f"{column} [{unit}]" if unit else column, head)
                sheet.set_column(at, at, _width(column, table.column(column)))
            for number, row in enumerate(table.rows, 1):
                for at, cell in enumerate(row):
                    sheet.write(number, at, cell)
            if table.rows:
                sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    return content.getvalue()


def _width(column: str, cells: list[Cell]) -> int:
    """Characters that a column needs, within reason."""
    return min(max([len(column) + 4, *(len(str(cell)) + 1 for cell in cells[:200] if cell is not None)]), 60)


def _xlsxwriter() -> Any:
    try:
        import xlsxwriter
    except ModuleNotFoundError:
        raise DrawdownError(
            "a workbook needs XlsxWriter, which is not installed; add it with pip install 'drawdown-sim[export]', or "
            "name a folder for CSV files"
        ) from None
    return xlsxwriter

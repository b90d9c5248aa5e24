"""Questions in SQL over all kept results, by DuckDB.

Tables: `runs` (a row per run), `milestones` and `camps` (a row per run and milestone or camp), `replications` (a row
per replication of every run, with the columns of `analysis.columns`), `answers` (a row per answer), and for each table
of an answer `<question>_<table>`. All have `scenario`, `digest` and `folder`; times are minutes since the start.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import DrawdownError, StoreError
from ..model.plan import CONTRACT
from .answers import Table
from .store import ANSWER, MANIFEST, ROWS, SUMMARY

#: What of a summary is a column of `runs`.
_RUN = ("title", "seed", "replications", "replay", "as_of", "contract")
_VERDICT = ("milestone", "probability", "low", "high")

#: How the table ends that says where the files of another are.
_FILES = "_files"

#: Columns that say where a row is from.
_FROM = ("scenario", "digest", "folder")


def query(sql: str, out: Path | str = "results") -> Table:
    """The rows that a statement selects from the results below `out`.

    Raises StoreError for results that cannot be read, DrawdownError for a statement that DuckDB refuses or where DuckDB
    is missing.
    """
    import pyarrow as pa

    connection = _connected(Path(out))
    try:
        found = connection.sql(sql)
        table = pa.table({}) if found is None else found.to_arrow_table()
    except _duckdb().Error as fault:
        raise DrawdownError(f"query: {str(fault).strip()}\n{_offered(connection)}") from None
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return Table("rows", tuple(table.column_names), tuple(tuple(map(_cell, row)) for row in rows))


def tables_of(out: Path) -> Table:
    """The tables that can be asked, with their columns and rows. Raises StoreError as `query` does."""
    connection = _connected(out)
    found = connection.execute(
        "SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position)"
        " FROM information_schema.columns GROUP BY table_name ORDER BY table_name"
    ).fetchall()
    shown = [(name, columns) for name, columns in found if not name.endswith(_FILES)]
    rows = [
        (name, connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0], columns) for name, columns in shown
    ]
    return Table("tables", ("table", "rows", "columns"), tuple(rows))


def _cell(value: Any) -> Any:
    """A value as a table's cell; lists, dates and the like as text."""
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _duckdb() -> Any:
    try:
        import duckdb
    except ModuleNotFoundError:
        raise DrawdownError(
            "query needs DuckDB, which is not installed; add it with pip install 'drawdown-sim[query]'"
        ) from None
    return duckdb


def _connected(out: Path) -> Any:
    """A connection that knows the tables."""
    duckdb = _duckdb()
    if not out.is_dir():
        raise StoreError(f"{out}: there are no results; run a scenario first, or name their folder with --out")
    connection = duckdb.connect()
    kept: dict[str, list[dict[str, Any]]] = {"runs": [], "milestones": [], "camps": [], "answers": []}
    files: dict[str, list[tuple[Path, dict[str, str]]]] = defaultdict(list)
    for manifest in sorted(out.glob(f"**/{MANIFEST}")):
        folder = manifest.parent
        if folder.name.startswith("."):
            continue  # half written by a process that was killed
        place = _place(folder, out, manifest)
        if (folder / SUMMARY).exists():
            with _undamaged(folder / SUMMARY):
                _add_run(kept, _read(folder / SUMMARY), place)
            files["replications"].append((folder / ROWS, place))
        elif (folder / ANSWER).exists():
            with _undamaged(folder / ANSWER):
                answer = _read(folder / ANSWER)
                asked = json.dumps(answer["asked"], ensure_ascii=False)
                told = {"question": answer["question"], "asked": asked, "replications": answer["replications"]}
            kept["answers"].append(place | told)
            for path in sorted(folder.glob("*.parquet")):
                files[f"{answer['question']}_{path.stem.replace('-', '_')}"].append((path, place))
    for name, rows in kept.items():
        if rows:
            _register(connection, name, rows)
    for name, found in files.items():
        _register_files(connection, name, found)
    return connection


def _place(folder: Path, out: Path, manifest: Path) -> dict[str, str]:
    """Where a result is from. Raises StoreError for one of another contract."""
    made = _read(manifest)
    if made.get("contract") != CONTRACT:
        raise StoreError(
            f"{folder}: was made under contract {made.get('contract')}, this program reads contract {CONTRACT}; nothing"
            " was changed: move the folder away, or make the result anew"
        )
    with _undamaged(manifest):
        return {"scenario": made["scenario"], "digest": made["digest"], "folder": folder.relative_to(out).as_posix()}


def _read(path: Path) -> dict[str, Any]:
    with _undamaged(path):
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise TypeError
        return found


@contextmanager
def _undamaged(path: Path) -> Iterator[None]:
    """Raise StoreError for a file that lacks what is looked for in it."""
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise StoreError(
            f"{path}: is damaged; nothing was changed: move its folder away, or make the result anew"
        ) from None


def _add_run(kept: dict[str, list[dict[str, Any]]], summary: dict[str, Any], place: dict[str, str]) -> None:
    verdict = {name: summary["verdict"][name] for name in _VERDICT}
    losses = {f"{name}_mean": amount["mean"] for name, amount in summary["losses"].items() if "mean" in amount}
    exposure = {f"{name}_mean": amount["mean"] for name, amount in summary["exposure"].items()}
    kept["runs"].append(place | {name: summary[name] for name in _RUN} | verdict | losses | exposure)
    for name in ("milestones", "camps"):
        for entry in summary[name]:
            plain = {key: _cell(value) for key, value in entry.items() if not isinstance(value, dict)}
            kept[name].append(place | plain)


def _register(connection: Any, name: str, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa

    names = dict.fromkeys(key for row in rows for key in row)
    connection.register(name, pa.table({key: [row.get(key) for row in rows] for key in names}))


def _register_files(connection: Any, name: str, found: list[tuple[Path, dict[str, str]]]) -> None:
    """A view of Parquet files, each row with where it is from."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for path, _ in found:
        try:
            pq.read_schema(path)
        except (OSError, pa.ArrowException):
            raise StoreError(
                f"{path}: is damaged or missing; nothing was changed: move its folder away, or make the result anew"
            ) from None
    origins = f"{name}{_FILES}"
    _register(connection, origins, [{"filename": str(path)} | place for path, place in found])
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path, _ in found)
    own = ", ".join(f"f.{key}" for key in _FROM)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT {own}, r.* EXCLUDE (filename)"
        f" FROM read_parquet([{listed}], union_by_name=true, filename=true) r JOIN {origins} f USING (filename)"
    )


def _offered(connection: Any) -> str:
    names = [
        row[0] for row in connection.execute("SELECT DISTINCT table_name FROM information_schema.columns").fetchall()
    ]
    shown = sorted(name for name in names if not name.endswith("_files"))
    return f"tables are {', '.join(shown)}; drawdown-sim query without a statement lists their columns"

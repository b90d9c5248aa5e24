"""Where results are kept: one folder per scenario and digest, written once and never overwritten.

``<out>/<scenario>/<digest>/`` holds `rows.parquet` (a row per replication), `summary.json` and
`manifest.json` for the usual number of replications; another number N has a folder `<digest>-rN`
of its own. `spread-24x40.json` stands beside them if a spread of 24 settings with 40 replications each was
asked for. Rows, summary and spread are the same bytes for the same digest; the manifest says when,
with which versions and by which command they were made, and is the one file that may differ.
"""

from __future__ import annotations

import filecmp
import json
import os
import platform
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..analysis import columns
from ..errors import StoreError
from ..model.plan import CONTRACT, NEVER
from ..scenario.load import shipped_folder
from ..scenario.resolve import Bundle

if TYPE_CHECKING:
    import pyarrow as pa

    from .run import Result

#: Rows per group of the Parquet file; fixed, so that the bytes do not depend on how work was shared out.
ROW_GROUP = 1024

ROWS, SUMMARY, MANIFEST = "rows.parquet", "summary.json", "manifest.json"


def folder_of(result: Result, out: Path) -> Path:
    """Where a result belongs below `out`."""
    from .run import DEFAULT_REPLICATIONS

    runs = result.collected.replications
    suffix = "" if runs == DEFAULT_REPLICATIONS else f"-r{runs}"
    return out / result.prepared.bundle.name / f"{result.digest}{suffix}"


def check_writable(out: Path) -> None:
    """Raise StoreError unless results can be written below `out`; asked before the work, not after."""
    with _faults_named(out):
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass


def save(result: Result, out: Path) -> Result:
    """Keep a result below `out`; returns it with its folder.

    A folder that is already there with the same rows and summary is left alone. Raises StoreError if it
    holds something else, or if it cannot be written.
    """
    folder = folder_of(result, out)
    with _faults_named(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _partial_folder(folder) as partial:
            write_rows(result, partial / ROWS)
            (partial / SUMMARY).write_bytes(json_bytes(result.summary))
            (partial / MANIFEST).write_bytes(json_bytes(_manifest(result)))
            if not _became(partial, folder):
                _check_same(folder, partial)
        if result.spread is not None:
            _keep_spread(result, folder)
    return replace(result, folder=folder)


def rows_table(result: Result, first: int = 0, after: int | None = None) -> pa.Table:
    """The rows as an Arrow table: `replication`, the columns of `analysis.columns`, `people_out` by day.

    Times are minutes since the scenario's start, null where something never happened. Replications `first` to
    `after` - 1; all, if left out.
    """
    import numpy as np
    import pyarrow as pa

    block = result.collected.block(first, after)
    count, days = block.people_out.shape
    arrays: dict[str, Any] = {"replication": pa.array(np.arange(first, first + count), pa.int64())}
    for at, name in enumerate(columns(result.prepared.plan)):
        values = block.rows[:, at]
        arrays[name] = pa.array(values, pa.int64(), mask=values >= NEVER)
    offsets = pa.array(np.arange(0, count * days + 1, days), pa.int32())
    arrays["people_out"] = pa.ListArray.from_arrays(offsets, pa.array(block.people_out.reshape(-1), pa.int64()))
    return pa.table(arrays)


def write_rows(result: Result, path: Path) -> None:
    """Write the Parquet file of the rows, a group at a time; the same bytes for the same rows and pyarrow."""
    import pyarrow.parquet as pq

    groups = range(0, result.collected.replications, ROW_GROUP)
    with pq.ParquetWriter(path, rows_table(result, 0, 0).schema, compression="zstd", use_dictionary=False) as writer:
        for first in groups:
            writer.write_table(rows_table(result, first, first + ROW_GROUP), row_group_size=ROW_GROUP)


def json_bytes(content: dict[str, Any]) -> bytes:
    """JSON for people and machines, keys in the order given."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def command_of(result: Result) -> str:
    """The command that repeats a run."""
    words = [
        "drawdown-sim",
        "run",
        called(result.prepared.bundle),
        "--replications",
        str(result.collected.replications),
    ]
    words += ["--seed", str(result.prepared.seed)]
    words += ["--spread", str(result.design.settings)] if result.spread is not None else ["--no-spread"]
    return shlex.join(words)


def called(bundle: Bundle) -> str:
    """What to call a scenario on the command line: a shipped one by its name, another by its file."""
    shipped = shipped_folder() / "scenarios" / f"{bundle.name}.yaml"
    return bundle.name if shipped.resolve() == bundle.path else bundle.files[-1]


def _manifest(result: Result) -> dict[str, Any]:
    return {
        "scenario": result.prepared.bundle.name,
        "digest": result.digest,
        "contract": CONTRACT,
        "command": command_of(result),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(result.seconds, 3),
        "workers": result.workers,
        "engine": result.engine,
        "versions": {
            "drawdown-sim": __version__,
            "python": platform.python_version(),
            **{name: _version(name) for name in ("numpy", "simpy", "numba", "pyarrow", "pydantic")},
        },
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


@contextmanager
def _partial_folder(folder: Path) -> Iterator[Path]:
    """A folder beside another that is gone afterwards, unless it was renamed."""
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _became(partial: Path, folder: Path) -> bool:
    """Rename a finished folder, so that no half of it is ever seen; False if the other is there already."""
    if folder.exists():
        return False
    partial.chmod(0o755)
    try:
        partial.rename(folder)
    except OSError:
        if not folder.exists():  # another run of the same scenario may have been faster
            raise
        return False
    return True


def _check_same(folder: Path, other: Path) -> None:
    """Raise StoreError unless a folder holds the rows and the summary of another."""
    try:
        same = (folder / SUMMARY).read_bytes() == (other / SUMMARY).read_bytes()
        same = same and _same_rows(folder / ROWS, other / ROWS)
    except FileNotFoundError as missing:
        raise StoreError(
            f"{folder}: {Path(str(missing.filename)).name} is missing, so the folder is not a result;"
            " remove the folder, or choose another one with --out"
        ) from None
    if not same:
        raise StoreError(
            f"{folder}: holds another result under the same digest{_written_by(folder)}; this is drawdown-sim"
            f" {__version__}; nothing was overwritten: move the folder away, or choose another one with --out"
        )


def _same_rows(path: Path, other: Path) -> bool:
    """Whether two Parquet files hold the same rows; another version of pyarrow may write them in other bytes."""
    if filecmp.cmp(path, other, shallow=False):
        return True
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as found, pq.ParquetFile(other) as expected:
            if found.schema_arrow != expected.schema_arrow:
                return False
            pairs = zip_longest(found.iter_batches(ROW_GROUP), expected.iter_batches(ROW_GROUP))
            return all(one is not None and two is not None and one.equals(two) for one, two in pairs)
    except (pa.ArrowException, OSError):
        return False


def _written_by(folder: Path) -> str:
    """Which version wrote a folder, for a message; empty if its manifest does not say."""
    try:
        versions = json.loads((folder / MANIFEST).read_bytes())["versions"]
        return f", written by drawdown-sim {versions['drawdown-sim']} with numpy {versions['numpy']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _keep_spread(result: Result, folder: Path) -> None:
    """Write the spread beside the summary, unless the same is there."""
    assert result.spread is not None
    path = folder / f"spread-{result.design.settings}x{result.design.replications}.json"
    content = json_bytes(result.spread)
    if not path.exists():
        write_whole(path, content)
    elif path.read_bytes() != content:
        raise StoreError(f"{path}: holds another spread{_written_by(folder)}; move it away, or use --out")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it, so that no half of it is ever seen."""
    with _faults_named(path):
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(partial, 0o644)
            os.replace(partial, path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise


@contextmanager
def _faults_named(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into a StoreError that names the place."""
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise StoreError(
            f"{fault.filename or path}: cannot be written: {reason}; expected a folder with room in it that"
            " you may write to: choose another one with --out"
        ) from None

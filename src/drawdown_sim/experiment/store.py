"""Where results are kept: one folder per scenario and digest, written once and never overwritten.

``<out>/<scenario>/<digest>/`` holds a run: `rows.parquet` (a row per replication), `summary.json` and
`manifest.json` for the usual number of replications; another number N has a folder `<digest>-rN`
of its own. `spread-24x40.json` stands beside them if a spread of 24 settings with 40 replications each was
asked for. Rows, summary and spread are the same bytes for the same digest; the manifest says when,
with which versions and by which command they were made, and is the one file that may differ.
``<digest>-<question>-<what was asked>/`` holds an answer in the same manner: `answer.json`, a Parquet file for each of
its tables, a manifest.
"""

from __future__ import annotations

import filecmp
import json
import os
import platform
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
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

    from .answers import Answer
    from .run import Result

#: Rows per group of the Parquet file; fixed, so that the bytes do not depend on how work was shared out.
ROW_GROUP = 1024

ROWS, SUMMARY, MANIFEST, ANSWER = "rows.parquet", "summary.json", "manifest.json", "answer.json"


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

    def write(partial: Path) -> None:
        write_rows(result, partial / ROWS)
        (partial / SUMMARY).write_bytes(json_bytes(result.summary))
        (partial / MANIFEST).write_bytes(json_bytes(_manifest(result)))

    _keep(folder, write)
    if result.spread is not None:
        _keep_beside(folder, f"spread-{result.design.settings}x{result.design.replications}.json", result.spread)
    if result.precision is not None:
        _keep_beside(folder, f"precision-{result.precision['asked']:g}.json", result.precision)
    return replace(result, folder=folder)


def save_answer(answer: Answer, out: Path, seconds: float, command: Sequence[str]) -> Path:
    """Keep an answer below `out`; returns its folder. Raises StoreError as `save` does.

    `command` repeats it, and `seconds` is what it took; both go to the manifest only.
    """
    import pyarrow.parquet as pq

    folder = out / answer.scenario / f"{answer.digest}-{answer.name}"

    def write(partial: Path) -> None:
        for table in answer.tables:
            pq.write_table(table.to_arrow(), partial / f"{table.name}.parquet", compression="zstd")
        (partial / ANSWER).write_bytes(json_bytes(answer.plain()))
        made = {"scenario": answer.scenario, "digest": answer.digest, "contract": CONTRACT}
        made |= {"command": shlex.join(["drawdown-sim", *command])}
        (partial / MANIFEST).write_bytes(json_bytes(made | _made(seconds)))

    _keep(folder, write)
    return folder


def _keep(folder: Path, write: Callable[[Path], None]) -> None:
    """Have a folder written whole or not at all; one that is there already must hold the same."""
    with _faults_named(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _partial_folder(folder) as partial:
            write(partial)
            if not _became(partial, folder):
                _check_same(folder, partial)


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
        *_size_of(result),
    ]
    words += ["--seed", str(result.prepared.seed)]
    words += ["--spread", str(result.design.settings)] if result.spread is not None else ["--no-spread"]
    return shlex.join(words)


def _size_of(result: Result) -> list[str]:
    if result.precision is not None:
        return ["--precision", f"{result.precision['asked']:g}"]
    return ["--replications", str(result.collected.replications)]


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
        "workers": result.workers,
        "engine": result.engine,
        **_made(result.seconds),
    }


def _made(seconds: float) -> dict[str, Any]:
    """When something was made, how long it took, and with which versions."""
    return {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
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
    """Raise StoreError unless a folder holds what another holds, the manifest aside."""
    same = True
    for name in sorted(path.name for path in other.iterdir() if path.name != MANIFEST):
        if not (folder / name).exists():
            raise StoreError(
                f"{folder}: {name} is missing, so the folder is not a result;"
                " remove the folder, or choose another one with --out"
            )
        agree = _same_rows if name.endswith(".parquet") else _same_bytes
        same = same and agree(folder / name, other / name)
    if not same:
        raise StoreError(
            f"{folder}: holds another result under the same digest{_written_by(folder)}; this is drawdown-sim"
            f" {__version__}, and titles, grounds and ranges are not in the digest; nothing was overwritten: move the"
            " folder away, or choose another one with --out"
        )


def _same_bytes(path: Path, other: Path) -> bool:
    return path.read_bytes() == other.read_bytes()


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


def _keep_beside(folder: Path, name: str, found: dict[str, Any]) -> None:
    """Write what was asked beside a summary, unless the same is there."""
    path, content = folder / name, json_bytes(found)
    if not path.exists():
        write_whole(path, content)
    elif path.read_bytes() != content:
        what = name.partition("-")[0]
        raise StoreError(f"{path}: holds another {what}{_written_by(folder)}; move it away, or use --out")


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


def write_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Have a new folder written under a temporary name and renamed. Raises StoreError if it is there already."""
    with _faults_named(folder), _partial_folder(folder) as partial:
        write(partial)
        if not _became(partial, folder):
            raise StoreError(f"{folder}: is there already; nothing is overwritten: name another folder")


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

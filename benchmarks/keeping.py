"""What every measurement keeps: on what it was taken and when, and its place on the page."""

from __future__ import annotations

import json
import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from drawdown_sim import __version__
from drawdown_sim.model.plan import CONTRACT

_HERE = Path(__file__).parent
_PAGE = _HERE.parent / "docs" / "performance.md"

#: How packages are told, where that is not how they are called.
_TOLD = {"python": "Python", "simpy": "SimPy"}


def taken(*packages: str) -> dict[str, Any]:
    """Contract, machine, versions of Python and of what was measured with, load and day."""
    return {
        "contract": CONTRACT,
        "machine": _machine(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in packages}},
        "version": __version__,
        "load": round(os.getloadavg()[0], 2),
        "measured": datetime.now(UTC).date().isoformat(),
    }


def _machine() -> dict[str, Any]:
    """The processor; no name that tells whose it is."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
    }


def where(record: dict[str, Any]) -> str:
    """On what a record was taken, in a line."""
    on = record["machine"]
    tools = ", ".join(f"{_TOLD.get(name, name)} {found}" for name, found in record["versions"].items())
    load = f"; load at the end {record['load']}" if "load" in record else ""
    return f"{on['processor']}, {on['cores']} cores, {on['system']}; {tools}{load}. {record['measured']}."


def keep(name: str, record: dict[str, Any], told: str) -> None:
    """Write ``NAME.json``, and put what it tells between its marks on the page.

    Raises ValueError if the page has no marks for it.
    """
    record_path = _HERE / f"{name}.json"
    record_path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    marks = re.compile(rf"(<!-- made by benchmarks/{name}\.py -->\n).*?(<!-- end -->)", re.DOTALL)
    page, found = marks.subn(lambda at: at[1] + told + at[2], _PAGE.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError(f"{_PAGE}: {found} places for benchmarks/{name}.py; expected one")
    _PAGE.write_text(page, encoding="utf-8")

"""The example notebook says today what it says on its page."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "example.ipynb"


def test_every_cell_of_the_example_prints_what_it_printed() -> None:
    pytest.importorskip("numba")
    pytest.importorskip("pandas")
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    compared = 0
    for cell in cells:
        code = "".join(cell["source"])
        if "IPython" in code:  # the picture needs a notebook to be shown in
            continue
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(code, NOTEBOOK.name, "exec"), names)
        kept = "".join("".join(output.get("text", "")) for output in cell["outputs"])
        assert printed.getvalue() == kept
        compared += bool(kept)
    assert compared >= 3

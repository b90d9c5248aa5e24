"""The example notebook says today what it says on its page."""

from __future__ import annotations

import ast
import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "example.ipynb"


def test_every_cell_of_the_example_says_what_it_said() -> None:
    pytest.importorskip("numba")
    pandas = pytest.importorskip("pandas")
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    compared = 0
    for cell in cells:
        code = "".join(cell["source"])
        if "IPython" in code:  # the picture needs a notebook to be shown in
            continue
        printed = StringIO()
        with redirect_stdout(printed):
            value = result_of(code, names)
        kept = "".join("".join(output.get("text", "")) for output in cell["outputs"])
        shown = ["".join(output["data"]["text/plain"]) for output in cell["outputs"] if "data" in output]
        assert printed.getvalue() == kept
        assert len(shown) == (value is not None)
        with pandas.option_context("display.max_columns", 20, "display.width", 80, "display.show_dimensions", False):
            assert all(repr(value) == text for text in shown)
        compared += bool(kept or shown)
    assert compared >= 5


def result_of(code: str, names: dict[str, Any]) -> Any:
    """Run a cell; the value of its last line, if that is an expression, as a notebook shows it."""
    tree = ast.parse(code, NOTEBOOK.name)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, NOTEBOOK.name, "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), names)

"""The text under each field of the schema.

Pydantic's own `use_attribute_docstrings` reads the source once per model, a third of a second in all,
each time the program starts; here it is read once, when a description is first asked for.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise

from . import schema


@cache
def descriptions() -> dict[str, dict[str, str]]:
    """model name -> {field name: description}."""
    module = ast.parse(inspect.getsource(schema))
    return {node.name: _of_fields(node) for node in module.body if isinstance(node, ast.ClassDef)}


def _of_fields(model: ast.ClassDef) -> dict[str, str]:
    texts = {}
    for field, text in pairwise(model.body):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            texts[field.target.id] = inspect.cleandoc(str(text.value.value))
    return texts

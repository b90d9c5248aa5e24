"""Pages with words by hand and, between marks, what was measured."""

from __future__ import annotations

import re
from pathlib import Path

_DOCS = Path(__file__).parents[1] / "docs"
PAGE = _DOCS / "validation.md"
AGREEMENT = _DOCS / "agreement.md"

_PART = re.compile(r"(<!-- measured: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(rows: list[list[str]]) -> str:
    """Rows as a Markdown table, the first row as its head."""
    head, *body = rows
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *body)) + "\n"


def write(parts: dict[str, str], page: Path = PAGE) -> None:
    """Put each part between its marks in the page. Raises ValueError if parts and marks do not match."""
    text = page.read_text(encoding="utf-8")
    marked = [name for _, name, _ in _PART.findall(text)]
    if sorted(marked) != sorted(parts):
        odd = sorted(set(marked) ^ set(parts)) or sorted(marked)
        raise ValueError(f"{page}: marks and measured parts differ: {', '.join(odd)}; expected each once in both")
    page.write_text(
        _PART.sub(lambda found: f"{found[1]}{parts[found[2]].rstrip()}\n{found[3]}", text), encoding="utf-8"
    )

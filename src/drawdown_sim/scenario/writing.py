"""Writing YAML by hand: scalars quoted where they must be, small values in flow style."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from .yamlmarks import Plain

# no indicator, no ": ", no " #", nothing that a reader of any YAML version takes for another type
_PLAIN = re.compile(r"[A-Za-zÀ-ÿ][\wÀ-ÿ./%()+;'-]*(?: [\wÀ-ÿ./%()+;'-]+)*\Z")
_QUANTITY = re.compile(r"\d[\d.]*(?: [\w./%]+)*\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?\Z", re.ASCII)
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(value: Plain) -> str:
    """One scalar as YAML that reads back as itself."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return str(value)
    text = str(value)
    is_number = _QUANTITY.match(text) and " " not in text
    is_plain = _PLAIN.match(text) or _QUANTITY.match(text) or _DATE.match(text)
    if is_plain and not is_number and text.lower() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def flow(value: Plain) -> str:
    """A value in flow style, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(entry) for entry in value) + "]"
    return scalar(value)

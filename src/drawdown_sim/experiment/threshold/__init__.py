"""How far until it breaks: the value of an input at which the chance crosses a line."""

from __future__ import annotations

from .axis import Vary
from .question import threshold
from .tables import Effort

__all__ = ["Effort", "Vary", "threshold"]

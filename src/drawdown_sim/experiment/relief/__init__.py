"""What would help: every constraint relaxed by a step, alone and in pairs."""

from __future__ import annotations

from .answer import Size
from .question import relief

__all__ = ["Size", "relief"]

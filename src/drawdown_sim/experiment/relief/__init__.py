"""What would help: every constraint relaxed by a step, alone and in pairs."""

from __future__ import annotations

from .question import relief

__all__ = ["relief"]

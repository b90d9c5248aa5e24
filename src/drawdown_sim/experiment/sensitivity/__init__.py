"""What matters among what is not known: tornado, screening, and the debt of assumptions."""

from __future__ import annotations

from .question import OTHERS, Design, sensitivity

__all__ = ["OTHERS", "Design", "sensitivity"]

"""Until when: the last day of each decision, and the next moves with the clearances they need."""

from __future__ import annotations

from .question import calendar

__all__ = ["calendar"]

"""Many runs: replications of a scenario, its spread over what is not known, and where results are kept."""

from __future__ import annotations

from .run import Result, prepare, run
from .store import save

__all__ = ["Result", "prepare", "run", "save"]

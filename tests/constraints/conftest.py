"""The folder of shared builders is made importable, and chance in these tests is the same every day."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parents[1]))

_QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}

settings.register_profile("ci", derandomize=True, max_examples=200, **_QUIET)
settings.register_profile("long", max_examples=5000, **_QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

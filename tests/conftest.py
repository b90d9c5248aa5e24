"""Chance in the tests is the same every day.

A failure shows the scenario as it was found. With ``HYPOTHESIS_PROFILE=small`` in the environment the same
search makes it as small as it can; ``long`` searches on, with other scenarios each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

_QUIET = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
_SEARCH = (Phase.explicit, Phase.generate)

settings.register_profile("ci", _QUIET, derandomize=True, max_examples=120, phases=_SEARCH)
settings.register_profile("small", _QUIET, derandomize=True, max_examples=120)
settings.register_profile("long", _QUIET, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

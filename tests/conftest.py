"""Settings for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# On a submission the same examples each time; at a desk new ones, so that faults are found.
settings.register_profile("submission", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("submission" if os.environ.get("CI") else "desk")

"""Hypothesis profiles: `dev` is quick, `ci` is what `make test` runs."""

import os

# Before anything imports botocore, which else swaps its own signer for awscrt's where that is installed.
os.environ["BOTO_DISABLE_CRT"] = "true"

from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile(
    "ci", max_examples=1_000, deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

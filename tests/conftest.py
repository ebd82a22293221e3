"""What holds for every test: the hypothesis profiles, and that nothing is skipped in CI.

Rule: a profile decides how much is tried, never what is asserted.  `dev` is for a person who waits, `ci` for a machine
(CI is set), `fuzz` for an evening: `pytest --hypothesis-profile=fuzz tests/test_verify_properties.py`.  `mutants` tries
the same few each time, since it runs for each of two thousand changes to the code (make mutants).
"""

import os

# Before anything imports botocore, which else swaps its own signer for awscrt's where that is installed.
os.environ["BOTO_DISABLE_CRT"] = "true"

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("mutants", max_examples=20, deadline=None, derandomize=True, database=None)
settings.register_profile("fuzz", settings.get_profile("ci"), max_examples=50_000)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What is missing on somebody's machine is skipped visibly there; in CI nothing may be."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("CI"):
        terminalreporter.write_line(f"{len(skipped)} skipped, which is a failure in CI", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The exit status of the above."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

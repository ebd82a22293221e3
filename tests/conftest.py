"""Setup of every test run: hypothesis profiles, the source tree for child processes, and what is skipped.

Rule: a profile decides how much is tried, never what is asserted.  `dev` is for a person who waits, `ci` for a machine
(CI is set), `fuzz` for an evening: `pytest --hypothesis-profile=fuzz tests/test_verify_properties.py`.  `mutants` tries
the same few each time and doesn't look for a smaller example, since it runs for each of four thousand changes to the
code (make mutants).  In CI the examples are the same each time, as in hypothesis's own profile for it: a change is
judged by what it changed.  New ones are tried by everybody who runs `make test`, and by `make shake` and `make fuzz`.

A test skips if a package or program that it needs is missing.  The last lines of a run count the skipped tests by what
is missing; with `--nothing-skipped` (make test-all, if CI is set) a skipped test fails the run.
"""

import functools
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Before anything imports botocore, which else swaps its own signer for awscrt's where that is installed.
os.environ["BOTO_DISABLE_CRT"] = "true"
# Processes that tests start import this tree too, whether or not a version of the package is installed.
os.environ["PYTHONPATH"] = os.pathsep.join(
    (str(Path(__file__).parent.parent / "src"), *filter(None, [os.environ.get("PYTHONPATH")]))
)

import pytest
import voice
from hypothesis import HealthCheck, Phase, is_hypothesis_test, settings

from sigv4presign._diagnosis.finding import Finding
from sigv4presign._server.refusal import Refused
from sigv4presign.errors import Sigv4PresignError

IN_CI = bool(os.environ.get("CI"))
SAME: "dict[str, Any]" = {"derandomize": True, "database": None}
settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], **SAME)
settings.register_profile("mutants", max_examples=20, deadline=None, phases=(Phase.explicit, Phase.generate), **SAME)
settings.register_profile("fuzz", settings.get_profile("ci"), max_examples=50_000, derandomize=False)
settings.load_profile("ci" if IN_CI else "dev")


_faults: "list[str]" = []  # in messages and findings that were made since the last test


def _with_voice(kind: "type[Any]", check: "Callable[[Any], str]") -> None:
    """Let the making of such objects note what is wrong with their texts."""
    make = kind.__init__

    @functools.wraps(make)
    def made(self: Any, *args: Any, **named: Any) -> None:
        make(self, *args, **named)
        fault = check(self)
        if fault:
            _faults.append(fault)

    kind.__init__ = made


def fault_in_message(error: Exception) -> str:
    return voice.fault_in(str(error).partition(": ")[2] or str(error))  # without the parameter's name


def fault_in_finding(one: Finding) -> str:
    return voice.fault_in_sentence(one.fix) or voice.fault_in(one.expected) or voice.fault_in(one.seen, raw=True)


_with_voice(Sigv4PresignError, fault_in_message)
_with_voice(Refused, fault_in_message)
_with_voice(Finding, fault_in_finding)


@pytest.fixture(autouse=True)
def messages_read_well(request: pytest.FixtureRequest) -> "Iterator[None]":
    """Fail a test in which a message was made that does not read well; those about random text are left out."""
    _faults.clear()
    yield
    if not is_hypothesis_test(request.function):
        assert not _faults


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nothing-skipped", action="store_true", help="a skipped test fails the run")
    parser.addoption("--write-skipped", type=Path, metavar="FILE", help="write down which tests are skipped here")
    parser.addoption("--only-skipped", type=Path, metavar="FILE", help="run the tests that were written down alone")


def function_of(test: str) -> str:
    """A test's id without its parameters, which depend on what is installed."""
    return test.partition("[")[0]


def pytest_collection_modifyitems(config: pytest.Config, items: "list[pytest.Item]") -> None:
    """Keep the tests that were skipped in an earlier run, where it is on record."""
    record: Path | None = config.getoption("--only-skipped")
    if record is None or not record.exists():
        return
    wanted = set(record.read_text(encoding="utf-8").splitlines())
    left_out = [item for item in items if not wanted & {function_of(item.nodeid), item.nodeid.partition("::")[0]}]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def reasons(skipped: "list[pytest.TestReport]") -> "list[tuple[str, int]]":
    """Why tests were skipped, each reason with the number of tests, the most frequent first."""
    counts: Counter[str] = Counter()
    for report in skipped:
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        text = text.removeprefix("Skipped: ")
        missing = re.match(r"could not import '([\w.]+)'", text)
        counts[f"{missing[1].partition('.')[0]} is not installed" if missing else text] += 1
    return counts.most_common()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    if skipped:
        strict = bool(config.getoption("--nothing-skipped"))
        end = "which --nothing-skipped forbids" if strict else "make test-all installs the Python packages"
        terminalreporter.section(f"{len(skipped)} skipped; {end}", yellow=not strict, red=strict)
        for reason, count in reasons(skipped):
            terminalreporter.write_line(f"{count:5} {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for skipped tests, or write them down, if that was asked for."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    record: Path | None = session.config.getoption("--write-skipped")
    if record is not None and reporter is not None:
        names = {function_of(report.nodeid) for report in reporter.stats.get("skipped", [])}
        record.parent.mkdir(exist_ok=True)
        record.write_text("".join(f"{name}\n" for name in sorted(names)), encoding="utf-8")
    strict = session.config.getoption("--nothing-skipped")
    if strict and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

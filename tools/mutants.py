"""Mutation testing of the core: does any test notice, if this line is changed?  Writes docs/evidence.md.

Rule: a change that no test notices is listed, with the reason why none has to, kept in tools/survivors.json by the
function and the change itself.  The score counts every change, those with a reason too.

Usage: python tools/mutants.py [--children N]      (in an environment with mutmut: make mutants)

mutmut changes what stands inside functions: tables at the top of a module, `__new__` and properties stay as they are.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from typing import Any, NamedTuple

from evidence import ROOT, table, write

RING = (
    "_encoding",
    "_dates",
    "_url",
    "_values",
    "_shown",
    "_signature",
    "_canonical",
    "_steps",
    "_presign",
    "_verify",
)
# Quick ones that need no other process; mutmut runs those of them that reach the changed function.
TESTS = (
    "test_core_ring",
    "test_counting",
    "test_credentials",
    "test_dates",
    "test_errors",
    "test_exact_text",
    "test_presign",
    "test_presign_against_botocore",
    "test_s3",
    "test_sigv4a",
    "test_steps",
    "test_vectors",
    "test_verify",
)
# The first four start a process, where mutmut's records of what is called do not reach; the others take seconds.
LEFT_OUT = (
    "tests/test_sigv4a.py::test_a_vendored_copy_signs_and_verifies_without_it",
    "tests/test_sigv4a.py::test_a_plain_signature_does_not_load_it",
    "tests/test_verify.py::test_the_first_request_of_a_process_is_refused_as_any_later_one",
    "tests/test_errors.py::test_an_except_clause_may_be_the_first_to_name_a_refusal",
    "tests/test_counting.py::test_nothing_is_kept_of_a_hundred_thousand_regions_buckets_keys_and_seconds",
    "tests/test_counting.py::test_signing_and_verifying_for_ever_new_credentials_regions_and_services_keep_nothing",
)
GOAL = 95.0
STAGE = os.path.join(ROOT, ".cache", "mutants")
REASONS = os.path.join(ROOT, "tools", "survivors.json")
SURVIVING = os.path.join(ROOT, "docs", "surviving-mutants.md")
SURVIVING_INTRODUCTION = """<!-- Written by tools/mutants.py: run `make mutants`, do not edit. -->

# Surviving mutants

Changes to the core that no test notices, and why none has to. The counts are in [the evidence](evidence.md#mutants).
"""
# As `mutmut run` records them: tests failed, pytest failed, and the limit on time (SIGXCPU) was reached.
UNEXPLAINED = "No reason yet."
KILLED, TIMED_OUT = (1, 3), (-24, 24, 36, 152, 255)


class Survivor(NamedTuple):
    """A change that no test noticed."""

    function: str
    change: "tuple[str, ...]"


def stage() -> None:
    """A copy of what is needed: nothing here is changed, and no earlier run's result is taken for a new one."""
    shutil.rmtree(STAGE, ignore_errors=True)
    for folder in ("src", "tests"):
        shutil.copytree(
            os.path.join(ROOT, folder), os.path.join(STAGE, folder), ignore=shutil.ignore_patterns("__pycache__")
        )
    settings = {
        "source_paths": ["src/"],
        "only_mutate": [f"src/sigv4presign/{name}.py" for name in RING],
        "pytest_add_cli_args": ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"],
        "pytest_add_cli_args_test_selection": [
            *(f"tests/{name}.py" for name in TESTS),
            *(f"--deselect={name}" for name in LEFT_OUT),
        ],
        # Each mutant in a process that has run no test yet: the package keeps what it has computed once.
        "process_isolation": "forkserver",
        "on_dependency_change": "ignore",
    }
    with open(os.path.join(STAGE, "pyproject.toml"), "w", encoding="utf-8") as file:
        file.write(
            '[tool.pytest.ini_options]\npythonpath = ["src", "tests"]\nfilterwarnings = ["error"]\n\n[tool.mutmut]\n'
        )
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def run(children: int) -> float:
    """Run them all; return how many seconds it took."""
    started = time.monotonic()
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)]
    with open(os.path.join(STAGE, "log"), "w", encoding="utf-8") as log:
        done = subprocess.run(command, cwd=STAGE, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise SystemExit(f"mutmut failed; see {os.path.relpath(log.name, ROOT)}")
    return time.monotonic() - started


def results() -> "dict[str, dict[str, int]]":
    """The exit status of each mutant, by module."""
    found: dict[str, dict[str, int]] = {}
    for name in RING:
        with open(os.path.join(STAGE, "mutants", "src", "sigv4presign", f"{name}.py.meta"), encoding="utf-8") as file:
            found[name] = json.load(file)["exit_code_by_key"]
    return found


def survivor(mutant: str) -> Survivor:
    """What a mutant changed: its function, as one would write it, and the lines out and in."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant], cwd=STAGE, capture_output=True, text=True, check=True
    ).stdout
    lines = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    name = mutant.removeprefix("sigv4presign.").partition("__mutmut")[0]
    module, _, function = name.partition(".")
    # x_function, or x, a letter that no Python name is likely to have, the class, that letter, the method
    plain = (
        function.removeprefix("x_")
        if function.startswith("x_")
        else function[1:].strip("\u01c1").replace("\u01c1", ".")
    )
    return Survivor(f"{module}.{plain}", tuple(f"{line[0]} {line[1:].strip()}" for line in lines))


def reasons() -> "dict[Survivor, str]":
    with open(REASONS, encoding="utf-8") as file:
        data: dict[str, dict[str, Any]] = json.load(file)
    return {
        Survivor(function, tuple(change)): reason
        for reason, functions in data.items()
        for function, changes in functions.items()
        for change in changes
    }


def report(found: "dict[str, dict[str, int]]", survivors: "list[Survivor]", seconds: float) -> int:
    cells: list[list[str]] = []
    totals = [0, 0, 0, 0]
    for name, statuses in found.items():
        killed = [status for status in statuses.values() if status in KILLED]
        late = [status for status in statuses.values() if status in TIMED_OUT]
        counts = [len(statuses), len(killed), len(late), len(statuses) - len(killed) - len(late)]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        cells.append([name, *map(str, counts)])
    cells.append(["all", *map(str, totals)])
    score = 100 * (totals[1] + totals[2]) / totals[0]
    known = reasons()
    by_reason: dict[str, list[Survivor]] = {}
    for one in survivors:
        by_reason.setdefault(known.get(one, UNEXPLAINED), []).append(one)
    body = f"""\
{totals[0]} changes to the core, one at a time, each against the tests that reach it ({", ".join(TESTS)}), in
{seconds / 60:.0f} minutes. [mutmut](https://pypi.org/project/mutmut/) makes them; tables at the top of a module,
`__new__` and properties stay as they are.

{table(("module", "changes", "noticed", "ran into the time limit", "survived"), cells, numbers=(1, 2, 3, 4))}
**{score:.1f} %** were noticed. Those that were not, each with the reason why no test has to: [surviving
mutants](surviving-mutants.md).
"""
    page = SURVIVING_INTRODUCTION
    for reason, ones in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
        lines = "\n".join("\n".join([f"# {one.function}", *one.change]) for one in ones)
        page += f"\n{reason}\n\n```text\n{lines}\n```\n"
    with open(SURVIVING, "w", encoding="utf-8") as file:
        file.write(page)
    unexplained = len(by_reason.get(UNEXPLAINED, ()))
    left = f"{len(survivors)} survive, {unexplained} without a reason"
    line = f"tests notice {score:.1f} % of {totals[0]} changes to the core; {left}"
    write("make mutants", body, line)
    return 0 if score >= GOAL else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation testing of the core; writes docs/evidence.md.")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="processes at once")
    children = parser.parse_args().children
    stage()
    seconds = run(children)
    found = results()
    left = [
        mutant
        for statuses in found.values()
        for mutant, status in statuses.items()
        if status not in KILLED and status not in TIMED_OUT
    ]
    return report(found, [survivor(mutant) for mutant in left], seconds)


if __name__ == "__main__":
    sys.exit(main())

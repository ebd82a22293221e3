"""Mutation testing: does any test notice, if this line is changed?  Writes docs/evidence.md.

Rule: every change to the core is tried, and a random sample of the changes to the rest of the package.  A change that
no test notices is listed, with the reason why none has to, kept in tools/survivors.json by the function and the change
itself.  The score counts every change, those with a reason too.

Usage: python tools/mutants.py [--children N] [--sample N] [--seed N] [--only core|rest]      (make mutants)

`--only` and another `--sample` are for a quick look: they print, and write nothing.

mutmut changes what stands inside functions: tables at the top of a module, `__new__` and properties stay as they are.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from evidence import ROOT, table, write

RING = (
    "_text",
    "_time",
    "_value",
    "_url",
    "_credentials",
    "_query_auth",
    "_signature",
    "_canonical",
    "_steps",
    "_presigned_url",
    "_presign",
    "_unverified",
    "_verify",
)
# Quick ones that need no other process; mutmut runs those of them that reach the changed function.
TESTS = (
    "test_asgi",
    "test_boto3",
    "test_canonical",
    "test_counting",
    "test_credentials",
    "test_dates",
    "test_errors",
    "test_exact_text",
    "test_frames",
    "test_guard_attacks",
    "test_inspect",
    "test_once",
    "test_presign",
    "test_presign_against_botocore",
    "test_providers",
    "test_redaction",
    "test_s3",
    "test_s3_cors",
    "test_sigv4a",
    "test_steps",
    "test_text",
    "test_url",
    "test_value",
    "test_vectors",
    "test_verify",
    "test_verify_post",
    "test_wsgi",
)
# The first six start a process, where mutmut's records of what is called do not reach; one asks which frames there are,
# and mutmut adds its own; the others take seconds.
LEFT_OUT = (
    "tests/test_providers.py::test_only_reading_a_profiles_keys_loads_no_network_and_no_subprocess",
    "tests/test_redaction.py::test_the_cheap_part_loads_no_regular_expressions",
    "tests/test_sigv4a.py::test_a_vendored_copy_signs_and_verifies_without_it",
    "tests/test_sigv4a.py::test_a_plain_signature_does_not_load_it",
    "tests/test_verify.py::test_the_first_request_of_a_process_is_refused_as_any_later_one",
    "tests/test_errors.py::test_an_except_clause_may_be_the_first_to_name_a_refusal",
    "tests/test_guard_attacks.py::test_the_frames_of_a_callback_stay_in_its_error",
    "tests/test_counting.py::test_nothing_is_kept_of_a_hundred_thousand_regions_buckets_keys_and_seconds",
    "tests/test_counting.py::test_signing_and_verifying_for_ever_new_credentials_regions_and_services_keep_nothing",
)
# For the rest of the package: every test but these, which start processes or servers, read pages or the package's
# source, or take minutes.
NOT_FOR_THE_REST = (
    "test_architecture",
    "test_benchmarks",
    "test_cli_messages",
    "test_counting",
    "test_distribution",
    "test_documentation",
    "test_documents",
    "test_endpoint_parity",
    "test_guard_servers",
    "test_layer",
    "test_live",
    "test_migration",
    "test_tooling",
    "test_vendored",
    "test_walkthrough",
    "test_web_frameworks",
)
SAMPLE = 500
SEED = 20  # the sample's; the same tree gives the same sample, whose survivors have reasons
GOAL = 95.0
STAGE = os.path.join(ROOT, ".cache", "mutants")
REASONS = os.path.join(ROOT, "tools", "survivors.json")
SURVIVING = os.path.join(ROOT, "docs", "surviving-mutants.md")
SURVIVING_INTRODUCTION = """<!-- Written by tools/mutants.py: run `make mutants`, do not edit. -->

# Surviving mutants

Changes to the package that no test notices, and why none has to. The counts are in [the evidence](evidence.md#mutants).
"""
# As `mutmut run` records them: tests failed, pytest failed, and the limit on time (SIGXCPU) was reached.
UNEXPLAINED = "No reason yet."
KILLED, TIMED_OUT = (1, 3), (-24, 24, 36, 152, 255)


class Survivor(NamedTuple):
    """A change that no test noticed."""

    function: str
    change: "tuple[str, ...]"


def modules_of_the_rest() -> "list[str]":
    """The package's modules outside the core, as paths below src/sigv4presign without `.py`."""
    package = os.path.join(ROOT, "src", "sigv4presign")
    found: list[str] = []
    for inner, _, files in os.walk(package):
        names = [os.path.join(inner, name) for name in files if name.endswith(".py")]
        found += [os.path.relpath(name, package)[:-3].replace(os.sep, "/") for name in names]
    return sorted(set(found) - {*RING, "__main__"})


def tests_for_the_rest() -> "list[str]":
    found = (name[:-3] for name in os.listdir(os.path.join(ROOT, "tests")) if name.startswith("test_"))
    return sorted(name for name in found if name not in NOT_FOR_THE_REST)


def stage(modules: "Sequence[str]", tests: "Sequence[str]") -> None:
    """A copy of what is needed: nothing here is changed, and no earlier run's result is taken for a new one."""
    shutil.rmtree(STAGE, ignore_errors=True)
    for folder in ("src", "tests", "docs", "tools"):
        shutil.copytree(
            os.path.join(ROOT, folder), os.path.join(STAGE, folder), ignore=shutil.ignore_patterns("__pycache__")
        )
    settings = {
        "source_paths": ["src/"],
        "also_copy": ["docs/", "tools/"],
        "only_mutate": [f"src/sigv4presign/{name}.py" for name in modules],
        "pytest_add_cli_args": ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"],
        "pytest_add_cli_args_test_selection": [
            *(f"tests/{name}.py" for name in tests),
            *(f"--deselect={name}" for name in LEFT_OUT),
        ],
        # Each mutant in a process that has run no test yet: the package keeps what it has computed once.
        "process_isolation": "forkserver",
        "on_dependency_change": "ignore",
    }
    with open(os.path.join(STAGE, "pyproject.toml"), "w", encoding="utf-8") as file:
        file.write("[tool.pytest.ini_options]\n")
        file.write('pythonpath = ["src", "tests", "tools", "docs/explain"]\nfilterwarnings = ["error"]\n')
        file.write("\n[tool.mutmut]\n")
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def run(children: int, mutants: "Sequence[str]" = (), *, may_fail: bool = False) -> float:
    """Run the mutants that are named, or all; return how many seconds it took."""
    started = time.monotonic()
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *mutants]
    with open(os.path.join(STAGE, "log"), "w", encoding="utf-8") as log:
        done = subprocess.run(command, cwd=STAGE, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode and not may_fail:
        raise SystemExit(f"mutmut failed; see {os.path.relpath(log.name, ROOT)}")
    return time.monotonic() - started


def results(modules: "Sequence[str]") -> "dict[str, dict[str, int | None]]":
    """The exit status of each mutant, by module; None for one that was not run."""
    found: dict[str, dict[str, int | None]] = {}
    for name in modules:
        path = os.path.join(STAGE, "mutants", "src", "sigv4presign", f"{name}.py.meta")
        if os.path.exists(path):  # not if nothing in the module can be changed
            with open(path, encoding="utf-8") as file:
                found[name] = json.load(file)["exit_code_by_key"]
    return found


def drawn(modules: "Sequence[str]", sample: int, seed: int, children: int) -> "list[str]":
    """Names of mutants, drawn at random from all that mutmut makes of the modules."""
    run(children, ["none.of.them"], may_fail=True)  # makes them all, and ends as none has that name
    names = sorted(name for statuses in results(modules).values() for name in statuses)
    if not names:
        raise SystemExit(f"mutmut made nothing; see {os.path.relpath(STAGE, ROOT)}/log")
    return sorted(random.Random(seed).sample(names, min(sample, len(names))))


def survived(statuses: "dict[str, int]") -> "list[str]":
    return [mutant for mutant, status in statuses.items() if status not in KILLED and status not in TIMED_OUT]


def survivor(mutant: str) -> Survivor:
    """What a mutant changed: its function, as one would write it, and the lines out and in."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant], cwd=STAGE, capture_output=True, text=True, check=True
    ).stdout
    lines = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    name = mutant.removeprefix("sigv4presign.").partition("__mutmut")[0]
    module, _, function = name.rpartition(".")
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


class Outcome(NamedTuple):
    """What became of the mutants of some modules."""

    statuses: "dict[str, dict[str, int]]"
    survivors: "list[Survivor]"
    seconds: float

    @property
    def tried(self) -> int:
        return sum(map(len, self.statuses.values()))

    @property
    def score(self) -> float:
        """How many in a hundred were noticed."""
        return 100 * (self.tried - len(self.survivors)) / self.tried


def of_the_core(children: int) -> Outcome:
    stage(RING, TESTS)
    seconds = run(children)
    found = {module: {name: status or 0 for name, status in each.items()} for module, each in results(RING).items()}
    left = [survivor(mutant) for statuses in found.values() for mutant in survived(statuses)]
    return Outcome(found, left, seconds)


def of_the_rest(children: int, sample: int, seed: int) -> Outcome:
    modules = modules_of_the_rest()
    stage(modules, tests_for_the_rest())
    names = drawn(modules, sample, seed, children)
    seconds = run(children, names)
    chosen = set(names)
    found = {
        module: {name: status or 0 for name, status in statuses.items() if name in chosen}
        for module, statuses in results(modules).items()
    }
    found = {module: statuses for module, statuses in found.items() if statuses}
    left = [survivor(mutant) for statuses in found.values() for mutant in survived(statuses)]
    return Outcome(found, left, seconds)


def by_module(outcome: Outcome) -> str:
    cells: list[list[str]] = []
    totals = [0, 0, 0, 0]
    for name, statuses in outcome.statuses.items():
        late = sum(status in TIMED_OUT for status in statuses.values())
        left = len(survived(statuses))
        counts = [len(statuses), len(statuses) - late - left, late, left]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        cells.append([name, *map(str, counts)])
    cells.append(["all", *map(str, totals)])
    return table(("module", "changes", "noticed", "ran into the time limit", "survived"), cells, numbers=(1, 2, 3, 4))


def with_reasons(survivors: "list[Survivor]") -> "tuple[str, int]":
    """The survivors under their reasons, as Markdown, and how many have none."""
    known = reasons()
    grouped: dict[str, list[Survivor]] = {}
    for one in survivors:
        grouped.setdefault(known.get(one, UNEXPLAINED), []).append(one)
    text = ""
    for reason, ones in sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0])):
        lines = "\n".join("\n".join([f"# {one.function}", *one.change]) for one in ones)
        text += f"\n{reason}\n\n```text\n{lines}\n```\n"
    return text, len(grouped.get(UNEXPLAINED, ()))


def report(core: Outcome, rest: Outcome, seed: int) -> int:
    listed, unexplained = with_reasons([*core.survivors, *rest.survivors])
    body = f"""\
{core.tried} changes to the core, one at a time, each against the tests that reach it ({", ".join(TESTS)}), in
{core.seconds / 60:.0f} minutes. [mutmut](https://pypi.org/project/mutmut/) makes them; tables at the top of a module,
`__new__` and properties stay as they are.

{by_module(core)}
{rest.tried} changes to the rest of the package, drawn at random (seed {seed}), in {rest.seconds / 60:.0f} minutes:

{by_module(rest)}
**{core.score:.1f} %** of the changes to the core were noticed, and **{rest.score:.1f} %** of those drawn. Those that
were not, each with the reason why no test has to: [surviving mutants](surviving-mutants.md).
"""
    with open(SURVIVING, "w", encoding="utf-8") as file:
        file.write(SURVIVING_INTRODUCTION + listed)
    left = len(core.survivors) + len(rest.survivors)
    line = (
        f"tests notice {core.score:.1f} % of {core.tried} changes to the core, and {rest.score:.1f} % of {rest.tried}"
        f" drawn from the rest; {left} survive, {unexplained} without a reason"
    )
    write("make mutants", body, line)
    return 0 if core.score >= GOAL and rest.score >= GOAL else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation testing; writes docs/evidence.md.")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many changes to the rest of the package")
    parser.add_argument("--seed", type=int, default=SEED, help="of the sample")
    parser.add_argument("--only", choices=("core", "rest"), help="for a quick look")
    options = parser.parse_args()
    core = of_the_core(options.children) if options.only != "rest" else None
    rest = of_the_rest(options.children, options.sample, options.seed) if options.only != "core" else None
    if core and rest and options.sample == SAMPLE:
        return report(core, rest, options.seed)
    for outcome in filter(None, (core, rest)):
        print(by_module(outcome))
        print(with_reasons(outcome.survivors)[0])
        print(f"{outcome.score:.1f} % of {outcome.tried} noticed, in {outcome.seconds / 60:.0f} minutes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Mutation testing: does any test notice, if this line is changed?  Writes docs/evidence.md.

Rule: every change to the core is tried, and a random sample of the changes to the rest of the package.  A change that
no test notices is listed, with the reason why none has to, kept in tools/survivors.json by the function and the change
itself.  The score counts every change, those with a reason too.

Usage: python tools/mutants.py [--children N] [--core N] [--sample N] [--seed N] [--record]      (make mutants)
       python tools/mutants.py --module _diagnosis/text [--test test_explain] ...

`--core` and `--sample` say how many changes are drawn from either, `--module` and `--test` which modules and test files
take part; with them nothing is written, for a quick look, unless `--record` says so.

mutmut makes the changes, inside functions: tables at the top of a module, `__new__` and properties stay as they are.
tools/mutant_trials.py runs the tests that reach the changed line, those of the module's test files first, for
SECONDS (a quarter of that for a change with a reason).  What only the others would notice counts as a survivor.
"""

import argparse
import difflib
import importlib
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from evidence import ROOT, table, write
from mutant_trials import LATE, NOTICED, SURVIVED, Mutant

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
    "_expectations",
    "_unverified",
    "_verify",
)
# Every test but these, which start processes or servers, read pages, compare source text, or take minutes.
NOT_RUN = (
    "test_architecture",
    "test_benchmarks",
    "test_counting",
    "test_damage",
    "test_distribution",
    "test_documentation",
    "test_documents",
    "test_endpoint_parity",
    "test_guard_servers",
    "test_hostile",
    "test_layer",
    "test_live",
    "test_pages_on_github",
    "test_tooling",
    "test_vendored",
    "test_walkthrough",
    "test_web_frameworks",
)
# These take so long that they would be last, and mostly left out: what they try, quicker ones try as well.
LEFT_OUT = (
    "tests/test_asgi.py::test_any_key_is_served_as_it_was_signed",
    "tests/test_explain.py::test_a_healthy_url_has_no_findings",
    "tests/test_explain.py::test_a_healthy_url_that_was_only_spelt_anew_is_in_order_for_those_with_the_keys",
    "tests/test_once.py::test_no_id_is_ever_claimed_twice_and_no_bound_is_passed",
    "tests/test_providers_parity.py::test_any_profiles_lead_where_botocore_says",
    "tests/test_share_bounds.py::test_it_says_when_a_link_expires_and_nothing_with_quiet",
    "tests/test_verify_properties.py::test_a_changed_request_is_refused_or_identical",
)
SAMPLE = 500
SEED = 20  # the sample's; the same tree gives the same sample, whose survivors have reasons
SECONDS = 20.0  # of tests for each change, as measured while recording what they call
MAY_FAIL = 5  # tests with nothing changed, such as those that measure time on a busy machine; they are not asked
GOAL = 95.0
STAGE = os.path.join(ROOT, ".cache", "mutants")
REASONS = os.path.join(ROOT, "tools", "survivors.json")
SURVIVING = os.path.join(ROOT, "docs", "surviving-mutants.md")
SURVIVING_INTRODUCTION = """<!-- Written by tools/mutants.py: run `make mutants`, do not edit. -->

# Surviving mutants

Changes to the package that no test notices, and why none has to. The counts are in [the evidence](evidence.md#mutants).
"""
UNEXPLAINED = "No reason yet."


class Survivor(NamedTuple):
    """A change that no test noticed."""

    function: str
    change: "tuple[str, ...]"


class Outcome(NamedTuple):
    """What became of the mutants of some modules."""

    mutants: "list[Mutant]"
    results: "dict[str, str]"

    @property
    def survivors(self) -> "list[Survivor]":
        return [survivor(mutant) for mutant in self.mutants if self.results[mutant.name] == SURVIVED]

    @property
    def score(self) -> float:
        """How many in a hundred were noticed."""
        return 100 * (len(self.mutants) - len(self.survivors)) / len(self.mutants)


def modules_of_the_rest() -> "list[str]":
    """The package's modules outside the core, as paths below src/sigv4presign without `.py`."""
    package = os.path.join(ROOT, "src", "sigv4presign")
    found: list[str] = []
    for inner, _, files in os.walk(package):
        names = [os.path.join(inner, name) for name in files if name.endswith(".py")]
        found += [os.path.relpath(name, package)[:-3].replace(os.sep, "/") for name in names]
    return sorted(set(found) - {*RING, "__main__"})


def tests_to_run() -> "list[str]":
    """The test files of a whole run."""
    found = (name[:-3] for name in os.listdir(os.path.join(ROOT, "tests")) if name.startswith("test_"))
    return sorted(name for name in found if name not in NOT_RUN)


def changes_to(name: str) -> "tuple[Any, list[tuple[Any, Any, Any]]]":
    """A module's tree, and every change to a function in it: the change, the function, the function's class or None."""
    path = f"src/sigv4presign/{name}.py"
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        tree, made, *_ = importlib.import_module("mutmut.mutation.file_mutation").create_mutations(path, file.read())
    owners: dict[Any, Any] = {}
    for statement in tree.body:
        owners[statement] = None
        owners.update(dict.fromkeys(getattr(getattr(statement, "body", None), "body", ()), statement))
    functions = ((change, change.contained_by_top_level_function) for change in made)
    return tree, [(change, one, owners[one]) for change, one in functions if type(one).__name__ == "FunctionDef"]


def number_of_changes(name: str) -> int:
    return len(changes_to(name)[1])


def mutants_of(drawn: "tuple[str, list[int]]") -> "list[Mutant]":
    """The mutants of those numbers of a module, each with the text of its function before and after."""
    name, numbers = drawn
    tree, changes = changes_to(name)
    module = f"sigv4presign.{name}".replace("/", ".").removesuffix(".__init__")

    def text(function: "Any", owner: "Any") -> str:
        if owner:  # the class, with nothing else in it
            function = owner.with_changes(
                decorators=(), bases=(), keywords=(), body=owner.body.with_changes(body=(function,))
            )
        return str(tree.code_for_node(function)).lstrip("\n")

    found: list[Mutant] = []
    for number in numbers:
        change, function, owner = changes[number]
        plain = f"{owner.name.value}.{function.name.value}" if owner else function.name.value
        after = function.deep_replace(change.original_node, change.mutated_node)
        found.append(Mutant(f"{module}:{plain}:{number}", module, plain, text(function, owner), text(after, owner)))
    return found


def mutants(modules: "Sequence[str]", count: "int | None", seed: int, children: int) -> "list[Mutant]":
    """As many as that, drawn at random, in the order of the source; all without a count."""
    with multiprocessing.Pool(children) as pool:
        known = zip(modules, pool.map(number_of_changes, modules, chunksize=1), strict=True)
        every = [(name, number) for name, most in known for number in range(most)]
        if count is not None and count < len(every):
            every = sorted(random.Random(seed).sample(every, count), key=every.index)
        numbers: dict[str, list[int]] = {}
        for name, number in every:
            numbers.setdefault(name, []).append(number)
        return [mutant for found in pool.map(mutants_of, numbers.items(), chunksize=1) for mutant in found]


def stage() -> str:
    """A copy of the tree, which a mutant may damage; return where it is."""
    shutil.rmtree(STAGE, ignore_errors=True)
    tree = os.path.join(STAGE, "tree")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if os.path.isfile(os.path.join(ROOT, name)):
            os.makedirs(os.path.dirname(os.path.join(tree, name)), exist_ok=True)
            shutil.copy(os.path.join(ROOT, name), os.path.join(tree, name))
    return tree


def tried(mutants: "list[Mutant]", tests: "list[str]", children: int) -> "dict[str, Any]":
    """What tools/mutant_trials.py says of the mutants."""
    tree = stage()
    job = os.path.join(STAGE, "job.json")
    known = reasons()
    seconds = [SECONDS / 4 if survivor(mutant) in known else SECONDS for mutant in mutants]
    with open(job, "w", encoding="utf-8") as file:
        json.dump({"mutants": mutants, "seconds": seconds, "children": children, "may_fail": MAY_FAIL}, file)
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "mutant_trials", "--tb=native", "--assert=plain"]
    command += ["-p", "no:cacheprovider", "-p", "no:random_order", "-p", "no:xdist", "--hypothesis-profile=mutants"]
    command += [*(f"tests/{name}.py" for name in tests), *(f"--deselect={name}" for name in LEFT_OUT)]
    environment = {**os.environ, "MUTANT_TRIALS": job, "PYTHONPATH": os.path.join(tree, "tools")}
    with open(os.path.join(STAGE, "log"), "w", encoding="utf-8") as log:
        subprocess.run(command, cwd=tree, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)
    path = os.path.join(STAGE, "answer.json")
    if not os.path.exists(path):
        raise SystemExit(f"the tests did not run; see {os.path.relpath(STAGE, ROOT)}/log")
    with open(path, encoding="utf-8") as file:
        answer: dict[str, Any] = json.load(file)
    if answer["failed"]:
        said = (f"{test}\n{why}\n" for test, why in answer["failed"].items())
        print("\n".join([*said, "These fail with nothing changed, and say nothing about a change:", *answer["failed"]]))
    if len(answer["failed"]) > MAY_FAIL:
        raise SystemExit("Too many: nothing was tried.")
    return answer


def survivor(mutant: Mutant) -> Survivor:
    """What a mutant changed: its function, as one would write it, and the lines out and in."""
    lines = difflib.unified_diff(mutant.original.splitlines(), mutant.mutated.splitlines(), n=0, lineterm="")
    kept = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    name = f"{mutant.module.removeprefix('sigv4presign.')}.{mutant.function}"
    return Survivor(name, tuple(f"{line[0]} {line[1:].strip()}" for line in kept))


def reasons() -> "dict[Survivor, str]":
    with open(REASONS, encoding="utf-8") as file:
        data: dict[str, dict[str, Any]] = json.load(file)
    return {
        Survivor(function, tuple(change)): reason
        for reason, functions in data.items()
        for function, changes in functions.items()
        for change in changes
    }


def by_module(outcome: Outcome) -> str:
    counts: dict[str, Counter[str]] = {}
    for mutant in outcome.mutants:
        for name in (mutant.module.removeprefix("sigv4presign."), "all"):
            counts.setdefault(name, Counter())[outcome.results[mutant.name]] += 1
    counts["all"] = counts.pop("all")  # last
    kinds = (NOTICED, LATE, SURVIVED)
    cells = [[name, str(each.total()), *(str(each[kind]) for kind in kinds)] for name, each in counts.items()]
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


def report(
    core: Outcome, rest: Outcome, drawn: "int | None", seed: int, answer: "dict[str, Any]", seconds: float
) -> int:
    share = "" if drawn is None else ", drawn at random"
    command = "" if drawn is None else f"\nRun as `tools/mutants.py --core {drawn} --record`."
    listed, unexplained = with_reasons([*core.survivors, *rest.survivors])
    body = f"""\
{len(core.mutants)} changes to the core{share}, one at a time, and {len(rest.mutants)} to the rest of the package, drawn
at random (seed {seed}), in {seconds / 60:.0f} minutes. [mutmut](https://pypi.org/project/mutmut/) makes them; tables at
the top of a module, `__new__` and properties stay as they are. Each meets those of {answer["tests"]:,} tests that reach
the changed line, those of the module's test files first, for {SECONDS:.0f} s in all. A test notices a change if it
fails twice with it, the second time alone, and passes alone without it. Processes that a test starts get no changes.
Tests that failed with nothing changed, and were not asked: {", ".join(answer["failed"]) or "none"}.{command}

{by_module(core)}
{by_module(rest)}
**{core.score:.1f} %** of the changes to the core were noticed, and **{rest.score:.1f} %** of those drawn. Those that
were not, each with the reason why no test has to: [surviving mutants](surviving-mutants.md).
"""
    with open(SURVIVING, "w", encoding="utf-8") as file:
        file.write(SURVIVING_INTRODUCTION + listed)
    left = len(core.survivors) + len(rest.survivors)
    line = (
        f"tests notice {core.score:.1f} % of {len(core.mutants)} changes to the core{share}, and {rest.score:.1f} % of"
        f" {len(rest.mutants)} drawn from the rest; {left} survive, {unexplained} without a reason"
    )
    write("make mutants", body, line)
    return 0 if core.score >= GOAL and rest.score >= GOAL else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation testing; writes docs/evidence.md.")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--core", type=int, help="how many changes to the core, at random; without it all")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many changes to the rest of the package")
    parser.add_argument("--seed", type=int, default=SEED, help="of what is drawn")
    parser.add_argument("--record", action="store_true", help="write the result of what was drawn")
    parser.add_argument("--module", action="append", default=[], help="every change to these, and to no other")
    parser.add_argument("--test", action="append", default=[], help="the test files that may notice, without .py")
    options = parser.parse_args()
    started = time.monotonic()
    core = mutants(options.module or RING, options.core, options.seed, options.children)
    others = [] if options.module else modules_of_the_rest()
    rest = mutants(others, options.sample, options.seed, options.children)
    answer = tried([*core, *rest], options.test or tests_to_run(), options.children)
    results = {name: outcome for name, (outcome, _) in answer["results"].items()}
    whole = options.core is None and options.sample == SAMPLE and not options.module and not options.test
    if whole or options.record:
        seconds = time.monotonic() - started
        return report(Outcome(core, results), Outcome(rest, results), options.core, options.seed, answer, seconds)
    for outcome in (Outcome(core, results), Outcome(rest, results)):
        if outcome.mutants:
            print(by_module(outcome))
            print(with_reasons(outcome.survivors)[0])
            print(f"{outcome.score:.1f} % noticed")
    print("seconds of tests alone and of trials:", answer["seconds"])
    return 0


if __name__ == "__main__":
    sys.exit(main())

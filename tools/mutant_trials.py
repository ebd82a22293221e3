"""A pytest plugin for tools/mutants.py: runs, for each mutant, the tests that reach the changed line.

Rule: a test notices a change only if it fails with it twice, the second time alone in a fresh process, and passes
without it there.

Pytest starts and collects once.  A mutant's tests run in a fork of that process, which has run no test yet: the package
caches what it has computed.  In the fork the changed function gets the mutant's code; nothing else differs from a plain
run, so tests that look at frames, source text or loaded modules run as well.
"""

import ast
import contextlib
import gc
import importlib
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
import types
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

JOB = os.environ.get("MUTANT_TRIALS", "")
NOTICED, LATE, SURVIVED = "noticed", "late", "survived"
_reports: "list[pytest.TestReport]" = []
Tests = list[pytest.Item]


class Mutant(NamedTuple):
    """A function and what becomes of it."""

    name: str
    module: str
    function: str
    original: str
    mutated: str


class Reach(NamedTuple):
    """What one test did in the unchanged package."""

    test: str
    outcome: str
    seconds: float
    reached: "list[str]"  # functions and, after another colon, lines in them
    why: str = ""  # it failed


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _reports.append(report)


def passed(item: pytest.Item, following: "pytest.Item | None") -> bool:
    _reports.clear()
    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
    return not any(report.failed for report in _reports)


def processor_time() -> float:
    """Seconds that this process and those it has waited for have computed: the same on a busy machine."""
    return sum(os.times()[:4])


def functions_of(modules: "Iterable[str]") -> "dict[str, list[types.FunctionType]]":
    """The functions that the modules define, by `module:qualified name`; one that was copied has several objects."""
    wanted = set(modules)
    found: dict[str, list[types.FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__module__ in wanted:
            defined_in = sys.modules[one.__module__].__file__
            if one.__code__.co_filename == defined_in and one.__code__.co_name == one.__qualname__.rpartition(".")[2]:
                found.setdefault(f"{one.__module__}:{one.__qualname__}", []).append(one)
    return found


def definition(source: str, function: str) -> "ast.FunctionDef | ast.AsyncFunctionDef":
    found = ast.parse(source).body[0]
    if "." in function:
        assert isinstance(found, ast.ClassDef)
        found = found.body[0]
    assert isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef))
    return found


def code_of(source: str, function: str, filename: str) -> types.CodeType:
    code = compile(source, filename, "exec", dont_inherit=True)
    for name in function.split("."):
        code = next(one for one in code.co_consts if isinstance(one, types.CodeType) and one.co_name == name)
    return code


def changed_lines(mutant: Mutant) -> range:
    """The lines of the statement that the mutant changes, counted from the first line of the function.

    All of them, since the first is recorded last in some statements, and never if an error is raised within; of a
    statement with a body only those before it.
    """
    lines = zip(mutant.original.splitlines(), mutant.mutated.splitlines(), strict=False)
    changed = next((number for number, (old, new) in enumerate(lines, 1) if old != new), 0)
    function = definition(mutant.original, mutant.function)
    first = min([function.lineno, *[decorator.lineno for decorator in function.decorator_list]])
    inner = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
    around = [node for node in inner if node.lineno <= changed <= (node.end_lineno or 0)]
    statement = max(around, key=lambda node: node.lineno, default=function)
    body: list[ast.stmt] = getattr(statement, "body", [])
    last = max(statement.lineno, body[0].lineno - 1) if body else (statement.end_lineno or statement.lineno)
    return range(statement.lineno - first, last - first + 1)


def install(mutant: Mutant, functions: "Sequence[types.FunctionType]") -> None:
    """Give the function the mutant's code, and its defaults if those are what differs."""
    before = definition(mutant.original, mutant.function).args
    after = definition(mutant.mutated, mutant.function).args
    for function in functions:
        code = code_of(mutant.mutated, mutant.function, function.__code__.co_filename)
        function.__code__ = code.replace(co_firstlineno=function.__code__.co_firstlineno)

        def value(node: ast.expr, names: "dict[str, Any]" = function.__globals__) -> Any:
            return eval(compile(ast.Expression(node), "<default>", "eval"), names)

        if [*map(ast.dump, before.defaults)] != [*map(ast.dump, after.defaults)]:
            function.__defaults__ = tuple(map(value, after.defaults)) or None
        keywords = [(name.arg, node) for name, node in zip(after.kwonlyargs, after.kw_defaults, strict=True) if node]
        if ast.dump(before) != ast.dump(after):
            function.__kwdefaults__ = {name: value(node) for name, node in keywords} or None


def tear_down(item: pytest.Item) -> None:
    """End what fixtures have started, such as a server."""
    with contextlib.suppress(BaseException):
        item.session._setupstate.teardown_exact(None)


class Trials:
    """All that is known before the first mutant is tried."""

    def __init__(self, items: Tests, job: "dict[str, Any]") -> None:
        self.items = {item.nodeid: item for item in items}
        self.temporary: Any = items[0].config._tmp_path_factory  # type: ignore[attr-defined]
        self.mutants = [Mutant(*fields) for fields in job["mutants"]]
        self.children: int = job["children"]
        self.seconds: dict[str, float] = {
            mutant.name: seconds for mutant, seconds in zip(self.mutants, job["seconds"], strict=True)
        }
        self.folder = os.path.dirname(JOB)
        modules = {mutant.module for mutant in self.mutants}
        for module in modules:  # so that no test is the first to load one: the same with a mutant and without
            importlib.import_module(module)
        self.functions = functions_of(modules)
        self.lines: dict[str, list[str]] = {}
        for mutant in self.mutants:
            key = f"{mutant.module}:{mutant.function}"
            for function in self.functions.get(key, ()):
                start = function.__code__.co_firstlineno
                self.lines[mutant.name] = [f"{key}:{start + number}" for number in changed_lines(mutant)]
        gc.collect()
        gc.freeze()  # what forks share is not copied for being looked at
        self.reach: dict[str, Reach] = {}
        self.reaching: dict[str, list[str]] = {}
        self.alone: dict[str, bool] = {}
        self.noticed_by: dict[str, Counter[str]] = {}

    def in_children(self, work: "Callable[[Any], Any]", tasks: "Sequence[Any]", part: str) -> "list[Any]":
        """What `work` returns for each task; several processes take the tasks from a pipe, one after the other."""
        assert 4 * len(tasks) < 65_536  # what a pipe holds
        pids: list[int] = []
        source, sink = os.pipe()
        os.write(sink, b"".join(number.to_bytes(4, "big") for number in range(len(tasks))))
        os.close(sink)
        names = [os.path.join(self.folder, f"{part}-{number}.jsonl") for number in range(self.children)]
        for name in names:
            pid = os.fork()
            if pid == 0:
                status = 1
                try:
                    with open(name, "w", encoding="utf-8") as file:
                        while taken := os.read(source, 4):
                            file.write(json.dumps(work(tasks[int.from_bytes(taken, "big")])) + "\n")
                            file.flush()
                    status = 0
                finally:
                    os._exit(status)
            pids.append(pid)
        os.close(source)
        ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        if any(ends):
            raise SystemExit(f"{part} did not end")
        results: list[Any] = []
        for name in names:
            with open(name, encoding="utf-8") as file:
                results += map(json.loads, file)
        return results

    def in_a_fork(self, work: "Callable[[int], int]") -> "tuple[int, str]":
        """Run `work` in a fork, with a file to write to; return its exit status and what it wrote."""
        folder = os.path.join(self.folder, str(os.getpid()))  # of this process, which has one fork at a time
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        answer = os.path.join(folder, "answer")
        Path(answer).touch()
        pid = os.fork()
        if pid == 0:
            status = 3
            with contextlib.suppress(BaseException):
                nothing = os.open(os.devnull, os.O_RDWR)
                for stream in range(3):
                    os.dup2(nothing, stream)
                self.temporary._given_basetemp = Path(folder, "temporary")  # else forks remove each other's files
                status = work(os.open(answer, os.O_RDWR))
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        with open(answer, encoding="utf-8") as written:
            return status, written.read()

    def measure(self) -> None:
        """Run every test once on the unchanged package, a file at a time, and record which changed lines it reaches."""
        files: dict[str, Tests] = {}
        for item in self.items.values():
            files.setdefault(item.nodeid.partition("::")[0], []).append(item)
        for part in self.in_children(self.measure_file, list(files.values()), "reach"):
            self.reach.update((fields[0], Reach(*fields)) for fields in part)
        for reach in self.reach.values():
            for place in reach.reached if reach.outcome == "passed" else ():
                self.reaching.setdefault(place, []).append(reach.test)

    def measure_file(self, items: Tests) -> "list[Reach]":
        keys = {id(one.__code__): key for key, functions in self.functions.items() for one in functions}
        lines = {line for found in self.lines.values() for line in found}

        def work(file: int) -> int:
            found: list[Reach] = []
            for item, following in zip(items, [*items[1:], None], strict=True):
                reached: set[tuple[int, int]] = set()

                def line(frame: types.FrameType, _event: str, _argument: object, add: Any = reached.add) -> Any:
                    add((id(frame.f_code), frame.f_lineno))
                    return line

                def seen(frame: types.FrameType, event: str, argument: object) -> Any:
                    return line(frame, event, argument) if id(frame.f_code) in keys else None

                started = processor_time()
                threading.settrace(seen)
                sys.settrace(seen)
                good = passed(item, following)
                sys.settrace(None)
                threading.settrace(None)
                outcome = "passed" if good else "failed"
                if any(report.skipped for report in _reports):
                    outcome = "skipped"
                places = {keys[code] for code, _ in reached}
                places |= {f"{keys[code]}:{number}" for code, number in reached} & lines
                why = "\n".join(str(report.longrepr) for report in _reports if report.failed)
                found.append(Reach(item.nodeid, outcome, round(processor_time() - started, 4), sorted(places), why))
            with open(file, "w", encoding="utf-8") as out:
                json.dump(found, out)
            return 0

        status, answer = self.in_a_fork(work)
        if status:
            return [Reach(item.nodeid, "failed", 0.0, [], "its file did not end") for item in items]
        return [Reach(*fields) for fields in json.loads(answer)]

    def tests_for(self, mutant: Mutant) -> "list[str]":
        """The tests that reach the changed line, as many as fit into the time, the likeliest first.

        Those that noticed other mutants of the function; those of files that share a word with the module, such as
        test_url for _url; then the others, a file in turn, since a hundred quick tests of one file try much the same.
        Within a file the quickest come first.  If no test seems to reach the line, as in a nested function, then all
        that call the function.
        """
        key, left = f"{mutant.module}:{mutant.function}", self.seconds[mutant.name]
        reaching = {test for line in self.lines.get(mutant.name, ()) for test in self.reaching.get(line, ())}
        reaching = reaching or set(self.reaching.get(key, ()))
        noticed = self.noticed_by.setdefault(key, Counter())
        turns: Counter[str] = Counter()
        ranks: dict[str, tuple[int, int]] = {}
        words = set(re.findall("[a-z0-9]+", key.partition(":")[0])) - {"sigv4presign"}
        for test in sorted(reaching, key=lambda test: (self.reach[test].seconds, test)):
            file = test.partition("::")[0]
            turns[file] += not words & set(re.findall("[a-z0-9]+", file))
            ranks[test] = (-noticed[test], turns[file])
        tests = sorted(ranks, key=lambda test: (*ranks[test], self.reach[test].seconds))
        chosen: list[str] = []
        for test in tests:
            left -= self.reach[test].seconds
            if left < 0 and chosen:
                break
            chosen.append(test)
        return chosen

    def run(self, tests: "Sequence[str]", mutant: "Mutant | None") -> "tuple[int, int]":
        """Run tests in a fork until one fails; return the fork's exit status and the number of the last test."""

        def work(file: int) -> int:
            if mutant:
                install(mutant, self.functions[f"{mutant.module}:{mutant.function}"])
            items = [self.items[test] for test in tests]
            for number, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True)):
                os.pwrite(file, b"%9d" % number, 0)
                limit = 5 + 10 * self.reach[item.nodeid].seconds
                signal.setitimer(signal.ITIMER_PROF, limit)
                signal.setitimer(signal.ITIMER_REAL, 60 + 5 * limit)  # for one that waits and computes nothing
                if not passed(item, following):
                    tear_down(item)
                    return 1
            return 0

        status, answer = self.in_a_fork(work)
        return status, int(answer or -1)

    def passes_alone(self, test: str) -> bool:
        if test not in self.alone:
            self.alone[test] = self.run([test], None)[0] == 0
        return self.alone[test]

    def trial(self, mutant: Mutant) -> "tuple[str, str, str]":
        """The mutant's name, what became of it, and the test that noticed it."""
        key = f"{mutant.module}:{mutant.function}"
        tests = self.tests_for(mutant)
        while tests:
            status, number = self.run(tests, mutant)
            if status == 0:
                break
            if number < 0:  # its code does not fit the function
                return mutant.name, SURVIVED, "not installed"
            test = tests[number]
            if self.passes_alone(test):
                if status in (-signal.SIGPROF, -signal.SIGALRM):
                    return mutant.name, LATE, test
                if self.run([test], mutant)[0]:
                    self.noticed_by[key][test] += 1
                    return mutant.name, NOTICED, test
            tests = tests[number + 1 :]
        return mutant.name, SURVIVED, ""


def pytest_runtestloop(session: pytest.Session) -> bool:
    if session.testsfailed:
        raise session.Failed("tests can't be collected")
    with open(JOB, encoding="utf-8") as file:
        job = json.load(file)
    trials = Trials(session.items, job)
    started = time.monotonic()
    trials.measure()
    measured = time.monotonic()
    failed = {reach.test: reach.why for reach in trials.reach.values() if reach.outcome == "failed"}
    results: list[Any] = []
    if len(failed) <= job["may_fail"]:
        results = trials.in_children(trials.trial, trials.mutants, "trials")
    answer = {
        "failed": failed,
        "tests": sum(reach.outcome == "passed" for reach in trials.reach.values()),
        "results": {name: [outcome, test] for name, outcome, test in results},
        "seconds": [measured - started, time.monotonic() - measured],
    }
    with open(os.path.join(trials.folder, "answer.json"), "w", encoding="utf-8") as file:
        json.dump(answer, file, indent=1)
    return True

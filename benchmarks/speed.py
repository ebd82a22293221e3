"""Speed: every maker and every row in one process.  Writes a section of results.md, and chart.svg.

Usage: python benchmarks/speed.py [--rounds N] [--quick]

Rule: a maker's results are checked before they are timed; a row that a maker cannot do has a line that says why.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from operator import methodcaller
from typing import Any, NamedTuple

import report
from chart import chart
from check import fault_of_general_url, fault_of_object_url
from floor import Floor, Hashing, PlainHashlib, example, example_url
from inputs import CJK_KEYS, MIXED_KEYS, SAFE_KEYS, SESSION_TOKEN
from maker import Cannot, Maker
from ours import Ours, doors, targets
from peers import PEERS
from report import number, table
from timing import Run, Times, each, race, ratio, together

OURS, FLOOR = Ours(), Floor()
MAKERS: "list[Maker]" = [FLOOR, PlainHashlib(), OURS, *PEERS]
CHART = os.path.join(report.HERE, "chart.svg")
BATCH_RUNS = 5
SLOW = 2.0  # a maker that needs more seconds for a batch runs it once

Call = Callable[[Any], Any]


class Row(NamedTuple):
    """What is done, with what, and how a result is known to be right.

    Attributes:
        legend: What the row is, for the reader.
        prepare: Maker -> the call that is timed.
        fault: The call -> what is wrong with what it gives, or None.
        at_once: The call takes all inputs together.
        token: The session token in the floor's canonical request.
    """

    title: str
    legend: str
    inputs: "list[str]"
    prepare: "Callable[[Maker], Call]"
    fault: "Callable[[Call], str | None]"
    at_once: bool = False
    token: "str | None" = None


def faults_of_objects(keys: "list[str]", token: "str | None" = None) -> "Callable[[Call], str | None]":
    """Check the URLs of the first two keys; of mixed keys, one is safe and one is not."""
    return lambda call: next(filter(None, (fault_of_object_url(call(key), key, token) for key in keys[:2])), None)


def fault_of_many(call: Call) -> "str | None":
    """Check that every key has its URL."""
    keys, urls = MIXED_KEYS[:4], [*call(MIXED_KEYS[:4])]
    if len(urls) != len(keys):
        return f"{len(keys)} keys give {len(urls)} URLs"
    return next(filter(None, map(fault_of_object_url, urls, keys)), None)


def fault_of_general(call: Call) -> "str | None":
    """Check the URL of the general request."""
    return fault_of_general_url(call(""))


def fault_of_verdicts(genuine: str, forged: str) -> "Callable[[Call], str | None]":
    """Check that a target is accepted, and refused once its signature is another."""

    def fault(call: Call) -> "str | None":
        call(genuine)
        try:
            call(forged)
        except Exception:  # noqa: BLE001 - each maker has its own
            return None
        return "accepts a forged signature"

    return fault


def rows() -> "list[Row]":
    to_verify = targets()
    forged = to_verify[0][:-4] + to_verify[1][-4:]
    return [
        Row(
            "Safe keys",
            "43 characters, none of which has to be encoded",
            SAFE_KEYS,
            methodcaller("get_object"),
            faults_of_objects(SAFE_KEYS),
        ),
        Row(
            "Mixed keys",
            "43 characters; half of the keys have a space and an é",
            MIXED_KEYS,
            methodcaller("get_object"),
            faults_of_objects(MIXED_KEYS),
        ),
        Row(
            "CJK keys",
            "43 characters, 31 of them Chinese or Japanese",
            CJK_KEYS,
            methodcaller("get_object"),
            faults_of_objects(CJK_KEYS),
        ),
        Row(
            "Session token",
            f"safe keys, temporary credentials with a token of {len(SESSION_TOKEN)} characters",
            SAFE_KEYS,
            methodcaller("get_object", SESSION_TOKEN),
            faults_of_objects(SAFE_KEYS, SESSION_TOKEN),
            token=SESSION_TOKEN,
        ),
        Row(
            "Moving clock",
            "safe keys, and the clock is a second further at every call, as it is for a service that is seldom called",
            SAFE_KEYS,
            methodcaller("moving_clock"),
            faults_of_objects(SAFE_KEYS),
        ),
        Row(
            "Many keys in one call",
            "safe keys, 5,000 a call, the figure is for one of them",
            SAFE_KEYS,
            methodcaller("many"),
            fault_of_many,
            at_once=True,
        ),
        Row(
            "General request",
            "any service: execute-api, two query parameters, one signed header",
            SAFE_KEYS,
            methodcaller("general"),
            fault_of_general,
        ),
        Row(
            "Verify",
            "a presigned GET of an object, the secret known",
            to_verify,
            methodcaller("verify", [*to_verify, forged]),
            fault_of_verdicts(to_verify[0], forged),
        ),
    ]


def prepared(maker: Maker, row: Row) -> Call:
    """The call of a maker for a row, once what it gives is known to be right."""
    call = row.prepare(maker)
    if isinstance(maker, Hashing):
        found = next(iter(call(row.inputs[:1]))) if row.at_once else call(row.inputs[0])
        fault = None if found == example_url(row.token)[-64:] else "is not the signature of its example"
    else:
        fault = row.fault(call)
    if fault is not None and maker is OURS:
        raise SystemExit(f"{row.title}: our own result is wrong: {fault}")
    if fault is not None:
        raise Cannot(f"is wrong: {fault}")
    return call


def run_row(row: Row, rounds: int) -> "tuple[Times, dict[str, str]]":
    """The times of the makers that can do a row, and the reasons of those that cannot."""
    contenders: dict[str, Run] = {}
    reasons: dict[str, str] = {}
    for maker in MAKERS:
        try:
            call = prepared(maker, row)
        except Cannot as reason:  # noqa: PERF203 - each maker may refuse
            reasons[maker.name] = str(reason)
        else:
            contenders[maker.name] = together(call) if row.at_once else each(call)
    return race(contenders, row.inputs, rounds), reasons


def row_table(times: Times, reasons: "dict[str, str]") -> str:
    """Minimum, median, and the ratios to the floor and to us, quickest first."""
    lines = [
        [
            name,
            number(min(times[name])),
            number(statistics.median(times[name])),
            number(ratio(times, name, FLOOR.name)),
            number(ratio(times, name, OURS.name)),
        ]
        for name in sorted(times, key=lambda name: statistics.median(times[name]))
    ]
    text = table(["maker", "min µs", "median µs", "times floor", "times ours"], lines)
    if reasons:
        text += "\n" + refusals(reasons)
    return text


def refusals(reasons: "dict[str, str]") -> str:
    """Who cannot do a row, reason by reason."""
    names: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        names.setdefault(reason, []).append(name)
    return "".join(f"- cannot ({reason}): {'; '.join(who)}\n" for reason, who in names.items())


def run_doors(rounds: int) -> str:
    """Every public door of ours against the floor."""
    contenders = {name: each(_taking_nothing(call)) for name, call in doors().items()}
    times = race({FLOOR.name: each(FLOOR.get_object()), **contenders}, SAFE_KEYS, rounds)
    return table(
        ["door", "min µs", "median µs", "times floor"],
        [
            [
                name,
                number(min(times[name])),
                number(statistics.median(times[name])),
                number(ratio(times, name, FLOOR.name)),
            ]
            for name in times
        ],
    )


def _taking_nothing(call: "Callable[[], Any]") -> Call:
    return lambda _: call()


def run_batches(count: int, runs: int) -> str:
    """A whole batch, each maker in processes of its own; the quick ones take turns, the slow ones go once."""
    found: dict[str, list[dict[str, Any]]] = {}
    reasons: dict[str, str] = {}
    script = os.path.join(report.HERE, "batch.py")
    for turn in range(runs):
        for maker in [OURS, *PEERS]:
            if turn and (maker.name in reasons or found[maker.name][0]["seconds"] > SLOW):
                continue
            try:
                prepared(maker, rows()[1])
            except Cannot as reason:
                reasons[maker.name] = str(reason)
                continue
            command = [sys.executable, script, maker.name, str(count)]
            child = subprocess.run(command, capture_output=True, text=True, check=True)
            found.setdefault(maker.name, []).append(json.loads(child.stdout))
    seconds = {name: [run["seconds"] for run in all_runs] for name, all_runs in found.items()}
    lines: list[list[str]] = []
    for name in sorted(found, key=lambda name: statistics.median(seconds[name])):
        shared = zip(seconds[name], seconds[OURS.name], strict=False)  # a slow maker has one run only
        times_ours = statistics.median([one / ours for one, ours in shared])
        peaks = [run["peak"] for run in found[name]]
        memory = "-" if None in peaks else f"{max(peaks) / 1e6:.1f}"
        median = statistics.median(seconds[name])
        lines.append([name, f"{median:.2f}", f"{count / median:,.0f}", memory, number(times_ours), str(len(peaks))])
    text = table(["maker", "s", "URLs per s", "peak MB above the start", "times ours", "runs"], lines)
    return text + "\n" + refusals(reasons)


def summary(results: "list[tuple[Row, Times]]") -> str:
    """All rows at a glance: how many times our time each maker takes."""
    names = [maker.name for maker in MAKERS if maker is not OURS]
    lines = [
        [
            row.title,
            f"{number(statistics.median(times[OURS.name]))}",
            *[number(ratio(times, name, OURS.name)) if name in times else "cannot" for name in names],
        ]
        for row, times in results
    ]
    return table(["row", "ours, µs", *names], lines)


def legend() -> str:
    """What is called of each maker, and in which version."""
    lines = [f"- **{' '.join([maker.name, _version(maker)]).strip()}**: {maker.__doc__}.\n" for maker in MAKERS]
    return "".join(lines)


def _version(maker: Maker) -> str:
    try:
        return maker.version()
    except ImportError:
        return "(not installed)"


def draw(safe: Times, many: Times) -> None:
    """chart.svg, from the rows of safe keys."""
    times = {**safe, f"{OURS.name}, get_object": safe[OURS.name], f"{OURS.name}, presign_many": many[OURS.name]}
    del times[OURS.name]
    medians = {name: statistics.median(values) for name, values in times.items()}
    hashing = {maker.name for maker in MAKERS if isinstance(maker, Hashing)}
    text = chart(
        "Microseconds for one presigned URL",
        [
            "GET of an S3 object, a key of 43 ASCII characters.",
            "Logarithmic: equal distances are equal ratios. Left is faster.",
            "Yellow: the hashing alone, which gives no URL.",
        ],
        [
            (name, medians[name], "floor" if name in hashing else "ours" if name.startswith(OURS.name) else "peer")
            for name in sorted(medians, key=medians.__getitem__)
        ],
    )
    with open(CHART, "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments: "list[str]") -> None:
    options = argparse.ArgumentParser(description="How fast presigned URLs are made and verified.")
    options.add_argument("--rounds", type=int, default=100, help="rounds for each row (100)")
    options.add_argument("--quick", action="store_true", help="10 rounds and a batch of 10,000: a look, not a result")
    chosen = options.parse_args(arguments)
    rounds = 10 if chosen.quick else chosen.rounds
    count = 10_000 if chosen.quick else 100_000

    results: list[tuple[Row, Times]] = []
    parts: list[str] = []
    for row in rows():
        print(f"{row.title} ...", file=sys.stderr)
        times, reasons = run_row(row, rounds)
        results.append((row, times))
        parts.append(f"### {row.title}\n\n{row.legend[0].upper()}{row.legend[1:]}.\n\n{row_table(times, reasons)}")
    print("doors ...", file=sys.stderr)
    door_table = run_doors(rounds)
    print("batch ...", file=sys.stderr)
    batch_table = run_batches(count, 1 if chosen.quick else BATCH_RUNS)
    draw(results[0][1], results[5][1])

    head = f"""
All makers took turns in one process, {rounds} rounds for each row, the garbage collector off.  A ratio is the median of
the rounds' ratios, so what disturbed a round disturbed both its parts.  Every maker's URL was first checked twice: by
botocore's signer for the same second, and by `verify`.

The floor is the hashing that no presigner can leave out: one SHA-256 over the canonical request
({len(example(None)[0])} bytes; {len(example(SESSION_TOKEN)[0])} in the row of the session token) and one HMAC-SHA256.
It gives a signature and no URL, and its key is a safe one in every row.

![Microseconds for one S3 URL, on a log scale](chart.svg)

### At a glance: how many times our time

{summary(results)}
{legend()}"""
    tail = f"""### A batch of {count:,} mixed keys

Each maker alone in a process of its own, the garbage collector on, every URL dropped once made.  The median of the
runs; the memory is the most that was resident above what was there before, which the keys were.

{batch_table}
### Every door of sigv4presign

{door_table}"""
    command = " ".join(["python benchmarks/speed.py", *arguments])
    report.write_section("Speed", command, "\n".join([head, *parts, tail]))


if __name__ == "__main__":
    main(sys.argv[1:])

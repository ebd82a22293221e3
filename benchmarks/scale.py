"""Scale: threads, processes, memory, a million URLs, long keys, long queries.  Writes a section of results.md.

Usage: python benchmarks/scale.py [--rounds N] [--quick]

Rule: this library alone, by its public names.  What should be constant is shown to be, and what should be linear is
shown with the line that fits it.
"""

import argparse
import multiprocessing
import statistics
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter
from typing import TypeVar

import memory
import report
from floor import Floor
from inputs import ACCESS_KEY_ID, BUCKET, EXPIRES_IN, HOST, REGION, SAFE_KEYS, SECRET_ACCESS_KEY, SESSION_TOKEN
from maker import Sign
from ours import check_form, credentials, form, targets
from report import number, table
from timing import each, race, ratio

from sigv4presign import Credentials, S3Presigner, presign, verify

THREADS = (1, 2, 8)
PROCESSES = (1, 2)
TURNS = 5  # of the threads
MILESTONES = (1_000, 10_000, 100_000, 1_000_000)
PRESIGNERS = 10_000
LONG_KEY = ("photos/2026/11/24/" * 57)[:1_024]  # S3's longest: 1,024 bytes
LONG_CJK_KEY = "写" * 341  # 1,023 bytes in UTF-8
LONG_TOKEN = (SESSION_TOKEN * 7)[:4_096]
KEY_LENGTHS = (16, 64, 128, 256, 512, 768, 1_024)
PARAMETERS = (0, 1, 2, 4, 8, 16, 32, 64)

Result = TypeVar("Result")


def alone(work: "Callable[[int], Result]", argument: int, processes: int = 1) -> "list[Result]":
    """What some work gives in new processes, all at the same time."""
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        return [*pool.map(work, [argument] * processes)]


def rate(count: int, seconds: float) -> str:
    """How many in a second, to three digits."""
    return f"{float(f'{count / seconds:.3g}'):,.0f}"


# --- threads and processes -------------------------------------------------------------------------------------------


def in_threads(threads: int, calls: int, call: Sign, inputs: "list[str]") -> str:
    """The rate of many calls that are divided among threads: the best of some turns."""
    share = [inputs[turn % len(inputs)] for turn in range(calls // threads)]

    def one_turn() -> float:
        begin = threading.Barrier(threads + 1)

        def run() -> None:
            begin.wait()
            for one in share:
                call(one)

        workers = [threading.Thread(target=run) for _ in range(threads)]
        for worker in workers:
            worker.start()
        begin.wait()
        start = perf_counter()
        for worker in workers:
            worker.join()
        return perf_counter() - start

    return rate(len(share) * threads, min(one_turn() for _ in range(TURNS)))


def threads_table(calls: int) -> str:
    """One presigner, and one set of secrets, shared by all threads."""
    s3 = S3Presigner(credentials(), region=REGION)
    secrets, headers = {ACCESS_KEY_ID: credentials()}, {"Host": HOST}

    def get(key: str) -> str:
        return s3.get_object(BUCKET, key, expires_in=EXPIRES_IN)

    def check(target: str) -> object:
        return verify("GET", target, headers=headers, secrets=secrets, service="s3", region=REGION)

    received, fields = targets(), form(s3).fields
    works: dict[str, tuple[Sign, list[str], int]] = {
        "get_object": (get, SAFE_KEYS, calls),
        "verify": (check, received, calls),
        "post_object": (lambda _: form(s3), SAFE_KEYS, calls // 10),
        "verify_post": (lambda _: check_form(fields), SAFE_KEYS, calls // 10),
    }
    return table(
        ["threads", *[f"{name} per s" for name in works]],
        [
            [str(threads), *[in_threads(threads, count, call, inputs) for call, inputs, count in works.values()]]
            for threads in THREADS
        ],
    )


def seconds_for(count: int) -> float:
    """How long `get_object` takes for many keys; runs in a process of its own."""
    s3 = S3Presigner(credentials(), region=REGION)
    start = perf_counter()
    for turn in range(count):
        s3.get_object(BUCKET, SAFE_KEYS[turn % 1_000], expires_in=EXPIRES_IN)
    return perf_counter() - start


def processes_table(calls: int) -> str:
    """The same in whole processes, which do not share a lock."""
    lines: list[list[str]] = []
    for processes in PROCESSES:
        seconds = alone(seconds_for, calls, processes)
        lines.append([str(processes), rate(1, 1 / sum(calls / each_one for each_one in seconds))])
    return table(["processes", "get_object per s"], lines)


# --- memory ----------------------------------------------------------------------------------------------------------


def stream(count: int) -> "list[tuple[int, float, int | None]]":
    """URLs made, seconds, and bytes resident above the start, at each milestone; the keys come from a generator."""
    urls = S3Presigner(credentials(), region=REGION).presign_many(
        "GET", BUCKET, (f"photos/2026/11/24/some-thumbnail-{n:07}.jpg" for n in range(count)), expires_in=EXPIRES_IN
    )
    next(urls)
    memory.restart_peak()
    before = memory.resident()
    found: list[tuple[int, float, int | None]] = []
    start = perf_counter()
    for made, _ in enumerate(urls, 2):
        if made in MILESTONES:
            peak = memory.peak()
            found.append((made, perf_counter() - start, None if peak is None or before is None else peak - before))
    return found


def stream_table(count: int) -> str:
    """Memory while `presign_many` makes a million URLs."""
    return table(
        ["URLs made", "s", "peak kB above the start"],
        [
            [f"{made:,}", f"{seconds:.3f}", "-" if grown is None else f"{grown / 1e3:,.0f}"]
            for made, seconds, grown in alone(stream, count)[0]
        ],
    )


def presigners(count: int) -> "list[int | None]":
    """Bytes resident before many presigners are made, after, and after the first URL of each."""
    creds = [credentials() for _ in range(count)]
    kept = [S3Presigner(creds[0], region=REGION)]
    kept[0].get_object(BUCKET, SAFE_KEYS[0])
    resident = [memory.resident()]
    kept += [S3Presigner(one, region=REGION) for one in creds]
    resident.append(memory.resident())
    for s3 in kept:
        s3.get_object(BUCKET, SAFE_KEYS[0])
    resident.append(memory.resident())
    return resident


def presigners_table(count: int) -> str:
    """What one presigner holds, as a share of what many hold."""
    before, made, used = alone(presigners, count)[0]
    if before is None or made is None or used is None:
        return "Not measured: there is no /proc here.\n"
    return table(
        ["a presigner", "bytes"],
        [
            ["once made", f"{(made - before) / count:,.0f}"],
            ["once it has signed, its state for the second included", f"{(used - before) / count:,.0f}"],
        ],
    )


# --- long inputs -----------------------------------------------------------------------------------------------------


def long_table(rounds: int) -> str:
    """S3's longest keys, and a long token."""
    s3 = S3Presigner(credentials(), region=REGION)
    with_token = S3Presigner(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY, LONG_TOKEN), region=REGION)
    key = SAFE_KEYS[0]
    calls: dict[str, Sign] = {
        "a safe key of 43 characters": lambda _: s3.get_object(BUCKET, key, expires_in=EXPIRES_IN),
        "a safe key of 1,024 bytes": lambda _: s3.get_object(BUCKET, LONG_KEY, expires_in=EXPIRES_IN),
        "a CJK key of 1,023 bytes": lambda _: s3.get_object(BUCKET, LONG_CJK_KEY, expires_in=EXPIRES_IN),
        "a token of 4,096 characters": lambda _: with_token.get_object(BUCKET, key, expires_in=EXPIRES_IN),
    }
    times = race({Floor.name: each(Floor().get_object()), **{name: each(calls[name]) for name in calls}}, [""], rounds)
    return table(
        ["get_object", "min µs", "median µs", "times floor"],
        [
            [
                name,
                number(min(times[name])),
                number(statistics.median(times[name])),
                number(ratio(times, name, "floor")),
            ]
            for name in times
        ],
    )


def growth_table(what: str, calls: "dict[int, Sign]", rounds: int) -> str:
    """Cost against size, and the line through it."""
    times = race({str(size): each(call) for size, call in calls.items()}, [""], rounds)
    medians = [statistics.median(times[str(size)]) for size in calls]
    sizes = [*calls]
    slope, start = statistics.linear_regression(sizes, medians)
    fit = statistics.correlation(sizes, medians) ** 2
    lines = [
        [f"{size:,}", number(median), number(start + slope * size)] for size, median in zip(sizes, medians, strict=True)
    ]
    line = f"\nThe line: {start:.2f} µs + {slope * 1e3:.1f} ns each; R² = {fit:.4f}.\n"
    return table([what, "median µs", "the line"], lines) + line


def key_growth(rounds: int) -> str:
    s3 = S3Presigner(credentials(), region=REGION)

    def getting(key: str) -> Sign:
        return lambda _: s3.get_object(BUCKET, key, expires_in=EXPIRES_IN)

    return growth_table("characters in the key", {size: getting(LONG_KEY[:size]) for size in KEY_LENGTHS}, rounds)


def query_growth(rounds: int) -> str:
    creds = credentials()

    def presigning(query: "dict[str, str]") -> Sign:
        url = "https://api.example.com/stage/path"
        return lambda _: presign(
            "GET", url, credentials=creds, region=REGION, service="execute-api", expires_in=EXPIRES_IN, query=query
        )

    queries = {count: {f"name-{n:02}": f"value {n:02}" for n in range(count)} for count in PARAMETERS}
    return growth_table("query parameters", {count: presigning(query) for count, query in queries.items()}, rounds)


def verify_growth(rounds: int) -> str:
    creds = credentials()
    secrets, host = {ACCESS_KEY_ID: creds}, "api.example.com"

    def verifying(query: "dict[str, str]") -> Sign:
        url = presign(
            "GET", f"https://{host}/path", credentials=creds, region=REGION, service="execute-api", query=query
        )
        target = url[len(f"https://{host}") :]
        return lambda _: verify(
            "GET", target, headers={"Host": host}, secrets=secrets, service="execute-api", region=REGION
        )

    queries = {count: {f"name-{n:02}": f"value {n:02}" for n in range(count)} for count in PARAMETERS}
    return growth_table("query parameters", {count: verifying(query) for count, query in queries.items()}, rounds)


# --- the section -----------------------------------------------------------------------------------------------------


def main(arguments: "list[str]") -> None:
    options = argparse.ArgumentParser(description="How the library scales.")
    options.add_argument("--rounds", type=int, default=50, help="rounds of each table of times (50)")
    options.add_argument("--quick", action="store_true", help="3 rounds and a tenth of the calls: a look, not a result")
    chosen = options.parse_args(arguments)
    rounds = 3 if chosen.quick else chosen.rounds
    calls = 10_000 if chosen.quick else 100_000
    tables: list[tuple[str, str, Callable[[], str]]] = [
        ("Threads", "One presigner shared by all; the best of five turns.", lambda: threads_table(calls)),
        ("Processes", "The sum of the processes' own rates.", lambda: processes_table(calls * 10)),
        (
            "A million URLs",
            "`presign_many`, keys from a generator, each URL dropped once made, in a process of its own.",
            lambda: stream_table(MILESTONES[-2 if chosen.quick else -1]),
        ),
        (
            "Memory of a presigner",
            f"Resident memory, so that OpenSSL's hash states count; the mean of {PRESIGNERS:,}.",
            lambda: presigners_table(PRESIGNERS),
        ),
        ("Long keys and tokens", "S3's longest keys, and a long token.", lambda: long_table(rounds)),
        ("Cost against the length of the key", "`get_object`, safe keys.", lambda: key_growth(rounds)),
        ("Cost against the number of query parameters, signing", "`presign`.", lambda: query_growth(rounds)),
        ("Cost against the number of query parameters, verifying", "`verify`.", lambda: verify_growth(rounds)),
    ]
    parts: list[str] = []
    for title, text, make in tables:
        print(f"{title} ...", file=sys.stderr)
        parts.append(f"### {title}\n\n{text}\n\n{make()}")
    report.write_section("Scale", " ".join(["python benchmarks/scale.py", *arguments]), "\n".join(parts))


if __name__ == "__main__":
    main(sys.argv[1:])

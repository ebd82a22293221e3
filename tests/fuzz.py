"""The long run: `presign` against botocore, and `verify` against changed requests, as often as one asks.

Rule: the same strategies and the same judgements as the tests, only more of them; a finding is printed and counted, and
does not stop the run.  The last line says what ran and what disagreed; the exit status is 1 if anything did.
"""

import argparse
import multiprocessing
import random
import secrets
import sys
from collections.abc import Callable
from typing import Any

import agreement
import mutation
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from strategies import Case, cases

MUTATIONS_A_CASE = 200
SHOWN = 5


def drive(examples: int, start: int, judge: "Callable[[Case, int], list[str]]") -> "tuple[int, list[str]]":
    """Run a judgement over random cases; return how many ran, and the findings."""
    ran = 0
    findings: list[str] = []

    @seed(start)
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(cases(), st.integers(0, 2**32))
    def run(case: Case, number: int) -> None:
        nonlocal ran
        ran += 1
        findings.extend(judge(case, number))

    run()
    return ran, findings


def judge_signing(case: Case, _number: int) -> "list[str]":
    found = agreement.disagreement(case)
    return [] if found is None else [found]


def judge_verifying(case: Case, number: int) -> "list[str]":
    rng = random.Random(number)
    request = mutation.received(case, mutation.both_makers(case)[number % 2])
    original = mutation.judge(case, request)
    found = [mutation.finding(case, rng, request, original) for _ in range(MUTATIONS_A_CASE)]
    return [finding for finding in found if finding is not None]


def share(job: "tuple[str, int, int]") -> "tuple[str, int, list[str]]":
    """One process's part of a run."""
    what, examples, start = job
    judges: dict[str, Any] = {"requests": judge_signing, "mutations": judge_verifying}
    ran, findings = drive(examples, start, judges[what])
    return what, ran * (MUTATIONS_A_CASE if what == "mutations" else 1), findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000, help="requests held against botocore")
    parser.add_argument("--mutations", type=int, default=1_000_000, help="changed requests given to verify")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="to run again what was run before")
    arguments = parser.parse_args()
    sys.stdout.write(f"--seed {arguments.seed}\n")

    # Many short runs, since hypothesis slows down as one run grows; each has a seed of its own.
    part = 5_000
    jobs = [("requests", part, arguments.seed + n) for n in range(arguments.requests // part)]
    part = 500
    cases_to_mutate = arguments.mutations // MUTATIONS_A_CASE
    jobs += [("mutations", part, arguments.seed - n) for n in range(cases_to_mutate // part)]
    ran = {"requests": 0, "mutations": 0}
    findings = {"requests": 0, "mutations": 0}
    with multiprocessing.Pool(arguments.processes) as pool:
        for done, (what, count, found) in enumerate(pool.imap_unordered(share, jobs), 1):
            ran[what] += count
            findings[what] += len(found)
            for finding in found[:SHOWN]:
                sys.stdout.write(finding + "\n")
            sys.stderr.write(f"\r{done}/{len(jobs)}")
    sys.stderr.write("\n")
    sys.stdout.write(
        f"presign against botocore: {ran['requests']} ran, {findings['requests']} disagreed; "
        f"verify: {ran['mutations']} mutations, {findings['mutations']} accepted and not identical\n"
    )
    return 1 if sum(findings.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

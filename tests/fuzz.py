"""The long run: `presign` against botocore; `verify`, `verify_post`, `inspect` and `explain` against what was changed.

Rule: the same strategies and the same judgements as the tests, only more of them; a finding is printed and counted, and
does not stop the run.  The last line says what ran and what disagreed; the exit status is 1 if anything did.
"""

import argparse
import multiprocessing
import random
import secrets
import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import agreement
import evidence
import hostile
import mutation
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from strategies import Case, cases

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
    found = [mutation.finding(case, rng, request, original) for _ in range(JUDGEMENTS["mutations"].a_case)]
    return [finding for finding in found if finding is not None]


def judge_reading(kind: str, case: Case, number: int) -> "list[str]":
    rng = random.Random(number)
    found = [hostile.documented(hostile.FINDERS[kind], case, rng) for _ in range(JUDGEMENTS[kind].a_case)]
    return [finding for finding in found if finding is not None]


class Judgement(NamedTuple):
    """One kind of what is looked for: how much of it by default, in what portions, and what a finding would be."""

    judge: "Callable[[Case, int], list[str]]"
    default: int
    cases: int  # in one run of hypothesis, which slows down as a run grows
    a_case: int  # of it to each case that hypothesis makes
    sentence: str


JUDGEMENTS = {
    "requests": Judgement(judge_signing, 200_000, 5_000, 1, "presign against botocore: {} ran, {} disagreed"),
    "mutations": Judgement(
        judge_verifying, 1_000_000, 500, 200, "verify: {} changed requests, {} accepted and not identical"
    ),
    "forms": Judgement(
        partial(judge_reading, "forms"),
        100_000,
        500,
        20,
        "verify_post: {} changed forms, {} accepted and not identical",
    ),
    "policies": Judgement(
        partial(judge_reading, "policies"), 100_000, 500, 20, "verify_post: {} changed policies, {} undocumented errors"
    ),
    "inspections": Judgement(
        partial(judge_reading, "inspections"), 100_000, 500, 20, "inspect: {} changed texts, {} undocumented errors"
    ),
    "explanations": Judgement(
        partial(judge_reading, "explanations"), 50_000, 500, 10, "explain: {} changed requests, {} undocumented errors"
    ),
    "damages": Judgement(
        partial(judge_reading, "damages"), 100_000, 500, 20, "inspect and explain: {} damaged URLs, {} showed a secret"
    ),
}


def share(job: "tuple[str, int]") -> "tuple[str, int, list[str]]":
    """One process's part of a run."""
    kind, start = job
    wanted = JUDGEMENTS[kind]
    ran, findings = drive(wanted.cases, start, wanted.judge)
    return kind, ran * wanted.a_case, findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for kind, judgement in JUDGEMENTS.items():
        parser.add_argument(f"--{kind}", type=int, default=judgement.default, help=f"default: {judgement.default:,}")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="to run again what was run before")
    parser.add_argument("--record", action="store_true", help="write the result into docs/evidence.md and README.md")
    arguments = parser.parse_args()
    sys.stdout.write(f"--seed {arguments.seed}\n")

    # Each run has a seed of its own.
    jobs = [
        (kind, arguments.seed + 100_000 * at + number)
        for at, (kind, judgement) in enumerate(JUDGEMENTS.items())
        for number in range(getattr(arguments, kind) // (judgement.cases * judgement.a_case))
    ]
    ran = dict.fromkeys(JUDGEMENTS, 0)
    findings = dict.fromkeys(JUDGEMENTS, 0)
    with multiprocessing.Pool(arguments.processes) as pool:
        for done, (kind, count, found) in enumerate(pool.imap_unordered(share, jobs), 1):
            ran[kind] += count
            findings[kind] += len(found)
            for finding in found[:SHOWN]:
                sys.stdout.write(finding + "\n")
            sys.stderr.write(f"\r{done}/{len(jobs)}")
    sys.stderr.write("\n")
    lines = [judgement.sentence.format(f"{ran[kind]:,}", findings[kind]) for kind, judgement in JUDGEMENTS.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    if arguments.record:
        total = f"{sum(ran.values()):,} generated inputs, {sum(findings.values())} findings"
        body = "".join(f"- {line}\n" for line in lines)
        evidence.write("make fuzz", f"{total}; `--seed {arguments.seed}`.\n\n{body}", total)
    return 1 if sum(findings.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

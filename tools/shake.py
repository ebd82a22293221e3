"""Is a test flaky?  Runs `make test`'s tests many times in random order.  Writes docs/evidence.md.

Rule: each run has one seed for the order and for hypothesis, which is printed, so that a failure can be had again.

Usage: python tools/shake.py [--runs N] [--seed FIRST] [--workers N] [PYTEST ARGUMENTS]      (make shake)
"""

import argparse
import os
import random
import subprocess
import sys
import time

import evidence


def run(seed: int, workers: str, arguments: "list[str]") -> bool:
    """One run of the tests in an order of its own; return whether it is green."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "worksteal", "-p", "no:cacheprovider"]
    command += ["--random-order", f"--random-order-seed={seed}", f"--hypothesis-seed={seed}", *arguments]
    # The seed of set and dict order, too; and no example from an earlier run's database.
    environ = {**os.environ, "PYTHONHASHSEED": str(seed % 2**32)}
    done = subprocess.run(command, cwd=evidence.ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(done.stdout)
        print(f"failed: {' '.join(command[2:])}", flush=True)
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the tests many times in random order; writes docs/evidence.md.")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, help="of the first run; random if not given")
    parser.add_argument("--workers", default="auto", help="how many processes share the tests (one for each CPU)")
    options, arguments = parser.parse_known_args()
    first: int = random.randrange(1_000_000) if options.seed is None else options.seed
    failed: list[int] = []
    rows: list[tuple[str, str, str]] = []
    for seed in range(first, first + options.runs):
        started = time.monotonic()
        try:
            green = run(seed, options.workers, arguments)
        except KeyboardInterrupt:  # what has ended is recorded all the same
            break
        if not green:
            failed.append(seed)
        rows.append((str(seed), "green" if green else "red", f"{time.monotonic() - started:.0f}"))
        print(f"seed {seed}: {rows[-1][1]}, {rows[-1][2]} s", flush=True)
    line = f"{len(rows)} runs in random order with {len(rows)} seeds: {len(failed) or 'no'} red"
    if arguments or not rows:
        print(line)  # not the whole suite, so nothing to record
    else:
        shared = f"The tests were shared by {options.workers} processes.\n\n" if options.workers != "auto" else ""
        table = evidence.table(("seed", "result", "seconds"), rows, numbers=(0, 2))
        evidence.write("make shake", shared + table, line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

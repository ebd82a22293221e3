"""One maker signs many keys, alone in a process of its own: time, and memory above what was there before.

Usage: python benchmarks/batch.py MAKER COUNT

Rule: the keys are there beforehand, each URL is dropped as soon as it is made, and the garbage collector runs, as it
does in anybody's program.  A JSON object is printed.
"""

import json
import sys
import time

import memory
from inputs import mixed_keys
from maker import Cannot, Maker, SignMany
from ours import Ours
from peers import PEERS


def all_keys(maker: Maker) -> "SignMany":
    """The maker's call for many keys, else a loop over its call for one."""
    try:
        return maker.many()
    except Cannot:
        sign = maker.get_object()
        return lambda keys: (sign(key) for key in keys)


def main(name: str, count: int) -> None:
    maker = next(maker for maker in [Ours(), *PEERS] if maker.name == name)
    sign_many = all_keys(maker)
    keys = mixed_keys(count)
    for _ in sign_many(keys[:100]):
        pass
    memory.restart_peak()
    before = memory.resident()
    start = time.perf_counter()
    for _ in sign_many(keys):
        pass
    seconds = time.perf_counter() - start
    after = memory.peak()
    grown = None if before is None or after is None else max(after - before, 0)
    print(json.dumps({"seconds": seconds, "peak": grown}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

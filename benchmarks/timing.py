"""Times that can be compared: all contenders in one process, in turns, in an order that changes.

Rule: what disturbs a round disturbs everybody in it, so ratios are taken within a round and the median of these is
what is reported.  The garbage collector is off while the clock runs, and every figure has one Python call in it: the
one-line function that `maker.Maker` asks for.
"""

import gc
import itertools
import random
import statistics
from collections.abc import Callable
from time import perf_counter
from typing import Any

ROUND = 0.006  # seconds for each contender in each round: short, so that what is compared lies close together
FEWEST, MOST = 20, 5_000  # calls in a round

Run = Callable[["list[str]"], float]  # inputs -> seconds
Times = dict[str, list[float]]  # contender -> microseconds for one input, round by round


def each(call: "Callable[[str], Any]") -> Run:
    """A contender that is called for each input."""

    def run(inputs: "list[str]") -> float:
        start = perf_counter()
        for one in inputs:
            call(one)
        return perf_counter() - start

    return run


def together(call: "Callable[[list[str]], Any]") -> Run:
    """A contender that is called once for all inputs, and whose results are then walked through."""

    def run(inputs: "list[str]") -> float:
        start = perf_counter()
        for _ in call(inputs):
            pass
        return perf_counter() - start

    return run


def race(contenders: "dict[str, Run]", inputs: "list[str]", rounds: int) -> Times:
    """Time the contenders in turns; the inputs are gone through again and again."""
    shares = {name: _share(run, inputs) for name, run in contenders.items()}
    times: Times = {name: [] for name in contenders}
    order = list(contenders)
    shuffle = random.Random(1).shuffle  # the same orders in every run
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            shuffle(order)
            for name in order:
                share = shares[name]
                times[name].append(contenders[name](share) / len(share) * 1e6)
    finally:
        gc.enable()
    return times


def _share(run: Run, inputs: "list[str]") -> "list[str]":
    """As many inputs as fill a contender's part of a round; this also warms it up."""
    few = inputs[:FEWEST]
    run(few)
    seconds = min(run(few), run(few)) / len(few)
    count = min(max(int(ROUND / seconds), FEWEST), MOST)
    return list(itertools.islice(itertools.cycle(inputs), count))


def ratio(times: Times, name: str, to: str) -> float:
    """How many times the time of `to` a contender takes: the median of the rounds' ratios."""
    return statistics.median([one / other for one, other in zip(times[name], times[to], strict=True)])

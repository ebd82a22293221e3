"""Everything: speed, cold start, guards, scale.  Writes results.md and chart.svg from nothing.

Usage: python benchmarks/run.py [--quick]
"""

import os
import sys

import cold
import guards
import report
import scale
import speed

if __name__ == "__main__":
    if os.path.exists(report.RESULTS):
        os.remove(report.RESULTS)
    for part in (speed, cold, guards, scale):
        part.main(sys.argv[1:])

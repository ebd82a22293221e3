"""Everything: speed, cold start, scale.  Writes results.md and chart.svg from nothing.

Usage: python benchmarks/run.py [--quick]
"""

import os
import sys

import cold
import report
import scale
import speed

if __name__ == "__main__":
    if os.path.exists(report.RESULTS):
        os.remove(report.RESULTS)
    for part in (speed, cold, scale):
        part.main(sys.argv[1:])

"""The chart of the results: one dot a maker, microseconds per URL, as SVG text.

Rule: a logarithmic scale, where equal distances are equal ratios, so that 2 and 8 are told apart as well as 42 and 200;
dots and no bars, since a bar's length would say nothing on it.  A label has a line of its own above its dot, so no font
cuts it, and the chart is as wide as a phone.  All figures are in the description, for those who do not see the dots.
"""

import math
from collections.abc import Sequence
from html import escape

from report import number

WIDTH, SIDE, STEP = 390, 18, 34

STYLE = """
  .card { fill: #ffffff; stroke: #d0d7de }
  text { font: 14px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .small { font-size: 12px; fill: #59636e }
  .track { stroke: #d0d7de }
  .tick { stroke: #eaeef2 }
  .peer { fill: #59636e }
  .floor { fill: #9a6700 }
  .ours { fill: #0969da }
  .name-ours { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d }
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .track { stroke: #3d444d }
    .tick { stroke: #21262d }
    .peer { fill: #9198a1 }
    .floor { fill: #d29922 }
    .ours { fill: #4493f8 }
  }
"""


def chart(title: str, notes: "Sequence[str]", dots: "Sequence[tuple[str, float, str]]") -> str:
    """SVG text; `dots` are (label, value, class) with a class of `ours`, `peer` or `floor`, `notes` short lines."""
    low = math.floor(math.log10(min(value for _, value, _ in dots)))
    high = math.log10(max(value for _, value, _ in dots)) + 0.1
    top = 44 + 17 * len(notes)
    bottom = top + 18 + STEP * len(dots)

    def across(value: float) -> float:
        return SIDE + (WIDTH - 2 * SIDE) * (math.log10(value) - low) / (high - low)

    described = "; ".join(f"{label}: {number(value)}" for label, value, _ in dots)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 10}" width="{WIDTH}"',
        f' height="{bottom + 10}" role="img" aria-labelledby="chart-title chart-figures">',
        f'<title id="chart-title">{escape(title)}</title>',
        f'<desc id="chart-figures">{escape(" ".join(notes))} {escape(described)}.</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{bottom + 9}" rx="6"/>',
        f'<text class="title" x="{SIDE}" y="26">{escape(title)}</text>',
        *[
            f'<text class="small" x="{SIDE}" y="{46 + 17 * index}">{escape(note)}</text>'
            for index, note in enumerate(notes)
        ],
    ]
    for power in range(low, math.floor(high) + 1):
        x = across(10**power)
        anchor = "start" if power == low else "middle"
        lines += [
            f'<path class="tick" d="M{x:.1f} {top + 12}V{bottom}"/>',
            f'<text class="small" x="{x:.1f}" y="{top + 8}" text-anchor="{anchor}">{10**power:g}</text>',
        ]
    for index, (label, value, kind) in enumerate(dots):
        baseline = top + 30 + STEP * index
        lines += [
            f'<text class="name-{kind}" x="{SIDE}" y="{baseline}">{escape(label)}</text>',
            f'<text class="name-{kind}" x="{WIDTH - SIDE}" y="{baseline}" text-anchor="end">{number(value)}</text>',
            f'<path class="track" d="M{SIDE} {baseline + 11}H{WIDTH - SIDE}"/>',
            f'<circle class="{kind}" cx="{across(value):.1f}" cy="{baseline + 11}" r="5"/>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"

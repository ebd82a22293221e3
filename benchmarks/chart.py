"""The chart of the results: one bar a maker, microseconds per URL, as SVG text.

Rule: a linear scale that begins at nought, so that a bar twice as long is a time twice as long; every bar has its
figure beside it, and all figures are in the description, for those who do not see the bars.
"""

from collections.abc import Sequence
from html import escape

from report import number

WIDTH, LEFT, RIGHT, TOP, STEP, BAR = 760, 210, 110, 62, 26, 16

STYLE = """
  .card { fill: #ffffff; stroke: #d0d7de }
  text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .small { font-size: 12px; fill: #59636e }
  .peer { fill: #8c959f }
  .floor { fill: #bf8700 }
  .ours { fill: #0969da }
  .name-ours { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d }
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .peer { fill: #6e7681 }
    .floor { fill: #d29922 }
    .ours { fill: #4493f8 }
  }
"""


def chart(title: str, subtitle: str, bars: "Sequence[tuple[str, float, str]]") -> str:
    """SVG text; `bars` are (label, value, class) with a class of `ours`, `peer` or `floor`."""
    height = TOP + STEP * len(bars) + 16
    scale = (WIDTH - LEFT - RIGHT) / max(value for _, value, _ in bars)
    described = "; ".join(f"{label}: {number(value)}" for label, value, _ in bars)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"',
        f' height="{height}" role="img" aria-labelledby="chart-title chart-figures">',
        f'<title id="chart-title">{escape(title)}</title>',
        f'<desc id="chart-figures">{escape(subtitle)} {escape(described)}.</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>',
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        f'<text class="small" x="16" y="45">{escape(subtitle)}</text>',
    ]
    for index, (label, value, kind) in enumerate(bars):
        top = TOP + STEP * index
        length = max(value * scale, 1)
        baseline = top + BAR - 3
        lines += [
            f'<text class="name-{kind}" x="{LEFT - 10}" y="{baseline}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}"/>',
            f'<text x="{LEFT + length + 7:.1f}" y="{baseline}">{number(value)}</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"

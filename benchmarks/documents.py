"""Writes the figures and plots of a run into docs/benchmarks.md and docs/images."""

import re
from pathlib import Path

import numpy as np

from benchmarks.figures import Curve, Figures
from benchmarks.report import tables
from recognition.evaluation.plots import COLOURS, DASHES, Axis, line_plot

_REPOSITORY = Path(__file__).resolve().parent.parent
_BEGIN, _END = "<!-- figures: made by make bench-docs -->", "<!-- end of figures -->"
_STYLE = (
    "text{font:12px sans-serif;fill:#333}.mid{text-anchor:middle}.end{text-anchor:end}"
    ".grid{stroke:#e4e4e4;fill:none}.axis{stroke:#666;fill:none}"
    ".line{fill:none;stroke-width:2}"
)
_LEGEND_LEFT, _LEGEND_TOP, _LEGEND_STEP = 72, 26, 18


def write_documents(figures: Figures, machine: str, docs: Path = _REPOSITORY / "docs") -> None:
    """Put tables and plots where the page has its marks. Raises ValueError where it has none."""
    page = docs / "benchmarks.md"
    text = page.read_text()
    if not (_BEGIN in text and _END in text):
        raise ValueError(f"{page} has no place for the figures.")
    parts = [f"One run: {machine}.\n", *(table.markdown() for table in tables(figures))]
    for name, curve in figures.curves.items():
        path = docs / "images" / f"cost-{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(curve_plot(curve))
        parts.append(f"![Milliseconds against {curve.across}](images/{path.name})\n")
    made = "\n".join([_BEGIN, "", *parts, _END])
    before, _, rest = text.partition(_BEGIN)
    page.write_text(before + made + rest.partition(_END)[2])


def curve_plot(curve: Curve) -> str:
    """A plot that stands for itself, as SVG."""
    times = [time for line in curve.lines.values() for time in line]
    if curve.log:
        across = Axis(curve.across, min(curve.at), max(curve.at), log=True)
        up = Axis("milliseconds", min(times) / 2, max(times) * 2, log=True)
    else:
        across = Axis(curve.across, 0, max(curve.at) * 1.02)
        up = Axis("milliseconds", 0, max(times) * 1.1)
    at = np.array(curve.at, np.float64)
    series = {name: (at, np.array(line, np.float64)) for name, line in curve.lines.items()}
    drawn = line_plot(series, across, up)
    svg = drawn[: drawn.index("</svg>")]
    size = re.search(r"viewBox=\"0 0 (\d+) (\d+)\"", svg)
    assert size is not None
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[1]}" height="{size[2]}" '
    background = f'<style>{_STYLE}</style><rect width="{size[1]}" height="{size[2]}" fill="#fff"/>'
    svg = svg.replace("<svg ", head, 1).replace(">", f">{background}", 1)
    return f"{svg}{_legend(list(curve.lines))}</svg>\n"


def _legend(names: list[str]) -> str:
    parts = []
    for number, name in enumerate(names):
        y = _LEGEND_TOP + number * _LEGEND_STEP
        style = f'stroke="{COLOURS[number % 4]}" stroke-dasharray="{DASHES[number % 4]}"'
        parts.append(f'<path d="M{_LEGEND_LEFT} {y}h28" class="line" {style}/>')
        parts.append(f'<text x="{_LEGEND_LEFT + 34}" y="{y + 4}">{name}</text>')
    return "".join(parts)

"""Plots as SVG text, drawn here so that a report needs neither scripts nor a network."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Series = Mapping[str, tuple[Values, Values]]

_WIDTH, _HEIGHT = 460, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 12, 46
# Told apart in grey and by people who see few colours (Okabe and Ito).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
DASHES = ("", "6 3", "2 3", "8 3 2 3")
_CHARACTER_PX = 7.0
"""Of a label in 12 px, a little more than a figure takes."""
_LEAST_WRITTEN_OUT = 1e-4 * (1 - 1e-9)
# More points than pixels change nothing but the size of the file.
_MOST_POINTS = 400


@dataclass(frozen=True, slots=True)
class Axis:
    """What is drawn along one side."""

    title: str
    low: float
    high: float
    log: bool = False

    def share(self, values: Values) -> Values:
        """Where values lie between both ends, 0 to 1; outside they stay at the ends."""
        inside = np.clip(values, self.low, self.high)
        if not self.log:
            return np.asarray((inside - self.low) / (self.high - self.low))
        span = math.log10(self.high / self.low)
        return np.asarray(np.log10(inside / self.low) / span)

    def ticks(self) -> list[float]:
        """Round values to write along it."""
        if self.log:
            first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high) + 1e-9)
            return [10.0**power for power in range(first, last + 1)]
        step = _round_step((self.high - self.low) / 5)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [step * number for number in range(first, last + 1)]


def line_plot(series: Series, across: Axis, up: Axis) -> str:
    """Lines over common axes, with a legend where there are several."""
    parts = [_frame(across, up)]
    entries = {}
    for number, (name, (xs, ys)) in enumerate(series.items()):
        points = _points(across, up, *_thinned(*_drawable(up, xs, ys)))
        style = f'stroke="{COLOURS[number % 4]}" stroke-dasharray="{DASHES[number % 4]}"'
        parts.append(f'<polyline points="{points}" class="line" {style}/>')
        entries[name] = style
    legend = _legend(entries) if len(series) > 1 else ""
    return _svg(parts, f"{up.title} against {across.title}") + legend


def histogram_plot(edges: Values, series: Mapping[str, NDArray[np.intp]], title: str) -> str:
    """Shares of values in n steps between n + 1 edges, each series filled up to the axis.

    A series says how many values lie in each step.
    """
    heights = {name: counts / max(1, counts.sum()) for name, counts in series.items()}
    top = max(float(shares.max()) for shares in heights.values()) or 1.0
    across, up = Axis(title, edges[0], edges[-1]), Axis("share", 0, top * 1.05)
    parts = [_frame(across, up)]
    entries = {}
    for number, (name, shares) in enumerate(heights.items()):
        xs, ys = np.repeat(edges, 2), np.concatenate([[0], np.repeat(shares, 2), [0]])
        colour = COLOURS[number % 4]
        points = _points(across, up, xs, ys)
        parts.append(f'<polygon points="{points}" fill="{colour}" fill-opacity="0.35"/>')
        entries[name] = f'stroke="{colour}"'
    return _svg(parts, f"Distribution of {title}") + _legend(entries)


def _frame(across: Axis, up: Axis) -> str:
    """Grid, numbers and titles of both axes."""
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for tick in across.ticks():
        x = _x(across, np.array([tick]))[0]
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{bottom}"/>')
        parts.append(_label_below(tick_label(tick), x, bottom + 16))
    for tick in up.ticks():
        y = _y(up, np.array([tick]))[0]
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{right}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" class="end">{tick_label(tick)}</text>')
    parts.append(f'<path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>')
    middle = (_LEFT + right) / 2
    parts.append(f'<text x="{middle}" y="{_HEIGHT - 8}" class="mid">{escape(across.title)}</text>')
    turned = f'transform="rotate(-90 14 {(_TOP + bottom) / 2})"'
    at = f'x="14" y="{(_TOP + bottom) / 2}"'
    parts.append(f'<text {at} {turned} class="mid">{escape(up.title)}</text>')
    return "".join(parts)


def tick_label(value: float) -> str:
    """A number as people write it: 0.001, 250, 10k, 1M; powers only below a ten-thousandth."""
    for unit, suffix in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= unit * (1 - 1e-9):
            return f"{value / unit:.3g}{suffix}"
    if value == 0 or abs(value) >= _LEAST_WRITTEN_OUT:
        return f"{value:.4f}".rstrip("0").rstrip(".")
    mantissa, power = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(power)}"


def _label_below(label: str, x: float, y: float) -> str:
    """In the middle below its line, or ending with the plot where it would be cut off."""
    if x + len(label) * _CHARACTER_PX / 2 > _WIDTH:
        return f'<text x="{_WIDTH - 1}" y="{y}" class="end">{label}</text>'
    return f'<text x="{x:.1f}" y="{y}" class="mid">{label}</text>'


def _legend(entries: Mapping[str, str]) -> str:
    """Names beside a piece of their line, below the plot where they hide nothing."""
    items = "".join(
        f'<span><svg class="key" viewBox="0 0 28 10"><path d="M0 5h28" class="line" {style}/></svg>'
        f"{escape(name)}</span>"
        for name, style in entries.items()
    )
    return f'<div class="legend">{items}</div>'


def _svg(parts: Sequence[str], label: str) -> str:
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    return f'<svg {box} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _points(across: Axis, up: Axis, xs: Values, ys: Values) -> str:
    pairs = zip(_x(across, xs), _y(up, ys), strict=True)
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)


def _x(axis: Axis, values: Values) -> Values:
    return _LEFT + axis.share(values) * (_WIDTH - _LEFT - _RIGHT)


def _y(axis: Axis, values: Values) -> Values:
    return _HEIGHT - _BOTTOM - axis.share(values) * (_HEIGHT - _TOP - _BOTTOM)


def _drawable(up: Axis, xs: Values, ys: Values) -> tuple[Values, Values]:
    """Without what is 0, or below the axis, where that is logarithmic: it has no place there."""
    if not up.log:
        return xs, ys
    kept = ys >= up.low * (1 - 1e-9)
    return xs[kept], ys[kept]


def _thinned(xs: Values, ys: Values) -> tuple[Values, Values]:
    if len(xs) <= _MOST_POINTS:
        return xs, ys
    kept = np.linspace(0, len(xs) - 1, _MOST_POINTS).astype(int)
    return xs[kept], ys[kept]


def _round_step(step: float) -> float:
    """1, 2 or 5 times a power of ten, at least this large."""
    power: float = 10.0 ** math.floor(math.log10(step))
    return next(t * power for t in (1.0, 2.0, 5.0, 10.0) if t * power >= step * 0.999)

"""What is written along the axes of a plot can be read, and is not cut off."""

import re

import numpy as np
import pytest

from recognition.evaluation.plots import Axis, line_plot, tick_label

_LABEL = re.compile(r'<text x="([\d.]+)" y="[\d.]+" class="(mid|end)">([^<]+)</text>')
_PX_A_CHARACTER = 6.7


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (0.0, "0"),
        (0.3, "0.3"),
        (0.30000000000000004, "0.3"),
        (2.5, "2.5"),
        (640.0, "640"),
        (1000.0, "1k"),
        (10.0**3, "1k"),
        (1500.0, "1.5k"),
        (100_000.0, "100k"),
        (1_000_000.0, "1M"),
        (0.001, "0.001"),
        (10.0**-4, "0.0001"),
        (10.0**-5, "1e-5"),
        (-0.25, "-0.25"),
    ],
)
def test_a_number_is_written_as_people_write_it(value: float, label: str) -> None:
    assert tick_label(value) == label


@pytest.mark.parametrize(
    "across",
    [
        Axis("people", 1, 1_000_000, log=True),
        Axis("FMR", 1e-5, 1, log=True),
        Axis("pixels", 0, 1920),
        Axis("share", 0, 0.5),
    ],
    ids=lambda axis: axis.title,
)
def test_no_label_is_cut_off(across: Axis) -> None:
    line = np.array([across.low, across.high])
    plot = line_plot({"": (line, np.array([1.0, 1000.0]))}, across, Axis("ms", 0.1, 1e5, log=True))
    found = re.search(r'viewBox="0 0 (\d+)', plot)
    assert found is not None
    width = float(found[1])
    labels = _LABEL.findall(plot)
    assert len(labels) > 8

    for x, anchor, text in labels:
        wide = len(text) * _PX_A_CHARACTER
        right = float(x) + (wide / 2 if anchor == "mid" else 0)
        left = float(x) - (wide / 2 if anchor == "mid" else wide)
        assert left >= 0, text
        assert right <= width, text

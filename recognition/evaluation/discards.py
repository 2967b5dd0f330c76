"""Whether each measure of quality predicts errors: what is missed once the worst are left out.

The error-versus-discard characteristic of ISO/IEC 29794-1: comparisons are left out for the lower
quality of both pictures, at one threshold. A measure that says nothing leaves FNMR where it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.bootstrap import Interval, draws, interval
from recognition.evaluation.comparisons import Comparisons
from recognition.evaluation.samples import SampleSet
from recognition.face_quality import Quality

Values = NDArray[np.float64]
Curve = tuple[Values, Values]

MEASURES: Mapping[str, Callable[[Quality], float]] = {
    "overall": lambda quality: quality.overall,
    "face_px": lambda quality: quality.face_px,
    "sharpness": lambda quality: quality.sharpness,
    "yaw": lambda quality: -abs(quality.yaw),
    "roll": lambda quality: -abs(quality.roll),
    "brightness": lambda quality: min(quality.brightness, 255 - quality.brightness),
    "contrast": lambda quality: quality.contrast,
    "side_light": lambda quality: -abs(quality.side_light),
    "covered": lambda quality: -quality.covered,
    "inside": lambda quality: quality.inside,
}
"""Each measure as a number that is larger for a better face."""
WORST_SHARE = 0.2
_MOST_SHARE, _STEPS = 0.5, 51


@dataclass(frozen=True, slots=True, eq=False)
class Discard:
    """What leaving out the worst by one measure does."""

    curve: Curve
    """Shares of comparisons left out, 0 upwards, and FNMR of the others."""
    fnmr: float
    """Of all comparisons."""
    fnmr_without_worst: float
    """With the worst fifth left out."""
    gain: Interval | None
    """How far FNMR falls by that, in 95 of 100 draws of other people; above 0: it predicts."""


def discards(
    comparisons: Comparisons,
    samples: SampleSet,
    qualities: Sequence[Quality],
    *,
    threshold: float | None = None,
) -> Mapping[str, Discard]:
    """Each measure's answer; `qualities` has one for each row of `samples`.

    At this distance, or where none is given at that of FMR 1e-3 over all.
    """
    limit = comparisons.threshold(1e-3) if threshold is None else threshold
    missed = (comparisons.genuine > np.float32(limit)).astype(np.float64)
    of = samples.identity[comparisons.genuine_rows[:, 0]]
    answers = {}
    for name, goodness in MEASURES.items():
        marks = np.array([goodness(quality) for quality in qualities])
        worse = marks[comparisons.genuine_rows].min(axis=1)
        answers[name] = _discard(missed, worse, of, len(samples.names))
    return answers


def _discard(missed: Values, worse: Values, of: NDArray[np.intp], people: int) -> Discard:
    """Of comparisons with the worse quality of each, and whose each is."""
    every, kept = np.ones(len(missed)), kept_shares(worse, WORST_SHARE)
    shares = np.linspace(0, _MOST_SHARE, _STEPS)
    weights = (kept_shares(worse, share) for share in shares)
    left = np.array([float((missed * of_each).sum() / of_each.sum()) for of_each in weights])
    return Discard(
        (shares, left),
        float(missed.mean()),
        float((missed * kept).sum() / kept.sum()),
        interval(_rate(missed, every, of, people) - _rate(missed, kept, of, people)),
    )


def kept_shares(marks: Values, share: float) -> Values:
    """How much of each is kept when this share, those with the lowest marks, is left out.

    1 or 0; where equal marks lie across the border, the same fraction of each of them, so that
    what cannot be told apart is treated alike.
    """
    border = np.sort(marks)[int(share * len(marks))]
    below, equal = marks < border, marks == border
    kept = np.where(below, 0.0, 1.0)
    kept[equal] = 1 - (share * len(marks) - below.sum()) / equal.sum()
    return kept


def _rate(missed: Values, kept: Values, of: NDArray[np.intp], people: int) -> Values:
    """FNMR of each draw of people."""
    total = np.bincount(of, kept, minlength=people)
    wrong = np.bincount(of, kept * missed, minlength=people)
    weights = draws(people)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights @ wrong) / (weights @ total), np.float64)

"""The figures of `evaluate faces`: detection, verification and identification with intervals."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from recognition.evaluation.bootstrap import (
    PASSES,
    Interval,
    searches_interval,
    tar_intervals,
    weighted_fnir_at_fpir,
    weighted_rank1,
)
from recognition.evaluation.comparisons import (
    Compare,
    Comparisons,
    OnRows,
    compare_all,
)
from recognition.evaluation.identification_rates import (
    Searches,
    closed_set,
    cumulative_match,
    fnir_at_fpir,
    open_set,
)
from recognition.evaluation.samples import SampleSet

FMRS = (1e-2, 1e-3, 1e-4)
FPIRS = (1e-2, 1e-3)
# Groups and errors by quality are counted at this one; the nearest of all are shown.
_KEPT_FMR = 1e-3
# Open and closed set.
_SEARCHES = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate, and where 95 in 100 draws of other people would put it."""

    value: float
    """NaN where the pictures allow none."""
    interval: Interval | None
    threshold: float | None = None
    """The distance it was taken at."""


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """One to one."""

    comparisons: Comparisons
    tar: Mapping[float, Figure]
    """FMR -> TAR."""


@dataclass(frozen=True, slots=True, eq=False)
class Identification:
    """One to many; None where the pictures allow no such search."""

    open_set: Searches | None
    fnir: Mapping[float, Figure]
    """FPIR -> FNIR."""
    closed_set: Searches | None
    rank1: Figure | None
    match_at_rank: Mapping[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Everything one way of comparing gives, for single pictures and for fused sessions."""

    single: Verification
    fused: Verification
    single_search: Identification
    fused_search: Identification


def measure_faces(
    single: SampleSet, fused: SampleSet, compare: Compare, *, on_rows: OnRows = lambda _: None
) -> Measured:
    """Measure one way of comparing. `fused` has a row for each session of `single`.

    Where each session is one picture, both are the same, and measured once. `on_rows` is told of
    `rows_gone_through` in all.
    """
    verified = verification(single, compare, on_rows=on_rows)
    searched = identification(single, fused, compare, on_rows=on_rows)
    if len(single) == len(fused):
        return Measured(verified, verified, searched, searched)
    return Measured(
        single=verified,
        fused=verification(fused, compare, on_rows=on_rows),
        single_search=searched,
        fused_search=identification(fused, fused, compare, on_rows=on_rows),
    )


def rows_gone_through(single: SampleSet, fused: SampleSet) -> int:
    """How many rows `measure_faces` walks through, one and the same row several times."""
    rows = len(single) if len(single) == len(fused) else len(single) + len(fused)
    return (PASSES + _SEARCHES) * rows


def verification(
    samples: SampleSet, compare: Compare, *, on_rows: OnRows = lambda _: None
) -> Verification:
    """TAR at each FMR over all pairs across sessions; no number without pairs of both kinds."""
    comparisons = compare_all(samples, compare, on_rows=on_rows)
    measurable = len(comparisons.genuine) and comparisons.impostors
    intervals = tar_intervals(comparisons, samples, FMRS, on_rows=on_rows)
    tar = {}
    for rate, between in zip(FMRS, intervals, strict=True):
        threshold = comparisons.threshold(rate)
        value = comparisons.tar(rate) if measurable else math.nan
        tar[rate] = Figure(value, between, threshold if np.isfinite(threshold) else None)
    return Verification(comparisons.nearer(_KEPT_FMR), tar)


def identification(
    samples: SampleSet,
    templates: SampleSet,
    compare: Compare,
    *,
    on_rows: OnRows = lambda _: None,
) -> Identification:
    """Open and closed set, a fused first session as each person's template."""
    people = len(samples.names)
    opened = open_set(samples, templates, compare)
    on_rows(len(samples))
    closed = closed_set(samples, templates, compare)
    on_rows(len(samples))
    fnir = {} if opened is None else _fnir(opened, people)
    rank1 = None
    if closed is not None:
        between = searches_interval(closed, people, weighted_rank1)
        rank1 = Figure(float(closed.right.mean()), between)
    return Identification(
        opened, fnir, closed, rank1, cumulative_match(closed) if closed is not None else {}
    )


def _fnir(opened: Searches, people: int) -> dict[float, Figure]:
    figures = {}
    for rate in FPIRS:
        threshold, value = fnir_at_fpir(opened, rate)
        between = searches_interval(opened, people, partial(weighted_fnir_at_fpir, rate=rate))
        figures[rate] = Figure(value, between, threshold)
    return figures

"""The figures of `evaluate faces`: detection, verification and identification with intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from recognition.evaluation.acquisition import Acquisition
from recognition.evaluation.bootstrap import (
    Interval,
    searches_interval,
    tar_intervals,
    weighted_fnir_at_fpir,
    weighted_rank1,
)
from recognition.evaluation.comparisons import (
    Compare,
    Comparisons,
    compare_all,
    share_within,
    threshold_at,
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


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate, and where 95 in 100 draws of other people would put it."""

    value: float
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


def measure_faces(single: SampleSet, fused: SampleSet, compare: Compare) -> Measured:
    """Measure one way of comparing. `fused` has a row for each session of `single`."""
    return Measured(
        single=verification(single, compare),
        fused=verification(fused, compare),
        single_search=identification(single, fused, compare),
        fused_search=identification(fused, fused, compare),
    )


def verification(samples: SampleSet, compare: Compare) -> Verification:
    """TAR at each FMR over all pairs across sessions."""
    comparisons = compare_all(samples, compare)
    intervals = tar_intervals(comparisons, samples, FMRS)
    tar = {}
    for rate, between in zip(FMRS, intervals, strict=True):
        threshold = threshold_at(comparisons.impostor, rate)
        value = share_within(comparisons.genuine, threshold)
        tar[rate] = Figure(value, between, threshold if np.isfinite(threshold) else None)
    return Verification(comparisons, tar)


def identification(samples: SampleSet, templates: SampleSet, compare: Compare) -> Identification:
    """Open and closed set, a fused first session as each person's template."""
    people = len(samples.names)
    opened = open_set(samples, templates, compare)
    closed = closed_set(samples, templates, compare)
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


@dataclass(frozen=True, slots=True)
class Enrolments:
    """How many people could be enrolled."""

    people: int
    failed: int
    """People of whose first session no picture gave a template."""

    @property
    def failure_to_enrol(self) -> float:
        """FTE, the share of people."""
        return self.failed / self.people


def enrolments(acquisition: Acquisition) -> Enrolments:
    """Count whose first session has no face that was found."""
    first: dict[str, str] = {}
    pictures = [sample.picture for sample in acquisition.samples]
    for picture in (*pictures, *acquisition.missed):
        before = first.get(picture.identity, picture.session)
        first[picture.identity] = min(before, picture.session)
    enrolled = {
        picture.identity for picture in pictures if picture.session == first[picture.identity]
    }
    return Enrolments(len(first), len(first) - len(enrolled))


@dataclass(frozen=True, slots=True)
class GroupRates:
    """The errors of one group of people at the thresholds of all people."""

    people: int
    tar: float
    """At FMR 1e-3 over everybody, fused."""
    fmr: float
    """Of impostor pairs within the group, at the same threshold."""
    impostor_pairs: int


def rates_by_group(
    fused: SampleSet, verified: Verification, labels: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Mapping[str, GroupRates]]:
    """Trait -> group -> rates; people without a label count in no group."""
    return {
        trait: {
            group: _group(fused, verified, [n for n, of in groups.items() if of == group])
            for group in sorted(set(groups.values()))
        }
        for trait, groups in labels.items()
    }


def _group(fused: SampleSet, verified: Verification, names: Sequence[str]) -> GroupRates:
    inside = np.isin(fused.names, list(names))
    comparisons, threshold = verified.comparisons, verified.tar[1e-3].threshold or 0.0
    genuine = inside[fused.identity[comparisons.genuine_rows[:, 0]]]
    impostor = inside[fused.identity[comparisons.impostor_rows]].all(axis=1)
    return GroupRates(
        people=int(inside.sum()),
        tar=share_within(comparisons.genuine[genuine], threshold),
        fmr=share_within(comparisons.impostor[impostor], threshold),
        impostor_pairs=int(impostor.sum()),
    )

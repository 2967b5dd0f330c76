"""Searches of probes in a gallery: open set with strangers among them, and closed set.

ISO/IEC 19795-1: FPIR is the share of strangers' searches that end with a name; FNIR the share of
enrolled people's searches that do not end with their own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.comparisons import (
    DISTANCES_AT_ONCE,
    Compare,
    Distances,
    threshold_at,
)
from recognition.evaluation.samples import Numbers, SampleSet

_RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
# Fewer strangers than this say nothing of how a rate grows.
_FEW = 3


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """What came of each probe, in the probes' order."""

    gallery: int
    """People enrolled."""
    identity: Numbers
    """(n,), whose probe it is."""
    known: NDArray[np.bool_]
    """(n,), whether that person is enrolled."""
    nearest: Numbers
    """(n,), the nearest person enrolled."""
    distance: Distances
    """(n,), to the nearest person."""
    rank: Numbers
    """(n,), place of the right person, from 0 on; the gallery's size for strangers."""
    near: Numbers
    """Of each stranger, (strangers,), how many people enrolled lie within the distance of FPIR
    `visible_rate`."""

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the nearest person is the right one."""
        return np.asarray(self.known & (self.nearest == self.identity))


def first_sessions(samples: SampleSet) -> NDArray[np.bool_]:
    """Which rows belong to their person's first session."""
    _, at, row = np.unique(samples.identity, return_index=True, return_inverse=True)
    return np.asarray(samples.session == samples.session[at][row])


def search_all(enrolled: SampleSet, probes: SampleSet, compare: Compare) -> Searches:
    """Search all probes among the enrolled; a person may have several rows."""
    people = np.unique(enrolled.identity)
    own = np.minimum(np.searchsorted(people, probes.identity), len(people) - 1)
    known = people[own] == probes.identity
    distance = np.empty(len(probes), np.float32)
    nearest, rank = np.empty((2, len(probes)), np.intp)
    for rows, to_people in _to_people(enrolled, probes, compare):
        distance[rows] = to_people.min(axis=1)
        nearest[rows] = to_people.argmin(axis=1)
        right = np.take_along_axis(to_people, own[rows, None], axis=1)
        before = np.arange(len(people)) < own[rows, None]
        rank[rows] = ((to_people < right) | ((to_people == right) & before)).sum(axis=1)
    found = Searches(
        gallery=len(people),
        identity=probes.identity,
        known=known,
        nearest=people[nearest],
        distance=distance,
        rank=np.where(known, rank, len(people)),
        near=np.empty(0, np.intp),
    )
    strangers = probes.take(~known)
    threshold = threshold_at(np.sort(distance[~known]), visible_rate(len(strangers)))
    near = [
        (to_people <= threshold).sum(axis=1)
        for _, to_people in _to_people(enrolled, strangers, compare)
    ]
    return replace(found, near=np.concatenate([found.near, *near]))


def _to_people(
    enrolled: SampleSet, probes: SampleSet, compare: Compare
) -> Iterator[tuple[slice, Distances]]:
    """Some probes after another, and how far each lies from every person: (some, people)."""
    _, starts = np.unique(enrolled.identity, return_index=True)
    distances = compare(probes.vectors, enrolled.vectors)
    step = max(1, DISTANCES_AT_ONCE // len(enrolled))
    for at in range(0, len(probes), step):
        rows = slice(at, at + step)
        yield rows, np.minimum.reduceat(distances(rows, slice(None)), starts, axis=1)


def visible_rate(strangers: int) -> float:
    """The lowest of a few rates at which some of so many strangers are accepted at all."""
    return next((rate for rate in _RATES if rate * strangers >= _FEW), _RATES[-1])


def open_set(samples: SampleSet, templates: SampleSet, compare: Compare) -> Searches | None:
    """Enrol every second person by name with their first session; everybody else is a stranger.

    The other sessions of all people are the probes; a stranger's first is one too. None where
    nobody can be enrolled or there is no probe of both kinds.
    """
    enrolled_people = np.unique(samples.identity)[::2]
    enrolled = templates.take(
        first_sessions(templates) & np.isin(templates.identity, enrolled_people)
    )
    known = np.isin(samples.identity, enrolled_people)
    probes = samples.take(~(known & first_sessions(samples)))
    if not len(enrolled) or not len(probes):
        return None
    found = search_all(enrolled, probes, compare)
    return found if found.known.any() and not found.known.all() else None


def closed_set(samples: SampleSet, templates: SampleSet, compare: Compare) -> Searches | None:
    """Enrol everybody with their first session; the other sessions are the probes."""
    probes = samples.take(~first_sessions(samples))
    if not len(probes):
        return None
    return search_all(templates.take(first_sessions(templates)), probes, compare)


def fnir_at_fpir(searches: Searches, rate: float) -> tuple[float, float]:
    """The threshold at which this share of strangers is accepted, and the FNIR there."""
    threshold = threshold_at(np.sort(searches.distance[~searches.known]), rate)
    return threshold, fnir(searches, threshold)


def fnir(searches: Searches, threshold: float) -> float:
    """The share of enrolled people's searches that do not end with their own name."""
    found = searches.right & (searches.distance <= threshold)
    return float(1 - found[searches.known].mean())


def fpir(searches: Searches, threshold: float) -> float:
    """The share of strangers' searches that end with somebody's name."""
    return float((searches.distance[~searches.known] <= threshold).mean())


def cumulative_match(searches: Searches, most: int = 20) -> Mapping[int, float]:
    """Rank -> share of enrolled people's searches whose right person is at that rank or better."""
    ranks = searches.rank[searches.known]
    return {
        rank: float((ranks < rank).mean()) for rank in range(1, min(most, searches.gallery) + 1)
    }

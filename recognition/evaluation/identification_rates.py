"""Searches of probes in a gallery: open set with strangers among them, and closed set.

ISO/IEC 19795-1: FPIR is the share of strangers' searches that end with a name; FNIR the share of
enrolled people's searches that do not end with their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.evaluation.comparisons import Compare, Distances, threshold_at
from recognition.evaluation.samples import Numbers, SampleSet


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
    second_distance: Distances
    """(n,), to the nearest other person; infinite in a gallery of one."""
    rank: Numbers
    """(n,), place of the right person, from 0 on; the gallery's size for strangers."""
    to_people: Distances
    """(n, gallery), ascending in each row: the distance to every person enrolled."""

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the nearest person is the right one."""
        return np.asarray(self.known & (self.nearest == self.identity))


def first_sessions(samples: SampleSet) -> NDArray[np.bool_]:
    """Which rows belong to their person's first session."""
    _, at, row = np.unique(samples.identity, return_index=True, return_inverse=True)
    return np.asarray(samples.session == samples.session[at][row])


def search_all(
    enrolled: SampleSet, probes: SampleSet, compare: Compare, *, margin: float = 0.0
) -> Searches:
    """Search all probes among the enrolled; a person may have several rows.

    With a `margin` a probe whose lead is smaller is given an infinite distance: nobody's.
    """
    people, starts = np.unique(enrolled.identity, return_index=True)
    to_rows = compare(probes.vectors, enrolled.vectors)
    to_people = np.minimum.reduceat(to_rows, starts, axis=1)
    order = np.argsort(to_people, axis=1, kind="stable")
    at = np.arange(len(probes))
    first = order[:, 0]
    distance = to_people[at, first]
    second = np.full(len(probes), np.inf, np.float32)
    if len(people) > 1:
        second = to_people[at, order[:, 1]]
    if margin:
        distance = np.where(second - distance >= margin, distance, np.float32(np.inf))
    place = people[order] == probes.identity[:, None]
    known = place.any(axis=1)
    return Searches(
        gallery=len(people),
        identity=probes.identity,
        known=known,
        nearest=people[first],
        distance=distance,
        second_distance=second,
        rank=np.where(known, place.argmax(axis=1), len(people)),
        to_people=np.sort(to_people, axis=1),
    )


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

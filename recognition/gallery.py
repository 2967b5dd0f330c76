"""The enrolled templates in one matrix, searched exactly.

Of |a - b|² = |a|² + |b|² - 2ab only the product depends on both, so a search is one matrix product
for all probes. The distances that are reported are then computed anew for the two winners, where
the product would round.
"""

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recognition.errors import GalleryError
from recognition.values import EngineId, Match, Probe, Vectors

# Products held at once, 4 bytes each: more probes than fit are searched in several runs.
_PRODUCTS_AT_ONCE = 50_000_000


class Gallery:
    """Templates of one engine, several for a person if need be.

    Immutable, so safe to share between threads: a change makes a new gallery.
    """

    def __init__(self, engine: EngineId, labels: Sequence[str], vectors: Vectors) -> None:
        """Take one label and one row of `vectors`, float32 (n, dimension), for each template.

        Raises GalleryError where labels and rows do not fit or a vector is not finite.
        """
        rows = np.asarray(vectors, np.float32)
        if rows.ndim != 2 or len(rows) != len(labels):
            raise GalleryError(
                f"A gallery of {len(labels)} labels needs as many vectors, not shape {rows.shape}."
            )
        if not np.isfinite(rows).all():
            raise GalleryError("A template in the gallery is not a finite vector: enrol it again.")
        self.engine = engine
        people, person_of_row = np.unique(np.array(labels, object), return_inverse=True)
        order = np.argsort(person_of_row, kind="stable")
        self._people: tuple[str, ...] = tuple(people)
        self._person_of_row = person_of_row[order]
        self._rows = np.ascontiguousarray(rows[order])
        self._half_norms = np.einsum("ij,ij->i", self._rows, self._rows) / 2
        self._starts = np.searchsorted(self._person_of_row, np.arange(len(people)))

    def __len__(self) -> int:
        """Number of templates."""
        return len(self._rows)

    @property
    def people(self) -> tuple[str, ...]:
        """The labels, sorted, each once."""
        return self._people

    @cached_property
    def _one_row_each(self) -> bool:
        return len(self._people) == len(self._rows)

    def search_probe(self, probe: Probe) -> Match:
        """Find the nearest two people. Raises GalleryError where another engine made the probe."""
        if probe.engine != self.engine:
            raise GalleryError(
                f"A probe of {probe.engine} cannot be searched in a gallery of {self.engine}."
            )
        return self.search(probe.vector[np.newaxis])[0]

    def search(self, vectors: Vectors) -> tuple[Match, ...]:
        """Find the nearest two people for each row of `vectors`, float32 (m, dimension).

        Returns m matches, in order. Raises GalleryError where the vectors have another dimension
        than the templates or are not finite.
        """
        probes = np.asarray(vectors, np.float32)
        if probes.ndim != 2 or (len(self) and probes.shape[1] != self._rows.shape[1]):
            raise GalleryError(
                f"Vectors of shape {probes.shape} cannot be searched among templates of "
                f"shape {self._rows.shape}."
            )
        if not np.isfinite(probes).all():
            raise GalleryError("A probe is not a finite vector: capture it again.")
        if not len(self):
            return (Match(None, math.inf, None, math.inf),) * len(probes)
        step = max(1, _PRODUCTS_AT_ONCE // len(self))
        matches: list[Match] = []
        for at in range(0, len(probes), step):
            matches.extend(self._search_some(probes[at : at + step]))
        return tuple(matches)

    def _search_some(self, probes: Vectors) -> list[Match]:
        """One product, the best row of each person, the best two people of each probe."""
        closeness = probes @ self._rows.T
        closeness -= self._half_norms
        best_of_person = (
            closeness
            if self._one_row_each
            else np.maximum.reduceat(closeness, self._starts, axis=1)
        )
        first = best_of_person.argmax(axis=1)
        probe_rows = np.arange(len(probes))
        kept = best_of_person[probe_rows, first].copy()
        best_of_person[probe_rows, first] = -np.inf
        second = best_of_person.argmax(axis=1)
        best_of_person[probe_rows, first] = kept
        return [
            self._match(probe, row, int(one), int(two))
            for probe, row, one, two in zip(probes, closeness, first, second, strict=True)
        ]

    def _match(
        self, probe: NDArray[np.float32], closeness: NDArray[np.float32], first: int, second: int
    ) -> Match:
        label, distance = self._nearest(probe, closeness, first)
        if first == second:  # a gallery of one person
            return Match(label, distance, None, math.inf)
        return Match(label, distance, *self._nearest(probe, closeness, second))

    def _nearest(
        self, probe: NDArray[np.float32], closeness: NDArray[np.float32], person: int
    ) -> tuple[str, float]:
        """The exact distance to a person's nearest template."""
        start = int(self._starts[person])
        end = int(self._starts[person + 1]) if person + 1 < len(self._people) else len(self)
        row = start + int(closeness[start:end].argmax())
        distance = float(np.linalg.norm(probe.astype(np.float64) - self._rows[row]))
        return self._people[person], distance

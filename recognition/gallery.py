"""The enrolled templates, searched exactly.

Of |a - b|² = |a|² + |b|² - 2ab only the product depends on both, so a search is a matrix product,
made block by block; each block's products are looked through while they are still in the cache. The
distances that are reported are then computed anew for the two winners, where the product would
round.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from recognition.arguments import require_kind
from recognition.errors import GalleryError
from recognition.template_blocks import (
    Block,
    Codes,
    count_codes,
    decode_label,
    encode_label,
    make_blocks,
    rows_of,
    with_blocks,
    without_rows,
)
from recognition.values import EngineId, Match, Probe, Vector, Vectors

# More at once do not get quicker, and their products with one block would leave the cache.
_PROBES_AT_ONCE = 64
# After so many rows of one block, the nearest person's others are passed over all at once.
_MANY_TEMPLATES = 16


class Gallery:
    """Templates of one engine, several for a person if need be.

    Immutable, so safe to share between threads: a change makes a new gallery, which shares all but
    a few megabytes with the old one. Memory: 4 bytes a dimension and template, and for each
    template 4 bytes and its label (a UUID as 17 bytes), 4.1 % of 128 dimensions.
    """

    def __init__(self, engine: EngineId, labels: Sequence[str], vectors: Vectors) -> None:
        """Take one label and one row of `vectors`, float32 (n, dimension), for each template.

        Raises GalleryError where labels and rows do not fit or a vector is not finite, and
        ArgumentError where `engine` is no engine's id.
        """
        require_kind(engine, EngineId, "The engine of a gallery")
        self.engine = engine
        codes, self._blocks = _blocks_of(labels, vectors)
        self._count = len(codes)
        self._people = len(np.unique(codes))

    def __len__(self) -> int:
        """Number of templates."""
        return self._count

    @property
    def people(self) -> tuple[str, ...]:
        """The labels, sorted, each once; made anew each time it is asked for."""
        codes = {code for block in self._blocks for code in block.codes.tolist()}
        return tuple(sorted(map(decode_label, codes)))

    @property
    def people_count(self) -> int:
        """Number of people."""
        return self._people

    def with_templates(self, labels: Sequence[str], vectors: Vectors) -> "Gallery":
        """Make a gallery with these templates as well, given as to the constructor.

        At most one block of this gallery is copied. Raises GalleryError.
        """
        codes, added = _blocks_of(labels, vectors)
        if self._blocks and added and added[0].vectors.shape[1] != self._dimension:
            raise GalleryError(
                f"Vectors of {added[0].vectors.shape[1]} dimensions cannot stand in a gallery of "
                f"{self._dimension}."
            )
        each = np.unique(codes)
        known = count_codes(self._blocks, rows_of(self._blocks, each))
        return self._changed(with_blocks(self._blocks, added), self._people + len(each) - known)

    def without_people(self, labels: Iterable[str]) -> "Gallery":
        """Make a gallery without any template of these people; whoever is not in it is no fault.

        Only the blocks that they stand in are copied. Raises GalleryError.
        """
        each = np.unique(_encode(labels))
        leaving = rows_of(self._blocks, each)
        gone = count_codes(self._blocks, leaving)
        if not gone:
            return self
        return self._changed(without_rows(self._blocks, leaving), self._people - gone)

    def _changed(self, blocks: tuple[Block, ...], people: int) -> "Gallery":
        made = Gallery.__new__(Gallery)
        made.engine = self.engine
        made._blocks = blocks
        made._count = sum(map(len, made._blocks))
        made._people = people
        return made

    @property
    def _dimension(self) -> int:
        return int(self._blocks[0].vectors.shape[1])

    def search_probe(self, probe: Probe) -> Match:
        """Find the nearest two people.

        Raises GalleryError where another engine made the probe, and ArgumentError for no probe.
        """
        require_kind(probe, Probe, "What is searched for")
        require_kind(probe.engine, EngineId, "The engine of a probe")
        if probe.engine != self.engine:
            raise GalleryError(
                f"A probe of {probe.engine} cannot be searched in a gallery of {self.engine}."
            )
        return self.search(_numbers(probe.vector)[np.newaxis])[0]

    def search(self, vectors: Vectors) -> tuple[Match, ...]:
        """Find the nearest two people for each row of `vectors`, float32 (m, dimension).

        Returns m matches, in order. Raises GalleryError where the vectors have another dimension
        than the templates or are not finite.
        """
        probes = _numbers(vectors)
        if probes.dtype != np.float32:
            with np.errstate(over="ignore"):  # refused below
                probes = probes.astype(np.float32)
        if probes.ndim != 2 or (self._blocks and probes.shape[1] != self._dimension):
            raise GalleryError(
                f"Vectors of shape {probes.shape} cannot be searched among {self._count} templates"
                + (f" of {self._dimension} dimensions." if self._blocks else ".")
            )
        if not math.isfinite(np.vdot(probes, probes)):
            raise GalleryError("A probe is not a finite vector: capture it again.")
        if len(probes) == 1:
            return (self._search_one(probes[0]),)
        matches: list[Match] = []
        for at in range(0, len(probes), _PROBES_AT_ONCE):
            matches.extend(self._search_some(probes[at : at + _PROBES_AT_ONCE]))
        return tuple(matches)

    def _search_one(self, probe: Vector) -> Match:
        # Among 10,000 templates, what is done around the product takes as long as a tenth of it.
        nearest = _NearestTwo()
        # To ask for memory anew for each block costs a fifth of it as well.
        room = np.empty(max(map(len, self._blocks), default=0), np.float32)
        for block in self._blocks:
            closeness = np.dot(block.vectors, probe, out=room[: len(block)])
            closeness -= block.half_norms
            nearest.look_through(block, closeness)
        return nearest.match(probe)

    def _search_some(self, probes: Vectors) -> list[Match]:
        nearest = [_NearestTwo() for _ in probes]
        for block in self._blocks:
            closeness = probes @ block.vectors.T
            closeness -= block.half_norms
            for one, row in zip(nearest, closeness, strict=True):
                one.look_through(block, row)
        return [one.match(probe) for one, probe in zip(nearest, probes, strict=True)]


class _NearestTwo:
    """The nearest template met so far, and the nearest of another person."""

    __slots__ = ("_first", "_first_at", "_first_code", "_second", "_second_at", "_second_code")

    def __init__(self) -> None:
        # Closeness, larger is nearer; whose it is; where it stands.
        self._first = self._second = -math.inf
        self._first_code: bytes | None = None
        self._second_code: bytes | None = None
        self._first_at: tuple[Block, int] | None = None
        self._second_at: tuple[Block, int] | None = None

    def look_through(self, block: Block, closeness: NDArray[np.float32]) -> None:
        """Take in the rows of a block that come before the second; changes `closeness`.

        There hardly ever is one: most blocks cost one look for their best row.
        """
        looks = 0
        at = closeness.argmax()
        while (value := closeness[at]) > self._second:
            code = block.codes[at]
            self._take(value, code, (block, int(at)))
            looks += 1
            if looks % _MANY_TEMPLATES == 0:
                closeness[block.codes == self._first_code] = -math.inf
            closeness[at] = -math.inf
            at = closeness.argmax()

    def _take(self, closeness: float, code: bytes, at: tuple[Block, int]) -> None:
        if code == self._first_code:
            if closeness > self._first:
                self._first, self._first_at = closeness, at
        elif closeness > self._first:
            self._second, self._second_code = self._first, self._first_code
            self._second_at = self._first_at
            self._first, self._first_code, self._first_at = closeness, code, at
        else:
            self._second, self._second_code, self._second_at = closeness, code, at

    def match(self, probe: Vector) -> Match:
        """Both, with their exact distances."""
        return Match(
            _label(self._first_code),
            _distance(probe, self._first_at),
            _label(self._second_code),
            _distance(probe, self._second_at),
        )


def _label(code: bytes | None) -> str | None:
    return None if code is None else decode_label(code)


def _distance(probe: Vector, at: tuple[Block, int] | None) -> float:
    if at is None:
        return math.inf
    block, row = at
    # In float32, to about a ten-millionth of itself: wider numbers would cost a tenth of a search
    # among 10,000, for the code that makes them has left the cache by then.
    apart = block.vectors[row] - probe
    return math.sqrt(np.vdot(apart, apart))


def _blocks_of(labels: Sequence[str], vectors: Vectors) -> tuple[Codes, tuple[Block, ...]]:
    """Raises GalleryError."""
    rows = _numbers(vectors)
    codes = _encode(labels)
    if rows.ndim != 2 or len(rows) != len(codes):
        raise GalleryError(
            f"A gallery of {len(codes)} labels needs as many vectors, not shape {rows.shape}."
        )
    try:
        return codes, tuple(make_blocks(codes, rows))
    except ValueError as error:
        raise GalleryError(
            "A template in the gallery is not a finite vector: enrol it again."
        ) from error


def _encode(labels: Iterable[str]) -> Codes:
    """Raises GalleryError."""
    if isinstance(labels, str):  # it would be taken for as many people as it has letters
        raise GalleryError("Labels are several texts, one for each template, not one text.")
    try:
        codes = [encode_label(label) for label in labels]
    except (ValueError, TypeError, AttributeError) as error:
        raise GalleryError("A label in a gallery is a text without the character zero.") from error
    return np.array(codes, np.bytes_)


def _numbers(vectors: Vectors) -> Vectors:
    """Vectors as an array of real numbers. Raises GalleryError."""
    try:
        rows = np.asarray(vectors)
    except ValueError as error:
        raise GalleryError("The vectors are not all of one length.") from error
    if rows.dtype.kind not in "fiu":
        raise GalleryError(f"Vectors are float32 (n, dimension), not {rows.dtype}.")
    return rows

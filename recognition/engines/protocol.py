"""What an engine is: a detector, an alignment and an embedder that belong together."""

from collections.abc import Sequence
from typing import Protocol

from recognition.distances import Distances
from recognition.values import UPRIGHT, EngineId, Face, Image, Look, Vector, Vectors

DEFAULT_MIN_FACE_PX = 80
DEFAULT_LOOKS = (
    UPRIGHT,
    Look(mirrored=True),
    Look(-6.0),
    Look(6.0, mirrored=True),
    Look(6.0),
    Look(-6.0, mirrored=True),
)
"""Of an engine that nothing else is known of; see docs/decisions/023-looks.md."""


class Engine(Protocol):
    """Finds faces and turns them into vectors.

    Vectors of the same person lie near each other in Euclidean distance. Vectors of engines with
    different ids are never compared. All methods may be called from several threads at once. An
    engine is loaded after a process forks, never before: its networks keep threads of their own.
    """

    @property
    def id(self) -> EngineId:
        """Name and version; equal ids give equal vectors, up to rounding."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def chip_px(self) -> int:
        """Width and height of an aligned face."""
        ...

    @property
    def distances(self) -> Distances:
        """What the distances of its vectors mean."""
        ...

    @property
    def mean_vector(self) -> Vector:
        """The mean over many people, float32 (dimension,): what all faces have in common."""
        ...

    @property
    def looks(self) -> tuple[Look, ...]:
        """The looks that pay for this network, in pairs of one mirrored and one not.

        The first is the upright face; see `recognition.looks`.
        """
        ...

    def find(
        self, image: Image, *, min_face: int = DEFAULT_MIN_FACE_PX, thorough: bool = False
    ) -> tuple[Face, ...]:
        """Find the faces in a picture, largest first.

        `min_face` is the width in pixels from which on faces are looked for. Without `thorough`
        large faces are looked for first, and the search ends where it finds any: quick, but a
        second, smaller face can go unseen. Never loads the embedder. Raises ImageShapeError.
        """
        ...

    def align(self, image: Image, faces: Sequence[Face]) -> Image:
        """Cut faces out of their picture, upright and of one size: uint8 (n, side, side, 3)."""
        ...

    def embed_chips(self, chips: Image) -> Vectors:
        """Turn aligned faces, uint8 (n, side, side, 3), into float32 (n, dimension), in one run."""
        ...

    def embed(self, image: Image, faces: Sequence[Face]) -> Vectors:
        """Align and embed faces of one picture: float32 (n, dimension), in their order."""
        ...

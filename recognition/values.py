"""The values that cross the borders of `recognition`: frozen, typed, without behaviour of weight.

Pictures are RGB uint8 arrays of shape (height, width, 3); coordinates are pixels of the picture
they belong to, x to the right and y down, with the origin at the upper left corner. Values that
hold an array compare by identity, since arrays have no single answer to `==`.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.arguments import is_number, require_kind, said
from recognition.errors import ArgumentError
from recognition.face_quality import Quality
from recognition.landmarks import LandmarkKind
from recognition.reasons import Reason

Image = NDArray[np.uint8]
"""RGB, shape (height, width, 3), uint8."""
Vector = NDArray[np.float32]
"""One descriptor, shape (dimension,), float32."""
Vectors = NDArray[np.float32]
"""Descriptors, shape (n, dimension), float32."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source, with its place in it."""

    image: Image
    index: int
    """0 for the first frame of the source."""
    time_s: float
    """Seconds since the first frame; 0.0 for a single picture."""
    source: str


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels; right and bottom are exclusive, so width = right - left."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        """Raise ArgumentError for sides that are no finite numbers."""
        # Written out: a loop takes three times as long, and there are several for every face.
        if not (
            is_number(self.left)
            and is_number(self.top)
            and is_number(self.right)
            and is_number(self.bottom)
        ):
            raise ArgumentError("A box has four sides, each a finite number of pixels.")

    @property
    def width(self) -> float:
        """Width in pixels, never negative."""
        return max(0.0, self.right - self.left)

    @property
    def height(self) -> float:
        """Height in pixels, never negative."""
        return max(0.0, self.bottom - self.top)

    @property
    def area(self) -> float:
        """Area in square pixels, never negative."""
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        """The middle as (x, y)."""
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def scale(self, factor: float) -> "Box":
        """The same rectangle in a picture that is `factor` times as large.

        Raises ArgumentError for a factor that is no finite number.
        """
        if not is_number(factor):
            raise ArgumentError(f"A box is scaled by a number, not {said(factor)}.")
        return Box(self.left * factor, self.top * factor, self.right * factor, self.bottom * factor)

    def clip(self, width: float, height: float) -> "Box":
        """The part that lies inside a picture of this size; empty where nothing does.

        Raises ArgumentError for a size that is no number.
        """
        if not (is_number(width) and is_number(height)):
            raise ArgumentError(f"A picture has a size, not {said(width)} x {said(height)}.")
        left, right = (min(max(x, 0.0), width) for x in (self.left, self.right))
        top, bottom = (min(max(y, 0.0), height) for y in (self.top, self.bottom))
        return Box(left, top, max(left, right), max(top, bottom))

    def iou(self, other: "Box") -> float:
        """Shared area divided by the area of both together, 0..1; 0 for empty rectangles.

        Raises ArgumentError for what is no box.
        """
        require_kind(other, Box, "The other")
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        shared = max(0.0, wide) * max(0.0, high)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face found in a picture."""

    box: Box
    score: float
    """The detector's confidence; 0 is its own border, larger is surer."""
    landmarks: NDArray[np.float32]
    """Shape (5, 2): x, y of the points that `kind` names; of the built-in detector, outer and inner
    corner of the eye at the picture's right, outer and inner corner of the eye at its left, and
    the base of the nose."""
    quality: Quality
    kind: LandmarkKind = LandmarkKind.EYE_CORNERS_NOSE
    """What the points are; an engine aligns only the kinds that it knows."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way of seeing a face before it is embedded."""

    turn_deg: float = 0.0
    """In the picture's plane, positive when the line through the eyes falls to the right."""
    mirrored: bool = False
    wider: float = 0.0
    """How much more of what surrounds the face is seen, as a share of the face."""
    softness: float = 0.0
    """Standard deviation of a Gaussian blur of the aligned face, as a share of its side."""


UPRIGHT = Look()


@dataclass(frozen=True, slots=True)
class EngineId:
    """Which engine made a vector; vectors of different engines are never compared."""

    name: str
    version: str

    def __post_init__(self) -> None:
        """Raise ArgumentError unless both are texts, and not empty."""
        for text in (self.name, self.version):
            if not (isinstance(text, str) and text):
                raise ArgumentError(f"An engine's name and version are texts, not {said(text)}.")

    def __str__(self) -> str:
        """For logs and tables: name and version."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """One person's vector, made of one or more pictures."""

    vector: Vector
    """Shape (dimension,), float32."""
    faces: tuple[Face, ...]
    """The faces it was made of, in the order of their pictures."""
    frames_used: int
    quality: float
    """Mean overall quality of these faces, 0..1."""
    engine: EngineId


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest person of a gallery, and the nearest other person.

    An empty gallery gives label None and an infinite distance; a gallery of one person gives
    second_label None and an infinite second distance. Distances are Euclidean, 0 upwards.
    """

    label: str | None
    distance: float
    second_label: str | None
    second_distance: float

    @property
    def lead(self) -> float:
        """How much nearer the best is than the second; infinite where there is no second."""
        return math.inf if self.second_label is None else self.second_distance - self.distance


@dataclass(frozen=True, slots=True)
class MatchRule:
    """When a match is accepted."""

    threshold: float
    """Largest accepted distance."""
    margin: float
    """Smallest accepted lead before the second person."""

    def __post_init__(self) -> None:
        """Refuse rules that would accept anybody or nobody.

        Raises ArgumentError for a threshold that is not above 0 and finite, or a margin below 0.
        """
        if not (is_number(self.threshold) and self.threshold > 0):
            given = said(self.threshold)
            raise ArgumentError(f"The threshold must be a distance above 0, not {given}.")
        if not (is_number(self.margin) and self.margin >= 0):
            given = said(self.margin)
            raise ArgumentError(f"The margin must be a distance of 0 or more, not {given}.")


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one search."""

    accepted: bool
    reason: Reason
    match: Match | None

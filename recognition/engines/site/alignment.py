"""Cuts faces out the way ArcFace networks were trained: five points onto five places.

The face is turned, scaled and moved, never sheared or mirrored, so that its points lie as near as
they can to the template's, by least squares. Sources: S. Umeyama, Least-squares estimation of
transformation parameters between two point patterns (1991); the template of 112 by 112 pixels of
J. Deng et al., ArcFace: additive angular margin loss (2019), and of the training sets it came with.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.errors import EngineError
from recognition.landmarks import LandmarkKind
from recognition.values import Box, Face, Image

Points = NDArray[np.float64]

TEMPLATE_PX = 112
# x, y of: eye, eye, tip of the nose, corner of the mouth, corner of the mouth, each pair beginning
# with the one at the picture's left.
ARCFACE_POINTS = np.array(
    [
        (38.2946, 51.6963),
        (73.5318, 51.5014),
        (56.0252, 71.7366),
        (41.5493, 92.3655),
        (70.7299, 92.2041),
    ]
)
# Where dlib's five points lie on such a face: the median over 150 faces on which both detectors
# placed their points.
DLIB_POINTS = np.array(
    [(79.4, 53.0), (65.9, 53.5), (31.2, 53.7), (44.6, 53.8), (56.4, 80.1)],
)
# The built-in detector's box over DLIB_POINTS.
_BOX_MIDDLE = (56.70, 71.53)
_BOX_SIDE = 87.49
_TEMPLATES = {
    LandmarkKind.EYES_NOSE_MOUTH: ARCFACE_POINTS,
    LandmarkKind.EYE_CORNERS_NOSE: DLIB_POINTS,
}


def align(image: Image, faces: Sequence[Face], *, side_px: int) -> Image:
    """Cut faces out upright: uint8 (n, side_px, side_px, 3). Black lies beyond the picture.

    Raises EngineError where the points of a face lie all in one place or are no numbers.
    """
    chips = np.zeros((len(faces), side_px, side_px, 3), np.uint8)
    for chip, face in zip(chips, faces, strict=True):
        template = _TEMPLATES[face.kind] * (side_px / TEMPLATE_PX)
        matrix = similarity(face.landmarks.astype(np.float64), template)
        cv2.warpAffine(image, matrix, (side_px, side_px), dst=chip, flags=cv2.INTER_LINEAR)
    return chips


def box_of(landmarks: NDArray[np.float32]) -> Box:
    """The square from brow to chin over points eyes_nose_mouth, float32 (5, 2).

    It is the one that the built-in detector gives, so that bounds on size and on what is cut off
    mean the same for both.
    """
    matrix = similarity(ARCFACE_POINTS, landmarks.astype(np.float64))
    x, y = matrix @ (*_BOX_MIDDLE, 1.0)
    half = float(np.hypot(matrix[0, 0], matrix[1, 0])) * _BOX_SIDE / 2
    return Box(float(x) - half, float(y) - half, float(x) + half, float(y) + half)


def similarity(points: Points, places: Points) -> Points:
    """The turn, scale and shift, float64 (2, 3), that brings (n, 2) points nearest to their places.

    Raises EngineError where there is none: points in one place, or no finite numbers.
    """
    middle, target = points.mean(axis=0), places.mean(axis=0)
    around, wanted = points - middle, places - target
    spread = float((around**2).sum())
    if not (np.isfinite(points).all() and spread > 1e-9):
        raise EngineError("A face cannot be aligned: its points lie all in one place.")
    # In two dimensions Umeyama's answer has a closed form: the sums of inner and outer products.
    along = float((around * wanted).sum()) / spread
    across = float((around[:, 0] * wanted[:, 1] - around[:, 1] * wanted[:, 0]).sum()) / spread
    turn = np.array([[along, -across], [across, along]])
    return np.column_stack([turn, target - turn @ middle])

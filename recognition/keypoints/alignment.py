"""The five points by which a face is aligned, out of its 68, where a detector gives none.

Where a detector has placed five points, they stay: docs/decisions/035-keypoints-and-alignment.md.
"""

import numpy as np

from recognition.engines.dlib_resnet.landmark_box import landmark_box
from recognition.keypoints.points import FIVE, Points
from recognition.keypoints.predictor import load_keypoint_predictor
from recognition.keypoints.preprocess import Grey, to_grey
from recognition.keypoints.seeking import seek_two
from recognition.landmarks import LandmarkKind, Landmarks
from recognition.quality import measure
from recognition.values import Face, Image

KIND = LandmarkKind.EYE_CORNERS_NOSE
"""What `five_points` are."""
# Of 95 faces that the detector had missed all were surer (the least sure 0.998), of 586 pictures of
# hands none was (the surest 0.995).
_SURELY_A_FACE = 0.997


def five_points(points: Points) -> Landmarks:
    """Outer and inner corner of the eye at the right, the same at the left, base of the nose.

    float32 (5, 2), in the order of the built-in detector's five points.
    """
    return np.asarray(points[list(FIVE)], np.float32)


def missed_faces(image: Image) -> tuple[Face, ...]:
    """The face about the middle of an RGB picture in which a detector found none, to be aligned.

    Empty where the network is not quite sure that there is one; two, the surer one first, where
    there is another beside it. Their score is 0, as a detector's at its border. Takes as long as
    some 30 faces. Raises ImageShapeError.
    """
    sought = seek_two(image, load_keypoint_predictor())
    grey = to_grey(image)
    faces = (_face(grey, one.points) for one in sought if one.confidence >= _SURELY_A_FACE)
    return tuple(face for face in faces if face is not None)


def _face(grey: Grey, points: Points) -> Face | None:
    landmarks = five_points(points)
    box = landmark_box(landmarks)
    return None if box is None else Face(box, 0.0, landmarks, measure(grey, box, landmarks), KIND)

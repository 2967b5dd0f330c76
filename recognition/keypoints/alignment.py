"""The five points by which a face is aligned, out of its 68, where a detector gives none.

Where a detector has placed five points, they stay: docs/decisions/035-keypoints-and-alignment.md.
"""

import numpy as np

from recognition.engines.dlib_resnet.landmark_box import landmark_box
from recognition.keypoints.points import FIVE, Points
from recognition.keypoints.predictor import load_keypoint_predictor
from recognition.keypoints.preprocess import to_grey
from recognition.keypoints.seeking import seek
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


def missed_face(image: Image) -> Face | None:
    """The face about the middle of an RGB picture in which a detector found none, to be aligned.

    None where the network is not quite sure that there is one. Its score is 0, as a detector's at
    its border. Takes as long as some 30 faces. Raises ImageShapeError.
    """
    sought = seek(image, load_keypoint_predictor())
    if sought is None or sought.confidence < _SURELY_A_FACE:
        return None
    landmarks = five_points(sought.points)
    box = landmark_box(landmarks)
    if box is None:
        return None
    return Face(box, 0.0, landmarks, measure(to_grey(image), box, landmarks), KIND)

"""Finds faces with dlib's HOG detector on grey, and their five points on the full picture.

The detector's window is 80 pixels wide, so the size of the picture it runs on decides the smallest
face it finds; a picture of half the size costs a quarter of the time. Large faces are therefore
looked for first, in a small copy, and only where there are none in larger ones, unless a small
network sees that there can be none there either (docs/decisions/034-prescreen.md). The five
points are always placed on the full picture.

Sources: N. Dalal, B. Triggs, Histograms of oriented gradients (2005); D. King, Max-margin object
detection (2015); V. Kazemi, J. Sullivan, One millisecond face alignment (2014).
"""

import threading
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.arguments import require_kind, require_min_face
from recognition.engines.dlib_resnet.files import LANDMARK_FILE, weight_file
from recognition.engines.dlib_resnet.frontal_detector import frontal_detector
from recognition.engines.dlib_resnet.landmark_box import landmark_box
from recognition.images import require_rgb
from recognition.prescreen.measure import may_show_face
from recognition.prescreen.preprocess import COPY_SHARE
from recognition.quality import measure
from recognition.values import Box, Face, Image

Grey = NDArray[np.uint8]

WINDOW_PX = 80
# Enlarging further finds nothing more but false faces.
_MAX_ENLARGEMENT = 2.0
# Copies are halved while their shorter side keeps this many pixels.
_HALVED_SIDE_PX = 200
# The first copy's shorter side: two milliseconds, and enough for a face that fills a third of the
# picture, as in what a kiosk cuts out (docs/decisions/007-coarse-search.md).
_FIRST_SIDE_PX = 144
# A first copy hardly smaller than the next would be searched for nothing.
_FIRST_AT_MOST = 0.8


class HogDetector:
    """Safe to share between threads: each gets a dlib detector of its own."""

    def __init__(self, *, prescreened: bool = True) -> None:
        """`prescreened` is False where the prescreen itself is learnt or measured."""
        self._prescreened = prescreened
        self._of_thread = threading.local()
        self._predictor: Any = None
        self._lock = threading.Lock()

    def find(self, image: Image, *, min_face: int, thorough: bool) -> tuple[Face, ...]:
        """Find faces, largest first; see `Engine.find`.

        Raises ImageShapeError, ArgumentError, and WeightFileError where the prescreen's weights
        are missing or damaged.
        """
        require_rgb(image)
        require_min_face(min_face)
        require_kind(thorough, bool, "thorough")
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
        scales = search_scales(grey.shape, min_face=min_face, thorough=thorough)
        for number, scale in enumerate(scales):
            # The first copy takes no longer than the prescreen, and finds whoever stands near.
            if number == 1 and self._prescreened and not self._may_show_face(grey, scales[-1]):
                return ()
            found = self._search(grey, scale)
            if found:
                faces = [self._describe(grey, rectangle, score) for rectangle, score in found]
                return tuple(sorted(faces, key=lambda face: (-face.box.width, -face.score)))
        return ()

    def _may_show_face(self, grey: Grey, finest: float) -> bool:
        return may_show_face(resized(grey, COPY_SHARE * finest))

    def _search(self, grey: Grey, scale: float) -> list[tuple[Box, float]]:
        """Run the detector on a copy of another size; boxes are in pixels of the full picture."""
        rectangles, scores, _ = self._detector().run(resized(grey, scale), 0, 0.0)
        boxes = [Box(r.left(), r.top(), r.right() + 1, r.bottom() + 1) for r in rectangles]
        return [(b.scale(1 / scale), float(s)) for b, s in zip(boxes, scores, strict=True)]

    def _describe(self, grey: Grey, box: Box, score: float) -> Face:
        import dlib

        rectangle = dlib.rectangle(
            round(box.left), round(box.top), round(box.right) - 1, round(box.bottom) - 1
        )
        parts = self._landmark_predictor()(grey, rectangle).parts()
        landmarks = np.array([(part.x, part.y) for part in parts], np.float32)
        box = landmark_box(landmarks) or box
        return Face(box, score, landmarks, measure(grey, box, landmarks))

    def _detector(self) -> Any:
        detector = getattr(self._of_thread, "detector", None)
        if detector is None:
            detector = self._of_thread.detector = frontal_detector()
        return detector

    def _landmark_predictor(self) -> Any:
        import dlib

        with self._lock:
            if self._predictor is None:
                self._predictor = dlib.shape_predictor(str(weight_file(LANDMARK_FILE)))
            return self._predictor


def search_scales(shape: tuple[int, ...], *, min_face: int, thorough: bool) -> tuple[float, ...]:
    """The sizes of copies to search, in their order, as factors of the full picture's size.

    The last one finds faces of `min_face` pixels; each before it is half as large as the next, and
    the first is small enough to take no time beside the rest.
    """
    scales = [min(WINDOW_PX / min_face, _MAX_ENLARGEMENT)]
    if thorough:
        return tuple(scales)
    side = min(shape[:2])
    while side * scales[0] / 2 >= _HALVED_SIDE_PX:
        scales.insert(0, scales[0] / 2)
    first = _FIRST_SIDE_PX / side
    if first <= _FIRST_AT_MOST * scales[0]:
        scales.insert(0, first)
    return tuple(scales)


def resized(grey: Grey, scale: float) -> Grey:
    """A copy of a grey picture, uint8 (height, width), `scale` times as large."""
    if scale == 1:
        return grey
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    # Halving is a tenth of the work of any other mean over areas (docs/decisions/015-one-frame.md).
    while grey.shape[0] >= 2 * height and grey.shape[1] >= 2 * width:
        half = (grey.shape[1] // 2, grey.shape[0] // 2)
        grey = np.asarray(cv2.resize(grey, half, interpolation=cv2.INTER_AREA), np.uint8)
    if grey.shape == (height, width):
        return grey
    resized = cv2.resize(grey, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)

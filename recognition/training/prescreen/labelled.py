"""Frames with the detector's own word on them: what it finds today is what must not be lost."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from recognition.engines.dlib_resnet.detector import WINDOW_PX, HogDetector, resized
from recognition.prescreen.preprocess import COPY_SHARE, Grey
from recognition.training.prescreen.scenes import Placed, Random, Scenes

# As wide is the detector's window of 80 pixels in the first copy of a 640x480 frame, 144 pixels
# high. Narrower faces are found there as well: of 30 photographs, all with faces of 200 pixels, 24
# of 187, 2 of 150. What is found there never comes to the prescreen, but is learnt like others.
_NEAR_PX = 267
_EMPTY_SHARE = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Small copies of frames, and what the detector finds in the frames themselves."""

    copies: Grey
    """uint8 (n, 192, 256)."""
    places: NDArray[np.float32]
    """float32 (n, 3): x, y and width of the face that is found, in pixels of the copy; NaN where
    the frame has none."""
    near: NDArray[np.bool_]
    """Whether the first copy finds it, before the prescreen is asked."""
    people: NDArray[np.str_]
    """Whose face it is; empty where there is none."""

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which frames have a face that the detector finds."""
        return np.isfinite(self.places[:, 0])


def draw_labelled(scenes: Scenes, count: int, *, seed: Sequence[int]) -> Labelled:
    """Draw so many frames and search each as the detector does without a prescreen.

    A third of them shows no face. Left out are faces that the detector does not find and what it
    takes for one where there is none, so that a few frames less come back.
    """
    detector = HogDetector(prescreened=False)
    copies, places, near, people = [], [], [], []
    for number in track(range(count), "searching", console=Console(stderr=True), transient=True):
        random = np.random.default_rng((*seed, number))
        frame, placed = _frame(scenes, random)
        image = np.asarray(cv2.cvtColor(frame, cv2.COLOR_GRAY2RGB), np.uint8)
        first = detector.find(image, min_face=_NEAR_PX, thorough=False)
        faces = first or detector.find(image, min_face=WINDOW_PX, thorough=False)
        if bool(faces) != (placed is not None):
            continue
        copies.append(resized(frame, COPY_SHARE))
        near.append(bool(first))
        people.append(placed.person if placed else "")
        box = faces[0].box if faces else None
        places.append((*box.center, box.width) if box else (np.nan,) * 3)
    return Labelled(
        np.stack(copies),
        np.array(places, np.float32) * np.float32(COPY_SHARE),
        np.array(near, np.bool_),
        np.array(people, np.str_),
    )


def _frame(scenes: Scenes, random: Random) -> tuple[Grey, Placed | None]:
    if random.random() < _EMPTY_SHARE:
        return scenes.without_face(random), None
    return scenes.with_face(random)

"""Finds faces in frames, judges them, and makes vectors of them: what takes computing."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.answers import Policy
from kiosk.frames import CameraFrame
from kiosk.lookout import Detail
from kiosk.visits import Sighting
from recognition import Box, Engine, Face, Gates, Quality, RecognitionError, find_again, gate

log = logging.getLogger(__name__)

SMALLER_SHARE = 0.8
"""Faces down to this share of the wanted size are looked for, to tell people to come closer."""
FINEST_SHARE = 1 / 12
COARSE_SHARE = 1 / 6
"""Width of the smallest faces looked for, as a share of the picture's shorter side: a face that
is smaller belongs to somebody who is not at this door yet, and on a large picture the search for
it would take a tenth of a second and more."""


FACE_POINTS = np.array([(185, 110), (170, 110), (135, 110), (150, 110), (160, 130)], np.float32)
NO_QUALITY = Quality(80.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
"""A face for trying the network out on, where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one look at a frame gave."""

    sightings: tuple[Sighting, ...]
    """All faces, largest first."""
    detail: Detail
    """How closely was searched: fine where somebody was not found again."""
    cost_s: float
    """Seconds of one core it took."""


class Eyes:
    """An engine with the server's policy before it. Any thread, one at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def warm_up(self) -> None:
        """Load detector and network now, so that the first person does not wait for it.

        Raises EngineError where the engine's files are missing: such a kiosk sees nobody.
        """
        black = np.zeros((240, 320, 3), np.uint8)
        self._engine.find(black)
        nobody = Face(Box(120, 80, 200, 160), 0.0, FACE_POINTS, NO_QUALITY)
        self._vector(black, nobody)

    def look(
        self, frame: CameraFrame, detail: Detail, policy: Policy, places: Sequence[Box] = ()
    ) -> Look:
        """Search a frame for faces and judge each by the server's policy.

        `places` are where those in view were seen last.
        """
        began_s = time.thread_time()
        faces, detail = self._faces(frame.image, detail, policy, places)
        gates = Gates(min_face_px=policy.min_face_px)
        sightings = tuple(
            Sighting(
                face=face,
                faults=gate(face, gates),
                frame=frame,
                others=tuple(other.box for other in faces if other is not face),
                whole=detail is not Detail.AGAIN,
            )
            for face in faces
        )
        return Look(sightings, detail, time.thread_time() - began_s)

    def _faces(
        self, image: NDArray[np.uint8], detail: Detail, policy: Policy, places: Sequence[Box]
    ) -> tuple[tuple[Face, ...], Detail]:
        """All faces, and how closely was searched in the end."""
        smallest = search_px(image.shape, detail, policy)
        if detail is Detail.AGAIN:
            again = find_again(image, places, engine=self._engine, min_face=smallest)
            if again:
                return again, detail
            detail = Detail.FINE
        return self._engine.find(image, min_face=smallest, thorough=True), detail

    def vector(self, sighting: Sighting) -> NDArray[np.float32] | None:
        """The face's vector, shape (dimension,); None where the network does not run."""
        return self._vector(sighting.frame.image, sighting.face)

    def _vector(self, image: NDArray[np.uint8], face: Face) -> NDArray[np.float32] | None:
        try:
            vectors = self._engine.embed(image, [face])
            return np.asarray(vectors[0], np.float32)
        except RecognitionError as error:
            log.warning("No vector, so nobody is recognised as having just been here: %s", error)
            return None


def search_px(shape: tuple[int, ...], detail: Detail, policy: Policy) -> int:
    """Width of the smallest face to look for, in pixels, in a picture of this shape."""
    shorter = min(shape[:2])
    if detail is Detail.COARSE:
        return round(max(policy.min_face_px, shorter * COARSE_SHARE))
    return round(max(policy.min_face_px * SMALLER_SHARE, shorter * FINEST_SHARE))

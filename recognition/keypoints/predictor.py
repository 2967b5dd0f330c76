"""Places 68 points on a face, and says how surely it is one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.keypoints.frame import FaceFrame, frame_of_face, frame_of_points
from recognition.keypoints.points import COUNT, MIRRORED, Points, mirror
from recognition.keypoints.preprocess import (
    CROP_SIDES,
    INPUT_PX,
    Grey,
    as_batch,
    crop_transform,
    cut_out,
    to_grey,
    to_picture,
)
from recognition.networks.network import SmallNetwork, load_small_network
from recognition.values import Face, Image

NAME, VERSION = "keypoints", "1"
# A detector's frame is good enough for one look.
_LOOKS_AT_A_FACE = 1
# A frame below this is no face that anything can be said of: pixels.
_LEAST_SIDE = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """68 points of one face."""

    points: Points
    """float32 (68, 2) in pixels of the picture, in the order of `recognition.keypoints.points`."""
    spread: NDArray[np.float32]
    """float32 (68,): how wide each point's map is, in sides of the face's box; large where the
    network does not know."""
    confidence: float
    """How surely this is a face that stands roughly upright, 0..1."""
    accepted: bool
    """Whether the confidence reaches the threshold; points that are not accepted mean nothing."""
    frame: FaceFrame
    """Where the face lies by these points."""


class KeypointPredictor:
    """Safe to share between threads."""

    def __init__(self, network: SmallNetwork) -> None:
        self._network = network

    @property
    def threshold(self) -> float:
        """The confidence from which on points are accepted, 0..1."""
        return self._network.metadata.threshold

    def predict(self, image: Image, faces: Sequence[Face]) -> tuple[Keypoints, ...]:
        """The points of found faces of an RGB picture, in their order. Raises ImageShapeError."""
        frames = [frame_of_face(face) for face in faces]
        return self.predict_frames(to_grey(image), frames, passes=_LOOKS_AT_A_FACE)

    def follow(self, image: Image, last: Sequence[Keypoints]) -> tuple[Keypoints, ...]:
        """The points of the same faces in the next picture of a video, without a search.

        Look for faces again where one is no longer accepted. Raises ImageShapeError.
        """
        return self.predict_frames(to_grey(image), [one.frame for one in last], passes=1)

    def predict_frames(
        self, grey: Grey, frames: Sequence[FaceFrame], *, passes: int = 1, mirrored: bool = False
    ) -> tuple[Keypoints, ...]:
        """The points of the faces in these frames of a grey picture, uint8 (height, width).

        Each pass after the first looks again, where the one before has seen the face. `mirrored`
        looks at the mirrored face as well and takes the mean: nearer by a hundredth, at twice the
        time.
        """
        if not frames:
            return ()
        looked = [_bounded(frame, grey.shape) for frame in frames]
        found: list[Keypoints] = []
        for _ in range(max(1, passes)):
            found = self._look(grey, looked, mirrored=mirrored)
            looked = [_bounded(one.frame, grey.shape) for one in found]
        return tuple(found)

    def _look(self, grey: Grey, frames: Sequence[FaceFrame], *, mirrored: bool) -> list[Keypoints]:
        crops = np.stack([cut_out(grey, frame) for frame in frames])
        if mirrored:
            crops = np.concatenate([crops, crops[:, :, ::-1]])
        outputs = self._network.run(as_batch(crops))
        if mirrored:
            both = outputs[: len(frames)] + _unmirrored(outputs[len(frames) :])
            outputs = np.asarray(both / 2, np.float32)
        return [self._read(*pair) for pair in zip(outputs, frames, strict=True)]

    def _read(self, output: NDArray[np.float32], frame: FaceFrame) -> Keypoints:
        places = output[: 2 * COUNT].reshape(COUNT, 2)
        points = to_picture(places, crop_transform(frame))
        logit = float(output[3 * COUNT]) / self._network.metadata.temperature
        confidence = 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
        seen = frame_of_points(points) or frame
        return Keypoints(
            points=points,
            spread=output[2 * COUNT : 3 * COUNT] * (CROP_SIDES * frame.side / INPUT_PX / seen.side),
            confidence=confidence,
            accepted=confidence >= self.threshold,
            frame=seen,
        )


@cache
def load_keypoint_predictor(*, threads: int = 1, path: Path | None = None) -> KeypointPredictor:
    """The predictor with the committed weights, or those of another file; once a process.

    Raises WeightFileError.
    """
    return KeypointPredictor(load_small_network(NAME, VERSION, threads=threads, path=path))


def _unmirrored(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the network gave for mirrored crops, (n, 205), as of the crops themselves."""
    back = outputs.copy()
    for row in back:
        row[: 2 * COUNT] = mirror(row[: 2 * COUNT].reshape(COUNT, 2), INPUT_PX).ravel()
        row[2 * COUNT : 3 * COUNT] = row[2 * COUNT : 3 * COUNT][MIRRORED]
    return back


def _bounded(frame: FaceFrame, shape: tuple[int, ...]) -> FaceFrame:
    """The frame, or one of a size that can be cut out of this picture."""
    height, width = shape[:2]
    side = min(max(frame.side, _LEAST_SIDE), 4.0 * max(height, width))
    x = min(max(frame.x, -side), width + side)
    y = min(max(frame.y, -side), height + side)
    return FaceFrame(x, y, side, frame.roll)

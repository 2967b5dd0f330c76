"""Faces with and without something before them, as the detector might cut them out."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.covers.preprocess import Grey, as_batch, upright
from recognition.datasets.covers.decoys import Decoy, decoyed
from recognition.datasets.covers.occluders import Cover, covered
from recognition.datasets.covers.scene import Random, Scene
from recognition.datasets.cut_outs import CutOut
from recognition.engines.dlib_resnet.landmark_box import landmark_box
from recognition.face_patch import face_patch
from recognition.keypoints.points import FIVE, Points
from recognition.quality import pose
from recognition.training.keypoints_augmentation import degraded
from recognition.values import Box, Image

_BATCH = 64
# A detector's box moves when a part of the face is hidden: standard deviations, in its sides and
# degrees.
_PLACE, _SCALE, _ROLL = 0.05, 0.07, 4.0
_COVERS_EACH = 2
# What is cut out of a picture to draw on, in sides of the box, and the face's largest width in it.
_AROUND = 1.1
_FACE_PX = 110.0


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A face of the data, where its labelled points put it."""

    scene: Scene
    """The face with its surroundings."""
    box: Box
    """In the scene's pixels."""
    roll: float
    """Degrees."""


def example_of(points: Points, image: Image) -> Example | None:
    """Cut the surroundings of a face, float32 (68, 2), out of its picture; None where it has none.

    The box is laid over the five points as the detector's is, so that nothing has to be searched.
    """
    five = np.asarray(points[list(FIVE)], np.float32)
    box = landmark_box(five)
    if box is None or not np.isfinite(points).all():
        return None
    height, width = image.shape[:2]
    x, y = box.center
    reach = _AROUND * box.width
    left, top = max(0, math.floor(x - reach)), max(0, math.floor(y - reach))
    right, bottom = min(width, math.ceil(x + reach)), min(height, math.ceil(y + reach))
    if right - left < 2 or bottom - top < 2:
        return None
    part = np.ascontiguousarray(image[top:bottom, left:right])
    scale = min(1.0, _FACE_PX / box.width)
    if scale < 1:
        size = (round(part.shape[1] * scale), round(part.shape[0] * scale))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    moved = Box(box.left - left, box.top - top, box.right - left, box.bottom - top)
    scene = Scene(part, np.asarray((points - (left, top)) * scale, np.float32))
    return Example(scene, moved.scale(scale), pose(five)[1])


class CoverBatches:
    """Each face a few times with a cover, with a decoy and as it is; drawn once, then shuffled.

    Drawing takes longer than a step of training, so an epoch draws nothing anew; it mirrors.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        hands: Sequence[CutOut],
        covers: Sequence[Cover],
        *,
        seed: int,
    ) -> None:
        random = np.random.default_rng(seed)
        crops, targets = [], []
        for number, example in enumerate(examples):
            wanted = [
                covers[(number * _COVERS_EACH + k) % len(covers)] for k in range(_COVERS_EACH)
            ]
            for image, target in _pictures(example.scene, wanted, random, hands):
                crops.append(_cut(image, example, random))
                targets.append(target)
        self._crops, self._targets = np.stack(crops), np.array(targets, np.float32)

    def __len__(self) -> int:
        return max(1, len(self._crops) // _BATCH)

    def epoch(self, random: Random) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Shuffled: (n, 1, 48, 48) and (n, 2), mouth and eyes hidden or not."""
        order = random.permutation(len(self._crops))
        for at in range(0, len(self) * _BATCH, _BATCH):
            rows = order[at : at + _BATCH]
            crops = self._crops[rows]
            mirrored = random.random(len(rows)) < 0.5
            crops[mirrored] = crops[mirrored, :, ::-1]
            yield as_batch(crops), self._targets[rows]


def _pictures(
    scene: Scene, covers: Sequence[Cover], random: Random, hands: Sequence[CutOut]
) -> Iterator[tuple[Image, tuple[float, float]]]:
    """The face with each cover, with one decoy, and as it is."""
    in_sight = (0.0, 0.0)
    yield scene.image, in_sight
    decoys = list(Decoy)
    other = decoyed(scene, decoys[int(random.integers(len(decoys)))], random, hands)
    if other is not None:
        yield other, in_sight
    for cover in covers:
        drawn = covered(scene, cover, random, hands)
        if drawn is not None:
            yield drawn.image, (drawn.mouth, drawn.eyes)


def _cut(image: Image, example: Example, random: Random) -> Grey:
    """As a detector would have cut it out, in another light."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    x, y = example.box.center + random.normal(0, _PLACE, 2) * example.box.width
    half = example.box.width / 2 * math.exp(float(np.clip(random.normal(0, _SCALE), -0.2, 0.2)))
    patch = face_patch(grey, Box(x - half, y - half, x + half, y + half))
    return upright(degraded(patch, random), example.roll + random.normal(0, _ROLL))

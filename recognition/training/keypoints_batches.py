"""Labelled faces as crops to train on, and what they are held to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.datasets.keypoints import LabelledFace
from recognition.keypoints.frame import FaceFrame, frame_of_points
from recognition.keypoints.points import COUNT, FIFTEEN, Points, mirror
from recognition.keypoints.preprocess import (
    INPUT_PX,
    Grey,
    as_batch,
    crop_transform,
    cut_out,
    to_crop,
)
from recognition.training.keypoints_augmentation import changed, jittered

TARGETS = COUNT + len(FIFTEEN) + 1
"""Rows of a target: 68 points, 15 points, and whether there is a face; each x, y, weight."""
_BATCH = 64
# This many of a batch show no face: what a network says about a wall must be learnt as well.
_NO_FACES = 5
_FACES = _BATCH - _NO_FACES
# Once through the data is soon done; an epoch, with its checkpoint and score, is this many times.
_ROUNDS = 4
# The person's left of the 15 becomes the right.
_MIRRORED_15 = np.array([1, 0, 4, 5, 2, 3, 8, 9, 6, 7, 10, 12, 11, 13, 14])
_OTHER_CROPS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A labelled face of the training people."""

    face: LabelledFace
    grey: Grey
    detected: FaceFrame | None
    """The frame that a detector gives; None where it finds nothing there."""
    labelled: FaceFrame
    """The frame of the labelled points."""


class KeypointBatches:
    """Crops of all examples, each `_ROUNDS` times an epoch, never the same twice."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples

    def __len__(self) -> int:
        return max(1, _ROUNDS * len(self._examples) // _FACES)

    def epoch(
        self, random: np.random.Generator
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Shuffled and augmented: (n, 1, 96, 96), and targets (n, 84, 3)."""
        rounds = [random.permutation(len(self._examples)) for _ in range(_ROUNDS)]
        order = np.concatenate(rounds)
        others = [self._no_face(random) for _ in range(_OTHER_CROPS)]
        for number in range(len(self)):
            chosen = order[number * _FACES : (number + 1) * _FACES]
            pairs = [crop_and_target(self._examples[at], random, others) for at in chosen]
            for _ in range(_NO_FACES):
                nothing = np.zeros((COUNT, 2), np.float32)
                crop, _ = changed(self._no_face(random), nothing, random, others)
                pairs.append((crop, no_face_target()))
            crops, targets = zip(*pairs, strict=True)
            yield as_batch(np.stack(crops)), np.stack(targets)

    def _no_face(self, random: np.random.Generator) -> Grey:
        return no_face_crop(self._examples[int(random.integers(len(self._examples)))], random)


def crop_and_target(
    example: Example, random: np.random.Generator, others: Sequence[Grey]
) -> tuple[Grey, NDArray[np.float32]]:
    """One face as a detector might give it, mirrored or not, changed, and its target."""
    from_detector = example.detected is not None and random.random() < 0.5
    frame = example.detected if from_detector and example.detected else example.labelled
    frame = jittered(frame, random, detected=from_detector)
    crop = cut_out(example.grey, frame)
    points = to_crop(example.face.points, crop_transform(frame))
    if random.random() < 0.5:
        crop, points = np.ascontiguousarray(crop[:, ::-1]), mirrored_points(points, crop.shape[1])
    crop, points = changed(crop, points, random, others)
    return crop, target_of(points)


def mirrored_points(points: Points, width: float) -> Points:
    """68 or 15 points of the mirrored picture."""
    if len(points) == COUNT:
        return mirror(points, width)
    return np.asarray(points[_MIRRORED_15] * (-1, 1) + (width - 1, 0), np.float32)


def target_of(points: Points) -> NDArray[np.float32]:
    """A target of 68 or 15 points in crop pixels; a missing one has no weight."""
    target = no_face_target()
    first = 0 if len(points) == COUNT else COUNT
    known = np.isfinite(points).all(axis=1)
    rows = target[first : first + len(points)]
    rows[known, :2], rows[known, 2] = points[known], 1
    target[-1, 0] = 1
    return target


def no_face_target() -> NDArray[np.float32]:
    """A target that holds points to nothing."""
    target = np.zeros((TARGETS, 3), np.float32)
    target[-1, 2] = 1
    return target


def example_of(face: LabelledFace, grey: Grey, detected: FaceFrame | None) -> Example | None:
    """An example; None where the labelled points have no extent."""
    labelled = frame_of_points(face.points)
    if labelled is None:
        return None
    return Example(face, grey, detected, labelled)


def no_face_crop(example: Example, random: np.random.Generator) -> Grey:
    """A crop without a face: beside it, far too near, upside down, or nothing at all."""
    frame, way = example.labelled, random.random()
    if way < 0.1:
        noise = random.normal(128, random.uniform(0, 50), (INPUT_PX, INPUT_PX)).clip(0, 255)
        return np.asarray(
            cv2.GaussianBlur(noise.astype(np.uint8), (0, 0), random.uniform(0.3, 8)), np.uint8
        )
    if way < 0.25:
        return cut_out(example.grey, replace(frame, roll=frame.roll + random.uniform(100, 260)))
    if way < 0.4:
        x, y = random.normal(0, 0.3, 2) * frame.side + (frame.x, frame.y)
        near = FaceFrame(x, y, frame.side * random.uniform(0.15, 0.35), random.uniform(-90, 90))
        return cut_out(example.grey, near)
    return cut_out(example.grey, _beside(example, random))


def _beside(example: Example, random: np.random.Generator) -> FaceFrame:
    """A frame from which most of the face is out of sight."""
    frame, (height, width) = example.labelled, example.grey.shape
    side = frame.side * random.uniform(0.3, 1.2)
    away = np.array([random.uniform(0, width) - frame.x, random.uniform(0, height) - frame.y])
    least = 0.55 * (frame.side + side)
    away *= max(1.0, least / max(1e-3, float(np.hypot(*away))))
    x, y = float(frame.x + away[0]), float(frame.y + away[1])
    return FaceFrame(x, y, side, random.uniform(-20, 20))

"""How many covered faces are caught and how many others refused, as the detector finds them."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.covers.measure import covered as covered_share
from recognition.datasets.covers.decoys import Decoy, decoyed
from recognition.datasets.covers.occluders import Cover, covered
from recognition.datasets.covers.scene import Random, Scene
from recognition.datasets.cut_outs import CutOut
from recognition.datasets.keypoints import LabelledFace, face_with, pictures_of
from recognition.engines.protocol import Engine
from recognition.face_patch import face_patch
from recognition.networks.network import SmallNetwork
from recognition.values import Image

MIN_FACE_PX = 40
# Of faces with nothing drawn on them, so many may be refused on the people the threshold is chosen
# by: on others it will be more.
_MOST_REFUSED = 0.005


@dataclass(frozen=True, slots=True)
class Answer:
    """What one picture gave."""

    person: str
    drawn: str
    """A cover or a decoy; empty where nothing was drawn."""
    covered: float | None
    """None where the detector found no face."""


def answers(
    faces: Sequence[LabelledFace], hands: Sequence[CutOut], engine: Engine, network: SmallNetwork
) -> list[Answer]:
    """Each face as it is, with one of the covers and with one of the decoys, in turn."""
    found = []
    for number, (face, image) in enumerate(pictures_of(faces, [])):
        if not np.isfinite(face.points).all():
            continue
        scene = Scene(image, face.points)
        random = np.random.default_rng(zlib.crc32(face.name.encode()))
        for drawn, picture in _pictures(scene, hands, number, random):
            seen = face_with(engine.find(picture, min_face=MIN_FACE_PX), face.points)
            share = None
            if seen is not None:
                grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
                share = covered_share(face_patch(grey, seen.box), seen.quality.roll, network)
            found.append(Answer(face.person, drawn, share))
    return found


def _pictures(
    scene: Scene, hands: Sequence[CutOut], number: int, random: Random
) -> Iterator[tuple[str, Image]]:
    covers, decoys = list(Cover), list(Decoy)
    yield "", scene.image
    cover = covers[number % len(covers)]
    drawn = covered(scene, cover, random, hands)
    if drawn is not None:
        yield cover.value, drawn.image
    decoy = decoys[number % len(decoys)]
    image = decoyed(scene, decoy, random, hands)
    if image is not None:
        yield decoy.value, image


def choose_threshold(given: Sequence[Answer]) -> float:
    """The likelihood above which a face is refused: at most `_MOST_REFUSED` of uncovered ones."""
    open_faces = np.sort(_shares(given, ""))
    allowed = int(_MOST_REFUSED * len(open_faces))
    return float(open_faces[len(open_faces) - 1 - allowed])


def figures(given: Sequence[Answer]) -> Mapping[str, float]:
    """What a gate refuses of the faces that the detector finds.

    Chosen on one half of the people, counted on the other, and the other way round. `threshold` is
    the larger one of both.
    """
    people = sorted({one.person for one in given})
    halves = [[one for one in given if one.person in set(people[start::2])] for start in (0, 1)]
    thresholds = [choose_threshold(half) for half in reversed(halves)]

    scores = {"threshold": max(thresholds)}
    for drawn in ("", *Decoy, *Cover):
        seen = [one.covered is not None for one in given if one.drawn == drawn]
        if not any(seen):
            continue  # of a few people, not each kind was drawn and found
        pairs = zip(halves, thresholds, strict=True)
        over = np.concatenate([_shares(half, drawn) > at for half, at in pairs])
        scores[f"found by the detector, {drawn or 'nothing drawn'}"] = float(np.mean(seen))
        scores[f"refused of those, {drawn or 'nothing drawn'}"] = float(over.mean())
    return scores


def _shares(given: Sequence[Answer], drawn: str) -> NDArray[np.float64]:
    return np.array(
        [one.covered for one in given if one.drawn == drawn and one.covered is not None]
    )

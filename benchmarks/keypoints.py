"""Lintel's 68 points against dlib's predictor: `python -m benchmarks.keypoints CSV IMAGES`.

Both place points on the same faces of the same pictures, in one run on one thread. dlib's 68-point
file may not be used in a product (its licence leaves out commercial use): it is opened here, to be
measured, and nowhere else.

- `error`: mean distance over that of the outer eye corners, over faces that both detectors find;
  dlib's predictor is given the box of dlib's own detector, with one enlargement where there is no
  face without, as `face_recognition` asks for.
- `picture`: milliseconds from the decoded picture to the points, finding included.
- `frame`: the same of a frame of 640x480 with a drawn face of 200 pixels.
- `points`: milliseconds of placing alone, in that frame.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import Pair
from benchmarks.timing import alternate
from recognition import Image, load_engine
from recognition.datasets.keypoints import LabelledFace, pictures_of, read_labelled_faces
from recognition.datasets.people import Part, part_of
from recognition.engines.dlib_resnet.files import weight_file
from recognition.evaluation.keypoints import answer_all
from recognition.evaluation.keypoints import errors as errors_of
from recognition.keypoints.points import Points, interocular
from recognition.keypoints.predictor import load_keypoint_predictor
from tests.people import PEOPLE, draw

_MEASURED_ONLY = "shape_predictor_68_face_landmarks.dat"
_MIN_FACE_PX = 40
_FACE_PX = 200
_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours and dlib's; errors in shares, times in milliseconds."""

    faces: int
    """Found by both; the errors are of these."""
    pictures: int
    error: float
    dlib_error: float
    picture: Pair
    frame: Pair
    points: Pair


def compare(faces: tuple[LabelledFace, ...]) -> Comparison:
    """Measure all labelled faces. Raises DatasetError."""
    engine, predictor = load_engine(), load_keypoint_predictor()
    answers = {
        one.face.name: one
        for one in answer_all(
            faces, engine=engine, predictor=predictor, min_face=_MIN_FACE_PX, skipped=[]
        )
    }
    ours, theirs, times = [], [], []
    for face, image in pictures_of(faces, []):
        started = time.perf_counter()
        placed = dlib_points(image, face.points)
        times.append(1000 * (time.perf_counter() - started))
        answer = answers[face.name]
        if placed is not None and answer.detected is not None:
            ours.append(float(errors_of(answer).mean()))
            apart = np.linalg.norm(placed - face.points, axis=1)
            theirs.append(float(apart.mean()) / interocular(face.points))
    own = 1000 * statistics.median(one.seconds for one in answers.values())
    timed = measure(rounds=_ROUNDS)
    return Comparison(
        faces=len(ours),
        pictures=len(answers),
        error=statistics.mean(ours),
        dlib_error=statistics.mean(theirs),
        picture=Pair(own, statistics.median(times)),
        frame=timed["keypoints"],
        points=timed["points"],
    )


def dlib_points(image: Image, labelled: Points) -> Points | None:
    """dlib's 68 points of the face around the labelled ones; None where its detector finds none."""
    detector, predictor = _dlib()
    x, y = (labelled.min(axis=0) + labelled.max(axis=0)) / 2
    for enlargements in (0, 1):
        for rectangle in detector(image, enlargements):
            if rectangle.left() <= x <= rectangle.right() and (
                rectangle.top() <= y <= rectangle.bottom()
            ):
                return _points(predictor(image, rectangle))
    return None


def measure(*, rounds: int) -> dict[str, Pair]:
    """`keypoints`: finding and placing in a frame; `points`: placing alone."""
    image = draw(PEOPLE[0].identity, face_px=_FACE_PX)
    engine, predictor = load_engine(), load_keypoint_predictor()
    detector, theirs = _dlib()
    faces, rectangle = engine.find(image), detector(image, 0)[0]
    return {
        "keypoints": alternate(
            lambda: predictor.predict(image, engine.find(image)),
            lambda: theirs(image, detector(image, 0)[0]),
            rounds=rounds,
        ),
        "points": alternate(
            lambda: predictor.predict(image, faces), lambda: theirs(image, rectangle), rounds=rounds
        ),
    }


@cache
def _dlib() -> tuple[Any, Any]:
    import dlib

    predictor = dlib.shape_predictor(str(weight_file(_MEASURED_ONLY)))
    return dlib.get_frontal_face_detector(), predictor


def _points(shape: Any) -> Points:
    return np.array([(part.x, part.y) for part in shape.parts()], np.float32)


def main() -> int:
    """Print one JSON object; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keypoints", description=__doc__)
    parser.add_argument("table", type=Path, metavar="CSV")
    parser.add_argument("images", type=Path, metavar="IMAGES")
    parser.add_argument(
        "--held-out", action="store_true", help="only people that nothing was learnt from"
    )
    chosen = parser.parse_args()
    faces = read_labelled_faces(chosen.table, chosen.images)
    if chosen.held_out:
        faces = tuple(one for one in faces if part_of(one.person) is Part.REPORT)
    made = compare(faces)
    form: dict[str, object] = {
        "pictures": made.pictures,
        "faces": made.faces,
        "error": {"lintel": round(made.error, 5), "dlib": round(made.dlib_error, 5)},
    }
    times = {"picture": made.picture, "frame": made.frame, "points": made.points}
    for name, pair in times.items():
        form[name] = {"lintel_ms": round(pair.lintel_ms, 2), "dlib_ms": round(pair.peer_ms, 2)}
    sys.stdout.write(json.dumps(form, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

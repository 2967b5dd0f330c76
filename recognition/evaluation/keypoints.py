"""How far the points that are placed lie from labelled ones, on found faces.

The face is found as at run time, and of several the one is taken whose box holds the middle of the
labelled points. Where the detector finds none there, `seek` looks again; where that does not find
it either, the picture counts as missed and is in no mean.

Distances are divided by the distance of the outer corners of the eyes (points 36 and 45). `rmse_96`
is that of the classic competition: the root of the mean square over coordinates of 15 points, in
pixels of a face whose box is 96 wide; the competition's own pictures are taken as they are.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.datasets.keypoints import LabelledFace, face_with, pictures_of
from recognition.engines.protocol import Engine
from recognition.evaluation.bootstrap import Interval, draws, interval
from recognition.keypoints.frame import frame_of_points
from recognition.keypoints.points import (
    COUNT,
    FIFTEEN,
    LEFT_OUTER_CORNER,
    PARTS,
    RIGHT_OUTER_CORNER,
    Points,
    fifteen,
)
from recognition.keypoints.predictor import KeypointPredictor
from recognition.keypoints.seeking import seek
from recognition.picture_files import Skipped
from recognition.values import Box, Face, Image

_BOX_PX = 96
# An error above this share of the eyes' distance is called a failure, as is usual.
FAILURE = 0.10
_EYES_OF_15 = [list(FIFTEEN).index(f"{side}_eye_outer_corner") for side in ("right", "left")]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was placed on one labelled face."""

    face: LabelledFace
    detected: Face | None
    """The detector's face there, if it found one."""
    points: Points | None
    """float32 (68, 2); None where the face was missed."""
    confidence: float
    seconds: float
    """From the decoded picture to the points."""
    picture: Image


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over faces and its 95 % interval over other people."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class KeypointFigures:
    """Shares of the inter-ocular distance, unless said otherwise; None where nothing is labelled
    that the figure needs."""

    n: int
    """Labelled pictures that could be decoded."""
    people: int
    missed: int
    sought: int
    """Found by `seek`, where the detector found none."""
    nme_68: Figure | None
    nme_15: Figure | None
    nme_detected: Figure | None
    """Of 68 points, over the faces that the detector found."""
    parts: dict[str, Figure]
    """Of each part's points."""
    failures: Figure | None
    """The share of found faces with a mean error above `FAILURE`."""
    rmse_96: Figure | None
    """In pixels."""
    ms_per_image: float
    """Finding and placing, on one thread; the median."""


def answer_all(
    faces: Sequence[LabelledFace],
    *,
    engine: Engine,
    predictor: KeypointPredictor,
    min_face: int,
    skipped: list[Skipped],
    on_picture: Callable[[], None] = lambda: None,
) -> list[Answer]:
    """Find and place; pictures that cannot be used are added to `skipped`.

    Raises DatasetError where none can be.
    """
    answers = []
    for face, image in pictures_of(faces, skipped):
        answers.append(_answer(face, image, engine, predictor, min_face))
        on_picture()
    return answers


def keypoint_figures(answers: Sequence[Answer]) -> KeypointFigures:
    """Measure answers."""
    found = [one for one in answers if one.points is not None]
    all_points = [one for one in found if len(one.face.points) == COUNT]
    detected = [one for one in all_points if one.detected is not None]
    nme = _figure(all_points, lambda one: _mean(errors(one)))
    return KeypointFigures(
        n=len(answers),
        people=len({one.face.person for one in answers}),
        missed=len(answers) - len(found),
        sought=sum(one.detected is None for one in found),
        nme_68=nme,
        nme_15=_figure(found, lambda one: _mean(errors_15(one))),
        nme_detected=_figure(detected, lambda one: _mean(errors(one))),
        parts=_parts(all_points),
        failures=_figure(all_points, _failed),
        rmse_96=_root(_figure(found, square_96)),
        ms_per_image=1000 * float(np.median([one.seconds for one in answers])),
    )


def _parts(answers: Sequence[Answer]) -> dict[str, Figure]:
    figures = {}
    for part, rows in PARTS.items():
        chosen = list(rows)
        figure = _figure(answers, lambda one, of=chosen: _mean(errors(one)[of]))  # type: ignore[misc]
        if figure is not None:
            figures[part] = figure
    return figures


def errors(answer: Answer) -> NDArray[np.float64]:
    """Distance of each of 68 points over the eyes' distance, (68,); NaN where not labelled."""
    corners = (LEFT_OUTER_CORNER, RIGHT_OUTER_CORNER)
    return _over_eyes(_placed(answer), answer.face.points, corners)


def errors_15(answer: Answer) -> NDArray[np.float64]:
    """The same of the 15 points, (15,)."""
    return _over_eyes(fifteen(_placed(answer)), labelled_15(answer.face), tuple(_EYES_OF_15))


def labelled_15(face: LabelledFace) -> Points:
    """The labelled 15 points, derived where 68 are labelled, (15, 2)."""
    return fifteen(face.points) if len(face.points) == COUNT else face.points


def square_96(answer: Answer) -> float:
    """Mean square over known coordinates of 15 points, in pixels of a box of 96, squared."""
    scale = 1.0
    if answer.face.path is not None:
        frame = frame_of_points(answer.face.points)
        scale = _BOX_PX / frame.side if frame else float("nan")
    apart = (fifteen(_placed(answer)) - labelled_15(answer.face)) * scale
    known = apart[np.isfinite(apart)]
    return float((known.astype(np.float64) ** 2).mean()) if len(known) else float("nan")


def worst_answers(answers: Sequence[Answer], most: int = 40) -> list[Answer]:
    """The missed, and then those with the largest mean error."""
    missed = [one for one in answers if one.points is None]
    found = [one for one in answers if one.points is not None]
    return (missed + sorted(found, key=lambda one: -np.nan_to_num(mean_error(one))))[:most]


def _placed(answer: Answer) -> Points:
    if answer.points is None:
        raise ValueError(f"Nothing was placed on {answer.face.name}.")
    return answer.points


def mean_error(answer: Answer) -> float:
    """The mean over labelled points, of 68 or 15; NaN where none is, or the eyes meet."""
    return mean_error_of(_placed(answer), answer.face.points)


def mean_error_of(placed: Points, labelled: Points) -> float:
    """The same of 68 placed points, (68, 2), and labelled ones, (68, 2) or (15, 2)."""
    if len(labelled) == COUNT:
        corners = (LEFT_OUTER_CORNER, RIGHT_OUTER_CORNER)
        return _mean(_over_eyes(placed, labelled, corners))
    return _mean(_over_eyes(fifteen(placed), labelled, tuple(_EYES_OF_15)))


def _mean(each: NDArray[np.float64]) -> float:
    known = each[np.isfinite(each)]
    return float(known.mean()) if len(known) else float("nan")


def _failed(answer: Answer) -> float:
    mean = mean_error(answer)
    return float(mean > FAILURE) if np.isfinite(mean) else mean


def _answer(
    face: LabelledFace, image: Image, engine: Engine, predictor: KeypointPredictor, min_face: int
) -> Answer:
    started = time.perf_counter()
    detected = face_with(engine.find(image, min_face=min_face), face.points)
    if detected is not None:
        placed = predictor.predict(image, [detected])[0]
    else:
        sought = seek(image, predictor)
        if sought is None or not _holds(sought.frame.upright(), face.points):
            seconds = time.perf_counter() - started
            return Answer(face, None, None, 0.0, seconds, image)
        placed = sought
    seconds = time.perf_counter() - started
    return Answer(face, detected, placed.points, placed.confidence, seconds, image)


def _holds(box: Box, points: Points) -> bool:
    x, y = (np.nanmin(points, axis=0) + np.nanmax(points, axis=0)) / 2
    return bool(box.left <= x <= box.right and box.top <= y <= box.bottom)


def _over_eyes(placed: Points, labelled: Points, corners: tuple[int, ...]) -> NDArray[np.float64]:
    across = labelled[corners[0]].astype(np.float64) - labelled[corners[1]]
    apart = np.linalg.norm(placed.astype(np.float64) - labelled, axis=1)
    length = float(np.hypot(*across))
    return apart / length if length > 0 else np.full(len(apart), np.nan)


def _figure(answers: Sequence[Answer], value: Callable[[Answer], float]) -> Figure | None:
    """The mean over faces, and its interval when people are drawn anew."""
    values = np.array([value(one) for one in answers], np.float64)
    names = np.array([one.face.person for one in answers])
    known = np.isfinite(values)
    if not known.any():
        return None
    values, (people, of) = values[known], np.unique(names[known], return_inverse=True)
    drawn = draws(len(people))[:, of]
    with np.errstate(invalid="ignore"):
        means = (drawn @ values) / drawn.sum(axis=1)
    return Figure(float(values.mean()), interval(means))


def _root(figure: Figure | None) -> Figure | None:
    if figure is None:
        return None
    between = figure.interval
    root = Interval(between.low**0.5, between.high**0.5) if between else None
    return Figure(figure.value**0.5, root)

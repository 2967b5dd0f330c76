"""How cost grows with the size of a frame, the number of faces and the number of people."""

from collections.abc import Mapping

import cv2
import numpy as np

from benchmarks import peer
from benchmarks.figures import Curve, Search
from benchmarks.timing import in_turn
from recognition import Image, load_engine
from tests.people import PEOPLE, draw

_HEIGHTS = (240, 360, 480, 720, 1080)
_FACES = (1, 2, 3, 4, 6, 8)


def measure(search: Mapping[int, Search], *, rounds: int, threads: int) -> dict[str, Curve]:
    """Measure the first two; the third is taken from searches that were measured already."""
    return {
        "frame-size": _frame_sizes(rounds, threads),
        "faces": _faces(rounds, threads),
        "people": _people(search),
    }


def _frame_sizes(rounds: int, threads: int) -> Curve:
    """A face of four tenths of the height, found and embedded; and nobody."""
    engine = load_engine(threads=threads)
    lines: dict[str, list[float]] = {
        "Lintel, a face": [],
        "face_recognition, a face": [],
        "Lintel, nobody": [],
        "face_recognition, nobody": [],
    }
    picture = draw(PEOPLE[0].identity, face_px=192)
    room = draw(PEOPLE[0].identity, face_px=192, at=(-2000, -2000))
    for height in _HEIGHTS:
        face, nobody = _resized(picture, height), _resized(room, height)
        times = in_turn(
            (
                lambda face=face: engine.embed(face, engine.find(face)),  # type: ignore[misc]
                lambda face=face: peer.encode_all(face),  # type: ignore[misc]
                lambda nobody=nobody: engine.find(nobody),  # type: ignore[misc]
                lambda nobody=nobody: peer.locate(nobody),  # type: ignore[misc]
            ),
            rounds=rounds,
            warm_up=1,
        )
        for kept, took in zip(lines.values(), times, strict=True):
            kept.append(took)
    return Curve("height of the frame, pixels", _HEIGHTS, lines)


def _faces(rounds: int, threads: int) -> Curve:
    """Faces of 110 pixels side by side, all found and embedded."""
    engine = load_engine(threads=threads)
    lines: dict[str, list[float]] = {"Lintel": [], "face_recognition": []}
    drawn = [draw(person.identity, size=(300, 200), face_px=110) for person in PEOPLE[:8]]
    for count in _FACES:
        row = np.ascontiguousarray(np.concatenate(drawn[:count], axis=1))
        times = in_turn(
            (
                lambda row=row: engine.embed(row, engine.find(row, thorough=True)),  # type: ignore[misc]
                lambda row=row: peer.encode_all(row),  # type: ignore[misc]
            ),
            rounds=rounds,
            warm_up=1,
        )
        for kept, took in zip(lines.values(), times, strict=True):
            kept.append(took)
    return Curve("faces in a picture (200 x 300 pixels each)", _FACES, lines)


def _people(search: Mapping[int, Search]) -> Curve:
    return Curve(
        "people in the gallery",
        list(search),
        {
            "Lintel": [one.lintel_ms for one in search.values()],
            "BLAS product": [one.product_ms for one in search.values()],
            "faiss flat": [one.faiss_ms for one in search.values()],
            "face_distance": [one.face_distance_ms for one in search.values()],
        },
        log=True,
    )


def _resized(picture: Image, height: int) -> Image:
    width = round(picture.shape[1] * height / picture.shape[0])
    way = cv2.INTER_AREA if height < picture.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=way), np.uint8)

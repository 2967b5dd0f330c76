"""The `face_recognition` package, used as its README shows.

Importing it loads all its models, the 68-point predictor among them, whose licence leaves out
commercial use. That happens here, in a benchmark, and nowhere in the product.
"""

import io
import warnings

import numpy as np
from numpy.typing import NDArray

from recognition import Image

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pkg_resources is deprecated, which its users know
    import face_recognition

Encodings = list[NDArray[np.float64]]


def whole_frame(data: bytes, known: Encodings) -> int | None:
    """Load a picture, find and encode the face, and name the best match."""
    image = face_recognition.load_image_file(io.BytesIO(data))
    locations = face_recognition.face_locations(image)
    for encoding in face_recognition.face_encodings(image, locations):
        matches = face_recognition.compare_faces(known, encoding)
        best = int(np.argmin(face_recognition.face_distance(known, encoding)))
        if matches[best]:
            return best
    return None


def locate(image: Image) -> list[tuple[int, int, int, int]]:
    """Find faces: (top, right, bottom, left) of each."""
    return list(face_recognition.face_locations(image))


def encode(image: Image, location: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """Place the points of a face that was found, and encode it."""
    return np.asarray(face_recognition.face_encodings(image, [location])[0])


def encode_all(image: Image) -> Encodings:
    """Find and encode every face."""
    return list(face_recognition.face_encodings(image))


def encode_chip(chip: Image) -> NDArray[np.float64]:
    """The vector of a face that is cut out and upright, uint8 (150, 150, 3), as dlib gives it."""
    return np.asarray(face_recognition.api.face_encoder.compute_face_descriptor(chip))


def locate_full_size(image: Image) -> int:
    """How many faces dlib's detector finds in the colours of a picture that is not enlarged."""
    return len(face_recognition.api.face_detector(image, 0))


def distances(
    known: Encodings | NDArray[np.float64], encoding: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The distance to everybody."""
    return np.asarray(face_recognition.face_distance(known, encoding))

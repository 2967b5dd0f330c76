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


def distances(known: Encodings, encoding: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distance to everybody."""
    return np.asarray(face_recognition.face_distance(known, encoding))

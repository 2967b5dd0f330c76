"""Where the weight files of `face_recognition_models` lie.

The package itself is never imported: that would need `pkg_resources`. Its 68-point predictor is
never opened: its licence leaves out commercial use.
"""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from recognition.errors import EngineError, WeightFileError

PACKAGE = "face_recognition_models"
DESCRIPTOR_FILE = "dlib_face_recognition_resnet_model_v1.dat"
LANDMARK_FILE = "shape_predictor_5_face_landmarks.dat"
# What all figures, thresholds and the mean vector of this engine were measured with. A bit that
# fell over gives vectors that look like vectors.
SHA256 = {
    DESCRIPTOR_FILE: "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    LANDMARK_FILE: "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
}


@cache
def weight_file(name: str) -> Path:
    """The path of a weight file, held to its hash once a process.

    Raises EngineError, with what to install, where it is missing, and WeightFileError, naming it,
    where it is damaged or cannot be read.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EngineError(f"The Python package {PACKAGE} is not installed: run make setup.")
    path = Path(spec.origin).parent / "models" / name
    if not path.is_file():
        raise EngineError(f"{PACKAGE} has no file {name}: install the package again.")
    _check(path)
    return path


def _check(path: Path) -> None:
    expected = SHA256.get(path.name)
    if expected is None:
        return
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightFileError(
            f"The weight file {path} cannot be read: {error.strerror}."
        ) from error
    if digest != expected:
        raise WeightFileError(
            f"The weight file {path} is damaged or another one: SHA-256 {digest}, not {expected}. "
            f"Install {PACKAGE} again."
        )

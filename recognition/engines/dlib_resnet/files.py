"""Where the weight files of `face_recognition_models` lie.

The package itself is never imported: that would need `pkg_resources`. Its 68-point predictor is
never opened: its licence leaves out commercial use.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from recognition.errors import EngineError

PACKAGE = "face_recognition_models"
DESCRIPTOR_FILE = "dlib_face_recognition_resnet_model_v1.dat"
LANDMARK_FILE = "shape_predictor_5_face_landmarks.dat"


@cache
def weight_file(name: str) -> Path:
    """The path of a weight file. Raises EngineError, with what to install, where it is missing."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EngineError(f"The Python package {PACKAGE} is not installed: run make setup.")
    path = Path(spec.origin).parent / "models" / name
    if not path.is_file():
        raise EngineError(f"{PACKAGE} has no file {name}: install the package again.")
    return path

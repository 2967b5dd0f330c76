"""Calibrations as files: JSON with numbers only, no vector and no name of anybody."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from recognition.calibration.calibration import Calibration
from recognition.errors import EvaluationError, OutputError
from recognition.values import EngineId

SCHEMA = 1
_TABLES = ("fmr", "distance", "low", "high", "genuine")


def to_form(calibration: Calibration) -> dict[str, Any]:
    """The JSON of a calibration."""
    return {
        "schema": SCHEMA,
        "engine": {"name": calibration.engine.name, "version": calibration.engine.version},
        "people": calibration.people,
        "impostor_pairs": calibration.impostor_pairs,
        "genuine_pairs": calibration.genuine_pairs,
        **{name: getattr(calibration, name).tolist() for name in _TABLES},
    }


def from_form(form: Any) -> Calibration:
    """The calibration of such JSON. Raises EvaluationError where it holds none of this version."""
    try:
        if form["schema"] != SCHEMA:
            raise EvaluationError(f"it is of version {form['schema']}")
        return Calibration(
            engine=EngineId(str(form["engine"]["name"]), str(form["engine"]["version"])),
            people=int(form["people"]),
            impostor_pairs=int(form["impostor_pairs"]),
            genuine_pairs=int(form["genuine_pairs"]),
            **{name: np.array(form[name], np.float64) for name in _TABLES},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"it is no calibration: {error!r}") from error


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Write it whole. Raises OutputError where that is not possible."""
    try:
        text = json.dumps(to_form(calibration), allow_nan=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error


def read_calibration(path: Path) -> Calibration:
    """Read one. Raises EvaluationError where the file holds none of this version."""
    try:
        return from_form(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, EvaluationError) as error:
        raise EvaluationError(f"{path} holds no calibration that can be read: {error}.") from error


def builtin_calibration(engine: EngineId) -> Calibration | None:
    """What was measured for exactly this engine on video frames of 190 people, small and hard.

    None for an engine that nothing ships for. Raises EvaluationError where the file is damaged.
    """
    path = Path(__file__).parent / "tables" / f"{engine.name}.json"
    if not path.is_file():
        return None
    found = read_calibration(path)
    return found if found.engine == engine else None

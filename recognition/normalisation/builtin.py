"""The normalisers that ship with Lintel, by engine."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from recognition.errors import EngineError, OutputError
from recognition.normalisation.normaliser import Normaliser, Regression
from recognition.values import EngineId

_FOLDER = Path(__file__).parent / "coefficients"
_SCHEMA = 1


@cache
def normaliser_for(engine: EngineId) -> Normaliser | None:
    """The normaliser fitted for exactly this engine; None where there is none.

    Raises EngineError where its file is damaged.
    """
    path = _FOLDER / f"{engine.name}.json"
    if not path.is_file():
        return None
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
        fits = form["schema"] == _SCHEMA and form["engine"]["version"] == engine.version
        return from_form(form) if fits else None
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(f"The normaliser {path} is damaged: {error}") from error


def to_form(normaliser: Normaliser, engine: EngineId) -> dict[str, Any]:
    """The JSON of a normaliser: numbers of a regression, no vector of anybody."""
    return {
        "schema": _SCHEMA,
        "engine": {"name": engine.name, "version": engine.version},
        "share": normaliser.share,
        "typical_mean": round(normaliser.typical_mean, 5),
        "typical_spread": round(normaliser.typical_spread, 5),
        "mean": _regression_form(normaliser.mean),
        "log_spread": _regression_form(normaliser.log_spread),
        "mean_vector": _rounded(normaliser.mean_vector),
    }


def write_normaliser(path: Path, normaliser: Normaliser, engine: EngineId) -> None:
    """Write it whole. Raises OutputError where that is not possible."""
    try:
        path.write_text(json.dumps(to_form(normaliser, engine)) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error


def from_form(form: dict[str, Any]) -> Normaliser:
    """The normaliser of such JSON. Raises KeyError, TypeError or ValueError where it is none."""
    return Normaliser(
        mean_vector=np.array(form["mean_vector"], np.float32),
        mean=_regression(form["mean"]),
        log_spread=_regression(form["log_spread"]),
        typical_mean=float(form["typical_mean"]),
        typical_spread=float(form["typical_spread"]),
        share=float(form["share"]),
    )


def _regression_form(regression: Regression) -> dict[str, Any]:
    return {
        "constant": round(regression.constant, 6),
        "linear": _rounded(regression.linear),
        "square": round(regression.square, 6),
        "low": round(regression.low, 5),
        "high": round(regression.high, 5),
    }


def _regression(form: dict[str, Any]) -> Regression:
    return Regression(
        constant=float(form["constant"]),
        linear=np.array(form["linear"], np.float32),
        square=float(form["square"]),
        low=float(form["low"]),
        high=float(form["high"]),
    )


def _rounded(vector: np.ndarray[Any, np.dtype[np.float32]]) -> list[float]:
    return [round(float(value), 5) for value in vector]

"""The normalisers that ship with Lintel, by engine."""

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from recognition.errors import EngineError, OutputError
from recognition.normalisation.normaliser import Normaliser
from recognition.values import EngineId

_FOLDER = Path(__file__).parent / "cohorts"
_SCHEMA = 2


@cache
def normaliser_for(engine: EngineId) -> Normaliser | None:
    """The normaliser made for exactly this engine; None where there is none.

    Raises EngineError where its file is damaged.
    """
    path = _FOLDER / f"{engine.name}.npz"
    if not path.is_file():
        return None
    try:
        made_for, normaliser = read_normaliser(path.read_bytes())
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise EngineError(f"The normaliser {path} is damaged: {error}") from error
    return normaliser if made_for == engine else None


def write_normaliser(path: Path, normaliser: Normaliser, engine: EngineId) -> None:
    """Write it whole: averages as 16-bit floats, no vector of anybody.

    Raises OutputError where that is not possible.
    """
    written = io.BytesIO()
    np.savez_compressed(
        written,
        schema=_SCHEMA,
        engine=(engine.name, engine.version),
        cohort=normaliser.cohort.astype(np.float16),
        nearest=normaliser.nearest,
        typical=(normaliser.typical_mean, normaliser.typical_spread),
        share=normaliser.share,
    )
    try:
        path.write_bytes(written.getvalue())
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error


def read_normaliser(content: bytes) -> tuple[EngineId, Normaliser]:
    """The normaliser in such a file, and the engine it was made for.

    Raises KeyError, TypeError, ValueError, EOFError, OSError or BadZipFile where it is none.
    """
    loaded: Any = np.load(io.BytesIO(content), allow_pickle=False)
    with loaded as arrays:
        if int(arrays["schema"]) != _SCHEMA:
            raise ValueError(f"it is of version {arrays['schema']}")
        name, version = map(str, arrays["engine"])
        mean, spread = map(float, arrays["typical"])
        normaliser = Normaliser(
            cohort=np.asarray(arrays["cohort"], np.float32),
            nearest=int(arrays["nearest"]),
            typical_mean=mean,
            typical_spread=spread,
            share=float(arrays["share"]),
        )
    return EngineId(name, version), normaliser

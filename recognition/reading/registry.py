"""The readers that there are, by the name that commands and settings use."""

import importlib
from pathlib import Path
from typing import cast

from recognition.arguments import require_kind, require_path, require_threads
from recognition.errors import ArgumentError
from recognition.reading.values import Reader

# Each is imported when it is asked for: a door that reads signs needs no other network.
_READERS = {
    "sign": ("recognition.sign_digits.reader", "SignDigitReader"),
    "written": ("recognition.handwritten_digits.reader", "HandwrittenDigitReader"),
    "letters": ("recognition.sign_letters.reader", "SignLetterReader"),
}
READERS = tuple(_READERS)
"""sign: digits signed by a hand; written: digits in handwriting; letters: signed by a hand."""


def load_reader(name: str, *, threads: int = 1, weights: Path | None = None) -> Reader:
    """Give the reader of this name, with the committed weights or those of a file.

    Raises WeightFileError where its weights are missing or of another version, and
    ArgumentError for a name that is none of READERS or fewer than 1 thread.
    """
    require_kind(name, str, "The name of a reader")
    if weights is not None:
        require_path(weights, "The file of weights")
    if name not in _READERS:
        raise ArgumentError(f"There is no reader {name}; there is {', '.join(READERS)}.")
    require_threads(threads)
    module, kind = _READERS[name]
    made = getattr(importlib.import_module(module), kind)(threads=threads, weights=weights)
    return cast("Reader", made)

"""How well digits shown by a hand are read."""

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recognition.datasets.folder import labelled_files, labelled_pictures
from recognition.evaluation.page import thumbnail
from recognition.evaluation.symbols import Answer, SymbolFigures, rate, symbol_figures
from recognition.sign_digits.preprocess import CLASSES, NONE, place_of_hand, prepare
from recognition.sign_digits.reader import SignDigitReader
from recognition.sources import Skipped


@dataclass(frozen=True, slots=True, eq=False)
class SignsRead:
    """What was read in a folder, and how long that took."""

    answers: tuple[Answer, ...]
    skipped: tuple[Skipped, ...]
    seconds: float
    """From decoded pictures to readings, without reading files."""


def read_folder(reader: SignDigitReader, folder: Path) -> SignsRead:
    """Read DIR/<digit>/<picture> and DIR/none/<picture> one by one, as a door does.

    Crops are read whole, camera frames in their guide box. Raises DatasetError for a folder that
    holds none of these.
    """
    skipped: list[Skipped] = []
    answers, seconds = [], 0.0
    files = labelled_files(folder, CLASSES)
    for one, image in labelled_pictures(files, skipped):
        started = time.perf_counter()
        prepared = prepare(image, place_of_hand(image, None))
        (found,) = reader.classify(prepared[np.newaxis])
        seconds += time.perf_counter() - started
        truth = None if one.label == NONE else one.label
        name = f"{one.label}/{one.path.name}"
        picture = thumbnail(image)
        answers.append(Answer(name, truth, found.best, found.accepted, found.confidence, picture))
    return SignsRead(tuple(answers), tuple(skipped), seconds)


def sign_digit_figures(answers: Collection[Answer], *, seconds: float) -> SymbolFigures:
    """As of all symbols, but a digit counts as right only where it was accepted too.

    A door asks again where nothing was accepted, so a right guess that is kept to oneself helps
    nobody.
    """
    figures = symbol_figures(tuple(answers), seconds=seconds)
    shown = [one for one in answers if one.truth is not None]
    right = sum(one.accepted and one.best == one.truth for one in shown)
    return replace(figures, accuracy=rate(right, len(shown)))

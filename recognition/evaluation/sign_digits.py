"""How well digits shown by a hand are read."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recognition.datasets.folder import labelled_files, labelled_pictures
from recognition.evaluation.bootstrap import Interval, draws, interval
from recognition.evaluation.page import thumbnail
from recognition.evaluation.symbols import Answer, Rate, SymbolFigures, rate, symbol_figures
from recognition.picture_files import Skipped
from recognition.sign_digits.preprocess import CLASSES, NONE, place_of_hand, prepare
from recognition.sign_digits.reader import SignDigitReader

# Names as the data set gives them; its files run in groups of ten, a signer each.
_NUMBERED = re.compile(r"IMG_(\d+)\.\w+$")
_FILES_OF_A_SIGNER = 10


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


def sign_digit_figures(answers: Sequence[Answer], *, seconds: float) -> SymbolFigures:
    """As of all symbols, but a digit counts as right only where it was accepted too.

    A door asks again where nothing was accepted, so a right guess that is kept to oneself helps
    nobody. Where names tell the signers (IMG_<number>), intervals are also drawn over signers, and
    the wider one stands.
    """
    figures = symbol_figures(answers, seconds=seconds)
    shown = [one for one in answers if one.truth is not None]
    right = rate(sum(one.accepted and one.best == one.truth for one in shown), len(shown))
    widened = _widened(shown)
    return replace(
        figures,
        accuracy=widened(right, lambda one: one.accepted and one.best == one.truth),
        rejected=widened(figures.rejected, lambda one: not one.accepted),
        wrong_accepted=widened(
            figures.wrong_accepted, lambda one: one.accepted and one.best != one.truth
        ),
    )


def _widened(shown: Sequence[Answer]) -> Callable[[Rate, Callable[[Answer], bool]], Rate]:
    """Widens a rate's interval to what drawing signers again gives."""
    numbers = [_NUMBERED.search(one.name) for one in shown]
    whose = [int(number[1]) // _FILES_OF_A_SIGNER for number in numbers if number]
    if not shown or len(whose) < len(shown):
        return lambda known, _: known
    signers, of = np.unique(whose, return_inverse=True)
    drawn = draws(len(signers))[:, of]

    def widen(known: Rate, counted: Callable[[Answer], bool]) -> Rate:
        hits = np.array([counted(one) for one in shown], np.float64)
        between = interval((drawn @ hits) / drawn.sum(1))
        if between is None:
            return known
        low = min(between.low, known.interval.low)
        return Rate(known.value, Interval(low, max(between.high, known.interval.high)))

    return widen

"""How well signed letters are read."""

import time
from dataclasses import replace

import cv2
import numpy as np

from recognition.datasets.sign_letters import LetterPictures
from recognition.evaluation.symbols import Answer, SymbolFigures, rate, symbol_figures
from recognition.sign_letters.classes import BLANK, CLASSES
from recognition.sign_letters.reader import SignLetterReader


def read_all(reader: SignLetterReader, pictures: LetterPictures) -> tuple[list[Answer], float]:
    """Read all drawings one by one, as a door does; gives the seconds that took as well."""
    answers, seconds = [], 0.0
    for drawing, label, name in zip(
        pictures.drawings, pictures.labels, pictures.names, strict=True
    ):
        started = time.perf_counter()
        (found,) = reader.classify(drawing[np.newaxis])
        seconds += time.perf_counter() - started
        answers.append(
            Answer(
                name=name,
                truth=None if CLASSES[label] == BLANK else CLASSES[label],
                best=found.best,
                accepted=found.accepted,
                confidence=found.confidence,
                picture=np.asarray(cv2.cvtColor(drawing, cv2.COLOR_GRAY2RGB), np.uint8),
            )
        )
    return answers, seconds


def letter_figures(answers: list[Answer], *, seconds: float) -> SymbolFigures:
    """Blank is one of the 27 classes here: `n` and `accuracy` count its pictures too."""
    right = sum(one.best == one.truth for one in answers)
    figures = symbol_figures(answers, seconds=seconds)
    return replace(figures, n=len(answers), accuracy=rate(right, len(answers)))

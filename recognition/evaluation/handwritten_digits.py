"""How well handwritten digits are found and read."""

import time
from collections.abc import Callable, Iterable, Sequence

from recognition.datasets.handwritten_digits import LabelledDigit
from recognition.evaluation.page import thumbnail
from recognition.evaluation.symbols import Answer
from recognition.handwritten_digits.reader import DigitSeen, HandwrittenDigitReader


def read_all(
    reader: HandwrittenDigitReader,
    pictures: Iterable[LabelledDigit],
    *,
    on_picture: Callable[[], None] = lambda: None,
) -> tuple[list[Answer], float]:
    """Find and read the digit of each picture; gives the seconds that took as well.

    A picture shows one digit or none: several that are read are one wrong answer.
    """
    answers, seconds = [], 0.0
    for picture in pictures:
        started = time.perf_counter()
        seen = reader.look(picture.image)
        seconds += time.perf_counter() - started
        answers.append(_answer(picture, seen))
        on_picture()
    return answers, seconds


def _answer(picture: LabelledDigit, seen: Sequence[DigitSeen]) -> Answer:
    # The likeliest digit counts as what was read also where none is likelier: it is not accepted.
    surest = sorted(seen, key=lambda one: -one.confidence)[:1]
    digits = [one for one in seen if one.is_digit] or surest
    accepted = [one for one in digits if one.accepted]
    return Answer(
        name=picture.name,
        truth=picture.digit,
        best="".join(one.digit for one in accepted or digits) or None,
        accepted=bool(accepted),
        confidence=min((one.confidence for one in accepted or digits), default=0.0),
        picture=thumbnail(picture.image),
    )

"""How well symbols are read: digits and letters alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recognition.evaluation.bootstrap import Interval
from recognition.evaluation.wilson import wilson_interval
from recognition.values import Image

NOTHING = "none"
"""How "no symbol" is written in tables."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was read in one labelled picture."""

    name: str
    """The file, or the row of a file."""
    truth: str | None
    """What it shows; None for no symbol."""
    best: str | None
    """The likeliest, accepted or not; None for no symbol."""
    accepted: bool
    """Whether `best` is a symbol and sure enough."""
    confidence: float
    picture: Image
    """RGB, small: what the page shows."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval; both NaN of nothing."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class SymbolFigures:
    """Shares are of the pictures that show a symbol, unless said otherwise."""

    n: int
    """Pictures that show a symbol."""
    accuracy: Rate
    """Likeliest symbol right, accepted or not."""
    accepted_accuracy: Rate
    """Of those accepted, the share that is right."""
    rejected: Rate
    """Not accepted."""
    wrong_accepted: Rate
    """Accepted as another symbol."""
    none_n: int
    """Pictures that show none."""
    none_accepted: Rate
    """Of these, the share accepted as a symbol."""
    ms_per_image: float
    """From the decoded picture to its readings, on one thread."""
    confusion: Mapping[tuple[str, str], int]
    """(what it shows, likeliest) to how many; "none" stands for no symbol."""


def symbol_figures(answers: Sequence[Answer], *, seconds: float) -> SymbolFigures:
    """Measure answers that took so many seconds to read."""
    shown = [one for one in answers if one.truth is not None]
    blank = [one for one in answers if one.truth is None]
    accepted = [one for one in shown if one.accepted]
    right = sum(one.best == one.truth for one in accepted)
    pairs = Counter((one.truth or NOTHING, one.best or NOTHING) for one in answers)
    return SymbolFigures(
        n=len(shown),
        accuracy=rate(sum(one.best == one.truth for one in shown), len(shown)),
        accepted_accuracy=rate(right, len(accepted)),
        rejected=rate(len(shown) - len(accepted), len(shown)),
        wrong_accepted=rate(len(accepted) - right, len(shown)),
        none_n=len(blank),
        none_accepted=rate(sum(one.accepted for one in blank), len(blank)),
        ms_per_image=1000 * seconds / max(1, len(answers)),
        confusion=dict(pairs),
    )


def worst_answers(answers: Sequence[Answer], most: int = 48) -> list[Answer]:
    """The mistakes that hurt most: accepted and wrong, surest first; then the others likewise."""
    wrong = [one for one in answers if one.best != one.truth or (one.accepted and not one.truth)]
    return sorted(wrong, key=lambda one: (not one.accepted, -one.confidence))[:most]


def rate(count: int, of: int) -> Rate:
    """A share and its interval."""
    return Rate(count / of if of else float("nan"), wilson_interval(count, of))

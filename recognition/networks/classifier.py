"""A network whose outputs are classes, with what makes its answers safe to act upon."""

from collections.abc import Sequence
from dataclasses import dataclass

from recognition.networks.network import Batch, SmallNetwork
from recognition.networks.probabilities import probabilities


@dataclass(frozen=True, slots=True)
class Classified:
    """What one picture was taken for."""

    best: str | None
    """The likeliest class; None where that is the class that stands for nothing."""
    confidence: float
    """Its calibrated probability, 0..1."""
    accepted: bool
    """Whether it is a symbol and its confidence reaches the network's threshold."""

    @property
    def symbol(self) -> str | None:
        """The symbol, where it is accepted."""
        return self.best if self.accepted else None


def classify(network: SmallNetwork, batch: Batch, *, nothing: str) -> Sequence[Classified]:
    """Classify prepared pictures (n, channels, height, width); `nothing` names no symbol."""
    known = network.metadata
    chances = probabilities(network.run(batch), known.temperature)
    answers = []
    for row, place in zip(chances, chances.argmax(axis=1), strict=True):
        name, confidence = known.classes[place], float(row[place])
        best = None if name == nothing else name
        accepted = best is not None and confidence >= known.threshold
        answers.append(Classified(best, confidence, accepted))
    return answers

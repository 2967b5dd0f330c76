"""Which people a network learns from, which it is chosen by, and which its figures come from."""

import hashlib
from enum import StrEnum


class Part(StrEnum):
    """What a person's pictures are used for; always all of them for the same."""

    TRAINING = "training"
    CHOICE = "choice"
    """Thresholds and everything else that is chosen by a figure."""
    REPORT = "report"


def part_of(person: str) -> Part:
    """Two in ten people for the report, one for choices, the others for training.

    By a hash of the name alone, so that it is the same wherever the pictures lie.
    """
    tenth = int.from_bytes(hashlib.sha256(person.encode()).digest()[:4], "big") % 10
    return Part.REPORT if tenth < 2 else Part.CHOICE if tenth == 2 else Part.TRAINING

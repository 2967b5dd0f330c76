"""When a decision may open a door."""

from kiosk.answers import Decided

FRESH_S = 8.0
"""A decision about a picture older than this opens nothing: whoever stands there now may be
somebody else."""


def may_open(decided: Decided, age_s: float) -> bool:
    """Whether a decision opens the door, `age_s` after the capture was taken. Pure."""
    return decided.accepted and decided.open_door and 0 <= age_s <= FRESH_S

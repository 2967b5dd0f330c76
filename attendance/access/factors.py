"""What a door wants to be shown, and what of it is still missing."""

from datetime import datetime

from .reasons import ChallengeRule, DoorMode, Factor
from .schedule import holds
from .values import DoorFacts, Holidays

Way = frozenset[Factor]

NUMBER_AND_PIN: Way = frozenset({Factor.NUMBER, Factor.PIN})
"""The way without biometrics; always there."""


def mode_in_force(door: DoorFacts, at: datetime, holidays: Holidays) -> DoorMode:
    """What the door asks for at a time, given in the site's zone."""
    for rule in door.mode_rules:
        if holds(rule.schedule, at, holidays):
            return rule.mode
    return door.mode


def ways_in(mode: DoorMode, challenge: ChallengeRule, *, doubtful: bool) -> frozenset[Way]:
    """Every set of factors that is enough. A face in doubt is never enough without a PIN."""
    if mode is DoorMode.NUMBER_AND_PIN:
        return frozenset({NUMBER_AND_PIN})
    by_face = {Factor.FACE}
    if mode is DoorMode.FACE_AND_PIN or doubtful:
        by_face.add(Factor.PIN)
    if challenge is ChallengeRule.WITH_FACE:
        by_face.add(Factor.CHALLENGE)
    ways = {NUMBER_AND_PIN, frozenset(by_face)}
    if challenge is ChallengeRule.INSTEAD_OF_PIN and Factor.PIN in by_face and not doubtful:
        ways.add(frozenset({Factor.FACE, Factor.CHALLENGE}))
    return frozenset(ways)


def missing(shown: frozenset[Factor], ways: frozenset[Way]) -> frozenset[Factor]:
    """What may be asked for next: empty when one way is complete.

    That is whatever the ways still lack which are nearest to their end.
    """
    lacking = [way - shown for way in ways]
    least = min(map(len, lacking))
    return frozenset().union(*(rest for rest in lacking if len(rest) == least))

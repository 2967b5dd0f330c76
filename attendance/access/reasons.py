"""The words an answer about access is given in. Stored with check-ins, so they never change."""

from enum import IntEnum, StrEnum


class Factor(StrEnum):
    """What a person shows of themselves."""

    FACE = "face"
    PIN = "pin"
    NUMBER = "number"
    """The employee number, typed or signed."""
    CHALLENGE = "challenge"
    """Random digits shown by hand in front of the face: proof of life."""


class DoorMode(StrEnum):
    """What a door asks for. Employee number and PIN together are a way in under every mode."""

    FACE = "face"
    FACE_AND_PIN = "face_and_pin"
    NUMBER_AND_PIN = "number_and_pin"
    FACE_OR_PIN = "face_or_pin"
    """As FACE; the screen offers the number pad from the beginning."""


class ChallengeRule(StrEnum):
    """When a door asks for random digits by sign."""

    NEVER = "never"
    WITH_FACE = "with_face"
    """Whoever comes by face shows them as well."""
    INSTEAD_OF_PIN = "instead_of_pin"
    """Face and digits do where face and PIN are asked for."""


class Direction(StrEnum):
    """Which way through the door."""

    IN = "in"
    OUT = "out"


class AntiPassback(StrEnum):
    """What happens to whoever enters an area twice without leaving it."""

    OFF = "off"
    SOFT = "soft"
    """Let in, and noted."""
    HARD = "hard"
    """Refused, until they left, the time is up, or a guard forgave it."""


class Effect(StrEnum):
    """What a rule of group, door and schedule does."""

    GRANT = "grant"
    REFUSE = "refuse"


class Day(IntEnum):
    """A day of the week, or a holiday."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6
    HOLIDAY = 7


class AccessReason(StrEnum):
    """Why somebody may enter or may not."""

    ALLOWED = "allowed"
    EMERGENCY_OPEN = "emergency_open"
    LOCKDOWN = "lockdown"
    PERSON_INACTIVE = "person_inactive"
    NOT_YET_VALID = "not_yet_valid"
    NO_LONGER_VALID = "no_longer_valid"
    NO_VISIT = "no_visit"
    HOST_INACTIVE = "host_inactive"
    REFUSED_BY_RULE = "refused_by_rule"
    NO_GRANT = "no_grant"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"
    ANTI_PASSBACK = "anti_passback"
    OCCUPANCY_FULL = "occupancy_full"
    FACTOR_MISSING = "factor_missing"
    NO_PIN = "no_pin"
    """Nothing that this person could show would do: the door wants a PIN, and they have none."""
    SECOND_PERSON = "second_person"


class Rule(StrEnum):
    """The rules, in the order in which they are asked; the first that decides is named."""

    EMERGENCY_OPEN = "emergency_open"
    LOCKDOWN = "lockdown"
    PERSON = "person"
    VISIT = "visit"
    REFUSAL = "refusal"
    GRANT = "grant"
    ANTI_PASSBACK = "anti_passback"
    OCCUPANCY = "occupancy"
    FACTORS = "factors"
    TWO_PERSON = "two_person"


class Outcome(StrEnum):
    """How one rule ended."""

    PASSED = "passed"
    NOTED = "noted"
    """Let pass, and to be written down."""
    REFUSED = "refused"
    OPENED = "opened"
    """Decided at once: the rules behind it are not asked."""

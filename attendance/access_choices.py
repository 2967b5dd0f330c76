"""The access policy's closed sets as columns hold them: its values, with labels for people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from attendance import access


class DoorMode(models.TextChoices):
    """What a door asks for."""

    FACE = access.DoorMode.FACE.value, _("face")
    FACE_AND_PIN = access.DoorMode.FACE_AND_PIN.value, _("face and PIN")
    NUMBER_AND_PIN = access.DoorMode.NUMBER_AND_PIN.value, _("employee number and PIN")
    FACE_OR_PIN = access.DoorMode.FACE_OR_PIN.value, _("face, or employee number and PIN")


class ChallengeRule(models.TextChoices):
    """When a door asks for random digits by sign."""

    NEVER = access.ChallengeRule.NEVER.value, _("never")
    WITH_FACE = access.ChallengeRule.WITH_FACE.value, _("with every face")
    INSTEAD_OF_PIN = access.ChallengeRule.INSTEAD_OF_PIN.value, _("instead of the PIN")


class Direction(models.TextChoices):
    """Which way a kiosk lets people through its door."""

    IN = access.Direction.IN.value, _("in")
    OUT = access.Direction.OUT.value, _("out")


class AntiPassback(models.TextChoices):
    """What happens to whoever enters an area twice without leaving it."""

    OFF = access.AntiPassback.OFF.value, _("off")
    SOFT = access.AntiPassback.SOFT.value, _("soft: let in and noted")
    HARD = access.AntiPassback.HARD.value, _("hard: refused")


class Effect(models.TextChoices):
    """What a rule does."""

    GRANT = access.Effect.GRANT.value, _("may enter")
    REFUSE = access.Effect.REFUSE.value, _("may not enter")


class Day(models.IntegerChoices):
    """A day of the week, or a holiday."""

    MONDAY = access.Day.MONDAY.value, _("Monday")
    TUESDAY = access.Day.TUESDAY.value, _("Tuesday")
    WEDNESDAY = access.Day.WEDNESDAY.value, _("Wednesday")
    THURSDAY = access.Day.THURSDAY.value, _("Thursday")
    FRIDAY = access.Day.FRIDAY.value, _("Friday")
    SATURDAY = access.Day.SATURDAY.value, _("Saturday")
    SUNDAY = access.Day.SUNDAY.value, _("Sunday")
    HOLIDAY = access.Day.HOLIDAY.value, _("Holiday")


class Factor(models.TextChoices):
    """What a person shows of themselves."""

    FACE = access.Factor.FACE.value, _("face")
    PIN = access.Factor.PIN.value, _("PIN")
    NUMBER = access.Factor.NUMBER.value, _("employee number")
    CHALLENGE = access.Factor.CHALLENGE.value, _("random digits by sign")


class OverrideKind(models.TextChoices):
    """What a door does for everybody, whatever its rules say."""

    LOCKDOWN = "lockdown", _("lockdown: opens for nobody")
    EMERGENCY_OPEN = "emergency_open", _("emergency: open for everybody")


class OfflineMode(models.TextChoices):
    """What a kiosk may do by itself while the server is away."""

    NOTHING = "nothing", _("nothing: the door stays shut")
    FACES = "faces", _("let in by face")
    PINS = "pins", _("let in by employee number and PIN")
    FACES_AND_PINS = "faces_and_pins", _("let in by face, or by employee number and PIN")

    @property
    def by_face(self) -> bool:
        """Whether a face opens while the server is away."""
        return self in (OfflineMode.FACES, OfflineMode.FACES_AND_PINS)

    @property
    def by_pin(self) -> bool:
        """Whether employee number and PIN open while the server is away."""
        return self in (OfflineMode.PINS, OfflineMode.FACES_AND_PINS)

"""Doors as they begin."""

from attendance.access_choices import Effect
from attendance.models import AccessRule, Door, Group, Kiosk, Schedule, Site


def everybody() -> Group:
    """Return the group of all people but visitors."""
    return Group.objects.get_or_create(everybody=True, defaults={"name": "Everybody"})[0]


def always() -> Schedule:
    """Return the schedule that holds at any time."""
    defaults = {"name": "Always", "minds_holidays": False}
    return Schedule.objects.get_or_create(always=True, defaults=defaults)[0]


def open_door(*, site: Site, name: str) -> Door:
    """Return the door of a name at a site; a new one is open to everybody at any time."""
    door, made = Door.objects.get_or_create(site=site, name=name)
    if made:
        AccessRule.objects.create(
            door=door, group=everybody(), schedule=always(), effect=Effect.GRANT
        )
    return door


def give_door(*, kiosk: Kiosk) -> None:
    """Give a kiosk that stands at no door one of its own name; it is not saved here."""
    if kiosk.door_id is None:
        kiosk.door = open_door(site=kiosk.site, name=kiosk.name)

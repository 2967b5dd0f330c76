"""The roles that accounts of the console may have, beside those who may do everything."""

from django.contrib.auth.models import Group as AccountGroup
from django.contrib.auth.models import Permission

_LOOK = ("door", "area", "checkin", "dooroverride", "forgiveness", "person", "site", "kiosk")
_TABLES = ("group", "schedule", "holidaycalendar", "visitorpass", "door", "area", "person")
_INLINES = ("membership", "scheduleperiod", "holiday", "accessrule", "doormoderule")
ROLES: dict[str, tuple[str, ...]] = {
    # Sees who is where, forgives, and closes or opens the doors when something happens.
    "Guards": (*(f"view_{name}" for name in _LOOK), "add_forgiveness", "override_doors"),
    # Says who may go where, writes down consents, sets PINs; what happens at the doors is not
    # theirs to change.
    "HR": (
        *(f"{what}_{name}" for name in _TABLES for what in ("view", "add", "change")),
        *(f"view_{name}" for name in (*_LOOK, "nightlyreport", "template")),
        *(f"{what}_consent" for what in ("view", "add", "change")),
        *("view_pin", "change_pin", "view_pincounter", "view_pinevent"),
        *(f"{what}_{name}" for name in _INLINES for what in ("view", "add", "change", "delete")),
    ),
}


def make_roles() -> list[str]:
    """Create the roles that are missing and return their names; those that exist stay."""
    made = []
    for name, codenames in ROLES.items():
        role, new = AccountGroup.objects.get_or_create(name=name)
        if new:
            role.permissions.set(
                Permission.objects.filter(
                    content_type__app_label="attendance", codename__in=codenames
                )
            )
            made.append(name)
    return made

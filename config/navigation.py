"""The console's sidebar: what it leads to, each entry for whoever may open it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

Entry = dict[str, Any]


def navigation() -> list[dict[str, Any]]:
    """Return the groups of entries; one without an entry that may be opened is not shown."""
    return [
        {
            "title": _("Today"),
            "items": [
                # Never marked as the page in view: "/" begins every address.
                {**_page(_("Live"), "sensors", "live", "checkin"), "active": lambda request: False},
                _table(_("Reports"), "summarize", "nightlyreport"),
            ],
        },
        {"title": _("People"), "items": _people()},
        {"title": _("Doors"), "items": _doors()},
        {"title": _("Access"), "items": _access()},
        {
            "title": _("Console"),
            "items": [
                _table(_("Accounts"), "manage_accounts", "user", app="auth"),
                _page(_("API"), "api", "api:openapi-view", "kiosk"),
            ],
        },
    ]


def _people() -> list[Entry]:
    return [
        _table(_("People"), "badge", "person"),
        _table(_("Consents"), "handshake", "consent"),
        _table(_("Templates"), "face", "template"),
        _table(_("PINs"), "pin", "pin"),
        _table(_("Locked PINs"), "lock", "pincounter"),
        _table(_("Duress alarms"), "e911_emergency", "duressalarm"),
        _table(_("PIN history"), "history", "pinevent"),
    ]


def _doors() -> list[Entry]:
    return [
        _table(_("Check-ins"), "how_to_reg", "checkin"),
        _table(_("Captures"), "photo_camera", "capture"),
        _table(_("Door events"), "door_front", "doorevent"),
        _table(_("Kiosks"), "tablet_android", "kiosk"),
        _table(_("Sites"), "apartment", "site"),
        _page(_("Strangers and threshold"), "shield_person", "threshold", "matchpolicy"),
        _page(_("Engines"), "memory", "engines", "siteengine"),
        _table(_("Match policy"), "tune", "matchpolicy"),
    ]


def _access() -> list[Entry]:
    return [
        _page(_("May they enter?"), "help", "access-question", "door", "person"),
        _table(_("Doors"), "door_front", "door"),
        _table(_("Groups of people"), "groups", "group"),
        _table(_("Schedules"), "schedule", "schedule"),
        _table(_("Holidays"), "event_busy", "holidaycalendar"),
        _table(_("Visitor passes"), "card_membership", "visitorpass"),
        _table(_("Areas"), "meeting_room", "area"),
        _table(_("Forgiven passbacks"), "undo", "forgiveness"),
        _table(_("Lockdown, emergency"), "emergency_home", "dooroverride"),
    ]


def _table(title: Any, icon: str, model: str, *, app: str = "attendance") -> Entry:
    """A list of the admin, for whoever may see or change its rows."""

    def may_open(request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"{app}.{what}_{model}") for what in ("view", "change"))

    return _entry(title, icon, f"admin:{app}_{model}_changelist", may_open)


def _page(title: Any, icon: str, name: str, *models: str) -> Entry:
    """A page of our own, for whoever may see every table that it shows something of."""

    def may_open(request: HttpRequest) -> bool:
        return request.user.has_perms([f"attendance.view_{model}" for model in models])

    return _entry(title, icon, name, may_open)


def _entry(title: Any, icon: str, name: str, may_open: Callable[[HttpRequest], bool]) -> Entry:
    return {"title": title, "icon": icon, "link": reverse_lazy(name), "permission": may_open}

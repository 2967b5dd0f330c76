"""The console's tables, one file a theme."""

from . import (
    accounts,
    areas,
    doors,
    events,
    groups,
    overrides,
    people,
    pins,
    policy,
    reports,
    schedules,
    visitors,
)

__all__ = [
    "accounts",
    "areas",
    "doors",
    "events",
    "groups",
    "overrides",
    "people",
    "pins",
    "policy",
    "reports",
    "schedules",
    "visitors",
]

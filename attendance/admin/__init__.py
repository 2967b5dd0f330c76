"""The console's tables, one file a theme."""

from . import accounts, doors, events, people, pins, policy, reports

__all__ = ["accounts", "doors", "events", "people", "pins", "policy", "reports"]

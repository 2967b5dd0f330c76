"""Doors behind one protocol: written about, called by web hook, MQTT, or a relay on a pin."""

from kiosk.doors.driver import Door, DoorEvent, EventKind, FailMode, Report
from kiosk.doors.freshness import FRESH_S, may_open
from kiosk.doors.log import LogDoor

__all__ = [
    "FRESH_S",
    "Door",
    "DoorEvent",
    "EventKind",
    "FailMode",
    "LogDoor",
    "Report",
    "may_open",
]

"""The tables of Lintel, one theme a file."""

from .area import Area, Forgiveness
from .calibration import EngineCalibration
from .capture import Capture
from .check_in import CheckIn
from .consent import Consent
from .door import AccessRule, Door, DoorModeRule
from .door_event import DoorEvent
from .engine import EngineFault, EngineSwitch, SiteEngine
from .entry import DuressAlarm, Entry, FactorRequest
from .gallery import GalleryState
from .group import Group, Membership
from .holiday import Holiday, HolidayCalendar
from .kept_face import EmbeddingAttempt, KeptFace
from .kiosk import Kiosk
from .override import DoorOverride
from .passage import Passage
from .person import Person
from .pin import Pin, PinCounter, PinEvent
from .policy import MatchPolicy
from .report import NightlyReport
from .schedule import Schedule, SchedulePeriod
from .site import Site
from .template import Template
from .visitor_pass import VisitorPass

__all__ = [
    "AccessRule",
    "Area",
    "Capture",
    "CheckIn",
    "Consent",
    "Door",
    "DoorEvent",
    "DoorModeRule",
    "DoorOverride",
    "DuressAlarm",
    "EmbeddingAttempt",
    "EngineCalibration",
    "EngineFault",
    "EngineSwitch",
    "Entry",
    "FactorRequest",
    "Forgiveness",
    "GalleryState",
    "Group",
    "Holiday",
    "HolidayCalendar",
    "KeptFace",
    "Kiosk",
    "MatchPolicy",
    "Membership",
    "NightlyReport",
    "Passage",
    "Person",
    "Pin",
    "PinCounter",
    "PinEvent",
    "Schedule",
    "SchedulePeriod",
    "Site",
    "SiteEngine",
    "Template",
    "VisitorPass",
]

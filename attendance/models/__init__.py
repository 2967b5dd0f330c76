"""The tables of Lintel, one theme a file."""

from .capture import Capture
from .check_in import CheckIn
from .consent import Consent
from .engine import EngineSwitch, SiteEngine
from .gallery import GalleryState
from .kiosk import Kiosk
from .person import Person
from .pin import Pin, PinCounter, PinEvent
from .policy import MatchPolicy
from .report import NightlyReport
from .site import Site
from .template import Template

__all__ = [
    "Capture",
    "CheckIn",
    "Consent",
    "EngineSwitch",
    "GalleryState",
    "Kiosk",
    "MatchPolicy",
    "NightlyReport",
    "Person",
    "Pin",
    "PinCounter",
    "PinEvent",
    "Site",
    "SiteEngine",
    "Template",
]

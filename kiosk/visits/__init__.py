"""Who stands before the door, and when to ask the server about them: pure, without a clock.

A visit is one person's stay. It is told what was seen and what was answered, with the time as an
argument, and says what is to be done. No picture is touched here, nothing is sent from here.
"""

from kiosk.visits.gathering import Gathering
from kiosk.visits.ledger import Check, Effect, Ready, Standing, Visits
from kiosk.visits.rules import VisitRules
from kiosk.visits.sighting import Sighting
from kiosk.visits.visit import Outcome, Phase

__all__ = [
    "Check",
    "Effect",
    "Gathering",
    "Outcome",
    "Phase",
    "Ready",
    "Sighting",
    "Standing",
    "VisitRules",
    "Visits",
]

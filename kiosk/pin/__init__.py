"""Ways in beside the face: a PIN by hand, on paper or by key, a number, a challenge. Pure inside.

An entry is told what was read and which key was pressed, with the time as an argument, and says
what is to be sent. Digits are held in a value that no text shows.
"""

from kiosk.pin.digits import Digits
from kiosk.pin.entry import Cancelled, Effect, Entry, Given
from kiosk.pin.guide import pin_guide
from kiosk.pin.rules import EntryRules
from kiosk.pin.values import Ask, EntryView, Field, Key, Ring, Seen, Source

__all__ = [
    "Ask",
    "Cancelled",
    "Digits",
    "Effect",
    "Entry",
    "EntryRules",
    "EntryView",
    "Field",
    "Given",
    "Key",
    "Ring",
    "Seen",
    "Source",
    "pin_guide",
]

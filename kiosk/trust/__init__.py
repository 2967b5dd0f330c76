"""Who the kiosk is and whom it believes: its key, its signatures, its server's signatures."""

from kiosk.trust.identity import Identity
from kiosk.trust.signing import Trust

__all__ = ["Identity", "Trust"]

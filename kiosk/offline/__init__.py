"""What the kiosk does while the server is away, as far as its door's policy lets it."""

from kiosk.offline.keeper import OfflineKeeper
from kiosk.offline.pack import OfflinePack, parse_pack
from kiosk.offline.pins import OfflinePins

__all__ = ["OfflineKeeper", "OfflinePack", "OfflinePins", "parse_pack"]

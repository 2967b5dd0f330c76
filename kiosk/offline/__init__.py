"""What the kiosk does while the server is away, as far as its door's policy lets it."""

from kiosk.offline.keeper import OfflineKeeper
from kiosk.offline.pack import OfflinePack, parse_pack

__all__ = ["OfflineKeeper", "OfflinePack", "parse_pack"]

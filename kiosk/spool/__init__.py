"""What has to reach the server, kept on disk, sealed, until the server has it."""

from kiosk.spool.parcel import Reading, parcel_of, reading_of, unpacked
from kiosk.spool.spool import Entry, Kind, Spool, SpoolState
from kiosk.spool.vault import Vault

__all__ = [
    "Entry",
    "Kind",
    "Reading",
    "Spool",
    "SpoolState",
    "Vault",
    "parcel_of",
    "reading_of",
    "unpacked",
]

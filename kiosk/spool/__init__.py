"""What has to reach the server, kept on disk, sealed, until the server has it."""

from kiosk.spool.parcel import (
    LateEntry,
    Reading,
    entry_parcel,
    parcel_of,
    reading_of,
    unpacked,
    unpacked_entry,
)
from kiosk.spool.spool import Entry, Kind, Spool, SpoolState
from kiosk.spool.vault import Vault

__all__ = [
    "Entry",
    "Kind",
    "LateEntry",
    "Reading",
    "Spool",
    "SpoolState",
    "Vault",
    "entry_parcel",
    "parcel_of",
    "reading_of",
    "unpacked",
    "unpacked_entry",
]

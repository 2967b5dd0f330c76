"""The spool: an SQLite file in which things wait, in their order, until the server has them.

Written through to the disk (WAL with synchronous=FULL) before anybody hears that it is kept, so a
power cut loses nothing that was promised. Bounded: when it is full it refuses and drops nothing.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

from kiosk.errors import SealError, SpoolError, SpoolFullError
from kiosk.spool.vault import Vault

log = logging.getLogger(__name__)

NAME = "spool.sqlite"
MOST_BYTES = 256 * 2**20
"""Room for some 1,500 captures of five frames: two days of a busy door. A card has it to spare."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    mark TEXT NOT NULL UNIQUE,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    sealed BLOB NOT NULL,
    size INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    aside TEXT NOT NULL DEFAULT ''
)
"""


class Kind(StrEnum):
    """What an entry is."""

    CAPTURE = "capture"
    EVENT = "event"
    """Something that happened at the door: held open, forced."""
    ENTRY = "entry"
    """A number and PIN that was checked offline; never the PIN."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that waits."""

    number: int
    """Its place in the order; never given twice."""
    id: UUID
    """What the server knows it by."""
    kind: Kind
    content: bytes
    failures: int = 0
    """How often the server gave up on it."""


@dataclass(frozen=True, slots=True)
class SpoolState:
    """How full the spool is."""

    waiting: int
    size: int
    """Bytes."""
    most: int
    aside: int
    """Entries that the server will never take, or that do not open."""
    damaged: str = ""
    """Name under which a damaged file was set aside when the kiosk started."""


class Spool:
    """Keeps entries in order. Thread safe; each call waits for the disk, so make it in a thread."""

    def __init__(self, folder: Path, vault: Vault, *, most: int = MOST_BYTES) -> None:
        """Open the spool in a folder, or begin one; `most` is in bytes.

        A file that is damaged is set aside under another name, never deleted: what can be read of
        it may still be wanted. Raises SpoolError when there can be none at all.
        """
        self.path = folder / NAME
        self.most = most
        self._vault = vault
        self._lock = threading.Lock()
        self._damaged = ""
        try:
            self._database = self._open()
        except sqlite3.DatabaseError as error:
            self._set_aside(error)
            self._database = self._opened_anew()

    def add(self, entry_id: UUID, kind: Kind, content: bytes) -> int:
        """Keep something; on the disk when this returns. Returns its number.

        The same id again is the same entry. Raises SpoolFullError or SpoolError.
        """
        mark = uuid4().hex
        sealed = self._vault.seal(content, self._name(mark, kind))
        with self._transaction() as database:
            known = database.execute("SELECT number FROM entry WHERE id = ?", [str(entry_id)])
            if row := known.fetchone():
                return int(row[0])
            (size,) = database.execute("SELECT coalesce(sum(size), 0) FROM entry").fetchone()
            if size + len(sealed) > self.most:
                raise SpoolFullError(
                    f"The spool is full ({size / 2**20:.0f} of {self.most / 2**20:.0f} MiB)."
                )
            cursor = database.execute(
                "INSERT INTO entry (mark, id, kind, sealed, size) VALUES (?, ?, ?, ?, ?)",
                [mark, str(entry_id), kind.value, sealed, len(sealed)],
            )
            return int(cursor.lastrowid or 0)

    def oldest(self, *, after: int = 0) -> Entry | None:
        """The first entry in order with a number above `after`; None when none waits.

        One that does not open any more is set aside on the way. Raises SpoolError.
        """
        while True:
            with self._transaction() as database:
                row = database.execute(
                    "SELECT number, mark, id, kind, sealed, failures FROM entry "
                    "WHERE aside = '' AND number > ? ORDER BY number LIMIT 1",
                    [after],
                ).fetchone()
            if row is None:
                return None
            number, mark, entry_id, kind, sealed, failures = row
            try:
                content = self._vault.open(sealed, self._name(mark, Kind(kind)))
                return Entry(number, UUID(entry_id), Kind(kind), content, failures)
            except (SealError, ValueError) as error:
                log.critical("An entry of the spool cannot be read and is set aside: %s", error)
                self.set_aside(number, "unreadable")

    def waiting(self, kind: Kind) -> tuple[Entry, ...]:
        """All that waits of one kind, in its order; what cannot be read is left out.

        Raises SpoolError.
        """
        with self._transaction() as database:
            rows = database.execute(
                "SELECT number, mark, id, sealed, failures FROM entry "
                "WHERE aside = '' AND kind = ? ORDER BY number",
                [kind.value],
            ).fetchall()
        found = []
        for number, mark, entry_id, sealed, failures in rows:
            try:
                content = self._vault.open(sealed, self._name(mark, kind))
                found.append(Entry(number, UUID(entry_id), kind, content, failures))
            except (SealError, ValueError) as error:
                log.warning("An entry of the spool cannot be read: %s", error)
        return tuple(found)

    def replace(self, number: int, content: bytes) -> None:
        """Put other content in an entry's place. Raises SpoolError."""
        with self._transaction() as database:
            row = database.execute("SELECT mark, kind FROM entry WHERE number = ?", [number])
            found = row.fetchone()
            if found is None:
                raise SpoolError(f"The spool has no entry {number}.")
            mark, kind = found
            sealed = self._vault.seal(content, self._name(mark, Kind(kind)))
            database.execute(
                "UPDATE entry SET sealed = ?, size = ? WHERE number = ?",
                [sealed, len(sealed), number],
            )

    def remove(self, number: int) -> None:
        """The server has it. Raises SpoolError."""
        with self._transaction() as database:
            database.execute("DELETE FROM entry WHERE number = ?", [number])

    def rename(self, number: int, new_id: UUID) -> None:
        """The server gave up on it under its id: it goes again under another, in its old place."""
        with self._transaction() as database:
            database.execute(
                "UPDATE entry SET id = ?, failures = failures + 1 WHERE number = ?",
                [str(new_id), number],
            )

    def set_aside(self, number: int, why: str) -> None:
        """It stays and is never sent. Raises SpoolError."""
        with self._transaction() as database:
            database.execute("UPDATE entry SET aside = ? WHERE number = ?", [why, number])

    def state(self) -> SpoolState:
        """How full it is. Raises SpoolError."""
        with self._transaction() as database:
            waiting, aside, size = database.execute(
                "SELECT count(*) FILTER (WHERE aside = ''), count(*) FILTER (WHERE aside != ''), "
                "coalesce(sum(size), 0) FROM entry"
            ).fetchone()
        return SpoolState(waiting, size, self.most, aside, self._damaged)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    yield self._database
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                raise SpoolError(f"The spool {self.path} does not work ({error}).") from error

    def _open(self) -> sqlite3.Connection:
        # Made owner-only before SQLite writes: its companions take the file's rights.
        self.path.touch(mode=0o600)
        database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            _check(database)
            database.execute(SCHEMA)
            database.execute(
                "SELECT number, mark, id, kind, sealed, size, failures, aside FROM entry"
            )
        except BaseException:
            database.close()
            raise
        return database

    def _opened_anew(self) -> sqlite3.Connection:
        try:
            return self._open()
        except (sqlite3.Error, OSError) as error:
            raise SpoolError(f"There can be no spool at {self.path} ({error}).") from error

    def _set_aside(self, error: Exception) -> None:
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
        self._damaged = f"{self.path.stem}.damaged-{moment}"
        log.critical(
            "The spool is damaged (%s): set aside as %s, what waited in it was not sent.",
            error,
            self._damaged,
        )
        for end in ("", "-wal", "-shm"):
            companion = self.path.with_name(self.path.name + end)
            if companion.exists():
                companion.rename(self.path.with_name(self._damaged + end))

    @staticmethod
    def _name(mark: str, kind: Kind) -> str:
        return f"lintel spool 1 {kind.value} {mark}"


def _check(database: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError when the file is damaged."""
    (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)

"""The people a kiosk may let in while it is cut off: signed by the server, with an end."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from kiosk.errors import SealError
from kiosk.trust.signing import is_signed
from recognition import EngineId, Gallery, MatchRule

FORM = "lintel-offline-1"


@dataclass(frozen=True, slots=True)
class OfflinePerson:
    """Somebody who may be let in, and when."""

    id: UUID
    name: str
    windows: tuple[tuple[datetime, datetime], ...]

    def may_enter(self, at: datetime) -> bool:
        """Whether a moment lies in one of the windows."""
        return any(begin <= at < end for begin, end in self.windows)


@dataclass(frozen=True, slots=True, eq=False)
class OfflinePack:
    """Everything an offline decision is made with."""

    issued_at: datetime
    expires_at: datetime
    engine: EngineId
    rule: MatchRule
    min_face_px: int
    gallery: Gallery
    people: Mapping[str, OfflinePerson]

    def holds(self, at: datetime) -> bool:
        """Whether it may be gone by at a moment; a clock that was set back brings nothing back."""
        return self.issued_at <= at < self.expires_at


def parse_pack(content: bytes, signature: str, *, kiosk: str, server_key: str) -> OfflinePack:
    """Read a pack. Raises SealError when it is not this server's, not this kiosk's, or none."""
    signed = "\n".join([FORM, kiosk, hashlib.sha256(content).hexdigest()]).encode()
    if not is_signed(server_key, signature, signed):
        raise SealError("The offline gallery is not signed by our server for this kiosk.")
    try:
        fields = json.loads(content)
        engine = EngineId(**fields["engine"])
        people, labels, vectors = {}, [], []
        for row in fields["people"]:
            person = OfflinePerson(UUID(row["id"]), str(row["name"]), windows_of(row["windows"]))
            people[str(person.id)] = person
            for vector in row["vectors"]:
                labels.append(str(person.id))
                vectors.append(np.frombuffer(base64.b64decode(vector), "<f4").astype(np.float32))
        stacked = np.stack(vectors) if vectors else np.empty((0, 1), np.float32)
        return OfflinePack(
            issued_at=moment_of(fields["issued_at"]),
            expires_at=moment_of(fields["expires_at"]),
            engine=engine,
            rule=MatchRule(float(fields["threshold"]), float(fields["margin"])),
            min_face_px=int(fields["min_face_px"]),
            gallery=Gallery(engine, labels, stacked),
            people=people,
        )
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise SealError(f"The offline gallery cannot be read ({error}).") from error


def moment_of(text: str) -> datetime:
    """A time with its zone. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def windows_of(pairs: Iterable[list[str]]) -> tuple[tuple[datetime, datetime], ...]:
    """Stretches of time, their ends not included. Raises ValueError."""
    return tuple((moment_of(begin), moment_of(end)) for begin, end in pairs)

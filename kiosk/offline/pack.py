"""The people a kiosk may let in while it is cut off: signed by the server, with an end."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from kiosk.errors import SealError
from kiosk.offline.spans import Span, Windows, validity_of, windows_of
from kiosk.trust.signing import is_signed
from recognition import EngineId, Gallery, MatchRule

FORM = "lintel-offline-1"


@dataclass(frozen=True, slots=True)
class OfflinePerson:
    """Somebody who may be let in, and when."""

    id: UUID
    name: str
    windows: Windows


@dataclass(frozen=True, slots=True, eq=False)
class OfflinePack:
    """Everything an offline decision is made with."""

    validity: Span
    engine: EngineId
    rule: MatchRule
    min_face_px: int
    gallery: Gallery
    people: Mapping[str, OfflinePerson]


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
            validity=validity_of(fields),
            engine=engine,
            rule=MatchRule(float(fields["threshold"]), float(fields["margin"])),
            min_face_px=int(fields["min_face_px"]),
            gallery=Gallery(engine, labels, stacked),
            people=people,
        )
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise SealError(f"The offline gallery cannot be read ({error}).") from error

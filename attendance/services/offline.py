"""What a kiosk may go by while it is cut off: people who may enter at its door, and when.

Signed by the server and bound to the kiosk, so that it serves nobody else; with an end, so that
whoever is taken off the list is off every list within hours.
"""

import base64
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from attendance.access import AccessQuestion, Factor
from attendance.access.windows import Window, windows
from attendance.access_choices import Direction, OfflineMode
from attendance.errors import SealBroken
from attendance.models import Kiosk, Person, Template
from attendance.selectors.access import Attempt, access_questions
from attendance.selectors.door_rules import kiosk_at_door
from attendance.selectors.permitted import next_consent_change, permitted_people
from recognition import EngineId, load_engine

from . import server_key
from .policies import current_policy
from .sealing import open_vector

logger = logging.getLogger(__name__)

FORM = "lintel-offline-1"


@dataclass(frozen=True)
class OfflinePack:
    """The pack as bytes, and the server's signature over it; both empty where nothing may be."""

    pack: bytes = b""
    signature: str = ""


def offline_pack(*, kiosk: Kiosk, now: datetime) -> OfflinePack:
    """Make a kiosk's pack for the hours to come; an empty one where its door may do nothing."""
    at_door = kiosk_at_door(kiosk_id=kiosk.pk)
    door = at_door.door
    if not OfflineMode(door.offline).by_face:
        return OfflinePack()
    policy, engine = current_policy(), load_engine().id
    if policy.engine_name != engine.name:
        # The kiosk has the built-in engine alone; vectors of another mean nothing to it.
        logger.warning(
            "kiosk %s: no offline faces with the engine %s", kiosk.pk, policy.engine_name
        )
        return OfflinePack()
    ends = [now + timedelta(hours=door.offline_hours), next_consent_change(after=now)]
    until = min(end for end in ends if end is not None)
    # Visitors are let in by a server that answers.
    people = permitted_people(at=now).filter(visitor=False).order_by("pk")
    by_face = frozenset({Factor.FACE})
    allowed = hours_of_all(people.iterator(), at_door, by_face, now=now, until=until)
    vectors = _vectors(allowed, engine)
    pack = {
        "kiosk": str(kiosk.pk),
        "door": door.name,
        "issued_at": now.isoformat(),
        "expires_at": until.isoformat(),
        "engine": {"name": engine.name, "version": engine.version},
        "threshold": policy.threshold,
        "margin": policy.margin,
        "min_face_px": policy.min_face_px,
        "people": [
            {
                "id": str(person.pk),
                "name": person.display_name,
                "windows": as_json(stretches),
                "vectors": vectors[person.pk],
            }
            for person, stretches in allowed.items()
            if vectors[person.pk]
        ],
    }
    content = json.dumps(pack).encode()
    return OfflinePack(content, server_key.sign(signed_form(str(kiosk.pk), content)))


def signed_form(kiosk: str, pack: bytes) -> bytes:
    """Return what the server signs of a pack."""
    return "\n".join([FORM, kiosk, hashlib.sha256(pack).hexdigest()]).encode()


def hours_of_all(
    people: Iterable[Person],
    kiosk: Kiosk,
    factors: frozenset[Factor],
    *,
    now: datetime,
    until: datetime,
) -> dict[Person, tuple[Window, ...]]:
    """Return who may enter at a kiosk's door by these factors, and when, as things stand now.

    In a few queries, however many there are; whoever may not at any time is left out.
    """
    attempt = Attempt(Direction(kiosk.direction), factors, now)
    found = {}
    # Most people differ in nothing that matters here, and windows are dear: hundreds of questions.
    known: dict[AccessQuestion, tuple[Window, ...]] = {}
    for person, question in access_questions(
        people=people, door=kiosk.door, attempt=attempt, overrides_at=now
    ):
        # An emergency is over when the server falls silent; a lockdown is not.
        asked = replace(question, door=replace(question.door, emergency_open=""))
        if not asked.companions:
            asked = replace(asked, person=replace(asked.person, key=""))
        if asked not in known:
            known[asked] = windows(asked, until=until)
        if known[asked]:
            found[person] = known[asked]
    return found


def as_json(stretches: Iterable[Window]) -> list[list[str]]:
    """Return stretches of time as a list for a kiosk has them."""
    return [[stretch.begin.isoformat(), stretch.end.isoformat()] for stretch in stretches]


def _vectors(people: Iterable[Person], engine: EngineId) -> defaultdict[object, list[str]]:
    found: defaultdict[object, list[str]] = defaultdict(list)
    wanted = {person.pk for person in people}
    templates = Template.objects.filter(engine_name=engine.name, engine_version=engine.version)
    for template in templates.iterator():
        if template.person_id not in wanted:
            continue
        try:
            vector = open_vector(
                sealed=bytes(template.sealed_vector), person_id=template.person_id, engine=engine
            )
        except SealBroken:
            logger.exception("template %s does not open and is left out", template.pk)
            continue
        found[template.person_id].append(base64.b64encode(vector.astype("<f4").tobytes()).decode())
    return found

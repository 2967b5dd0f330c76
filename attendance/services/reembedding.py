"""Templates of another engine from kept faces, some at a time, while the doors go on.

Another engine is one that a switch waits for, or the one in force as a new release brings it.
"""

import logging
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from attendance.choices import TemplateSource
from attendance.errors import SealBroken
from attendance.models import KeptFace, Person, Template
from attendance.selectors.engines import open_switch, people_to_renew
from attendance.selectors.permitted import permitted_people
from recognition import DecodeError, Engine, ProbeRefused, decode

from .engines import engine_of, finish_switch
from .enrolment import enrolment_probe, store_probe
from .policies import current_policy
from .sealing import open_face

logger = logging.getLogger(__name__)

# Faces in one go: a second of work, so that a capture never waits long for its worker.
AT_ONCE = 16
# The face was large enough for the engine that it was enrolled with.
_SMALLEST_PX = 40


@dataclass(frozen=True)
class Batch:
    """What one go has done, and where the next one begins; None where there is nothing left."""

    embedded: int
    after: uuid.UUID | None


def embed_kept_faces(*, after: uuid.UUID | None = None) -> Batch:
    """Make templates of the next kept faces for the engine that a switch waits for.

    Without a switch, for the engine in force, of people whom an older version of it knows.
    Faces that already have one are passed over, so this may run twice. At the end the switch is
    made, if nobody is missing.
    """
    switch, now = open_switch(), timezone.now()
    if switch is None:
        engine = engine_of(name=current_policy().engine_name)
        people = people_to_renew(engine=engine.id, at=now)
    else:
        engine, people = engine_of(name=switch.engine_name), permitted_people(at=now)
    faces = list(_waiting(engine, people, after)[:AT_ONCE])
    made = [_embed(face, engine) for face in faces]
    if len(faces) == AT_ONCE:
        return Batch(sum(made), faces[-1].pk)
    finish_switch()
    return Batch(sum(made), None)


def _waiting(
    engine: Engine, people: QuerySet[Person], after: uuid.UUID | None
) -> QuerySet[KeptFace]:
    """Kept faces of these people that the engine has no template of."""
    made = Template.objects.filter(
        person=OuterRef("person"),
        picture_digest=OuterRef("picture_digest"),
        engine_name=engine.id.name,
        engine_version=engine.id.version,
    )
    faces = (
        KeptFace.objects.filter(~Exists(made), person__in=people)
        .select_related("person")
        .order_by("pk")
    )
    return faces if after is None else faces.filter(pk__gt=after)


def _embed(face: KeptFace, engine: Engine) -> bool:
    """Say whether a template was made; who is refused is asked to enrol again."""
    try:
        picture = open_face(sealed=bytes(face.sealed_picture), person_id=face.person_id)
        probe = enrolment_probe(decode(picture), engine, _SMALLEST_PX)
    except (SealBroken, DecodeError, ProbeRefused) as refused:
        logger.info("no template of kept face %s: %s", face.pk, refused)
        return False
    store_probe(face.person, face.picture_digest, probe, TemplateSource.KEPT)
    return True

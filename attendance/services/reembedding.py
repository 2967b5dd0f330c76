"""Templates from kept faces, some at a time, while the doors go on.

First for the engine in force, where a release has brought another version of it or a switch has
left people behind: no door recognises them. Then for the engine that a switch waits for.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from attendance.choices import TemplateSource
from attendance.errors import SealBroken
from attendance.models import EmbeddingAttempt, KeptFace, Person, Template
from attendance.selectors.engines import (
    faces_to_take_up,
    installed_id,
    open_switch,
    people_to_renew,
)
from attendance.selectors.permitted import permitted_people
from recognition import (
    DecodeError,
    Engine,
    EngineError,
    EngineId,
    Probe,
    ProbeRefused,
    TrialUnderWay,
    decode,
)

from .engine_faults import clear_fault, note_fault
from .engines import engine_of, finish_switch
from .enrolment import enrolment_probe, store_probe
from .policies import current_policy
from .sealing import open_face

logger = logging.getLogger(__name__)

# Faces in one go: a second of work, so that a capture never waits long for its worker.
AT_ONCE = 16
# The face was large enough for the engine that it was enrolled with.
_SMALLEST_PX = 40
# Seconds for which this work, which nobody waits for, lets its worker wait for an engine's trial.
_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Batch:
    """What one go has done."""

    embedded: int
    more: bool
    """Whether there may be more to do, now or once an engine was tried out; False as well where
    others are at all that is left."""


@dataclass(frozen=True)
class _Work:
    """An engine that lacks templates, and whose they are."""

    engine: EngineId
    people: QuerySet[Person]


def embed_kept_faces() -> Batch:
    """Make templates of the next kept faces; at the end make the switch, if nobody is missing.

    Several may do this at the same time: each face is taken up once for an engine.
    """
    broken = tried_out = False
    for work in _works():
        faces = list(_waiting(work)[:AT_ONCE])
        if not faces:
            continue
        try:
            engine = engine_of(name=work.engine.name, patience_s=_PATIENCE_S)
            outcomes = _embed_all(faces, engine)
        except EngineError as error:
            # What another engine lacks does not wait for this one to be mended.
            logger.exception("no templates by %s", work.engine)
            note_fault(engine_name=work.engine.name, fault=str(error))
            broken, tried_out = True, isinstance(error, TrialUnderWay) or tried_out
            continue
        clear_fault(engine_name=work.engine.name)
        return Batch(sum(outcomes), more=bool(outcomes))
    if not broken:
        finish_switch()
    return Batch(0, more=tried_out)


def forget_attempts() -> None:
    """Let every kept face without a template be looked at once more.

    One may have been cut off with its worker, or not have opened for want of the right key.
    """
    EmbeddingAttempt.objects.all().delete()


def _works() -> Iterator[_Work]:
    now, switch = timezone.now(), open_switch()
    in_force = installed_id(current_policy().engine_name)
    yield _Work(in_force, people_to_renew(engine=in_force, at=now))
    if switch is not None:
        yield _Work(installed_id(switch.engine_name), permitted_people(at=now))


def _waiting(work: _Work) -> QuerySet[KeptFace]:
    """Kept faces that nobody has taken up, of people whom the engine does not know at all first."""
    known = Template.objects.filter(
        person=OuterRef("person"),
        engine_name=work.engine.name,
        engine_version=work.engine.version,
    )
    return (
        faces_to_take_up(engine=work.engine)
        .filter(person__in=work.people)
        .select_related("person")
        .order_by(Exists(known), "pk")
    )


def _embed_all(faces: list[KeptFace], engine: Engine) -> list[bool]:
    """Say of each face that nobody else has taken up whether a template was made of it."""
    outcomes = []
    for face in faces:
        try:
            attempt, mine = EmbeddingAttempt.objects.get_or_create(
                face=face, engine_name=engine.id.name, engine_version=engine.id.version
            )
        except IntegrityError:
            logger.info("kept face %s was forgotten", face.pk)
            outcomes.append(False)
            continue
        if mine:
            outcomes.append(_embed(attempt, face, engine))
    return outcomes


def _embed(attempt: EmbeddingAttempt, face: KeptFace, engine: Engine) -> bool:
    """Say whether a template was made; who is refused is asked to enrol again."""
    try:
        picture = open_face(sealed=bytes(face.sealed_picture), person_id=face.person_id)
        probe = enrolment_probe(decode(picture), engine, _SMALLEST_PX)
    except (SealBroken, DecodeError, ProbeRefused) as refused:
        logger.info("no template of kept face %s: %s", face.pk, refused)
        EmbeddingAttempt.objects.filter(pk=attempt.pk).update(refused_at=timezone.now())
        return False
    except EngineError:
        # Nothing is known of the face; it waits until the engine is mended.
        attempt.delete()
        raise
    return _store(attempt, face, probe)


def _store(attempt: EmbeddingAttempt, face: KeptFace, probe: Probe) -> bool:
    """Store the template, unless the face was forgotten meanwhile: with its consent or person."""
    try:
        with transaction.atomic():
            store_probe(face.person, face.picture_digest, probe, TemplateSource.KEPT)
            # Last, in the order in which a withdrawn consent takes the same locks.
            if EmbeddingAttempt.objects.filter(pk=attempt.pk).delete()[0]:
                return True
            transaction.set_rollback(True)
    except IntegrityError:
        # Its person went as well.
        logger.info("kept face %s was forgotten", face.pk)
    return False

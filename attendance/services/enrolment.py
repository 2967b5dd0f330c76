"""Enrolment: pictures in, sealed templates out, or a reason a person can act on."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.choices import ReasonCode, TemplateSource
from attendance.errors import EnrolmentRefused
from attendance.messages import advice_message, message_for, picture_message
from attendance.models import Person, Template
from recognition import (
    ENROLMENT_GATES,
    WARNING_GATES,
    DecodeError,
    Engine,
    EngineError,
    Face,
    Image,
    Probe,
    ProbeRefused,
    advice_for,
    decode,
    gate,
    probe_from_images,
)

from .decisions import gallery_cache
from .engines import candidate_engine, engine_of
from .enrolment_lock import one_enrolment_at_a_time
from .gallery import LoadedGallery
from .kept_faces import crop_of, keep_faces
from .likeness import unlike_the_others
from .policies import current_policy
from .sealing import seal_vector

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Picture:
    """An enrolment picture as it came: its file's name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class PictureOutcome:
    """What became of one enrolment picture; ``code`` is stable, ``message`` is for people."""

    name: str
    accepted: bool
    code: str
    message: str
    warning: str = ""
    """What speaks against an accepted picture, though not enough to refuse it; mostly empty."""


@dataclass(frozen=True)
class ExaminedPicture:
    """A picture after the quality gate: with a probe, or with the reason it has none."""

    name: str
    digest: str
    probe: Probe | None
    refusal: PictureOutcome | None
    crop: bytes = field(default=b"", repr=False)
    """The face with its surroundings, for engines to come; empty where it was refused."""
    second: Probe | None = None
    """By the engine that a switch waits for; None where there is none, or it finds no good face."""
    warning: str = ""

    @property
    def probes(self) -> list[Probe]:
        """Return the probes that become templates, one for each engine."""
        return [probe for probe in (self.probe, self.second) if probe is not None]


def enrol_pictures(
    *,
    person: Person,
    pictures: Iterable[Picture],
    source: TemplateSource,
    min_face_px: int | None = None,
) -> list[PictureOutcome]:
    """Make a template of each picture of a person, or say why not.

    A picture passes when exactly one face is in it, large, sharp, lit and frontal enough, and
    that face is nobody else's. The same picture again is accepted and stored once.
    """
    examined = examine_pictures(pictures=pictures, min_face_px=min_face_px)
    outcomes = store_examined(person=person, examined=examined, source=source)
    keep_accepted(person=person, examined=examined, outcomes=outcomes)
    return outcomes


def examine_pictures(
    *, pictures: Iterable[Picture], min_face_px: int | None = None
) -> list[ExaminedPicture]:
    """Put each picture through the quality gate; nothing is stored."""
    smallest = min_face_px or current_policy().enrolment_min_face_px
    engine = engine_of(name=current_policy().engine_name)
    candidate = candidate_engine()
    return [_examine(picture, smallest, engine, candidate) for picture in pictures]


def store_examined(
    *, person: Person, examined: Sequence[ExaminedPicture], source: TemplateSource
) -> list[PictureOutcome]:
    """Store the pictures that passed as templates of a person, all in one transaction."""
    with one_enrolment_at_a_time():
        checked = [refuse_somebody_elses(person=person, picture=picture) for picture in examined]
        checked = _with_doubts(person, checked)
        with transaction.atomic():
            return [picture.refusal or _store(person, picture, source) for picture in checked]


def keep_accepted(
    *, person: Person, examined: Sequence[ExaminedPicture], outcomes: Sequence[PictureOutcome]
) -> None:
    """Keep the faces of the pictures that were enrolled, where the person agreed to that."""
    pairs = zip(examined, outcomes, strict=True)
    keep_faces(
        person=person,
        faces=[(one.digest, one.crop) for one, outcome in pairs if outcome.accepted and one.crop],
    )


def _with_doubts(person: Person, pictures: Sequence[ExaminedPicture]) -> list[ExaminedPicture]:
    """Point out pictures that may be somebody else's, who is not enrolled."""
    far = unlike_the_others(
        person=person,
        probes=[picture.probe for picture in pictures],
        engine=engine_of(name=current_policy().engine_name),
    )
    words = _("This face is unlike the other pictures of %s: make sure that it is nobody else's.")
    return [
        replace(picture, warning=" ".join(filter(None, (words % person, picture.warning))))
        if doubtful
        else picture
        for picture, doubtful in zip(pictures, far, strict=True)
    ]


def refuse_somebody_elses(*, person: Person, picture: ExaminedPicture) -> ExaminedPicture:
    """Refuse a face that the gallery would take for another person, and name both."""
    if picture.probe is None:
        return picture
    try:
        other = _nearest_other(picture.probes, person)
    except EnrolmentRefused as refused:
        return _refused(picture, refused.code, refused.message)
    if other is None:
        return picture
    message = _("This face is already enrolled as %(other)s; it was not enrolled as %(person)s.")
    return _refused(picture, "somebody_elses", message % {"other": other, "person": person})


def _examine(
    picture: Picture, smallest: int, engine: Engine, candidate: Engine | None
) -> ExaminedPicture:
    examined = ExaminedPicture(
        picture.name, hashlib.sha256(picture.data).hexdigest(), probe=None, refusal=None
    )
    try:
        image = decode(picture.data)
        probe = enrolment_probe(image, engine, smallest)
    except DecodeError as error:
        return _refused(examined, error.code, picture_message(error.code))
    except ProbeRefused as refused:
        reason = ReasonCode(refused.reason)
        return _refused(examined, reason, f"{reason.label}. {_advice(refused)}")
    second = None if candidate is None else _second_probe(image, candidate, smallest)
    crop = crop_of(image, probe.faces[0].box)
    warning = _warning(probe.faces[0])
    return replace(examined, probe=probe, crop=crop, second=second, warning=warning)


def _warning(face: Face) -> str:
    reasons = gate(face, WARNING_GATES)
    return advice_message(advice_for(reasons[0], face.quality)) if reasons else ""


def _advice(refused: ProbeRefused) -> str:
    if refused.quality is None:
        return message_for(ReasonCode(refused.reason))
    return advice_message(advice_for(refused.reason, refused.quality))


def enrolment_probe(image: Image, engine: Engine, smallest: int) -> Probe:
    """Return the probe of an enrolment picture; raise ProbeRefused where it is not good enough."""
    gates = replace(ENROLMENT_GATES, min_face_px=smallest)
    return probe_from_images([image], engine=engine, gates=gates, thorough=True)


def _second_probe(image: Image, candidate: Engine, smallest: int) -> Probe | None:
    """Return the probe of an engine that decides later; whoever lacks one is asked for it then."""
    try:
        return enrolment_probe(image, candidate, smallest)
    except ProbeRefused as refused:
        logger.info("no template by %s: %s", candidate.id, refused)
    except EngineError:
        logger.exception("no template by %s", candidate.id)
    return None


def _refused(picture: ExaminedPicture, code: str, message: str) -> ExaminedPicture:
    outcome = PictureOutcome(picture.name, accepted=False, code=code, message=message)
    return ExaminedPicture(picture.name, picture.digest, probe=None, refusal=outcome)


def _nearest_other(probes: Sequence[Probe], person: Person) -> Person | None:
    loaded = gallery_cache().current(now=timezone.now())
    comparable = [probe for probe in probes if probe.engine == loaded.engine.id]
    if not comparable:
        raise EnrolmentRefused(
            _("The engine was switched meanwhile: enrol the picture again."), code="engine_switched"
        )
    probe = comparable[0]
    match = loaded.gallery.search_probe(probe)
    label, distance = match.label, match.distance
    if label == str(person.pk):
        label, distance = match.second_label, match.second_distance
    if label is None or distance > _same_person_within(loaded):
        return None
    return Person.objects.filter(pk=label).first()


def _same_person_within(loaded: LoadedGallery) -> float:
    """Return the distance of a duplicate: never looser than what suits a gallery of this size.

    The door's threshold would, among thousands, take more and more newcomers for somebody else.
    """
    people = loaded.gallery.people_count
    return min(loaded.policy.threshold, loaded.engine.distances.search_rule(people).threshold)


def _store(person: Person, picture: ExaminedPicture, source: TemplateSource) -> PictureOutcome:
    if picture.probe is None:
        raise EnrolmentRefused("Only a picture that passed can be stored.")
    created = [store_probe(person, picture.digest, probe, source) for probe in picture.probes]
    code, message = ("known", _("already enrolled"))
    if any(created):
        code, message = ("enrolled", _("enrolled"))
    return PictureOutcome(
        picture.name, accepted=True, code=code, message=message, warning=picture.warning
    )


def store_probe(person: Person, digest: str, probe: Probe, source: TemplateSource) -> bool:
    """Store a template unless the same picture is there already; say whether it was new."""
    _template, created = Template.objects.get_or_create(
        person=person,
        picture_digest=digest,
        engine_name=probe.engine.name,
        engine_version=probe.engine.version,
        defaults={
            "sealed_vector": seal_vector(
                vector=probe.vector, person_id=person.pk, engine=probe.engine
            ),
            "quality": probe.quality,
            "source": source,
        },
    )
    return created

"""Faces of enrolment pictures, kept sealed while a consent allows it, for engines to come."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from attendance.models import KeptFace, Person
from attendance.selectors.permitted import valid_consents
from recognition import Box, Image, encode_jpeg

from .sealing import seal_face

# Of the face's box, on each side: what detectors and alignments of any engine want to see.
_AROUND = 0.6


def crop_of(image: Image, box: Box) -> bytes:
    """Return a face with its surroundings, as JPEG; no more of the picture is ever kept."""
    height, width = image.shape[:2]
    wide, high = _AROUND * box.width, _AROUND * box.height
    around = Box(box.left - wide, box.top - high, box.right + wide, box.bottom + high)
    cut = around.clip(width, height)
    part = image[round(cut.top) : round(cut.bottom), round(cut.left) : round(cut.right)]
    return encode_jpeg(part)


def keep_faces(*, person: Person, faces: Iterable[tuple[str, bytes]]) -> None:
    """Keep faces, each with its picture's digest, where the person agreed; one kept stays as is."""
    agreed = valid_consents(at=timezone.now()).filter(person=person, keeps_pictures=True)
    if not agreed.exists():
        return
    rows = [
        KeptFace(
            person=person,
            picture_digest=digest,
            sealed_picture=seal_face(picture=picture, person_id=person.pk),
        )
        for digest, picture in faces
    ]
    KeptFace.objects.bulk_create(rows, ignore_conflicts=True)


def forget_faces(*, at: datetime) -> int:
    """Delete the faces that no consent allows to be kept at this time; return how many."""
    agreed = valid_consents(at=at).filter(person=OuterRef("person"), keeps_pictures=True)
    return KeptFace.objects.filter(~Exists(agreed)).delete()[0]

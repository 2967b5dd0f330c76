"""Enrolment from folders of pictures: DIR/<person>/<picture>."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from attendance.choices import TemplateSource
from attendance.errors import NoSuchPerson
from attendance.models import Person

from .enrolment import Picture, PictureOutcome, examine_pictures, keep_accepted, store_examined
from .enrolment_lock import one_enrolment_at_a_time
from .people import create_person, find_person, record_consent

# "E-1001 Ada Lindqvist": a first word with a digit in it is the employee number.
_NUMBERED = re.compile(r"^(?P<number>(?=\S*\d)\S+) (?P<name>\S.*)$")
# Numbers for people whose folder names none: P00001, P00002, ...
_GENERATED = "P{:05d}"
# Bytes; a picture larger than this is refused by the decoder and need not be read whole.
_READ_AT_MOST = 64 * 2**20


def people_in(root: Path) -> list[Path]:
    """Return the people's folders in order."""
    return sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))


def pictures_in(folder: Path) -> list[Path]:
    """Return the person's pictures in order; hidden files are not pictures.

    Links that lead nowhere, pipes and devices are among them, to be named in the report.
    """
    return sorted(p for p in folder.iterdir() if not p.is_dir() and not p.name.startswith("."))


def enrol_folder(
    *, folder: Path, recorded_by: str, min_face_px: int | None = None, keep_pictures: bool = False
) -> list[PictureOutcome]:
    """Enrol one person's folder and return what became of each picture.

    The folder's name is the person's, optionally after an employee number. A person of that
    number or name is added to; otherwise one is created once a picture has passed, so a folder of
    bad pictures leaves nobody behind. Consent is recorded in the name of ``recorded_by``; with
    ``keep_pictures`` it says that the faces may be kept for another engine.
    """
    paths = pictures_in(folder)
    if not paths:
        return [_folder_outcome("empty_folder", _("The folder holds no pictures."))]
    unread: list[PictureOutcome] = []
    pictures = _read_all(paths, unread)
    examined = examine_pictures(pictures=pictures, min_face_px=min_face_px)
    if all(picture.refusal for picture in examined):
        return unread + [picture.refusal for picture in examined if picture.refusal]
    with one_enrolment_at_a_time():  # the next one sees this person, consent and all
        try:
            person, created = _find_or_create(folder.name)
        except (NoSuchPerson, ValidationError) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else error.message
            return [_folder_outcome("person_refused", text)]
        outcomes = store_examined(person=person, examined=examined, source=TemplateSource.FOLDER)
        if any(outcome.accepted for outcome in outcomes):
            record_consent(person=person, recorded_by=recorded_by, keeps_pictures=keep_pictures)
            keep_accepted(person=person, examined=examined, outcomes=outcomes)
        elif created:
            person.delete()
    return unread + outcomes


def _folder_outcome(code: str, message: str) -> PictureOutcome:
    return PictureOutcome("", accepted=False, code=code, message=message)


def _read_all(paths: Iterable[Path], unread: list[PictureOutcome]) -> Iterator[Picture]:
    """Yield the pictures one by one; those that cannot be read are put on the list."""
    for path in paths:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            unread.append(_unreadable(path, _("It is no file.")))
            continue
        try:
            with path.open("rb") as file:
                data = file.read(_READ_AT_MOST)
        except OSError as error:
            unread.append(_unreadable(path, f"{error.strerror}."))
        else:
            yield Picture(path.name, data)


def _unreadable(path: Path, message: str) -> PictureOutcome:
    return PictureOutcome(path.name, accepted=False, code="unreadable", message=message)


def _find_or_create(folder_name: str) -> tuple[Person, bool]:
    # Some file systems take letters apart; people have theirs in whole.
    whole = unicodedata.normalize("NFC", folder_name)
    name = " ".join(whole.replace("_", " ").split())
    numbered = _NUMBERED.match(name)
    if numbered is not None:
        person = Person.objects.filter(employee_number=numbered["number"]).first()
        if person is not None:
            return person, False
        created = create_person(full_name=numbered["name"], employee_number=numbered["number"])
        return created, True
    if Person.objects.filter(full_name__iexact=name).exists():
        return find_person(who=name), False
    return create_person(full_name=name, employee_number=_next_number()), True


def _next_number() -> str:
    highest = Person.objects.filter(employee_number__regex=r"^P\d{5}$").aggregate(
        highest=Max("employee_number")
    )["highest"]
    return _GENERATED.format(int(highest[1:]) + 1 if highest else 1)

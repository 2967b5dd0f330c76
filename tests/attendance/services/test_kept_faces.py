"""Faces that may be kept make the templates of another engine, and go with the consent."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from attendance.choices import TemplateSource
from attendance.errors import SealBroken
from attendance.models import Consent, EngineSwitch, KeptFace, Person, Template
from attendance.services import reembedding
from attendance.services.engines import engine_of, switch_engine
from attendance.services.enrolment import Picture, enrol_pictures
from attendance.services.kept_faces import forget_faces
from attendance.services.people import record_consent, withdraw_consent
from attendance.services.policies import current_policy
from attendance.services.reembedding import embed_kept_faces
from attendance.services.sealing import open_face, seal_face
from recognition import decode
from tests.attendance.pictures import ADA, NOAM, portrait
from tests.attendance.rows import make_person
from tests.attendance.tiny_engine import ready_engine
from tests.people import SyntheticPerson

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of an engine that is installed and calibrated."""
    return ready_engine(tmp_path, monkeypatch)


def enrol(who: SyntheticPerson, *, keep: bool, pictures: int = 1) -> Person:
    """Enrol somebody who agreed to be recognised, and to be kept or not."""
    person = make_person(who.employee_number, who.name, consent=False)
    record_consent(person=person, recorded_by="HR", keeps_pictures=keep)
    files = [Picture(f"{n}.jpg", portrait(who.identity, n)) for n in range(pictures)]
    outcomes = enrol_pictures(person=person, pictures=files, source=TemplateSource.UPLOAD)
    assert all(outcome.accepted for outcome in outcomes)
    return person


def embed_all() -> int:
    """Run go after go, as the tasks do; return how many templates were made."""
    made, more = 0, True
    while more:
        batch = embed_kept_faces()
        made, more = made + batch.embedded, batch.more
    return made


def test_a_face_is_kept_only_where_the_person_agreed() -> None:
    ada, noam = enrol(ADA, keep=True), enrol(NOAM, keep=False)

    assert ada.kept_faces.count() == 1
    assert noam.kept_faces.count() == 0


def test_no_more_of_a_picture_is_kept_than_the_face_and_what_surrounds_it() -> None:
    person = enrol(ADA, keep=True)

    kept = open_face(sealed=bytes(person.kept_faces.get().sealed_picture), person_id=person.pk)

    whole, part = decode(portrait(ADA.identity, 0)), decode(kept)
    assert part.shape[0] * part.shape[1] < 0.9 * whole.shape[0] * whole.shape[1]


def test_a_kept_face_opens_for_its_person_only() -> None:
    ada, noam = enrol(ADA, keep=True), make_person("N1", "Noam")
    sealed = seal_face(picture=b"a picture", person_id=ada.pk)

    assert b"a picture" not in sealed
    with pytest.raises(SealBroken):
        open_face(sealed=sealed, person_id=noam.pk)


@pytest.mark.parametrize(
    "end",
    [
        lambda person: withdraw_consent(person=person),
        lambda person: (
            Consent.objects.filter(person=person).update(
                given_at=timezone.now() - timedelta(days=2),
                until=timezone.now() - timedelta(days=1),
            ),
            forget_faces(at=timezone.now()),
        ),
        lambda person: person.delete(),
    ],
    ids=["withdrawn", "run out", "person deleted"],
)
def test_kept_faces_go_with_the_consent(end: Callable[[Person], object]) -> None:
    person, other = enrol(ADA, keep=True), enrol(NOAM, keep=True)

    end(person)

    assert [face.person for face in KeptFace.objects.all()] == [other]


def test_a_switch_makes_templates_of_kept_faces_and_then_itself(tiny: str) -> None:
    enrol(ADA, keep=True, pictures=2)
    enrol(NOAM, keep=True)

    assert switch_engine(name=tiny, by="Hana", why="better").policy is None
    assert current_policy().engine_name == "dlib-resnet"
    assert embed_all() == 3

    assert Template.objects.filter(engine_name=tiny, source=TemplateSource.KEPT).count() == 3
    policy = current_policy()
    assert (policy.engine_name, policy.created_by, policy.why) == (tiny, "Hana", "better")
    assert not EngineSwitch.objects.filter(ended_at=None).exists()


def test_a_second_run_makes_nothing_twice(tiny: str) -> None:
    enrol(ADA, keep=True)
    enrol(NOAM, keep=False)
    switch_engine(name=tiny, by="HR", why="better")

    assert embed_all() == 1
    assert embed_all() == 0
    assert current_policy().engine_name == "dlib-resnet"


def test_without_a_switch_nothing_is_made(tiny: str) -> None:
    enrol(ADA, keep=True)

    assert embed_all() == 0


def test_a_new_version_of_the_engine_in_force_gets_all_its_templates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reembedding, "AT_ONCE", 1)
    ada, noam = enrol(ADA, keep=True, pictures=2), enrol(NOAM, keep=True)
    Template.objects.filter(person=ada).update(engine_version="an older one")

    assert embed_all() == 2
    assert embed_all() == 0

    current = engine_of(name="dlib-resnet").id.version
    renewed = Template.objects.filter(engine_version=current)
    assert renewed.filter(person=ada, source=TemplateSource.KEPT).count() == 2
    assert renewed.filter(person=noam).count() == 1


def test_a_switch_leaves_nobody_behind_whom_only_an_older_version_knows(tiny: str) -> None:
    ada = enrol(ADA, keep=False)
    Template.objects.update(engine_version="an older one")

    progress = switch_engine(name=tiny, by="HR", why="better")

    assert (progress.policy, progress.missing) == (None, [ada])


def test_a_damaged_face_asks_for_its_person_again(tiny: str) -> None:
    person = enrol(ADA, keep=True)
    KeptFace.objects.update(sealed_picture=b"\0" * 64)

    progress = switch_engine(name=tiny, by="HR", why="better")

    assert embed_all() == 0
    assert progress.missing == [person]

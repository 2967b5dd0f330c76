"""A release changes an engine while a switch is open: doors come first, and the switch goes on."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from attendance.choices import ReasonCode, TemplateSource
from attendance.models import (
    EmbeddingAttempt,
    EngineFault,
    EngineSwitch,
    KeptFace,
    Kiosk,
    Person,
    Template,
)
from attendance.selectors.engines import renewal_state, switch_state
from attendance.services import reembedding
from attendance.services.engines import cancel_switch, engine_of, install_engine, switch_engine
from attendance.services.enrolment import Picture, enrol_pictures, enrolment_probe
from attendance.services.people import delete_templates, withdraw_consent
from attendance.services.policies import current_policy
from attendance.services.reembedding import embed_kept_faces, forget_attempts
from recognition import Engine, EngineError, Image, Probe
from recognition.engines import registry
from tests.attendance.pictures import ADA, NOAM, burst, portrait
from tests.attendance.sending import decided
from tests.recognition.engines.site.tiny import make_tiny

from .test_kept_faces import embed_all, enrol, tiny

__all__ = ["tiny"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BUILT_IN = "dlib-resnet"


@pytest.fixture(autouse=True)
def one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each go one face long, so that there is a middle to look at."""
    monkeypatch.setattr(reembedding, "AT_ONCE", 1)


@pytest.fixture
def people() -> list[Person]:
    """Enrol two people with two kept pictures each."""
    return [enrol(who, keep=True, pictures=2) for who in (ADA, NOAM)]


def release(name: str = BUILT_IN) -> None:
    """Bring another version of an engine: what was there is of an older one."""
    Template.objects.filter(engine_name=name).update(engine_version="an older one")


def templates(name: str) -> int:
    """Count the templates of an engine as it is now."""
    return Template.objects.filter(
        engine_name=name, engine_version=engine_of(name=name).id.version
    ).count()


def progress() -> tuple[tuple[int, int], tuple[int, int]]:
    """Return done and people: of the engine in force, and of the switch."""
    renewal, switch = renewal_state(), switch_state()
    assert switch is not None
    return (renewal.done, renewal.people), (switch.filling.done, switch.filling.people)


def test_templates_of_the_engine_in_force_come_first_and_each_person_gets_one_first(
    people: list[Person], tiny: str
) -> None:
    switch_engine(name=tiny, by="HR", why="better")
    embed_kept_faces()
    release()
    assert (progress(), templates(tiny)) == (((0, 2), (1, 2)), 1)

    assert embed_kept_faces().more
    assert embed_kept_faces().more
    assert (progress(), templates(BUILT_IN), templates(tiny)) == (((2, 2), (1, 2)), 2, 1)

    assert embed_all() == 2 + 3
    assert (templates(BUILT_IN), templates(tiny)) == (4, 4)
    assert current_policy().engine_name == tiny
    assert not EmbeddingAttempt.objects.exists()


def test_a_door_recognises_people_again_before_the_switch_is_made(
    people: list[Person], tiny: str, kiosk: Kiosk
) -> None:
    switch_engine(name=tiny, by="HR", why="better")
    release()
    assert decided(kiosk, burst(ADA.identity)).reason == ReasonCode.EMPTY_GALLERY

    while renewal_state().missing.count:
        embed_kept_faces()

    check_in = decided(kiosk, burst(ADA.identity))
    assert (check_in.accepted, check_in.engine_name) == (True, BUILT_IN)
    assert EngineSwitch.objects.filter(ended_at=None).exists()


def test_given_up_meanwhile_only_the_engine_in_force_gets_templates(
    people: list[Person], tiny: str
) -> None:
    switch_engine(name=tiny, by="HR", why="better")
    release()
    embed_kept_faces()

    assert cancel_switch()

    assert embed_all() == 3
    assert (templates(BUILT_IN), templates(tiny)) == (4, 0)
    assert renewal_state().missing.count == 0


def test_confirmed_meanwhile_the_new_engine_gets_the_rest_of_its_templates(
    people: list[Person], tiny: str
) -> None:
    switch_engine(name=tiny, by="HR", why="better")
    embed_kept_faces()
    release()
    embed_kept_faces()

    assert switch_engine(name=tiny, by="HR", why="now", force=True).policy is not None

    assert (renewal_state().engine.name, renewal_state().missing.from_kept) == (tiny, 1)
    assert embed_all() == 3
    assert (templates(BUILT_IN), templates(tiny)) == (1, 4)
    assert renewal_state().missing.count == 0


def test_a_release_that_changes_the_engine_switched_to_makes_its_templates_anew(
    people: list[Person], tiny: str
) -> None:
    switch_engine(name=tiny, by="HR", why="better")
    embed_all()
    release()
    assert switch_engine(name=BUILT_IN, by="HR", why="back").missing == people
    embed_kept_faces()
    assert progress() == ((2, 2), (1, 2))

    Template.objects.filter(engine_version=engine_of(name=BUILT_IN).id.version).update(
        engine_version="another older one"
    )

    assert progress() == ((2, 2), (0, 2))
    assert embed_all() == 4
    assert (current_policy().engine_name, templates(BUILT_IN)) == (BUILT_IN, 4)


def test_another_version_of_the_engine_switched_to_is_refused_and_the_switch_goes_on(
    people: list[Person], tiny: str, tmp_path: Path
) -> None:
    switch_engine(name=tiny, by="HR", why="better")
    embed_kept_faces()
    files = make_tiny(tmp_path / "again", version="2")

    with pytest.raises(EngineError, match="Give this one a name of its own"):
        install_engine(model=files.model, manifest=files.manifest, by="HR")

    assert embed_all() == 3
    assert current_policy().engine_name == tiny


def test_an_engine_switched_to_that_is_broken_keeps_nobody_else_waiting(
    people: list[Person], tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_engine(name=tiny, by="HR", why="better")
    release()
    monkeypatch.setattr(registry, "_loaded", {})  # as in a worker that has just started
    model = tmp_path / "engines" / tiny / "model.onnx"
    shutil.move(model, tmp_path / "kept.onnx")

    assert embed_all() == 4

    assert templates(BUILT_IN) == 4
    assert str(model) in EngineFault.objects.get(engine_name=tiny).fault
    picture = Picture("2.jpg", portrait(ADA.identity, 2))
    (outcome,) = enrol_pictures(person=people[0], pictures=[picture], source=TemplateSource.UPLOAD)
    assert outcome.code == "enrolled"

    shutil.move(tmp_path / "kept.onnx", model)
    assert embed_all() == 5
    assert current_policy().engine_name == tiny
    assert not EngineFault.objects.exists()


def test_two_workers_make_no_template_twice(people: list[Person], tiny: str) -> None:
    switch_engine(name=tiny, by="HR", why="better")
    release()

    def work(_: int) -> int:
        try:
            return embed_all()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(work, range(2)))

    assert sum(made) == 8
    assert current_policy().engine_name == tiny


def test_what_was_cut_off_with_its_worker_is_taken_up_by_the_next(people: list[Person]) -> None:
    release()
    engine = engine_of(name=BUILT_IN).id
    cut_off = EmbeddingAttempt.objects.create(
        face=KeptFace.objects.all()[0], engine_name=engine.name, engine_version=engine.version
    )
    assert embed_all() == 3
    assert EmbeddingAttempt.objects.get() == cut_off

    forget_attempts()

    assert embed_all() == 1
    assert templates(BUILT_IN) == 4


def test_a_refused_face_is_looked_at_once_and_its_person_listed(
    people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    release()
    KeptFace.objects.filter(person=people[0]).update(sealed_picture=b"\0" * 64)

    assert embed_all() == 2

    missing = renewal_state().missing
    assert (missing.count, missing.from_kept, missing.first) == (1, 0, [people[0]])
    opened: list[object] = []
    monkeypatch.setattr(reembedding, "open_face", opened.append)
    assert embed_all() == 0
    assert opened == []


def test_a_face_forgotten_meanwhile_makes_no_template(
    people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    release()

    def withdrawn_meanwhile(image: Image, engine: Engine, smallest: int) -> Probe:
        for person in people:
            withdraw_consent(person=person)
        return enrolment_probe(image, engine, smallest)

    monkeypatch.setattr(reembedding, "enrolment_probe", withdrawn_meanwhile)

    assert embed_all() == 0
    assert templates(BUILT_IN) == 0


def test_a_template_that_was_deleted_does_not_come_back(people: list[Person], tiny: str) -> None:
    ada, _noam = people
    gone = ada.templates.all()[0]

    assert delete_templates(person=ada, template_id=gone.pk) == 1

    release()
    embed_all()
    digests = ada.templates.values_list("picture_digest", flat=True)
    assert gone.picture_digest not in digests
    assert templates(BUILT_IN) == 3


def test_templates_of_an_older_version_may_be_cleared_away(people: list[Person]) -> None:
    release()
    embed_all()
    older = Template.objects.filter(engine_version="an older one")

    for person in people:
        for template in older.filter(person=person):
            delete_templates(person=person, template_id=template.pk)

    assert KeptFace.objects.count() == 4


def test_with_a_persons_last_template_the_kept_faces_go(people: list[Person]) -> None:
    release()

    delete_templates(person=people[0])

    assert {face.person for face in KeptFace.objects.all()} == {people[1]}

"""What the database itself refuses, whichever way a row comes."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db.models import CheckConstraint, UniqueConstraint
from django.utils import timezone

from attendance.choices import CaptureFailure, CaptureState, ReasonCode
from attendance.models import (
    Capture,
    CheckIn,
    Consent,
    EmbeddingAttempt,
    EngineSwitch,
    GalleryState,
    KeptFace,
    Kiosk,
    MatchPolicy,
    NightlyReport,
    Person,
    Pin,
    PinCounter,
    SiteEngine,
    Template,
)
from tests.attendance.models.access_breaks import ACCESS_BREAKS, OTHER_SITE
from tests.attendance.rows import (
    make_capture,
    make_check_in,
    make_consent,
    make_door_event,
    make_kiosk,
    make_person,
    make_site,
    make_template,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def update(row: object, **values: object) -> None:
    """Change a row past every check that Python makes."""
    type(row).objects.filter(pk=row.pk).update(**values)  # type: ignore[attr-defined]


def update_policy(**values: object) -> None:
    MatchPolicy.objects.update(**values)


def update_check_in(kiosk: Kiosk, **values: object) -> None:
    update(make_check_in(kiosk, make_person()), **values)


def refuse(kiosk: Kiosk, **values: object) -> None:
    update(make_check_in(kiosk), **values)


def change_consent(**values: object) -> None:
    update(make_consent(make_person(consent=False)), **values)


def same_picture_twice(kiosk: Kiosk) -> None:
    template = make_template(make_person())
    template.pk = uuid.uuid4()
    template.save(force_insert=True)


def same_code_twice(kiosk: Kiosk) -> None:
    other, _code = make_kiosk(kiosk.site, "Back door")
    update(other, code_name=kiosk.code_name)


def same_key_twice(kiosk: Kiosk) -> None:
    other, _code = make_kiosk(kiosk.site, "Back door")
    for one in (kiosk, other):
        update(one, public_key="A" * 44)


def make_face(person: Person) -> KeptFace:
    return KeptFace.objects.create(person=person, sealed_picture=b"", picture_digest="0" * 64)


def same_face_twice(kiosk: Kiosk) -> None:
    person = make_person()
    for _ in range(2):
        make_face(person)


def same_attempt_twice(kiosk: Kiosk) -> None:
    face = make_face(make_person())
    for _ in range(2):
        EmbeddingAttempt.objects.create(face=face, engine_name="tiny", engine_version="1")


def report_twice(kiosk: Kiosk) -> None:
    for _ in range(2):
        NightlyReport.objects.create(site=kiosk.site, date="2026-03-02", html="", csv="")


def make_engine(**values: object) -> SiteEngine:
    return SiteEngine.objects.create(
        **{"name": "tiny", "dimension": 4, "installed_by": "HR", **values}
    )


def make_switch(**values: object) -> EngineSwitch:
    return EngineSwitch.objects.create(**{"engine_name": "tiny", "begun_by": "HR", **values})


def make_pin(**values: str) -> Pin:
    row = {"hash": "$argon2id$", **values}
    return Pin.objects.create(person=make_person(), set_at=timezone.now(), **row)


def make_counter(scope: str = "person") -> PinCounter:
    return PinCounter.objects.create(scope=scope, key="1")


BREAKS: dict[str, Callable[[Kiosk], object]] = {
    **ACCESS_BREAKS,
    "capture_at_most_five_frames": lambda k: make_capture(k, frame_count=6),
    "capture_state_known": lambda k: make_capture(k, state="lost", closed_at=timezone.now()),
    "capture_closed_has_a_time": lambda k: make_capture(k, state=CaptureState.DECIDED),
    "capture_failed_has_a_reason": lambda k: make_capture(
        k, state=CaptureState.FAILED, closed_at=timezone.now()
    ),
    "check_in_accepted_exactly_when_matched": lambda k: refuse(k, reason=ReasonCode.MATCHED),
    "check_in_refused_names_nobody": lambda k: refuse(k, person=make_person()),
    "check_in_accepted_within_threshold": lambda k: update_check_in(k, best_distance=0.9),
    "check_in_reason_known": lambda k: refuse(k, reason="mood"),
    "consent_ends_after_it_begins": lambda k: change_consent(until=timezone.now() - HOUR),
    "consent_withdrawn_after_it_was_given": lambda k: change_consent(
        withdrawn_at=timezone.now() - HOUR
    ),
    "consent_names_its_recorder": lambda k: change_consent(recorded_by=""),
    "check_in_offline_known": lambda k: refuse(k, offline="perhaps"),
    "door_offline_known": lambda k: update(k.door, offline="magic"),
    "door_offline_hours_in_range": lambda k: update(k.door, offline_hours=73),
    "door_challenge_digits_in_range": lambda k: update(k.door, challenge_digits=4),
    "door_event_capture_of_a_shut_door": lambda k: make_door_event(
        k, kind="forced", capture_id=uuid.uuid4()
    ),
    "door_event_kind_known": lambda k: make_door_event(k, kind="singing"),
    "embedding_attempt_once_per_engine": same_attempt_twice,
    "engine_calibrated_whole": lambda k: make_engine(threshold=0.9),
    "engine_promise_whole": lambda k: make_engine(promised_fpir=0.003),
    "engine_says_by_whom": lambda k: make_engine(installed_by=""),
    "engine_switch_one_open": lambda k: [make_switch(), make_switch()],
    "engine_switch_says_by_whom": lambda k: make_switch(begun_by=""),
    "gallery_state_single_row": lambda k: GalleryState.objects.create(id=2),
    "kiosk_key_is_one_kiosks": same_key_twice,
    "kiosk_revoked_has_no_key": lambda k: update(k, public_key="A" * 44, key_revoked=True),
    "kept_face_once_per_picture": same_face_twice,
    "person_full_name_not_empty": lambda k: make_person(name=""),
    "person_employee_number_not_empty": lambda k: make_person(number=""),
    "pin_is_hashed_with_argon2id": lambda k: make_pin(hash="8305"),
    "pin_duress_is_hashed_with_argon2id": lambda k: make_pin(duress_hash="4709"),
    "pin_counter_one_each": lambda k: [make_counter(), make_counter()],
    "pin_counter_scope_known": lambda k: make_counter(scope="mood"),
    "policy_threshold_in_range": lambda k: update_policy(threshold=0.61),
    "policy_margin_in_range": lambda k: update_policy(margin=-0.01),
    "policy_min_face_in_range": lambda k: update_policy(min_face_px=39),
    "policy_enrolment_min_face_in_range": lambda k: update_policy(enrolment_min_face_px=401),
    "policy_repeat_window_in_range": lambda k: update_policy(repeat_window_s=3601),
    "policy_doubt_band_in_range": lambda k: update_policy(doubt_band=0.9),
    "policy_doubt_quality_in_range": lambda k: update_policy(doubt_quality=1.1),
    "policy_names_an_engine": lambda k: update_policy(engine_name=""),
    "policy_promise_whole": lambda k: update_policy(promised_fpir=0.003, promised_people=None),
    "policy_says_why": lambda k: update_policy(why=""),
    "policy_says_by_whom": lambda k: update_policy(created_by=""),
    "report_once_per_site_and_date": report_twice,
    "template_once_per_picture": same_picture_twice,
    "template_quality_in_range": lambda k: update(make_template(make_person()), quality=1.1),
    "template_source_known": lambda k: update(make_template(make_person()), source="rumour"),
}
UNIQUE: dict[str, Callable[[Kiosk], object]] = {
    "attendance_capture_pkey": lambda k: make_capture(k, id=make_capture(k).pk),
    "attendance_checkin_capture_id_key": lambda k: refuse(k, capture=make_check_in(k).capture_id),
    "attendance_kiosk_name_key": lambda k: make_kiosk_row(k, k.name),
    "attendance_kiosk_code_name_key": same_code_twice,
    "attendance_person_employee_number_key": lambda k: [make_person("E1"), make_person("E1")],
    "attendance_siteengine_name_key": lambda k: [make_engine(), make_engine()],
    "attendance_site_name_key": lambda k: make_site(k.site.name),
}


def make_kiosk_row(kiosk: Kiosk, name: str) -> Kiosk:
    return Kiosk.objects.create(name=name, site=kiosk.site, door=kiosk.door)


def broken_by(error: IntegrityError) -> str:
    """Return the name of the constraint that the database names."""
    return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [*BREAKS, *UNIQUE])
def test_the_database_refuses_a_row_that_breaks(name: str, kiosk: Kiosk) -> None:
    with pytest.raises(IntegrityError) as refused:
        {**BREAKS, **UNIQUE}[name](kiosk)
    assert broken_by(refused.value) == name


def test_every_constraint_of_the_models_is_held_against_the_database() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("attendance").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }
    assert set(BREAKS) == declared


@pytest.mark.parametrize("name", OTHER_SITE)
def test_what_belongs_together_is_of_one_site(name: str, kiosk: Kiosk) -> None:
    OTHER_SITE[name](kiosk)
    with pytest.raises(IntegrityError) as refused:
        connection.check_constraints()
    assert broken_by(refused.value) == name


@pytest.mark.parametrize(("state", "failure"), [("decided", "gave_up"), ("queued", "gave_up")])
def test_only_a_failed_capture_has_a_failure(kiosk: Kiosk, state: str, failure: str) -> None:
    closed = None if state == CaptureState.QUEUED else timezone.now()
    with pytest.raises(IntegrityError):
        make_capture(kiosk, state=state, failure=CaptureFailure(failure), closed_at=closed)


def test_an_open_capture_has_no_closing_time(kiosk: Kiosk) -> None:
    with pytest.raises(IntegrityError):
        make_capture(kiosk, closed_at=timezone.now())


def test_an_accepted_check_in_cannot_carry_a_refusal(kiosk: Kiosk) -> None:
    with pytest.raises(IntegrityError):
        update_check_in(kiosk, reason=ReasonCode.BLURRED)


def test_an_accepted_check_in_has_a_distance(kiosk: Kiosk) -> None:
    with pytest.raises(IntegrityError):
        update_check_in(kiosk, best_distance=None)


def test_deleting_a_person_takes_templates_and_consents_and_leaves_check_ins(kiosk: Kiosk) -> None:
    person = make_person()
    make_template(person)
    check_in = make_check_in(kiosk, person)
    person.delete()
    assert not Template.objects.exists()
    assert not Consent.objects.exists()
    check_in.refresh_from_db()
    assert check_in.accepted
    assert check_in.person is None


def test_a_kiosk_with_captures_cannot_be_deleted(kiosk: Kiosk) -> None:
    make_check_in(kiosk)
    with pytest.raises(IntegrityError):
        kiosk.delete()
    assert Capture.objects.count() == CheckIn.objects.count() == 1


@pytest.mark.parametrize("name", ["Ada Lindqvist", "王小明", "נועם אלוני", "O’Malley", "Ọláìyá"])
def test_a_name_in_any_script_is_taken(name: str) -> None:
    make_person(name=name).full_clean()


@pytest.mark.parametrize("name", [" Ada", "Ada  L", "Ada\n", "\x00", "\x1b[2J"])
def test_a_name_of_invisible_characters_is_refused(name: str) -> None:
    person = Person(full_name=name, employee_number="E1")
    with pytest.raises(Exception, match="full_name"):
        person.full_clean()

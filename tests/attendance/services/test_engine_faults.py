"""An engine in force that a worker cannot load: captures fail closed, and the reason is kept."""

import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from attendance.choices import CaptureFailure, CaptureState
from attendance.models import Capture, CheckIn, EngineFault, KeptFace, Kiosk
from attendance.services import decisions, reembedding
from attendance.services.decisions import decide_capture, warm_up
from attendance.services.engine_faults import clear_fault, note_fault
from attendance.services.engines import (
    engine_of,
    switch_engine,
    wait_for_trial,
)
from attendance.services.reembedding import Batch, embed_kept_faces
from recognition.engines import registry
from recognition.engines.site import proof, trial
from tests.attendance.commands.running import run
from tests.attendance.pictures import ADA, portrait
from tests.attendance.rows import make_person, make_template
from tests.attendance.sending import send
from tests.attendance.tiny_engine import ready_engine
from tests.people import write_pictures
from tests.recognition.engines.site.dying import LAST_WORD, ends_by_abort, waits_for_a_file

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a tiny engine in force; return its folder."""
    name = ready_engine(tmp_path, monkeypatch)
    switch_engine(name=name, by="HR", why="a test", force=True)
    return tmp_path / "engines" / "tiny"


def start_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what this process has loaded, as in a worker that has just started."""
    monkeypatch.setattr(registry, "_loaded", {})
    monkeypatch.setattr(proof, "_failed", {})
    decisions.gallery_cache.cache_clear()


@pytest.fixture
def crashing(in_force: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the engine in force end whatever loads it, in a worker that has just started."""
    monkeypatch.setattr(trial, "_trial", ends_by_abort)
    monkeypatch.setattr(proof, "_TRIAL", "another runtime")
    start_anew(monkeypatch)


def answered(kiosk: Kiosk) -> Capture:
    capture = send(kiosk)
    decide_capture(capture_id=capture.pk)
    capture.refresh_from_db()
    return capture


@pytest.mark.usefixtures("crashing")
def test_captures_fail_closed_and_the_reason_is_kept(kiosk: Kiosk) -> None:
    warm_up()

    capture = answered(kiosk)

    assert (capture.state, capture.failure) == (CaptureState.FAILED, CaptureFailure.NO_ENGINE)
    assert not CheckIn.objects.exists()
    noted = EngineFault.objects.get()
    assert noted.engine_name == "tiny"
    assert f"by a signal (Aborted): {LAST_WORD}" in noted.fault


@pytest.mark.usefixtures("crashing")
def test_the_way_back_needs_nothing_of_the_engine_that_crashes(kiosk: Kiosk) -> None:
    assert answered(kiosk).failure == CaptureFailure.NO_ENGINE

    assert run("switch_engine", "dlib-resnet", "--force").status == 0

    assert answered(kiosk).state == CaptureState.DECIDED


def test_what_is_mended_is_used_with_the_next_capture_and_its_fault_forgotten(
    in_force: Path, kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_anew(monkeypatch)
    shutil.move(in_force / "model.onnx", tmp_path / "kept.onnx")
    assert answered(kiosk).failure == CaptureFailure.NO_ENGINE
    assert str(in_force / "model.onnx") in EngineFault.objects.get().fault

    shutil.move(tmp_path / "kept.onnx", in_force / "model.onnx")

    assert answered(kiosk).state == CaptureState.DECIDED
    assert not EngineFault.objects.exists()


@pytest.mark.usefixtures("in_force")
def test_a_trial_that_takes_long_holds_up_neither_start_nor_captures(
    kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "_trial", waits_for_a_file)
    monkeypatch.setenv("GO", str(tmp_path / "go"))
    monkeypatch.setattr(proof, "_TRIAL", str(tmp_path))  # never passed before
    monkeypatch.setitem(engine_of.__kwdefaults__ or {}, "patience_s", 0.1)
    monkeypatch.setattr(reembedding, "_PATIENCE_S", 0.1)
    start_anew(monkeypatch)
    kept = make_template(make_person())
    KeptFace.objects.create(
        person=kept.person, picture_digest=kept.picture_digest, sealed_picture=b"sealed"
    )

    warm_up()

    assert not EngineFault.objects.exists()  # it is a matter of time, and nobody has come yet
    assert answered(kiosk).failure == CaptureFailure.NO_ENGINE
    assert "is being tried out on this machine" in EngineFault.objects.get().fault
    assert embed_kept_faces() == Batch(0, more=True)
    (tmp_path / "go").touch()
    wait_for_trial()
    assert answered(kiosk).state == CaptureState.DECIDED
    assert not EngineFault.objects.exists()


@pytest.mark.usefixtures("crashing")
def test_enrolment_says_why_it_cannot_be_done(console: Client, tmp_path: Path) -> None:
    person = make_person()
    picture = tmp_path / "0.jpg"
    picture.write_bytes(portrait(ADA.identity, 0))

    with picture.open("rb") as file:
        page = console.post(
            reverse("person-enrol", args=[person.pk]), {"pictures": [file], "consent": "on"}
        )
    ended = run("enroll", str(write_pictures(tmp_path / "people", [ADA])))

    assert LAST_WORD in page.content.decode()
    assert ended.status == 1
    assert LAST_WORD in ended.out


def test_a_fault_is_kept_once_an_engine_and_no_longer_than_fits() -> None:
    note_fault(engine_name="tiny", fault="first")
    note_fault(engine_name="tiny", fault="x" * 1000)
    assert EngineFault.objects.get().fault == "x" * 500

    clear_fault(engine_name="tiny")

    assert not EngineFault.objects.exists()

"""Captures that no worker has decided yet: 202, and an address to ask again."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from attendance import defaults
from attendance.choices import CaptureFailure
from attendance.models import Capture, CheckIn
from attendance.services import frames
from attendance.services.captures import close_failed
from attendance.services.decisions import decide_capture
from tests.attendance import pictures
from tests.attendance.door import Door

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs here; there is nothing to wait for."""
    monkeypatch.setattr(defaults, "ANSWER_WAIT", timedelta(seconds=0.1))


def test_without_a_worker_it_answers_202_with_an_address_to_ask_again(door: Door) -> None:
    answer = door.send(pictures.no_face())
    assert answer.status_code == 202
    body = answer.json()
    assert body["state"] == "queued"
    assert body["status_url"] == answer.headers["Location"]
    assert door.request("GET", body["status_url"]).status_code == 202


def test_the_address_answers_once_a_worker_has_decided(door: Door) -> None:
    capture_id = uuid.UUID(door.send(pictures.no_face()).json()["capture"])
    decide_capture(capture_id=capture_id)
    answer = door.ask(capture_id)
    assert (answer.status_code, answer.json()["reason"]) == (200, "no_face")
    again = door.send(pictures.no_face(), capture_id=capture_id)
    assert again.json() == answer.json()
    assert CheckIn.objects.count() == 1


def test_sent_again_while_it_waits_it_waits_on(door: Door) -> None:
    capture_id = door.send(pictures.no_face()).json()["capture"]
    assert door.send(pictures.no_face(), capture_id=uuid.UUID(capture_id)).status_code == 202


@pytest.mark.parametrize("failure", [f for f in CaptureFailure if f])
def test_a_failed_capture_says_so_and_lets_nobody_in(door: Door, failure: CaptureFailure) -> None:
    capture_id = uuid.UUID(door.send(pictures.no_face()).json()["capture"])
    close_failed(capture_id=capture_id, failure=failure)
    answer = door.ask(capture_id)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["state"], body["reason"]) == ("failed", failure.value)
    assert body["message"].endswith(("Try again.", "Use number and PIN."))
    assert "accepted" not in body


def test_without_any_worker_it_fails_once_the_frames_are_gone(door: Door) -> None:
    capture_id = door.send(pictures.no_face()).json()["capture"]
    almost = timezone.now() - defaults.CLOSE_AFTER + timedelta(seconds=10)
    Capture.objects.update(received_at=almost)
    assert door.ask(capture_id).status_code == 202
    Capture.objects.update(received_at=almost - timedelta(seconds=11))
    body = door.ask(capture_id).json()
    assert (body["state"], body["reason"]) == ("failed", "frames_expired")
    decide_capture(capture_id=uuid.UUID(capture_id))
    assert not CheckIn.objects.exists()


def test_a_decision_wakes_whoever_waits(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(defaults, "ANSWER_WAIT", timedelta(seconds=30))
    capture_id = uuid.uuid4()

    def decide() -> None:
        from django.db import connection

        from tests.stack import wait_for

        wait_for(lambda: frames.has_frames(capture_id=capture_id), what="the frames")
        decide_capture(capture_id=capture_id)
        connection.close()

    worker = threading.Thread(target=decide)
    worker.start()
    begun = timezone.now()
    assert door.send(pictures.no_face(), capture_id=capture_id).status_code == 200
    assert timezone.now() - begun < timedelta(seconds=20)
    worker.join()


def test_nobody_asks_for_a_capture_that_is_not_there(door: Door) -> None:
    answer = door.ask(uuid.uuid4())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

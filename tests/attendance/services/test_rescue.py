"""Captures that nobody finished are taken up again or closed, never forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from attendance import defaults
from attendance.choices import CaptureFailure, CaptureState
from attendance.models import Capture, Kiosk
from attendance.services import frames
from attendance.services.captures import begin_attempt, close_failed, rescue_captures
from tests.attendance.rows import make_capture
from tests.attendance.sending import queued, send

pytestmark = pytest.mark.django_db(transaction=True)

LATER = defaults.REQUEUE_AFTER + timedelta(seconds=1)


def rescue() -> int:
    return rescue_captures(now=timezone.now() + LATER)


def test_it_queues_a_late_capture_again(kiosk: Kiosk) -> None:
    send(kiosk)
    assert rescue() == 1
    assert queued() == 2
    assert Capture.objects.get().state == CaptureState.QUEUED


def test_it_leaves_a_fresh_capture_alone(kiosk: Kiosk) -> None:
    send(kiosk)
    assert rescue_captures(now=timezone.now()) == 0
    assert queued() == 1


def test_it_queues_a_capture_once_in_its_time(kiosk: Kiosk) -> None:
    send(kiosk)
    later = timezone.now() + LATER
    rescue_captures(now=later)
    assert rescue_captures(now=later + timedelta(seconds=1)) == 0


def test_several_rescuers_at_once_queue_a_capture_once(kiosk: Kiosk) -> None:
    send(kiosk)
    later = timezone.now() + LATER
    together = threading.Barrier(4)

    def one(_: int) -> None:
        together.wait()
        rescue_captures(now=later)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    assert queued() == 2


def test_it_closes_a_capture_whose_frames_are_gone(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    frames.drop_frames(capture_id=capture.pk)
    rescue()
    capture.refresh_from_db()
    assert (capture.state, capture.failure) == (CaptureState.FAILED, CaptureFailure.FRAMES_EXPIRED)
    assert capture.closed_at is not None


@pytest.mark.parametrize("state", [CaptureState.DECIDED, CaptureState.FAILED])
def test_it_leaves_closed_captures_alone(kiosk: Kiosk, state: CaptureState) -> None:
    failure = CaptureFailure.GAVE_UP if state == CaptureState.FAILED else CaptureFailure.NONE
    make_capture(kiosk, state=state, failure=failure, closed_at=timezone.now())
    assert rescue() == 0


def test_an_attempt_is_counted_before_the_work(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    assert begin_attempt(capture_id=capture.pk)
    capture.refresh_from_db()
    assert capture.attempts == 1


def test_it_gives_up_frames_that_kill_their_worker(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    begun = [begin_attempt(capture_id=capture.pk) for _ in range(defaults.MAX_ATTEMPTS + 1)]
    assert begun == [True] * defaults.MAX_ATTEMPTS + [False]
    capture.refresh_from_db()
    assert (capture.state, capture.failure) == (CaptureState.FAILED, CaptureFailure.GAVE_UP)
    assert not frames.has_frames(capture_id=capture.pk)


def test_a_closed_capture_stays_as_it_was_closed(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    close_failed(capture_id=capture.pk, failure=CaptureFailure.FRAMES_EXPIRED)
    assert not begin_attempt(capture_id=capture.pk)
    close_failed(capture_id=capture.pk, failure=CaptureFailure.INTERNAL)
    capture.refresh_from_db()
    assert capture.failure == CaptureFailure.FRAMES_EXPIRED

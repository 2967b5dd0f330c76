import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from attendance import defaults
from attendance.choices import CaptureState
from attendance.errors import (
    CaptureConflict,
    CaptureRefused,
    ClockSkew,
    FrameRejected,
    QueueUnavailable,
)
from attendance.models import Capture, Kiosk
from attendance.services import frames
from attendance.services.redis import connection as redis
from tests.attendance import pictures
from tests.attendance.pictures import ADA, WANG, portrait
from tests.attendance.rows import make_kiosk
from tests.attendance.sending import messages, queued, send

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_it_stores_and_queues_a_capture(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    assert Capture.objects.get().state == CaptureState.QUEUED
    assert frames.get_frames(capture_id=capture.pk) == [portrait(ADA.identity, 1)]
    assert queued() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_holds_an_id_and_no_picture(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    (message,) = messages()
    assert len(message) < 2000
    assert str(capture.pk).encode() in message


def test_frames_wait_for_seconds_only(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    (key,) = redis().keys("*frames:*")
    assert str(capture.pk).encode() in key
    assert 0 < redis().ttl(key) <= defaults.FRAMES_EXPIRY.total_seconds() <= 60


def test_the_same_capture_again_is_the_same_row(kiosk: Kiosk) -> None:
    first = send(kiosk)
    again = send(kiosk, capture_id=first.pk)
    assert again == first
    assert Capture.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_capture_again_is_not_queued_again(kiosk: Kiosk) -> None:
    send(kiosk, capture_id=send(kiosk).pk)
    assert queued() == 1


def test_the_same_capture_an_hour_later_is_still_the_same(kiosk: Kiosk) -> None:
    first = send(kiosk)
    late = first.captured_at - timedelta(hours=1)
    assert send(kiosk, capture_id=first.pk, captured_at=late, sent_at=late) == first


def test_it_refuses_an_id_that_another_kiosk_used(kiosk: Kiosk) -> None:
    other, _token = make_kiosk(kiosk.site, "Back door")
    first = send(kiosk)
    with pytest.raises(CaptureConflict):
        send(other, capture_id=first.pk)


def test_it_refuses_an_id_with_other_frames(kiosk: Kiosk) -> None:
    first = send(kiosk)
    with pytest.raises(CaptureConflict):
        send(kiosk, portrait(WANG.identity, 1), capture_id=first.pk)
    with pytest.raises(CaptureConflict):
        send(kiosk, *pictures.burst(ADA.identity), capture_id=first.pk)


@pytest.mark.django_db(transaction=True)
def test_the_same_capture_from_many_threads_at_once_is_one_row_and_one_message(
    kiosk: Kiosk,
) -> None:
    capture_id, at = uuid.uuid4(), timezone.now()
    together = threading.Barrier(8)

    def one(_: int) -> Capture:
        together.wait()
        try:
            return send(kiosk, capture_id=capture_id, captured_at=at, sent_at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(one, range(8)))
    assert {capture.pk for capture in stored} == {capture_id}
    assert Capture.objects.count() == 1
    assert queued() == 1


@pytest.mark.django_db(transaction=True)
def test_one_id_with_different_frames_at_once_is_one_row_and_one_conflict(kiosk: Kiosk) -> None:
    capture_id = uuid.uuid4()
    together = threading.Barrier(2)

    def one(identity: int) -> str:
        picture = portrait(identity, 1)
        together.wait()
        try:
            send(kiosk, picture, capture_id=capture_id)
        except CaptureConflict:
            return "conflict"
        finally:
            connection.close()
        return "stored"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(one, [ADA.identity, WANG.identity]))
    assert ends == ["conflict", "stored"]
    assert Capture.objects.get().frames_digest
    assert len(frames.get_frames(capture_id=capture_id)) == 1


def test_it_notes_how_far_the_kiosks_clock_is_off(kiosk: Kiosk) -> None:
    now = timezone.now()
    sent = now + timedelta(minutes=2)
    capture = send(kiosk, captured_at=sent - timedelta(seconds=3), sent_at=sent)
    assert abs(capture.clock_skew_ms - 120_000) < 5_000


@pytest.mark.parametrize("days", [-1, 1])
def test_it_refuses_a_clock_that_is_a_day_off(kiosk: Kiosk, days: int) -> None:
    with pytest.raises(ClockSkew, match="Set the kiosk's clock"):
        send(kiosk, sent_at=timezone.now() + timedelta(days=days))
    assert not Capture.objects.exists()


def test_it_takes_a_capture_that_waited_for_days(kiosk: Kiosk) -> None:
    captured = timezone.now() - timedelta(days=13)
    assert send(kiosk, captured_at=captured).captured_at == captured


@pytest.mark.parametrize("age", [timedelta(days=15), timedelta(minutes=-6)])
def test_it_refuses_a_capture_too_old_or_from_the_future(kiosk: Kiosk, age: timedelta) -> None:
    with pytest.raises(CaptureRefused) as refused:
        send(kiosk, captured_at=timezone.now() - age)
    assert refused.value.code == "captured_at_out_of_range"


@pytest.mark.parametrize("count", [6, 20])
def test_it_refuses_more_than_five_frames(kiosk: Kiosk, count: int) -> None:
    with pytest.raises(CaptureRefused) as refused:
        send(kiosk, *[portrait(ADA.identity, 1)] * count)
    assert refused.value.code == "frame_count"


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (b"", "empty"),
        (pictures.text_file(), "not_an_image"),
        (pictures.hundred_megapixels(), "too_many_pixels"),
        (pictures.animated_webp(), "animated"),
        (portrait(ADA.identity, 1) + bytes(defaults.MAX_FRAME_BYTES), "too_many_bytes"),
        (b"GIF89a" + bytes(100), "unsupported_format"),
    ],
)
def test_it_refuses_a_frame_that_is_no_acceptable_picture(
    kiosk: Kiosk, picture: bytes, code: str
) -> None:
    with pytest.raises(FrameRejected, match="Frame 2") as refused:
        send(kiosk, portrait(ADA.identity, 1), picture)
    assert refused.value.code == code
    assert not Capture.objects.exists()
    assert not redis().keys("*frames:*")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("redis_away")
def test_without_redis_nothing_is_accepted_and_nothing_stored(kiosk: Kiosk) -> None:
    with pytest.raises(QueueUnavailable):
        send(kiosk)
    assert not Capture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_redis_has_dropped_costs_nothing(kiosk: Kiosk) -> None:
    send(kiosk)
    redis().execute_command("CLIENT", "KILL", "TYPE", "normal")  # type: ignore[no-untyped-call]
    send(kiosk)
    assert Capture.objects.count() == 2
    assert queued() == 2

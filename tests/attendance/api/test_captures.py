"""Captures over HTTP, with a real server, a real queue and a real worker."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.models import Capture, CheckIn, Consent, Kiosk, Person
from tests.attendance import pictures
from tests.attendance.door import Door
from tests.attendance.pictures import ADA, STRANGER, WANG, burst, portrait
from tests.attendance.rows import enrolled, make_kiosk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]


def test_an_enrolled_person_is_let_in_in_the_same_request(door: Door) -> None:
    ada = enrolled(ADA)
    answer = door.send(*burst(ADA.identity))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["state"], body["accepted"], body["reason"]) == ("decided", True, "matched")
    assert body["open_door"]
    assert body["person"] == {
        "display_name": ada.display_name,
        "employee_number": ada.employee_number,
    }
    assert body["check_in"] == CheckIn.objects.get().pk


def test_the_preferred_name_is_what_the_door_says(door: Door) -> None:
    enrolled(ADA, preferred_name="小艾")
    assert door.send(*burst(ADA.identity)).json()["person"]["display_name"] == "小艾"


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (pictures.no_face(), "no_face"),
        (pictures.two_faces(), "several_faces"),
        (pictures.plain(0), "no_face"),
        (pictures.plain(255), "no_face"),
        (pictures.plain(90, width=1, height=1), "no_face"),
        (pictures.truncated(), "undecodable"),
        (portrait(STRANGER.identity, 1), "not_recognised"),
    ],
)
def test_a_refusal_says_why_and_names_nobody(door: Door, picture: bytes, reason: str) -> None:
    enrolled(ADA)
    body = door.send(picture).json()
    assert (body["accepted"], body["open_door"], body["reason"]) == (False, False, reason)
    assert body["person"] is None
    assert body["message"].endswith(".")


def test_an_empty_gallery_says_so(door: Door) -> None:
    assert door.send(*burst(ADA.identity)).json()["reason"] == "empty_gallery"


def test_a_refusal_is_told_in_the_kiosks_language(door: Door) -> None:
    door.http.headers["Accept-Language"] = "zh-hans"
    message = door.send(pictures.no_face()).json()["message"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in message)


def test_the_same_capture_again_is_the_same_answer_and_one_event(door: Door) -> None:
    enrolled(ADA)
    capture_id, at = uuid.uuid4(), timezone.now().isoformat()
    one, two = (
        door.send(*burst(ADA.identity), capture_id=capture_id, fields={"captured_at": at})
        for _ in range(2)
    )
    assert one.json() == two.json()
    assert CheckIn.objects.count() == 1


def test_the_same_capture_twice_at_once_is_the_same_answer_and_one_event(door: Door) -> None:
    enrolled(ADA)
    capture_id, at = uuid.uuid4(), timezone.now().isoformat()
    together = threading.Barrier(4)

    def one(_: int) -> object:
        together.wait()
        return door.send(
            *burst(ADA.identity), capture_id=capture_id, fields={"captured_at": at}
        ).json()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["state"] == "decided"  # type: ignore[index]
    assert CheckIn.objects.count() == Capture.objects.count() == 1


def test_a_person_seen_again_is_a_repeat(door: Door) -> None:
    enrolled(ADA)
    first, again = door.send(*burst(ADA.identity)), door.send(portrait(ADA.identity, 4))
    assert (first.json()["repeat"], again.json()["repeat"]) == (False, True)
    assert again.json()["open_door"]


def test_a_capture_that_waited_counts_and_opens_no_door(door: Door) -> None:
    enrolled(ADA)
    now = timezone.now()
    late = (now - timedelta(hours=3)).isoformat()
    body = door.send(
        *burst(ADA.identity), fields={"captured_at": late, "sent_at": now.isoformat()}
    ).json()
    assert (body["accepted"], body["open_door"]) == (True, False)


def test_a_clock_that_was_set_between_taking_and_sending_is_allowed_for(door: Door) -> None:
    enrolled(ADA)
    taken = timezone.now() - timedelta(hours=1)
    fields = {
        "captured_at": (taken - timedelta(days=10)).isoformat(),
        "sent_at": timezone.now().isoformat(),
        "capture_skew_ms": "-864000000",
    }
    body = door.send(*burst(ADA.identity), fields=fields).json()
    assert (body["accepted"], body["open_door"]) == (True, False)
    assert abs(CheckIn.objects.get().happened_at - taken) < timedelta(seconds=1)
    capture = Capture.objects.get()
    assert capture.captured_at.isoformat() == fields["captured_at"]
    assert (capture.capture_skew_ms, abs(capture.clock_skew_ms) < 60_000) == (-864_000_000, True)


def test_a_kiosk_whose_clock_is_a_little_off_opens_the_door(door: Door) -> None:
    enrolled(ADA)
    ahead = (timezone.now() + timedelta(minutes=4)).isoformat()
    body = door.send(*burst(ADA.identity), fields={"captured_at": ahead, "sent_at": ahead}).json()
    assert body["open_door"]
    assert abs(CheckIn.objects.get().happened_at - timezone.now()) < timedelta(minutes=1)


def test_a_deactivated_person_and_a_withdrawn_consent_are_refused_at_once(door: Door) -> None:
    ada = enrolled(ADA)
    enrolled(WANG)
    assert door.send(*burst(ADA.identity)).json()["accepted"]
    Person.objects.filter(pk=ada.pk).update(active=False)
    assert not door.send(*burst(ADA.identity)).json()["accepted"]
    Person.objects.filter(pk=ada.pk).update(active=True)
    assert door.send(*burst(ADA.identity)).json()["accepted"]
    Consent.objects.filter(person=ada).update(withdrawn_at=timezone.now())
    assert not door.send(*burst(ADA.identity)).json()["accepted"]


@pytest.mark.slow
def test_many_captures_at_once_are_answered_once_each(door: Door) -> None:
    enrolled(ADA)

    def one(_: int) -> str:
        return str(door.send(portrait(ADA.identity, 1)).json()["capture"])

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(one, range(16)))
    assert len(set(answered)) == CheckIn.objects.count() == 16
    assert CheckIn.objects.filter(repeat_of=None).count() == 1


def test_a_picture_named_as_something_else_is_read_by_its_content(door: Door) -> None:
    enrolled(ADA)
    data = portrait(ADA.identity, 1)
    form = {"id": str(uuid.uuid4()), "captured_at": timezone.now().isoformat()}
    files = [("frames", ("../../etc/passwd\x00.txt", data, "text/plain"))]
    answer = door.request("POST", "/api/v1/captures", data=form, files=files)
    assert answer.json()["accepted"]


def test_every_kiosk_sees_its_own_captures_only(door: Door, server: str) -> None:
    capture = door.send(pictures.no_face()).json()["capture"]
    assert door.ask(capture).status_code == 200
    site = Kiosk.objects.get().site
    with Door(server, make_kiosk(site, "Back door")[1]) as other:
        answer = other.ask(capture)
        assert (answer.status_code, answer.json()["code"]) == (409, "other_kiosks_capture")

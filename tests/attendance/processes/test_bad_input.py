"""Bad input at the door of a whole installation: each is answered, and nobody is let in by it."""

import json
import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.attendance import pictures
from tests.attendance.door import Door
from tests.attendance.pictures import ADA, STRANGER, WANG, burst, portrait
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.slow


@contextmanager
def nobody_at_work(stack: Stack) -> Iterator[None]:
    """Have the worker stand still, all its processes, for as long as the block runs."""
    group = stack.process("worker").pid
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(group, signal.SIGCONT)


def refusal(door: Door, *frames: bytes) -> str:
    """Send frames that are refused by a decision; return the reason."""
    sent = door.send(*frames)
    body = sent.json() if sent.status_code == 200 else door.settled(sent.json()["capture"])
    assert (body["state"], body["accepted"], body["person"]) == ("decided", False, None), body
    return str(body["reason"])


def test_an_enrolled_person_is_let_in(door: Door) -> None:
    body = door.send(*burst(ADA.identity)).json()
    assert (body["accepted"], body["person"]["display_name"]) == (True, ADA.name)


def test_a_stranger_is_refused(door: Door) -> None:
    assert refusal(door, *burst(STRANGER.identity)) == "not_recognised"


def test_a_picture_without_a_face(door: Door) -> None:
    assert refusal(door, pictures.no_face()) == "no_face"


def test_a_picture_with_two_faces(door: Door) -> None:
    assert refusal(door, pictures.two_faces()) == "several_faces"


def test_a_black_picture(door: Door) -> None:
    assert refusal(door, pictures.plain(0)) == "no_face"


def test_a_white_picture(door: Door) -> None:
    assert refusal(door, pictures.plain(255)) == "no_face"


def test_a_picture_of_one_pixel(door: Door) -> None:
    assert refusal(door, pictures.plain(128, width=1, height=1)) == "no_face"


def test_a_truncated_jpeg(door: Door) -> None:
    assert refusal(door, pictures.truncated()) == "undecodable"


def test_a_text_file_named_jpg(door: Door) -> None:
    answer = door.send(pictures.text_file())
    assert (answer.status_code, answer.json()["code"]) == (415, "not_an_image")


def test_a_hundred_megapixels_in_a_few_kilobytes(door: Door) -> None:
    answer = door.send(pictures.hundred_megapixels())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_pixels")


def test_an_animated_webp(door: Door) -> None:
    answer = door.send(pictures.animated_webp())
    assert (answer.status_code, answer.json()["code"]) == (415, "animated")


def test_after_all_of_these_a_person_is_still_let_in(door: Door) -> None:
    assert door.send(*burst(WANG.identity)).json()["accepted"]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_kiosk_whose_clock_is_wrong_by_a_day(door: Door, days: int) -> None:
    wrong = (timezone.now() + timedelta(days=days)).isoformat()
    answer = door.send(*burst(ADA.identity), fields={"captured_at": wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, "clock_skew")


def test_a_key_that_was_revoked(stack: Stack) -> None:
    name = f"Door {uuid.uuid4()}"
    code = stack.manage("kiosk", "create", name).stdout.strip()
    with Door(stack.address, code) as door:
        assert door.hello().status_code == 200
        stack.manage("kiosk", "revoke", name)
        for answer in (door.hello(), door.send(*burst(ADA.identity))):
            assert (answer.status_code, answer.json()["code"]) == (401, "kiosk_revoked")


def test_a_person_deactivated_between_upload_and_decision(stack: Stack, door: Door) -> None:
    with nobody_at_work(stack):
        sent = door.send(*burst(WANG.identity))
        assert sent.status_code == 202
        stack.manage("people", "update", WANG.name, "--deactivate")
    try:
        body = door.settled(sent.json()["capture"])
        assert (body["state"], body["accepted"], body["person"]) == ("decided", False, None)
    finally:
        stack.manage("people", "update", WANG.name, "--activate")
    assert door.send(*burst(WANG.identity)).json()["accepted"]


def test_an_empty_gallery(stack: Stack, door: Door) -> None:
    listed = stack.manage("people", "list", "--json").stdout
    everybody = [person["employee_number"] for person in json.loads(listed)]
    for number in everybody:
        stack.manage("people", "update", number, "--deactivate")
    try:
        assert refusal(door, *burst(ADA.identity)) == "empty_gallery"
    finally:
        for number in everybody:
            stack.manage("people", "update", number, "--activate")


def test_a_wrong_call_of_a_command_ends_with_2_and_failed_work_with_1(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def status(*arguments: str) -> int:
        return stack.manage(*arguments, check=False).returncode

    empty = tmp_path_factory.mktemp("empty")
    assert status("enroll") == 2
    assert status("enroll", str(empty)) == 2
    assert status("people", "dance") == 2
    assert status("nightly_report", "--date", "tomorrow") == 2
    assert status("people", "show", "Nobody") == 1
    assert status("kiosk", "code", "No such door") == 1
    assert status("people", "list") == 0


def test_a_change_is_followed_within_a_second(stack: Stack, door: Door) -> None:
    door.send(portrait(ADA.identity, 1))
    stack.manage("people", "update", ADA.name, "--deactivate")
    try:
        assert refusal(door, *burst(ADA.identity)) != "matched"
    finally:
        stack.manage("people", "update", ADA.name, "--activate")
    wait_for(lambda: door.send(*burst(ADA.identity)).json()["accepted"], what="Ada", limit_s=1)

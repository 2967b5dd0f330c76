"""Every refusal of the API is a problem document that says what it means."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from attendance import defaults
from attendance.models import Capture, Kiosk, MatchPolicy
from attendance.services.provisioning import revoke_key
from tests.attendance import pictures
from tests.attendance.documented import PLAIN
from tests.attendance.door import Door
from tests.attendance.pictures import ADA, WANG, portrait
from tests.attendance.rows import make_kiosk
from tests.trusting import provisioned

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs here; there is nothing to wait for."""
    monkeypatch.setattr(defaults, "ANSWER_WAIT", timedelta(seconds=0.05))


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


class TestSignatures:
    """Nobody speaks without the key of an active kiosk."""

    @pytest.mark.parametrize(
        "header", ["Lintel-Kiosk", "Lintel-Time", "Lintel-Nonce", "Lintel-Signature"]
    )
    def test_without_a_whole_signature(self, door: Door, header: str) -> None:
        door.http.headers[header] = ""
        for answer in (door.hello(), door.send(), door.ask(uuid.uuid4())):
            assert problem(answer) == (401, "signature_missing")

    def test_with_a_bearer_token_as_kiosks_once_had(self, server: str) -> None:
        headers = {"Authorization": "Bearer made-up-token"}
        answer = httpx.get(f"{server}/api/v1/kiosk", headers=headers, verify=PLAIN)
        assert problem(answer) == (401, "signature_missing")

    def test_with_another_kiosks_number(self, door: Door) -> None:
        other, code = make_kiosk(Kiosk.objects.get().site, "Back door")
        provisioned(door.address, code)
        door.http.headers["Lintel-Kiosk"] = str(other.pk)
        assert problem(door.send()) == (401, "signature_bad")

    def test_with_a_number_of_nobody(self, door: Door) -> None:
        door.http.headers["Lintel-Kiosk"] = "0"
        assert problem(door.send()) == (401, "kiosk_unknown")

    def test_with_a_signature_of_another_request(self, door: Door) -> None:
        headers = door.hello().request.headers
        kept = {n: headers[n] for n in headers if n.startswith("lintel-")}
        answer = door.request("GET", f"/api/v1/captures/{uuid.uuid4()}", headers=kept)
        assert problem(answer) == (401, "signature_bad")

    def test_the_same_request_again(self, door: Door) -> None:
        headers = door.hello().request.headers
        kept = {n: headers[n] for n in headers if n.startswith("lintel-")}
        assert problem(door.request("GET", "/api/v1/kiosk", headers=kept)) == (
            401,
            "nonce_replayed",
        )

    def test_a_body_that_was_changed_on_its_way(self, door: Door) -> None:
        sent = door.send().request
        headers = {n: sent.headers[n] for n in sent.headers if n.startswith("lintel-")}
        headers["Content-Type"] = sent.headers["Content-Type"]
        changed = sent.content.replace(b"JFIF", b"JFIX", 1)
        answer = door.request("POST", "/api/v1/captures", content=changed, headers=headers)
        assert problem(answer) == (401, "signature_bad")

    @pytest.mark.parametrize("days", [-1, 1])
    def test_with_a_clock_that_is_a_day_off(
        self, door: Door, days: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "kiosk.trust.signing.wall_time", lambda: timezone.now() + timedelta(days=days)
        )
        for answer in (door.hello(), door.send(), door.ask(uuid.uuid4())):
            assert problem(answer) == (422, "clock_skew")

    def test_with_a_revoked_key(self, door: Door) -> None:
        assert door.hello().status_code == 200
        revoke_key(kiosk=Kiosk.objects.get())
        assert problem(door.hello()) == (401, "kiosk_revoked")
        assert problem(door.send()) == (401, "kiosk_revoked")
        assert not Capture.objects.exists()

    def test_with_the_key_of_a_kiosk_switched_off(self, door: Door) -> None:
        Kiosk.objects.update(active=False)
        assert problem(door.send()) == (403, "kiosk_inactive")
        assert problem(door.hello()) == (403, "kiosk_inactive")


class TestPictures:
    """What is no acceptable picture is refused before anything is stored."""

    @pytest.mark.parametrize(
        ("picture", "status", "code"),
        [
            (pictures.text_file(), 415, "not_an_image"),
            (b"GIF89a" + bytes(100), 415, "unsupported_format"),
            (pictures.animated_webp(), 415, "animated"),
            (pictures.hundred_megapixels(), 413, "too_many_pixels"),
            (portrait(ADA.identity, 1) + bytes(defaults.MAX_FRAME_BYTES), 413, "too_many_bytes"),
            (b"", 422, "empty"),
        ],
    )
    def test_it_refuses(self, door: Door, picture: bytes, status: int, code: str) -> None:
        answer = door.send(portrait(ADA.identity, 1), picture)
        assert problem(answer) == (status, code)
        assert answer.json()["detail"].startswith("Frame 2")
        assert not Capture.objects.exists()

    @pytest.mark.parametrize("count", [6, 40])
    def test_it_refuses_too_many_frames(self, door: Door, count: int) -> None:
        assert problem(door.send(*[pictures.no_face()] * count)) == (422, "frame_count")


class TestFields:
    """What is missing or wrong is named, and never repeated."""

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("id", "secret-value"),
            ("id", ""),
            ("captured_at", "secret-value"),
            ("captured_at", "2026-03-10T12:00:00"),
            ("sent_at", "secret-value"),
            ("capture_skew_ms", "secret-value"),
            ("capture_skew_ms", "9999999999"),
        ],
    )
    def test_a_wrong_field_is_named(self, door: Door, field: str, value: str) -> None:
        answer = door.send(fields={field: value})
        assert problem(answer) == (422, "invalid_request")
        assert answer.json()["detail"].startswith(f"{field}:")
        assert "secret-value" not in answer.text

    @pytest.mark.parametrize("days", [-1, 1])
    def test_a_clock_that_is_a_day_off(self, door: Door, days: int) -> None:
        wrong = (timezone.now() + timedelta(days=days)).isoformat()
        answer = door.send(fields={"captured_at": wrong})
        assert problem(answer) == (422, "clock_skew")
        assert "Set the kiosk's clock" in answer.json()["detail"]

    @pytest.mark.parametrize(
        "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "-1e400", "1e30"]
    )
    def test_a_time_beyond_all_calendars(self, door: Door, at: str) -> None:
        for fields in ({"captured_at": at}, {"sent_at": at}):
            assert door.send(fields=fields).status_code == 422

    def test_a_capture_from_too_long_ago(self, door: Door) -> None:
        now = timezone.now()
        old = (now - timedelta(days=15)).isoformat()
        answer = door.send(fields={"captured_at": old, "sent_at": now.isoformat()})
        assert problem(answer) == (422, "captured_at_out_of_range")

    def test_no_fields_at_all(self, door: Door) -> None:
        answer = door.request("POST", "/api/v1/captures", json={"id": "x"})
        assert problem(answer) == (422, "invalid_request")

    @pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary="])
    def test_a_body_that_is_no_form(self, door: Door, kind: str) -> None:
        headers = {"Content-Type": kind}
        answer = door.request("POST", "/api/v1/captures", content=b"--", headers=headers)
        assert problem(answer) == (400, "malformed_body")

    def test_a_field_as_large_as_a_book(self, door: Door) -> None:
        assert problem(door.send(fields={"sent_at": "x" * 3_000_000})) == (413, "too_large")

    def test_more_files_than_anybody_sends(self, door: Door) -> None:
        assert problem(door.send(*[b"x"] * 150)) == (413, "too_large")


class TestConflicts:
    """One id is one capture."""

    def test_the_id_with_other_frames(self, door: Door) -> None:
        capture_id = uuid.UUID(door.send().json()["capture"])
        answer = door.send(portrait(WANG.identity, 1), capture_id=capture_id)
        assert problem(answer) == (409, "capture_conflict")

    def test_the_id_of_another_kiosk(self, door: Door, server: str) -> None:
        capture_id = uuid.UUID(door.send().json()["capture"])
        with Door(server, make_kiosk(Kiosk.objects.get().site, "Back door")[1]) as other:
            assert problem(other.send(capture_id=capture_id)) == (409, "other_kiosks_capture")


def test_more_captures_than_a_share(door: Door, settings: Settings) -> None:
    settings.CAPTURES_PER_MINUTE = 0
    answer = door.send()
    assert problem(answer) == (429, "too_many_captures")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


@pytest.mark.usefixtures("redis_away")
def test_without_redis_captures_are_refused_for_now(door: Door) -> None:
    assert problem(door.send()) == (503, "queue_unavailable")
    assert not Capture.objects.exists()


@pytest.mark.usefixtures("redis_away")
def test_without_redis_nothing_is_told_from_its_replay(door: Door) -> None:
    assert problem(door.hello()) == (503, "queue_unavailable")
    assert problem(door.ask(uuid.uuid4())) == (503, "queue_unavailable")


@pytest.mark.parametrize(
    "path",
    ["/api/v1/nothing", "/api/", "/api/v2/captures", "/api/v1/captures/no-uuid", "/api/v1/kiosk/"],
)
def test_an_unknown_address(door: Door, path: str) -> None:
    answer = door.request("GET", f"{path}?token=secret-value")
    assert problem(answer) == (404, "not_found")
    assert "secret-value" not in str(answer.headers)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/captures"), ("DELETE", "/api/v1/kiosk"), ("PUT", "/api/v1/captures")],
)
def test_a_method_that_an_address_does_not_take(door: Door, method: str, path: str) -> None:
    assert problem(door.request(method, path)) == (405, "method_not_allowed")


def test_a_fault_of_the_server_tells_nothing_of_its_inside(door: Door) -> None:
    MatchPolicy.objects.all().delete()
    answer = door.hello()
    assert problem(answer) == (500, "internal_server_error")
    assert "MatchPolicy" not in answer.text


def test_a_fault_of_the_database_is_told_as_such(door: Door) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE attendance_kiosk RENAME TO attendance_kiosk_away")
    try:
        assert door.hello().status_code == 500
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE attendance_kiosk_away RENAME TO attendance_kiosk")
    assert door.hello().status_code == 200


def test_connections_that_the_database_dropped_cost_one_request_at_most(door: Door) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: door.hello(), range(12)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert door.hello().status_code in (200, 503)
    assert [door.hello().status_code for _ in range(8)] == [200] * 8

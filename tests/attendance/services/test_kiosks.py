"""Who speaks: a request's signature, clock and nonce."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from attendance import defaults
from attendance.errors import (
    ClockSkew,
    KioskInactive,
    KioskRevoked,
    KioskUnknown,
    NonceReplayed,
    QueueUnavailable,
    SignatureBad,
)
from attendance.models import Kiosk
from attendance.services.kiosks import authenticate_kiosk
from attendance.services.provisioning import revoke_key
from tests.attendance.rows import make_kiosk
from tests.attendance.signing import Signer

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(kiosk: Kiosk) -> Signer:
    """Return the key of the front door's kiosk."""
    return Signer(kiosk)


def test_a_signed_request_is_its_kiosks(signer: Signer) -> None:
    assert authenticate_kiosk(request=signer.request()) == signer.kiosk


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("method", "POST"),
        ("target", "/api/v1/captures"),
        ("target", "/api/v1/kiosk?x=1"),
        ("body_sha256", "0" * 64),
        ("time", "2026-03-10T12:00:00+00:00"),
        ("nonce", "a" * 32),
        ("signature", ""),
        ("signature", "not base64"),
        ("signature", "AAAA"),
    ],
)
def test_whatever_is_changed_afterwards_breaks_the_signature(
    signer: Signer, field: str, value: str
) -> None:
    with pytest.raises(SignatureBad):
        authenticate_kiosk(request=replace(signer.request(), **{field: value}))


def test_another_kiosks_key_signs_nothing_for_this_one(signer: Signer) -> None:
    other = Signer(make_kiosk(signer.kiosk.site, "Back door")[0])
    claimed = other.request(kiosk=str(signer.kiosk.pk))
    with pytest.raises(SignatureBad):
        authenticate_kiosk(request=claimed)


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "²", "1.0", "9" * 18, "9" * 500, "\x00"])
def test_a_kiosk_that_is_not_there_is_unknown(signer: Signer, number: str) -> None:
    with pytest.raises(KioskUnknown):
        authenticate_kiosk(request=signer.request(kiosk=number))


def test_a_kiosk_without_a_key_is_unknown(signer: Signer) -> None:
    other, _code = make_kiosk(signer.kiosk.site, "Back door")
    with pytest.raises(KioskUnknown):
        authenticate_kiosk(request=signer.request(kiosk=str(other.pk)))


def test_a_revoked_kiosk_is_told_so_with_its_next_request(signer: Signer) -> None:
    authenticate_kiosk(request=signer.request())
    revoke_key(kiosk=signer.kiosk)
    with pytest.raises(KioskRevoked):
        authenticate_kiosk(request=signer.request())


def test_a_kiosk_switched_off_is_told_so(signer: Signer) -> None:
    Kiosk.objects.update(active=False)
    with pytest.raises(KioskInactive):
        authenticate_kiosk(request=signer.request())
    signer.kiosk.refresh_from_db()
    assert signer.kiosk.last_seen_at is None


def test_the_same_request_again_is_a_replay(signer: Signer) -> None:
    request = signer.request()
    authenticate_kiosk(request=request)
    with pytest.raises(NonceReplayed):
        authenticate_kiosk(request=request)


def test_two_kiosks_may_happen_on_the_same_nonce(signer: Signer) -> None:
    other = Signer(make_kiosk(signer.kiosk.site, "Back door")[0])
    nonce = uuid.uuid4().hex
    assert authenticate_kiosk(request=signer.request(nonce=nonce)) == signer.kiosk
    assert authenticate_kiosk(request=other.request(nonce=nonce)) == other.kiosk


@pytest.mark.parametrize("nonce", ["a" * 31, "a" * 65, "a b" * 12, "é" * 32])
def test_a_nonce_that_is_none_is_refused(signer: Signer, nonce: str) -> None:
    with pytest.raises(SignatureBad):
        authenticate_kiosk(request=signer.request(nonce=nonce))


@pytest.mark.parametrize("side", [-1, 1])
def test_a_clock_beyond_the_window_is_refused_and_within_it_taken(
    signer: Signer, side: int
) -> None:
    for beyond, taken in ((timedelta(seconds=5), False), (timedelta(seconds=-5), True)):
        at = timezone.now() + side * (defaults.MAX_CLOCK_SKEW + beyond)
        request = signer.request(time=at.isoformat())
        if taken:
            assert authenticate_kiosk(request=request) == signer.kiosk
        else:
            with pytest.raises(ClockSkew):
                authenticate_kiosk(request=request)


@pytest.mark.parametrize(
    "time", ["", "now", "2026-03-10T12:00:00", "0001-01-01T00:00:00+14:00", "1e30"]
)
def test_a_time_that_is_none_is_refused(signer: Signer, time: str) -> None:
    with pytest.raises((SignatureBad, ClockSkew)):
        authenticate_kiosk(request=signer.request(time=time))


@pytest.mark.usefixtures("redis_away")
def test_without_redis_nothing_can_be_told_from_its_replay(signer: Signer) -> None:
    with pytest.raises(QueueUnavailable):
        authenticate_kiosk(request=signer.request())


def test_being_seen_is_written_every_few_seconds_only(signer: Signer) -> None:
    first = authenticate_kiosk(request=signer.request()).last_seen_at
    assert authenticate_kiosk(request=signer.request()).last_seen_at == first
    Kiosk.objects.update(last_seen_at=timezone.now() - timedelta(seconds=6))
    again = authenticate_kiosk(request=signer.request()).last_seen_at
    assert again is not None
    assert first is not None
    assert again > first


def test_how_far_its_clock_is_off_is_noted(signer: Signer) -> None:
    ahead = (timezone.now() + timedelta(minutes=2)).isoformat()
    authenticate_kiosk(request=signer.request(time=ahead))
    signer.kiosk.refresh_from_db()
    assert signer.kiosk.clock_skew_ms == pytest.approx(120_000, abs=10_000)

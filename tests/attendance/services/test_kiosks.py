from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from attendance.errors import KioskInactive, KioskUnknown
from attendance.models import Kiosk, Site
from attendance.services.kiosks import (
    authenticate_kiosk,
    create_kiosk,
    issue_token,
    revoke_token,
    token_opens,
)

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_kiosk_and_is_kept_as_a_hash(site: Site) -> None:
    kiosk, token = create_kiosk(name="Front door", site=site)
    assert authenticate_kiosk(token=token) == kiosk
    assert token_opens(kiosk=kiosk, token=token)
    assert token not in str(Kiosk.objects.values())


def test_a_new_token_ends_the_old_one(site: Site) -> None:
    kiosk, old = create_kiosk(name="Front door", site=site)
    new = issue_token(kiosk=kiosk)
    assert authenticate_kiosk(token=new) == kiosk
    with pytest.raises(KioskUnknown):
        authenticate_kiosk(token=old)


def test_a_revoked_token_opens_nothing(site: Site) -> None:
    kiosk, token = create_kiosk(name="Front door", site=site)
    revoke_token(kiosk=kiosk)
    with pytest.raises(KioskUnknown):
        authenticate_kiosk(token=token)
    assert not token_opens(kiosk=kiosk, token=token)


@pytest.mark.parametrize("token", ["", "x", "ü", "a" * 10_000, "\x00"])
def test_a_made_up_token_opens_nothing(kiosk: Kiosk, token: str) -> None:
    with pytest.raises(KioskUnknown):
        authenticate_kiosk(token=token)


def test_a_kiosk_switched_off_is_told_so(site: Site) -> None:
    kiosk, token = create_kiosk(name="Front door", site=site)
    Kiosk.objects.update(active=False)
    with pytest.raises(KioskInactive):
        authenticate_kiosk(token=token)
    kiosk.refresh_from_db()
    assert kiosk.last_seen_at is None


def test_a_name_is_given_once(kiosk: Kiosk) -> None:
    with pytest.raises(ValidationError):
        create_kiosk(name=kiosk.name, site=kiosk.site)


def test_being_seen_is_written_every_few_seconds_only(site: Site) -> None:
    _kiosk, token = create_kiosk(name="Front door", site=site)
    first = authenticate_kiosk(token=token).last_seen_at
    assert authenticate_kiosk(token=token).last_seen_at == first
    Kiosk.objects.update(last_seen_at=timezone.now() - timedelta(seconds=6))
    again = authenticate_kiosk(token=token).last_seen_at
    assert again is not None
    assert first is not None
    assert again > first

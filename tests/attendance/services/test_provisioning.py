"""One-time codes, first keys, next keys, revocation."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from attendance.errors import CodeRefused, KeyRefused, LintelError
from attendance.models import Kiosk, Site
from attendance.services import server_key
from attendance.services.provisioning import (
    Introduction,
    create_kiosk,
    demand_rotation,
    issue_code,
    key_fingerprint,
    provision_kiosk,
    revoke_key,
    rotate_key,
)
from kiosk.trust.canonical import provision_message, rotation_message
from kiosk.trust.code import parse_code
from kiosk.trust.identity import new_seed, public_key, sign

pytestmark = pytest.mark.django_db


def introduction(code: str, seed: bytes, **changes: str) -> Introduction:
    """Say what a kiosk says."""
    parsed, key = parse_code(code), public_key(seed)
    message = provision_message(code_name=parsed.name, public_key=key, nonce="n" * 32)
    said = Introduction(
        code_name=parsed.name,
        public_key=key,
        nonce="n" * 32,
        proof=parsed.proof(message),
        signature=sign(seed, message),
    )
    return replace(said, **changes)


def refusal(said: Introduction) -> str:
    with pytest.raises(LintelError) as caught:
        provision_kiosk(introduction=said)
    return caught.value.code


def test_a_code_gives_a_kiosk_its_key_and_is_kept_as_a_hash(site: Site) -> None:
    kiosk, code = create_kiosk(name="Front door", site=site)
    seed = new_seed()
    assert provision_kiosk(introduction=introduction(code, seed)) == kiosk
    kiosk.refresh_from_db()
    assert kiosk.public_key == public_key(seed)
    assert parse_code(code).secret not in str(list(Kiosk.objects.values()))


def test_a_code_tells_which_server_made_it(site: Site) -> None:
    _kiosk, code = create_kiosk(name="Front door", site=site)
    wanted = server_key.fingerprint(server_key.public_key())
    assert parse_code(code).server_fingerprint == wanted


def test_a_code_works_once(site: Site) -> None:
    _kiosk, code = create_kiosk(name="Front door", site=site)
    provision_kiosk(introduction=introduction(code, new_seed()))
    assert refusal(introduction(code, new_seed())) == "code_used"


def test_the_same_key_under_the_same_code_is_answered_again(site: Site) -> None:
    _kiosk, code = create_kiosk(name="Front door", site=site)
    said = introduction(code, new_seed())
    assert provision_kiosk(introduction=said) == provision_kiosk(introduction=said)


def test_a_code_ends_after_its_hour(site: Site) -> None:
    _kiosk, code = create_kiosk(name="Front door", site=site)
    Kiosk.objects.update(code_expires_at=timezone.now() - timedelta(seconds=1))
    assert refusal(introduction(code, new_seed())) == "code_expired"


def test_a_new_code_ends_the_one_before(site: Site) -> None:
    kiosk, old = create_kiosk(name="Front door", site=site)
    new = issue_code(kiosk=kiosk)
    assert refusal(introduction(old, new_seed())) == "code_unknown"
    assert provision_kiosk(introduction=introduction(new, new_seed())) == kiosk


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"proof": "0" * 64}, "code_unknown"),
        ({"proof": "é"}, "code_unknown"),
        ({"code_name": ""}, "code_unknown"),
        ({"code_name": "0" * 32}, "code_unknown"),
        ({"nonce": "other"}, "code_unknown"),
        ({"signature": ""}, "key_refused"),
        ({"signature": "AAAA"}, "key_refused"),
    ],
)
def test_nothing_of_an_introduction_can_be_exchanged(
    site: Site, changes: dict[str, str], code: str
) -> None:
    kiosk, token = create_kiosk(name="Front door", site=site)
    assert refusal(introduction(token, new_seed(), **changes)) == code
    kiosk.refresh_from_db()
    assert (kiosk.public_key, kiosk.code_used_at) == ("", None)


def test_whoever_listens_cannot_put_another_key_in_place(site: Site) -> None:
    _kiosk, code = create_kiosk(name="Front door", site=site)
    heard, own = introduction(code, new_seed()), new_seed()
    message = provision_message(
        code_name=heard.code_name, public_key=public_key(own), nonce=heard.nonce
    )
    swapped = replace(heard, public_key=public_key(own), signature=sign(own, message))
    assert refusal(swapped) == "code_unknown"


def test_a_key_is_one_kiosks(site: Site) -> None:
    seed = new_seed()
    _front, front_code = create_kiosk(name="Front door", site=site)
    _back, back_code = create_kiosk(name="Back door", site=site)
    provision_kiosk(introduction=introduction(front_code, seed))
    assert refusal(introduction(back_code, seed)) == "key_taken"


class TestRotation:
    """The next key, handed in under the one in use."""

    @pytest.fixture
    def kiosk(self, site: Site) -> Kiosk:
        made, code = create_kiosk(name="Front door", site=site)
        provision_kiosk(introduction=introduction(code, new_seed()))
        made.refresh_from_db()
        demand_rotation(kiosk=made)
        return made

    def test_it_is_taken_and_the_demand_is_met(self, kiosk: Kiosk) -> None:
        seed = new_seed()
        message = rotation_message(kiosk=str(kiosk.pk), public_key=public_key(seed))
        before = key_fingerprint(kiosk=kiosk)
        rotate_key(kiosk=kiosk, public_key=public_key(seed), signature=sign(seed, message))
        kiosk.refresh_from_db()
        assert (kiosk.public_key, kiosk.rotation_wanted) == (public_key(seed), False)
        assert key_fingerprint(kiosk=kiosk) != before

    def test_a_key_that_did_not_sign_is_refused(self, kiosk: Kiosk) -> None:
        seed = new_seed()
        message = rotation_message(kiosk="0", public_key=public_key(seed))
        with pytest.raises(KeyRefused):
            rotate_key(kiosk=kiosk, public_key=public_key(seed), signature=sign(seed, message))

    def test_after_a_revocation_no_key_is_taken(self, kiosk: Kiosk) -> None:
        seed, stale = new_seed(), Kiosk.objects.get(pk=kiosk.pk)
        revoke_key(kiosk=kiosk)
        message = rotation_message(kiosk=str(kiosk.pk), public_key=public_key(seed))
        with pytest.raises(KeyRefused) as caught:
            rotate_key(kiosk=stale, public_key=public_key(seed), signature=sign(seed, message))
        assert caught.value.code == "key_changed"
        kiosk.refresh_from_db()
        assert kiosk.public_key == ""


def test_a_revocation_takes_the_code_as_well(site: Site) -> None:
    kiosk, code = create_kiosk(name="Front door", site=site)
    revoke_key(kiosk=kiosk)
    with pytest.raises(CodeRefused):
        provision_kiosk(introduction=introduction(code, new_seed()))


def test_after_a_revocation_a_new_code_brings_it_back(site: Site) -> None:
    kiosk, _code = create_kiosk(name="Front door", site=site)
    revoke_key(kiosk=kiosk)
    provision_kiosk(introduction=introduction(issue_code(kiosk=kiosk), new_seed()))
    kiosk.refresh_from_db()
    assert not kiosk.key_revoked


def test_a_name_is_given_once(kiosk: Kiosk) -> None:
    with pytest.raises(ValidationError):
        create_kiosk(name=kiosk.name, site=kiosk.site)

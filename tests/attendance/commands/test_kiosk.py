import pytest

from attendance.models import Kiosk, Site
from attendance.services.provisioning import code_name, key_fingerprint
from kiosk.trust.code import parse_code
from tests.attendance.commands.running import run
from tests.attendance.rows import make_site
from tests.attendance.signing import Signer

pytestmark = pytest.mark.django_db


def holder(code: str) -> Kiosk:
    """Return the kiosk that a code is for."""
    return Kiosk.objects.get(code_name=code_name(parse_code(code).secret))


def test_create_prints_a_code_for_the_kiosk(site: Site) -> None:
    ended = run("kiosk", "create", "Front door", "--zone", "Yard")
    assert ended.status == 0
    kiosk = holder(ended.out)
    assert (kiosk.name, kiosk.zone, kiosk.site) == ("Front door", "Yard", site)


def test_create_asks_for_the_site_where_there_are_several(site: Site) -> None:
    annex = make_site("Annex")
    assert run("kiosk", "create", "Front door").status == 1
    assert run("kiosk", "create", "Front door", "--site", "Nowhere").status == 1
    assert not Kiosk.objects.exists()
    assert run("kiosk", "create", "Front door", "--site", "Annex").status == 0
    assert Kiosk.objects.get().site == annex


def test_create_refuses_a_name_that_is_taken(kiosk: Kiosk) -> None:
    assert run("kiosk", "create", kiosk.name).status == 1


def test_code_replaces_the_code_before(kiosk: Kiosk) -> None:
    before = kiosk.code_name
    assert holder(run("kiosk", "code", kiosk.name).out) == kiosk
    assert not Kiosk.objects.filter(code_name=before).exists()


def test_revoke_takes_the_key(kiosk: Kiosk) -> None:
    Signer(kiosk)
    assert run("kiosk", "revoke", kiosk.name).status == 0
    kiosk.refresh_from_db()
    assert (kiosk.public_key, kiosk.key_revoked) == ("", True)


def test_rotate_asks_for_a_new_key(kiosk: Kiosk) -> None:
    Signer(kiosk)
    assert run("kiosk", "rotate", kiosk.name).status == 0
    kiosk.refresh_from_db()
    assert kiosk.rotation_wanted


def test_list_shows_kiosks_their_keys_and_when_they_were_seen(kiosk: Kiosk) -> None:
    assert run("kiosk", "list").out.split("\t")[2:] == ["-", "-\n"]
    Signer(kiosk)
    out = run("kiosk", "list").out
    assert "Front door\tMain site\t" in out
    assert key_fingerprint(kiosk=kiosk) in out
    assert kiosk.public_key not in out


@pytest.mark.parametrize("action", ["code", "revoke", "rotate"])
def test_a_kiosk_that_is_not_there_ends_with_1(action: str) -> None:
    ended = run("kiosk", action, "Back door")
    assert (ended.status, "no kiosk named" in ended.out) == (1, True)

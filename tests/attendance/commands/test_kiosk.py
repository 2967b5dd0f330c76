import pytest

from attendance.errors import KioskUnknown
from attendance.models import Kiosk, Site
from attendance.services.kiosks import authenticate_kiosk
from tests.attendance.commands.running import run
from tests.attendance.rows import make_kiosk, make_site

pytestmark = pytest.mark.django_db


def test_create_prints_a_token_that_opens(site: Site) -> None:
    ended = run("kiosk", "create", "Front door", "--zone", "Yard")
    assert ended.status == 0
    kiosk = authenticate_kiosk(token=ended.out.strip())
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


def test_token_replaces_the_old_one() -> None:
    kiosk, old = make_kiosk()
    new = run("kiosk", "token", kiosk.name).out.strip()
    assert authenticate_kiosk(token=new) == kiosk
    with pytest.raises(KioskUnknown):
        authenticate_kiosk(token=old)


def test_revoke_takes_the_token() -> None:
    kiosk, token = make_kiosk()
    assert run("kiosk", "revoke", kiosk.name).status == 0
    with pytest.raises(KioskUnknown):
        authenticate_kiosk(token=token)


def test_list_shows_kiosks_and_when_they_were_seen() -> None:
    _kiosk, token = make_kiosk()
    assert run("kiosk", "list").out.split("\t")[2].strip() == "-"
    authenticate_kiosk(token=token)
    out = run("kiosk", "list").out
    assert "Front door\tMain site\t" in out
    assert "UTC" in out
    assert token not in out


@pytest.mark.parametrize("action", ["token", "revoke"])
def test_a_kiosk_that_is_not_there_ends_with_1(action: str) -> None:
    ended = run("kiosk", action, "Back door")
    assert (ended.status, "no kiosk named" in ended.out) == (1, True)

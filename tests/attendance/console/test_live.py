"""The live page and its stream of check-ins."""

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from attendance.models import Kiosk
from attendance.services.overrides import end_override
from tests.attendance.access_rows import make_override
from tests.attendance.documented import PLAIN
from tests.attendance.rows import (
    make_check_in,
    make_kiosk,
    make_person,
    make_site,
    make_staff,
)
from tests.attendance.signing import Signer

pytestmark = pytest.mark.django_db(transaction=True)


class TestAccess:
    """Only signed-in staff see anything."""

    @pytest.mark.parametrize("path", ["/", "/live/summary", "/?site=1"])
    def test_a_visitor_is_sent_to_the_login(self, client: Client, path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/?next=/")

    def test_a_page_whose_session_is_over_goes_to_the_login_as_a_whole(
        self, client: Client
    ) -> None:
        answer = client.get("/live/summary", headers={"HX-Request": "true"})
        assert answer["HX-Refresh"] == "true"
        assert not answer.content

    def test_a_visitor_gets_no_stream(self, server: str) -> None:
        assert httpx.get(f"{server}/live/events", verify=PLAIN).status_code == 403

    @pytest.mark.parametrize("flags", [{"is_staff": False}, {"is_staff": True, "is_active": False}])
    def test_an_account_that_is_not_staff_sees_nothing(
        self, client: Client, flags: dict[str, bool]
    ) -> None:
        client.force_login(User.objects.create(username="eve", **flags))
        assert client.get("/").status_code == 302

    def test_a_signature_of_a_kiosk_opens_no_page(self, client: Client) -> None:
        request = Signer(make_kiosk()[0]).request(target="/")
        signed = {
            "Lintel-Kiosk": request.kiosk,
            "Lintel-Time": request.time,
            "Lintel-Nonce": request.nonce,
            "Lintel-Signature": request.signature,
        }
        answer = client.get("/", headers=signed)
        assert answer.status_code == 302

    @pytest.mark.usefixtures("quick_passwords")
    def test_the_login_leads_back_to_the_page(self, client: Client) -> None:
        User.objects.create_superuser("root", password="correct horse battery")
        form = {"username": "root", "password": "correct horse battery", "next": "/"}
        assert client.post("/admin/login/?next=/", form)["Location"] == "/"
        assert client.get("/").status_code == 200


class TestPage:
    """What a page shows when it is opened."""

    def test_before_the_first_site_it_says_what_to_do(self, console: Client) -> None:
        assert "Create the first site" in console.get("/").content.decode()

    def test_it_shows_todays_check_ins_people_and_kiosks(
        self, console: Client, kiosk: Kiosk
    ) -> None:
        make_check_in(kiosk, make_person(name="王小明"))
        make_check_in(kiosk, None)
        page = console.get("/").content.decode()
        for text in ("王小明", "not recognised", "Front door", "never seen"):
            assert text in page
        assert page.index("not recognised") < page.index("王小明</a>")

    def test_a_name_is_no_markup(self, console: Client, kiosk: Kiosk) -> None:
        make_check_in(kiosk, make_person(name="<img/src=x>"))
        page = console.get("/").content.decode()
        assert "<img/src=x>" not in page
        assert "&lt;img/src=x&gt;" in page

    def test_the_stream_begins_where_the_page_ends(self, console: Client, kiosk: Kiosk) -> None:
        newest = make_check_in(kiosk)
        assert f"after={newest.pk}" in console.get("/").content.decode()

    def test_each_site_has_its_own_page(self, console: Client, kiosk: Kiosk) -> None:
        annex, _token = make_kiosk(make_site("Annex"), "Annex door")
        make_check_in(kiosk, make_person("E1", "Ada Lovelace"))
        make_check_in(annex, make_person("E2", "Ben Okri"))
        assert "Ben Okri" not in console.get("/").content.decode()
        page = console.get(f"/?site={annex.site_id}").content.decode()
        assert "Ben Okri" in page
        assert "Ada Lovelace" not in page

    @pytest.mark.usefixtures("kiosk")
    @pytest.mark.parametrize("number", ["0", "x", "²", "9" * 30, "9" * 5000, "-1", "1;"])
    def test_an_unknown_site_is_not_found(self, console: Client, number: str) -> None:
        assert console.get("/", {"site": number}).status_code == 404
        assert console.get("/live/summary", {"site": number}).status_code == 404

    def test_it_costs_few_queries_however_many_come(
        self,
        console: Client,
        kiosk: Kiosk,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for n in range(30):
            make_check_in(kiosk, make_person(f"E{n}", consent=False))
        with django_assert_max_num_queries(12):
            console.get("/")

    def test_a_lockdown_stands_above_everything(self, console: Client, kiosk: Kiosk) -> None:
        assert "is-alarm" not in console.get("/").content.decode()
        override = make_override(kiosk.site, why="smoke")
        page = console.get("/").content.decode()
        assert "is-alarm" in page
        assert "smoke" in page
        assert f"/admin/attendance/dooroverride/{override.pk}/end" in page
        end_override(override=override, by="guard")
        assert "is-alarm" not in console.get("/live/summary").content.decode()

    def test_the_summary_is_a_part_of_a_page(self, console: Client, kiosk: Kiosk) -> None:
        make_check_in(kiosk, make_person())
        part = console.get("/live/summary").content.decode()
        assert "Ada Lindqvist" in part
        assert "<html" not in part

    def test_it_speaks_chinese(self, console: Client, kiosk: Kiosk) -> None:
        page = console.get("/", headers={"Accept-Language": "zh-hans"}).content.decode()
        assert '<html lang="zh-hans">' in page
        assert "Check-ins today" not in page


def test_staff_who_may_not_see_check_ins_see_nobody(
    client: Client, kiosk: Kiosk, server: str
) -> None:
    client.force_login(make_staff())
    make_check_in(kiosk, make_person())
    assert client.get("/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/live/summary").status_code == 403
    signed_in = {"sessionid": client.cookies["sessionid"].value}
    answer = httpx.get(f"{server}/live/events", cookies=signed_in, verify=PLAIN)
    assert answer.status_code == 403
    assert client.get("/admin/attendance/person/").status_code == 403


def test_the_page_offers_what_its_reader_may_open(client: Client, kiosk: Kiosk) -> None:
    client.force_login(make_staff(permissions=("view_checkin",)))
    page = client.get("/").content.decode()
    assert "/admin/attendance/checkin/" in page
    assert "/admin/attendance/nightlyreport/" not in page
    assert 'href="/admin/attendance/person/"' not in page

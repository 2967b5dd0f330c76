"""Kiosks, their keys, sites and the match policy in the console."""

import re

import pytest
from django.test import Client

from attendance.models import Kiosk, MatchPolicy, Site
from attendance.selectors.farewell import MOST_NAMED
from attendance.services.policies import current_policy
from attendance.services.provisioning import key_fingerprint
from kiosk.trust.code import parse_code
from tests.attendance.rows import make_capture, make_kiosk, make_site, make_staff
from tests.attendance.signing import Signer

pytestmark = pytest.mark.django_db

KIOSKS = "/admin/attendance/kiosk/"
POLICIES = "/admin/attendance/matchpolicy/"
SITES = "/admin/attendance/site/"
ACTIONS = ["code", "rotate", "revoke"]


class TestKeys:
    """Codes are made, keys asked for and revoked by a deliberate POST; a code is shown once."""

    @pytest.fixture
    def kiosk(self) -> Kiosk:
        made, _code = make_kiosk()
        Signer(made)
        return made

    def unchanged(self, kiosk: Kiosk) -> bool:
        now = Kiosk.objects.get(pk=kiosk.pk)
        return all(
            getattr(now, name) == getattr(kiosk, name)
            for name in ("public_key", "code_name", "rotation_wanted")
        )

    @pytest.mark.parametrize("action", ACTIONS)
    def test_looking_changes_nothing(self, console: Client, kiosk: Kiosk, action: str) -> None:
        page = console.get(f"{KIOSKS}{kiosk.pk}/{action}/")
        assert page.status_code == 200
        assert 'method="post"' in page.content.decode()
        assert self.unchanged(kiosk)

    def test_a_code_is_shown_once_and_kept_by_nobody(self, console: Client, kiosk: Kiosk) -> None:
        answer = console.post(f"{KIOSKS}{kiosk.pk}/code/")
        shown = re.search(r'lintel-token">([^<]+)<', answer.content.decode())
        assert shown is not None
        code = parse_code(shown[1])
        assert Kiosk.objects.get(code_name=code.name) == kiosk
        assert "no-store" in answer["Cache-Control"]
        for address in (KIOSKS, f"{KIOSKS}{kiosk.pk}/change/"):
            page = console.get(address).content.decode()
            assert shown[1] not in page
            assert code.secret not in page

    def test_a_key_is_revoked(self, console: Client, kiosk: Kiosk) -> None:
        assert console.post(f"{KIOSKS}{kiosk.pk}/revoke/").status_code == 302
        assert Kiosk.objects.get(pk=kiosk.pk).key_revoked
        assert "revoked" in console.get(KIOSKS).content.decode()

    def test_a_new_key_is_asked_for(self, console: Client, kiosk: Kiosk) -> None:
        assert console.post(f"{KIOSKS}{kiosk.pk}/rotate/").status_code == 302
        assert Kiosk.objects.get(pk=kiosk.pk).rotation_wanted
        assert "new key wanted" in console.get(KIOSKS).content.decode()

    def test_the_fingerprint_is_shown_and_not_the_key(self, console: Client, kiosk: Kiosk) -> None:
        page = console.get(f"{KIOSKS}{kiosk.pk}/change/").content.decode()
        assert key_fingerprint(kiosk=kiosk) in page
        assert kiosk.public_key not in page

    def test_a_form_without_its_own_mark_is_refused(self, kiosk: Kiosk) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_staff(permissions=("view_kiosk", "change_kiosk")))
        assert client.post(f"{KIOSKS}{kiosk.pk}/code/").status_code == 403
        assert self.unchanged(kiosk)

    @pytest.mark.parametrize("action", ACTIONS)
    def test_whoever_may_only_look_is_refused(
        self, client: Client, kiosk: Kiosk, action: str
    ) -> None:
        client.force_login(make_staff(permissions=("view_kiosk",)))
        address = f"{KIOSKS}{kiosk.pk}/{action}/"
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
        assert self.unchanged(kiosk)
        page = client.get(f"{KIOSKS}{kiosk.pk}/change/").content.decode()
        assert address not in page

    @pytest.mark.parametrize("action", ACTIONS)
    def test_a_visitor_is_sent_to_the_login(
        self, client: Client, kiosk: Kiosk, action: str
    ) -> None:
        assert client.post(f"{KIOSKS}{kiosk.pk}/{action}/").status_code == 302
        assert self.unchanged(kiosk)

    @pytest.mark.parametrize("key", ["0", "x", "9" * 30, "1%0a"])
    def test_a_kiosk_that_is_not_there_is_not_found(self, console: Client, key: str) -> None:
        assert console.post(f"{KIOSKS}{key}/code/").status_code == 404


def test_a_kiosk_is_created_without_a_key(console: Client) -> None:
    site = make_site()
    form = {"name": "Back door", "site": str(site.pk), "direction": "in", "zone": "Yard"}
    assert console.post(f"{KIOSKS}add/", {**form, "active": "on"}).status_code == 302
    kiosk = Kiosk.objects.get()
    assert (kiosk.name, kiosk.public_key, kiosk.code_name) == ("Back door", "", None)
    assert (kiosk.door.name, kiosk.door.rules.get().group.everybody) == ("Back door", True)


def test_a_kiosk_does_not_stand_at_a_door_of_another_site(console: Client) -> None:
    elsewhere = make_kiosk(make_site("Annex"))[0].door
    form = {"name": "Back door", "site": str(make_site().pk), "direction": "in", "active": "on"}
    answer = console.post(f"{KIOSKS}add/", {**form, "door": str(elsewhere.pk)})
    assert "belongs to another site" in answer.content.decode()
    assert Kiosk.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        ("time_zone", "/etc/localtime"),
        ("time_zone", ""),
        ("report_recipients", "hr@example.org nobody"),
        ("name", ""),
    ],
)
def test_a_site_with_a_wrong_value_is_refused(console: Client, field: str, value: str) -> None:
    form = {
        "name": "Annex",
        "time_zone": "Europe/Berlin",
        "report_time": "00:30",
        "report_recipients": "hr@example.org\nboss@example.org",
    }
    assert console.post(f"{SITES}add/", {**form, field: value}).status_code == 200
    assert not Site.objects.exists()
    assert console.post(f"{SITES}add/", form).status_code == 302
    assert Site.objects.get().report_addresses == ["hr@example.org", "boss@example.org"]


class TestPolicy:
    """A change of the rules is a new row, in the name of who is signed in."""

    VALUES = {
        "threshold": "0.4",
        "margin": "0.05",
        "min_face_px": "90",
        "enrolment_min_face_px": "110",
        "repeat_window_s": "30",
        "doubt_band": "1.2",
        "doubt_quality": "0.4",
        "why": "fewer false accepts",
    }

    def test_the_form_begins_with_the_values_in_force(self, console: Client) -> None:
        page = console.get(f"{POLICIES}add/").content.decode()
        assert f'value="{current_policy().threshold}"' in page

    def test_a_change_is_a_new_row(self, console: Client) -> None:
        first = current_policy()
        assert console.post(f"{POLICIES}add/", self.VALUES).status_code == 302
        policy = current_policy()
        assert policy != first
        assert (policy.threshold, policy.created_by, policy.why) == (
            0.4,
            "root",
            "fewer false accepts",
        )
        assert MatchPolicy.objects.count() == 2

    @pytest.mark.parametrize(
        ("field", "value"),
        [("threshold", "0.7"), ("threshold", "nan"), ("margin", "-1"), ("why", ""), ("why", "  ")],
    )
    def test_a_wrong_value_is_refused(self, console: Client, field: str, value: str) -> None:
        answer = console.post(f"{POLICIES}add/", {**self.VALUES, field: value})
        assert answer.status_code == 200
        assert MatchPolicy.objects.count() == 1

    def test_history_is_not_rewritten(self, console: Client) -> None:
        policy = current_policy()
        answer = console.post(f"{POLICIES}{policy.pk}/change/", self.VALUES)
        assert answer.status_code == 403
        assert current_policy().threshold == policy.threshold

    def test_staff_without_the_right_to_add_change_nothing(self, client: Client) -> None:
        client.force_login(make_staff(permissions=("view_matchpolicy", "change_matchpolicy")))
        assert client.post(f"{POLICIES}add/", self.VALUES).status_code == 403
        assert MatchPolicy.objects.count() == 1


def test_a_new_kiosk_is_offered_its_code(console: Client) -> None:
    form = {"name": "Gate", "site": make_site().pk, "direction": "in", "active": "on"}
    answer = console.post("/admin/attendance/kiosk/add/", form, follow=True)
    kiosk = Kiosk.objects.get()
    assert answer.redirect_chain[-1][0] == f"/admin/attendance/kiosk/{kiosk.pk}/code/"
    assert "Make one-time code" in answer.content.decode()


def test_a_kiosk_with_a_history_is_not_deleted_nor_its_history_fetched(
    console: Client, kiosk: Kiosk
) -> None:
    for _ in range(60):
        make_capture(kiosk)
    address = f"/admin/attendance/kiosk/{kiosk.pk}/delete/"
    page = console.get(address).content.decode()
    assert len(re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-", page)) == MOST_NAMED
    assert console.post(address, {"post": "yes"}).status_code == 200
    assert Kiosk.objects.filter(pk=kiosk.pk).exists()


@pytest.mark.parametrize(
    ("action", "said"),
    [("code", "One-time code made"), ("rotate", "New key asked for"), ("revoke", "Key revoked")],
)
def test_the_history_says_who_did_what_to_a_key(
    console: Client, kiosk: Kiosk, action: str, said: str
) -> None:
    console.get(f"{KIOSKS}{kiosk.pk}/{action}/")
    assert said not in console.get(f"{KIOSKS}{kiosk.pk}/history/").content.decode()
    console.post(f"{KIOSKS}{kiosk.pk}/{action}/")
    assert said in console.get(f"{KIOSKS}{kiosk.pk}/history/").content.decode()

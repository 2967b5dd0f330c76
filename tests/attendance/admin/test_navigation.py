"""The sidebar offers each account what it may open, and nothing else."""

import re

import pytest
from django.contrib.auth.models import Group as Role
from django.test import Client

from attendance.models import Kiosk
from attendance.services.roles import make_roles
from tests.attendance.rows import make_person, make_staff

pytestmark = pytest.mark.django_db


def offered(client: Client) -> set[str]:
    """Return where the sidebar leads."""
    page = client.get("/admin/").content.decode()
    begin = page.index('id="nav-sidebar-apps"')
    entries = page[begin : page.index("</nav>", begin)]
    return set(re.findall(r'<li>\s*<a href="([^"]+)"', entries))


@pytest.mark.parametrize("role", ["Guards", "HR"])
def test_every_entry_that_a_role_is_offered_opens(client: Client, kiosk: Kiosk, role: str) -> None:
    make_roles()
    account = make_staff()
    account.groups.add(Role.objects.get(name=role))
    client.force_login(account)
    entries = offered(client)
    assert {"/", "/access/question", "/admin/attendance/checkin/"} <= entries
    assert "/admin/auth/user/" not in entries
    assert {path: client.get(path).status_code for path in entries} == dict.fromkeys(entries, 200)


def test_who_may_do_everything_is_offered_everything(console: Client, kiosk: Kiosk) -> None:
    assert {"/", "/threshold", "/engines", "/admin/auth/user/", "/api/v1/docs"} <= offered(console)


def test_who_may_do_nothing_is_offered_nothing(client: Client) -> None:
    client.force_login(make_staff())
    assert offered(client) == set()


def test_hr_writes_down_consents_and_sets_pins(client: Client) -> None:
    make_roles()
    account = make_staff()
    account.groups.add(Role.objects.get(name="HR"))
    client.force_login(account)
    person = make_person()
    assert client.get(f"/people/{person.pk}/pin").status_code == 200
    assert client.get("/admin/attendance/consent/add/").status_code == 200
    assert client.get(f"/people/{person.pk}/enrol").status_code == 200


def test_who_may_not_set_pins_is_not_sent_to_their_page(client: Client) -> None:
    client.force_login(make_staff(permissions=("view_person", "change_person")))
    address = f"/admin/attendance/person/{make_person().pk}"
    assert f"{address}/pin" not in client.get(f"{address}/change/").content.decode()

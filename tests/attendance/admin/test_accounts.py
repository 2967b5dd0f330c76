"""Accounts of the console, made by somebody who is no administrator of computers."""

import pytest
from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import User
from django.test import Client

from attendance.services.roles import make_roles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

ACCOUNTS = "/admin/auth/user/"
PASSWORD = "Kran-Wolke-77"


def test_a_new_account_has_its_role_and_gets_in(console: Client) -> None:
    make_roles()
    form = {
        "username": "greta",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "groups": Role.objects.get(name="Guards").pk,
    }
    assert "be able to edit more" not in console.get(f"{ACCOUNTS}add/").content.decode()
    assert console.post(f"{ACCOUNTS}add/", form).status_code == 302
    greta = User.objects.get(username="greta")
    assert not greta.is_superuser
    guard = Client()
    guard.handler = console.handler
    signed_in = guard.post("/admin/login/?next=/", {"username": "greta", "password": PASSWORD})
    assert signed_in.status_code == 302
    assert guard.get("/admin/attendance/door/").status_code == 200


def test_the_list_names_the_roles(console: Client) -> None:
    make_roles()
    User.objects.create_user("hana").groups.add(Role.objects.get(name="HR"))
    page = console.get(ACCOUNTS).content.decode()
    assert "HR" in page
    assert "May do everything" in page


def test_rights_given_by_hand_stay_when_an_account_is_saved(console: Client) -> None:
    hana = User.objects.create_user("hana", is_staff=True)
    hana.user_permissions.set([4])
    form = {"username": "hana", "first_name": "Hana", "is_active": "on"}
    assert console.post(f"{ACCOUNTS}{hana.pk}/change/", form).status_code == 302
    assert list(hana.user_permissions.values_list("pk", flat=True)) == [4]
    hana.refresh_from_db()
    assert hana.first_name == "Hana"


def test_whoever_is_switched_off_does_not_get_in(console: Client) -> None:
    hana = User.objects.create_user("hana", password=PASSWORD, is_staff=True)
    assert console.post(f"{ACCOUNTS}{hana.pk}/change/", {"username": "hana"}).status_code == 302
    answer = console.post("/admin/login/", {"username": "hana", "password": PASSWORD})
    assert answer.status_code == 200


def test_a_password_is_set_anew_and_nothing_of_the_old_one_is_shown(console: Client) -> None:
    hana = User.objects.create_user("hana", password=PASSWORD, is_staff=True)
    page = console.get(f"{ACCOUNTS}{hana.pk}/change/").content.decode()
    assert "Set a new one" in page
    assert "algorithm" not in page
    form = {"password1": f"{PASSWORD}8", "password2": f"{PASSWORD}8"}
    assert console.post(f"{ACCOUNTS}{hana.pk}/password/", form).status_code == 302
    hana.refresh_from_db()
    assert hana.check_password(f"{PASSWORD}8")

"""Roles for accounts of the console."""

import pytest
from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import Permission

from attendance.services.roles import ROLES, make_roles

pytestmark = pytest.mark.django_db


def test_the_roles_are_made_once_with_permissions_that_exist() -> None:
    assert make_roles() == list(ROLES)
    for name, codenames in ROLES.items():
        given = Role.objects.get(name=name).permissions.values_list("codename", flat=True)
        assert set(given) == set(codenames)


def test_a_role_that_somebody_changed_stays_as_it_is() -> None:
    make_roles()
    guards = Role.objects.get(name="Guards")
    guards.permissions.set(Permission.objects.filter(codename="view_door"))
    assert make_roles() == []
    assert guards.permissions.count() == 1


def test_forgiving_and_overriding_are_for_guards_and_changing_rules_for_hr() -> None:
    guards, hr = set(ROLES["Guards"]), set(ROLES["HR"])
    assert {"add_forgiveness", "override_doors"} <= guards
    assert not {"add_forgiveness", "override_doors"} & hr
    assert not any(name.startswith(("change_", "delete_")) for name in guards)

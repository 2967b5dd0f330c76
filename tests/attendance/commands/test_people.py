import json

import pytest

from attendance.models import Consent, Person, Template
from tests.attendance.commands.running import run
from tests.attendance.rows import make_person, make_template

pytestmark = pytest.mark.django_db


def test_list_shows_everybody_with_consent_and_templates() -> None:
    make_template(make_person("E1", "Ada Lindqvist"))
    make_person("E2", "王小明", consent=False, active=False)
    out = run("people", "list").out
    for text in ("E1", "Ada Lindqvist", "E2", "王小明", "yes", "no"):
        assert text in out


def test_list_searches() -> None:
    make_person("E1", "Ada Lindqvist")
    make_person("E2", "Ben")
    out = run("people", "list", "lind").out
    assert "Ada" in out
    assert "Ben" not in out


def test_list_prints_json() -> None:
    make_template(make_person("E1", "王小明", preferred_name="小明"))
    assert json.loads(run("people", "list", "--json").out) == [
        {
            "employee_number": "E1",
            "full_name": "王小明",
            "preferred_name": "小明",
            "active": True,
            "consent": True,
            "templates": 1,
        }
    ]


def test_show_tells_consents_and_templates_and_no_vector() -> None:
    person = make_person("E1", "Ada")
    template = make_template(person)
    out = run("people", "show", "E1").out
    assert "Ada (E1)" in out
    assert "recorded by HR" in out
    assert str(template.pk) in out
    assert bytes(template.sealed_vector).hex()[:20] not in out


def test_add_creates_a_person() -> None:
    assert run("people", "add", "Ada Lindqvist", "E1").status == 0
    assert Person.objects.get().full_name == "Ada Lindqvist"


def test_add_refuses_a_number_that_is_taken() -> None:
    make_person("E1")
    ended = run("people", "add", "Ben", "E1")
    assert ended.status == 1
    assert "already exists" in ended.out


def test_update_changes_what_is_given() -> None:
    make_person("E1", "Ada")
    given = ("--name", "Ada L", "--number", "E9", "--preferred-name", "A", "--deactivate")
    assert run("people", "update", "E1", *given).status == 0
    person = Person.objects.get()
    assert (person.full_name, person.employee_number) == ("Ada L", "E9")
    assert (person.preferred_name, person.active) == ("A", False)
    run("people", "update", "ada l", "--activate")
    person.refresh_from_db()
    assert person.active


def test_update_refuses_a_name_that_is_none() -> None:
    make_person("E1", "Ada")
    assert run("people", "update", "E1", "--name", "").status == 1
    assert Person.objects.get().full_name == "Ada"


def test_delete_forgets_a_person() -> None:
    make_template(make_person("E1", "Ada"))
    assert run("people", "delete", "Ada").status == 0
    assert not Person.objects.exists()
    assert not Template.objects.exists()


def test_delete_templates_deletes_one_or_all() -> None:
    person = make_person("E1")
    first, _second, _third = (make_template(person) for _ in range(3))
    one = run("people", "delete-templates", "E1", "--template", str(first.pk))
    assert "Deleted 1 templates" in one.out
    assert run("people", "delete-templates", "E1").status == 0
    assert not Template.objects.exists()


@pytest.mark.parametrize("template", ["00000000-0000-0000-0000-000000000000", "no-uuid"])
def test_delete_templates_refuses_one_that_is_not_there(template: str) -> None:
    make_template(make_person("E1"))
    assert run("people", "delete-templates", "E1", "--template", template).status == 1
    assert Template.objects.count() == 1


def test_withdraw_consent_takes_a_person_out() -> None:
    make_person("E1")
    assert "Withdrew 1 consents" in run("people", "withdraw-consent", "E1").out
    assert Consent.objects.get().withdrawn_at is not None
    assert "withdrawn" in run("people", "show", "E1").out


@pytest.mark.parametrize(
    "action", ["show", "update", "delete", "delete-templates", "withdraw-consent"]
)
def test_nobody_by_that_name_ends_with_1(action: str) -> None:
    ended = run("people", action, "Nobody")
    assert (ended.status, "Nobody has" in ended.out) == (1, True)


def test_a_name_that_several_share_ends_with_1_and_changes_nobody() -> None:
    make_person("E1", "Ada")
    make_person("E2", "Ada")
    assert run("people", "delete", "Ada").status == 1
    assert Person.objects.count() == 2

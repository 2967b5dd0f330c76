"""Groups of people in the console: of any size, filled from a list of employee numbers."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attendance.models import Group, Kiosk, Membership, Person
from attendance.services.doors import everybody
from tests.attendance.access_rows import make_group, only
from tests.attendance.rows import make_person

pytestmark = pytest.mark.django_db

GROUPS = "/admin/attendance/group/"
MEMBERS = "/admin/attendance/membership/"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def numbers_in(group: Group) -> set[str]:
    return set(group.members.values_list("employee_number", flat=True))


@pytest.mark.parametrize("typed", ["E1\r\nE2\r\n\r\n", "E1, E2", "E1\tE2;", " E2 \n E1 \n E1 "])
def test_people_join_by_their_numbers(console: Client, typed: str) -> None:
    for number in ("E1", "E2", "E3"):
        make_person(number)
    group = make_group("Staff")
    answer = console.post(
        f"{GROUPS}{group.pk}/change/", {"name": "Staff", "people": typed}, follow=True
    )
    assert numbers_in(group) == {"E1", "E2"}
    assert "2 people added" in answer.content.decode()


def test_a_new_group_is_made_with_its_people(console: Client) -> None:
    make_person("E1")
    assert console.post(f"{GROUPS}add/", {"name": "Crew", "people": "E1"}).status_code == 302
    assert numbers_in(Group.objects.get(name="Crew")) == {"E1"}


def test_whoever_is_in_the_group_already_stays_in_it_once(console: Client) -> None:
    group = make_group("Staff", make_person("E1"))
    form = {"name": "Staff", "people": "E1"}
    page = console.post(f"{GROUPS}{group.pk}/change/", form, follow=True).content.decode()
    assert "0 people added" in page
    assert Membership.objects.count() == 1


def test_nobody_joins_where_a_number_is_nobodys(console: Client) -> None:
    make_person("E1")
    group = make_group("Staff")
    form = {"name": "Staff", "people": "E1\nE404\n<b>"}
    page = console.post(f"{GROUPS}{group.pk}/change/", form).content.decode()
    assert "Nobody has these 2 employee numbers: &lt;b&gt;, E404" in page
    assert not numbers_in(group)


def test_the_page_of_a_group_costs_the_same_for_many_members(console: Client) -> None:
    group = make_group("Staff")
    address = f"{GROUPS}{group.pk}/change/"
    sizes, counts = [], []
    for begin, end in ((0, 1), (1, 400)):
        people = [Person(employee_number=f"N{n}", full_name="Ada Li") for n in range(begin, end)]
        Person.objects.bulk_create(people)
        Membership.objects.bulk_create(Membership(group=group, person=p) for p in people)
        with CaptureQueriesContext(connection) as queries:
            sizes.append(len(text(console, address)))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert sizes[1] - sizes[0] < 100
    # More fields than Django takes in one form would be needed to send them all.
    assert console.post(address, {"name": "Crew"}).status_code == 302
    assert group.memberships.count() == 400


def test_the_members_are_listed_searched_and_taken_out(console: Client) -> None:
    ada, bo = make_person("E1", "Ada Li"), make_person("E2", "Bo Ek")
    group = make_group("Staff", ada, bo)
    make_group("Other", ada)
    assert f"{MEMBERS}?group__id__exact={group.pk}" in text(console, f"{GROUPS}{group.pk}/change/")
    page = text(console, f"{MEMBERS}?group__id__exact={group.pk}&q=Bo")
    assert "Bo Ek" in page
    assert "Ada Li" not in page
    gone = Membership.objects.get(group=group, person=bo).pk
    form = {"action": "delete_selected", "_selected_action": gone, "post": "yes"}
    assert console.post(MEMBERS, form).status_code == 302
    assert numbers_in(group) == {"E1"}


def test_a_person_shows_the_groups_and_joins_one(console: Client) -> None:
    ada = make_person("E1", "Ada Li")
    make_group("Night watch", ada)
    assert "Night watch" in text(console, f"/admin/attendance/person/{ada.pk}/change/")


def test_nobody_is_put_into_everybody(console: Client) -> None:
    crew, all_of_them = make_group("Crew"), everybody()
    query = "app_label=attendance&model_name=membership&field_name=group&term="
    offered = console.get(f"/admin/autocomplete/?{query}").json()["results"]
    assert [row["id"] for row in offered] == [str(crew.pk)]
    assert 'name="people"' not in text(console, f"{GROUPS}{all_of_them.pk}/change/")


def test_a_group_of_many_is_deleted_and_says_how_many_leave_it(console: Client) -> None:
    group = make_group("Staff")
    people = [Person(employee_number=f"N{n}", full_name="Ada Li") for n in range(60)]
    Person.objects.bulk_create(people)
    Membership.objects.bulk_create(Membership(group=group, person=p) for p in people)
    with CaptureQueriesContext(connection) as queries:
        page = text(console, f"{GROUPS}{group.pk}/delete/")
    assert len(queries) < 20
    assert re.search(r"memberships:\s*60", page, re.IGNORECASE)
    assert console.post(f"{GROUPS}{group.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Group.objects.filter(pk=group.pk).exists()
    assert Person.objects.count() == 60


def test_a_group_that_a_door_goes_by_is_not_deleted(console: Client, kiosk: Kiosk) -> None:
    group = make_group("Staff")
    only(kiosk.door, group)
    page = console.post(f"{GROUPS}{group.pk}/delete/", {"post": "yes"}).content.decode()
    assert "Staff, Always" in page
    assert Group.objects.filter(pk=group.pk).exists()

import pytest
from pytest_django import DjangoAssertNumQueries

from attendance.selectors.people import people_rows
from attendance.services.people import withdraw_consent
from tests.attendance.rows import make_consent, make_person, make_template

pytestmark = pytest.mark.django_db


def test_rows_tell_consent_and_templates_of_each_person() -> None:
    ada, ben = make_person("E1", "Ada"), make_person("E2", "Ben")
    make_consent(ada)
    make_template(ada)
    make_template(ada)
    withdraw_consent(person=ben)
    rows = [(row.person, row.has_consent, row.templates) for row in people_rows()]
    assert rows == [(ada, True, 2), (ben, False, 0)]


def test_a_search_looks_at_names_and_numbers() -> None:
    ada, ben = make_person("E1", "Ada Lindqvist"), make_person("X77", "王小明")
    assert [row.person for row in people_rows(search="lind")] == [ada]
    assert [row.person for row in people_rows(search="x7")] == [ben]
    assert [row.person for row in people_rows(search="小")] == [ben]
    assert list(people_rows(search="nobody")) == []


def test_a_hundred_people_cost_one_query(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(100):
        make_person(f"E{n}", consent=False)
    with django_assert_max_num_queries(1):
        assert len(list(people_rows())) == 100

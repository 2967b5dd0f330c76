"""A worker's gallery follows the database at once, change by change."""

import threading
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from attendance.models import Consent, GalleryState, Person, Template
from attendance.services.gallery import GalleryCache, LoadedGallery
from attendance.services.people import withdraw_consent
from tests.attendance.rows import make_consent, make_kiosk, make_person, make_template, new_policy
from tests.people import synthetic_vectors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cache() -> GalleryCache:
    return GalleryCache()


def now_in(cache: GalleryCache, **later: float) -> LoadedGallery:
    return cache.current(now=timezone.now() + timedelta(**later))


def in_gallery(cache: GalleryCache, **later: float) -> set[str]:
    return set(now_in(cache, **later).gallery.people)


def test_it_holds_active_people_with_consent_and_templates(cache: GalleryCache) -> None:
    ada = make_person("E1")
    for person in (
        ada,
        make_person("E2", consent=False),
        make_person("E3", active=False),
    ):
        make_template(person)
    make_person("E4")
    assert in_gallery(cache) == {str(ada.pk)}


def test_several_templates_of_a_person_are_one_person(cache: GalleryCache) -> None:
    ada = make_person()
    vectors = synthetic_vectors(3)
    for vector in vectors:
        make_template(ada, vector)
    loaded = now_in(cache)
    assert len(loaded.gallery) == 3
    assert loaded.gallery.people == (str(ada.pk),)
    assert loaded.gallery.search(vectors[1:2])[0].distance == pytest.approx(0, abs=1e-3)


LEAVES: dict[str, Callable[[Person], object]] = {
    "is deactivated": lambda p: Person.objects.filter(pk=p.pk).update(active=False),
    "withdraws consent": lambda p: withdraw_consent(person=p),
    "has an ended consent": lambda p: Consent.objects.update(
        given_at=timezone.now() - timedelta(days=2), until=timezone.now() - timedelta(days=1)
    ),
    "loses the templates": lambda p: p.templates.all().delete(),
    "is deleted": lambda p: p.delete(),
}


@pytest.mark.parametrize("change", LEAVES)
def test_it_leaves_a_person_out_as_soon_as_the_person(cache: GalleryCache, change: str) -> None:
    ada, ben = make_person("E1"), make_person("E2", "Ben")
    make_template(ada)
    make_template(ben)
    assert len(in_gallery(cache)) == 2
    stays = str(ben.pk)
    LEAVES[change](ada)
    if change == "has an ended consent":
        make_consent(ben)
    assert in_gallery(cache) == {stays}


def test_it_takes_a_new_person_in_at_once(cache: GalleryCache) -> None:
    assert in_gallery(cache) == set()
    ada = make_person()
    make_template(ada)
    assert in_gallery(cache) == {str(ada.pk)}


def test_a_new_policy_is_in_force_at_once(cache: GalleryCache) -> None:
    assert now_in(cache).rule.threshold != 0.33
    new_policy(threshold=0.33, margin=0.01)
    rule = now_in(cache).rule
    assert (rule.threshold, rule.margin) == (0.33, 0.01)


def test_a_consent_that_ends_takes_its_person_out_by_the_clock_alone(cache: GalleryCache) -> None:
    ada = make_person(consent=False)
    make_consent(ada, until=timezone.now() + timedelta(hours=1))
    make_template(ada)
    assert in_gallery(cache) == {str(ada.pk)}
    assert in_gallery(cache, minutes=59) == {str(ada.pk)}
    assert in_gallery(cache, minutes=61) == set()


def test_a_consent_that_begins_brings_its_person_in_by_the_clock_alone(cache: GalleryCache) -> None:
    ada = make_person(consent=False)
    make_consent(ada, given_at=timezone.now() + timedelta(hours=1))
    make_template(ada)
    assert in_gallery(cache) == set()
    assert in_gallery(cache, minutes=61) == {str(ada.pk)}


def test_a_withdrawal_set_for_later_counts_from_then_on(cache: GalleryCache) -> None:
    ada = make_person(consent=False)
    make_consent(ada, withdrawn_at=timezone.now() + timedelta(hours=1))
    make_template(ada)
    assert in_gallery(cache) == {str(ada.pk)}
    assert in_gallery(cache, minutes=61) == set()


def test_it_is_loaded_once_while_nothing_changes(cache: GalleryCache) -> None:
    make_template(make_person())
    loaded = now_in(cache)
    make_kiosk()
    assert now_in(cache) is loaded


def test_a_look_at_an_unchanged_gallery_costs_one_query(
    cache: GalleryCache, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now_in(cache)
    with django_assert_num_queries(1):
        now_in(cache)


@pytest.mark.parametrize("sealed", [b"", b"\0" * 600])
def test_a_template_that_does_not_open_is_left_out_and_the_others_stay(
    cache: GalleryCache, sealed: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    ada, ben = make_person("E1"), make_person("E2", "Ben")
    broken = make_template(ada)
    make_template(ben)
    Template.objects.filter(pk=broken.pk).update(sealed_vector=sealed)
    assert in_gallery(cache) == {str(ben.pk)}
    assert str(broken.pk) in caplog.text


def test_a_template_moved_to_another_person_is_left_out(cache: GalleryCache) -> None:
    ada, ben = make_person("E1"), make_person("E2", "Ben")
    make_template(ada)
    Template.objects.update(person=ben)
    assert in_gallery(cache) == set()


def test_templates_of_another_engine_are_left_out(cache: GalleryCache) -> None:
    make_template(make_person())
    Template.objects.update(engine_version="0")
    assert in_gallery(cache) == set()


def test_another_key_opens_nobody(cache: GalleryCache, settings: Settings) -> None:
    make_template(make_person())
    settings.TEMPLATE_KEY = "A" * 43 + "="
    assert in_gallery(cache) == set()


def test_a_vector_that_is_no_vector_is_left_out_and_the_others_stay(cache: GalleryCache) -> None:
    ada, ben, eve = (make_person(f"E{n}", name) for n, name in enumerate(("Ada", "Ben", "Eve")))
    make_template(ada, np.full(128, np.nan, np.float32))
    make_template(eve, np.zeros(64, np.float32))
    make_template(ben)
    assert in_gallery(cache) == {str(ben.pk)}


def test_a_version_belongs_to_exactly_the_rows_it_was_read_with(cache: GalleryCache) -> None:
    ada = make_person()
    before = GalleryState.objects.get().version
    vectors = synthetic_vectors(40)

    def write() -> None:
        for vector in vectors:
            make_template(ada, vector)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while writer.is_alive():
        loaded = now_in(cache)
        assert len(loaded.gallery) == loaded.version - before
        seen.add(loaded.version)
    writer.join()
    assert len(now_in(cache).gallery) == 40
    assert len(seen) > 1

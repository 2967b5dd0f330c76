"""How often a stranger may pass is chosen in the console."""

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import MatchPolicy
from attendance.services import thresholds
from attendance.services.calibrations import keep_calibration
from recognition.calibration.file import builtin_calibration
from recognition.engines.registry import load_engine
from tests.attendance.rows import make_person, make_staff, make_template, new_policy

pytestmark = pytest.mark.django_db


def enrol(count: int) -> None:
    """Enrol so many people."""
    for number in range(count):
        make_template(make_person(f"E{number}", f"Person {number}"))


def test_it_shows_the_promise_in_force_and_what_others_cost(console: Client) -> None:
    text = console.get(reverse("threshold"), {"people": "1000"}).content.decode()

    assert "promised are 0.3 %" in text
    assert "of 10,000 who try" in text
    assert 'name="people" value="1000"' in text


def test_a_promise_is_put_in_force_with_its_reason(console: Client) -> None:
    before = MatchPolicy.objects.latest()

    answer = console.post(
        reverse("threshold"), {"people": "1000", "one_in": "1000", "why": "A second building"}
    )

    policy = MatchPolicy.objects.latest()
    assert answer.status_code == 302
    assert policy.threshold < before.threshold
    assert (policy.promised_fpir, policy.promised_people) == (0.001, 1000)
    assert policy.why == "A second building"


@pytest.mark.parametrize(
    "sent",
    [
        {"people": "0", "one_in": "1000", "why": "none"},
        {"people": "10", "one_in": "7", "why": "no such choice"},
        {"people": "10", "one_in": "1000", "why": ""},
        {"people": "10" * 20, "one_in": "1000", "why": "too many"},
    ],
)
def test_what_is_no_promise_changes_nothing(console: Client, sent: dict[str, str]) -> None:
    before = MatchPolicy.objects.count()

    answer = console.post(reverse("threshold"), sent)

    assert answer.status_code == 200
    assert MatchPolicy.objects.count() == before


def test_whoever_may_not_change_policies_only_looks(client: Client) -> None:
    client.force_login(make_staff("looks", permissions=("view_matchpolicy",)))

    assert "Put in force" not in client.get(reverse("threshold")).content.decode()
    client.post(reverse("threshold"), {"people": "10", "one_in": "100", "why": "no"})
    assert MatchPolicy.objects.count() == 1


def test_it_warns_when_more_people_are_enrolled_than_promised_for(console: Client) -> None:
    calibration = builtin_calibration(load_engine().id)
    assert calibration is not None
    review = thresholds.review_threshold(calibration=calibration, fpir=0.003, people=1)
    thresholds.set_threshold(review=review, by="HR", why="for one")
    assert "More strangers pass" not in console.get(reverse("threshold")).content.decode()

    enrol(3)

    found = thresholds.review_promise(at=timezone.now())
    assert found is not None
    assert found.outgrown
    assert "More strangers pass than promised" in console.get(reverse("threshold")).content.decode()


def test_a_threshold_chosen_by_hand_promises_nothing(console: Client) -> None:
    new_policy(threshold=0.5, promised_fpir=None, promised_people=None)

    assert thresholds.review_promise(at=timezone.now()) is None
    assert "they promise nothing" in console.get(reverse("threshold")).content.decode()


def test_a_rule_that_stays_keeps_its_promise_and_another_does_not() -> None:
    new_policy(min_face_px=90, promised_fpir=None, promised_people=None)
    assert MatchPolicy.objects.latest().promised_people == 170

    new_policy(margin=0.1, promised_fpir=None, promised_people=None)
    assert MatchPolicy.objects.latest().promised_people is None


def test_a_sites_own_calibration_counts_from_then_on() -> None:
    shipped = thresholds.calibration_in_force()
    assert shipped is not None

    keep_calibration(calibration=shipped, by="HR")

    kept = thresholds.calibration_in_force()
    assert kept is not None
    assert kept is not shipped
    assert np.allclose(kept.distance, shipped.distance)

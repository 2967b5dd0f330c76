import pytest
from django.core.exceptions import ValidationError

from attendance import defaults
from attendance.models import MatchPolicy
from attendance.services.policies import current_policy
from tests.attendance.rows import new_policy

pytestmark = pytest.mark.django_db


def test_a_new_installation_begins_with_the_measured_defaults() -> None:
    policy = current_policy()
    assert (policy.threshold, policy.margin) == (defaults.THRESHOLD, defaults.MARGIN)
    assert policy.why


def test_a_change_is_a_new_row_and_the_newest_is_in_force() -> None:
    first = current_policy()
    second = new_policy(threshold=0.4)
    assert current_policy() == second
    assert (second.created_by, second.why) == ("HR", "a test")
    assert list(MatchPolicy.objects.order_by("id")) == [first, second]


@pytest.mark.parametrize(
    "values",
    [
        {"threshold": 0.19},
        {"threshold": 0.61},
        {"threshold": float("nan")},
        {"margin": -0.1},
        {"margin": 0.31},
        {"min_face_px": 39},
        {"enrolment_min_face_px": 401},
        {"repeat_window_s": 3601},
        {"repeat_window_s": -1},
        {"doubt_band": 0.99},
        {"doubt_band": 1.51},
        {"doubt_quality": -0.01},
        {"doubt_quality": 1.01},
    ],
)
def test_it_refuses_values_out_of_range(values: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        new_policy(**values)
    assert MatchPolicy.objects.count() == 1

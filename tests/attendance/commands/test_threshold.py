"""``manage.py threshold``."""

import io

import pytest
from django.core.management import CommandError, call_command

from attendance.models import MatchPolicy

pytestmark = pytest.mark.django_db


def threshold(*arguments: str) -> str:
    """Run the command and return what it prints."""
    out = io.StringIO()
    call_command("threshold", *arguments, stdout=out)
    return out.getvalue()


def test_it_shows_what_is_promised_and_changes_nothing() -> None:
    before = MatchPolicy.objects.count()
    text = threshold("--people", "100", "--searches-per-day", "1000")

    assert "In force: 0.460. Among 100 people" in text
    assert "Of 1000 strangers a day" in text
    assert MatchPolicy.objects.count() == before


def test_it_warns_when_the_gallery_has_outgrown_the_promise() -> None:
    assert "More strangers pass" in threshold("--people", "5000")
    assert "More strangers pass" not in threshold("--people", "10")


def test_it_sets_the_distance_and_keeps_the_reason_and_the_old_rule() -> None:
    before = MatchPolicy.objects.latest()
    threshold("--people", "1000", "--set", "--why", "second site")

    policy = MatchPolicy.objects.latest()
    assert policy.pk != before.pk
    assert policy.threshold < before.threshold
    assert (policy.margin, policy.why) == (before.margin, "second site")


def test_it_sets_nothing_without_a_reason() -> None:
    with pytest.raises(CommandError, match="--why"):
        threshold("--set")


def test_it_refuses_a_rate_that_is_none() -> None:
    with pytest.raises(CommandError, match="between 0 and 1"):
        threshold("--fpir", "2")

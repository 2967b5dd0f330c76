import httpx
import pytest

from attendance.models import MatchPolicy
from attendance.services import pulse
from tests.attendance.documented import PLAIN

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_healthy_whatever_else_is_away(server: str) -> None:
    answer = httpx.get(f"{server}/healthz", verify=PLAIN)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_is_ready_when_everything_answers(server: str) -> None:
    pulse.beat()
    answer = httpx.get(f"{server}/readyz", verify=PLAIN)
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": True, "queue": True, "worker": True}


def test_it_is_not_ready_without_a_worker(server: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = httpx.get(f"{server}/readyz", verify=PLAIN)
    # Asked every few seconds, it would fill the log.
    assert not [record for record in caplog.records if record.name == "django.request"]
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": True, "queue": True, "worker": False}


@pytest.mark.usefixtures("redis_away")
def test_without_redis_it_is_healthy_and_not_ready(server: str) -> None:
    assert httpx.get(f"{server}/healthz", verify=PLAIN).status_code == 200
    answer = httpx.get(f"{server}/readyz", verify=PLAIN)
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": True, "queue": False, "worker": False}


def test_it_is_not_ready_before_the_first_policy(server: str) -> None:
    pulse.beat()
    MatchPolicy.objects.all().delete()
    assert httpx.get(f"{server}/readyz", verify=PLAIN).json()["database"] is False

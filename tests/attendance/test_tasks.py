"""The tasks, through a real queue and a real worker."""

from datetime import timedelta

import pytest
from django.utils import timezone

from attendance import tasks
from attendance.choices import CaptureState
from attendance.models import Capture, CheckIn, Kiosk, NightlyReport, Site
from attendance.services import pulse
from tests.attendance.pictures import no_face
from tests.attendance.sending import send
from tests.stack import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]


def test_a_capture_is_decided_by_its_id(kiosk: Kiosk) -> None:
    capture = send(kiosk, no_face())
    wait_for(CheckIn.objects.exists, what="the decision")
    assert CheckIn.objects.get().capture_id == capture.pk


def test_a_task_sent_again_and_again_makes_one_event(kiosk: Kiosk) -> None:
    capture = send(kiosk, no_face())
    for _ in range(5):
        tasks.decide.delay(str(capture.pk))
    tasks.rescue.delay()
    wait_for(pulse.alive, what="the last task")
    assert CheckIn.objects.count() == 1


def test_the_rescuer_takes_up_what_was_forgotten_and_shows_that_a_worker_lives(
    kiosk: Kiosk,
) -> None:
    capture = send(kiosk, no_face())
    wait_for(CheckIn.objects.exists, what="the decision")
    CheckIn.objects.all().delete()
    long_ago = timezone.now() - timedelta(minutes=1)
    Capture.objects.update(state=CaptureState.QUEUED, closed_at=None, queued_at=long_ago)
    assert not pulse.alive()
    tasks.rescue.delay()
    wait_for(pulse.alive, what="the rescuer")
    wait_for(
        Capture.objects.filter(pk=capture.pk, state=CaptureState.FAILED).exists,
        what="the end of a capture without frames",
    )


def test_due_reports_are_made(site: Site) -> None:
    tasks.reports.delay()
    wait_for(NightlyReport.objects.exists, what="the report")
    assert NightlyReport.objects.get().site == site

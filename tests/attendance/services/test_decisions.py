import logging
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.choices import CaptureFailure, CaptureState, ReasonCode
from attendance.models import CheckIn, GalleryState, Kiosk, MatchPolicy, Person
from attendance.services import frames
from attendance.services.captures import rescue_captures
from attendance.services.decisions import decide_capture, engine, make_probe, warm_up
from recognition import Probe
from tests.attendance import pictures
from tests.attendance.pictures import ADA, NOAM, STRANGER, WANG, burst, portrait
from tests.attendance.rows import (
    enrolled,
    make_kiosk,
    make_person,
    make_site,
    make_template,
    new_policy,
)
from tests.attendance.sending import decided, send
from tests.people import SyntheticPerson

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_lets_an_enrolled_person_in(kiosk: Kiosk) -> None:
    ada = enrolled(ADA)
    enrolled(WANG)
    check_in = decided(kiosk, burst(ADA.identity))
    assert (check_in.accepted, check_in.reason) == (True, ReasonCode.MATCHED)
    assert check_in.person == ada


def test_it_writes_down_everything_that_led_to_the_decision(kiosk: Kiosk) -> None:
    enrolled(ADA)
    enrolled(WANG)
    check_in = decided(kiosk, burst(ADA.identity))
    policy = MatchPolicy.objects.get()
    assert check_in.best_distance is not None
    assert check_in.second_distance is not None
    assert check_in.best_distance <= policy.threshold
    assert check_in.second_distance - check_in.best_distance >= policy.margin
    assert check_in.frames_used == 3
    assert 0 < (check_in.quality or 0) <= 1
    assert (check_in.engine_name, check_in.engine_version) == (
        engine().id.name,
        engine().id.version,
    )
    assert (check_in.threshold, check_in.margin) == (policy.threshold, policy.margin)
    assert check_in.policy == policy
    assert check_in.gallery_version == GalleryState.objects.get().version
    assert check_in.gallery_size == 2


def test_the_capture_is_closed_and_its_frames_are_gone(kiosk: Kiosk) -> None:
    enrolled(ADA)
    capture = decided(kiosk, burst(ADA.identity)).capture
    assert capture.state == CaptureState.DECIDED
    assert capture.closed_at is not None
    assert not frames.has_frames(capture_id=capture.pk)


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (pictures.no_face(), ReasonCode.NO_FACE),
        (pictures.two_faces(), ReasonCode.SEVERAL_FACES),
        (pictures.plain(0), ReasonCode.NO_FACE),
        (pictures.plain(255), ReasonCode.NO_FACE),
        (pictures.plain(90, width=1, height=1), ReasonCode.NO_FACE),
        (pictures.truncated(), ReasonCode.UNDECODABLE),
        (portrait(ADA.identity, 0, face_px=75), ReasonCode.FACE_TOO_SMALL),
        (portrait(STRANGER.identity, 1), ReasonCode.NOT_RECOGNISED),
    ],
)
def test_it_refuses_and_says_why(kiosk: Kiosk, picture: bytes, reason: ReasonCode) -> None:
    enrolled(ADA)
    enrolled(WANG)
    check_in = decided(kiosk, [picture])
    assert (check_in.accepted, check_in.reason, check_in.person) == (False, reason, None)
    assert not frames.has_frames(capture_id=check_in.capture_id)


def test_it_refuses_everybody_while_nobody_is_enrolled(kiosk: Kiosk) -> None:
    check_in = decided(kiosk, burst(ADA.identity))
    assert (check_in.accepted, check_in.reason) == (False, ReasonCode.EMPTY_GALLERY)
    assert check_in.best_distance is None


def test_a_stranger_alone_with_one_person_has_no_second_distance(kiosk: Kiosk) -> None:
    enrolled(ADA)
    check_in = decided(kiosk, burst(STRANGER.identity))
    assert check_in.reason == ReasonCode.NOT_RECOGNISED
    assert check_in.best_distance is not None
    assert check_in.second_distance is None


def person_at(distance: float, who: SyntheticPerson) -> Person:
    """Create a person whose template lies at a distance from Ada's burst."""
    probe = make_probe(list(burst(ADA.identity)), min_face_px=80, engine=engine())
    assert isinstance(probe, Probe)
    away = np.random.default_rng(len(who.name)).normal(size=128).astype(np.float32)
    person = make_person(who.employee_number, who.name)
    make_template(person, probe.vector + away * np.float32(distance / np.linalg.norm(away)))
    return person


def test_it_refuses_whoever_is_nearly_as_near_to_somebody_else(kiosk: Kiosk) -> None:
    person_at(0.30, ADA)
    person_at(0.35, WANG)
    check_in = decided(kiosk, burst(ADA.identity))
    assert (check_in.accepted, check_in.reason) == (False, ReasonCode.AMBIGUOUS)


def test_a_new_margin_holds_from_the_next_decision_on(kiosk: Kiosk) -> None:
    ada = person_at(0.30, ADA)
    person_at(0.35, WANG)
    assert not decided(kiosk, burst(ADA.identity)).accepted
    new_policy(margin=0.02)
    assert decided(kiosk, burst(ADA.identity)).person == ada


def test_it_refuses_a_person_deactivated_after_the_upload(kiosk: Kiosk) -> None:
    ada = enrolled(ADA)
    enrolled(NOAM)
    capture = send(kiosk, *burst(ADA.identity))
    Person.objects.filter(pk=ada.pk).update(active=False)
    decide_capture(capture_id=capture.pk)
    assert not CheckIn.objects.get().accepted


def test_a_new_threshold_holds_from_the_next_decision_on(kiosk: Kiosk) -> None:
    person_at(0.30, ADA)
    assert decided(kiosk, burst(ADA.identity)).accepted
    stricter = new_policy(threshold=0.25)
    refused = decided(kiosk, burst(ADA.identity))
    assert (refused.accepted, refused.reason) == (False, ReasonCode.NOT_RECOGNISED)
    assert (refused.policy, refused.threshold) == (stricter, 0.25)


def test_a_smallest_face_holds_from_the_next_decision_on(kiosk: Kiosk) -> None:
    enrolled(ADA)
    assert decided(kiosk, burst(ADA.identity)).accepted
    new_policy(min_face_px=400)
    assert decided(kiosk, burst(ADA.identity)).reason == ReasonCode.FACE_TOO_SMALL


def test_a_task_delivered_twice_makes_one_event(kiosk: Kiosk) -> None:
    enrolled(ADA)
    capture = send(kiosk, *burst(ADA.identity))
    for _ in range(2):
        decide_capture(capture_id=capture.pk)
    assert CheckIn.objects.count() == 1


def test_a_task_delivered_to_several_workers_at_once_makes_one_event(kiosk: Kiosk) -> None:
    enrolled(ADA)
    capture = send(kiosk, *burst(ADA.identity))
    together = threading.Barrier(3)

    def one(_: int) -> None:
        together.wait()
        decide_capture(capture_id=capture.pk)
        connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(one, range(3)))
    assert CheckIn.objects.count() == 1
    capture.refresh_from_db()
    assert capture.state == CaptureState.DECIDED


def test_a_task_for_a_capture_that_is_not_there_does_nothing() -> None:
    decide_capture(capture_id=uuid.uuid4())
    assert not CheckIn.objects.exists()


def test_a_capture_whose_frames_expired_is_closed_as_failed(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    frames.drop_frames(capture_id=capture.pk)
    decide_capture(capture_id=capture.pk)
    capture.refresh_from_db()
    assert (capture.state, capture.failure) == (CaptureState.FAILED, CaptureFailure.FRAMES_EXPIRED)


def test_a_fault_of_the_server_closes_the_capture_and_lets_nobody_in(kiosk: Kiosk) -> None:
    capture = send(kiosk)
    MatchPolicy.objects.all().delete()
    with pytest.raises(MatchPolicy.DoesNotExist):
        decide_capture(capture_id=capture.pk)
    capture.refresh_from_db()
    assert (capture.state, capture.failure) == (CaptureState.FAILED, CaptureFailure.INTERNAL)
    assert not frames.has_frames(capture_id=capture.pk)
    assert not CheckIn.objects.exists()


def test_no_picture_and_no_name_is_logged(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    enrolled(ADA)
    decided(kiosk, burst(ADA.identity))
    assert "decided: matched" in caplog.text
    assert ADA.name not in caplog.text
    assert "\\xff\\xd8" not in caplog.text


def test_warming_up_loads_network_and_gallery() -> None:
    warm_up()


class TestRepeats:
    """The same person seen again opens the door and counts once."""

    def at(self, kiosk: Kiosk, seconds: int) -> CheckIn:
        captured = timezone.now() - timedelta(minutes=10) + timedelta(seconds=seconds)
        return decided(kiosk, [portrait(ADA.identity, 1)], captured_at=captured)

    def test_within_the_window_is_a_repeat(self, kiosk: Kiosk) -> None:
        enrolled(ADA)
        first, again = self.at(kiosk, 0), self.at(kiosk, 50)
        assert first.repeat_of is None
        assert (again.accepted, again.repeat_of) == (True, first)

    def test_after_the_window_counts_again(self, kiosk: Kiosk) -> None:
        enrolled(ADA)
        self.at(kiosk, 0)
        assert self.at(kiosk, 70).repeat_of is None

    def test_repeats_do_not_stretch_the_window(self, kiosk: Kiosk) -> None:
        enrolled(ADA)
        first = self.at(kiosk, 0)
        assert self.at(kiosk, 45).repeat_of == first
        assert self.at(kiosk, 90).repeat_of is None

    def test_a_capture_that_arrives_late_is_a_repeat_as_well(self, kiosk: Kiosk) -> None:
        enrolled(ADA)
        first = self.at(kiosk, 30)
        assert self.at(kiosk, 0).repeat_of == first

    def test_another_kiosk_of_the_site_repeats(self, kiosk: Kiosk) -> None:
        enrolled(ADA)
        back, _token = make_kiosk(kiosk.site, "Back door")
        first = self.at(kiosk, 0)
        assert self.at(back, 20).repeat_of == first

    def test_another_site_does_not(self, kiosk: Kiosk) -> None:
        enrolled(ADA)
        elsewhere, _token = make_kiosk(make_site("Annex"), "Annex door")
        self.at(kiosk, 0)
        assert self.at(elsewhere, 20).repeat_of is None

    def test_a_window_of_nothing_counts_every_time(self, kiosk: Kiosk) -> None:
        enrolled(ADA)
        new_policy(repeat_window_s=0)
        assert [self.at(kiosk, s).repeat_of for s in (0, 1)] == [None, None]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(["send", "decide", "rescue", "lose frames"]), max_size=8))
def test_whatever_happens_to_a_capture_it_makes_at_most_one_event(
    kiosk: Kiosk, steps: list[str]
) -> None:
    capture_id = uuid.uuid4()
    for step in ["send", *steps]:
        if step == "send":
            send(kiosk, pictures.plain(0, width=64, height=64), capture_id=capture_id)
        elif step == "decide":
            decide_capture(capture_id=capture_id)
        elif step == "rescue":
            rescue_captures(now=timezone.now() + timedelta(minutes=1))
        else:
            frames.drop_frames(capture_id=capture_id)
    decide_capture(capture_id=capture_id)
    capture = kiosk.captures.get(pk=capture_id)
    events = CheckIn.objects.filter(capture=capture).count()
    assert (capture.state, events) in [(CaptureState.DECIDED, 1), (CaptureState.FAILED, 0)]

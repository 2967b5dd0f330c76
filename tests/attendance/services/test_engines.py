"""Engines that a site installs: recorded, calibrated, filled, and put in force without a gap."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from attendance.choices import ReasonCode, TemplateSource
from attendance.errors import EngineRefused
from attendance.models import (
    EngineCalibration,
    EngineSwitch,
    Kiosk,
    MatchPolicy,
    Person,
    SiteEngine,
    Template,
)
from attendance.services.decisions import gallery_cache, warm_up
from attendance.services.engines import (
    calibrate_engine,
    cancel_switch,
    engine_of,
    install_engine,
    switch_engine,
)
from attendance.services.enrolment import Picture, enrol_pictures
from attendance.services.policies import current_policy
from attendance.services.thresholds import review_promise
from recognition import EngineError, EngineId, ModelError
from tests.attendance.commands.running import run
from tests.attendance.pictures import ADA, NOAM, burst, portrait
from tests.attendance.rows import enrolled, make_person, make_template, new_policy
from tests.attendance.sending import decided
from tests.people import SyntheticPerson
from tests.recognition.engines.site.calibrations import calibration_of
from tests.recognition.engines.site.tiny import Tiny, make_tiny

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """Return the files of an engine that is not installed yet."""
    monkeypatch.setenv("LINTEL_ENGINES", str(tmp_path / "engines"))
    return make_tiny(tmp_path / "files")


@pytest.fixture
def installed(tiny: Tiny) -> SiteEngine:
    """Return an engine that is installed and not calibrated."""
    return install_engine(model=tiny.model, manifest=tiny.manifest, by="HR")[0]


def calibrate(engine: EngineId | None = None, *, people: int = 10) -> SiteEngine:
    """Calibrate the tiny engine, by a calibration of its own or of another."""
    calibration = calibration_of(engine or engine_of(name="tiny").id)
    return calibrate_engine(name="tiny", calibration=calibration, fpir=0.01, people=people, by="HR")


@pytest.fixture
def calibrated(installed: SiteEngine) -> SiteEngine:
    """Return an engine that a door may use."""
    return calibrate()


def switch(*, force: bool = False) -> list[str]:
    """Ask for the switch; return who is missing, or nobody where it was made."""
    progress = switch_engine(name="tiny", by="HR", why="a test", force=force)
    return [] if progress.policy else [person.employee_number for person in progress.missing]


def enrol_again(who: SyntheticPerson) -> None:
    """Offer the same picture once more."""
    person = Person.objects.get(employee_number=who.employee_number)
    picture = Picture("0.jpg", portrait(who.identity, 0))
    outcomes = enrol_pictures(person=person, pictures=[picture], source=TemplateSource.FOLDER)
    assert outcomes[0].accepted


def test_an_engine_is_recorded_as_it_was_installed(installed: SiteEngine, tiny: Tiny) -> None:
    assert (installed.name, installed.dimension, installed.calibrated) == ("tiny", 4, False)
    assert installed.model_sha256 == tiny.values()["model"]["sha256"]
    assert installed.version == engine_of(name="tiny").id.version


def test_the_same_engine_again_keeps_its_record(calibrated: SiteEngine, tiny: Tiny) -> None:
    again, _detector = install_engine(model=tiny.model, manifest=tiny.manifest, by="IT")

    assert (again.pk, again.installed_by, again.calibrated) == (calibrated.pk, "HR", True)


def test_a_refused_engine_leaves_no_record(tiny: Tiny) -> None:
    tiny.model.write_bytes(b"no model")

    with pytest.raises(ModelError):
        install_engine(model=tiny.model, manifest=tiny.manifest, by="HR")
    assert not SiteEngine.objects.exists()


def test_an_engine_that_was_not_recorded_never_decides(installed: SiteEngine) -> None:
    SiteEngine.objects.update(version="1-000000000000")

    with pytest.raises(EngineError, match="is not the one installed here"):
        engine_of(name="tiny")


def test_no_door_uses_an_engine_that_nobody_calibrated(installed: SiteEngine) -> None:
    with pytest.raises(EngineRefused, match="not calibrated"):
        switch(force=True)
    assert current_policy().engine_name == "dlib-resnet"


@pytest.mark.parametrize("name", ["nobody", "dlib-resnet"])
def test_only_an_installed_engine_other_than_the_one_in_force_is_switched_to(name: str) -> None:
    with pytest.raises(EngineRefused):
        switch_engine(name=name, by="HR", why="a test")


def test_a_calibration_of_another_engine_is_refused(installed: SiteEngine) -> None:
    for other in (EngineId("tiny", "1"), EngineId("dlib-resnet", installed.version)):
        with pytest.raises(EngineRefused, match="not of tiny"):
            calibrate(other)


def test_more_people_get_a_stricter_threshold(installed: SiteEngine) -> None:
    few, many = calibrate(people=10), calibrate(people=1000)

    assert few.threshold is not None
    assert many.threshold is not None
    assert many.threshold < few.threshold
    assert "among 1000 people" in many.calibrated_why


def test_the_old_engine_decides_until_everybody_is_enrolled_for_the_new_one(
    calibrated: SiteEngine, kiosk: Kiosk
) -> None:
    enrolled(ADA)
    enrolled(NOAM)
    make_template(make_person("GONE", "Left", active=False))

    assert switch() == sorted([ADA.employee_number, NOAM.employee_number])
    enrol_again(ADA)
    assert switch() == [NOAM.employee_number]
    before = decided(kiosk, burst(NOAM.identity))
    enrol_again(NOAM)
    assert switch() == []
    after = decided(kiosk, burst(ADA.identity))

    assert (before.accepted, before.engine_name) == (True, "dlib-resnet")
    assert (after.reason, after.engine_name) == (ReasonCode.MATCHED, "tiny")
    assert (after.engine_version, after.threshold) == (calibrated.version, calibrated.threshold)
    assert after.gallery_size == 2


def test_a_newcomer_is_enrolled_for_both_while_a_switch_waits(calibrated: SiteEngine) -> None:
    enrolled(ADA)
    switch()

    enrolled(NOAM)

    names = Template.objects.filter(person__employee_number=NOAM.employee_number)
    assert sorted(names.values_list("engine_name", flat=True)) == ["dlib-resnet", "tiny"]
    assert switch() == [ADA.employee_number]


def test_a_forced_switch_leaves_behind_who_is_missing(calibrated: SiteEngine, kiosk: Kiosk) -> None:
    enrolled(ADA)

    assert switch(force=True) == []

    assert decided(kiosk, burst(ADA.identity)).reason == ReasonCode.EMPTY_GALLERY
    assert Template.objects.get().engine_name == "dlib-resnet"


def test_the_way_back_is_a_switch_as_well(calibrated: SiteEngine, kiosk: Kiosk) -> None:
    enrolled(ADA)
    new_policy(threshold=0.5)
    switch(force=True)

    progress = switch_engine(name="dlib-resnet", by="HR", why="back")

    assert progress.policy is not None
    assert (progress.policy.engine_name, progress.policy.threshold) == ("dlib-resnet", 0.5)
    assert decided(kiosk, burst(ADA.identity)).accepted
    assert [p.engine_name for p in MatchPolicy.objects.order_by("id")] == [
        "dlib-resnet",
        "dlib-resnet",
        "tiny",
        "dlib-resnet",
    ]


def test_a_switch_that_is_given_up_fills_nothing_more(calibrated: SiteEngine) -> None:
    enrolled(ADA)
    switch()

    assert cancel_switch()

    assert not cancel_switch()
    enrolled(NOAM)
    assert set(Template.objects.values_list("engine_name", flat=True)) == {"dlib-resnet"}
    assert EngineSwitch.objects.get().ended_at is not None


def test_a_changed_policy_keeps_the_engine(calibrated: SiteEngine) -> None:
    switch()

    assert new_policy(threshold=1.2).engine_name == "tiny"


def test_what_was_calibrated_is_known_at_once_after_the_switch(calibrated: SiteEngine) -> None:
    switch()

    policy, review = current_policy(), review_promise(at=timezone.now())

    assert (policy.promised_fpir, policy.promised_people) == (0.01, 10)
    assert review is not None
    assert (review.asked, review.planned, review.outgrown) == (0.01, 10, False)
    assert run("threshold").status == 0


def test_without_its_own_calibration_the_engine_in_force_is_not_reviewed(
    calibrated: SiteEngine,
) -> None:
    switch()
    EngineCalibration.objects.all().delete()

    ended = run("threshold")

    assert ended.status == 1
    assert f"no calibration of tiny {calibrated.version}" in ended.out


def test_the_same_calibration_again_is_kept_once(calibrated: SiteEngine) -> None:
    calibrate(people=100)

    assert EngineCalibration.objects.count() == 1


def test_a_threshold_set_since_comes_back_with_its_engine(calibrated: SiteEngine) -> None:
    switch()
    run("threshold", "--fpir", "0.02", "--people", "20", "--set", "--why", "a test")
    chosen = current_policy()
    switch_engine(name="dlib-resnet", by="HR", why="back")

    switch()

    policy = current_policy()
    assert (policy.threshold, policy.promised_people) == (chosen.threshold, 20)
    assert policy.threshold != calibrated.threshold


def test_a_calibration_since_counts_at_the_next_switch(calibrated: SiteEngine) -> None:
    switch()
    switch_engine(name="dlib-resnet", by="HR", why="back")
    stricter = calibrate(people=1000)

    switch()

    assert current_policy().threshold == stricter.threshold
    assert current_policy().promised_people == 1000


def test_the_built_in_engine_keeps_its_promise_over_two_switches(calibrated: SiteEngine) -> None:
    before = current_policy()
    switch()

    switch_engine(name="dlib-resnet", by="HR", why="back")

    after = current_policy()
    assert (after.promised_fpir, after.promised_people) == (
        before.promised_fpir,
        before.promised_people,
    )
    assert after.promised_fpir is not None


def test_the_built_in_engine_never_gets_the_distances_of_another(calibrated: SiteEngine) -> None:
    with pytest.raises(ValidationError, match="between"):
        new_policy(threshold=1.2)


def test_a_worker_starts_with_the_engine_in_force(calibrated: SiteEngine) -> None:
    switch()

    warm_up()

    assert gallery_cache().current(now=timezone.now()).engine is engine_of(name="tiny")


def test_a_worker_starts_though_its_engine_is_gone(
    calibrated: SiteEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    switch()
    monkeypatch.setenv("LINTEL_ENGINES", str(tmp_path / "empty"))

    warm_up()

    with pytest.raises(EngineError):
        gallery_cache().current(now=timezone.now())

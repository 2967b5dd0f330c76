"""Engines in the console: which decides, a switch with its progress, and the way back."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from attendance.models import EngineSwitch, KeptFace, Template
from attendance.services.engine_faults import note_fault
from attendance.services.policies import current_policy
from tests.attendance.rows import make_person, make_staff, make_template
from tests.attendance.tiny_engine import ready_engine

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install and calibrate an engine."""
    ready_engine(tmp_path, monkeypatch)


def text_of(console: Client) -> str:
    """The page as text."""
    return console.get(reverse("engines")).content.decode()


def begin(console: Client, **more: str) -> None:
    """Ask for the switch."""
    sent = {"engine": "tiny", "why": "it is better", **more}
    assert console.post(reverse("engines"), sent).status_code == 302


def test_without_another_engine_it_says_how_one_comes(console: Client) -> None:
    text = text_of(console)

    assert "decides at all doors" in text
    assert "install_engine" in text


def test_whom_only_an_older_version_knows_is_named(console: Client) -> None:
    make_template(make_person("E7", "Ada Lindqvist"))
    make_template(make_person("E8", "Noam Adler"))
    assert "does not know everybody" not in text_of(console)

    Template.objects.filter(person__employee_number="E7").update(engine_version="an older one")

    text = text_of(console)
    assert "1 of 2 people have a template of dlib-resnet as it is now" in text
    assert "are not recognised at any door: 1." in text
    assert "who must enrol again: 1." in text
    assert "Ada Lindqvist (E7)" in text
    assert "Noam Adler" not in text


@pytest.mark.usefixtures("tiny")
def test_a_release_in_a_switch_is_told_as_what_comes_first(console: Client) -> None:
    for number, name in (("E7", "Ada Lindqvist"), ("E8", "Noam Adler")):
        kept = make_template(make_person(number, name))
        KeptFace.objects.create(
            person=kept.person, picture_digest=kept.picture_digest, sealed_picture=b"sealed"
        )
    begin(console)
    assert "With kept faces, which are looked at in the background: 2." in text_of(console)

    Template.objects.update(engine_version="an older one")

    text = text_of(console)
    assert "0 of 2 people have a template of dlib-resnet as it is now" in text
    assert "by themselves within minutes: 2." in text
    assert "They come first; the switch goes on after them." in text
    assert "0 of 2 people have a template of it." in text
    assert "which wait until the engine in force has its templates: 2." in text
    assert "who must enrol again" not in text


@pytest.mark.usefixtures("tiny")
def test_an_engine_that_gives_no_templates_is_told_with_its_fault(console: Client) -> None:
    make_template(make_person("E7", "Ada Lindqvist"))
    begin(console)

    note_fault(engine_name="tiny", fault="model.onnx cannot be read.")

    assert "No templates can be made by it at the moment: model.onnx cannot be read." in text_of(
        console
    )


@pytest.mark.usefixtures("tiny")
def test_the_engine_in_force_that_cannot_be_used_is_told_first(console: Client) -> None:
    note_fault(engine_name="tiny", fault="tiny ended the process by a signal (Aborted).")
    assert "The engine in force cannot be used" not in text_of(console)
    assert "tiny ended the process by a signal (Aborted)." in text_of(console)

    begin(console, leave_behind="on")

    text = text_of(console)
    assert "The engine in force cannot be used" in text
    assert text.count("tiny ended the process by a signal (Aborted).") == 1


@pytest.mark.usefixtures("tiny")
def test_a_switch_waits_for_who_is_missing_and_names_them(console: Client) -> None:
    make_template(make_person("E7", "Ada Lindqvist"))

    begin(console)

    text = text_of(console)
    assert "0 of 1 people" in text
    assert "Ada Lindqvist (E7)" in text
    assert current_policy().engine_name == "dlib-resnet"


@pytest.mark.usefixtures("tiny")
def test_a_switch_is_given_up(console: Client) -> None:
    make_template(make_person())
    begin(console)

    console.post(reverse("engines"), {"do": "cancel"})

    assert not EngineSwitch.objects.filter(ended_at=None).exists()
    assert "Switching to" not in text_of(console)


@pytest.mark.usefixtures("tiny")
def test_who_is_missing_may_be_left_behind(console: Client) -> None:
    make_template(make_person())

    begin(console, leave_behind="on")

    assert (current_policy().engine_name, current_policy().why) == ("tiny", "it is better")


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("sent", [{"engine": "tiny", "why": ""}, {"engine": "none", "why": "x"}])
def test_what_cannot_be_switched_changes_nothing(console: Client, sent: dict[str, str]) -> None:
    console.post(reverse("engines"), sent)

    assert current_policy().engine_name == "dlib-resnet"
    assert not EngineSwitch.objects.exists()


@pytest.mark.usefixtures("tiny")
def test_whoever_may_only_look_begins_nothing(client: Client) -> None:
    client.force_login(make_staff(permissions=("view_siteengine",)))

    assert "Begin the switch" not in text_of(client)
    client.post(reverse("engines"), {"engine": "tiny", "why": "no"})

    assert not EngineSwitch.objects.exists()

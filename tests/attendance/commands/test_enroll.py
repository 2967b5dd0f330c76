from pathlib import Path

import pytest

from attendance.models import Consent, Person, Template
from tests.attendance import pictures
from tests.attendance.commands.running import run
from tests.attendance.pictures import ADA, WANG, portrait

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Return a folder of two people with a good picture each."""
    for who in (ADA, WANG):
        folder = tmp_path / "people" / who.name
        folder.mkdir(parents=True)
        (folder / "1.jpg").write_bytes(portrait(who.identity))
    return tmp_path / "people"


def test_it_enrols_every_folder_and_ends_with_0(people: Path) -> None:
    ended = run("enroll", str(people))
    assert ended.status == 0
    assert "2 people enrolled: 2 new pictures, 0 known before, 0 refused." in ended.out
    assert set(Person.objects.values_list("full_name", flat=True)) == {ADA.name, WANG.name}
    assert Template.objects.count() == Consent.objects.count() == 2


def test_run_again_it_ends_with_0_and_changes_nothing(people: Path) -> None:
    run("enroll", str(people))
    ended = run("enroll", str(people))
    assert ended.status == 0
    assert "0 new pictures, 2 known before" in ended.out
    assert Template.objects.count() == 2


def test_what_was_refused_is_listed_with_the_reason_and_ends_with_1(people: Path) -> None:
    bad = people / "Nobody"
    bad.mkdir()
    (bad / "wall.jpg").write_bytes(pictures.no_face())
    (bad / "notes.jpg").write_bytes(pictures.text_file())
    (people / "Empty").mkdir()
    ended = run("enroll", str(people))
    assert ended.status == 1
    for text in ("Nobody", "wall.jpg", "no_face", "notes.jpg", "not_an_image", "empty_folder"):
        assert text in ended.out
    assert "2 people enrolled: 2 new pictures, 0 known before, 3 refused." in ended.out
    assert Person.objects.count() == 2


def test_a_face_that_is_already_somebody_elses_names_both(people: Path) -> None:
    run("enroll", str(people))
    mallory = people / "Mallory"
    mallory.mkdir()
    (mallory / "1.jpg").write_bytes(portrait(ADA.identity, 2))
    ended = run("enroll", str(people))
    assert ended.status == 1
    assert "somebody_elses" in ended.out
    assert ADA.name in ended.out
    assert "Mallory" in ended.out


def test_a_smaller_face_is_taken_on_demand(tmp_path: Path) -> None:
    folder = tmp_path / "Ada"
    folder.mkdir()
    (folder / "1.jpg").write_bytes(portrait(ADA.identity, face_px=85))
    assert run("enroll", str(tmp_path)).status == 1
    assert run("enroll", str(tmp_path), "--min-face", "60").status == 0


def test_it_writes_down_who_vouches_for_the_consent(people: Path) -> None:
    run("enroll", str(people), "--recorded-by", "Hana from HR")
    assert set(Consent.objects.values_list("recorded_by", flat=True)) == {"Hana from HR"}


def test_a_picture_that_may_not_be_read_is_refused_and_the_others_are_not(people: Path) -> None:
    (people / ADA.name / "2.jpg").symlink_to(people / "gone.jpg")
    (people / ADA.name / "3.jpg").mkdir()

    ended = run("enroll", str(people))

    assert (ended.status, "unreadable" in ended.out) == (1, True)
    assert "2 people enrolled: 2 new pictures, 0 known before, 1 refused." in ended.out


@pytest.mark.parametrize("arguments", [("--min-face", "39"), ("--min-face", "many"), ("two", "x")])
def test_a_wrong_call_enrols_nobody(people: Path, arguments: tuple[str, ...]) -> None:
    assert run("enroll", str(people), *arguments).status != 0
    assert not Person.objects.exists()


def test_a_folder_that_is_none_ends_with_2(tmp_path: Path) -> None:
    ended = run("enroll", str(tmp_path / "missing"))
    assert (ended.status, "is not a folder" in ended.out) == (2, True)
    ended = run("enroll", str(tmp_path))
    assert (ended.status, "holds no folders" in ended.out) == (2, True)

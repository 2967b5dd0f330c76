import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from attendance.choices import TemplateSource
from attendance.models import Consent, Person, Template
from attendance.services.enrolment import PictureOutcome
from attendance.services.folders import enrol_folder, people_in, pictures_in
from tests.attendance import pictures
from tests.attendance.pictures import ADA, WANG, portrait
from tests.attendance.rows import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def folder(root: Path, name: str, *data: bytes) -> Path:
    made = root / name
    made.mkdir()
    for n, one in enumerate(data):
        (made / f"{n}.jpg").write_bytes(one)
    return made


def enrol(made: Path) -> list[PictureOutcome]:
    return enrol_folder(folder=made, recorded_by="HR")


def codes(made: Path) -> list[str]:
    return [outcome.code for outcome in enrol(made)]


def test_a_folder_becomes_a_person_with_consent_and_templates(tmp_path: Path) -> None:
    outcomes = enrol(folder(tmp_path, "Ada Lindqvist", portrait(ADA.identity)))
    assert [outcome.code for outcome in outcomes] == ["enrolled"]
    person = Person.objects.get()
    assert (person.full_name, person.employee_number) == ("Ada Lindqvist", "P00001")
    assert Consent.objects.get().recorded_by == "HR"
    assert Template.objects.get().source == TemplateSource.FOLDER


def test_a_first_word_with_a_digit_is_the_employee_number(tmp_path: Path) -> None:
    enrol(folder(tmp_path, "E-1001 Ada Lindqvist", portrait(ADA.identity)))
    person = Person.objects.get()
    assert (person.employee_number, person.full_name) == ("E-1001", "Ada Lindqvist")


def test_underscores_are_spaces_and_a_name_is_in_any_script(tmp_path: Path) -> None:
    enrol(folder(tmp_path, "أمل_حداد", portrait(ADA.identity)))
    assert Person.objects.get().full_name == "أمل حداد"


def test_numbers_that_are_made_up_count_on(tmp_path: Path) -> None:
    make_person("P00041", "Somebody")
    enrol(folder(tmp_path, "Ada", portrait(ADA.identity)))
    enrol(folder(tmp_path, "Wang", portrait(WANG.identity)))
    numbers = Person.objects.order_by("employee_number").values_list("employee_number", flat=True)
    assert list(numbers) == ["P00041", "P00042", "P00043"]


def test_a_person_of_that_name_is_added_to(tmp_path: Path) -> None:
    person = make_person("E7", "Ada Lindqvist", consent=False)
    enrol(folder(tmp_path, "ada lindqvist", portrait(ADA.identity)))
    assert Person.objects.get() == person
    assert person.templates.count() == person.consents.count() == 1


def test_a_person_of_that_number_is_added_to(tmp_path: Path) -> None:
    person = make_person("E7", "Ada Lindqvist")
    enrol(folder(tmp_path, "E7 Ada L", portrait(ADA.identity)))
    assert Person.objects.get() == person
    assert person.consents.count() == 1


def test_the_same_folder_again_changes_nothing(tmp_path: Path) -> None:
    made = folder(tmp_path, "Ada", portrait(ADA.identity))
    enrol(made)
    assert codes(made) == ["known"]
    assert Person.objects.count() == Template.objects.count() == Consent.objects.count() == 1


def test_a_folder_of_bad_pictures_leaves_nobody_behind(tmp_path: Path) -> None:
    made = folder(tmp_path, "Ada", pictures.no_face(), pictures.text_file())
    assert codes(made) == ["no_face", "not_an_image"]
    assert not Person.objects.exists()


def test_one_face_enrolled_for_two_people_at_the_same_moment_becomes_one_person(
    tmp_path: Path,
) -> None:
    made = [
        folder(tmp_path, name, portrait(ADA.identity, n)) for n, name in enumerate(["Ada", "Eve"])
    ]
    together = threading.Barrier(2)

    def one(of: Path) -> list[str]:
        together.wait()
        try:
            return codes(of)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, made)) == [["enrolled"], ["somebody_elses"]]
    assert Person.objects.count() == 1


def test_a_folder_of_somebody_elses_face_leaves_nobody_behind(tmp_path: Path) -> None:
    enrol(folder(tmp_path, "Ada", portrait(ADA.identity)))
    assert codes(folder(tmp_path, "Mallory", portrait(ADA.identity, 1))) == ["somebody_elses"]
    assert Person.objects.get().full_name == "Ada"


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    assert codes(folder(tmp_path, "Ada")) == ["empty_folder"]


def test_a_name_that_several_people_share_is_refused(tmp_path: Path) -> None:
    make_person("E1", "Ada")
    make_person("E2", "Ada")
    assert codes(folder(tmp_path, "Ada", portrait(ADA.identity))) == ["person_refused"]


def test_a_name_that_is_no_name_is_refused(tmp_path: Path) -> None:
    assert codes(folder(tmp_path, "A\x1bda", portrait(ADA.identity))) == ["person_refused"]
    assert not Person.objects.exists()


def test_a_name_in_parts_is_the_same_name_as_in_whole_letters(tmp_path: Path) -> None:
    person = make_person("E7", "Zo\u00e9")
    enrol(folder(tmp_path, "Zoe\u0301", portrait(ADA.identity)))
    assert Person.objects.get() == person


def test_a_picture_that_cannot_be_read_does_not_keep_the_others_out(tmp_path: Path) -> None:
    made = folder(tmp_path, "Ada", portrait(ADA.identity))
    (made / "9.jpg").symlink_to("/proc/self/mem")  # a file that no one reads, root neither
    outcomes = {outcome.name: outcome.code for outcome in enrol(made)}
    assert outcomes == {"0.jpg": "enrolled", "9.jpg": "unreadable"}


def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path) -> None:
    made = folder(tmp_path, "Ada")
    (made / "gone.jpg").symlink_to("nowhere.jpg")
    (made / "loop.jpg").symlink_to("loop.jpg")
    os.mkfifo(made / "pipe.jpg")

    outcomes = enrol(made)

    assert [(one.name, one.code) for one in outcomes] == [
        ("gone.jpg", "unreadable"),
        ("loop.jpg", "unreadable"),
        ("pipe.jpg", "unreadable"),
    ]
    assert all(one.message for one in outcomes)


def test_hidden_files_and_loose_files_are_no_people_and_no_pictures(tmp_path: Path) -> None:
    made = folder(tmp_path, "Ada", portrait(ADA.identity))
    (made / ".DS_Store").write_bytes(b"")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "readme.txt").write_text("people")
    assert people_in(tmp_path) == [made]
    assert [path.name for path in pictures_in(made)] == ["0.jpg"]

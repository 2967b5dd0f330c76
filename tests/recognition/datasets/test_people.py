"""The split by person: fixed, and of the shares that it promises."""

from collections import Counter

from recognition.datasets.people import Part, part_of


def test_a_person_stays_in_the_part_that_figures_were_published_of() -> None:
    assert {name: part_of(name) for name in ("Ada", "Dan", "Adam_Sandler")} == {
        "Ada": Part.TRAINING,
        "Dan": Part.REPORT,
        "Adam_Sandler": Part.TRAINING,
    }


def test_two_in_ten_are_kept_for_the_report_and_one_for_choices() -> None:
    parts = Counter(part_of(f"Person {number}") for number in range(5000))

    assert 0.18 < parts[Part.REPORT] / 5000 < 0.22
    assert 0.08 < parts[Part.CHOICE] / 5000 < 0.12

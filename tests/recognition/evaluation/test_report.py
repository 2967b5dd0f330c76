"""The report is one file that loads nothing."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognition import FakeEngine, OutputError, encode_jpeg
from recognition.evaluation.acquisition import Acquisition, acquire
from recognition.evaluation.dataset import read_dataset
from recognition.evaluation.discards import MEASURES
from recognition.evaluation.enrolments import Enrolments, enrolments
from recognition.evaluation.faces import Figure, measure_faces
from recognition.evaluation.groups import rates_by_group
from recognition.evaluation.report import report, write_report
from recognition.evaluation.samples import fused_samples, single_samples
from recognition.normalisation.normaliser import plain_blocks
from recognition.picture_files import Skipped


@pytest.fixture
def acquisition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Acquisition:
    """Return the grey faces of six people whose names are no HTML, two pictures each."""
    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path / "cache"))
    for person in range(6):
        folder = tmp_path / "pictures" / f"A & <b>{person}"
        folder.mkdir(parents=True)
        for number in range(2):
            grey = np.full((200, 200, 3), 30 + 40 * person + number, np.uint8)
            (folder / f"{number}.jpg").write_bytes(encode_jpeg(grey))
    return acquire(read_dataset(tmp_path / "pictures"), engine=FakeEngine(), min_face=40)


def test_it_loads_nothing_and_escapes_names(acquisition: Acquisition) -> None:
    single = single_samples(acquisition)
    fused = fused_samples(single, acquisition.mean_vector)
    page = report(
        acquisition,
        enrolments(acquisition),
        {"plain": measure_faces(single, fused, plain_blocks)},
    )

    assert "http" not in page
    assert "<script" not in page
    assert "<b>" not in page
    assert all(src.startswith("data:image/jpeg") for src in re.findall(r'src="([^"]+)', page))
    assert page.count("data:image/jpeg") == 24
    assert page.count('role="img"') == 7 + len(MEASURES)
    assert "nan" not in re.sub(r'src="[^"]+', "", page)


def test_it_shows_groups_what_was_skipped_and_what_was_too_few(acquisition: Acquisition) -> None:
    spoilt = replace(acquisition, skipped=(Skipped("a\udcff<i>.jpg", "It is empty."),))
    single = single_samples(spoilt)
    measured = measure_faces(single, single, plain_blocks)
    names = list(single.names)
    labels = {"hat": {names[0]: "yes", names[1]: "yes", names[2]: "<no>"}}

    page = report(
        spoilt,
        enrolments(spoilt),
        {"plain": measured},
        rates_by_group(single, measured.fused, labels),
    )

    assert 'hat: yes</td><td class="figure">2</td>' in page
    assert 'hat: &lt;no&gt;</td><td class="figure">1</td>' in page
    assert "&lt;i&gt;.jpg: It is empty." in page
    assert "1e&#8209;4: 60 impostor pairs" in page
    assert "Failure to enrol" in page
    assert "Rank 1, fused" in page


def test_a_name_that_is_no_text_is_written_all_the_same(
    acquisition: Acquisition, tmp_path: Path
) -> None:
    spoilt = replace(acquisition, skipped=(Skipped("a\udcff.jpg", "It is empty."),))
    single = single_samples(spoilt)
    write_report(
        tmp_path / "report.html",
        spoilt,
        enrolments(spoilt),
        {"plain": measure_faces(single, single, plain_blocks)},
    )

    assert "a\\udcff.jpg" in (tmp_path / "report.html").read_text()


def test_one_picture_of_one_person_makes_a_page(acquisition: Acquisition) -> None:
    alone = replace(acquisition, samples=acquisition.samples[:1])
    single = single_samples(alone)
    page = report(alone, enrolments(alone), {"plain": measure_faces(single, single, plain_blocks)})

    assert "These pictures allow no search." in page
    assert "Recognition of one person by" in page
    assert "Pictures of one person alone" in page
    assert "No two people were compared." in page
    assert "nan" not in page


def test_pictures_without_a_second_session_get_no_curve_of_errors(
    acquisition: Acquisition,
) -> None:
    single = single_samples(replace(acquisition, samples=acquisition.samples[::2]))
    page = report(
        replace(acquisition, samples=acquisition.samples[::2]),
        enrolments(acquisition),
        {"plain": measure_faces(single, single, plain_blocks)},
    )

    assert "Nobody has pictures of two sessions: no TAR" in page
    assert "FNMR against FMR" not in page


def test_a_gain_that_is_nothing_has_no_sign(acquisition: Acquisition) -> None:
    single = single_samples(acquisition)
    page = report(
        acquisition,
        enrolments(acquisition),
        {"plain": measure_faces(single, single, plain_blocks)},
    )

    assert "-0.000" not in page
    assert "(0.000" not in page


def test_it_shows_the_enrolments_that_were_counted(acquisition: Acquisition) -> None:
    """Nothing is counted a second time: table, JSON and report show the same figures."""
    counted = Enrolments(6, Figure(0.125, None), Figure(0.375, None))
    single = single_samples(acquisition)

    page = report(acquisition, counted, {"plain": measure_faces(single, single, plain_blocks)})

    assert '<td>Pictures with a face</td><td class="figure">0.125</td>' in page
    assert '<td>Failure to enrol, people</td><td class="figure">0.375</td>' in page


def test_it_says_that_it_cannot_be_written(acquisition: Acquisition, tmp_path: Path) -> None:
    single = single_samples(acquisition)
    ways = {"plain": measure_faces(single, single, plain_blocks)}

    with pytest.raises(OutputError, match="cannot be written"):
        write_report(
            tmp_path / "nowhere" / "report.html", acquisition, enrolments(acquisition), ways
        )

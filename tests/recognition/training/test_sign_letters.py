"""The network of letters is trained by one command, whose splits leak no near-duplicates."""

from pathlib import Path

import numpy as np
import pytest

from recognition.datasets.sign_letters import LetterPictures, groups, read_letters
from recognition.errors import TrainingError
from recognition.images import decode
from recognition.networks.network import SmallNetwork
from recognition.outputs import write_picture
from recognition.sign_letters.classes import CLASSES, NAME, VERSION
from recognition.sign_letters.reader import SignLetterReader
from recognition.training import sign_letters
from recognition.training.options import TrainingOptions
from recognition.training.sign_letters import LetterBatches, split_pictures, train
from recognition.training.sign_letters_augmentation import augmented, clutter
from tests.recognition.sign_letters.shapes import hand

# PyTorch alone takes seconds to load.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of drawn hands with one to four fingers, some moments of each."""
    folder = tmp_path_factory.mktemp("hands")
    random = np.random.default_rng(1)
    for fingers, letter in enumerate("AVWB", 1):
        for moment in range(6):
            shift = random.integers(-30, 31, 2)
            image = np.roll(hand(fingers), shift, axis=(0, 1))
            for near in range(3):
                write_picture(folder / letter / f"{moment}-{near}.png", np.roll(image, near, 1))
    return folder


def test_no_group_of_near_duplicates_stands_in_both_parts(data: Path) -> None:
    pictures = read_letters(data)
    split = split_pictures(pictures, seed=0)

    assert len(split.ink) + len(split.validation_ink) == len(pictures.labels)
    numbers = groups(pictures)
    aside = {one.tobytes() for one in split.validation_ink}
    where = np.array([(255 - one).tobytes() in aside for one in pictures.drawings])
    assert all(len(set(where[numbers == one])) == 1 for one in np.unique(numbers))
    assert set(split.validation_labels.tolist()) <= set(split.labels.tolist())


def test_one_picture_is_too_few(data: Path) -> None:
    one = read_letters(data)
    alone = LetterPictures(one.drawings[:1], one.labels[:1], one.names[:1])

    with pytest.raises(TrainingError, match="too few pictures"):
        split_pictures(alone, seed=0)


def test_augmentation_and_clutter_follow_the_seed() -> None:
    ink = np.zeros((64, 64), np.uint8)
    ink[10:50, 20:24] = 255

    for make in (lambda random: augmented(ink, random), clutter):
        first, again = (
            [make(np.random.default_rng((5, number))) for number in range(20)] for _ in range(2)
        )
        np.testing.assert_array_equal(first, again)
        assert all(one.shape == (64, 64) and one.dtype == np.uint8 for one in first)
        assert len({one.tobytes() for one in first}) == 20


def test_an_epoch_shows_every_picture_and_clutter(data: Path) -> None:
    split = split_pictures(read_letters(data), seed=0)
    batches = LetterBatches(split)

    labels = np.concatenate([labels for _, labels in batches.epoch(np.random.default_rng(0))])

    assert (labels == CLASSES.index("blank")).sum() == round(0.12 * len(split.ink))
    for label in np.unique(split.labels):
        assert (labels == label).sum() == (split.labels == label).sum()


def test_training_and_run_time_show_the_network_the_same(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails as soon as training prepares pictures in a way of its own."""
    given: list[np.ndarray] = []
    run = SmallNetwork.run

    def spy(network: SmallNetwork, batch: np.ndarray) -> np.ndarray:
        given.append(batch)
        return run(network, batch)

    monkeypatch.setattr(SmallNetwork, "run", spy)
    reader = SignLetterReader()
    for path in sorted(data.glob("*/*.png")):
        reader.read(decode(path.read_bytes()))
    monkeypatch.setattr(sign_letters, "augmented", lambda ink, random: ink)
    monkeypatch.setattr(sign_letters, "_CLUTTER_SHARE", 0)
    split = split_pictures(read_letters(data), seed=0)
    shown = [batch for batch, _ in LetterBatches(split).epoch(np.random.default_rng(0))]

    read = {one.tobytes() for one in np.concatenate(given)}
    trained = [one.tobytes() for one in np.concatenate(shown)]
    assert len(trained) == len(split.ink) > 50
    assert set(trained) <= read


def test_a_net_that_is_not_there_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="There is no net transformer; there is plain"):
        train(data, tmp_path / "a.onnx", options=TrainingOptions(variant="transformer"))


def test_a_trained_network_reads_what_it_was_shown(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "letters.onnx"

    trained = train(data, out, options=TrainingOptions(epochs=160))

    assert trained.scores["validation accuracy"] > 0.7
    reader = SignLetterReader(weights=out)
    best = [one.best for one in reader.classify(read_letters(data).drawings)]
    shown = [CLASSES[label] for label in read_letters(data).labels]
    assert np.mean([one == other for one, other in zip(best, shown, strict=True)]) > 0.8


def test_the_residual_net_is_trained_by_the_same_command(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "letters.onnx"

    train(data, out, options=TrainingOptions(epochs=2, variant="residual"))

    network = SmallNetwork(out, name=NAME, version=VERSION)
    assert network.metadata.more["net"] == "residual"
    assert network.metadata.classes == CLASSES

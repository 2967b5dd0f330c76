"""Weights and code that do not belong together are told apart before the first frame."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from recognition import WeightFileError
from recognition.networks import network as networks
from recognition.networks.metadata import NetworkMetadata, metadata_from_props
from recognition.networks.network import SmallNetwork, load_small_network
from recognition.networks.probabilities import probabilities
from tests.recognition.networks.tiny import METADATA, write_brightest, write_tiny


@pytest.fixture
def network(tmp_path: Path) -> SmallNetwork:
    return SmallNetwork(write_tiny(tmp_path / "tiny.onnx"), name="tiny", version="1")


@pytest.mark.parametrize("count", [0, 1, 3, 150])
def test_it_runs_any_number_of_pictures(network: SmallNetwork, count: int) -> None:
    pictures = np.arange(count * 4, dtype=np.float32).reshape(count, 1, 2, 2)

    logits = network.run(pictures)

    assert logits.shape == (count, 2)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits[:, 1], pictures.sum(axis=(1, 2, 3)))


def test_threads_may_share_it(network: SmallNetwork) -> None:
    pictures = [np.full((5, 1, 2, 2), number, np.float32) for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        sums = [logits[:, 1] for logits in pool.map(network.run, pictures)]

    assert all((given == 4 * number).all() for number, given in enumerate(sums))


def test_another_shape_is_refused(network: SmallNetwork) -> None:
    with pytest.raises(ValueError, match=r"tiny takes \(n, 1, 2, 2\), not \(1, 2, 2, 1\)"):
        network.run(np.zeros((1, 2, 2, 1), np.float32))


def test_pictures_may_have_any_size_where_the_file_says_so(tmp_path: Path) -> None:
    open_sides = replace(METADATA, classes=(), input=(0, 0, 1))
    path = write_brightest(tmp_path / "tiny.onnx", open_sides)
    network = SmallNetwork(path, name="tiny", version="1")

    for shape in ((1, 1), (3, 70), (64, 2)):
        pictures = np.random.default_rng(0).random((2, 1, *shape), np.float32)
        np.testing.assert_array_equal(network.run(pictures)[:, 0], pictures.max(axis=(1, 2, 3)))
    assert network.run(np.zeros((0, 1, 5, 6), np.float32)).shape == (0, 1)
    with pytest.raises(ValueError, match=r"tiny takes \(n, 1, any, any\), not \(1, 2, 4, 4\)"):
        network.run(np.zeros((1, 2, 4, 4), np.float32))
    with pytest.raises(ValueError, match="any"):
        network.run(np.zeros((1, 1, 0, 4), np.float32))


def test_a_file_of_one_size_may_not_say_that_it_takes_any(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "tiny.onnx", replace(METADATA, input=(0, 0, 1)))

    with pytest.raises(WeightFileError, match="not what it says of itself"):
        SmallNetwork(path, name="tiny", version="1")


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder of weights with one network and its sum."""
    content = write_tiny(tmp_path / "tiny.onnx").read_bytes()
    (tmp_path / networks.SUMS).write_text(f"{sha256(content).hexdigest()}  tiny.onnx\n")
    monkeypatch.setattr(networks, "WEIGHTS", tmp_path)
    networks._committed.cache_clear()
    yield tmp_path
    networks._committed.cache_clear()


@pytest.mark.usefixtures("committed")
def test_the_committed_network_is_loaded_once_a_process() -> None:
    assert load_small_network("tiny", "1") is load_small_network("tiny", "1")


def test_its_file_says_what_it_is(network: SmallNetwork) -> None:
    assert network.metadata == METADATA


def test_missing_weights_are_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightFileError, match=r"gone\.onnx is missing\. Take the file"):
        SmallNetwork(tmp_path / "gone.onnx", name="tiny", version="1")


@pytest.mark.parametrize("content", [b"", b"no network", b"\x08\x08" * 50])
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.onnx"
    path.write_bytes(content)

    with pytest.raises(WeightFileError, match=r"bad\.onnx"):
        SmallNetwork(path, name="tiny", version="1")


@pytest.mark.parametrize(("name", "version"), [("tiny", "2"), ("other", "1")])
def test_weights_of_another_version_or_network_are_refused(
    tmp_path: Path, name: str, version: str
) -> None:
    path = write_tiny(tmp_path / "tiny.onnx")

    with pytest.raises(WeightFileError, match=f"tiny version 1, but {name} version {version}"):
        SmallNetwork(path, name=name, version=version)


def test_weights_that_do_not_fit_what_they_say_are_refused(tmp_path: Path) -> None:
    shape = write_tiny(tmp_path / "shape.onnx", replace(METADATA, input=(3, 3, 1)))
    classes = write_tiny(tmp_path / "classes.onnx", outputs=3)

    with pytest.raises(WeightFileError, match="not what it says of itself"):
        SmallNetwork(shape, name="tiny", version="1")
    with pytest.raises(WeightFileError, match="outputs for 2 classes"):
        SmallNetwork(classes, name="tiny", version="1")


def test_metadata_survives_its_text() -> None:
    full = NetworkMetadata(
        "signs", "3", ("0", "none"), (64, 48, 3), 0.875, 1.3, {"command": "python -m recognition"}
    )

    assert metadata_from_props(full.as_props()) == full


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("input", "64,64"), ("input", "0,64,1"), ("input", "a,b,c")),
        *(("threshold", "high"), ("threshold", "2"), ("temperature", "0"), ("temperature", "nan")),
    ],
)
def test_malformed_metadata_is_refused(key: str, value: str) -> None:
    with pytest.raises(ValueError, match=key):
        metadata_from_props({**METADATA.as_props(), key: value})


def test_a_missing_pair_is_named() -> None:
    props = METADATA.as_props()
    del props["version"]

    with pytest.raises(ValueError, match="does not say its version"):
        metadata_from_props(props)


def test_probabilities_add_up_to_one_and_temperature_flattens_them() -> None:
    logits = np.array([[2.0, 0.0, -1.0], [500.0, -500.0, 0.0]], np.float32)

    sharp, flat = probabilities(logits), probabilities(logits, 4.0)

    np.testing.assert_allclose(sharp.sum(axis=1), 1, atol=1e-6)
    assert sharp[0].max() > flat[0].max() > 1 / 3
    assert np.isfinite(sharp).all()


def test_the_sums_name_every_committed_file() -> None:
    lines = (networks.WEIGHTS / networks.SUMS).read_text().splitlines()
    named = {name: digest for digest, name in (line.split() for line in lines)}

    files = sorted(networks.WEIGHTS.glob("*.onnx"))
    assert files
    assert named == {path.name: sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("line", [f"{sha256(b'other').hexdigest()}  tiny.onnx\n", ""])
def test_a_committed_file_with_a_turned_bit_is_named(line: str, committed: Path) -> None:
    (committed / networks.SUMS).write_text(line)

    with pytest.raises(WeightFileError, match=r"tiny\.onnx is not the file that SHA256SUMS"):
        load_small_network("tiny", "1")


def test_without_the_sums_no_committed_file_is_trusted(committed: Path) -> None:
    (committed / networks.SUMS).unlink()

    with pytest.raises(WeightFileError, match="SHA256SUMS is missing"):
        load_small_network("tiny", "1")

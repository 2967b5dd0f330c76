"""The network is made once, checked, kept, and made again where it is damaged."""

from pathlib import Path

import numpy as np
import pytest

from recognition import EngineError
from recognition.engines.dlib_resnet import engine as engine_module
from recognition.engines.dlib_resnet import network
from recognition.engines.dlib_resnet.embedder import OnnxEmbedder
from recognition.engines.dlib_resnet.engine import DlibResnetEngine


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache folder."""
    monkeypatch.setenv("LINTEL_CACHE", str(tmp_path))
    return tmp_path


def test_it_is_made_once_and_then_taken_from_the_cache(cache: Path) -> None:
    first = network.load_network()
    second = network.load_network()

    assert (first.made_now, second.made_now) == (True, False)
    assert first.content == second.content
    assert first.path.parent == cache
    assert network.weights_digest()[:16] in first.path.name


@pytest.mark.slow
def test_a_damaged_file_is_made_again(cache: Path) -> None:
    path = network.load_network().path
    whole = path.read_bytes()
    path.write_bytes(whole[:1000] + b"?" + whole[1001:])

    again = network.load_network()

    assert again.made_now
    assert path.read_bytes() == whole
    assert cache.exists()


def test_it_gives_the_descriptors_of_dlib() -> None:
    content = network.load_network().content

    assert network.difference_from_dlib(content) <= network.MAX_DIFFERENCE


def test_a_network_that_differs_from_dlib_is_not_kept(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "difference_from_dlib", lambda _: 0.01)

    with pytest.raises(EngineError, match="differs"):
        network.load_network()

    assert not list(cache.glob("*.onnx"))


def test_no_engine_works_with_a_network_that_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> network.Network:
        raise EngineError("The converted network differs.")

    monkeypatch.setattr(engine_module, "load_network", fail)

    with pytest.raises(EngineError, match="differs"):
        DlibResnetEngine().embed_chips(network.check_chips())


def test_no_chips_give_no_vectors() -> None:
    none = np.empty((0, 150, 150, 3), np.uint8)

    assert OnnxEmbedder(network.load_network().content, threads=1).features(none).shape == (0, 384)
    assert DlibResnetEngine().embed_chips(none).shape == (0, 128)

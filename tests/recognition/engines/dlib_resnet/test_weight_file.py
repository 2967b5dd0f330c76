"""The weight file reads as dlib wrote it, and faults in it are named."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import WeightFileError
from recognition.engines.dlib_resnet.files import DESCRIPTOR_FILE, LANDMARK_FILE, weight_file
from recognition.engines.dlib_resnet.graph import build_model
from recognition.engines.dlib_resnet.weight_file import NetworkWeights, read_weights


@pytest.fixture(scope="module")
def content() -> bytes:
    """Return dlib's weight file."""
    return weight_file(DESCRIPTOR_FILE).read_bytes()


@pytest.fixture(scope="module")
def weights(content: bytes) -> NetworkWeights:
    """Return its layers."""
    return read_weights(content)


def test_it_reads_all_layers_of_the_network(weights: NetworkWeights) -> None:
    shapes = [layer.filters.shape for layer in weights.convolutions]

    assert len(shapes) == 29
    assert shapes[0] == (32, 3, 7, 7)
    assert {shape[2:] for shape in shapes[1:]} == {(3, 3)}
    assert [out for out, *_ in shapes] == [32] * 7 + [64] * 8 + [128] * 6 + [256] * 8
    assert weights.matrix.shape == (256, 128)
    assert all(np.isfinite(layer.filters).all() for layer in weights.convolutions)


def test_the_halving_blocks_stride_without_padding(weights: NetworkWeights) -> None:
    strided = [i for i, layer in enumerate(weights.convolutions) if layer.stride == 2]

    assert strided == [0, 7, 15, 21, 27]
    assert all(weights.convolutions[i].padding == 0 for i in strided)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.9999])
def test_a_file_that_ends_too_early_is_refused(content: bytes, share: float) -> None:
    with pytest.raises(WeightFileError):
        read_weights(content[: int(len(content) * share)])


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail_in_another_way(data: bytes) -> None:
    with pytest.raises(WeightFileError):
        read_weights(data)
    with pytest.raises(WeightFileError):
        read_weights(b"\x01\x05con_4" + data)


def test_a_tensor_of_another_version_is_refused(content: bytes) -> None:
    at = content.index(b"\x01\x05con_4") + 7
    assert content[at : at + 2] == b"\x01\x02"

    with pytest.raises(WeightFileError, match="version"):
        read_weights(content[:at] + b"\x01\x03" + content[at + 2 :])


def test_layers_in_another_order_make_no_model(weights: NetworkWeights) -> None:
    turned = NetworkWeights(weights.convolutions[::-1], weights.matrix)

    with pytest.raises(WeightFileError):
        build_model(turned, note="turned")


def test_a_negative_number_reads_as_dlib_writes_it() -> None:
    from recognition.engines.dlib_resnet.weight_file import _Reader

    assert _Reader(b"\x81\x05").integer() == -5
    assert _Reader(b"\x02" + struct.pack("<H", 700)).integer() == 700


def test_the_landmark_file_is_there() -> None:
    assert weight_file(LANDMARK_FILE).stat().st_size > 1_000_000

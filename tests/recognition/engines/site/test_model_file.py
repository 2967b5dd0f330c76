"""A model that could read, loop, guess or ask for more is refused before it runs."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from recognition import ModelError
from recognition.engines.site import model_file
from recognition.engines.site.manifest import ModelFile
from recognition.engines.site.model_file import check_model, read_model
from tests.recognition.engines.site.tiny import network, nodes, weights


def refusal(model: Any) -> str:
    with pytest.raises(ModelError) as refused:
        check_model(model.SerializeToString(), name="m.onnx")
    assert "m.onnx" in str(refused.value)
    return str(refused.value)


def external(tensor: Any) -> Any:
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    return tensor


def test_it_takes_a_plain_network() -> None:
    check_model(network().SerializeToString(), name="m.onnx")


def test_it_refuses_weights_in_another_file() -> None:
    model = network(initializers=[external(weights())])

    assert "keeps 'weights' in another file" in refusal(model)


def test_it_refuses_a_constant_in_another_file() -> None:
    constant = helper.make_node(
        "Constant", [], ["weights"], value=external(numpy_helper.from_array(np.ones(3), "c"))
    )

    assert "in another file" in refusal(network(operators=[constant, *nodes()], initializers=[]))


def test_it_refuses_operators_of_another_domain() -> None:
    foreign = helper.make_node("Inverse", ["data"], ["vector"], domain="com.microsoft")

    assert "com.microsoft" in refusal(network(operators=[foreign]))
    assert "com.evil" in refusal(network(opsets={"": 17, "com.evil": 1}))


def test_it_refuses_operators_that_nobody_knows() -> None:
    odd = helper.make_node("ReadFile", ["data"], ["vector"])

    assert "ReadFile, which ONNX does not know" in refusal(network(operators=[odd]))


@pytest.mark.parametrize("name", ["RandomNormalLike", "RandomUniformLike", "Bernoulli"])
def test_it_refuses_randomness(name: str) -> None:
    random = helper.make_node(name, ["data"], ["vector"])

    assert f"{name}: randomness" in refusal(network(operators=[random]))


def test_it_refuses_loops_and_looks_into_branches() -> None:
    inner = helper.make_graph(nodes(), "inner", [], [])
    branch = helper.make_node("If", ["data"], ["vector"], then_branch=inner, else_branch=inner)

    assert "If: branches are refused" in refusal(network(operators=[branch]))


def test_it_refuses_functions_of_its_own() -> None:
    model = network()
    model.functions.append(
        helper.make_function("own", "F", ["x"], ["y"], [], [helper.make_opsetid("", 17)])
    )

    assert "functions of its own" in refusal(model)


def test_it_refuses_a_model_without_operators() -> None:
    assert "without operators" in refusal(network(operators=[]))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ModelError):
        check_model(content, name="m.onnx")


def test_it_refuses_a_file_of_another_content(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"something")

    with pytest.raises(ModelError, match=r"m.onnx is not the file its manifest names"):
        read_model(path, ModelFile("m.onnx", "0" * 64))


def test_it_refuses_a_file_that_is_missing_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.onnx", tmp_path):
        with pytest.raises(ModelError, match="cannot be read"):
            read_model(path, ModelFile("m.onnx", "0" * 64))


def test_it_refuses_a_file_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"12345")
    expected = ModelFile("m.onnx", hashlib.sha256(b"12345").hexdigest())
    assert read_model(path, expected) == b"12345"
    monkeypatch.setattr(model_file, "MAX_MODEL_BYTES", 4)

    with pytest.raises(ModelError, match="5 bytes, more than 4"):
        read_model(path, expected)

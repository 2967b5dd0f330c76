"""A model that asks for more memory than a face network is refused before anything runs it."""

import resource
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from recognition import ModelError, engine_names, install_engine
from recognition.engines.site.model_file import MAX_MODEL_BYTES, check_model
from recognition.engines.site.model_memory import MAX_TENSOR_BYTES, check_memory
from tests.recognition.engines.site.tiny import (
    DIMENSION,
    SIDE_PX,
    Tiny,
    make_tiny,
    network,
    nodes,
    weights,
)

GIGA = 2**30
FACES = (32, 3, SIDE_PX, SIDE_PX)


def check(model: Any, shape: tuple[int, ...] = FACES) -> None:
    check_memory(check_model(model.SerializeToString(), name="m.onnx"), shape, name="m.onnx")


def refusal(model: Any) -> str:
    with pytest.raises(ModelError) as refused:
        check(model)
    assert "m.onnx" in str(refused.value)
    return str(refused.value)


def numbers(name: str, *values: int) -> Any:
    return numpy_helper.from_array(np.array(values, np.int64), name)


def with_sum_of(operators: list[Any], *constants: Any) -> Any:
    """A good network that adds up what these operators call "large" and takes it off each chip."""
    total = helper.make_node("ReduceSum", ["large"], ["total"], keepdims=0)
    less = helper.make_node("Sub", ["data", "total"], ["darker"])
    first, *others = nodes()
    first.input[0] = "darker"
    return network(
        operators=[*operators, total, less, first, *others], initializers=[weights(), *constants]
    )


def filled(*shape: int) -> Any:
    """A network of a few hundred bytes with a constant of this shape."""
    fill = helper.make_node("ConstantOfShape", ["shape"], ["large"])
    return with_sum_of([fill], numbers("shape", *shape))


def test_it_takes_a_plain_network() -> None:
    check(network())
    check(network(batch=1), (1, 3, SIDE_PX, SIDE_PX))
    check(filled(4, 4))


def test_a_constant_of_gigabytes_is_refused() -> None:
    assert len(filled(GIGA).SerializeToString()) < 2000
    assert "tensor 'large' of 4,096 MiB, more than 512 MiB" in refusal(filled(GIGA))


@given(st.lists(st.integers(1, 2**40), min_size=1, max_size=4))
def test_a_constant_of_any_shape_is_taken_up_to_the_bound(shape: list[int]) -> None:
    bytes_of = 4 * int(np.prod([*map(int, shape)], dtype=object))
    if bytes_of > MAX_TENSOR_BYTES:
        assert "more than 512 MiB" in refusal(filled(*shape))
    else:
        check(filled(*shape))


def test_an_input_that_is_repeated_too_often_is_refused() -> None:
    expand = helper.make_node("Expand", ["data", "shape"], ["large"])
    tile = helper.make_node("Tile", ["data", "shape"], ["large"])
    resize = helper.make_node("Resize", ["data", "", "scales"], ["large"])
    scales = numpy_helper.from_array(np.array([1, 1, 300, 300], np.float32), "scales")

    assert "'large' of 24,576 MiB" in refusal(
        with_sum_of([expand], numbers("shape", 2**18, 32, 3, 16, 16))
    )
    assert "'large' of 6,144 MiB" in refusal(with_sum_of([tile], numbers("shape", 256, 256, 1, 1)))
    assert "'large' of 8,438 MiB" in refusal(with_sum_of([resize], scales))


def test_a_size_that_the_shape_of_the_input_decides_is_worked_out() -> None:
    """Some exporters write what is fixed as a reckoning with the input's own shape."""
    operators = [
        helper.make_node("Shape", ["data"], ["sides"]),
        helper.make_node("Gather", ["sides", "which"], ["chosen"]),
        helper.make_node("Concat", ["chosen", "factor"], ["shape"], axis=0),
        helper.make_node("ConstantOfShape", ["shape"], ["large"]),
    ]

    def model(factor: int) -> Any:
        return with_sum_of(operators, numbers("which", 0, 2), numbers("factor", factor))

    check(model(9))
    assert "'large' of 2,048 MiB" in refusal(model(2**20))


def test_a_batch_that_is_divided_is_followed() -> None:
    """As networks of windows are exported; ONNX's own inference follows no division."""
    operators = [
        helper.make_node("Shape", ["data"], ["sides"]),
        helper.make_node("Gather", ["sides", "which"], ["faces"]),
        helper.make_node("Cast", ["faces"], ["number"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["number", "four"], ["quarter"]),
        helper.make_node("Cast", ["quarter"], ["groups"], to=TensorProto.INT64),
        helper.make_node("Concat", ["groups", "rest"], ["shape"], axis=0),
        helper.make_node("Reshape", ["data", "shape"], ["grouped"]),
        helper.make_node("Shape", ["grouped"], ["others"]),
        helper.make_node("Div", ["others", "divisor"], ["fewer"]),
        helper.make_node("ConstantOfShape", ["fewer"], ["large"]),
    ]
    four = numpy_helper.from_array(np.array([4], np.float32), "four")

    def model(divisor: list[int]) -> Any:
        fixed = (four, numbers("which", 0), numbers("rest", 4, -1), numbers("divisor", *divisor))
        return with_sum_of(operators, *fixed)

    check(model([1, 1, 1]))
    assert "cannot be told" in refusal(model([0, 1]))


@pytest.mark.parametrize("operator", ["Where", "Add", "Concat"])
def test_following_the_reckoning_takes_no_memory_itself(operator: str) -> None:
    """Each is a constant of a thousand numbers; all against all would be a thousand million."""
    sides = {"a": (1024, 1, 1), "b": (1, 1024, 1), "c": (1, 1, 1024)}
    kinds = {"a": bool if operator == "Where" else np.int64, "b": np.int64, "c": np.int64}
    stored = [
        numpy_helper.from_array(np.ones(sides[one], kinds[one]), one) for one in ("a", "b", "c")
    ]
    if operator == "Where":
        nodes_of = [helper.make_node("Where", ["a", "b", "c"], ["wide"])]
    elif operator == "Add":
        nodes_of = [
            helper.make_node("Add", ["a", "b"], ["flat"]),
            helper.make_node("Add", ["flat", "c"], ["wide"]),
        ]
    else:
        nodes_of = [helper.make_node("Concat", ["a"] * 2**17, ["wide"], axis=0)]
    cast = helper.make_node("Cast", ["wide"], ["large"], to=TensorProto.FLOAT)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert "more than 512 MiB" in refusal(with_sum_of([*nodes_of, cast], *stored))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024  # in KiB


def test_a_size_that_nobody_can_tell_is_refused() -> None:
    found = helper.make_node("NonZero", ["data"], ["found"])
    cast = helper.make_node("Cast", ["found"], ["large"], to=TensorProto.FLOAT)

    assert "'found' gets cannot be told before it runs" in refusal(with_sum_of([found, cast]))


def test_a_shape_that_the_file_claims_of_a_tensor_is_not_believed() -> None:
    model = filled(GIGA)
    model.graph.value_info.append(helper.make_tensor_value_info("large", TensorProto.FLOAT, [4]))

    assert "'large' of 4,096 MiB" in refusal(model)


def test_a_sparse_constant_counts_as_large_as_it_will_be() -> None:
    one = numpy_helper.from_array(np.ones(1, np.float32), "large")
    sparse = helper.make_sparse_tensor(one, numbers("", 0), [GIGA])
    by_operator = helper.make_node("Constant", [], ["large"], sparse_value=sparse)
    stored = with_sum_of([])
    stored.graph.sparse_initializer.append(sparse)

    for model in (with_sum_of([by_operator]), stored):
        assert "'large' of 4,096 MiB" in refusal(model)


def test_many_tensors_within_the_bound_are_not_held_at_once() -> None:
    """Each has 300 MiB, and all four are there when they are added up to a fifth."""
    side = 300 * 2**18
    fills = [helper.make_node("ConstantOfShape", ["shape"], [f"c{at}"]) for at in range(4)]
    joined = helper.make_node("Sum", [f"c{at}" for at in range(4)], ["large"])
    repeats = [helper.make_node("Expand", ["data", "shape"], [f"c{at}"]) for at in range(4)]
    wide = numbers("shape", 3200, 32, 3, SIDE_PX, SIDE_PX)

    assert "constants of 1,500 MiB together, more than 1,024 MiB" in refusal(
        with_sum_of([*fills, joined], numbers("shape", side))
    )
    assert "holds 1,500 MiB at once, more than 1,024 MiB" in refusal(
        with_sum_of([*repeats, joined], wide)
    )


def test_one_after_the_other_the_same_tensors_are_taken() -> None:
    """What nobody needs any longer does not count."""
    grown = helper.make_node("Expand", ["data", "shape"], ["c0"])
    steps = [helper.make_node("Relu", [f"c{at}"], [f"c{at + 1}"]) for at in range(9)]
    last = helper.make_node("Relu", ["c9"], ["large"])

    check(with_sum_of([grown, *steps, last], numbers("shape", 1000, 32, 3, SIDE_PX, SIDE_PX)))


def test_texts_are_refused() -> None:
    word = numpy_helper.from_array(np.array(["a"], object), "word")

    assert "tensor 'word' of something else than numbers" in refusal(
        network(initializers=[weights(), word])
    )


@given(
    st.sampled_from([network(), filled(4, 4)]),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_damaged_model_is_taken_or_refused_and_nothing_else(
    model: Any, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(model.SerializeToString())
    for at, value in changes:
        content[at % len(content)] = value
    with suppress(ModelError):
        check_memory(check_model(bytes(content), name="m.onnx"), FACES, name="m.onnx")


def test_a_name_that_is_no_text_is_refused() -> None:
    content = network().SerializeToString().replace(b"small", b"sm\x9all")

    with pytest.raises(ModelError, match="a name in it is no text"):
        check_model(content, name="m.onnx")


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """Return a good engine's files, to be spoilt; nothing is installed yet."""
    monkeypatch.setenv("LINTEL_ENGINES", str(tmp_path / "installed"))
    return make_tiny(tmp_path)


def test_an_engine_that_asks_for_gigabytes_is_not_installed(tiny: Tiny) -> None:
    tiny.write_model(filled(4 * GIGA).SerializeToString())

    with pytest.raises(ModelError, match="more than 512 MiB"):
        install_engine(tiny.model, tiny.manifest)
    assert "tiny" not in engine_names()


def test_a_file_of_a_gigabyte_is_not_even_read(tiny: Tiny) -> None:
    with tiny.model.open("r+b") as file:
        file.truncate(GIGA)  # a hole: it takes no place on the disk

    with pytest.raises(ModelError, match=f"1,073,741,824 bytes, more than {MAX_MODEL_BYTES:,}"):
        install_engine(tiny.model, tiny.manifest)


def test_what_is_no_file_is_not_read(tiny: Tiny) -> None:
    with pytest.raises(ModelError, match="it is no file"):
        install_engine(Path("/dev/zero"), tiny.manifest)


@pytest.mark.slow
def test_an_engine_as_large_as_resnet_100_is_installed(tiny: Tiny) -> None:
    """250 MiB of weights in 3 by 3 convolutions of 512 channels."""
    wide, layers = 512, 27
    random = np.random.default_rng(3)
    spread = (wide * 9) ** -0.5
    first = random.normal(size=(wide, 3, 3, 3)).astype(np.float32)
    stored = [numpy_helper.from_array(first, "w0")]
    stored += [
        numpy_helper.from_array(
            random.normal(0, spread, (wide, wide, 3, 3)).astype(np.float32), f"w{at}"
        )
        for at in range(1, layers + 1)
    ]
    stored.append(
        numpy_helper.from_array(random.normal(size=(wide, DIMENSION)).astype(np.float32), "head")
    )
    operators = nodes()[:1]
    operators[0].output[0] = "x0"
    operators += [
        helper.make_node("Conv", [f"x{at}", f"w{at}"], [f"x{at + 1}"], pads=[1, 1, 1, 1])
        for at in range(layers + 1)
    ]
    operators += [
        helper.make_node("GlobalAveragePool", [f"x{layers + 1}"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "head"], ["vector"]),
    ]
    content = network(operators=operators, initializers=stored).SerializeToString()
    assert 240 * 2**20 < len(content) < 280 * 2**20
    tiny.write_model(content)

    assert install_engine(tiny.model, tiny.manifest).name == "tiny"

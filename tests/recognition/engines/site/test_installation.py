"""An engine is installed whole and tried out, or not at all."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from recognition import EngineError, ModelError, install_engine, load_engine
from recognition.engines.registry import engine_names
from tests.recognition.engines.site.tiny import Tiny, make_tiny, network, nodes, weights

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("engines")]


def install(tiny: Tiny) -> Any:
    return install_engine(tiny.model, tiny.manifest)


def nothing_is_left(engines: Path) -> bool:
    return not [path for path in engines.glob("*") if path.name != ".lock"]


def test_what_is_installed_is_found_by_name(tiny: Tiny) -> None:
    installed = install(tiny)

    assert engine_names() == ("dlib-resnet", "tiny")
    assert load_engine("tiny").id == installed.id
    assert load_engine("tiny") is load_engine("tiny")


def test_it_needs_its_files_no_longer(tiny: Tiny) -> None:
    install(tiny)
    tiny.model.unlink()
    tiny.manifest.unlink()

    assert load_engine("tiny").embed_chips(np.zeros((1, 16, 16, 3), np.uint8)).shape == (1, 4)


def test_the_same_engine_again_changes_nothing(tiny: Tiny, engines: Path) -> None:
    install(tiny)
    before = (engines / "tiny" / "model.onnx").stat().st_mtime_ns

    install(tiny)

    assert (engines / "tiny" / "model.onnx").stat().st_mtime_ns == before


def test_another_engine_under_the_same_name_is_refused(tiny: Tiny) -> None:
    first = install(tiny)
    tiny.write_manifest(output="vector", version="2")

    with pytest.raises(EngineError, match="Give this one a name of its own"):
        install(tiny)
    assert load_engine("tiny").id == first.id


def test_a_manifest_that_leaves_vectors_alone_takes_the_place_of_the_old_one(tiny: Tiny) -> None:
    before = install(tiny)
    tiny.write_manifest(licence="another")

    after = install(tiny)

    assert (after.manifest.licence, after.id) == ("another", before.id)


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_damaged_file_is_named_and_installing_again_mends_it(
    tiny: Tiny, engines: Path, harm: str
) -> None:
    installed = install(tiny)
    file = engines / "tiny" / "model.onnx"
    file.unlink()
    if harm == "changed":
        file.write_bytes(b"no model")

    with pytest.raises(ModelError, match=str(file)):
        installed.load().embed_chips(np.zeros((1, 16, 16, 3), np.uint8))
    install(tiny)
    assert installed.load().embed_chips(np.zeros((1, 16, 16, 3), np.uint8)).shape == (1, 4)


def test_a_damaged_manifest_is_named(tiny: Tiny, engines: Path) -> None:
    install(tiny)
    (engines / "tiny" / "manifest.json").write_text("{")

    with pytest.raises(EngineError, match=str(engines / "tiny" / "manifest.json")):
        load_engine("tiny")


def test_a_model_other_than_the_manifest_names_is_refused(tiny: Tiny, engines: Path) -> None:
    tiny.model.write_bytes(tiny.model.read_bytes() + b"\0")

    with pytest.raises(ModelError, match="is not the file its manifest names"):
        install(tiny)
    assert nothing_is_left(engines)


def refusal(tiny: Tiny, model: Any, **changes: Any) -> str:
    tiny.write_model(model.SerializeToString(), **changes)
    with pytest.raises(ModelError) as refused:
        install(tiny)
    return str(refused.value)


def constant_output() -> Any:
    """A network that sees nothing: zero times the picture, and one."""
    nought = numpy_helper.from_array(np.zeros((48, 4), np.float32), "weights")
    one = numpy_helper.from_array(np.ones(4, np.float32), "one")
    last = helper.make_node("Add", ["product", "one"], ["vector"])
    product = helper.make_node("MatMul", ["flat", "weights"], ["product"])
    return network(operators=[*nodes()[:2], product, last], initializers=[nought, one])


def test_a_network_that_sees_nothing_is_refused(tiny: Tiny) -> None:
    assert "one vector for different pictures" in refusal(tiny, constant_output())


def test_a_network_without_direction_is_refused(tiny: Tiny) -> None:
    nought = numpy_helper.from_array(np.zeros((48, 4), np.float32), "weights")

    assert "without a direction" in refusal(tiny, network(initializers=[nought]))


def test_numbers_that_are_not_finite_are_refused(tiny: Tiny) -> None:
    endless = numpy_helper.from_array(np.full((48, 4), np.inf, np.float32), "weights")

    assert "not finite" in refusal(tiny, network(initializers=[endless]))


def test_vectors_that_depend_on_their_batch_are_refused(tiny: Tiny) -> None:
    mean = [
        *nodes()[:2],
        helper.make_node("MatMul", ["flat", "weights"], ["product"]),
        helper.make_node("ReduceMean", ["product"], ["mean"], axes=[0], keepdims=1),
        helper.make_node("Sub", ["product", "mean"], ["off"]),
        helper.make_node("Add", ["off", "product"], ["vector"]),
    ]

    assert "other vectors in a batch" in refusal(tiny, network(operators=mean))


def test_other_shapes_than_the_manifest_says_are_refused(tiny: Tiny) -> None:
    wide = {**tiny.values()["input"], "side_px": 32}

    assert "not float (n, 3, 32, 32)" in refusal(tiny, network(), input=wide)
    assert "not float (n, 5)" in refusal(tiny, network(), dimension=5)
    assert "none 'fc1'" in refusal(tiny, network(), output="fc1")
    assert "takes 4 faces at once" in refusal(tiny, network(batch=4))
    assert "not only 'data'" in refusal(tiny, network(inputs=("data", "more")))


def test_a_network_that_does_not_load_is_refused(tiny: Tiny) -> None:
    """ONNX Runtime has no such operator for numbers of this kind."""
    pool, *others = nodes()
    pool.input[0], pool.output[0] = "short", "pooled"
    operators = [
        helper.make_node("Cast", ["data"], ["short"], to=TensorProto.BFLOAT16),
        pool,
        helper.make_node("Cast", ["pooled"], ["small"], to=TensorProto.FLOAT),
        *others,
    ]

    assert "does not load" in refusal(tiny, network(operators=operators))


def test_a_network_whose_weights_are_missing_is_refused(tiny: Tiny) -> None:
    assert "'vector' gets cannot be told" in refusal(tiny, network(initializers=[]))
    assert "does not load" in refusal(tiny, network(opsets={"": 9999}))


def test_a_network_that_takes_one_face_at_a_time_will_do(tmp_path: Path) -> None:
    one = make_tiny(tmp_path / "one")
    one.write_model(network(batch=1).SerializeToString())
    chips = np.random.default_rng(1).integers(0, 256, (5, 16, 16, 3), np.uint8)

    assert install(one).load().embed_chips(chips).shape == (5, 4)
    assert weights().dims[1] == 4


@pytest.mark.parametrize("missing", ["model", "manifest"])
def test_a_file_that_is_missing_is_named(tiny: Tiny, missing: str) -> None:
    path = getattr(tiny, missing)
    path.unlink()

    with pytest.raises(EngineError, match=str(path)):
        install(tiny)


def test_a_folder_that_cannot_be_written_is_named(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LINTEL_ENGINES", str(tmp_path / "file" / "engines"))

    with pytest.raises(EngineError, match="cannot be kept in"):
        install(tiny)


def test_a_detector_that_is_no_yunet_is_refused(tiny: Tiny, engines: Path) -> None:
    digest = tiny.values()["model"]["sha256"]
    tiny.write_manifest(detector={"kind": "yunet", "file": tiny.model.name, "sha256": digest})

    with pytest.raises(ModelError, match="detector of tiny"):
        install(tiny)
    assert nothing_is_left(engines)


def test_without_its_detector_beside_it_the_built_in_one_is_used(tiny: Tiny) -> None:
    tiny.write_manifest(detector={"kind": "yunet", "file": "none.onnx", "sha256": "a" * 64})

    assert install(tiny).manifest.detector == "built-in"
    with pytest.raises(ModelError, match=r"none\.onnx cannot be read"):
        install_engine(tiny.model, tiny.manifest, tiny.model.parent / "none.onnx")


def test_a_detector_for_an_engine_that_has_none_is_refused(tiny: Tiny) -> None:
    with pytest.raises(EngineError, match="asks for the built-in detector"):
        install_engine(tiny.model, tiny.manifest, tiny.model)

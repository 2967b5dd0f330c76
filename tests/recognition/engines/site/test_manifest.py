"""A manifest says everything, and nothing else, or is refused by key."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import ManifestError
from recognition.engines.site.manifest import MAX_MANIFEST_BYTES, read_manifest
from tests.recognition.engines.site.tiny import Tiny

YUNET = {"kind": "yunet", "file": "yunet.onnx", "sha256": "a" * 64}
DISTANCES = {"consistent": 1.1, "verification": 1.0, "margin": 0.1, "search": [[1, 1.0], [9, 0.9]]}
INPUT = {
    "name": "data",
    "side_px": 112,
    "colours": "bgr",
    "subtract": [0, 0, 0],
    "divide": [1, 1, 1],
}


def written(tiny: Tiny, **changes: Any) -> bytes:
    return json.dumps(tiny.values(**changes)).encode()


def test_it_reads_every_key(tiny: Tiny) -> None:
    manifest = read_manifest(written(tiny, input=INPUT, detector=YUNET, distances=DISTANCES))

    assert (manifest.name, manifest.version, manifest.licence) == ("tiny", "1", "anybody's")
    assert (manifest.side_px, manifest.colours, manifest.divide) == (112, "bgr", (1.0, 1.0, 1.0))
    assert manifest.detector_model is not None
    assert manifest.detector_model.file == "yunet.onnx"
    assert manifest.measured
    assert manifest.distances.search_rule(9).threshold == 0.9


def test_distances_of_a_cosine_engine_may_be_left_out(tiny: Tiny) -> None:
    manifest = read_manifest(written(tiny))

    assert not manifest.measured
    assert 0 < manifest.distances.verification < 2**0.5


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"schema": 2}, "a schema other than 1"),
        ({"schema": "1"}, "schema must be a whole number"),
        ({"schema": True}, "schema must be a whole number"),
        ({"name": None}, "has no 'name'"),
        ({"name": "../evil"}, "name must be a-z"),
        ({"name": "a\n"}, "name must be a-z"),
        ({"name": "dlib-resnet"}, "must not be the name of an engine that is built in"),
        ({"version": "1 2"}, "version must be"),
        ({"licence": "  "}, "licence must be text"),
        ({"licence": 7}, "licence must be text, not 7"),
        ({"model": {"file": "a.onnx"}}, "model has no 'sha256'"),
        ({"model": {"file": "../a", "sha256": "a" * 64}}, "model.file must be a file's name"),
        ({"model": {"file": "a", "sha256": "A" * 64}}, "model.sha256 must be 64 hexadecimal"),
        ({"model": []}, "model must be an object"),
        ({"input": {**INPUT, "side_px": 4}}, "input.side_px must be a whole number from 16"),
        ({"input": {**INPUT, "colours": "grey"}}, "input.colours must be one of rgb, bgr"),
        ({"input": {**INPUT, "divide": [1, 0, 1]}}, "input.divide must be a number from"),
        ({"input": {**INPUT, "divide": [1, 1]}}, "input.divide must be a list of 3"),
        ({"input": {**INPUT, "subtract": [0, "0", 0]}}, "input.subtract must be a number"),
        ({"input": {**INPUT, "mean": 0}}, "input has an unknown key 'mean'"),
        ({"alignment": "guess"}, "alignment must be one of arcface-112"),
        ({"metric": "manhattan"}, "metric must be one of cosine, euclidean"),
        ({"metric": "euclidean"}, "may be left out for the metric cosine only"),
        ({"dimension": 1}, "dimension must be a whole number from 2"),
        ({"dimension": 128.0}, "dimension must be a whole number, not 128.0"),
        ({"detector": {"kind": "mtcnn"}}, "detector.kind must be one of"),
        ({"detector": {"kind": "yunet"}}, "detector has no 'file'"),
        ({"detector": {"kind": "built-in", "file": "a"}}, "detector has an unknown key 'file'"),
        ({"detecter": {}}, "unknown key 'detecter'"),
        ({"distances": {**DISTANCES, "search": []}}, "search must list"),
        ({"distances": {**DISTANCES, "search": [[5, 1], [5, 1]]}}, "by rising people"),
        ({"distances": {**DISTANCES, "search": [[1, 0]]}}, "must be a number from"),
        ({"distances": {**DISTANCES, "margin": float("nan")}}, "distances.margin must be a number"),
    ],
)
def test_it_names_the_key_that_is_wrong(tiny: Tiny, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ManifestError) as refused:
        read_manifest(written(tiny, **changes))

    assert says in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[1]",
        b"null",
        b"{",
        b"\xff",
        b'{"schema": 1, "schema": 1}',
        b"[" * 60_000,
        b'{"schema": ' + b"9" * 5_000 + b"}",
    ],
)
def test_it_refuses_what_is_no_single_object(content: bytes) -> None:
    with pytest.raises(ManifestError):
        read_manifest(content)


def test_it_refuses_a_manifest_without_an_end() -> None:
    with pytest.raises(ManifestError, match="more than"):
        read_manifest(b" " * (MAX_MANIFEST_BYTES + 1))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_any_value_of_any_key_is_read_or_refused(value: Any) -> None:
    good = {"schema": 1, "name": "tiny", "version": "1", "licence": "x"}
    for key in good:
        with pytest.raises(ManifestError):
            read_manifest(json.dumps({**good, key: value}).encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"input": {**INPUT, "colours": "rgb"}},
        {"metric": "euclidean", "distances": DISTANCES},
        {"detector": YUNET},
        {"model": {"file": "tiny.onnx", "sha256": "b" * 64}},
        {"version": "2"},
    ],
)
def test_whatever_changes_a_vector_changes_the_id(tiny: Tiny, changes: dict[str, Any]) -> None:
    base = {"input": INPUT}

    assert (
        read_manifest(written(tiny, **{**base, **changes})).id
        != read_manifest(written(tiny, **base)).id
    )


@pytest.mark.parametrize("changes", [{"licence": "mine"}, {"distances": DISTANCES}])
def test_what_leaves_vectors_alone_leaves_the_id(tiny: Tiny, changes: dict[str, Any]) -> None:
    assert read_manifest(written(tiny, **changes)).id == read_manifest(written(tiny)).id

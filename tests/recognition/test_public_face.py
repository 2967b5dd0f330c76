"""The names others rely on, and what the library leaves alone."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import recognition
from recognition import errors

FORBIDDEN = {"django", "celery", "redis", "httpx", "requests", "socket", "attendance", "kiosk"}


def test_the_public_names_are_these() -> None:
    assert set(recognition.__all__) == {
        "BUILT_IN_ENGINE",
        "DEFAULT_GATES",
        "DEFAULT_RULE",
        "DEFAULT_VERIFICATION_RULE",
        "ENROLMENT_GATES",
        "Advice",
        "ArgumentError",
        "WARNING_GATES",
        "Box",
        "DecodeError",
        "DecodeLimits",
        "Decision",
        "Distances",
        "Engine",
        "EngineError",
        "EngineId",
        "Face",
        "FakeEngine",
        "Follower",
        "FontError",
        "Frame",
        "Gallery",
        "GalleryError",
        "Gates",
        "Held",
        "Hold",
        "HoldRule",
        "Image",
        "ImageInfo",
        "ImageShapeError",
        "InstalledEngine",
        "LandmarkError",
        "ManifestError",
        "Match",
        "MatchRule",
        "ModelError",
        "OutputError",
        "Probe",
        "ProbeRefused",
        "Quality",
        "READERS",
        "Reader",
        "Reading",
        "Reason",
        "RecognitionError",
        "Side",
        "SourceError",
        "Speller",
        "Spelt",
        "Vector",
        "VectorError",
        "Vectors",
        "TrialUnderWay",
        "WeightFileError",
        "advice_for",
        "decide",
        "decode",
        "default_rule",
        "encode_jpeg",
        "engine_names",
        "find_again",
        "fuse",
        "gate",
        "guide_box",
        "inspect",
        "install_engine",
        "load_engine",
        "load_reader",
        "probe_from_images",
    }
    assert all(hasattr(recognition, name) for name in recognition.__all__)


def test_every_error_is_drawn_in_the_tree() -> None:
    classes = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.RecognitionError)
    ]

    assert len(classes) > 8
    assert all(one.__name__ in str(errors.__doc__) for one in classes)


def test_it_imports_neither_the_web_nor_the_other_parts() -> None:
    folder = Path(recognition.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.split(".")[0] for name in names} & FORBIDDEN, path


def test_no_module_names_one_that_names_it_back_not_even_for_types() -> None:
    folder = Path(recognition.__file__).parent
    named: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        module = ".".join(path.relative_to(folder.parent).with_suffix("").parts)
        if path.name != "__init__.py":  # those stand for all that lies in their folders
            named[module] = {
                node.module
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.ImportFrom) and node.module
            }

    order = list(TopologicalSorter(named).static_order())  # a circle raises CycleError

    assert order.index("recognition.errors") < order.index("recognition.values")

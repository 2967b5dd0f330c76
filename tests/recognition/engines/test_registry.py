"""Engines come by name, each loaded once."""

import pytest

from recognition import EngineError, load_engine


def test_the_same_engine_is_given_each_time() -> None:
    assert load_engine() is load_engine("dlib-resnet", 1)
    assert load_engine(threads=2) is not load_engine(threads=1)


def test_its_id_names_the_weights_not_the_threads() -> None:
    assert load_engine(threads=2).id == load_engine(threads=1).id
    assert load_engine().id.name == "dlib-resnet"


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(EngineError, match="'arcface'"):
        load_engine("arcface")


def test_no_threads_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 thread"):
        load_engine(threads=0)

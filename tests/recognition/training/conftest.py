"""What the tests of training share: without PyTorch each file of them is skipped, by name."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest


class _Skipped(pytest.Module):
    def collect(self) -> Iterator[pytest.Item]:
        pytest.skip("training needs PyTorch: pip install torch==2.13.0", allow_module_level=True)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Skip before the import, which would fail."""
    if importlib.util.find_spec("torch") is not None:
        return None
    return _Skipped.from_parent(parent, path=module_path)

"""What the tests of training share."""

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch: pip install torch==2.13.0")

"""What runs the networks tells nobody of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from recognition.networks.network import WEIGHTS
from tests.stack import REPOSITORY

LOAD = """
import sys
import recognition
import onnxruntime
onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
"""


@pytest.mark.slow
def test_a_network_that_is_loaded_leaves_nothing_in_the_home(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    weights = sorted(WEIGHTS.glob("*.onnx"))[0]
    call = [sys.executable, "-c", LOAD, str(weights)]
    subprocess.run(call, cwd=REPOSITORY, env=environment, check=True)
    assert list(tmp_path.rglob("*")) == []

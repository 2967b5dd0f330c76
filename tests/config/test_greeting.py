"""What is said once everything runs."""

import os
import subprocess
import sys

import pytest

from tests.stack import REPOSITORY

SAY = """
from config.__main__ import greeting
from config.environment import load_environment
print(*greeting(load_environment(), "word-of-the-day"), sep="\\n")
"""


@pytest.mark.parametrize("journal", [True, False])
def test_the_password_is_shown_to_whoever_started_it_and_never_to_the_journal(
    journal: bool,
) -> None:
    out, into = os.pipe()
    pipe = os.fstat(into)
    stream = f"{pipe.st_dev}:{pipe.st_ino}" if journal else "1:2"
    call = [sys.executable, "-c", SAY]
    environment = {**os.environ, "JOURNAL_STREAM": stream, "LINTEL_VAR": "/var/lib/lintel"}
    done = subprocess.run(call, cwd=REPOSITORY, env=environment, stdout=into, check=False)
    os.close(into)
    with os.fdopen(out) as said:
        text = said.read()
    assert done.returncode == 0
    assert ("word-of-the-day" in text) is not journal
    assert ("/var/lib/lintel/secrets/admin-password" in text) is journal

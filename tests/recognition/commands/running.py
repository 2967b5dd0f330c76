"""Runs a command in this process and reads what it prints."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from recognition.__main__ import main


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON: one object and nothing else."""
        return json.loads(self.out)


def run(capture: pytest.CaptureFixture[str], *arguments: object) -> Done:
    """Run `python -m recognition` with these arguments."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as ended:
        status = int(ended.code or 0)
    printed = capture.readouterr()
    return Done(status, printed.out, printed.err)

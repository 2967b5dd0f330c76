"""``manage.py test`` runs the same suite as ``pytest``."""

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any


class PytestRunner:
    """Django's test runner interface, answered by pytest.

    In a process of its own: this one has read its settings already, and the tests bring theirs.
    """

    def __init__(self, *, verbosity: int = 1, failfast: bool = False, **_: Any) -> None:
        self.verbosity = verbosity
        self.failfast = failfast

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Add nothing: pytest's own options are used with pytest."""

    def run_tests(self, test_labels: list[str], **_: Any) -> int:
        """Run the tests under the given paths, or all; return 1 where any failed."""
        arguments = [*test_labels]
        if self.verbosity == 0:
            arguments.append("--quiet")
        if self.failfast:
            arguments.append("--exitfirst")
        return int(subprocess.call([sys.executable, "-m", "pytest", *arguments]) != 0)

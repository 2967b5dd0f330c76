"""Management commands, run within the test."""

import io
from dataclasses import dataclass

from django.core.management import CommandError, call_command


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status and what it said."""

    status: int
    out: str


def run(*arguments: str) -> Ended:
    """Run a command; return the status that its process would end with."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out)
    except CommandError as error:
        return Ended(error.returncode, out.getvalue() + str(error))
    except SystemExit as end:
        return Ended(int(end.code or 0), out.getvalue())
    return Ended(0, out.getvalue())

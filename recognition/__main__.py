"""`python -m recognition`: the library's commands."""

import argparse
import sys
from collections.abc import Sequence

from recognition.commands import (
    calibrate,
    engines,
    evaluate,
    json_output,
    prepare,
    recognize,
    train,
    verify,
)
from recognition.errors import RecognitionError, SourceError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit status 0 done, 1 the work failed, 2 the call was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m recognition", description="Find and recognise faces."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (recognize, verify, evaluate, calibrate, train, engines, prepare):
        command.add_parser(commands)
    chosen = argparse.Namespace()
    try:
        parser.parse_args(arguments, chosen)
        return int(chosen.run(chosen))
    except RecognitionError as error:
        return _failed(chosen, error)
    except PermissionError as error:  # a path below a folder that is shut, wherever it is met
        return _failed(chosen, SourceError(f"{error.filename}: {error.strerror}."))
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return recognize.INTERRUPTED


def _failed(chosen: argparse.Namespace, error: RecognitionError) -> int:
    """Say why on standard error, and with --json as an object as well."""
    sys.stderr.write(f"{error}\n")
    if getattr(chosen, "json", False):
        json_output.print_json(json_output.error_form(error))
    return 1


if __name__ == "__main__":
    sys.exit(main())

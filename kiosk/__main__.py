"""`python -m kiosk --server URL --token TOKEN --camera SOURCE [--headless]`."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from kiosk.camera_source import quiet_opencv
from kiosk.errors import CallError, KioskError
from kiosk.options import Options, parse_options
from kiosk.run import run_kiosk
from recognition import RecognitionError

DONE, FAILED, WRONG_CALL = 0, 1, 2
LOG_BYTES, LOG_FILES = 2 * 2**20, 5

log = logging.getLogger("kiosk")


def main(arguments: Sequence[str]) -> int:
    """Run the kiosk; returns the exit status."""
    try:
        options = parse_options(arguments)
    except CallError as error:
        print(f"kiosk: {error}\n(python -m kiosk --help tells how)", file=sys.stderr)
        return WRONG_CALL
    try:
        set_up_logging(options.log_level, options.log_file)
    except OSError as error:
        print(f"kiosk: --log-file: cannot be written ({error}).", file=sys.stderr)
        return WRONG_CALL
    quiet_opencv()
    return run(options)


def run(options: Options) -> int:
    """Run the kiosk with checked options; returns the exit status."""
    try:
        camera_ended = asyncio.run(run_kiosk(options))
    except CallError as error:
        log.critical("%s", error)
        return WRONG_CALL
    except (KioskError, RecognitionError) as error:
        log.critical("%s", error)
        return FAILED
    except ExceptionGroup as group:
        for failure in leaves(group):
            expected = isinstance(failure, KioskError | RecognitionError)
            log.critical("%s", failure, exc_info=None if expected else failure)
        return FAILED
    if not camera_ended:
        # A camera driver hangs in a read: Python would crash in leaving it behind.
        logging.shutdown()
        os._exit(DONE)
    return DONE


def leaves(group: ExceptionGroup[Exception]) -> list[Exception]:
    """All single exceptions of a group and of the groups in it."""
    found: list[Exception] = []
    for error in group.exceptions:
        found += leaves(error) if isinstance(error, ExceptionGroup) else [error]
    return found


def set_up_logging(level: int, file: Path | None = None) -> None:
    """One line an event on standard error, in UTC; in a file as well, which never grows large.

    Raises OSError when the file cannot be written.
    """
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if file is not None:
        # A kiosk's disk is a small card; what systemd keeps of standard error is bounded by itself.
        handlers.append(RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1))
    for handler in handlers:
        handler.setFormatter(form)
    logging.basicConfig(level=level, handlers=handlers)
    # Every request is said by us, in words; and nothing else may ever print one's headers.
    for library in ("httpx", "httpcore", "asyncio", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

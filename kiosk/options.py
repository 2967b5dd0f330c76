"""The command line, read and checked before anything is started."""

import argparse
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.camera_source import CameraSource, parse_source
from kiosk.client import server_address
from kiosk.doors.settings import DoorSettings, read_door
from kiosk.errors import CallError
from kiosk.screen.words import DEFAULT_LANGUAGE, LANGUAGES
from kiosk.trust.code import Code, parse_code
from kiosk.trust.state_folder import default_state_folder

TOKEN_VARIABLE = "LINTEL_KIOSK_TOKEN"  # noqa: S105  (the variable's name, not a token)
DEFAULT_PORT = 8001

DESCRIPTION = "The door client: watches a camera, asks the server who is there, opens the door."
EPILOG = f"""\
The token is the one-time code that the console shows. It is needed for the first start alone: the
kiosk then makes a key, and keeps it in its state folder. It comes from --token, --token-file or the
variable {TOKEN_VARIABLE}, in this order.

Exit status: 0 ended as asked, 1 it failed, 2 the call was wrong.
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    server: str
    code: Code | None
    """None: the key file serves."""
    state: Path
    spool_mib: int
    """How much may wait to be sent, in MiB."""
    authorities: Path | None
    """Certificates that alone are believed; None: those the system believes."""
    source: CameraSource
    headless: bool
    loop: bool
    exit_at_end: bool
    port: int
    health_port: int
    """0: no health page."""
    log_file: Path | None
    language: str
    open_browser: bool | None
    """None: where there is a display."""
    door: DoorSettings
    unlock_s: float
    cool_down_s: float
    log_level: int


class _Parser(argparse.ArgumentParser):
    """Raises CallError where argparse would end the process."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Turn argparse's complaint into ours."""
        raise CallError(message)


def make_parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    parser = _Parser(
        prog="python -m kiosk",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--server", required=True, metavar="URL", help="address of the Lintel server")
    add("--token", help="one-time code, as the console shows it; for the first start alone")
    add("--token-file", type=Path, metavar="FILE", help="file that holds the code and no more")
    add(
        "--state",
        type=Path,
        metavar="DIR",
        help="folder for the key and what was not sent yet (default: one of this user's, for each "
        "server)",
    )
    add(
        "--spool-mib",
        type=int,
        default=256,
        metavar="N",
        help="room for what could not be sent yet, in MiB (default: %(default)s)",
    )
    add("--ca", type=Path, metavar="FILE", help="believe the certificates in this file alone")
    add(
        "--camera",
        default="0",
        metavar="SOURCE",
        help="camera number or device, video file, or stream address (default: %(default)s)",
    )
    add("--loop", action="store_true", help="play a video file again and again")
    add(
        "--exit-at-end",
        action="store_true",
        help="end when the video file is over and everybody in it was answered",
    )
    add(
        "--door",
        default="log",
        metavar="FILE",
        help="settings of the door (TOML: docs/kiosk.md), or log: only write about it "
        "(default: %(default)s)",
    )
    add(
        "--unlock-seconds",
        type=float,
        default=5.0,
        metavar="S",
        help="how long the door stays unlocked (default: %(default)s)",
    )
    add(
        "--cool-down",
        type=float,
        default=20.0,
        metavar="S",
        help="who was let in and comes back within this many seconds is not asked about again "
        "(default: %(default)s)",
    )
    add(
        "--health-port",
        type=int,
        default=0,
        metavar="PORT",
        help="serve http://127.0.0.1:PORT/health (default: not)",
    )
    add(
        "--log-file",
        type=Path,
        metavar="FILE",
        help="write the log into a file as well; five of 2 MiB are kept at most",
    )
    add("--verbose", action="store_true", help="tell more in the log")
    _add_screen(parser)
    return parser


def _add_screen(parser: argparse.ArgumentParser) -> None:
    """The options that are about the screen."""
    add = parser.add_argument_group("screen").add_argument
    add("--headless", action="store_true", help="run without a screen")
    add("--port", type=int, default=DEFAULT_PORT, help="the screen's port (default: %(default)s)")
    add(
        "--language",
        choices=LANGUAGES,
        default=DEFAULT_LANGUAGE,
        help="the screen's language (default: %(default)s)",
    )
    add(
        "--open",
        action=argparse.BooleanOptionalAction,
        help="show the screen full-screen in Chromium (default: where there is a display)",
    )


def parse_options(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Options:
    """Read the command line. Raises CallError with a sentence for people when it is wrong."""
    call = make_parser().parse_args(arguments)
    if call.loop and call.exit_at_end:
        raise CallError("--loop never comes to an end, so --exit-at-end cannot be had with it.")
    if not 1 <= call.port <= 65535:
        raise CallError(f"--port: {call.port} is not a port; choose one from 1 to 65535.")
    if not 0 <= call.health_port <= 65535:
        raise CallError(f"--health-port: {call.health_port} is not a port.")
    if not 0 < call.unlock_seconds <= 60:
        raise CallError("--unlock-seconds: a door is unlocked for more than 0 and at most 60 s.")
    if not 1 <= call.spool_mib <= 65536:
        raise CallError("--spool-mib: choose from 1 to 65536.")
    if not 0 <= call.cool_down <= 3600:
        raise CallError("--cool-down: choose from 0 to 3600 seconds.")
    server = server_address(call.server)
    return Options(
        server=server,
        code=_code(call.token, call.token_file, environment),
        state=(call.state or default_state_folder(server)).expanduser().absolute(),
        spool_mib=call.spool_mib,
        authorities=call.ca,
        source=parse_source(call.camera),
        headless=call.headless,
        loop=call.loop,
        exit_at_end=call.exit_at_end,
        port=call.port,
        health_port=call.health_port,
        log_file=call.log_file,
        language=call.language,
        open_browser=call.open,
        door=read_door(call.door),
        unlock_s=call.unlock_seconds,
        cool_down_s=call.cool_down,
        log_level=logging.DEBUG if call.verbose else logging.INFO,
    )


def _code(given: str | None, file: Path | None, environment: Mapping[str, str]) -> Code | None:
    """The one-time code, where one was given in any way."""
    if given is not None:
        text, origin = given, "--token"
    elif file is not None:
        origin = f"--token-file {file}"
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CallError(f"{origin}: cannot be read ({error}).") from error
    else:
        text, origin = environment.get(TOKEN_VARIABLE, ""), TOKEN_VARIABLE
        if not text.strip():
            return None
    try:
        return parse_code(text)
    except CallError as error:
        raise CallError(f"{origin}: {error}") from error

"""Serves the screen on this machine's own address."""

import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp

from kiosk.errors import StartError

ADDRESS = "127.0.0.1"


def claim_port(port: int) -> socket.socket:
    """Take the screen's port, so that its loss is known before anything else starts.

    Raises StartError when somebody else has it.
    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((ADDRESS, port))
        # Until somebody listens, two may bind the same port.
        taken.listen()
    except OSError as error:
        taken.close()
        raise StartError(
            f"The screen's port {port} cannot be had ({error.strerror}). "
            "Is another kiosk running? Choose another one with --port."
        ) from error
    return taken


class ScreenServer(uvicorn.Server):
    """uvicorn within the kiosk's own event loop. Whoever runs the loop handles the signals."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                lifespan="off",
                server_header=False,
                # Event streams end by themselves when the board closes.
                timeout_graceful_shutdown=1,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals alone."""
        yield

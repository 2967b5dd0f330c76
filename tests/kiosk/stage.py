"""The kiosk's screen with nothing behind it: a test says what it shows."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from kiosk.board import Board
from kiosk.frames import NewestFrame
from kiosk.pin import Source
from kiosk.prompt import Prompt
from kiosk.screen.app import Screen, make_app
from kiosk.screen.server import ScreenServer, claim_port
from recognition import Box


class Stage:
    """A running screen; safe to use from the test's thread."""

    def __init__(self, board: Board, loop: asyncio.AbstractEventLoop, port: int) -> None:
        self.board = board
        self.slot = NewestFrame()
        self.port = port
        self.address = f"http://127.0.0.1:{port}/"
        self.pressed: list[tuple[str, str]] = []
        self._loop = loop

    def press(self, key: str, source: Source) -> None:
        """Remember a key that was pressed."""
        self.pressed.append((key, source.value))

    def show(self, prompt: Prompt, zone: str = "Europe/Berlin") -> None:
        """Put up a prompt."""
        self._loop.call_soon_threadsafe(self.board.show, prompt, zone)

    def picture(self, image: NDArray[np.uint8], faces: tuple[Box, ...] = ()) -> None:
        """Show the camera this picture, with faces at these places (in shares of it)."""
        self.board.faces = faces
        self.slot.put(image, time.monotonic())


@contextmanager
def stage(language: str = "en", port: int = 0) -> Iterator[Stage]:
    """Serve a screen, on a free port if none is named, for as long as the context lasts."""
    claimed = claim_port(port)
    loop = asyncio.new_event_loop()
    made = Stage(Board(), loop, claimed.getsockname()[1])
    server = ScreenServer(
        make_app(Screen(made.board, made.slot, language=language, press=made.press))
    )

    def serve() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(server.serve(sockets=[claimed]))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield made
    loop.call_soon_threadsafe(made.board.close)
    server.should_exit = True
    thread.join(5)
    loop.close()

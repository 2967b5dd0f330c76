"""The page, its events and its pictures, for a browser on this machine only."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from html import escape
from pathlib import Path
from string import Template

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kiosk.board import Board, View
from kiosk.frames import CameraFrame, NewestFrame
from kiosk.pin import Field, Source, pin_guide
from kiosk.screen.headers import StrictHeaders
from kiosk.screen.preview import Preview
from kiosk.screen.words import LANGUAGES, catalogue, choose_language, words_for

HERE = Path(__file__).parent
ALIVE_S = 10.0
"""An event stream says something at least this often; the page takes longer silence for death."""
PICTURE_WAIT_S = 1.0
"""How long a request for a picture waits for one that is new."""
FRAME_CHECK_S = 0.02


Press = Callable[[str, Source], None]
OWN_HEADER = "X-Lintel-Key"
"""Another site's page cannot send it without asking first, and is never answered."""
MOST_KEY_BYTES = 200


def _nobody(key: str, source: Source) -> None:
    """Nobody is told of keys."""


class Screen:
    """Answers the page's requests out of the board and the camera's slot."""

    def __init__(
        self, board: Board, slot: NewestFrame, *, language: str, press: Press = _nobody
    ) -> None:
        """`language` is spoken to whoever asks for no other; `press` is told of each key."""
        self._board = board
        self._slot = slot
        self._language = language
        self._press = press
        self._preview = Preview()
        self._page = Template((HERE / "page.html").read_text(encoding="utf-8"))

    async def page(self, request: Request) -> Response:
        """The page itself, with the words of this moment in it already."""
        language = self._language_of(request)
        book = catalogue(language)
        other = next(name for name in LANGUAGES if name != language)
        words = words_for(self._board.view, language)
        texts = {
            **book.texts,
            "lang": language,
            "other_lang": other,
            "other_language": catalogue(other).texts["language"],
            "zone": self._board.view.zone,
            **asdict(words),
        }
        return HTMLResponse(
            self._page.substitute({name: escape(text) for name, text in texts.items()})
        )

    async def events(self, request: Request) -> Response:
        """What the screen says, now and each time it changes, as Server-Sent Events."""
        return StreamingResponse(
            self._stream(self._language_of(request)), media_type="text/event-stream"
        )

    async def picture(self, request: Request) -> Response:
        """The newest camera picture that is younger than `after`; 204 when there is none."""
        text = request.query_params.get("after", "0")
        after = int(text) if text.isascii() and text.isdigit() else 0
        frame = await self._newer_than(after)
        if frame is None:
            return Response(status_code=204)
        picture = await run_in_threadpool(self._preview.picture, frame)
        boxes = [(box.left, box.top, box.right, box.bottom) for box in self._board.faces]
        headers = {
            "X-Frame": str(picture.number),
            "X-Guide": json.dumps(_guide(frame, self._board.view)),
            "X-Faces": json.dumps([[round(share, 4) for share in box] for box in boxes]),
        }
        return Response(picture.jpeg, media_type="image/jpeg", headers=headers)

    async def key(self, request: Request) -> Response:
        """Take one key of the keypad or the keyboard; what it is goes nowhere but to the entry."""
        if OWN_HEADER not in request.headers or request.headers.get("Origin") != _own(request):
            return Response(status_code=403)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MOST_KEY_BYTES:
                return Response(status_code=413)
        try:
            said = json.loads(body)
            key, source = str(said["key"]), Source(said["source"])
        except (ValueError, KeyError, TypeError):
            return Response(status_code=400)
        if not 0 < len(key) <= 16:
            return Response(status_code=400)
        self._press(key, source)
        return Response(status_code=204)

    async def _newer_than(self, after: int) -> CameraFrame | None:
        loop = asyncio.get_running_loop()
        until = loop.time() + PICTURE_WAIT_S
        # A page from before the kiosk was started again asks for numbers that are yet to come.
        newest = self._slot.newest()
        if newest is not None and newest.number < after:
            return newest
        while not self._board.closed:
            frame = self._slot.newer_than(after)
            if frame is not None or loop.time() > until:
                return frame
            await asyncio.sleep(FRAME_CHECK_S)
        return None

    async def _stream(self, language: str) -> AsyncIterator[str]:
        async for view in self._board.views(ALIVE_S):
            yield "event: alive\ndata: 1\n\n" if view is None else _event(view, language)

    def _language_of(self, request: Request) -> str:
        return choose_language(request.query_params.get("lang"), self._language)


def _own(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('Host', '')}"


def _guide(frame: CameraFrame, view: View) -> list[float] | None:
    """Where to hold a hand, in shares of the picture, while that is asked for."""
    entry = view.prompt.entry
    if entry is None or entry.field is Field.NUMBER:
        return None
    height, width = frame.image.shape[:2]
    box = pin_guide(width, height)
    return [
        round(share, 4)
        for share in (
            box.left / width,
            box.top / height,
            box.right / width,
            box.bottom / height,
        )
    ]


def _event(view: View, language: str) -> str:
    entry = view.prompt.entry
    words = {
        **asdict(words_for(view, language)),
        "zone": view.zone,
        "entry": None if entry is None else asdict(entry),
    }
    return f"event: view\ndata: {json.dumps(words, ensure_ascii=False)}\n\n"


def make_app(screen: Screen) -> Starlette:
    """The screen as an ASGI app that answers to this machine's own names only.

    A page elsewhere could point a name of its own at 127.0.0.1 and read the camera through the
    visitor's browser; it cannot make the browser call that name "localhost".
    """
    return Starlette(
        routes=[
            Route("/", screen.page),
            Route("/events", screen.events),
            Route("/key", screen.key, methods=["POST"]),
            Route("/preview.jpg", screen.picture),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[
            Middleware(StrictHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
        ],
    )

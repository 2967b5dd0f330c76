"""A kiosk on the wall as whoever stands before it knows it: it is shown a film, keys are pressed
on its screen, and the screen is read. Behind it may be a controller's door and a line of its own
to the server.
"""

import json
from pathlib import Path
from typing import Any

import httpx

from tests.kiosk.doors.controller import DoorController
from tests.network import Network
from tests.stack import Stack, free_port, wait_for

LIMIT_S = 90.0
"""Far longer than anything takes, so that a busy machine fails no test."""


class KioskOnTheWall:
    """`python -m kiosk` with a screen, before a camera that shows a film again and again."""

    def __init__(
        self,
        stack: Stack,
        film: Path,
        door: DoorController | None = None,
        *,
        line: Network | None = None,
    ) -> None:
        """Start it; without a `line` of its own it reaches the server directly.

        Without a `door` its log says what opens.
        """
        self._stack = stack
        self._door = door
        self._address = f"http://127.0.0.1:{free_port()}"
        self._begun = len(stack.log("kiosk")) if (stack.logs / "kiosk.log").exists() else 0
        stack.start_kiosk(
            str(film),
            *("--loop", "--no-open", "--port", self._address.rpartition(":")[2]),
            *(("--door", str(door.settings(film.parent))) if door else ()),
            server=line.address if line else "",
        )

    def press(self, *keys: str) -> None:
        """Press keys as the page does."""
        for key in keys:
            answer = httpx.post(
                f"{self._address}/key",
                json={"key": key, "source": "keypad"},
                headers={"X-Lintel-Key": "1", "Origin": self._address},
            )
            assert answer.status_code == 204

    def screen(self) -> dict[str, Any]:
        """What stands on the screen now: state, headline, detail, and what is being entered."""
        with httpx.stream("GET", f"{self._address}/events") as events:
            line = next(line for line in events.iter_lines() if line.startswith("data: {"))
        shown: dict[str, Any] = json.loads(line.removeprefix("data: "))
        return shown

    def waits_to_show(self, *headlines: str) -> None:
        """Wait until one of these stands on the screen, as headline or detail."""

        def shown() -> bool:
            screen = self.screen()
            return bool({screen["headline"], screen["detail"]} & set(headlines))

        wait_for(shown, what=f"the screen to show {headlines}", limit_s=LIMIT_S)

    def waits_to_say(self, what: str, *, times: int = 1) -> None:
        """Wait until the kiosk's log has a line so often."""
        wait_for(lambda: self.log().count(what) >= times, what=what, limit_s=LIMIT_S)

    def asks_for_the_pin(self, *, times: int = 1) -> None:
        """Wait until a face was found, and the server wants the PIN beside it."""
        self.waits_to_say("more is wanted", times=times)

    def refuses(self, reason: str, *, times: int = 1) -> None:
        """Wait until the server refused for this reason."""
        self.waits_to_say(f"refused ({reason})", times=times)

    def opens_the_door(self) -> None:
        """Wait until the door's controller was called, and see that it was so once."""
        assert self._door is not None
        wait_for(self._door.times_opened, what="the door to open", limit_s=LIMIT_S)
        assert self._door.times_opened() == 1

    def log(self) -> str:
        """What this kiosk has written."""
        return self._stack.log("kiosk")[self._begun :]

    def close(self) -> None:
        """End the kiosk."""
        self._stack.stop("kiosk")

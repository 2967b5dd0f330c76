"""A running kiosk whose keys a test presses and whose log it reads."""

from pathlib import Path

import httpx

from tests.stack import Stack, free_port, wait_for

OPENED = "The door is unlocked"


class Screen:
    """The keys of a running kiosk's screen."""

    def __init__(self, stack: Stack, film: Path) -> None:
        self.stack = stack
        self.port = free_port()
        self._begun = len(stack.log("kiosk")) if (stack.logs / "kiosk.log").exists() else 0
        stack.start_kiosk(str(film), "--loop", "--no-open", "--port", str(self.port))

    def press(self, *keys: str) -> None:
        """Press keys as the page does."""
        address = f"http://127.0.0.1:{self.port}"
        for key in keys:
            answer = httpx.post(
                f"{address}/key",
                json={"key": key, "source": "keypad"},
                headers={"X-Lintel-Key": "1", "Origin": address},
            )
            assert answer.status_code == 204

    def says(self, what: str, *, times: int = 1) -> None:
        """Wait until the kiosk's log has a line so often."""
        wait_for(lambda: self.log().count(what) >= times, what=what, limit_s=90)

    def log(self) -> str:
        """What this kiosk has written."""
        return self.stack.log("kiosk")[self._begun :]

    def close(self) -> None:
        """End the kiosk."""
        self.stack.stop("kiosk")

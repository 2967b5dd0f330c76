"""Opens the screen full-screen in Chromium, where there is a display and a Chromium."""

import asyncio
import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping

log = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CLOSE_S = 1.0


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process can show a window."""
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def command(chromium: str, address: str, profile: str) -> list[str]:
    """How to start Chromium as a screen on a wall: full-screen, asking nothing, keeping nothing."""
    return [
        chromium,
        "--kiosk",
        f"--app={address}",
        f"--user-data-dir={profile}",
        "--incognito",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-translate",
        "--disable-pinch",
        "--overscroll-history-navigation=0",
        "--noerrdialogs",
        "--disable-session-crashed-bubble",
    ]


@contextlib.asynccontextmanager
async def opened(address: str) -> AsyncIterator[None]:
    """Show `address` full-screen for as long as the context lasts.

    Where there is no Chromium this is said and nothing else happens: the door works without.
    """
    chromium = find_chromium()
    if chromium is None:
        log.warning("No Chromium was found; open %s in a browser to see the screen.", address)
        yield
        return
    with tempfile.TemporaryDirectory(prefix="lintel-kiosk-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            *command(chromium, address, profile),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            await _close(process)


async def _close(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(CLOSE_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()

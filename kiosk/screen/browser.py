"""Opens the screen full-screen in Chromium, where there is a display and a Chromium."""

import asyncio
import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import Mapping

from kiosk.backoff import Backoff

log = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CLOSE_S = 1.0
"""A Chromium that does not end by itself within this time is ended."""
FIRST_RESTART_S, LONGEST_RESTART_S = 1.0, 30.0


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
        # Nobody clicks on a door before its first sound.
        "--autoplay-policy=no-user-gesture-required",
        "--overscroll-history-navigation=0",
        "--noerrdialogs",
        "--disable-session-crashed-bubble",
    ]


async def keep_open(address: str, backoff: Backoff | None = None) -> None:
    """Show `address` full-screen until cancelled, or until somebody closes the window.

    A Chromium that crashes is started again. Where there is none, or it would not run, this is
    said and nothing else happens: the door works without.
    """
    chromium = find_chromium()
    if chromium is None:
        log.warning("No Chromium was found; open %s in a browser to see the screen.", address)
        return
    if os.geteuid() == 0:
        log.warning("Chromium does not run as root; open %s in a browser.", address)
        return
    backoff = backoff or Backoff(FIRST_RESTART_S, LONGEST_RESTART_S)
    with tempfile.TemporaryDirectory(prefix="lintel-kiosk-", ignore_cleanup_errors=True) as profile:
        while status := await _run(command(chromium, address, profile)):
            log.warning("Chromium ended with status %d; it is opened again.", status)
            await asyncio.sleep(backoff.next_s())
    log.info("The screen's window was closed; %s stays there for another browser.", address)


async def _run(call: list[str]) -> int:
    """Run a program to its end and return its status; cancelled, end it."""
    process = await asyncio.create_subprocess_exec(
        *call,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
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

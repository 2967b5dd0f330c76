"""Tests how Chromium is started on a kiosk."""

import asyncio
import os
from pathlib import Path

import pytest

from kiosk.backoff import Backoff
from kiosk.screen.browser import command, has_display, keep_open

ADDRESS = "http://127.0.0.1:8001/"
LIMIT_S = 20.0


def test_without_a_display_there_is_none() -> None:
    assert not has_display({})
    assert not has_display({"DISPLAY": ""})
    assert has_display({"DISPLAY": ":0"})
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})


def test_it_is_full_screen_and_keeps_nothing() -> None:
    call = command("/usr/bin/chromium", "http://127.0.0.1:8001/", "/a/profile")
    assert {"--kiosk", "--incognito", "--app=http://127.0.0.1:8001/"} <= set(call)
    assert "--user-data-dir=/a/profile" in call


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program that is found as Chromium, writes down how it was called, and stays."""
    made = tmp_path / "chromium"
    made.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\nexec sleep 600\n')
    made.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return made


def calls(program: Path) -> list[str]:
    """How it was called so far."""
    file = program.with_name("calls")
    return file.read_text().splitlines() if file.exists() else []


async def until_called(program: Path, times: int) -> None:
    """Wait until it was called so often."""
    async with asyncio.timeout(LIMIT_S):
        while len(calls(program)) < times:
            await asyncio.sleep(0.005)


async def test_where_there_is_no_chromium_that_is_said_and_nothing_else_happens(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    await keep_open(ADDRESS)
    assert "No Chromium was found" in caplog.text


async def test_as_root_it_is_not_even_tried(
    program: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    await keep_open(ADDRESS)
    assert "does not run as root" in caplog.text
    assert calls(program) == []


async def test_it_is_closed_and_its_profile_removed_with_the_kiosk(program: Path) -> None:
    showing = asyncio.create_task(keep_open(ADDRESS))
    await until_called(program, 1)
    profile = next(word.split("=")[1] for word in calls(program)[0].split() if "data-dir" in word)
    assert Path(profile).exists()
    showing.cancel()
    await asyncio.wait({showing}, timeout=LIMIT_S)
    assert showing.cancelled()
    assert not Path(profile).exists()


async def test_one_that_crashes_is_opened_again(program: Path) -> None:
    program.write_text(f"#!/bin/sh\necho once >> {program.with_name('calls')}\nexit 139\n")
    showing = asyncio.create_task(keep_open(ADDRESS, Backoff(0.01, 0.02)))
    await until_called(program, 3)
    showing.cancel()


async def test_one_that_somebody_closes_stays_closed(program: Path) -> None:
    program.write_text(f"#!/bin/sh\necho once >> {program.with_name('calls')}\nexit 0\n")
    await keep_open(ADDRESS)
    assert len(calls(program)) == 1

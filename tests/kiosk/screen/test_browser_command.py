"""Tests how Chromium is started on a kiosk."""

from pathlib import Path

import pytest

from kiosk.screen.browser import command, has_display, opened


def test_without_a_display_there_is_none() -> None:
    assert not has_display({})
    assert not has_display({"DISPLAY": ""})
    assert has_display({"DISPLAY": ":0"})
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})


def test_it_is_full_screen_and_keeps_nothing() -> None:
    call = command("/usr/bin/chromium", "http://127.0.0.1:8001/", "/a/profile")
    assert {"--kiosk", "--incognito", "--app=http://127.0.0.1:8001/"} <= set(call)
    assert "--user-data-dir=/a/profile" in call


async def test_where_there_is_no_chromium_that_is_said_and_nothing_else_happens(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with opened("http://127.0.0.1:8001/"):
        pass
    assert "No Chromium was found" in caplog.text


async def test_it_is_closed_and_its_profile_removed_with_the_kiosk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "chromium"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/called\nexec sleep 600\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    called = tmp_path / "called"
    async with opened("http://127.0.0.1:8001/"):
        while not called.exists() or not called.read_text():
            pass
    profile = next(
        word.split("=")[1] for word in called.read_text().split() if "user-data-dir" in word
    )
    assert not Path(profile).exists()

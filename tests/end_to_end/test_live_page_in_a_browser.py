"""The live page in a real browser, while people walk up to a door."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.people import PEOPLE, write_door_video, write_pictures
from tests.stack import ADMIN_PASSWORD, Stack

pytestmark = pytest.mark.slow

ENROLLED, VISITORS, STRANGER = PEOPLE[:6], PEOPLE[:3], PEOPLE[14]


@pytest.fixture
def page(stack: Stack, chromium: str) -> Iterator[Page]:
    """Return the live page, signed in; fail on anything the browser complains about."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(stack.address)
        page.locator("[name=username]").fill("admin")
        page.locator("[name=password]").fill(ADMIN_PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("status")).to_have_text("Live")
        yield page
        browser.close()
    assert not complaints


def test_it_shows_check_ins_and_refusals_as_they_come_and_goes_on_after_a_cut(
    stack: Stack, page: Page, pictures: Path, tmp_path: Path, screenshots: Path
) -> None:
    write_pictures(pictures, ENROLLED)
    stack.manage("enroll", str(pictures))
    video = tmp_path / "door.mp4"
    visitors = [person.identity for person in VISITORS]
    write_door_video(video, [visitors[0], STRANGER.identity, *visitors[1:]])
    expect(page.get_by_text("Nobody yet. Check-ins appear here by themselves.")).to_be_visible()

    stack.start_kiosk(str(video), "--headless")

    stream = page.get_by_role("list").and_(page.locator("#check-ins"))
    expect(stream.get_by_text(VISITORS[0].name)).to_be_visible(timeout=30_000)
    expect(stream.get_by_text("not recognised").first).to_be_visible(timeout=30_000)

    # The server is killed while the page is open; the page finds the new one by itself, and the
    # kiosk delivers what it captured meanwhile.
    stack.kill("web")
    expect(page.get_by_role("status")).to_have_text("Reconnecting…")
    stack.start("web")
    expect(page.get_by_role("status")).to_have_text("Live", timeout=30_000)
    for visitor in VISITORS[1:]:
        expect(stream.get_by_text(visitor.name)).to_be_visible(timeout=40_000)

    expect(page.locator("#summary .people li")).to_have_count(len(VISITORS), timeout=15_000)
    expect(page.locator("#summary")).to_contain_text("online", timeout=15_000)
    page.screenshot(path=screenshots / "live.png")
    page.set_viewport_size({"width": 360, "height": 740})
    page.screenshot(path=screenshots / "live-phone.png")
    overflow = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not overflow

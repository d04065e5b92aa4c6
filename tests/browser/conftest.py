"""A browser for the tests, and pages in it that fail their test when a script of theirs fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.patience import PATIENT_SECONDS
from tests.scene import knowledge, scene, scene_database_url

__all__ = ["knowledge", "scene", "scene_database_url"]

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first draws no windows around its pages: to open one takes it a fifth of what it takes the others."""
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=ko",
)

OpenPage = Callable[..., Awaitable[Page]]
_WIDTHS = {1280: 900, 390: 844}


async def look(page: Page, name: str, at: Locator | None = None) -> None:
    """Keeps pictures for whoever wants to look, at two widths, in the folder that SCREENSHOTS names."""
    folder = os.environ.get("SCREENSHOTS")
    if folder is None:
        return
    before = page.viewport_size
    for width, height in _WIDTHS.items():
        await page.set_viewport_size({"width": width, "height": height})
        if at is not None:
            await at.scroll_into_view_if_needed()
        await page.screenshot(path=Path(folder) / f"{name}-{width}.png", animations="disabled")
    if before is not None:
        await page.set_viewport_size(before)


def _executable() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium of the machine (or $CHROMIUM). Without one the browser tests are skipped."""
    executable = _executable()
    if executable is None:
        pytest.skip(f"no Chromium found: install one of {', '.join(_NAMES)}, or name it in CHROMIUM")
    expect.set_options(timeout=PATIENT_SECONDS * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=list(_ARGUMENTS), env={**os.environ, "LANGUAGE": "ko"}
        )
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(chromium: Browser) -> AsyncIterator[OpenPage]:
    """Opens a page of its own browser context: `await open_page(url, width=1280, height=800, touch=False)`.

    The test fails when a script on it threw.
    """
    thrown: list[str] = []
    contexts = []

    async def open_(url: str, *, width: int = 1280, height: int = 800, touch: bool = False) -> Page:
        context = await chromium.new_context(
            viewport={"width": width, "height": height}, locale="ko-KR", has_touch=touch, is_mobile=touch
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        await page.goto(url)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert thrown == []

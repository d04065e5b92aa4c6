"""Somebody has no patience with a language model: the stop button of the pane."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace
from playwright.async_api import expect

from bot.answers.rewording.writer import AgentWriter
from bot.knowledge import Knowledge
from bot.settings import LanguageModel, Settings
from tests.browser.conftest import OpenPage, look
from tests.browser.test_talk import thread
from tests.chat_server import chat_server, never_answers
from tests.patience import PATIENT_SECONDS
from tests.scene import Scene


@pytest.fixture
async def knowledge() -> AsyncIterator[Knowledge]:
    """The assistant of `scene` asks a model that does not answer."""
    async with chat_server() as server:
        server.script = [never_answers()]
        model = LanguageModel("local", server.url, None)
        yield replace(Knowledge.load(Settings.read({})), writer=AgentWriter.connect(model))


async def test_stop_brings_the_answer_as_it_is_written(
    scene: Scene, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene.product.rewording, "seconds", PATIENT_SECONDS)
    page = await open_page(scene.slack.url)
    await page.get_by_role("link", name="계약 길잡이").click()
    await page.get_by_role("tab", name="메시지").click()
    composer = page.get_by_role("textbox", name="계약 길잡이에게 메시지 보내기")
    await composer.fill("메일 언제 와요?")
    await composer.press("Enter")

    stop = page.get_by_role("complementary", name="스레드").get_by_role("button", name="멈추기")
    await expect(stop).to_be_visible()
    await look(page, "pane-stop", stop)
    await stop.click()

    await expect(thread(page, "출처")).to_contain_text("2~3영업일")
    await expect(page.get_by_role("button", name="멈추기")).to_have_count(0)
    assert scene.product.rewording.counts == {"given_up": 1}

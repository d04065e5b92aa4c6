"""A whole story, and then its log lines: ids, and nothing that anybody wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import logs
from bot.answers.assistant import Assistant
from bot.settings import Settings
from tests.scene import CHANNEL, Scene

MERCHANT, MAIL, NOTE = "은하수문구", "jiwoo@example.com", "대표자가 바뀌어 반려"
QUESTION, SECRET = "정산은 언제 들어오나요?", "xoxb-very-secret"
SERVER = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "LOG_LEVEL": "DEBUG"}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a server that logs everything prints."""
    root = logging.getLogger()
    before, level, stream = list(root.handlers), root.level, io.StringIO()
    handler = logs.set_up(Settings.read(SERVER), stream)
    root.handlers = [*before, handler]
    yield stream
    root.handlers = before
    root.setLevel(level)


async def test_the_log_of_a_story_has_ids_and_no_word_of_it(
    scene: Scene, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.minji.commands(CHANNEL, "/계약", "시작")
    await scene.until_modal(scene.minji, "계약 시작")
    await scene.minji.fills(None, {"가맹점 이름": MERCHANT})
    assert await scene.minji.submits() is None
    await scene.until_channel_says(MERCHANT)
    await scene.finishes(scene.minji, "신청서 어제")
    await scene.minji.mentions(CHANNEL, QUESTION)
    await scene.minji.dm(f"{NOTE} {MAIL}")
    await scene.advance_to("2026-11-30 10:00")
    await scene.slack.quiet()

    def stumbles(*_: Any) -> Any:
        raise ValueError(f"{QUESTION} {MAIL} {SECRET}")

    monkeypatch.setattr(Assistant, "understand", stumbles)
    await scene.minji.mentions(CHANNEL, QUESTION)
    told = await scene.until_sees(scene.minji, "오류 번호")
    await scene.slack.quiet()

    printed = lines.getvalue()
    for never in (MERCHANT, MAIL, NOTE, QUESTION, SECRET, "xoxb-", "xapp-", "@example.com"):
        assert never not in printed, never
    records = [json.loads(line) for line in printed.splitlines()]
    [failed] = [one for one in records if "error_id" in one]
    assert failed["error_id"] in told.text
    assert failed["workspace"] == scene.slack.team_id
    assert failed["person"] == scene.minji.id
    assert failed["raised"][0].startswith("ValueError < tests/flows/test_logs.py:")
    assert failed["level"] == "ERROR"
    assert failed["time"].endswith("+00:00")


def test_what_asyncio_says_of_a_lost_exception_is_cut(lines: io.StringIO) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <ValueError(%r)>", QUESTION)

    assert json.loads(lines.getvalue())["message"] == "Task exception was never retrieved"


def test_a_statement_that_fails_does_not_show_its_parameters(scene: Scene) -> None:
    with pytest.raises(Exception, match="hide_parameters") as failed, scene.database.writing() as session:
        session.connection().exec_driver_sql("insert into question (text) values (?)", (QUESTION,))

    assert QUESTION not in str(failed.value)


def test_a_developer_reads_plain_lines() -> None:
    stream = io.StringIO()
    before = list(logging.getLogger().handlers)
    handler = logs.set_up(Settings.read({}), stream)
    logging.getLogger("bot").warning("hello")
    logging.getLogger().removeHandler(handler)
    logging.getLogger().handlers = before

    assert stream.getvalue().endswith("WARNING bot hello\n")

"""What people type becomes Slack's text, and Slack's text is read as a person reads it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.localslack.block_kit import MESSAGE, check_blocks
from bot.localslack.composer import command_text, compose, unescape
from bot.localslack.visible_text import blocks_text, message_text, mrkdwn

NAMES = {"U1": "김민지", "C1": "pg-계약"}


def name_of(reference: str) -> str:
    return NAMES.get(reference, reference)


@pytest.mark.parametrize(
    ("typed", "text", "elements"),
    [
        ("A & B < C", "A &amp; B &lt; C", [{"type": "text", "text": "A & B < C"}]),
        ("<@U1> 님", "<@U1> 님", [{"type": "user", "user_id": "U1"}, {"type": "text", "text": " 님"}]),
        ("<!here>", "<!here>", [{"type": "broadcast", "range": "here"}]),
        ("<#C1>", "<#C1>", [{"type": "channel", "channel_id": "C1"}]),
        ("https://a.kr/?x=1&y=2", "<https://a.kr/?x=1&amp;y=2>", [{"type": "link", "url": "https://a.kr/?x=1&y=2"}]),
        ("<@nobody>", "&lt;@nobody&gt;", [{"type": "text", "text": "<@nobody>"}]),
    ],
)
def test_typed_text_is_escaped_and_its_tokens_are_found(typed: str, text: str, elements: list[dict[str, Any]]) -> None:
    composed, blocks = compose(typed)

    assert composed == text
    assert blocks[0]["elements"][0]["elements"] == elements


@given(st.text(max_size=200))
def test_whatever_is_typed_makes_a_valid_message_that_reads_the_same(typed: str) -> None:
    text, blocks = compose(typed)

    assert not check_blocks(blocks, MESSAGE).found
    if "<@U" not in typed and "://" not in typed and "<#" not in typed and "<!" not in typed:
        assert unescape(text) == typed
        assert blocks_text(blocks, name_of) == typed


@pytest.mark.parametrize(
    ("escape", "text"),
    [(True, "완료 <@U1|김민지> <https://a.kr>"), (False, "완료 @김민지 https://a.kr")],
)
def test_a_commands_mentions_depend_on_the_manifest(escape: bool, text: str) -> None:
    assert command_text(" 완료 <@U1> https://a.kr ", NAMES, escape) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*서류* 단계", "서류 단계"),
        ("*서류*를 준비", "*서류*를 준비"),  # Slack: a Hangul syllable is a word character
        ("_기울임_ ~취소~ `코드`", "기울임 취소 코드"),
        ("snake_case_name", "snake_case_name"),
        ("<@U1>님, <#C1>에서", "@김민지님, #pg-계약에서"),
        ("<https://portone.io|콘솔> <https://a.kr>", "콘솔 https://a.kr"),
        ("<!date^1795414482^{date}|11월 24일>", "11월 24일"),
        ("<!here> &lt;b&gt; &amp;amp;", "@here <b> &amp;"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_mrkdwn_is_read_as_slack_draws_it(written: str, read: str) -> None:
    assert mrkdwn(written, name_of) == read


def test_with_blocks_a_person_reads_the_blocks_only() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "현황"}},
        {
            "type": "section",
            "fields": [{"type": "mrkdwn", "text": "*누가*"}, {"type": "plain_text", "text": "우리 팀"}],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "11월 24일"}]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "완료"}}]},
        {"type": "markdown", "text": "**굵게**를 `코드`"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "신한"}, {"type": "raw_text", "text": "승인"}]]},
        {"type": "plan", "title": "계획", "tasks": [{"type": "task_card", "title": "신청"}]},
    ]

    read = message_text("알림글", blocks, [], name_of)

    assert read == "현황\n누가\n우리 팀\n11월 24일\n굵게를 코드\n신한 | 승인\n계획\n신청"


def test_rich_text_is_read_line_by_line() -> None:
    bullet = {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]} for text in ("하나", "둘")
        ],
    }
    quote = {
        "type": "rich_text_quote",
        "elements": [{"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "tada"}],
    }

    assert blocks_text([{"type": "rich_text", "elements": [bullet, quote]}], name_of) == "하나\n둘\n@김민지:tada:"


@given(st.text(max_size=300))
def test_reading_never_stumbles(text: str) -> None:
    assert isinstance(mrkdwn(text, name_of), str)

"""What people and apps write, drawn: mrkdwn with Slack's faults, standard Markdown, and nothing that could harm."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.async_api import Page

from tests.browser.page.conftest import Draw


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*굵게* 쓰기", "<strong>굵게</strong> 쓰기"),
        ("*굵게*를 쓰기", "*굵게*를 쓰기"),
        ("한글*강조*한글", "한글*강조*한글"),
        ("한글**강조**한글", "한글**강조**한글"),
        ("(*괄호* 안)", "(<strong>괄호</strong> 안)"),
        ("*_겹침_*", "<strong><em>겹침</em></strong>"),
        ("snake_case_name", "snake_case_name"),
        ("* 별표 * 둘", "* 별표 * 둘"),
        ("~지움~ `a*b*c` *", "<s>지움</s> <code>a*b*c</code> *"),
        ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
        ("&gt; 인용\n보통", "<blockquote>인용</blockquote>보통"),
        ("첫 줄\n둘째 줄", "첫 줄<br>둘째 줄"),
        ("```x\n<b>```", '<pre class="code-block"><code>x\n&lt;b&gt;</code></pre>'),
        (":모르는: :no_such_code:", ":모르는: :no_such_code:"),
    ],
)
async def test_mrkdwn_is_drawn_as_slack_draws_it_faults_included(draw: Draw, text: str, html: str) -> None:
    assert await draw("mrkdwn", text) == html


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<@U1> 님", "@김민지 님"),
        ("<@U404>", "@알 수 없는 사람"),
        ("<#C1>", "#pg-계약"),
        ("<!here> <!subteam^S1|@팀>", "@here @팀"),
        ("<https://example.com/a?b=1&amp;c=2|안내>", "안내"),
        ("<mailto:a@example.com>", "a@example.com"),
        ("<!date^1795480200^{date_short_pretty} {time}|옛날>", "오늘 오전 9:30"),
        ("<!date^1795480200^{date_long}|옛날>", "2026년 11월 24일 화요일"),
        ("<!date^1795480200^{no_such}|그때>", "그때"),
        (":tada: :+1::skin-tone-2:", "🎉 👍"),
    ],
)
async def test_what_stands_in_angle_brackets_reads_as_words(draw: Draw, blank: Page, text: str, seen: str) -> None:
    await draw("mrkdwn", text)
    assert await blank.locator("#place").inner_text() == seen


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**굵게**를", "<p><strong>굵게</strong>를</p>"),
        ("snake_case_name과 _기울임_", "<p>snake_case_name과 <em>기울임</em></p>"),
        ("***둘 다***", "<p><em><strong>둘 다</strong></em></p>"),
        ("~~지움~~ \\*그대로\\*", "<p><s>지움</s> *그대로*</p>"),
        ("# 제목", '<h3 class="markdown-heading level-1">제목</h3>'),
        ("- 하나\n- 둘\n  - 안쪽", "<ul><li>하나</li><li>둘<ul><li>안쪽</li></ul></li></ul>"),
        ("3. 셋\n4. 넷", '<ol start="3"><li>셋</li><li>넷</li></ol>'),
        ("> 인용\n\n글", "<blockquote><p>인용</p></blockquote><p>글</p>"),
        ("```py\na < b\n```", '<pre class="code-block"><code>a &lt; b</code></pre>'),
        ("<b>그대로</b>", "<p>&lt;b&gt;그대로&lt;/b&gt;</p>"),
        ("앞\n뒤", "<p>앞<br>뒤</p>"),
    ],
)
async def test_markdown_follows_the_standard(draw: Draw, text: str, html: str) -> None:
    assert await draw("markdown", text) == html


async def test_a_markdown_table_is_a_table(draw: Draw, blank: Page) -> None:
    await draw("markdown", "| 카드사 | 날 |\n|---|---:|\n| 신한 | 4 |\n| 삼성 | 9 |")
    assert await blank.get_by_role("row").all_inner_texts() == ["카드사\t날", "신한\t4", "삼성\t9"]
    assert await blank.get_by_role("cell", name="9").evaluate("cell => getComputedStyle(cell).textAlign") == "right"


@pytest.mark.parametrize("what", ["mrkdwn", "markdown"])
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//x.example",
    ],
)
async def test_an_address_that_could_harm_is_no_link(draw: Draw, blank: Page, what: str, url: str) -> None:
    await draw(what, f"<{url}|누르기>" if what == "mrkdwn" else f"[누르기]({url})")
    assert await blank.locator("#place a").count() == 0
    assert "누르기" in await blank.locator("#place").inner_text()


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@김민지 님", "<@U1> 님"),
        ("@김민지님께", "<@U1>님께"),
        ("@김민지수 @minji", "<@U3> <@U1>"),
        ("@계약 길잡이 도와줘", "<@U9> 도와줘"),
        ("a@minji.example", "a@minji.example"),
        ("@minjiho", "@minjiho"),
        ("#pg-계약에서 @here", "<#C1>에서 <!here>"),
    ],
)
async def test_names_that_are_typed_become_mentions(draw: Draw, typed: str, sent: str) -> None:
    assert await draw("encoded", typed) == sent


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("2026-11-27", "2026-11-27"), ("2026.1.5", "2026-01-05"), ("11/3", "2026-11-03"), ("11월 3일", "2026-11-03"),
        ("20261127", "2026-11-27"), ("2026-02-30", "null"), ("언젠가", "null"),
    ],
)  # fmt: skip
async def test_dates_that_people_type_are_understood(draw: Draw, typed: str, date: str) -> None:
    assert await draw("date", typed) == date


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("14:30", "14:30"),
        ("오후 2:30", "14:30"),
        ("오전 12시", "00:00"),
        ("2:30 pm", "14:30"),
        ("9시 5분", "09:05"),
        ("25:00", "null"),
    ],
)
async def test_times_that_people_type_are_understood(draw: Draw, typed: str, time: str) -> None:
    assert await draw("time", typed) == time


async def test_commands_are_offered_and_then_their_words(draw: Draw) -> None:
    options = {
        "commands": [{"command": "/계약", "description": "", "usage_hint": ""}], "people": [], "allowCommands": True,
        "words": {"/계약": [{"word": "시작"}, {"word": "서류"}]},
    }  # fmt: skip
    offered = {
        text: json.loads(await draw("completion", [text, options])) for text in ("/", "/계약 ", "/계약 서", "말 /")
    }
    assert [option["insert"] for option in offered["/"]["options"]] == ["/계약 "]
    assert [option["text"] for option in offered["/계약 "]["options"]] == ["시작", "서류"]
    assert [option["text"] for option in offered["/계약 서"]["options"]] == ["서류"]
    assert offered["말 /"] is None


_PIECES = st.sampled_from(
    ["*", "_", "~", "`", "```", "<", ">", "|", "&lt;", "&", "\n", " ", "가", "a", "[", "](", ")", "javascript:x", "https://x.kr",
     "<script>", "<!date^", "^", "{", "}", ":tada:", "- ", "1. ", "> ", "# ", "|-|", "\\", "!", "<@U1>", "\u202e", "😀"]
)  # fmt: skip
_TAGS = {"strong", "em", "s", "code", "pre", "blockquote", "br", "a", "span", "time", "p", "ul", "ol", "li", "hr",
         "h3", "h4", "h5", "h6", "div", "table", "thead", "tbody", "tr", "th", "td", "input", "button"}  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.lists(_PIECES, max_size=25).map("".join), max_size=12))
async def test_no_text_becomes_markup_of_its_own(draw: Draw, texts: list[str]) -> None:
    for html in await draw("both", texts):
        assert set(re.findall(r"<([a-z0-9]+)", html)) <= _TAGS
        assert all(re.match(r"(https?|mailto|tel|slack):", href) for href in re.findall(r'href="([^"]*)"', html))

"""MDX as people see it: the text of components stays, their code goes, and prose is never taken for code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.components import as_markdown
from bot.articles.markdown import MarkdownReader

WORDS = re.compile(r"[가-힣]{2,}")


def lines_of(source: str, *, is_mdx: bool = True) -> list[str]:
    sections = MarkdownReader().sections(as_markdown(source, is_mdx=is_mdx), indented_code=not is_mdx)
    return [line for section in sections for line in [*section.headings[-1:], *section.text.split("\n")]]


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ('<Callout title="참고사항" icon="💡" content="신용카드만 됩니다." />', ["참고사항", "신용카드만 됩니다."]),
        ('<Callout content="- 첫째\n\n- 둘째 &amp; 셋째" />', ["- 첫째", "- 둘째 & 셋째"]),
        ('<Callout\n  title="여러 줄"\n  onClick={() => { open("x > y") }}\n/>\n뒤', ["여러 줄", "뒤"]),
        ('<Tabs items={["카드", "폰"]}>\n  <Tab>\n    들여쓰기\n  </Tab>\n</Tabs>', ["카드 · 폰", "들여쓰기"]),
        ("<Steps>\n<Step title={'신청'}>\n  제출합니다.\n</Step>\n</Steps>", ["신청", "제출합니다."]),
        ('<Card title={<>붙은 <b>제목</b></>} href="/x">내용</Card>', ["붙은 제목", "내용"]),
        ('1. 첫 단계\n   <Hint>\n     주의\n   </Hint>\n2. 둘째', ["1. 첫 단계", "주의", "2. 둘째"]),
        ("앞 <Badge text='신규' /> 뒤", ["앞 신규 뒤"]),
        ('import A from "./a";\nimport {\n  B,\n} from "b";\n\n본문', ["본문"]),
        ('export const meta = {\n  title: "코드",\n\n  a: 1\n};\n\n본문', ["본문"]),
        ("import your data from the console", ["import your data from the console"]),
        ("{/* 숨긴 말 */}보임 {'글자'} {변수.이름} {list.map(x => <li>항목</li>)}", ["보임 글자", "- 항목"]),
        ("```ts\nconst 코드 = 1\n```\n- ```\n  더\n  ```\n글", ["글"]),
        ("```ts\n닫히지 않은 코드", ["```ts 닫히지 않은 코드"]),
        (":::tip[알아 두기]\n내용\n:::", ["알아 두기", "내용"]),
        (":::note 제목\n내용\n:::\n\n> [!WARNING]\n> 조심", ["제목", "내용", "조심"]),
        ('{% hint title="힌트" %}\n내용\n{% endhint %}', ["힌트", "내용"]),
        ("<!-- 주석\n둘째 줄 -->글<br/>다음 줄", ["글", "다음 줄"]),
        ("<table><tr><td>카드</td><td>2주</td></tr></table>", ["카드 | 2주"]),
        ("| 카드 | 기간 |\n|---|---|\n| 신한 | 2주<br/>쯤 |", ["카드 | 기간", "신한 | 2주 쯤"]),
        ('![결제창 모습](a.png) <img src="b" alt="둘째 그림"/>', ["결제창 모습 둘째 그림"]),
        ("\\[전자결제 신청] 2\\~3영업일 \\<태그>", ["[전자결제 신청] 2~3영업일 <태그>"]),
        ("Array<string> 과 a < b 그리고 <https://portone.io>", ["Array<string> 과 a < b 그리고 <https://portone.io>"]),
        ("`<Callout>` 은 `{값}` 을 받습니다", ["<Callout> 은 {값} 을 받습니다"]),
        ('**"굵게"**는 남깁니다', ['"굵게"는 남깁니다']),
        ("[참고]: 서류", ["[참고]: 서류"]),
        ("<style>.a { color: red }</style><pre>코드</pre>글", ["글"]),
        ("<h2 id='x'>제목 <b>굵게</b></h2>글", ["제목 굵게", "글"]),
    ],
)  # fmt: skip
def test_what_people_see_is_what_is_read(source: str, read: list[str]) -> None:
    assert lines_of(source) == read


def test_plain_markdown_keeps_its_braces_and_has_indented_code() -> None:
    assert lines_of("값은 {name} 입니다\n\n    indented = code\n", is_mdx=False) == ["값은 {name} 입니다"]


def test_a_heading_keeps_its_code_and_its_anchor() -> None:
    source = "## **`requestPay`** 호출 {#call}\n글\n\n### 중첩 {/*nested-one*/}\n더\n\n### 중첩\n또\n\n### 중첩\n끝"
    sections = list(MarkdownReader().sections(as_markdown(source, is_mdx=True), indented_code=False))

    assert [(one.headings, one.anchor) for one in sections] == [
        (("requestPay 호출",), "call"),
        (("requestPay 호출", "중첩"), "nested-one"),
        (("requestPay 호출", "중첩"), "중첩"),
        (("requestPay 호출", "중첩"), "중첩-1"),
    ]


def test_a_heading_over_nothing_but_code_is_still_found() -> None:
    assert lines_of("## 예제\n```js\n1\n```\n## 다음\n글") == ["예제", "예제", "다음", "글"]


pieces = st.sampled_from([
    "<Callout title='", "\" />", "<Tabs>", "</Tabs>", "<", ">", "{", "}", "{/*", "*/}", "`", "```\n", "~~~", "\n",
    "\n\n", "#", "- ", "> ", "1. ", "|", "---", "===", ":::", "<!--", "-->", "import x from 'y'\n",
    "export const a = {", "\\", "[", "](", "<pre>", "</pre>", "<b", "{%", "%}", "가나다", "한국어 글", " ", "    ",
    "\t", "&amp;", "&#x110000;", "\x00", "\u2028",
])  # fmt: skip
documents = st.lists(st.one_of(pieces, st.text(max_size=8)), max_size=60).map("".join)


@given(documents, st.booleans())
def test_no_text_makes_it_stumble(source: str, is_mdx: bool) -> None:
    for line in lines_of(source, is_mdx=is_mdx):
        assert line == line.strip()
        assert line.isprintable()


prose = st.lists(st.sampled_from(["계약 절차", "서류 제출", "심사 기간"]), min_size=1, max_size=3).map(" ".join)
wrapped = st.one_of(
    prose,
    prose.map(lambda text: f'<Callout title="{text}" />'),
    prose.map(lambda text: f"<Tabs>\n  <Tab>\n      {text}\n  </Tab>\n</Tabs>"),
    prose.map(lambda text: f"- {text}\n  <Hint>{text}</Hint>"),
    prose.map(lambda text: f"### **{text}**"),
    prose.map(lambda text: f"> {text} <Badge /> {{'{text}'}}"),
    prose.map(lambda text: f":::note\n{text}\n:::"),
    prose.map(lambda text: f"| {text} | b |\n|---|---|\n| a | {text} |"),
    prose.map(lambda text: f"{text} <b>{text}</b> `{text}` [{text}](https://x.kr) a < b"),
)


@given(st.lists(wrapped, min_size=1, max_size=8))
def test_prose_is_never_lost_whatever_stands_around_it(blocks: list[str]) -> None:
    source = "\n\n".join(blocks)

    read = " ".join(lines_of(source))

    for word in WORDS.findall(source):
        assert read.count(word) >= source.count(word), word


def test_hostile_nesting_takes_linear_time() -> None:
    """Each of these grew with the square of its length in some reader of Markdown."""
    for piece in ("{", "<a b='", "<!--", "`````js\n", "`", "```js\n", "{%", "<A {", "[", "<b>", "> "):
        lines_of(piece * 5_000)

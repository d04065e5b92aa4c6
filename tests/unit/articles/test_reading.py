"""A file becomes an article with a title, a day, an address and its sections, or is refused with its line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.model import Article, LeftOut, Unreadable
from bot.articles.reading import LARGEST, ArticleReader, Publishing

TODAY = date(2026, 11, 25)
HELP_CENTRE = """\
---
title: KG모빌리언스 상세 계약절차
category: 결제서비스 > 결제대행사 계약
seo:
  title: 검색용 제목
  description: >-
    계약절차는 일곱 단계로
    이뤄집니다.
  keywords:
    - 결제대행사 계약
tags:
  - KG모빌리언스
pgCompanies:
  - KG모빌리언스
searchTags:
  - 모빌리언스가입
datetime: 2024-01-26T15:00:00.000Z
---

<Callout content="" title="순서대로 알려드립니다." />

### **가입신청서 제출**

- 경로 : [관리자콘솔↗](https://admin.portone.io/) > \\[전자결제 신청] 클릭
"""


def read(source: str | bytes, path: str = "guide/mobilians.mdx", **publishing: object) -> Article:
    content = source.encode() if isinstance(source, str) else source
    return ArticleReader(Publishing(TODAY, **publishing)).read(path, content)  # type: ignore[arg-type]


def test_an_article_of_the_help_centre() -> None:
    article = read(HELP_CENTRE, base_url="https://help.portone.io/content/")

    assert article.title == "KG모빌리언스 상세 계약절차"
    assert article.url == "https://help.portone.io/content/mobilians"
    assert (article.as_of, article.is_dated) == (date(2024, 1, 26), True)
    assert "모빌리언스가입" in article.keywords
    assert [(one.headings, one.text) for one in article.sections] == [
        ((), "계약절차는 일곱 단계로 이뤄집니다.\n순서대로 알려드립니다."),
        (("가입신청서 제출",), "- 경로 : 관리자콘솔↗ > [전자결제 신청] 클릭"),
    ]


@pytest.mark.parametrize(
    ("front", "day"),
    [
        ("date: 2023-05-04", date(2023, 5, 4)),
        ("writtenAt: 2022/03/02", date(2022, 3, 2)),
        ("date: 2023. 5. 4.", date(2023, 5, 4)),
        ("date: May 4, 2023", date(2023, 5, 4)),
        ("date: 2020-01-01\nlastUpdated: 2023-05-04", date(2023, 5, 4)),
        ("last_update:\n  date: 2023-05-04\n  author: kim", date(2023, 5, 4)),
    ],
)
def test_the_day_that_an_article_names(front: str, day: date) -> None:
    article = read(f"---\n{front}\n---\n글")

    assert (article.as_of, article.is_dated) == (day, True)


@pytest.mark.parametrize("front", ["title: 제목", "date: 어제쯤", "date: 2099-01-01", "date: 5", "date: [2023]"])
def test_an_article_without_a_day_is_dated_by_the_operator_or_marked(front: str) -> None:
    source = f"---\n{front}\n---\n글"

    assert (read(source).as_of, read(source).is_dated) == (TODAY, False)
    given_day = read(source, as_of=date(2026, 1, 2))
    assert (given_day.as_of, given_day.is_dated) == (date(2026, 1, 2), True)


@pytest.mark.parametrize(
    ("source", "path", "title"),
    [
        ("# 첫 제목\n글", "a.md", "첫 제목"),
        ("---\ntitle: 404\n---\n글", "a.md", "404"),
        ("---\ntitle: [목록]\n---\n## 소제목\n글", "a.md", "소제목"),
        ("그냥 글", "guides/환불.md", "환불"),
        ("그냥 글", "guides/index.mdx", "guides"),
        ("\ufeff---\r\ntitle: 윈도우\r\n---\r\n글\r\n", "a.md", "윈도우"),
    ],
)
def test_every_article_has_a_title(source: str, path: str, title: str) -> None:
    assert read(source, path).title == title


@pytest.mark.parametrize(
    ("base", "front", "path", "url"),
    [
        ("", "title: a", "a/b.md", ""),
        ("https://x.kr/", "title: a", "a/b c.md", "https://x.kr/b%20c"),
        ("https://x.kr/", "slug: /ko/b", "a/c.md", "https://x.kr/ko/b"),
        ("https://x.kr/{path}", "title: a", "a/b/index.md", "https://x.kr/a/b"),
        ("https://x.kr/", "canonical: https://y.kr/z", "a.md", "https://y.kr/z"),
        ("", "canonical: 'https://y.kr/z|<!channel>'", "a.md", ""),
        ("", "url: javascript:alert(1)", "a.md", ""),
    ],
)
def test_where_an_article_is_published(base: str, front: str, path: str, url: str) -> None:
    assert read(f"---\n{front}\n---\n글", path, base_url=base).url == url


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"---\ntitle: a: b\n---\nx", 2, "mapping values are not allowed"),
        (b"---\ntitle: [a\n---\nx", 3, "front matter"),
        (b"---\ntitle: a\n\nx", 1, "not closed"),
        (b"---\n- a\n---\nx", 2, "keys and values"),
        (b"---\ndate: 2026-13-01\n---\nx", 1, "month must be in 1..12"),
        ("한글\n둘째".encode("cp949"), 1, "not UTF-8"),
        ("첫 줄\n".encode() + b"\xff", 2, "not UTF-8"),
        (b"PK\x00\x01", None, "not text"),
        (b"a" * (LARGEST + 1), None, "larger than 2 MB"),
        (b"---\na: " + b"[" * 5000 + b"\n---\nx", None, "front matter"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content: bytes, line: int | None, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refused:
        read(content)

    assert line is None or refused.value.line == line


@pytest.mark.parametrize(
    "source", ["---\ndraft: true\n---\n글", "---\npublished: false\n---\n글", "", "<Only.Component />\n"]
)
def test_what_is_not_published_or_says_nothing_is_left_out(source: str) -> None:
    with pytest.raises(LeftOut):
        read(source)


def test_a_line_across_the_page_is_no_front_matter() -> None:
    assert read("---\n\n글\n").sections[0].text == "글"


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"---\n{text}\n---\n글".encode()))
def test_no_file_makes_it_stumble(content: bytes) -> None:
    try:
        article = read(content)
    except (Unreadable, LeftOut):
        return
    assert article.title.isprintable()
    assert all(section.text for section in article.sections)

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.lint import collisions, misplaced
from bot.answers.topics import Kind, Topic
from bot.procedure.data import Text
from bot.procedure.model import Procedure

TITLE = Text(ko="제목", en="Title")


def topic(topic_id: str, *asked: str, kind: Kind = Kind.FACT) -> Topic:
    return Topic(id=topic_id, kind=kind, title=TITLE, asked=asked)


FOUR = [
    topic(
        "notice.when", "안내 메일은 언제 오나요", "계약 메일 언제 와요", "메일 며칠 뒤에 와요", "메일은 언제쯤 받나요"
    ),
    topic("review.duration", "심사는 얼마나 걸려요", "카드사 심사 며칠 걸리나요", "심사 기간이 어떻게 돼요"),
    topic("contract.documents", "서류 뭐 필요해요", "구비서류가 뭐예요", "계약 서류 알려주세요"),
    topic("bond.cost", "보증보험 얼마예요", "보험료가 얼마인가요", "보증보험 비용 알려줘"),
]


def test_a_phrasing_among_strangers_is_named_with_where_it_belongs() -> None:
    wrong = topic("channel.how", "채널 설정 어떻게 해요", "채널 추가 방법", "심사는 며칠이나 걸려요")

    found = misplaced([*FOUR, wrong], [])

    assert [(one.topic, one.phrasing) for one in found] == [("channel.how", "심사는 며칠이나 걸려요")]
    assert found[0].likelier[0] == "review.duration"
    assert "looks more like review.duration" in str(found[0])


def test_an_outside_phrasing_may_look_like_any_other_outside_topic() -> None:
    weather = topic("outside.daily", "오늘 날씨 어때", "내일 비 와?", "주말 날씨 알려줘", kind=Kind.OUTSIDE)
    rain = topic("outside.rain", "지금 비 와?", "오늘 비 와?", kind=Kind.OUTSIDE)

    assert [one for one in misplaced([*FOUR, weather, rain], []) if one.topic.startswith("outside")] == []


def test_terms_that_count_by_accident_are_shown_with_the_phrasing() -> None:
    odd = topic("dev.how", "심싸 받을 문서가 있나요", "결혼식 예약 사이트에 결제를 붙이려면요")

    found = {(one.concept, one.reason) for one in collisions([odd], [])}

    assert ("daily", "lies outside, and stands") in found
    assert ("review", "counts only by its sound") in found


def test_the_shipped_phrasings_find_each_other(
    own_topics: Sequence[Topic], own_procedures: Sequence[Procedure]
) -> None:
    """A phrasing that its own topic's other phrasings would not bring among the first three teaches little.

    Every other phrasing stands for all: the work grows with the cube of their number.
    """
    half = [topic.model_copy(update={"asked": topic.asked[::2]}) for topic in own_topics]
    lonely = misplaced(half, own_procedures)
    asked = sum(len(one.asked) for one in half)

    assert len(lonely) / asked < 0.08, "\n".join(map(str, lonely))

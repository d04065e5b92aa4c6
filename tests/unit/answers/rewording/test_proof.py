"""A new wording is sent only when it says exactly what the topic says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.answers.rewording.figures import Figure, FigureReader, plain
from bot.answers.rewording.proof import Flaw, Proof
from bot.answers.rewording.words import Words
from bot.answers.topic_book import Told
from tests.unit.answers.rewording.conftest import Judge

Pairs = Mapping[tuple[str, str], list[tuple[Figure, Figure]]]

READER = FigureReader(Words.load())
MAIL = "신청서를 낸 뒤 보통 2~3영업일 안에 담당자 메일로 옵니다. 주말과 공휴일은 세지 않습니다."
FEES = (
    "포트원이 공개한 KG파이낸셜 카드 수수료는 일반 3.20%입니다 (부가세 별도).\n"
    "• 영세 1.40%, 중소1 2.00%, 중소2 2.15%, 중소3 2.40%\n"
    "실제 요율은 계약서에 적힌 값입니다."
)
REVIEW = "보통 2주 걸리며, 이를 넘기면 PG사에 진행 상황을 물어보세요."
JOINING = "KG파이낸셜 가입비는 20만 원입니다 (부가세 별도). 모든 PG 가입비 무료 행사는 2024년 6월 30일에 끝났습니다."
GUIDE = "Usually within 2-3 business days after the application, to the contact person's mail. Weekends do not count."
PAID = "The PG, KG Financial, pays directly to the account given with the contract. PortOne is not involved."

GOOD = [
    (MAIL, "신청서를 내신 뒤 보통 2~3영업일 안에 담당자 메일로 와요. 주말과 공휴일은 세지 않아요."),
    (MAIL, "주말과 공휴일은 세지 않고, 신청서를 낸 뒤 보통 2 ~ 3 영업일 안에 담당자 메일로 옵니다."),
    (MAIL, "네, 신청서를 낸 뒤 보통 2-3영업일 안에 담당자 메일로 받으시면 돼요. 주말과 공휴일은 세지 않습니다."),
    (FEES, FEES.replace("입니다", "이에요").replace("3.20%", "3.2%").replace("1.40%", "1.4 퍼센트")),
    (
        FEES,
        "영세 가맹점은 1.40%, 일반은 3.20%예요 (포트원이 공개한 KG파이낸셜 카드 수수료, 부가세 별도).\n"
        "• 중소1 2.00%, 중소2 2.15%, 중소3 2.40%\n실제 요율은 계약서에 적힌 값이에요.",
    ),
    (REVIEW, "보통 2주 걸려요. 이를 넘기면 PG사에 진행 상황을 물어보세요."),
    (JOINING, JOINING.replace("20만 원입니다", "200,000원이에요").replace("끝났습니다", "끝났어요")),
    (GUIDE, "It usually comes to the contact person's mail within 2 to 3 business days after the application. "
            "Weekends don't count."),
    (PAID, "PortOne is not involved: the PG, KG Financial, pays directly to the account given with the contract."),
]  # fmt: skip
BAD = [
    (MAIL, MAIL.replace("2~3영업일", "2~4영업일"), Flaw.FIGURE_ADDED),
    (MAIL, MAIL.replace("2~3영업일", "2~3일"), Flaw.FIGURE_ADDED),
    (MAIL, MAIL.replace("2~3영업일", "사흘"), Flaw.FIGURE_ADDED),
    (MAIL, MAIL.replace("2~3영업일", "며칠"), Flaw.FIGURE_LOST),
    (MAIL, "신청서를 낸 뒤 보통 2~3영업일 안에 담당자 메일로 옵니다.", Flaw.FIGURE_LOST),
    (MAIL, f"{MAIL} 늦어도 금요일에는 옵니다.", Flaw.FIGURE_ADDED),
    (MAIL, f"{MAIL} 안 오면 1800-0678로 물어보세요.", Flaw.FIGURE_ADDED),
    (MAIL, f"{MAIL} 여기서 보세요: evil.example.com", Flaw.FIGURE_ADDED),
    (MAIL, f"{MAIL} help@example.com 으로 물어보세요.", Flaw.FIGURE_ADDED),
    (MAIL, MAIL.replace("옵니다", "오지 않습니다"), Flaw.DENIAL_CHANGED),
    (MAIL, MAIL.replace("세지 않습니다", "셉니다"), Flaw.DENIAL_CHANGED),
    (MAIL, MAIL.replace("옵니다", "오지 않습니다").replace("세지 않습니다", "셉니다"), Flaw.DENIAL_CHANGED),
    (MAIL, MAIL.replace("보통", "반드시"), Flaw.SENSE_CHANGED),
    (MAIL, MAIL.replace("보통 ", ""), Flaw.SENSE_CHANGED),
    (MAIL, MAIL.replace("담당자", "담당자 김철수 님"), Flaw.NAME_ADDED),
    (MAIL, MAIL.replace("담당자", "김철수 담당자"), Flaw.STRANGE_WORD),
    (MAIL, MAIL.replace("담당자", "한빛페이먼츠 담당자"), Flaw.STRANGE_WORD),
    (MAIL, MAIL.replace("담당자", "토스페이먼츠 담당자"), Flaw.NAME_ADDED),
    (MAIL, MAIL.replace("담당자", "삼성카드 담당자"), Flaw.NAME_ADDED),
    (MAIL, MAIL.replace("담당자", "Stripe 담당자"), Flaw.NAME_ADDED),
    (FEES, FEES.replace("3.20", "9.99").replace("1.40", "3.20").replace("9.99", "1.40"), Flaw.FIGURE_MOVED),
    (FEES, FEES.replace("중소1 2.00%, 중소2 2.15%", "중소1 2.15%, 중소2 2.00%"), Flaw.FIGURE_MOVED),
    (FEES, FEES.replace("영세 1.40%, ", ""), Flaw.FIGURE_LOST),
    (FEES, FEES.replace("별도", "포함"), Flaw.SENSE_CHANGED),
    (FEES, FEES.replace("KG파이낸셜 ", ""), Flaw.NAME_LOST),
    (JOINING, JOINING.replace("20만 원", "20만 원 이하"), Flaw.FIGURE_ADDED),
    (JOINING, JOINING.replace("무료 행사", "행사"), Flaw.SENSE_CHANGED),
    (REVIEW, "이를 넘기면 PG사에 진행 상황을 물어보세요.", Flaw.FIGURE_LOST),
    (REVIEW, "It usually takes 2주. Then ask the PG사 about it, please.", Flaw.OTHER_LANGUAGE),
    (REVIEW, f"{REVIEW} <!channel>", Flaw.MARKUP),
    (REVIEW, f"{REVIEW} @here", Flaw.MARKUP),
    (REVIEW, f"{REVIEW} " * 9, Flaw.TOO_LONG),
    (REVIEW, " \n", Flaw.EMPTY),
    (GUIDE, GUIDE.replace("do not count", "count"), Flaw.DENIAL_CHANGED),
    (GUIDE, GUIDE.replace("2-3 business days", "2-3 weeks"), Flaw.FIGURE_ADDED),
    (GUIDE, GUIDE.replace("the contact person", "John Carpenter"), Flaw.STRANGE_WORD),
    (PAID, PAID.replace("KG Financial", "KG Inicis"), Flaw.NAME_ADDED),
    (PAID, PAID.replace("PortOne is not involved", "PortOne is involved"), Flaw.DENIAL_CHANGED),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wording"), GOOD)
def test_the_same_in_other_words_passes(text: str, wording: str, judge: Judge) -> None:
    assert judge(text, wording) is None


@pytest.mark.parametrize(("text", "wording", "flaw"), BAD)
def test_what_says_something_else_does_not(text: str, wording: str, flaw: Flaw, judge: Judge) -> None:
    assert judge(text, wording) == flaw


def test_every_topic_passes_as_it_is(proof: Proof, all_told: Mapping[tuple[str, str], Told]) -> None:
    flaws = {
        key: flaw
        for key, told in all_told.items()
        if (flaw := proof.flaw(told.text, text=told.text, below=told.more, language=key[1]))
    }

    assert flaws == {}


def test_a_figure_may_come_from_the_note_below(proof: Proof) -> None:
    wording = f"{REVIEW} 스마트로는 3~14영업일이라고 합니다."

    with_note = proof.flaw(wording, text=REVIEW, below="스마트로는 3~14영업일이라고 합니다.", language="ko")

    assert with_note is None
    assert proof.flaw(wording, text=REVIEW, below="", language="ko") is Flaw.FIGURE_ADDED


# ---- whatever the topic, whatever the model does to it ----------------------------------------------------------

NAMES = [
    *("김민수", "박서연 매니저", "이도윤 팀장", "최지훈 님", "홍길동", "Jane Miller"),
    *("한빛페이먼츠", "누리은행", "가온카드", "새솔파이낸셜", "Acme", "Globex"),
    *("삼성카드", "토스페이먼츠", "KG이니시스", "카카오뱅크", "Stripe", "PayPal"),
]

AllTold = Mapping[tuple[str, str], Told]
Notices = Callable[[tuple[str, str], str], bool]


@pytest.fixture(scope="session")
def notices(proof: Proof, all_told: AllTold) -> Notices:
    """Whether something is found wrong with this wording of a topic, told in a language."""

    def flawed(key: tuple[str, str], wording: str) -> bool:
        told = all_told[key]
        return proof.flaw(wording, text=told.text, below=told.more, language=key[1]) is not None

    return flawed


WithFigures = Sequence[tuple[tuple[str, str], str, Sequence[Figure]]]


@pytest.fixture(scope="session")
def with_figures(all_told: AllTold) -> WithFigures:
    """The topics that tell figures, each with its text and these."""
    texts = {key: plain(told.text) for key, told in sorted(all_told.items())}
    return [(key, text, figures) for key, text in texts.items() if (figures := READER.read(text))]


def _figure(data: st.DataObject, with_figures: WithFigures) -> tuple[tuple[str, str], str, Figure]:
    """A topic told in a language, its text and one of its figures."""
    key, text, figures = data.draw(st.sampled_from(with_figures), label="topic")
    return key, text, data.draw(st.sampled_from(figures))


def _facts(text: str) -> list[tuple[str, str, str, str]]:
    return [figure.fact for figure in READER.read(text)]


@given(data=st.data(), place=st.integers(0, 20), step=st.integers(1, 9))
def test_a_changed_figure_is_always_noticed(
    data: st.DataObject, place: int, step: int, notices: Notices, with_figures: WithFigures
) -> None:
    key, text, figure = _figure(data, with_figures)
    digits = [at for at in range(figure.start, figure.end) if text[at].isascii() and text[at].isdigit()]
    assume(bool(digits))
    at = digits[place % len(digits)]
    wording = f"{text[:at]}{(int(text[at]) + step) % 10}{text[at + 1 :]}"
    assume(_facts(wording) != _facts(text))

    assert notices(key, wording)


@given(data=st.data())
def test_a_dropped_figure_is_always_noticed(data: st.DataObject, notices: Notices, with_figures: WithFigures) -> None:
    key, text, dropped = _figure(data, with_figures)
    wording = text
    for figure in reversed([one for one in READER.read(text) if one.fact == dropped.fact]):
        wording = wording[: figure.start] + wording[figure.end :]

    assert notices(key, wording)


@given(data=st.data(), name=st.sampled_from(NAMES))
def test_an_added_name_is_always_noticed(data: st.DataObject, name: str, notices: Notices, all_told: AllTold) -> None:
    key = data.draw(st.sampled_from(sorted(all_told)), label="topic")
    named = name.removesuffix("카드")  # among card companies 삼성 is enough
    assume(named not in all_told[key].text + all_told[key].more)
    words = all_told[key].text.split(" ")
    at = data.draw(st.integers(0, len(words)))

    assert notices(key, " ".join([*words[:at], name, *words[at:]]))


@given(data=st.data())
def test_two_swapped_figures_are_always_noticed(
    data: st.DataObject, notices: Notices, all_told: AllTold, pairs: Pairs
) -> None:
    """Two of a kind, as two rates in a list: each is right, only not where it stands."""
    key = data.draw(st.sampled_from(sorted(pairs)), label="topic")
    one, other = data.draw(st.sampled_from(pairs[key]))
    text = plain(all_told[key].text)
    first, between, second = text[one.start : one.end], text[one.end : other.start], text[other.start : other.end]
    wording = f"{text[: one.start]}{second}{between}{first}{text[other.end :]}"
    assume(_facts(wording) != _facts(text))

    assert notices(key, wording)


@pytest.fixture(scope="module")
def pairs(all_told: Mapping[tuple[str, str], Told]) -> Pairs:
    """By topic, its figures that could be taken for each other."""
    found = {key: _pairs(told.text) for key, told in all_told.items()}
    return {key: of_topic for key, of_topic in found.items() if of_topic}


def _pairs(text: str) -> list[tuple[Figure, Figure]]:
    figures = [figure for figure in READER.read(text) if figure.kind != "label"]
    return [
        (one, other)
        for one, other in itertools.combinations(figures, 2)
        if (one.kind, one.unit) == (other.kind, other.unit) and one.fact != other.fact
    ]

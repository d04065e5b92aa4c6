"""Answers to an offer that are not its button: confirmed in words, forgotten, another day, another card."""

from __future__ import annotations

from datetime import date

import pytest

from bot.contracts.reading import contract_of_channel
from bot.contracts.state import ContractState
from bot.localslack.handles import MessageHandle
from bot.localslack.person import Person
from storage.tables import CardStatus
from tests.scene import CHANNEL, Scene

STEPS = ("신청", "안내", "서류", "계약완료", "채널", "개발")


def state(scene: Scene) -> ContractState:
    with scene.database.reading() as session:
        found = contract_of_channel(
            scene.slack.channel(CHANNEL).id,
            workspace_id=scene.slack.team_id,
            session=session,
            office=scene.product.office,
        )
    assert found is not None
    return found


async def reports(scene: Scene, text: str, who: Person | None = None) -> MessageHandle:
    """Says it with a mention. Returns the root of the thread, once the offer stands in it."""
    person = who or scene.minji
    root = await person.mentions(CHANNEL, text)
    await scene.until_sees(person, "기록할까요", thread=root)
    return root


async def says(scene: Scene, root: MessageHandle, text: str, *expected: str) -> MessageHandle:
    """Goes on in the thread and waits for the reply that holds `expected`."""
    seen = len(scene.minji.sees(CHANNEL, root))
    await scene.minji.says(CHANNEL, text, root)
    return await scene.slack.until(
        lambda: next(
            (one for one in scene.minji.sees(CHANNEL, root)[seen + 1 :] if all(part in one.text for part in expected)),
            None,
        ),
        what=f"a reply to {text!r} with {expected}",
    )


async def test_plain_words_of_the_same_person_confirm(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    root = await reports(scene, "가입신청서 지난주 금요일에 냈어요")

    await says(scene, root, "네, 기록해 주세요", "가입신청서 제출 완료를 기록했습니다")

    assert state(scene).step("application").done_on == date(2026, 11, 20)
    await scene.until_channel_says("가입신청서 제출 완료를 기록했습니다", "김민지")


async def test_a_bare_yes_and_somebody_elses_word_confirm_nothing(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    root = await reports(scene, "가입신청서 냈어요")

    await scene.minji.says(CHANNEL, "네", root)
    await scene.junho.says(CHANNEL, "네 기록해 주세요", root)
    await scene.slack.quiet()
    assert not state(scene).step("application").is_done

    await scene.minji.mentions(CHANNEL, "응", root)
    again = await scene.until_sees(scene.minji, "기록하려면 아래 버튼", thread=root)
    assert not state(scene).step("application").is_done
    await scene.minji.presses("신청 기록하기", again)
    await scene.until_channel_says("가입신청서 제출 완료를 기록했습니다")


async def test_words_that_come_too_late_confirm_nothing(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    root = await reports(scene, "가입신청서 냈어요")
    await scene.advance_to("2026-11-23T11:00")

    await scene.minji.says(CHANNEL, "네 기록해 주세요", root)
    await scene.slack.quiet()

    assert not state(scene).step("application").is_done


async def test_another_day_is_offered_in_place_of_the_first(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    root = await reports(scene, "가입신청서 어제 냈어요")

    offer = await says(scene, root, "어제가 아니라 지난주 금요일이요", "기록할까요", "11월 20일 (금)")
    await scene.minji.presses("신청 기록하기", offer)
    await scene.until_channel_says("가입신청서 제출 완료를 기록했습니다", "11월 20일 (금)")


async def test_a_record_gets_its_right_day_with_one_press(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    root = await reports(scene, "가입신청서 어제 냈어요")
    await says(scene, root, "네 기록해 주세요", "11월 22일 (일)")

    offer = await says(scene, root, "앗 정정, 어제가 아니라 지난주 금요일이요", "되돌리고 새로", "11월 20일 (금)")
    assert state(scene).step("application").done_on == date(2026, 11, 22), "nothing changes without the press"

    await scene.minji.presses("고쳐서 기록하기", offer)
    await scene.until_channel_says("완료를 기록했습니다", "11월 20일 (금)")
    assert state(scene).step("application").done_on == date(2026, 11, 20)


async def test_a_step_reported_again_with_another_day_is_a_correction(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 어제")

    root = await scene.minji.mentions(CHANNEL, "가입신청서 지난주 금요일에 냈어요")
    offer = await scene.until_sees(scene.minji, "이미 완료로 기록", "11월 20일 (금)", thread=root)
    await scene.minji.presses("고쳐서 기록하기", offer)

    await scene.until_channel_says("완료를 기록했습니다", "11월 20일 (금)")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("아직 안 냈어요, 취소", "기록하지 않았습니다"),
        ("잘못 말했어요", "기록하지 않았습니다"),
        ("cancel that", "Nothing was recorded"),
    ],
)
async def test_what_is_not_recorded_yet_is_forgotten(scene: Scene, words: str, said: str) -> None:
    await scene.starts_contract(scene.minji)
    root = await reports(scene, "가입신청서 냈어요")

    await says(scene, root, words, said)

    assert not state(scene).step("application").is_done


async def test_what_is_recorded_is_taken_back_with_one_press(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    root = await reports(scene, "가입신청서 냈어요")
    await says(scene, root, "네 기록해 주세요", "기록했습니다")

    await scene.minji.mentions(CHANNEL, "방금 기록 취소해줘")
    root = scene.slack.channel(CHANNEL).messages[-1]
    offer = await scene.until_sees(scene.minji, "되돌릴까요", "신청", thread=root)
    assert state(scene).step("application").is_done
    await scene.minji.presses("되돌리기", offer)

    await scene.until_channel_says("기록을 되돌렸습니다", "가입신청서 제출")
    assert not state(scene).step("application").is_done


async def test_an_offer_to_undo_is_void_once_something_else_was_recorded(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    root = await scene.minji.mentions(CHANNEL, "방금 기록 취소해줘")
    offer = await scene.until_sees(scene.minji, "되돌릴까요", thread=root)
    await scene.finishes(scene.junho, "안내 오늘")

    await scene.minji.presses("되돌리기", offer)

    await scene.until_sees(scene.minji, "그사이 다른 기록이 생겼습니다")
    assert state(scene).step("guidance").is_done


async def test_another_card_company_takes_the_place_of_the_wrong_one(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    for step in STEPS:
        await scene.finishes(scene.minji, f"{step} 오늘")
    root = await reports(scene, "신한카드 승인났어요")
    await says(scene, root, "네 기록해 주세요", "신한카드")

    root = await reports(scene, "현대카드 승인났어요")
    offer = await says(scene, root, "현대 아니고 삼성이요", "삼성카드 승인으로 기록할까요")
    await scene.minji.presses("삼성카드 승인 기록하기", offer)
    await scene.until_channel_says("카드사 승인을 기록했습니다: 삼성카드")

    decided = {card.card.id for card in state(scene).cards if card.status is CardStatus.APPROVED}
    assert decided == {"shinhan", "samsung"}

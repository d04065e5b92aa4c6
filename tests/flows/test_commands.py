"""`/계약` and `/contract`, word by word, in both languages."""

from __future__ import annotations

import unicodedata

import pytest
from msgspec.structs import replace

from tests.scene import CHANNEL, Scene


async def test_help_names_every_word(scene: Scene) -> None:
    await scene.minji.commands(CHANNEL, "/계약", "도움말")

    shown = await scene.until_sees(scene.minji, "계약 길잡이")

    for word in ("시작", "현황", "완료", "취소", "서류", "심사", "알림", "목록", "이력", "내보내기"):
        assert word in shown.text
    assert shown.ephemeral


async def test_the_english_command_speaks_english_to_english_people(scene: Scene) -> None:
    await scene.emma.commands(CHANNEL, "/contract", "help")

    shown = await scene.until_sees(scene.emma, "Contract guide")

    assert "/contract start" in shown.text


async def test_words_typed_on_a_mac_are_understood(scene: Scene) -> None:
    """macOS hands Hangul over in pieces (NFD)."""
    await scene.minji.commands(CHANNEL, "/계약", unicodedata.normalize("NFD", "도움말"))

    await scene.until_sees(scene.minji, "계약 길잡이")


async def test_without_a_contract_the_empty_command_helps(scene: Scene) -> None:
    await scene.minji.commands(CHANNEL, "/계약")

    shown = await scene.until_sees(scene.minji, "계약 길잡이")

    assert "계약 시작하기" in shown.buttons


async def test_with_a_contract_the_empty_command_shows_its_status(scene: Scene) -> None:
    pinned = await scene.starts_contract(scene.minji)
    await scene.product.idle()

    await scene.junho.commands(CHANNEL, "/계약")

    copy = await scene.until_sees(scene.junho, "모모상점 · KG파이낸셜 계약", "채널에 있는 현황 메시지 보기")
    assert copy.ephemeral
    assert [one.ts for one in scene.slack.channel(CHANNEL).messages if "진행 단계" in one.text] == [pinned.ts]


async def test_the_status_can_be_posted_again_and_the_older_one_leads_to_it(scene: Scene) -> None:
    first = await scene.starts_contract(scene.minji)

    await scene.junho.selects("more", "현황 새로 올리기", first)

    older = await scene.until_channel_says("지난 현황입니다")
    assert older.ts == first.ts
    newest = await scene.until_channel_says("모모상점 · KG파이낸셜 계약")
    assert float(newest.ts) > float(first.ts)


async def test_anything_else_is_a_question_that_only_the_asker_sees(scene: Scene) -> None:
    await scene.minji.commands(CHANNEL, "/계약", "서류 뭐 준비해요?")

    shown = await scene.until_sees(scene.minji, "인감증명서", "출처")

    assert shown.ephemeral
    assert scene.junho.sees(CHANNEL) == []


async def test_done_with_a_day_is_recorded_at_once(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    said = await scene.finishes(scene.minji, "신청 3일 전")

    assert "11월 20일 (금)" in said.text


async def test_done_without_a_day_asks_for_it(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    await scene.minji.commands(CHANNEL, "/계약", "완료")

    await scene.until_modal(scene.minji, "완료 기록")
    assert scene.minji.modal is not None
    assert "가입신청서 제출" in scene.minji.modal.text


async def test_a_step_that_waits_offers_to_finish_the_earlier_ones(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    await scene.minji.commands(CHANNEL, "/계약", "완료 서류 오늘")
    refused = await scene.until_sees(scene.minji, "앞 단계가 먼저 끝나야", "가입신청서 제출, 계약 안내 받기")
    await scene.minji.presses("앞 단계까지 함께 완료", refused)

    await scene.until_channel_says("가입신청서 제출, 계약 안내 받기, 계약진행", "완료를 기록했습니다")


async def test_a_future_day_is_refused_under_its_field(scene: Scene) -> None:
    status = await scene.starts_contract(scene.minji)
    await scene.minji.presses("신청서 냈어요", status)
    await scene.until_modal(scene.minji, "완료 기록")
    await scene.minji.fills(None, {"실제로 끝난 날": "2026-11-24"})

    errors = await scene.minji.submits()

    assert errors is not None
    assert "아직 오지 않은 날" in errors["실제로 끝난 날"]
    assert scene.minji.modal is not None


async def test_undo_takes_the_last_entry_back(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")

    await scene.minji.commands(CHANNEL, "/계약", "취소")
    await scene.until_modal(scene.minji, "되돌리기")
    assert await scene.minji.submits() is None

    await scene.until_channel_says("기록을 되돌렸습니다", "가입신청서 제출")
    await scene.until_channel_says("모모상점 · KG파이낸셜 계약", "지금은 가입신청서 제출 단계")


@pytest.mark.parametrize("word", ["완료", "취소", "심사", "알림", "이력", "내보내기", "현황"])
async def test_words_that_need_a_contract_say_how_to_start_one(scene: Scene, word: str) -> None:
    await scene.minji.commands(CHANNEL, "/계약", word)

    shown = await scene.until_sees(scene.minji, "볼 수 있는 계약이 없습니다")

    assert "계약 시작하기" in shown.buttons
    assert shown.ephemeral


async def test_planned_reminders_are_listed_with_their_time(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")

    await scene.minji.commands(CHANNEL, "/계약", "알림")

    await scene.until_sees(scene.minji, "11월 26일 (목) 09:30", "계약 안내 메일을 받으셨나요?")


async def test_the_history_says_who_did_what_and_when(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.junho, "채널 어제")

    await scene.minji.commands(CHANNEL, "/계약", "이력")

    shown = await scene.until_sees(scene.minji, "계약의 이력")
    assert "박준호" in shown.text
    assert "11월 22일 (일)" in shown.text


async def test_the_list_shows_the_contracts_of_my_channels_only(scene: Scene) -> None:
    await scene.starts_contract(scene.minji, "모모상점")
    other = scene.slack.add_channel("pg-비밀", members=[scene.junho], private=True, with_app=True)
    await scene.junho.commands(other, "/계약", "시작")
    await scene.until_modal(scene.junho, "계약 시작")
    await scene.junho.fills(None, {"가맹점 이름": "비밀상점"})
    assert await scene.junho.submits() is None
    await scene.slack.until(lambda: any("비밀상점" in m.text for m in other.messages), what="the other contract")

    await scene.minji.commands(CHANNEL, "/계약", "목록")
    await scene.junho.commands(CHANNEL, "/계약", "목록")

    mine = await scene.until_sees(scene.minji, "내 계약 1건")
    assert "비밀상점" not in mine.text
    his = await scene.until_sees(scene.junho, "내 계약 2건")
    assert "비밀상점" in his.text


async def test_the_export_comes_as_a_file_in_a_direct_message(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    await scene.minji.commands(CHANNEL, "/계약", "내보내기")

    await scene.until_sees(scene.minji, "CSV 파일을 다이렉트 메시지로 보냈습니다")
    await scene.slack.until(
        lambda: any(message.raw.get("files") for message in scene.minji.direct_messages), what="the file"
    )


async def test_a_channel_has_one_contract(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    await scene.junho.commands(CHANNEL, "/계약", "시작")

    await scene.until_sees(scene.junho, "이미 진행 중인 계약이 있습니다")
    assert scene.junho.modal is None


async def test_in_a_channel_without_the_app_it_asks_to_be_invited(scene: Scene) -> None:
    await scene.minji.commands("일반", "/계약", "시작")

    await scene.slack.until(
        lambda: any("/invite" in message.text for message in scene.minji.sees("일반")), what="the way in"
    )
    assert scene.minji.modal is None


async def test_in_a_direct_message_the_window_asks_for_a_channel(scene: Scene) -> None:
    await scene.minji.commands(scene.slack.workspace.dm_of(scene.minji.id).id, "/계약", "현황")

    told = await scene.until_reads(scene.minji, "팀이 함께 보는 채널에서 챙깁니다")
    await scene.minji.presses("계약 시작하기", told)
    await scene.until_modal(scene.minji, "계약 시작")
    assert scene.minji.modal is not None
    assert "함께 챙길 채널" in scene.minji.modal.fields


async def test_the_way_of_a_contract_comes_as_a_picture_with_words_for_those_who_do_not_see_it(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")

    await scene.minji.commands(CHANNEL, "/계약", "이력 그림")

    await scene.until_sees(scene.minji, "그림을 다이렉트 메시지로 보냈습니다")
    files = [file for one in scene.minji.direct_messages for file in one.raw.get("files", [])]
    assert [file["mimetype"] for file in files] == ["image/png"]
    assert "가입신청서 제출: 11월 23일 (월) ~ 11월 23일 (월)" in files[0]["alt_txt"]


async def test_without_the_permission_for_files_it_says_so(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    granted = scene.slack.workspace.manifest
    fewer = tuple(scope for scope in granted.scopes if scope != "files:write")
    scene.slack.workspace.manifest = replace(granted, scopes=fewer)

    await scene.minji.commands(CHANNEL, "/계약", "내보내기")

    await scene.until_sees(scene.minji, "권한(files:write)이 없어")
    assert scene.minji.direct_messages == [], "no word of a file that did not come"

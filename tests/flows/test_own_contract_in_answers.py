"""Where the team's own contract changes the answer, the answer says so, and has the button that acts on it."""

from __future__ import annotations

from tests.scene import CHANNEL, Scene


async def test_waiting_for_the_guide_is_counted_in_the_answer(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    await scene.advance_to("2026-11-25T10:00")

    asked = await scene.minji.mentions(CHANNEL, "안내 메일 언제 와요?")
    answer = await scene.until_sees(scene.minji, "2~3영업일", thread=asked)

    assert "11월 23일 (월)부터 KG파이낸셜 차례로 2영업일째" in answer.text
    assert "내일까지 기다려 보고" in answer.text
    await scene.minji.presses("메일 받았어요", answer)
    await scene.until_modal(scene.minji, "완료 기록")


async def test_late_is_said_as_late(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    await scene.advance_to("2026-12-01T10:00")

    asked = await scene.minji.mentions(CHANNEL, "메일이 안 와요")

    await scene.until_sees(scene.minji, "3영업일 늦었습니다", "PG에 확인할 때", thread=asked)


async def test_a_step_that_is_over_or_not_yet_reached_is_named(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    await scene.finishes(scene.minji, "안내 오늘")

    over = await scene.minji.mentions(CHANNEL, "안내 메일 언제 와요?")
    await scene.until_sees(scene.minji, "11월 23일 (월)에 '계약 안내 받기' 단계를 마쳤습니다", thread=over)
    later = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    answer = await scene.until_sees(scene.minji, "아직 이 단계가 아닙니다", thread=later)

    assert "심사 요청했어요" not in answer.buttons


async def test_open_card_companies_are_named_while_the_review_runs(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    for step in ("신청", "안내", "서류", "계약완료", "채널", "개발"):
        await scene.finishes(scene.minji, f"{step} 오늘")
    asked = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    answer = await scene.until_sees(scene.minji, "우리 팀 차례", thread=asked)
    assert "심사 요청했어요" in answer.buttons

    await scene.minji.presses("심사 요청했어요", answer)
    await scene.until_modal(scene.minji, "카드사 심사 요청")
    await scene.minji.submits()
    await scene.until_channel_says("카드사 심사를 요청했다고 기록했습니다")

    asked = await scene.minji.mentions(CHANNEL, "심사 얼마나 걸려요?")
    answer = await scene.until_sees(scene.minji, "승인 0/9", "남은 곳", thread=asked)
    assert "카드사 결과 기록" in answer.buttons


async def test_without_a_contract_the_answer_stays_plain(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "안내 메일 언제 와요?")

    answer = await scene.until_sees(scene.minji, "2~3영업일", thread=asked)

    assert "차례" not in answer.text
    assert "메일 받았어요" not in answer.buttons


async def test_a_question_that_also_reports_is_answered_and_offered(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    asked = await scene.minji.mentions(CHANNEL, "가입신청서 어제 냈는데 안내 메일 언제 와요?")

    answer = await scene.until_sees(scene.minji, "2~3영업일", "완료로 기록할까요? (11월 22일 (일))", thread=asked)
    assert "신청 기록하기" in answer.buttons


async def test_lists_and_pages_are_one_press_away_even_without_a_contract(scene: Scene) -> None:
    asked = await scene.minji.mentions(CHANNEL, "계약할 때 서류 뭐 준비해요?")
    answer = await scene.until_sees(scene.minji, "출처", thread=asked)
    await scene.minji.presses("목록 보기", answer)
    await scene.until_sees(scene.minji, "개인사업자", "법인", thread=asked)

    asked = await scene.minji.mentions(CHANNEL, "가입신청서는 어디서 내나요?")
    answer = await scene.until_sees(scene.minji, "출처", thread=asked)
    assert "포트원 관리자콘솔" in answer.buttons
    await scene.minji.presses("포트원 관리자콘솔", answer)
    await scene.slack.quiet()
    assert scene.minji.notices == [], "a link's press is acknowledged"


async def test_the_whole_way_is_told_with_the_own_part_of_it(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)

    asked = await scene.minji.mentions(CHANNEL, "계약 전체 얼마나 걸려요?")

    await scene.until_sees(scene.minji, "7단계 중 0단계를 마쳤습니다", thread=asked)

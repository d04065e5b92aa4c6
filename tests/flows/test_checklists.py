"""A team ticks off its papers together."""

from __future__ import annotations

from bot.localslack.handles import ViewHandle
from bot.localslack.person import Person
from bot.procedure.load import load_procedures
from tests.scene import CHANNEL, Scene


async def until_window(scene: Scene, person: Person, *texts: str) -> ViewHandle:
    return await scene.slack.until(
        lambda: person.modal if person.modal and all(text in person.modal.text for text in texts) else None,
        what=f"{person.name} sees a window with {texts}",
    )


async def opens_papers(scene: Scene, person: Person) -> None:
    await person.commands(CHANNEL, "/계약", "서류")
    await scene.until_modal(person, "함께 챙기는 체크리스트")


async def test_two_people_tick_off_the_papers_until_the_step_can_be_recorded(scene: Scene) -> None:
    minji, junho = scene.minji, scene.junho
    await scene.starts_contract(minji)
    for step in ("신청", "메일"):
        await scene.finishes(minji, f"{step} 오늘")
    await opens_papers(scene, minji)
    await minji.selects("business_kind", "개인사업자")
    await until_window(scene, minji, "개인사업자가 더 내는 서류")
    await minji.selects("check:paper_identity", ["paper_identity"])
    await until_window(scene, minji, "1/7 확인")

    await opens_papers(scene, junho)
    await until_window(scene, junho, f"@{minji.name} 님이 확인")
    await junho.selects("issued_on:paper_seal_individual", "2026-08-25")
    await until_window(scene, junho, "11월 25일 (수)까지 낼 수 있습니다")
    needed = [
        item.id
        for checklist in load_procedures()["kg_mobilians"].step("paperwork").checklists
        for item in checklist.items
        if not item.optional and item.only_for in {None, "individual"} and item.id != "paper_identity"
    ]
    for number, item in enumerate(needed, start=2):
        await junho.selects(f"check:{item}", [item])
        await until_window(scene, junho, f"{number}/7 확인")

    await until_window(scene, junho, "모두 확인했습니다")
    await junho.presses("finish_step:paperwork")
    await scene.until_modal(junho, "완료 기록")
    assert await junho.submits() is None
    await scene.until_channel_says("계약진행 (서류와 계약서) 완료를 기록했습니다")


async def test_a_tick_that_somebody_else_was_quicker_with_shows_theirs(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await opens_papers(scene, scene.minji)
    await opens_papers(scene, scene.junho)
    await scene.junho.selects("check:paper_identity", ["paper_identity"])
    await until_window(scene, scene.junho, "1/4 확인")

    await scene.minji.selects("check:paper_identity", ["paper_identity"])

    await until_window(scene, scene.minji, f"@{scene.junho.name} 님이 확인")
    await scene.minji.selects("check:paper_identity", [])
    await until_window(scene, scene.minji, "0/4 확인")


async def test_a_reminder_and_home_open_the_checklist(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청 오늘")
    await scene.advance_to("2026-11-26T12:00")
    nudge = await scene.until_channel_says("안내 메일을 받으셨나요?")

    await scene.minji.presses("체크리스트", nudge)

    await until_window(scene, scene.minji, "안내가 안 올 때 다섯 가지 확인", "0/5 확인")
    await scene.minji.closes()
    await scene.minji.opens_home()
    await scene.slack.until(lambda: scene.minji.home and "1/7 단계" in scene.minji.home.text, what="Home")
    await scene.minji.presses("show_checklist:guidance", scene.minji.home)
    await until_window(scene, scene.minji, "0/5 확인")

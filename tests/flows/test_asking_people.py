"""What the assistant does not know goes to people: one press, once, with what the contract tells of it."""

from __future__ import annotations

import asyncio

from bot.localslack.handles import MessageHandle
from bot.localslack.ids import BOT_USER_ID
from handlers.values import Pointer
from storage.tables import Workspace
from tests.scene import CHANNEL, Scene

HELP = "도움"


async def scene_with_help_channel(scene: Scene) -> str:
    channel = scene.slack.add_channel(HELP, members=[scene.minji], with_app=True)
    with scene.database.writing() as session:
        workspace = session.get(Workspace, scene.slack.team_id)
        assert workspace is not None
        workspace.help_channel_id = channel.id
    return channel.id


async def unanswered(scene: Scene) -> MessageHandle:
    asked = await scene.minji.mentions(CHANNEL, "로켓 발사 준비됐나요?")
    return await scene.until_sees(scene.minji, "답하지 못합니다", thread=asked)


async def test_one_press_asks_the_help_channel_with_the_contract(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene_with_help_channel(scene)
    answer = await unanswered(scene)

    await scene.junho.presses("담당자에게 물어보기", answer)

    request = await scene.slack.until(
        lambda: next((m for m in scene.slack.channel(HELP).messages if "로켓" in m.text), None), what="the request"
    )
    assert "모모상점" in request.text
    assert "가입신청서 제출" in request.text
    assert "우리 팀 차례" in request.text
    assert scene.junho.id in str(request.raw), "who pressed is named"
    assert "archives" in str(request.raw), "the way back to the question"
    await scene.until_sees(scene.minji, "박준호 님이", "물어보았습니다", thread=answer.raw["thread_ts"])


async def test_two_who_press_at_once_ask_once(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene_with_help_channel(scene)
    answer = await unanswered(scene)

    await asyncio.gather(
        scene.minji.presses("담당자에게 물어보기", answer), scene.junho.presses("담당자에게 물어보기", answer)
    )
    await scene.until_sees(scene.minji, "물어보았습니다", thread=answer.raw["thread_ts"])
    await scene.slack.quiet()

    requests = [m for m in scene.slack.channel(HELP).messages if "로켓" in m.text]
    assert len(requests) == 1


async def test_a_press_from_another_place_asks_nothing(scene: Scene) -> None:
    """A question's number in a forged button opens no other conversation."""
    await scene.starts_contract(scene.minji)
    await scene_with_help_channel(scene)
    await unanswered(scene)
    stranger = scene.slack.add_person("hana.choi", "최하나")
    await stranger.dm("로켓 발사 준비됐나요?")
    own = await scene.until_reads(stranger, "답하지 못합니다")
    button = own.find("담당자에게 물어보기", stranger.id)
    button.raw["value"] = Pointer(question=1).dump()

    await stranger.presses("담당자에게 물어보기", own)

    await scene.until_reads(stranger, "오래된 버튼")
    assert not [m for m in scene.slack.channel(HELP).messages if "로켓" in m.text]


async def test_a_help_channel_that_is_closed_to_us_is_said_and_can_be_tried_again(scene: Scene) -> None:
    await scene.starts_contract(scene.minji)
    await scene_with_help_channel(scene)
    answer = await unanswered(scene)
    scene.slack.workspace.channel_named(HELP).members.remove(BOT_USER_ID)  # type: ignore[union-attr]

    await scene.minji.presses("담당자에게 물어보기", answer)
    await scene.until_sees(scene.minji, "제가 그 채널에 없습니다")
    await scene.minji.invites(HELP)
    await scene.minji.presses("담당자에게 물어보기", answer)

    await scene.until_sees(scene.minji, "물어보았습니다", thread=answer.raw["thread_ts"])


async def test_without_a_help_channel_the_right_contact_is_named_with_its_date(scene: Scene) -> None:
    answer = await unanswered(scene)

    assert "1800-0678" in answer.text
    assert "기준)" in answer.text
    assert not [one for one in answer.buttons if "물어보기" in str(one)]

"""The whole window on a local workspace: writing, reading, forms, the clock, several people, narrow screens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncApp

from bot.localslack import FrozenClock, LocalSlack
from tests.browser.conftest import OpenPage
from tests.browser.page.conftest import MANIFEST, MORNING

CHANNEL = "#pg-계약"
Connect = Callable[[], Awaitable[None]]
Json = dict[str, Any]


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=f"{CHANNEL}에 메시지 보내기")


def messages(page: Page) -> Locator:
    return page.get_by_role("log", name=f"{CHANNEL} 메시지").get_by_role("article")


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def press_block(text: str, action_id: str) -> list[Json]:
    return [{"type": "actions", "elements": [{"type": "button", "action_id": action_id, "text": plain(text)}]}]


async def test_enter_sends_and_shift_enter_breaks_the_line(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await box(page).press_sequentially("첫 줄")
    await box(page).press("Shift+Enter")
    await box(page).press_sequentially("둘째 줄 <b>&")
    await box(page).press("Enter")
    await expect(messages(page).last).to_contain_text("첫 줄둘째 줄 <b>&")
    await expect(box(page)).to_have_value("")
    assert slack.channel(CHANNEL).last.text == "첫 줄\n둘째 줄 <b>&"


async def test_enter_that_ends_a_hangul_syllable_does_not_send(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    before = len(slack.channel(CHANNEL).messages)
    await box(page).focus()
    keyboard = await page.context.new_cdp_session(page)
    await keyboard.send("Input.imeSetComposition", {"text": "한", "selectionStart": 1, "selectionEnd": 1})
    # As an input method does it: the key is pressed, and the browser itself inserts nothing for it.
    for kind in ("rawKeyDown", "keyUp"):
        await keyboard.send(
            "Input.dispatchKeyEvent", {"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        )
    await expect(box(page)).to_have_value("한")
    await keyboard.send("Input.insertText", {"text": "한글"})
    await box(page).press("Enter")
    await expect(messages(page).last).to_contain_text("한글")
    assert [message.text for message in slack.channel(CHANNEL).messages[before:]] == ["한글"]


async def test_a_command_is_completed_by_keyboard_and_reaches_the_app(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    @app.command("/계약")
    async def answer(ack: Any, command: Json) -> None:
        await ack(f"받은 말: {command['text']}")

    await connect()
    page = await open_page(slack.url)
    await box(page).press_sequentially("/")
    await expect(page.get_by_role("option", name="/계약")).to_be_visible()
    await box(page).press("Enter")
    await box(page).press("ArrowDown")
    await box(page).press("ArrowDown")
    await box(page).press("Tab")
    await expect(box(page)).to_have_value("/계약 현황 ")
    await box(page).press("Enter")
    await expect(messages(page).last).to_contain_text("나에게만 보입니다")
    await expect(messages(page).last).to_contain_text("받은 말: 현황")


async def test_a_command_that_does_not_exist_is_not_sent(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await box(page).fill("/없음 하나")
    await box(page).press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="/없음 명령은 없습니다")).to_be_visible()
    await expect(box(page)).to_have_value("/없음 하나")


async def test_a_command_in_a_thread_is_refused_with_a_sentence(slack: LocalSlack, open_page: OpenPage) -> None:
    root = await slack.person("박준호").says(CHANNEL, "여기서 이야기해요")
    await slack.person("박준호").says(CHANNEL, "네", root)
    page = await open_page(slack.url)
    await page.get_by_role("button", name="답글 1개").click()
    reply = page.get_by_role("textbox", name="스레드에 답글 쓰기")
    await reply.fill("/계약 현황")
    await reply.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="스레드에서는 슬래시 명령을 쓸 수 없습니다")).to_be_visible()
    await reply.fill("그냥 답글")
    await reply.press("Enter")
    await expect(page.get_by_role("log", name="스레드 메시지").get_by_role("article").last).to_contain_text("그냥 답글")


async def test_the_app_is_called_by_the_at_sign(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await box(page).press_sequentially("@길")
    await page.get_by_role("option", name="길잡이").click()
    await box(page).press_sequentially("도와줘")
    await box(page).press("Enter")
    await expect(messages(page).last).to_contain_text("@길잡이 도와줘")
    assert slack.channel(CHANNEL).last.raw["text"] == "<@U0BOT> 도와줘"


async def test_drafts_stay_with_their_channel_and_outlive_a_reload(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await box(page).fill("쓰다 만 글")
    await page.get_by_role("link", name="#일반").click()
    other = page.get_by_role("textbox", name="#일반에 메시지 보내기")
    await expect(other).to_have_value("")
    await page.get_by_role("link", name=CHANNEL).click()
    await expect(box(page)).to_have_value("쓰다 만 글")
    await page.reload()
    await expect(box(page)).to_have_value("쓰다 만 글")


async def test_a_message_that_arrives_takes_nothing_from_who_is_writing(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await box(page).fill("가나다라")
    await box(page).evaluate("box => box.setSelectionRange(2, 2)")
    await slack.person("박준호").says(CHANNEL, "방해 좀 할게요")
    await expect(messages(page).last).to_contain_text("방해 좀 할게요")
    await expect(box(page)).to_be_focused()
    assert await box(page).evaluate("box => [box.value, box.selectionStart]") == ["가나다라", 2]


async def test_who_reads_further_up_is_left_there_and_told(slack: LocalSlack, open_page: OpenPage) -> None:
    junho = slack.person("박준호")
    for number in range(60):
        await junho.says(CHANNEL, f"{number}번째 이야기")
    page = await open_page(slack.url)
    log = page.get_by_role("log", name=f"{CHANNEL} 메시지")
    await expect(messages(page).last).to_contain_text("59번째")
    await log.evaluate("log => { log.scrollTop = 0; }")
    await expect(messages(page).first).to_be_in_viewport()
    await junho.says(CHANNEL, "새 소식")
    pill = page.get_by_role("button", name="새 메시지 1개")
    await expect(pill).to_be_visible()
    await expect(messages(page).first).to_be_in_viewport()
    await pill.click()
    await expect(messages(page).last).to_be_in_viewport()
    await expect(pill).to_be_hidden()


async def test_unread_messages_are_marked_until_they_are_read(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await page.get_by_role("link", name="#일반").click()
    await expect(page.get_by_role("heading", name="#일반", exact=True)).to_be_visible()
    await slack.person("박준호").says(CHANNEL, "읽어 주세요")
    await page.get_by_role("link", name=f"{CHANNEL}, 읽지 않음 1개").click()
    await expect(page.get_by_role("separator", name="여기부터 새 메시지")).to_be_visible()
    await expect(page.get_by_role("link", name=CHANNEL, exact=True)).to_be_visible()


async def test_only_the_one_it_is_for_sees_an_ephemeral_message(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    await connect()
    minji = slack.person("김민지")
    await app.client.chat_postEphemeral(channel=slack.channel(CHANNEL).id, user=minji.id, text="비밀 안내")
    page = await open_page(slack.url)
    await expect(messages(page).last).to_contain_text("비밀 안내")
    await page.get_by_role("radio", name="박준호").click()
    await expect(page.get_by_role("radio", name="박준호")).to_be_checked()
    await expect(page.get_by_text("비밀 안내")).to_have_count(0)


@pytest.mark.parametrize("acknowledged_within", [0.5])
async def test_pressing_a_button_nobody_listens_to_is_said_beside_it(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    await connect()
    await app.client.chat_postMessage(
        channel=slack.channel(CHANNEL).id, text="누르세요", blocks=press_block("눌러 보기", "nobody")
    )
    page = await open_page(slack.url)
    button = page.get_by_role("button", name="눌러 보기")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(messages(page).last.get_by_role("alert")).to_contain_text("3초 안에 응답이 오지 않았습니다")
    await expect(page.locator(".notice")).to_contain_text("operation_timeout")


async def test_a_form_keeps_what_was_typed_and_shows_the_apps_sentence_under_its_field(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    fields = [
        {
            "type": "input",
            "block_id": block_id,
            "label": plain(label),
            "element": {"type": "plain_text_input", "action_id": "a"},
        }
        for block_id, label in (("name", "상호"), ("memo", "메모"))
    ]

    @app.command("/계약")
    async def start(ack: Any, command: Json, client: Any) -> None:
        await ack()
        form = {
            "type": "modal",
            "callback_id": "form",
            "title": plain("새 계약"),
            "submit": plain("시작하기"),
            "blocks": fields,
        }
        await client.views_open(trigger_id=command["trigger_id"], view=form)

    @app.view("form")
    async def submitted(ack: Any, view: Json) -> None:
        name = view["state"]["values"]["name"]["a"]["value"]
        if name == "모모":
            await ack(response_action="errors", errors={"name": "이미 있는 이름입니다."})
        else:
            await ack()

    await connect()
    page = await open_page(slack.url)
    await box(page).fill("/계약 시작")
    await box(page).press("Enter")
    form = page.get_by_role("dialog", name="새 계약")
    await expect(form.get_by_label("상호")).to_be_focused()
    await form.get_by_role("button", name="시작하기").click()
    await expect(form.get_by_text("꼭 적어 주세요.")).to_have_count(2)
    await form.get_by_label("상호").fill("모모")
    await form.get_by_label("메모").fill("길게 쓴 메모")
    await form.get_by_role("button", name="시작하기").click()
    await expect(form.get_by_role("alert").filter(has_text="이미 있는 이름입니다.")).to_be_visible()
    await expect(form.get_by_label("상호")).to_be_focused()
    await expect(form.get_by_label("메모")).to_have_value("길게 쓴 메모")
    await form.get_by_label("상호").fill("모모상점")
    await expect(form.get_by_text("이미 있는 이름입니다.")).to_be_hidden()
    await form.get_by_role("button", name="시작하기").click()
    await expect(form).to_be_hidden()
    await expect(box(page)).to_be_focused()


async def test_a_stack_of_forms_goes_back_one_by_one_with_escape(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    def view(title: str, blocks: list[Json]) -> Json:
        return {"type": "modal", "callback_id": "form", "title": plain(title), "blocks": blocks}

    @app.command("/계약")
    async def start(ack: Any, command: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=view("첫 화면", press_block("더 보기", "more")))

    @app.action("more")
    async def more(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_push(
            trigger_id=body["trigger_id"], view=view("둘째 화면", [{"type": "section", "text": plain("자세한 글")}])
        )

    await connect()
    page = await open_page(slack.url)
    await box(page).fill("/계약")
    await box(page).press("Enter")
    await page.get_by_role("button", name="더 보기").click()
    await expect(page.get_by_role("dialog", name="둘째 화면")).to_contain_text("자세한 글")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="첫 화면")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_question_in_the_messages_tab_opens_the_thread_with_its_answer(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    @app.event("message")
    async def answer(event: Json, client: Any) -> None:
        await client.assistant_threads_setStatus(
            channel_id=event["channel"], thread_ts=event["ts"], status="찾고 있어요…"
        )
        await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="이 순서로 합니다.")

    @app.event("app_home_opened")
    async def opened() -> None:
        return None

    await connect()
    page = await open_page(slack.url)
    await page.get_by_role("link", name="길잡이").click()
    await page.get_by_role("tab", name="메시지").click()
    await page.get_by_role("button", name="순서 묻기").click()
    thread = page.get_by_role("log", name="스레드 메시지").get_by_role("article")
    await expect(thread.first).to_contain_text("순서를 알려 주세요")
    await expect(thread.last).to_contain_text("이 순서로 합니다.")


async def test_the_home_tab_shows_what_the_app_published(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    @app.event("app_home_opened")
    async def opened(event: Json, client: Any) -> None:
        blocks = [{"type": "header", "text": plain("오늘 할 일")}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    await connect()
    page = await open_page(slack.url)
    await page.get_by_role("link", name="길잡이").click()
    await expect(page.get_by_role("tabpanel", name="홈").get_by_role("heading", name="오늘 할 일")).to_be_visible()


async def test_the_clock_moves_on_and_what_was_due_is_there(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    await connect()
    due = int((MORNING + timedelta(days=3, hours=1)).timestamp())
    await app.client.chat_scheduleMessage(
        channel=slack.channel(CHANNEL).id, text="서류는 어떻게 되었나요?", post_at=due
    )
    page = await open_page(slack.url)
    clock = page.get_by_role("group", name="워크스페이스 시계")
    await expect(clock).to_contain_text("11월 24일 (화) 오전 9:30")
    await clock.get_by_role("button", name="예정 1").click()
    await expect(page.get_by_role("dialog", name="워크스페이스 시계")).to_contain_text("서류는 어떻게 되었나요?")
    await page.keyboard.press("Escape")
    await clock.get_by_role("button", name="다음 알림까지 · 11월 27일 (금) 오전 10:30").click()
    await expect(messages(page).last).to_contain_text("서류는 어떻게 되었나요?")
    await expect(clock).to_contain_text("11월 27일 (금) 오전 10:30")
    await expect(clock.get_by_role("button", name="예정된 알림 없음")).to_be_disabled()
    await clock.get_by_role("button", name="내일 09:30").click()
    await expect(clock).to_contain_text("11월 28일 (토) 오전 9:30")


async def test_the_clock_does_not_go_back(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await page.get_by_role("button", name="시계 움직이기").click()
    panel = page.get_by_role("dialog", name="워크스페이스 시계")
    await panel.get_by_role("textbox", name="날짜").fill("2026-11-20")
    await panel.get_by_role("button", name="이 시각으로").click()
    await expect(panel.get_by_role("alert").filter(has_text="앞으로만")).to_be_visible()
    assert slack.clock.now() == MORNING


async def test_what_goes_over_the_wire_is_on_record(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    await connect()
    page = await open_page(slack.url)
    await page.get_by_role("button", name="기록").click()
    await app.client.chat_postMessage(channel=slack.channel(CHANNEL).id, text="안녕하세요")
    record = page.get_by_role("log", name="오간 기록")
    await expect(record).to_contain_text("chat.postMessage → ok")
    await page.get_by_role("radio", name="연결").click()
    await expect(record).not_to_contain_text("chat.postMessage")


async def test_a_permalink_opens_its_message(slack: LocalSlack, open_page: OpenPage) -> None:
    root = await slack.person("박준호").says(CHANNEL, "뿌리")
    reply = await slack.person("박준호").says(CHANNEL, "가지", root)
    link = f"{slack.url}/archives/{reply.channel_id}/p{reply.ts.replace('.', '')}?thread_ts={root.ts}"
    await slack.person("박준호").says("#일반", f"이걸 보세요 {link}")
    page = await open_page(slack.url)
    await page.get_by_role("link", name="#일반").click()
    await page.get_by_role("link", name=link).click()
    await expect(
        page.get_by_role("log", name="스레드 메시지").get_by_role("article", name="박준호").last
    ).to_be_focused()
    await expect(page.get_by_role("heading", name=CHANNEL, exact=True)).to_be_visible()


async def test_a_lost_server_is_said_and_found_again(open_page: OpenPage) -> None:
    first = LocalSlack(MANIFEST, clock=FrozenClock(MORNING))
    await first.start()
    port = int(first.url.rpartition(":")[2])
    page = await open_page(first.url)
    await expect(messages(page).or_(box(page)).first).to_be_visible()
    await first.stop()
    lost = page.get_by_role("alert").filter(has_text="연결이 끊겼습니다")
    await expect(lost).to_be_visible()
    second = LocalSlack(MANIFEST, clock=FrozenClock(MORNING))
    await second.start(port=port)
    try:
        await expect(lost).to_be_hidden(timeout=15_000)
        await second.person("박준호").says(CHANNEL, "돌아왔어요")
        await expect(messages(page).last).to_contain_text("돌아왔어요")
    finally:
        await second.stop()


async def test_another_language_for_another_person(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await page.get_by_role("radio", name="Emma Clark").click()
    await expect(page.get_by_role("textbox", name=f"Message {CHANNEL}")).to_be_visible()
    await expect(page.get_by_role("radiogroup", name="Viewing as")).to_be_visible()


async def test_a_person_and_a_channel_are_made_on_the_spot(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await page.get_by_role("button", name="사람 추가").click()
    await page.get_by_label("이름").fill("최하나")
    await page.get_by_role("button", name="만들기", exact=True).click()
    await expect(page.get_by_role("radio", name="최하나")).to_be_checked()
    await page.get_by_role("button", name="채널 만들기").click()
    await page.get_by_label("채널 이름").fill("대문자 Name")
    await page.get_by_role("button", name="만들기", exact=True).click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("쓸 수 없습니다")
    await page.get_by_label("채널 이름").fill("정산")
    await page.get_by_role("button", name="만들기", exact=True).click()
    await expect(page.get_by_role("textbox", name="#정산에 메시지 보내기")).to_be_visible()
    assert slack.channel("#정산").id


@pytest.mark.parametrize("hostile", ["<img src=x onerror=window.hit=1>", "<script>window.hit=1</script>"])
async def test_what_people_write_never_runs(slack: LocalSlack, open_page: OpenPage, hostile: str) -> None:
    slack.add_person(hostile[:20], hostile)
    await slack.person("박준호").says(CHANNEL, hostile)
    page = await open_page(slack.url)
    await expect(messages(page).last).to_contain_text(hostile)
    assert await page.evaluate("window.hit") is None


async def test_a_narrow_window_shows_one_place_at_a_time(slack: LocalSlack, open_page: OpenPage) -> None:
    root = await slack.person("박준호").says(CHANNEL, "여기서 이야기해요")
    await slack.person("박준호").says(CHANNEL, "네", root)
    page = await open_page(slack.url, width=390, height=844, touch=True)
    await page.get_by_role("link", name=CHANNEL).tap()
    await expect(box(page)).to_be_visible()
    await expect(page.get_by_role("navigation")).to_be_hidden()
    await page.get_by_role("button", name="답글 1개").tap()
    await expect(page.get_by_role("textbox", name="스레드에 답글 쓰기")).to_be_visible()
    await expect(box(page)).to_be_hidden()
    await page.get_by_role("button", name="뒤로").tap()
    await page.get_by_role("button", name="뒤로").tap()
    await expect(page.get_by_role("navigation")).to_be_visible()
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0


async def test_a_reaction_is_added_and_taken_back(slack: LocalSlack, open_page: OpenPage) -> None:
    said = await slack.person("박준호").says(CHANNEL, "다 됐어요")
    page = await open_page(slack.url)
    message = messages(page).last
    await message.hover()
    await message.get_by_role("button", name="반응 달기").first.click()
    await page.get_by_role("button", name=":tada:").first.click()
    reaction = message.get_by_role("button", name=":tada: 반응 1개, 김민지")
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    assert said.raw["reactions"] == [{"name": "tada", "users": [slack.person("김민지").id], "count": 1}]
    await reaction.click()
    await expect(reaction).to_have_count(0)


async def test_a_message_shortcut_brings_the_message_to_the_app(
    slack: LocalSlack, app: AsyncApp, connect: Connect, open_page: OpenPage
) -> None:
    @app.shortcut("ask_this")
    async def ask(ack: Any, body: Json, client: Any) -> None:
        await ack()
        text = f"물어보신 것: {body['message']['text']}"
        await client.chat_postMessage(channel=body["channel"]["id"], text=text)

    await slack.person("박준호").says(CHANNEL, "이건 뭐예요?")
    await connect()
    page = await open_page(slack.url)
    await messages(page).last.hover()
    await messages(page).last.get_by_role("button", name="메시지 메뉴").click()
    await page.get_by_role("menuitem", name="이 메시지로 묻기").click()
    await expect(messages(page).last).to_contain_text("물어보신 것: 이건 뭐예요?")


async def test_starting_over_asks_first(slack: LocalSlack, open_page: OpenPage) -> None:
    async def nothing() -> None:
        return None

    slack.drive(nothing, nothing, nothing)
    await slack.person("박준호").says(CHANNEL, "지워질 글")
    page = await open_page(slack.url)
    await page.get_by_role("button", name="처음부터").click()
    question = page.get_by_role("dialog", name="처음부터 다시 할까요?")
    await question.get_by_role("button", name="취소").click()
    await expect(messages(page).last).to_contain_text("지워질 글")
    await page.get_by_role("button", name="처음부터").click()
    await question.get_by_role("button", name="모두 지우고 처음부터").click()
    await expect(page.get_by_role("heading", name=f"{CHANNEL} 채널의 처음입니다")).to_be_visible()
    await expect(page.get_by_text("지워질 글")).to_have_count(0)


async def test_the_page_about_the_workspace_holds_the_manifest(slack: LocalSlack, open_page: OpenPage) -> None:
    page = await open_page(slack.url)
    await page.get_by_role("button", name="이 워크스페이스에 대해").click()
    about = page.get_by_role("dialog", name="이 워크스페이스에 대해")
    await expect(about.get_by_role("heading", name="흉내 내지 않는 것")).to_be_visible()
    await expect(about).to_contain_text("display_name: guide")

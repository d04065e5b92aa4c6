"""Commands, buttons, menus, forms and shortcuts through a real Bolt app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.localslack import FrozenClock, LocalSlack, Refused, Timing
from tests.unit.localslack.conftest import (
    FAST,
    MORNING,
    Install,
    actions,
    button,
    error_of,
    impatiently,
    modal,
    refusal,
    section,
    text_field,
)

Body = dict[str, Any]


# ---- slash commands ---------------------------------------------------------------------------------------------


async def test_a_command_carries_strings_and_its_answer_is_ephemeral(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    bodies: list[Body] = []

    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        bodies.append(body)
        await ack("현황입니다")

    await install(app)
    minji, junho = slack.person("김민지"), slack.person("박준호")
    outcome = await minji.commands("pg-계약", "/계약", f"현황 <@{junho.id}>")

    assert (outcome.text, outcome.ephemeral) == ("현황입니다", True)
    assert junho.sees("pg-계약") == []
    assert all(isinstance(value, str) for value in bodies[0].values())
    assert bodies[0]["text"] == f"현황 <@{junho.id}|junho.park>", "should_escape is set in the manifest"
    assert bodies[0]["channel_name"] == "pg-계약"


async def test_an_answer_in_channel_is_for_everybody(slack: LocalSlack, app: AsyncApp, install: Install) -> None:
    @app.command("/계약")
    async def on_command(ack: Any) -> None:
        await ack(text="모두에게", response_type="in_channel")

    await install(app)
    await slack.person("김민지").commands("pg-계약", "/계약")

    assert slack.channel("pg-계약").last.text == "모두에게"


async def test_blocks_that_slack_refuses_break_the_commands_answer(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    @app.command("/계약")
    async def on_command(ack: Any) -> None:
        await ack(text="글", blocks=[section("")])

    await install(app)
    outcome = await slack.person("김민지").commands("pg-계약", "/계약")

    assert (outcome.error, outcome.message) == ("invalid_command_response", None)


async def test_a_command_is_refused_where_slacks_window_would_not_send_it(slack: LocalSlack) -> None:
    minji = slack.person("김민지")

    with pytest.raises(Refused, match="unknown_command"):
        await minji.commands("pg-계약", "/없는명령")
    with pytest.raises(Refused, match="channel_not_found"):
        await minji.commands("개발", "/계약")


async def test_a_command_in_the_direct_message_names_it_directmessage(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    names: list[str] = []

    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        names.append(body["channel_name"])
        await ack()

    await install(app)
    minji = slack.person("김민지")
    await minji.commands(slack.workspace.dm_of(minji.id).id, "/계약", "도움말")

    assert names == ["directmessage"]


# ---- response_url -----------------------------------------------------------------------------------------------


async def test_a_response_url_answers_five_times_within_thirty_minutes(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    urls: list[str] = []

    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        urls.append(body["response_url"])
        await ack()

    await install(app)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    await minji.commands("pg-계약", "/계약")
    used, late = (AsyncWebhookClient(url) for url in urls)

    answers = [await used.send(text=str(number)) for number in range(6)]
    await slack.advance_by(timedelta(minutes=31))
    too_late = await late.send(text="늦음")

    assert [(answer.status_code, answer.body) for answer in answers] == [(200, "ok")] * 5 + [(404, "used_url")]
    assert (too_late.status_code, too_late.body) == (404, "expired_url")
    assert [message.text for message in minji.sees("pg-계약")] == ["0", "1", "2", "3", "4"]


async def test_a_response_url_replaces_and_deletes_even_an_ephemeral_message(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    bodies: list[Body] = []

    @app.action("press")
    async def on_press(ack: Any, body: Body, respond: Any) -> None:
        bodies.append(body)
        await ack()
        await respond(text="바뀜", replace_original=True)

    await install(app)
    minji = slack.person("김민지")
    await client.chat_postEphemeral(
        channel=slack.channel("pg-계약").id, user=minji.id, text="전", blocks=[section("전"), actions(button())]
    )
    shown = minji.sees("pg-계약")[0]
    await minji.presses("누르기", shown)
    await slack.until(lambda: shown.text == "바뀜")

    assert bodies[0]["container"]["is_ephemeral"] is True
    assert bodies[0]["message"] == {"type": "message", "subtype": "bot_message", "ts": shown.ts}

    await AsyncWebhookClient(bodies[0]["response_url"]).send(delete_original=True)
    assert minji.sees("pg-계약") == []


async def test_an_answer_through_a_response_url_is_in_the_channel_unless_it_names_the_thread(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    urls: list[str] = []

    @app.action("press")
    async def on_press(ack: Any, body: Body) -> None:
        urls.append(body["response_url"])
        await ack()

    await install(app)
    minji = slack.person("김민지")
    root = await minji.says("pg-계약", "뿌리")
    await client.chat_postMessage(channel=root.channel_id, thread_ts=root.ts, text="글", blocks=[actions(button())])
    await minji.presses("누르기", root.thread[0])
    url = AsyncWebhookClient(urls[0])

    await url.send(text="채널로", replace_original=False)
    await url.send_dict({"text": "스레드로", "replace_original": False, "thread_ts": root.ts})

    assert [message.text for message in minji.sees("pg-계약")] == ["뿌리", "채널로"]
    assert [message.text for message in minji.sees("pg-계약", root)][-1] == "스레드로"


async def test_a_response_url_refuses_bad_blocks_with_an_http_error(
    slack: LocalSlack, app: AsyncApp, install: Install
) -> None:
    urls: list[str] = []

    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        urls.append(body["response_url"])
        await ack()

    await install(app)
    await slack.person("김민지").commands("pg-계약", "/계약")
    answer = await AsyncWebhookClient(urls[0]).send(text="글", blocks=[section("")])

    assert (answer.status_code, answer.body) == (400, "invalid_blocks")


# ---- buttons and menus ------------------------------------------------------------------------------------------


async def test_a_press_carries_the_element_the_message_and_the_place(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    bodies: list[Body] = []

    @app.action("press")
    async def on_press(ack: Any, body: Body) -> None:
        bodies.append(body)
        await ack()

    await install(app)
    root = await client.chat_postMessage(channel="#pg-계약", text="뿌리")
    await client.chat_postMessage(
        channel="#pg-계약", text="글", thread_ts=root["ts"], blocks=[actions(button(value="7", style="primary"))]
    )
    message = slack.channel("pg-계약").thread(root["ts"])[1]
    await slack.person("김민지").presses("누르기", message)

    body, action = bodies[0], bodies[0]["actions"][0]
    assert (action["value"], action["style"], action["block_id"]) == ("7", "primary", "actions")
    assert action["action_ts"]
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel_id,
        "is_ephemeral": False,
        "thread_ts": root["ts"],
    }
    assert body["message"]["ts"] == message.ts
    assert body["user"]["username"] == "minji.kim"
    assert body["state"] == {"values": {}}


@pytest.mark.parametrize(
    ("element", "choice", "field", "expected"),
    [
        ({"type": "datepicker"}, "2026-11-27", "selected_date", "2026-11-27"),
        ({"type": "timepicker"}, "09:30", "selected_time", "09:30"),
        ({"type": "datetimepicker"}, MORNING, "selected_date_time", int(MORNING.timestamp())),
        ({"type": "users_select"}, "박준호", "selected_user", "U00000002"),
        ({"type": "conversations_select"}, "일반", "selected_conversation", "C00000002"),
        ({"type": "multi_users_select"}, ["김민지"], "selected_users", ["U00000001"]),
    ],
)
async def test_each_picker_has_its_own_field(
    slack: LocalSlack,
    app: AsyncApp,
    client: AsyncWebClient,
    install: Install,
    element: Body,
    choice: Any,
    field: str,
    expected: Any,
) -> None:
    bodies: list[Body] = []

    @app.action("pick")
    async def on_pick(ack: Any, body: Body) -> None:
        bodies.append(body)
        await ack()

    await install(app)
    await client.chat_postMessage(channel="#pg-계약", text="글", blocks=[actions({**element, "action_id": "pick"})])
    await slack.person("김민지").selects("pick", choice, slack.channel("pg-계약").last)

    assert bodies[0]["actions"][0][field] == expected
    assert bodies[0]["state"]["values"]["actions"]["pick"][field] == expected


async def test_menus_take_only_what_they_offer(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    chosen: list[Any] = []

    @app.action("menu")
    async def on_menu(ack: Any, action: Body) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await install(app)
    options = [{"text": {"type": "plain_text", "text": text}, "value": text} for text in ("신한", "삼성")]
    menu = {"type": "static_select", "action_id": "menu", "options": options}
    await client.chat_postMessage(channel="#pg-계약", text="글", blocks=[actions(menu)])
    minji, message = slack.person("김민지"), slack.channel("pg-계약").last

    await minji.selects("menu", "삼성", message)
    assert chosen == ["삼성"]
    with pytest.raises(LookupError, match=r"no option '현대'; there are: '신한', '삼성'"):
        await minji.selects("menu", "현대", message)


async def test_feedback_buttons_send_the_pressed_one(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    pressed: list[Body] = []

    @app.action("feedback")
    async def on_feedback(ack: Any, action: Body) -> None:
        pressed.append(action)
        await ack()

    await install(app)
    both = {
        name: {"text": {"type": "plain_text", "text": text}, "value": value}
        for name, text, value in (("positive_button", "도움됐어요", "up"), ("negative_button", "아니에요", "down"))
    }
    block = {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "feedback", **both}]}
    await client.chat_postMessage(channel="#pg-계약", text="글", blocks=[block])
    await slack.person("김민지").presses("아니에요", slack.channel("pg-계약").last)

    assert (pressed[0]["value"], pressed[0]["text"]["text"]) == ("down", "아니에요")


async def test_a_button_for_others_is_not_there(slack: LocalSlack, client: AsyncWebClient) -> None:
    minji, junho = slack.person("김민지"), slack.person("박준호")
    only_minji = actions(button("완료", visible_to_user_ids=[minji.id]))
    await client.chat_postMessage(channel="#pg-계약", text="글", blocks=[only_minji])

    with pytest.raises(LookupError, match="'완료' is not there; to be used here: nothing"):
        await junho.presses("완료", slack.channel("pg-계약").last)


async def test_a_missing_button_lists_what_can_be_pressed(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="#pg-계약", text="글", blocks=[actions(button("완료"), button("취소", "no"))])

    with pytest.raises(LookupError, match=r"'환불' is not there; to be used here: '완료' \(press\), '취소' \(no\)"):
        await slack.person("김민지").presses("환불", slack.channel("pg-계약").last)


async def test_an_external_menu_asks_the_app(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    asked: list[Body] = []
    chosen: list[str] = []

    @app.options("card")
    async def on_options(ack: Any, body: Body) -> None:
        asked.append(body)
        await ack(options=[{"text": {"type": "plain_text", "text": "현대카드"}, "value": "hyundai"}])

    @app.action("card")
    async def on_card(ack: Any, action: Body) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await install(app)
    menu = {"type": "external_select", "action_id": "card", "min_query_length": 1}
    await client.chat_postMessage(channel="#pg-계약", text="글", blocks=[actions(menu)])
    minji, message = slack.person("김민지"), slack.channel("pg-계약").last

    assert await minji.suggestions("card", "현", message) == ["현대카드"]
    await minji.selects("card", "현대카드", message)

    assert chosen == ["hyundai"]
    assert asked[0]["value"] == "현"
    assert "trigger_id" not in asked[0]


# ---- modals -----------------------------------------------------------------------------------------------------


@pytest.fixture
async def form(slack: LocalSlack, app: AsyncApp, install: Install) -> AsyncApp:
    """`/계약` opens a modal with one field."""

    @app.command("/계약")
    async def on_command(ack: Any, body: Body, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_field(), notify_on_close=True))
        await ack()

    return app


async def test_a_form_is_filled_and_submitted(slack: LocalSlack, form: AsyncApp, install: Install) -> None:
    submitted: list[Body] = []

    @form.view("form")
    async def on_submit(ack: Any, body: Body) -> None:
        submitted.append(body)
        await ack()

    await install(form)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    await minji.fills(minji.modal, {"상호": "모모상점"})

    assert await minji.submits() is None
    assert minji.modal is None
    assert submitted[0]["view"]["state"]["values"] == {
        "name": {"value": {"type": "plain_text_input", "value": "모모상점"}}
    }
    assert submitted[0]["response_urls"] == []


async def test_an_empty_required_field_is_never_sent(slack: LocalSlack, form: AsyncApp, install: Install) -> None:
    await install(form)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")

    assert await minji.submits() == {"상호": "필수 항목입니다."}
    assert not any(line.title.startswith("view_submission") for line in slack.log.lines)


async def test_errors_of_the_app_stand_under_their_fields(slack: LocalSlack, form: AsyncApp, install: Install) -> None:
    @form.view("form")
    async def on_submit(ack: Any) -> None:
        await ack(response_action="errors", errors={"name": "이미 있는 상호입니다"})

    await install(form)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    await minji.fills(None, {"상호": "모모상점"})

    assert await minji.submits() == {"상호": "이미 있는 상호입니다"}
    assert minji.modal is not None
    assert minji.modal.fields == {"상호": "모모상점"}, "what was typed stays"


async def test_errors_for_an_unknown_block_are_a_broken_answer(
    slack: LocalSlack, form: AsyncApp, install: Install
) -> None:
    @form.view("form")
    async def on_submit(ack: Any) -> None:
        await ack(response_action="errors", errors={"nowhere": "글"})

    await install(form)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    await minji.fills(None, {"상호": "모모상점"})

    with pytest.raises(Refused, match="invalid_response"):
        await minji.submits()
    assert any("nowhere" in line.title for line in slack.log.lines if line.kind == "refused")


@pytest.mark.parametrize(("action", "titles"), [("update", ["확인"]), ("push", ["양식", "확인"]), ("clear", [])])
async def test_an_answer_can_update_push_or_clear(
    slack: LocalSlack, form: AsyncApp, install: Install, action: str, titles: list[str]
) -> None:
    @form.view("form")
    async def on_submit(ack: Any) -> None:
        view = modal(section("맞나요?"), title={"type": "plain_text", "text": "확인"})
        await (ack(response_action=action) if action == "clear" else ack(response_action=action, view=view))

    await install(form)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    await minji.fills(None, {"상호": "모모상점"})
    await minji.submits()

    assert [view.title for view in minji.modals] == titles


@impatiently
async def test_a_form_nobody_answers_stays_open(slack: LocalSlack, form: AsyncApp, install: Install) -> None:
    await install(form)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    await slack.until(lambda: minji.modal)
    await minji.fills(None, {"상호": "모모상점"})

    with pytest.raises(Refused, match="operation_timeout"):
        await minji.submits()
    assert minji.modal is not None


async def test_closing_tells_the_app_when_it_asked(slack: LocalSlack, form: AsyncApp, install: Install) -> None:
    closed: list[Body] = []

    @form.view_closed("form")
    async def on_close(ack: Any, body: Body) -> None:
        closed.append(body)
        await ack()

    await install(form)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    await minji.closes()

    assert minji.modal is None
    assert closed[0]["is_cleared"] is False
    assert "trigger_id" not in closed[0]


async def test_a_trigger_opens_one_modal(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    triggers: list[str] = []

    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    await install(app)
    await slack.person("김민지").commands("pg-계약", "/계약")
    await client.views_open(trigger_id=triggers[0], view=modal())

    assert await error_of(client.views_open(trigger_id=triggers[0], view=modal())) == "exchanged_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


@pytest.mark.parametrize("timing", [Timing(trigger=-1.0)])
async def test_a_trigger_expires(slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install) -> None:
    errors: list[str] = []

    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        await ack()
        errors.append(await error_of(client.views_open(trigger_id=body["trigger_id"], view=modal())))

    await install(app)
    await slack.person("김민지").commands("pg-계약", "/계약")
    await slack.until(lambda: errors)

    assert errors == ["expired_trigger_id"]


async def test_modals_stack_three_high(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    errors: list[str] = []
    deeper = modal(actions(button("더", "deeper")))

    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=deeper)
        await ack()

    @app.action("deeper")
    async def on_deeper(ack: Any, body: Body) -> None:
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=deeper)
        except SlackApiError as error:
            errors.append(error.response["error"])
        await ack()

    await install(app)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    for _ in range(3):
        await minji.presses("더")

    assert len(minji.modals) == 3
    assert errors == ["push_limit_reached"]
    assert minji.modals[2].raw["previous_view_id"] == minji.modals[1].id
    assert minji.modals[2].raw["root_view_id"] == minji.modals[0].id


async def test_opening_from_inside_a_modal_stacks_on_top(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(actions(button())))
        await ack()

    @app.action("press")
    async def on_press(ack: Any, body: Body) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(title={"type": "plain_text", "text": "둘째"}))
        await ack()

    await install(app)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    await minji.presses("누르기")
    assert [view.title for view in minji.modals] == ["양식", "둘째"]

    await minji.closes()
    assert [view.title for view in minji.modals] == ["양식"]


async def test_a_push_needs_a_trigger_from_inside_a_modal(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    errors: list[str] = []

    @app.command("/계약")
    async def on_command(ack: Any, body: Body) -> None:
        errors.append(await error_of(client.views_push(trigger_id=body["trigger_id"], view=modal())))
        await ack()

    await install(app)
    await slack.person("김민지").commands("pg-계약", "/계약")

    assert errors == ["not_found"]


async def test_an_update_keeps_what_was_typed_and_checks_the_hash(
    slack: LocalSlack, form: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    await install(form)
    minji = slack.person("김민지")
    await minji.commands("pg-계약", "/계약")
    view = minji.modal
    assert view is not None
    await minji.fills(view, {"상호": "모모상점"})
    old_hash = view.raw["hash"]
    wider = modal(text_field(), text_field("대표", "owner"))

    await client.views_update(view_id=view.id, hash=old_hash, view=wider)

    assert view.fields == {"상호": "모모상점", "대표": None}
    assert await error_of(client.views_update(view_id=view.id, hash=old_hash, view=wider)) == "hash_conflict"
    assert await error_of(client.views_update(view_id="V404", view=wider)) == "not_found"


async def test_bad_views_are_invalid_arguments_with_their_pointers(client: AsyncWebClient) -> None:
    answer = await refusal(client.views_publish(user_id="U00000001", view={"type": "home", "blocks": [section("")]}))

    assert answer["error"] == "invalid_arguments"
    line = "[ERROR] must be more than 0 characters [json-pointer:/view/blocks/0/text/text]"
    assert line in answer["response_metadata"]["messages"]


async def test_a_view_over_250_kilobytes_is_too_large(client: AsyncWebClient) -> None:
    view = {"type": "home", "blocks": [section("가" * 3000)] * 30}

    assert await error_of(client.views_publish(user_id="U00000001", view=view)) == "view_too_large"


# ---- the app's home ---------------------------------------------------------------------------------------------


async def test_both_tabs_tell_the_app_and_home_carries_its_view(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    opened: list[Body] = []

    @app.event("app_home_opened")
    async def on_open(event: Body) -> None:
        opened.append(event)
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("우리 팀")]})

    await install(app)
    minji = slack.person("김민지")
    await minji.opens_home()
    await slack.until(lambda: minji.home)
    await minji.opens_messages()
    await minji.opens_home()
    await slack.until(lambda: len(opened) == 3)

    assert [event["tab"] for event in opened] == ["home", "messages", "home"]
    assert "view" not in opened[0]
    assert "view" not in opened[1]
    assert opened[2]["view"]["blocks"][0]["text"]["text"] == "우리 팀"
    assert minji.home is not None
    assert minji.home.text == "우리 팀"
    assert slack.person("박준호").home is None


async def test_a_press_at_home_carries_the_view_and_no_channel(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, install: Install
) -> None:
    bodies: list[Body] = []

    @app.action("press")
    async def on_press(ack: Any, body: Body) -> None:
        bodies.append(body)
        await ack()

    await install(app)
    minji = slack.person("김민지")
    await client.views_publish(user_id=minji.id, view={"type": "home", "blocks": [actions(button())]})
    await minji.presses("누르기")

    assert bodies[0]["container"]["type"] == "view"
    assert bodies[0]["view"]["type"] == "home"
    assert not {"channel", "message", "response_url"} & set(bodies[0])


# ---- shortcuts --------------------------------------------------------------------------------------------------


async def test_shortcuts_come_from_the_manifest(manifest_with: Callable[..., Path]) -> None:
    shortcuts = [
        {"name": "새 계약", "type": "global", "callback_id": "new", "description": "새 계약"},
        {"name": "완료로 기록", "type": "message", "callback_id": "record", "description": "기록"},
    ]
    path = manifest_with(features={"shortcuts": shortcuts})
    async with LocalSlack(path, clock=FrozenClock(MORNING), timing=FAST) as slack:
        minji = slack.person("김민지")
        said = await minji.says("pg-계약", "메일 받았어요")

        with pytest.raises(LookupError, match="no shortcut '없음'; there are: 새 계약, 완료로 기록"):
            await minji.runs_shortcut("없음")
        with pytest.raises(Refused, match="unknown_shortcut"):
            await minji.runs_shortcut("완료로 기록")
        with pytest.raises(AssertionError, match="dispatch_failed"):
            await minji.runs_shortcut("완료로 기록", said)

    sent = [line for line in slack.log.lines if line.kind == "unheard" and "message_action" in line.title]
    assert sent, "the message shortcut was tried"

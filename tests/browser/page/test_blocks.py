"""Blocks and elements: each is drawn or named, and what a person does with one reaches the app in Slack's shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.localslack.block_kit.blocks import BLOCKS
from bot.localslack.block_kit.elements import EVERY_ELEMENT
from tests.browser.page.conftest import Draw

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def option(text: str, value: str | None = None) -> Json:
    return {"text": plain(text), "value": value or text}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "block_id": "b", "elements": [{"action_id": "a", **each} for each in elements]}]


def asking(label: str, element: Json, **fields: Any) -> list[Json]:
    return [
        {"type": "input", "block_id": "b", "label": plain(label), "element": {"action_id": "a", **element}, **fields}
    ]


async def sent(page: Page) -> list[Json]:
    await page.wait_for_function("window.sent.length > 0")
    result: list[Json] = await page.evaluate("window.sent")
    return result


async def test_what_the_checker_lets_through_the_page_can_draw(blank: Page) -> None:
    known: list[str] = await blank.evaluate("import('/static/js/blocks/index.js').then(m => Object.keys(m.BLOCK))")
    drawn: list[str] = await blank.evaluate("import('/static/js/elements/index.js').then(m => Object.keys(m.ELEMENT))")
    assert set(BLOCKS) <= set(known)
    # images are drawn by their block; a workflow cannot run here, so its button is named like an unknown element
    assert EVERY_ELEMENT - {"image", "workflow_button"} <= set(drawn)


@pytest.mark.parametrize("kind", ["data_visualization", "constructor", "toString", "__proto__"])
async def test_a_block_that_is_not_known_is_named(draw: Draw, blank: Page, kind: str) -> None:
    await draw("blocks", [{"type": kind, "block_id": "x"}, {"type": "header", "block_id": "h", "text": plain("다음")}])
    await expect(blank.get_by_text(f"[{kind} 블록: 여기서는 그리지 않습니다]")).to_be_visible()
    await expect(blank.get_by_role("heading", name="다음")).to_be_visible()


async def test_a_broken_block_leaves_the_others_alone(draw: Draw, blank: Page) -> None:
    broken = {"type": "context", "block_id": "x", "elements": [None]}
    await draw("blocks", [broken, {"type": "header", "block_id": "h", "text": plain("다음")}])
    await expect(blank.get_by_text("[context 블록: 내용이 잘못되어 그리지 못했습니다]")).to_be_visible()
    await expect(blank.get_by_role("heading", name="다음")).to_be_visible()


async def test_a_button_sends_its_value_and_carries_its_names(draw: Draw, blank: Page) -> None:
    await draw("blocks", actions({"type": "button", "text": plain("다 냈어요"), "value": "papers"}))
    button = blank.get_by_role("button", name="다 냈어요")
    await expect(button).to_have_attribute("data-block", "b")
    await expect(button).to_have_attribute("data-action", "a")
    await button.click()
    assert await sent(blank) == [{"block": "b", "action": "a", "value": {"value": "papers"}}]


async def test_a_button_that_nobody_heard_says_so_beside_it(draw: Draw, blank: Page) -> None:
    await draw("blocks", actions({"type": "button", "text": plain("누르기")}), {"ok": True, "handled": False})
    await blank.get_by_role("button", name="누르기").click()
    await expect(blank.locator("[data-block-id=b]").get_by_role("alert")).to_contain_text("처리한 앱이 없습니다")


async def test_a_dangerous_button_asks_first(draw: Draw, blank: Page) -> None:
    confirm = {
        "title": plain("정말요?"),
        "text": plain("되돌릴 수 없습니다."),
        "confirm": plain("네"),
        "deny": plain("아니요"),
    }
    await blank.evaluate("window.confirmed = false")
    await draw("blocks", actions({"type": "button", "text": plain("지우기"), "confirm": confirm}))
    await blank.get_by_role("button", name="지우기").click()
    await blank.evaluate("window.confirmed = true")
    assert await blank.evaluate("window.sent.length") == 0
    await blank.get_by_role("button", name="지우기").click()
    assert len(await sent(blank)) == 1


async def test_a_menu_is_used_by_keyboard(draw: Draw, blank: Page) -> None:
    options = [option(name) for name in ("신한카드", "삼성카드", "현대카드")]
    await draw("blocks", actions({"type": "static_select", "placeholder": plain("카드사"), "options": options}))
    menu = blank.get_by_role("combobox", name="카드사")
    await menu.focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        await blank.keyboard.press(key)
    await expect(menu).to_have_text("삼성카드")
    await expect(menu).to_be_focused()
    assert (await sent(blank))[0]["value"] == {"selected_option": options[1]}


async def test_a_long_menu_is_searched_and_escape_changes_nothing(draw: Draw, blank: Page) -> None:
    options = [option(f"{number}번 상점") for number in range(1, 31)]
    await draw("blocks", actions({"type": "static_select", "placeholder": plain("상점"), "options": options}))
    await blank.get_by_role("combobox", name="상점").click()
    await blank.get_by_role("searchbox").fill("29")
    await expect(blank.get_by_role("option")).to_have_text(["29번 상점"])
    await blank.keyboard.press("Escape")
    await expect(blank.get_by_role("listbox")).to_have_count(0)
    assert await blank.evaluate("window.sent.length") == 0


async def test_several_options_are_chosen_and_taken_out_again(draw: Draw, blank: Page) -> None:
    options = [option("신한카드"), option("삼성카드")]
    blocks = asking("카드사", {"type": "multi_static_select", "options": options})
    await draw("blocks", blocks)
    await blank.get_by_role("combobox", name="카드사").click()
    for name in ("신한카드", "삼성카드"):
        await blank.get_by_role("option", name=name).click()
    await blank.get_by_role("button", name="완료").click()
    await blank.get_by_role("button", name="신한카드 빼기").click()
    state = json.loads(await draw("state", blocks))
    assert state == {"b": {"a": {"type": "multi_static_select", "selected_options": [options[1]]}}}


async def test_an_external_menu_asks_the_app(draw: Draw, blank: Page) -> None:
    await draw("blocks", actions({"type": "external_select", "placeholder": plain("상점"), "min_query_length": 2}))
    await blank.get_by_role("combobox", name="상점").click()
    await blank.keyboard.type("모모")
    await blank.get_by_role("option", name="모모 상점").click()
    assert (await sent(blank))[0]["value"] == {
        "selected_option": {"text": {"type": "plain_text", "text": "모모 상점"}, "value": "s1"}
    }


async def test_a_day_is_picked_from_a_korean_calendar(draw: Draw, blank: Page) -> None:
    await draw("blocks", actions({"type": "datepicker", "placeholder": plain("낸 날")}))
    await blank.get_by_role("button", name="달력 열기").click()
    await expect(blank.get_by_role("heading", name="2026년 11월")).to_be_visible()
    await expect(blank.get_by_role("columnheader")).to_have_text(["일", "월", "화", "수", "목", "금", "토"])
    await blank.get_by_role("button", name="2026년 11월 27일 (금)").click()
    await expect(blank.get_by_role("textbox", name="낸 날")).to_have_value("2026-11-27")
    assert (await sent(blank))[0]["value"] == {"selected_date": "2026-11-27"}


async def test_a_day_may_be_typed_and_nonsense_is_refused(draw: Draw, blank: Page) -> None:
    await draw("blocks", actions({"type": "datepicker", "placeholder": plain("낸 날")}))
    field = blank.get_by_role("textbox", name="낸 날")
    await field.fill("11월 31일")
    await field.press("Enter")
    await expect(blank.get_by_role("alert")).to_contain_text("2026-11-27처럼")
    await field.fill("11/3")
    await field.press("Enter")
    assert [each["value"] for each in await sent(blank)] == [{"selected_date": "2026-11-03"}]
    await expect(blank.get_by_role("alert")).to_have_count(0)


async def test_a_moment_is_sent_as_seconds_of_the_readers_zone(draw: Draw, blank: Page) -> None:
    blocks = asking("언제", {"type": "datetimepicker", "initial_date_time": 1795480200})
    await draw("blocks", blocks)
    await expect(blank.get_by_role("textbox", name="언제")).to_have_value("2026-11-24")
    await blank.get_by_role("combobox", name="시각").fill("14:30")
    await blank.keyboard.press("Enter")
    state = json.loads(await draw("state", blocks))
    assert state["b"]["a"]["selected_date_time"] == 1795480200 + 5 * 3600


async def test_an_untouched_form_has_slacks_empty_values(draw: Draw) -> None:
    empty: dict[str, Json] = {
        "plain_text_input": {"value": None},
        "datepicker": {"selected_date": None},
        "timepicker": {"selected_time": None},
        "users_select": {"selected_user": None},
        "multi_users_select": {"selected_users": []},
        "channels_select": {"selected_channel": None},
        "static_select": {"selected_option": None},
        "checkboxes": {"selected_options": []},
        "radio_buttons": {"selected_option": None},
    }
    blocks = [asking(kind, {"type": kind, "options": [option("하나")]})[0] | {"block_id": kind} for kind in empty]
    await draw("blocks", blocks)
    state = json.loads(await draw("state", blocks))
    assert state == {kind: {"a": {"type": kind, **value}} for kind, value in empty.items()}


@pytest.mark.parametrize(
    ("element", "typed", "sentence"),
    [
        ({"type": "plain_text_input"}, "", "꼭 적어 주세요."),
        ({"type": "plain_text_input", "min_length": 3}, "가", "3자 이상 적어 주세요."),
        ({"type": "plain_text_input", "max_length": 3}, "가나다라", "3자를 넘을 수 없습니다."),
        ({"type": "email_text_input"}, "minji", "메일 주소 모양이 아닙니다. 예: minji@example.com"),
        ({"type": "url_text_input"}, "example", "웹 주소 모양이 아닙니다. 예: https://example.com"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "소수점 없이 적어 주세요."),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}, "10", "9 이하여야 합니다."),
        ({"type": "email_text_input"}, "minji@example.com", None),
    ],
)
async def test_a_field_says_what_is_wrong_with_it(
    draw: Draw, blank: Page, element: Json, typed: str, sentence: str | None
) -> None:
    blocks = asking("칸", element)
    await draw("blocks", blocks)
    await blank.get_by_role("textbox", name="칸").fill(typed)
    assert json.loads(await draw("errors", blocks)) == ({} if sentence is None else {"b": sentence})


async def test_what_was_typed_survives_a_redraw_unless_the_app_sets_another_value(draw: Draw, blank: Page) -> None:
    await draw("blocks", asking("이름", {"type": "plain_text_input", "initial_value": "모모"}))
    await blank.get_by_role("textbox", name="이름").fill("모모상점")
    await draw("blocks", asking("상호", {"type": "plain_text_input", "initial_value": "모모"}))
    await expect(blank.get_by_role("textbox", name="상호")).to_have_value("모모상점")
    await draw("blocks", asking("상호", {"type": "plain_text_input", "initial_value": "새 이름"}))
    await expect(blank.get_by_role("textbox", name="상호")).to_have_value("새 이름")


async def test_a_plan_counts_what_is_done(draw: Draw, blank: Page) -> None:
    tasks = [
        {"type": "task_card", "task_id": str(number), "title": title, "status": status}
        for number, (title, status) in enumerate([("신청", "complete"), ("서류", "in_progress"), ("심사", "pending")])
    ]
    await draw("blocks", [{"type": "plan", "block_id": "p", "title": "계약", "tasks": tasks}])
    await expect(blank.locator("#place")).to_contain_text("1 / 3")
    await expect(blank.get_by_role("listitem")).to_have_text(["신청완료", "서류진행 중", "심사대기"])


async def test_a_data_table_is_sorted_and_leafed_through(draw: Draw, blank: Page) -> None:
    numbers = [30, 4, 100]
    rows: list[list[Json]] = [[{"type": "raw_text", "text": "상점"}, {"type": "raw_text", "text": "날"}]]
    rows += [
        [{"type": "raw_text", "text": f"상점{n}"}, {"type": "raw_number", "value": n, "text": f"{n}일"}]
        for n in numbers
    ]
    await draw("blocks", [{"type": "data_table", "block_id": "t", "caption": "기다림", "page_size": 2, "rows": rows}])
    await blank.get_by_role("button", name="날").click()
    await expect(blank.get_by_role("cell")).to_have_text(["상점4", "4일", "상점30", "30일"])
    await blank.get_by_role("button", name="다음 쪽").click()
    await expect(blank.get_by_role("cell")).to_have_text(["상점100", "100일"])


async def test_an_image_that_does_not_come_leaves_its_words(draw: Draw, blank: Page) -> None:
    image = {"type": "image", "block_id": "i", "image_url": "http://127.0.0.1:9/none.png", "alt_text": "콘솔의 메뉴"}
    await draw("blocks", [image])
    await expect(blank.get_by_role("img", name="콘솔의 메뉴")).to_contain_text("이미지를 불러오지 못했습니다")

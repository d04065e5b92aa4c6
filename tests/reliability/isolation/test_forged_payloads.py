"""Nothing in a payload is trusted: whoever may not, and whatever we did not offer, gets a sentence and changes nothing.

Every case goes through the real router, and compares the whole database before and after.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.contracts.state import ContractState
from bot.nudges.rules import REASON_GONE
from handlers.blocks.modals import LAST_CHANGE
from handlers.ids import ViewId
from storage.tables import Nudge, NudgeStatus
from tests.reliability.isolation.forger import Forger, option, picked, pointing
from tests.scene import CHANNEL, Scene
from tests.slack_double import running_slack_double

SECRET = "비밀상점"
NO_CONTRACT, NOT_IN_CHANNEL, OUTSIDER = (
    "볼 수 있는 계약이 없습니다",
    "채널에 있는 멤버만",
    "설치한 워크스페이스의 멤버만",
)
GUEST, STALE, ALREADY_DONE = "게스트는 볼 수만", "오래된 버튼", "이미 완료로 기록"
FUTURE = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


@pytest.fixture
async def forger(scene: Scene) -> AsyncIterator[Forger]:
    """Minji's contract in the team's channel, its first step done."""
    await scene.starts_contract(scene.minji)
    await scene.finishes(scene.minji, "신청서 오늘")
    await scene.product.idle()
    async with running_slack_double() as answers:
        yield Forger(scene, answers)


async def secret_contract(scene: Scene, forger: Forger) -> ContractState:
    """In a private channel of Junho's, where Minji is not."""
    channel = scene.slack.add_channel("pg-비밀", members=[scene.junho], private=True, with_app=True)
    await scene.junho.commands(channel, "/계약", "시작")
    await scene.until_modal(scene.junho, "계약 시작")
    await scene.junho.fills(None, {"가맹점 이름": SECRET})
    assert await scene.junho.submits() is None
    await scene.product.idle()
    return forger.state(channel.id)


def changes(forger: Forger, state: ContractState) -> dict[str, str]:
    """Every button that changes a contract, by its action, with a value that would work for a member."""
    nudge = forger.nudge_id(state.id, state.active_steps[0].step.id)
    step = state.active_steps[0].step.id
    return {
        "finish_now": pointing(contract=state.id, step=step),
        "finish_with_earlier": pointing(contract=state.id, step="paperwork"),
        "record_report:1": pointing(contract=state.id, step=step),
        "record_report:2": pointing(contract=state.id, does="take_back", change=forger.change_ids(state.id)[-1]),
        "record_report:3": pointing(contract=state.id, does="assign", person="U0FORGED"),
        "record_report:4": pointing(contract=state.id, does="remind", at=FUTURE),
        "tomorrow": pointing(contract=state.id, nudge=nudge),
        "not_yet": pointing(contract=state.id, nudge=nudge),
        "understood": pointing(contract=state.id, nudge=nudge),
        "send_nudge_again": pointing(contract=state.id, lost=(nudge,)),
        "nudge_received": pointing(contract=state.id, lost=(nudge,)),
        "opened": pointing(contract=state.id),
        "mute_contract": pointing(contract=state.id),
        "unmute_contract": pointing(contract=state.id),
    }


def forms(forger: Forger, state: ContractState) -> dict[ViewId, tuple[dict[str, Any], dict[str, Any]]]:
    """Every form, by its id, with the pointer and the fields that would work for a member."""
    day = {"day": picked("selected_date", "2026-11-23")}
    here = {"contract": state.id, "channel": state.channel_id}
    start = {
        "procedure_id": picked("selected_option", option("kg_mobilians")),
        "merchant": picked("value", "가짜상점"),
        "payment_methods": picked("selected_options", [option("card")]),
    }
    return {
        ViewId.START: ({"channel": state.channel_id}, start),
        ViewId.FINISH: ({**here, "step": state.active_steps[0].step.id}, day),
        ViewId.TAKE_BACK: (
            {**here, "change": forger.change_ids(state.id)[-1]},
            {"what": picked("selected_option", option(LAST_CHANGE))},
        ),
        ViewId.CARD_DECISION: (
            {**here, "shown": [("shinhan", "not_requested")]},
            {"shinhan": picked("selected_option", option("not_wanted")), **day},
        ),
        ViewId.REJECTION: (here, {"shinhan": picked("value", "x")}),
        ViewId.REQUEST_REVIEW: (here, day),
        ViewId.OWNER: (here, {"owner_id": picked("selected_user", "U0FORGED")}),
        ViewId.PAUSE: (here, {}),
        ViewId.RESUME: (here, {}),
        ViewId.CLOSE: (here, {"reason": picked("value", "x")}),
    }


async def everything_is_refused(
    forger: Forger, who: str, state: ContractState, sentence: str, *, channel_id: str | None = None, **how: Any
) -> None:
    """Each button and each form: the sentence, and not a row changed."""
    before, wrong = forger.database(), []
    for action_id, value in changes(forger, state).items():
        told = await forger.presses(who, action_id, value, channel_id=channel_id, **how)
        wrong += [(action_id, told)] if sentence not in told else []
    for view_id, (pointer, values) in forms(forger, state).items():
        told = await forger.submits(who, view_id, pointing(**pointer), values, **how)
        wrong += [(view_id, told)] if sentence not in told else []

    assert wrong == []
    assert forger.database() == before


async def test_the_same_payloads_work_for_a_member(forger: Forger) -> None:
    """What the tests below would not notice: payloads that nobody could use."""
    minji, state = forger.scene.minji.id, forger.state()
    told = await forger.presses(minji, "finish_now", changes(forger, state)["finish_now"])
    assert told == ""
    assert forger.state().step("guidance").is_done

    pointer, values = forms(forger, forger.state())[ViewId.OWNER]
    assert await forger.submits(minji, ViewId.OWNER, pointing(**pointer), values) == ""
    assert forger.state().owner_id == "U0FORGED"


async def test_somebody_of_another_workspace(forger: Forger) -> None:
    await everything_is_refused(forger, forger.scene.minji.id, forger.state(), OUTSIDER, team="T0OTHER")
    before = forger.database()

    for words in ("현황", "이력", "완료 메일 오늘", "내보내기", "목록"):
        assert OUTSIDER in await forger.commands(forger.scene.minji.id, words, team="T0OTHER")
    assert forger.database() == before


async def test_somebody_of_another_channel(forger: Forger) -> None:
    secret = await secret_contract(forger.scene, forger)
    before, minji = forger.database(), forger.scene.minji.id

    for action_id, value in changes(forger, secret).items():
        assert NO_CONTRACT in await forger.presses(minji, action_id, value), action_id
    for view_id, (pointer, values) in forms(forger, secret).items():
        told = await forger.submits(minji, view_id, pointing(**pointer), values)
        assert NOT_IN_CHANNEL in told, (view_id, told)
        if view_id is not ViewId.START:
            mine = pointing(**{**pointer, "channel": forger.channel_id})
            assert NO_CONTRACT in await forger.submits(minji, view_id, mine, values), view_id
    assert forger.database() == before


LOOKS = (
    "finish_step",
    "show_status",
    "show_history",
    "send_picture",
    "send_export",
    "card_decision",
    "request_review",
    "rejection",
    "assign_owner",
    "show_checklist",
)


async def test_nobody_looks_into_another_channel(forger: Forger) -> None:
    secret = await secret_contract(forger.scene, forger)
    before, minji = forger.database(), forger.scene.minji

    for action_id in LOOKS:
        told = await forger.presses(minji.id, action_id, pointing(contract=secret.id, step="application"))
        assert NO_CONTRACT in told, (action_id, told)
        assert SECRET not in told
    for choice in ("take_back", "owner", "pause", "resume", "close", "post_status"):
        menu = {"type": "overflow", "action_id": "more", "selected_option": option(f"{choice}:{secret.id}")}
        assert NO_CONTRACT in await forger.uses(minji.id, menu), choice
    assert minji.modal is None
    assert forger.database() == before


async def test_a_member_who_has_left_the_channel(forger: Forger) -> None:
    """The message still stood on their screen, or the window was open already."""
    minji = forger.scene.minji
    await forger.presses(minji.id, "show_status", pointing(contract=forger.state().id))  # Slack was asked just now
    await minji.leaves(CHANNEL)

    await everything_is_refused(forger, minji.id, forger.state(), NOT_IN_CHANNEL)


async def test_somebody_whose_account_is_closed(forger: Forger) -> None:
    sora = forger.scene.slack.add_person("gone", "나간 사람")
    await sora.joins(CHANNEL)
    forger.scene.slack.workspace.members[sora.id].deleted = True

    await everything_is_refused(forger, sora.id, forger.state(), OUTSIDER)


async def test_a_guest_of_the_channel_looks_and_changes_nothing(forger: Forger) -> None:
    guest = forger.scene.slack.add_person("guest", "김게스트", is_guest=True)
    await forger.scene.minji.invites(CHANNEL, guest)

    await everything_is_refused(forger, guest.id, forger.state(), GUEST)
    before = forger.database()
    assert GUEST in await forger.commands(guest.id, "완료 메일 오늘")
    assert "모모상점" in await forger.commands(guest.id, "이력")
    assert forger.database() == before


@pytest.mark.parametrize("who", ["unknown to us", "known, of another company"])
async def test_a_stranger_of_slack_connect(forger: Forger, who: str) -> None:
    stranger = "U0STRANGER" if who == "unknown to us" else forger.scene.sora.id

    await everything_is_refused(forger, stranger, forger.state(), OUTSIDER, user_team="T0PARTNER")
    before = forger.database()
    posted = len(forger.scene.slack.channel(CHANNEL).messages)
    await forger.mentions(stranger, "우리 지금 어디까지 왔어?", user_team="T0PARTNER")
    await forger.mentions(stranger, "완료 메일 오늘", user_team="T0PARTNER")
    assert len(forger.scene.slack.channel(CHANNEL).messages) == posted, "nobody else reads an answer either"
    assert forger.database() == before


async def test_a_button_of_an_old_message(forger: Forger) -> None:
    """What it offered has happened, was taken back, or is about a contract that is over."""
    scene, minji = forger.scene, forger.scene.minji.id
    state = forger.state()
    with scene.database.writing() as session:
        session.execute(
            update(Nudge)
            .where(col(Nudge.step_id) == "application")
            .values(status=NudgeStatus.SENT, next_at=None, message_ts="1.0", closed_reason=REASON_GONE)
        )
    old = {
        ("finish_now", pointing(contract=state.id, step="application")): ALREADY_DONE,
        ("finish_with_earlier", pointing(contract=state.id, step="application")): ALREADY_DONE,
        ("tomorrow", pointing(contract=state.id, nudge=forger.nudge_id(state.id, "application"))): "바뀐 것이 없습니다",
        ("not_yet", pointing(contract=state.id, nudge=forger.nudge_id(state.id, "application"))): "바뀐 것이 없습니다",
        ("record_report:1", pointing(contract=state.id, does="take_back", change="long ago")): "다른 기록이",
    }
    before = forger.database()
    for (action_id, value), sentence in old.items():
        assert sentence in await forger.presses(minji, action_id, value), action_id
    first = pointing(contract=state.id, channel=forger.channel_id, change="long ago")
    last = {"what": picked("selected_option", option(LAST_CHANGE))}
    assert "다른 기록이" in await forger.submits(minji, ViewId.TAKE_BACK, first, last)
    pointer, values = forms(forger, state)[ViewId.START]
    assert "이미 진행 중인 계약" in await forger.submits(minji, ViewId.START, pointing(**pointer), values)
    assert forger.database() == before

    close = pointing(contract=state.id, channel=forger.channel_id)
    offered = (changes(forger, state), forms(forger, state))
    await forger.submits(minji, ViewId.CLOSE, close, {"reason": picked("value", "x")})
    closed, wrong = forger.database(), []
    for action_id, value in offered[0].items():
        told = await forger.presses(minji, action_id, value)
        wrong += [(action_id, told)] if "끝났거나 종료한" not in told else []
    for view_id, (pointer, values) in offered[1].items():
        if view_id is not ViewId.START:
            told = await forger.submits(minji, view_id, pointing(**pointer), values)
            wrong += [(view_id, told)] if "끝났거나 종료한" not in told else []
    assert wrong == []
    assert forger.database() == closed
    assert scene.minji.modal is None


@pytest.mark.parametrize(
    "torn", ["", "{", "null", "[]", "5", '{"contract": "x"}', '{"contract": 1e99}', '{"contract": -1}', 5, None, ["x"]]
)
async def test_a_window_whose_memory_was_tampered_with(forger: Forger, torn: object) -> None:
    before = forger.database()

    for view_id, (_, values) in forms(forger, forger.state()).items():
        assert STALE in await forger.submits(forger.scene.minji.id, view_id, torn, values), view_id
    assert forger.database() == before


async def test_a_contract_does_not_start_in_a_channel_that_a_window_names(forger: Forger) -> None:
    secret = await secret_contract(forger.scene, forger)
    _, values = forms(forger, secret)[ViewId.START]
    before = forger.database()

    for channel_id in (secret.channel_id, "C0NOWHERE", "D0DIRECT", forger.scene.minji.id, ""):
        told = await forger.submits(forger.scene.minji.id, ViewId.START, pointing(channel=channel_id), values)
        assert NOT_IN_CHANNEL in told, (channel_id, told)
    assert forger.database() == before


async def test_somebody_elses_window(forger: Forger) -> None:
    """Emma is in the workspace, but not in the channel where Minji opened it."""
    emma = forger.scene.slack.add_person("other", "다른 사람")

    await everything_is_refused(forger, emma.id, forger.state(), NOT_IN_CHANNEL)


@pytest.mark.parametrize("value", [None, 5, 1.5, True, ["x"], {"contract": 1}, "", "[]", '{"contract": 99999999999}'])
async def test_a_value_of_another_kind(forger: Forger, value: object) -> None:
    before = forger.database()
    actions = [*changes(forger, forger.state()), *LOOKS, "show_topic:1", "ask_a_person"]

    for action_id in actions:
        told = await forger.presses(forger.scene.minji.id, action_id, value)
        assert STALE in told, (action_id, told)
    assert forger.database() == before


@pytest.mark.parametrize(
    "selected", [None, "close:1", {}, {"value": 3}, {"value": "close"}, {"value": "erase:1"}, {"value": "close:²"}]
)
async def test_a_menu_with_something_else_in_it(forger: Forger, selected: object) -> None:
    before = forger.database()

    told = await forger.uses(
        forger.scene.minji.id, {"type": "overflow", "action_id": "more", "selected_option": selected}
    )

    assert STALE in told
    assert forger.database() == before


WRONG_FIELDS: list[tuple[ViewId, str, object, str]] = [
    (ViewId.FINISH, "day", picked("selected_date", "tomorrow"), STALE),
    (ViewId.FINISH, "day", picked("selected_date", 20261123), STALE),
    (ViewId.FINISH, "day", picked("selected_date", "2099-01-01"), "아직 오지 않은 날"),
    (ViewId.TAKE_BACK, "what", picked("selected_option", option("step:nonsense")), NO_CONTRACT),
    (ViewId.TAKE_BACK, "what", picked("selected_option", LAST_CHANGE), STALE),
    (ViewId.TAKE_BACK, "what", picked("selected_option", option(5)), STALE),
    (ViewId.OWNER, "owner_id", picked("selected_user", "U1> <!channel"), STALE),
    (ViewId.OWNER, "owner_id", picked("selected_user", ["U0MINJI"]), STALE),
    (ViewId.CARD_DECISION, "shinhan", picked("selected_option", option("hacked")), STALE),
    (ViewId.CARD_DECISION, "shinhan", picked("selected_option", "shinhan"), STALE),
    (ViewId.REJECTION, "shinhan", picked("value", 7), STALE),
]


@pytest.mark.parametrize(("view_id", "block", "forged", "sentence"), WRONG_FIELDS)
async def test_a_field_that_our_form_cannot_have_sent(
    forger: Forger, view_id: ViewId, block: str, forged: object, sentence: str
) -> None:
    pointer, values = forms(forger, forger.state())[view_id]
    before = forger.database()

    told = await forger.submits(forger.scene.minji.id, view_id, pointing(**pointer), {**values, block: forged})

    assert sentence in told
    assert forger.database() == before


@pytest.mark.parametrize("values", [None, [], "x", {"day": None}, {"day": []}, {"day": {"value": "x"}}])
async def test_a_form_without_its_fields(forger: Forger, values: object) -> None:
    """Closing a contract needs no field; every form that does is refused, and none is an error."""
    minji, before = forger.scene.minji.id, forger.database()
    needs_fields = (ViewId.TAKE_BACK, ViewId.CARD_DECISION)

    for view_id in needs_fields:
        pointer, _ = forms(forger, forger.state())[view_id]
        told = await forger.submits(minji, view_id, pointing(**pointer), values)
        assert told
        assert "오류 번호" not in told, (view_id, told)
    assert forger.database() == before


@pytest.mark.parametrize(
    ("action_id", "at"),
    [
        ("finish_step", {"step": "nonsense"}),
        ("finish_now", {"step": "nonsense"}),
        ("record_report:1", {"step": "nonsense"}),
        ("record_report:1", {"cards": ("nonsense",), "decision": "approved"}),
        ("record_report:1", {"cards": ("shinhan",), "decision": "nonsense"}),
        ("tomorrow", {"nudge": 2**31 - 1}),
        ("show_topic:1", {"topic": "nonsense"}),
    ],
)
async def test_an_id_that_does_not_exist(forger: Forger, action_id: str, at: dict[str, Any]) -> None:
    before = forger.database()

    told = await forger.presses(forger.scene.minji.id, action_id, pointing(contract=forger.state().id, **at))

    assert told
    assert "오류 번호" not in told
    assert forger.database() == before


async def test_a_question_of_another_channel_is_neither_judged_nor_handed_on(forger: Forger) -> None:
    """A thumb, another topic, or "ask a person" with the id of what was asked where Minji is not."""
    secret = await secret_contract(forger.scene, forger)
    junho = forger.scene.junho
    await junho.commands(forger.scene.slack.channel(secret.channel_id).name, "/계약", "비밀번호가 뭐예요")
    await forger.scene.product.idle()
    with forger.scene.database.reading() as session:
        asked = session.connection().exec_driver_sql("select max(id) from question").scalar_one()
    before = forger.database()

    for value in (f"{asked}:good", f"{asked}:bad"):
        thumb = {"type": "feedback_buttons", "action_id": "feedback", "value": value}
        assert STALE in await forger.uses(forger.scene.minji.id, thumb)
    await forger.presses(forger.scene.minji.id, "none_of_these", pointing(question=asked))
    assert await forger.presses(forger.scene.minji.id, "ask_a_person", pointing(question=asked))
    assert forger.database() == before

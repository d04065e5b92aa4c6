"""Nothing in a payload is trusted: whoever may not, and whatever we did not offer, gets a sentence and changes nothing.

Every case goes through the real router, and compares the whole database before and after. What is sent stands in
payloads.py, who sends it in stage.py.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.nudges.rules import REASON_GONE
from handlers.blocks.modals import LAST_CHANGE
from handlers.commands.words import NudgeWord, Word, read_nudge_words, read_words
from handlers.ids import ActionId, ViewId
from handlers.routes import Kind
from storage.tables import Nudge
from tests.reliability.isolation.forger import Who, option, picked, pointing
from tests.reliability.isolation.payloads import COMMANDS, SHORTCUTS, Right, forms, presses
from tests.reliability.isolation.stage import SECRET, OnStage

NO_CONTRACT, NOT_IN_CHANNEL, OUTSIDER = (
    "볼 수 있는 계약이 없습니다",
    "채널에 있는 멤버만",
    "설치한 워크스페이스의 멤버만",
)
GUEST, STALE, ALREADY_DONE = "게스트는 볼 수만", "오래된 버튼", "이미 완료로 기록"
NO_MANAGER = "온보딩 매니저만"
TOO_LATE = "창을 여는 시간이 지났습니다"
UNEXPECTED = "오류 번호"

WRITES = {Right.CHANGE, Right.SPEAK, Right.HERE, Right.OWN, Right.MANAGE}


def refusal_of(who: Who, right: Right, *, in_view: bool = False) -> str | None:
    """What the person must be told; None where they are told something else, or have the right."""
    if who.is_outsider:
        return OUTSIDER
    if right is Right.MANAGE:
        return NO_MANAGER
    if right is Right.WRITE_ABOUT or (who is Who.ELSEWHERE and right in {Right.CHANGE, Right.LOOK}):
        return NO_CONTRACT
    if right not in {Right.CHANGE, Right.SPEAK}:
        return None
    if who is Who.ELSEWHERE:
        return STALE
    if who is Who.GUEST:
        return GUEST
    return NO_CONTRACT if in_view else NOT_IN_CHANNEL


def is_their_own_to_do(who: Who, right: Right) -> bool:
    """Mute oneself, or judge an answer in the channel that Slack shows."""
    return not who.is_outsider and who is not Who.ELSEWHERE and right in {Right.OWN, Right.HERE}


@pytest.mark.parametrize("who", Who)
async def test_everything_is_refused(forger: OnStage, who: Who) -> None:
    """Each button, each form, each word: the sentence, and not a row changed."""
    known = forger.secret if who is Who.ELSEWHERE else forger.ours
    before, wrong = forger.database(), []

    def note(what: str, told: str, expected: str | None) -> None:
        silent = who is Who.STRANGER and not told  # Slack takes no direct message for somebody whom it does not know
        if (expected or "") not in told and not silent:
            wrong.append((what, told))
        if UNEXPECTED in told or (SECRET in told and who is not Who.OTHER_WORKSPACE):
            wrong.append((what, told))

    for action_id, press in presses(known).items():
        if not is_their_own_to_do(who, press.right):
            told = await forger.uses(who, {"action_id": action_id, **press.action}, view=press.view)
            note(action_id, told, refusal_of(who, press.right, in_view=press.view is not None))
    for view_id, form in forms(known).items():
        told = await forger.submits(who, view_id, form.private_metadata, form.values)
        in_their_window = who is Who.ELSEWHERE and form.right is Right.CHANGE
        note(view_id, told, NOT_IN_CHANNEL if in_their_window else refusal_of(who, form.right))
    for callback_id, (right, message) in SHORTCUTS.items():
        if not is_their_own_to_do(who, right) and who is not Who.ELSEWHERE:
            note(callback_id, await forger.runs(who, callback_id, message), refusal_of(who, right))
    if who is not Who.ELSEWHERE:  # a command names no contract
        for words, right in COMMANDS.items():
            if not is_their_own_to_do(who, right):
                note(words, await forger.commands(who, words), refusal_of(who, right))

    assert wrong == []
    assert forger.database() == before


MUTED = "insert into muted_person (workspace_id, user_id, muted_at) select id, '{minji}', 0 from workspace"
READY_FOR_REVIEW = "update progress set status = 'done', done_on = '2026-11-23' where step_id <> 'card_review'"
GIVEN = {
    ActionId.FINISH_WITH_EARLIER: "update progress set status = 'active' where step_id = 'completion'",
    ActionId.OPENED: "update contract set status = 'live'",
    ActionId.UNMUTE_CONTRACT: "update contract set nudges_muted = true",
    ActionId.UNMUTE_PERSON: MUTED,
    f"{ActionId.ISSUED_ON}:paper_seal_individual": "update contract set business_kind = 'individual'",
    ViewId.REQUEST_REVIEW: READY_FOR_REVIEW,
    ViewId.RESUME: "update contract set status = 'paused'",
    ViewId.REJECTION: READY_FOR_REVIEW + "; update card_review set status = 'rejected' where card_id = 'shinhan'",
    ViewId.START: "update contract set status = 'closed'",
    f"{ActionId.UNTICK}:paper_contract_form": (
        "insert into checklist_tick (workspace_id, contract_id, item_id, ticked_by, ticked_at)"
        " select workspace_id, id, 'paper_contract_form', 'U1', 0 from contract"
    ),
    ActionId.ASK_A_PERSON: "update workspace set help_channel_id = '{channel}'",
    "알림 켜기": "update contract set nudges_muted = true",
    "알림 나만 켜기": MUTED,
}
"""What has to be so that the payload has something to do."""
ONLY_OPENS = {ActionId.OPEN_SETTINGS, ActionId.OPEN_DAYS, ActionId.ANSWER_AGAIN, "알림 설정", "미답변"}
"""A right of its own is needed to see them, and nothing is written by that."""


async def test_the_same_payloads_work_for_whoever_has_the_right(forger: OnStage) -> None:
    """What the tests above would not notice: payloads that nobody could use."""
    useless, as_set = [], forger.database()

    async def tried(what: str, right: Right, sends: Awaitable[str]) -> None:
        if what in GIVEN:
            with forger.scene.database.writing() as session:
                for statement in GIVEN[what].format(minji=forger.minji, channel=forger.channel_id).split(";"):
                    session.connection().exec_driver_sql(statement)
        before = forger.database() if what in GIVEN else as_set
        told = await sends
        if right in WRITES and what not in ONLY_OPENS and forger.database() == before:
            useless.append((what, told))
        if any(refusal in told for refusal in (NO_CONTRACT, NOT_IN_CHANNEL, OUTSIDER, STALE, NO_MANAGER, UNEXPECTED)):
            useless.append((what, told))
        await forger.set_back()

    def whoever_has(right: Right) -> str:
        return forger.scene.junho.id if right in {Right.MANAGE, Right.WRITE_ABOUT} else forger.minji

    for action_id, press in presses(forger.ours).items():
        action = {"action_id": action_id, **press.action}
        await tried(action_id, press.right, forger.uses(whoever_has(press.right), action, view=press.view))
    for view_id, form in forms(forger.ours).items():
        who = whoever_has(form.right)
        await tried(view_id, form.right, forger.submits(who, view_id, form.private_metadata, form.values))
    for callback_id, (right, message) in SHORTCUTS.items():
        await tried(callback_id, right, forger.runs(forger.minji, callback_id, message))
    for words, right in COMMANDS.items():
        await tried(words, right, forger.commands(whoever_has(right), words))

    assert useless == []


# ---- nothing is left out ----------------------------------------------------------------------------------------

EVENTS = {"app_mention", "message", "app_home_opened", "agent_session_stopped"}
"""Forged below."""


def test_everything_that_we_listen_to_has_a_forged_payload(forger: OnStage) -> None:
    routes = forger.scene.product.routes
    listened_to = {kind: {name for one, name in routes.known if one is kind} for kind, _ in routes.known}

    assert listened_to == {
        Kind.PRESS: {action_id.partition(":")[0] for action_id in presses(forger.ours)},
        Kind.SUBMISSION: set(forms(forger.ours)),
        Kind.COMMAND: {"/계약", "/contract"},
        Kind.SHORTCUT: set(SHORTCUTS),
        Kind.EVENT: EVENTS,
    }, "another kind of listener needs its own cases"


def test_every_word_of_the_commands_has_a_forged_payload() -> None:
    typed = [read_words(words) for words in COMMANDS]
    nudge_words = [read_nudge_words(rest) for word, rest in typed if word is Word.NUDGES]

    assert {word for word, _ in typed} == {*Word, None}
    assert {found[0] for found in nudge_words if found} == set(NudgeWord)


# ---- events -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [who for who in Who if who.is_outsider and who is not Who.OTHER_WORKSPACE])
async def test_an_outsider_of_the_channel_reads_no_answer_and_records_nothing(forger: OnStage, who: Who) -> None:
    """In mentions, in a thread of ours, in a direct message, and by opening the app."""
    before = forger.database()
    thread = {"thread_ts": "1795414482.000100"}
    for text in ("<@U0BOT> 우리 지금 어디까지 왔어?", "<@U0BOT> 완료 메일 오늘", "<@U0BOT> 네, 기록해 주세요"):
        for kind, more in (("app_mention", {}), ("message", thread), ("message", {"channel_type": "im"})):
            told = await forger.happens(who, kind, text=text, **more)
            assert not told or OUTSIDER in told
    for channel in ({}, {"channel": "D0FORGED"}):
        assert await forger.happens(who, "agent_session_stopped", **thread, **channel) == ""
    for tab in ("home", "messages"):
        assert "모모상점" not in await forger.happens(who, "app_home_opened", tab=tab, channel="D0FORGED")

    if who is not Who.STRANGER:
        name = forger.scene.slack.workspace.members[forger.people[who]].name
        assert forger.scene.slack.person(name).home is None
    assert forger.database() == before


async def test_app_home_of_somebody_else_shows_what_they_may_see(forger: OnStage) -> None:
    """A manager's views, by a member: filter, search and page travel in the payload, the right to them does not."""
    before = forger.database()
    everything = {**presses(forger.secret), **presses(forger.ours)}
    looks = {
        key: press for key, press in everything.items() if key.startswith((ActionId.HOME_LOOK, ActionId.HOME_STEP))
    }
    assert len(looks) > 5

    for action_id, press in looks.items():
        await forger.uses(forger.minji, {"action_id": action_id, **press.action}, view=press.view)
        seen = str(forger.scene.minji.home.raw) if forger.scene.minji.home else ""
        assert "모모상점" in seen
        assert SECRET not in seen, action_id
        await forger.uses(forger.scene.junho.id, {"action_id": action_id, **press.action}, view=press.view)
        seen = str(forger.scene.junho.home.raw) if forger.scene.junho.home else ""
        assert SECRET in seen or "page" in action_id, "the manager sees it"
    assert forger.database() == before


# ---- windows and buttons that are not what they were ------------------------------------------------------------


async def test_a_window_that_names_our_channel_and_their_contract(forger: OnStage) -> None:
    before = forger.database()

    for view_id, form in forms(forger.secret).items():
        if form.right is Right.CHANGE and view_id is not ViewId.START:
            aimed = form.private_metadata.replace(forger.secret.state.channel_id, forger.channel_id)
            assert NO_CONTRACT in await forger.submits(forger.minji, view_id, aimed, form.values), view_id
    assert forger.database() == before


async def test_a_button_of_an_old_message(forger: OnStage) -> None:
    """What it offered has happened, was taken back, or is about a contract that is over."""
    scene, minji, ours = forger.scene, forger.minji, forger.ours
    with scene.database.writing() as session:
        session.execute(
            update(Nudge)
            .where(col(Nudge.id) == ours.nudge_id)
            .values(rule_id="application_idle", step_id="application", closed_reason=REASON_GONE)
        )
    old = {
        ("finish_now", pointing(contract=ours.id, step="application")): ALREADY_DONE,
        ("finish_with_earlier", pointing(contract=ours.id, step="application")): ALREADY_DONE,
        ("tomorrow", pointing(contract=ours.id, nudge=ours.nudge_id)): "바뀐 것이 없습니다",
        ("not_yet", pointing(contract=ours.id, nudge=ours.nudge_id)): "바뀐 것이 없습니다",
        ("record_report:1", pointing(contract=ours.id, does="take_back", change="long ago")): "다른 기록이",
        ("opened", pointing(contract=ours.id)): "모두 끝난 뒤",
        ("unmute_contract", pointing(contract=ours.id)): "바뀐 것이 없습니다",
        ("send_nudge_again", pointing(contract=ours.id, lost=(ours.nudge_id,))): "바뀐 것이 없습니다",
        ("nudge_received", pointing(contract=ours.id, lost=(ours.nudge_id,))): "바뀐 것이 없습니다",
    }
    before = forger.database()
    for (action_id, value), sentence in old.items():
        assert sentence in await forger.presses(minji, action_id, value), action_id
    first = pointing(contract=ours.id, channel=forger.channel_id, change="long ago")
    last = {"what": picked("selected_option", option(LAST_CHANGE))}
    assert "다른 기록이" in await forger.submits(minji, ViewId.TAKE_BACK, first, last)
    start = forms(ours)[ViewId.START]
    assert "이미 진행 중인 계약" in await forger.submits(minji, ViewId.START, start.private_metadata, start.values)
    assert forger.database() == before


async def test_every_button_of_a_contract_that_is_over(forger: OnStage) -> None:
    scene, minji, ours = forger.scene, forger.minji, forger.ours
    close = pointing(contract=ours.id, channel=forger.channel_id)
    await forger.submits(minji, ViewId.CLOSE, close, {"reason": picked("value", "x")})
    closed, wrong = forger.database(), []
    for action_id, press in presses(ours).items():
        if press.right is Right.CHANGE and not action_id.startswith(ActionId.MORE):
            told = await forger.uses(minji, {"action_id": action_id, **press.action}, view=press.view)
            wrong += [(action_id, told)] if "끝났거나 종료한" not in told else []
    for view_id, form in forms(ours).items():
        if form.right is Right.CHANGE and view_id is not ViewId.START:
            told = await forger.submits(minji, view_id, form.private_metadata, form.values)
            wrong += [(view_id, told)] if "끝났거나 종료한" not in told else []

    assert wrong == []
    assert forger.database() == closed
    assert scene.minji.modal is None


TORN = ["", "{", "null", "[]", "5", '{"contract": "x"}', '{"contract": 1e99}', '{"contract": -1}', 5, None, ["x"]]


async def test_a_window_whose_memory_was_tampered_with(forger: OnStage) -> None:
    before, wrong = forger.database(), []
    for torn in TORN:
        for view_id, form in forms(forger.ours).items():
            told = await forger.submits(forger.minji, view_id, torn, form.values)
            readable = view_id is ViewId.FIND_MERCHANT and torn == ""
            if form.right is not Right.MANAGE and not readable and STALE not in told:
                wrong.append((torn, view_id, told))

    assert wrong == []
    assert forger.database() == before


async def test_a_contract_does_not_start_in_a_channel_that_a_window_names(forger: OnStage) -> None:
    values, before = forms(forger.ours)[ViewId.START].values, forger.database()

    for channel_id in (forger.secret.state.channel_id, "C0NOWHERE", "D0DIRECT", forger.minji):
        told = await forger.submits(forger.minji, ViewId.START, pointing(channel=channel_id), values)
        assert NOT_IN_CHANNEL in told, (channel_id, told)
    for chosen in (forger.secret.state.channel_id, "C0NOWHERE", 7, None):
        field = {"channel_id": picked("selected_conversation", chosen)}
        told = await forger.submits(forger.minji, ViewId.START, pointing(), values | field)
        assert "함께 들어가 있는 채널" in told or STALE in told, (chosen, told)
    assert forger.database() == before


VALUES = [None, 5, ["x"], {"contract": 1}, "", "[]", "{", '{"contract": 99999999999}', '{"contract": 1, "hack": 1}']
READS_ITS_VALUE = {Right.CHANGE, Right.LOOK, Right.SPEAK, Right.WRITE_ABOUT}


async def test_a_value_of_another_kind(forger: OnStage) -> None:
    before, wrong = forger.database(), []
    for value in VALUES:
        for action_id, press in presses(forger.ours).items():
            if press.right in READS_ITS_VALUE and press.action["type"] == "button":
                told = await forger.presses(forger.minji, action_id, value, view=press.view)
                wrong += [(value, action_id, told)] if STALE not in told else []
        for action_id in ("show_topic:1", "ask_a_person", "answer_again", "home_look:1", "remove_day"):
            told = await forger.presses(forger.minji, action_id, value)
            readable = action_id == "home_look:1" and value == ""
            wrong += [(value, action_id, told)] if STALE not in told and not readable else []

    assert wrong == []
    assert forger.database() == before


CHOICES = [None, "close:1", {}, {"value": 3}, {"value": "close"}, {"value": "erase:1"}, {"value": "close:²"}]


async def test_a_menu_with_something_else_in_it(forger: OnStage) -> None:
    before = forger.database()
    for selected in CHOICES:
        for action_id in ("more", "business_kind"):
            menu = {"type": "overflow", "action_id": action_id, "selected_option": selected}
            assert STALE in await forger.uses(forger.minji, menu), (action_id, selected)

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
    (ViewId.SETTINGS, "managers", picked("selected_users", "U0FORGED"), STALE),
    (ViewId.SETTINGS, "managers", picked("selected_users", ["U1> <!channel"]), STALE),
    (ViewId.SETTINGS, "managers", picked("selected_users", [7]), STALE),
    (ViewId.SETTINGS, "opens", picked("selected_time", 9), STALE),
    (ViewId.SETTINGS, "opens", picked("selected_time", "nine"), STALE),
    (ViewId.SETTINGS, "help_channel_id", picked("selected_conversation", {"id": "C1"}), STALE),
    (ViewId.SETTINGS, "help_channel_id", picked("selected_conversation", "C1> <!channel"), STALE),
    (ViewId.SETTINGS, "zone", picked("selected_option", option("../etc/passwd")), "시간대"),
    (ViewId.DAYS, "day", picked("selected_date", "12/24"), STALE),
    (ViewId.DAYS, "note", picked("value", ["x"]), STALE),
]


async def test_a_field_that_our_form_cannot_have_sent(forger: OnStage) -> None:
    before, wrong = forger.database(), []
    for view_id, block, forged, sentence in WRONG_FIELDS:
        form = forms(forger.ours)[view_id]
        who = forger.scene.junho.id if form.right is Right.MANAGE else forger.minji
        told = await forger.submits(who, view_id, form.private_metadata, {**form.values, block: forged})
        wrong += [(view_id, block, forged, told)] if sentence not in told else []

    assert wrong == []
    assert forger.database() == before


@pytest.mark.parametrize("values", [None, [], "x", {"day": None}, {"day": []}, {"day": {"value": "x"}}])
async def test_a_form_without_its_fields(forger: OnStage, values: object) -> None:
    """Closing a contract needs no field; every form that does is refused, and none is an error."""
    before = forger.database()

    for view_id in (ViewId.TAKE_BACK, ViewId.CARD_DECISION, ViewId.SETTINGS, ViewId.DAYS):
        form = forms(forger.ours)[view_id]
        who = forger.scene.junho.id if form.right is Right.MANAGE else forger.minji
        told = await forger.submits(who, view_id, form.private_metadata, values)
        assert told
        assert UNEXPECTED not in told, (view_id, told)
    assert forger.database() == before


NONSENSE: list[tuple[str, dict[str, Any]]] = [
    ("finish_step", {"step": "nonsense"}),
    ("finish_now", {"step": "nonsense"}),
    ("record_report:1", {"step": "nonsense"}),
    ("record_report:1", {"cards": ("nonsense",), "decision": "approved"}),
    ("record_report:1", {"cards": ("shinhan",), "decision": "nonsense"}),
    ("tomorrow", {"nudge": 2**31 - 1}),
    ("send_nudge_again", {"lost": (2**31 - 1,)}),
    ("show_topic:1", {"topic": "nonsense"}),
    ("tick", {"step": "nonsense", "item": "paper_contract_form"}),
    ("tick", {"step": "paperwork", "item": "nonsense"}),
    ("show_checklist", {"step": "nonsense"}),
]


async def test_an_id_that_does_not_exist(forger: OnStage) -> None:
    before = forger.database()
    for action_id, at in NONSENSE:
        told = await forger.presses(forger.minji, action_id, pointing(contract=forger.ours.id, **at))
        assert told, action_id
        assert UNEXPECTED not in told, (action_id, told)

    assert forger.database() == before


async def test_ids_of_another_contract_behind_the_id_of_our_own(forger: OnStage) -> None:
    before, secret = forger.database(), forger.secret
    theirs: list[tuple[str, dict[str, Any]]] = [
        (ActionId.TOMORROW, {"nudge": secret.nudge_id}),
        (ActionId.NOT_YET, {"nudge": secret.nudge_id}),
        (ActionId.CARD_DECISION, {"nudge": secret.nudge_id}),
        (ActionId.SEND_AGAIN, {"lost": (secret.lost_id,)}),
        (ActionId.RECEIVED, {"lost": (secret.lost_id,)}),
        (f"{ActionId.CONFIRM_OFFER}:1", {"does": "take_back", "change": secret.changes[-1]}),
        (ActionId.NONE_OF_THESE, {"question": secret.question_id}),
        (ActionId.ASK_A_PERSON, {"question": secret.question_id}),
        (ActionId.ANSWER_AGAIN, {"question": secret.question_id}),
        (ActionId.SHARE_ANSWER, {"question": secret.question_id, "about": "1.0"}),
    ]
    for action_id, at in theirs:
        told = await forger.presses(forger.minji, action_id, pointing(contract=forger.ours.id, **at))
        assert told, action_id
        assert UNEXPECTED not in told, (action_id, told)
        assert SECRET not in told, (action_id, told)

    assert forger.database() == before

"""Whatever is stored, every message and view that we build stays inside Slack's limits and pings nobody by accident."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.contracts.checklists import AgeingPaper, TeamChecklists, Tick
from bot.contracts.closing import closing
from bot.contracts.desk import Change, ChangeKind
from bot.contracts.outlook import Outlook
from bot.contracts.reading import Page
from bot.contracts.refusals import AlreadyDone, NotYetPossible, Refused
from bot.nudges.answering import Upcoming
from bot.nudges.calendar import AS_USUAL
from bot.nudges.delivery import Answer, AnswerKind, DueNudge, GivenUp, Parcel
from bot.nudges.lost import LostNudge
from bot.overview import PAGE, Look, OpenNudge, Overview, Scope
from bot.procedure.model import BusinessKind
from bot.procedure.reminders import Called
from bot.texts.catalogue import Speaker
from bot.workspaces.settings import WorkspaceSettings
from handlers.blocks import modals
from handlers.blocks.card_modals import board_modal, rejection_modal
from handlers.blocks.cards import card_board
from handlers.blocks.changes import announcement, refusal
from handlers.blocks.checklists import checklists_modal
from handlers.blocks.closing import closing_message
from handlers.blocks.home import home_blocks
from handlers.blocks.home_of_workspace import contract_modal, find_modal, workspace_blocks
from handlers.blocks.lists import (
    checklists,
    contract_list,
    help_message,
    history_list,
    history_modal,
)
from handlers.blocks.lost_nudges import decided_message, lost_message
from handlers.blocks.nudges import nudge_message, upcoming_nudges
from handlers.blocks.parts import clip, escape, home
from handlers.blocks.prompts import suggested_prompts
from handlers.blocks.settings import days_modal, settings_modal
from handlers.blocks.status import status_message, status_modal, superseded_message
from handlers.ids import ViewId
from handlers.values import Pointer
from storage.tables import CardStatus, ContractStatus, History, Question, SpecialDay
from tests.unit.handlers.soundness import TEXTS, assert_sound_message, assert_sound_view, some_settings, speakers
from tests.unit.handlers.states import PROCEDURE, hostile, names, outlooks, reasons

OF_CHECKLISTS = {ChangeKind.TICKED, ChangeKind.UNTICKED, ChangeKind.PAPER_DATED, ChangeKind.BUSINESS_KIND}
happenings = st.lists(st.tuples(st.sampled_from(list(ChangeKind)), reasons), max_size=20)


@given(outlooks(), speakers)
@some_settings
def test_messages_about_a_contract(outlook: Outlook, say: Speaker) -> None:
    assert_sound_message(status_message(outlook, say))
    assert_sound_message(status_message(outlook, say, link="https://slack.example/archives/C1/p1"))
    assert_sound_view(status_modal(outlook, say))
    assert_sound_message(card_board(outlook, say))
    assert_sound_message(superseded_message(outlook.state, "https://slack.example/archives/C1/p1", say))


@given(outlooks(), names.map(escape), speakers)
@some_settings
def test_the_look_back_on_a_contract(outlook: Outlook, who: str, say: Speaker) -> None:
    state = replace(outlook.state, status=ContractStatus.LIVE, opened_on=outlook.today)
    rows = [
        History(
            id=number, workspace_id="T", contract_id=1, change_id=f"c{number}", at=datetime(2026, 11, 23, tzinfo=UTC),
            actor=f"U{number % 30}", kind=ChangeKind.FINISHED,
        )
        for number in range(60)
    ]  # fmt: skip
    look_back = closing(replace(outlook, state=state), rows)
    names = {share.user_id: who for share in look_back.people}

    assert_sound_message(closing_message(state, look_back, who=who, names=names, say=say))


@given(outlooks(), outlooks(), names.map(escape), speakers, st.sampled_from(list(ChangeKind)))
@some_settings
def test_announcements(before: Outlook, after: Outlook, who: str, say: Speaker, kind: ChangeKind) -> None:
    if kind in {ChangeKind.WENT_LIVE, ChangeKind.NUDGE_ANSWERED, ChangeKind.SNOOZED, *OF_CHECKLISTS}:
        return  # written into the history only
    decided = [card for card in after.state.cards if card.status is not CardStatus.NOT_REQUESTED]
    cards = tuple(card.card.id for card in decided[:3])
    if kind is ChangeKind.CARD_DECIDED and not cards:
        return
    change = Change(kind, before.state, after.state, steps=("application", "guidance"), cards=cards, day=after.today)

    assert_sound_message(announcement(change, after, who, say))


answers = st.none() | st.builds(
    Answer,
    st.sampled_from(list(AnswerKind)),
    st.just("U0MINJI"),
    st.none() | st.just(datetime(2026, 11, 25, tzinfo=UTC)),
)


@given(outlooks(), st.integers(1, 10**9), answers, st.booleans())
@some_settings
def test_every_nudge_of_the_procedure(outlook: Outlook, nudge_id: int, answer: Answer | None, is_settled: bool) -> None:
    due = [
        DueNudge(nudge_id + number, "public", 1, rule, step.id, date(2026, 11, 23), answer, is_settled)
        for number, (step, rule) in enumerate((step, rule) for step in PROCEDURE.steps for rule in step.nudges)
    ]
    for nudge in due:
        assert_sound_message(nudge_message(Parcel(outlook, (nudge,)), TEXTS))
    calls = tuple(f"U{number}" for number in range(30))
    assert_sound_message(nudge_message(Parcel(outlook, tuple(due), calls, Called.MANAGERS), TEXTS))
    assert PROCEDURE.digest is not None
    step = outlook.state.current or outlook.state.steps[0]
    digest = DueNudge(nudge_id - 1, "public", 1, PROCEDURE.digest, step.step.id, date(2026, 11, 23))
    assert_sound_message(nudge_message(Parcel(outlook, (digest,)), TEXTS))
    assert_sound_message(nudge_message(Parcel(outlook, (*due[:3], digest)), TEXTS))


@given(outlooks(), names.map(escape), hostile | names, speakers)
@some_settings
def test_what_may_not_have_arrived(outlook: Outlook, who: str, title: str, say: Speaker) -> None:
    due = tuple(
        DueNudge(number, "public", 1, rule, step.id, date(2026, 11, 23))
        for number, (step, rule) in enumerate(((step, rule) for step in PROCEDURE.steps for rule in step.nudges), 1)
    )
    for reason in ("unverified", "expired", "is_archived", "invalid_blocks"):
        assert_sound_message(lost_message(GivenUp(reason, Parcel(outlook, due)), say))
    for key in ("sent_again", "taken_as_received"):
        assert_sound_message(decided_message(outlook.state, key, who, say))
    assert_sound_view(modals.notice_modal(title * 9, say("error.unexpected", error_id="0" * 8), say))


def seen_by_manager(shown: list[Outlook], *, search: str = "", more: int = 0) -> Overview:
    look = Look(scope=Scope.WORKSPACE, step="guidance", search=search, page=1)
    states = [one.state for one in shown]
    return Overview(look, "U0MINJI", True, PAGE + len(shown) + more, states, PROCEDURE.steps)


def seen_by_owner(shown: list[Outlook], question: str) -> Overview:
    """With as much as can stand on one Home."""
    states = [one.state for one in shown]
    rules = [rule for step in PROCEDURE.steps for rule in step.nudges]
    asked_at = datetime(2026, 11, 23, tzinfo=UTC)
    lost = [LostNudge(number, rules[0], "unverified", states[0]) for number in range(1, 9) if states]
    open_nudges = [OpenNudge(rule, states[0], asked_at) for rule in rules if states]
    answered = [
        Question(id=number, workspace_id="T", channel_id="C", user_id="U", asked_at=asked_at, text=question,
                 outcome="answer", topic="topic")
        for number in range(1, 4)
    ]  # fmt: skip
    step = PROCEDURE.step("paperwork")
    paper = step.checklists[0].items[0]
    ageing = [
        AgeingPaper(state, step, paper, date(2026, 12, 1), number % 2 == 0) for number, state in enumerate(states)
    ]
    look = Look(scope=Scope.MINE, page=1)
    return Overview(look, "U0MINJI", True, 200, states, (), lost, open_nudges, ageing, answered)


@given(st.lists(outlooks(), max_size=PAGE), hostile | names, names, speakers)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_home_and_lists_of_many_contracts(shown: list[Outlook], typed: str, title: str, say: Speaker) -> None:
    own = home_blocks(seen_by_owner(shown, typed * 40), shown, {"topic": title}, say)
    assert_sound_view(home(own, private_metadata="{}"))
    assert_sound_view(home(workspace_blocks(seen_by_manager(shown, search=typed[:80], more=500), shown, say)))
    assert_sound_message(contract_list(shown, say))


some_ticks = st.builds(
    Tick,
    by=st.none() | st.just("U0MINJI"),
    at=st.none() | st.just(datetime(2026, 11, 25, tzinfo=UTC)),
    issued_on=st.none() | st.dates(date(2026, 6, 1), date(2026, 11, 25)),
)
every_item = [item.id for step in PROCEDURE.steps for one in step.checklists for item in one.items]


@given(
    outlooks(),
    st.dictionaries(st.sampled_from(every_item), some_ticks),
    st.none() | st.sampled_from(BusinessKind),
    speakers,
)
@some_settings
def test_checklists_of_every_step(
    outlook: Outlook, ticks: dict[str, Tick], kind: BusinessKind | None, say: Speaker
) -> None:
    state = replace(outlook.state, business_kind=kind)
    for step in PROCEDURE.steps:
        assert_sound_view(checklists_modal(TeamChecklists(state, step, ticks, outlook.today), outlook, say))


@given(outlooks(), names, happenings, st.booleans(), speakers)
@some_settings
def test_windows_of_a_manager(
    outlook: Outlook, search: str, happened: list[tuple[ChangeKind, str]], more: bool, say: Speaker
) -> None:
    assert_sound_view(find_modal(Look(scope=Scope.WORKSPACE, search=search[:80], step="guidance"), say))
    page = Page(outlook.state, _rows(outlook, happened[:5]), has_older=more, has_newer=False)
    assert_sound_view(contract_modal(outlook, page, say, TEXTS.speaker(outlook.state.language)))


@given(outlooks())
@settings(max_examples=5)
def test_many_contracts_say_how_many_are_left_out(outlook: Outlook) -> None:
    say = TEXTS.speaker("ko")
    shown = [outlook] * PAGE

    own = home(home_blocks(seen_by_owner(shown, "질문"), shown, {"topic": "제목"}, say))

    assert_sound_view(own)
    assert len(own["blocks"]) < 100, "nothing is cut off at the end"
    assert f"{200 - 2 * PAGE}건 더" in json.dumps(own, ensure_ascii=False)
    assert_sound_message(contract_list([outlook] * 200, say))


@given(outlooks(), speakers)
@some_settings
def test_modals(outlook: Outlook, say: Speaker) -> None:
    state, today = outlook.state, outlook.today
    pointer = Pointer(contract=state.id, channel="C" * 12, step="application", change="c" * 36, home=True)
    for where in (pointer, Pointer(home=True)):
        assert_sound_view(modals.start_modal([PROCEDURE], user_id="U1", pointer=where, say=say))
    for step in state.steps:
        missing = [other.step for other in state.steps if not other.is_done]
        view = modals.finish_modal(state, step, day=today, missing=missing, pointer=pointer, say=say)
        assert_sound_view(view)
    assert_sound_view(modals.take_back_modal(state, last="가" * 200, pointer=pointer, say=say))
    assert_sound_view(modals.take_back_modal(state, last=None, pointer=pointer, say=say))
    if state.cards:
        assert_sound_view(board_modal(state, today=today, pointer=pointer, say=say))
        assert_sound_view(rejection_modal(state, state.cards, pointer=pointer, say=say))
    assert_sound_view(modals.request_review_modal(state, today=today, pointer=pointer, say=say))
    assert_sound_view(modals.owner_modal(state, pointer=pointer, say=say))
    for view_id in (ViewId.PAUSE, ViewId.RESUME, ViewId.CLOSE):
        assert_sound_view(modals.confirm_modal(view_id, state, pointer=pointer, say=say))


def _rows(outlook: Outlook, happened: list[tuple[ChangeKind, str]]) -> list[History]:
    return [
        History(
            id=number,
            workspace_id="T",
            contract_id=1,
            change_id="c",
            at=datetime(2026, 11, 23, tzinfo=UTC),
            actor="U0MINJI",
            kind=kind,
            step_id="application",
            card_id="shinhan",
            day=outlook.today,
            details={"reason": reason, "decision": "approved"},
        )
        for number, (kind, reason) in enumerate(happened, start=1)
    ]


@given(outlooks(), happenings, speakers)
@some_settings
def test_history(outlook: Outlook, happened: list[tuple[ChangeKind, str]], say: Speaker) -> None:
    rows = _rows(outlook, happened)
    message = history_list(Page(outlook.state, rows, has_older=bool(rows), has_newer=bool(rows)), say)
    assert_sound_message(message)
    assert_sound_view(history_modal(message, say))


special_days = st.builds(
    SpecialDay,
    workspace_id=st.just("T0MOMO"),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    is_off=st.booleans(),
    note=st.just("") | names,
    entered_by=st.just("U0MINJI"),
    entered_at=st.just(datetime(2026, 11, 25, tzinfo=UTC)),
)


@given(
    st.lists(special_days, max_size=90, unique_by=lambda day: day.day),
    st.sampled_from(["Asia/Seoul", "America/Argentina/Buenos_Aires"]),
    st.none() | st.sampled_from(["ko", "en"]),
    st.lists(st.integers(1, 99).map(lambda number: f"U{number}"), max_size=20, unique=True),
    speakers,
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_windows_of_the_settings(
    days: list[SpecialDay], zone: str, language: str | None, managers: list[str], say: Speaker
) -> None:
    found = WorkspaceSettings("T0MOMO", zone, AS_USUAL, days, language, None, managers)

    assert_sound_view(settings_modal(found, user_id="U0MINJI", pointer=Pointer(), say=say))
    assert_sound_view(days_modal(found, today=date(2026, 11, 23), say=say))


@given(outlooks(), speakers, st.booleans(), st.booleans())
@some_settings
def test_planned_reminders(outlook: Outlook, say: Speaker, snoozed: bool, person_muted: bool) -> None:
    when = datetime(2026, 11, 25, tzinfo=UTC)
    coming = [
        Upcoming(rule, step, date(2026, 11, 20), when, snoozed) for step in PROCEDURE.steps for rule in step.nudges
    ]

    assert_sound_message(upcoming_nudges(outlook.state, coming, say, person_muted=person_muted))


def test_papers_and_help() -> None:
    for language in ("ko", "en"):
        say = TEXTS.speaker(language)
        assert_sound_message(checklists(PROCEDURE.step("paperwork"), say))
        assert_sound_message(help_message("/계약", say, has_contract=False))


@given(outlooks())
@settings(max_examples=2)
def test_prompts_are_at_most_four(outlook: Outlook) -> None:
    for states in ([], [outlook.state]):
        assert len(suggested_prompts(states, TEXTS.speaker("ko"))["prompts"]) <= 4


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_refusal_has_its_sentence(language: str) -> None:
    import bot.contracts.refusals
    import handlers.actions.asking
    import handlers.opening
    import handlers.values

    say = TEXTS.speaker(language)
    plain = [
        kind
        for module in (bot.contracts.refusals, handlers.actions.asking, handlers.opening, handlers.values)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Refused) and kind is not Refused and "__init__" not in vars(kind)
    ]
    for kind in plain:
        assert refusal(kind(), say)
    step = PROCEDURE.steps[0]
    assert step.title.in_language(language) in refusal(AlreadyDone(step, by=None, on=date(2026, 11, 23)), say)
    assert step.title.in_language(language) in refusal(NotYetPossible(PROCEDURE.steps[1], (step,)), say)


@given(st.text(max_size=300), st.integers(min_value=1, max_value=200))
def test_clipping_counts_as_slack_may_count(text: str, limit: int) -> None:
    clipped = clip(text, limit)

    assert len(clipped.encode("utf-16-le")) // 2 <= limit
    assert clipped == text or clipped.endswith("…")


@given(st.text())
def test_escaped_text_holds_no_control_sequence(text: str) -> None:
    assert not re.search(r"[<>]", escape(text))

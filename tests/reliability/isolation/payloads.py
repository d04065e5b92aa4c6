"""One forged payload at least for everything that the product listens to: it would work for whoever has the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.overview import Look, Scope
from handlers.blocks.home_of_workspace import EVERY_STEP
from handlers.blocks.modals import LAST_CHANGE
from handlers.ids import ActionId, ShortcutId, ViewId
from tests.reliability.isolation.forger import option, picked, pointing
from tests.reliability.isolation.stage import SECRET, Known

FUTURE = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
DAY = {"day": picked("selected_date", "2026-11-23")}


class Right(StrEnum):
    CHANGE = "changes a contract: full members of the workspace who are in its channel now"
    LOOK = "shows something of a contract: whoever Slack shows its channel"
    HERE = "answers to what was asked here: whoever Slack shows the channel, or only the one who asked"
    SPEAK = "their own answer, for everybody of the channel: full members who are in it now"
    WRITE_ABOUT = "a message about any contract: the workspace's managers"
    MANAGE = "the workspace's settings: its managers"
    OWN = "about nobody but the person who presses"
    HARMLESS = "shows and changes nothing that is anybody's"


@dataclass(frozen=True)
class Press:
    right: Right
    action: dict[str, Any]
    view: dict[str, Any] | None = None
    """where the button stands, if not in a message of the channel"""


@dataclass(frozen=True)
class Form:
    right: Right
    private_metadata: str
    values: dict[str, Any]


def button(right: Right, value: object = "", *, view: dict[str, Any] | None = None) -> Press:
    return Press(right, {"type": "button", "value": value, "text": {"text": "x"}}, view)


def menu(right: Right, value: str, *, view: dict[str, Any] | None = None) -> Press:
    return Press(right, {"type": "static_select", "selected_option": option(value)}, view)


def presses(known: Known) -> dict[str, Press]:
    """By action id; what goes on after a colon tells payloads of one id apart, as our own buttons do."""
    return {
        **_changes(known),
        **_checklists(known),
        **_looks(known),
        **_answers(known),
        **_home(known),
        **_settings(),
        ActionId.MUTE_PERSON: button(Right.OWN, pointing(contract=known.id)),
        ActionId.UNMUTE_PERSON: button(Right.OWN, pointing(contract=known.id)),
        ActionId.START_CONTRACT: button(Right.HARMLESS),
        ActionId.DISMISS: button(Right.HARMLESS),
        ActionId.OPEN_LINK: button(Right.HARMLESS),
    }


def _changes(known: Known) -> dict[str, Press]:
    at: Callable[..., str] = lambda **what: pointing(contract=known.id, **what)  # noqa: E731
    values = {
        ActionId.FINISH_NOW: at(step=known.step),
        ActionId.FINISH_WITH_EARLIER: at(step="completion"),
        f"{ActionId.CONFIRM_OFFER}:step": at(step=known.step),
        f"{ActionId.CONFIRM_OFFER}:take_back": at(does="take_back", change=known.changes[-1]),
        f"{ActionId.CONFIRM_OFFER}:assign": at(does="assign", person="U0FORGED"),
        f"{ActionId.CONFIRM_OFFER}:remind": at(does="remind", at=FUTURE),
        ActionId.TOMORROW: at(nudge=known.nudge_id),
        ActionId.NOT_YET: at(nudge=known.nudge_id),
        ActionId.UNDERSTOOD: at(nudge=known.nudge_id),
        ActionId.SEND_AGAIN: at(lost=(known.lost_id,)),
        ActionId.RECEIVED: at(lost=(known.lost_id,)),
        f"{ActionId.CARD_DECISION}:of a reminder": at(nudge=known.nudge_id),
        f"{ActionId.REQUEST_REVIEW}:of a reminder": at(nudge=known.nudge_id),
        ActionId.OPENED: at(),
        ActionId.MUTE_CONTRACT: at(),
        ActionId.UNMUTE_CONTRACT: at(),
    }
    found = {action_id: button(Right.CHANGE, value) for action_id, value in values.items()}
    found[f"{ActionId.SEND_AGAIN}:home"] = button(Right.CHANGE, at(lost=(known.lost_id,), home=True), view=_on_home())
    found[f"{ActionId.MORE}:post"] = _more(known, "post_status", Right.CHANGE)
    return found


def _checklists(known: Known) -> dict[str, Press]:
    """In the window that a team has open; its memory names the contract."""
    item, seal = "paper_contract_form", "paper_seal_individual"
    window = {
        "type": "modal",
        "private_metadata": pointing(contract=known.id, channel=known.state.channel_id, step=known.step),
    }
    on = {"contract": known.id, "step": known.step}
    dated = {"type": "datepicker", "selected_date": "2026-11-02"}
    box = {"type": "checkboxes", "selected_options": [option(item)]}
    return {
        f"{ActionId.CHECK}:{item}": Press(Right.CHANGE, box, window),
        f"{ActionId.TICK}:{item}": button(Right.CHANGE, pointing(**on, item=item), view=window),
        f"{ActionId.UNTICK}:{item}": button(Right.CHANGE, pointing(**on, item=item), view=window),
        f"{ActionId.ISSUED_ON}:{seal}": Press(Right.CHANGE, dated, window),
        ActionId.BUSINESS_KIND: menu(Right.CHANGE, "individual", view=window),
    }


def _looks(known: Known) -> dict[str, Press]:
    here = pointing(contract=known.id, step="development")
    found = {
        action_id: button(Right.LOOK, here)
        for action_id in (
            ActionId.FINISH_STEP,
            ActionId.SHOW_STATUS,
            ActionId.SHOW_HISTORY,
            ActionId.SHOW_CHECKLIST,
            ActionId.SEND_PICTURE,
            ActionId.SEND_EXPORT,
            ActionId.CARD_DECISION,
            ActionId.REQUEST_REVIEW,
            ActionId.REJECTION,
            ActionId.OWNER,
        )
    }
    older = pointing(contract=known.id, before=2**31 - 1)
    found[f"{ActionId.SHOW_HISTORY}:older"] = button(Right.LOOK, older)
    for choice in ("take_back", "owner", "pause", "resume", "close"):
        found[f"{ActionId.MORE}:{choice}"] = _more(known, choice, Right.LOOK)
    return found


def _more(known: Known, choice: str, right: Right) -> Press:
    return Press(right, {"type": "overflow", "selected_option": option(f"{choice}:{known.id}")})


def _answers(known: Known) -> dict[str, Press]:
    asked, there = known.question_id, Right.HERE
    thumbs = {name: {"type": "feedback_buttons", "value": f"{asked}:{name}"} for name in ("good", "bad")}
    return {
        f"{ActionId.FEEDBACK}:good": Press(there, thumbs["good"]),
        f"{ActionId.FEEDBACK}:bad": Press(there, thumbs["bad"]),
        f"{ActionId.SHOW_TOPIC}:1": button(there, pointing(question=asked, topic="review.per_card")),
        ActionId.NONE_OF_THESE: button(there, pointing(question=asked)),
        ActionId.ASK_A_PERSON: button(there, pointing(question=asked)),
        ActionId.SHARE_ANSWER: button(Right.SPEAK, pointing(question=asked, about=known.state.status_message_ts)),
        ActionId.ANSWER_AGAIN: button(there, pointing(question=asked), view=_on_home()),
    }


def _home(known: Known) -> dict[str, Press]:
    """Somebody else's view of the workspace; ours shows nobody more than they may see."""
    looks = {
        "workspace": Look(scope=Scope.WORKSPACE),
        "search": Look(scope=Scope.WORKSPACE, search=SECRET),
        "page": Look(scope=Scope.WORKSPACE, page=1),
        "step": Look(scope=Scope.WORKSPACE, step=known.step),
    }
    home, own = _on_home(), Right.HARMLESS
    found = {
        f"{ActionId.HOME_LOOK}:{name}": button(own, look.model_dump_json(exclude_defaults=True), view=home)
        for name, look in looks.items()
    }
    return found | {
        f"{ActionId.HOME_STEP}:one": menu(own, known.step, view=home),
        f"{ActionId.HOME_STEP}:every": menu(own, EVERY_STEP, view=home),
        ActionId.FIND_MERCHANT: button(own, view=home),
        ActionId.LOOK_INTO: button(Right.WRITE_ABOUT, pointing(contract=known.id), view=home),
    }


def _on_home() -> dict[str, Any]:
    look = Look(scope=Scope.WORKSPACE, search=SECRET)
    return {"type": "home", "private_metadata": f'{{"look": {look.model_dump_json()}, "digest": "forged"}}'}


def _settings() -> dict[str, Press]:
    window = {"type": "modal", "private_metadata": pointing()}
    return {
        ActionId.OPEN_SETTINGS: button(Right.MANAGE, view=_on_home()),
        ActionId.OPEN_DAYS: button(Right.MANAGE, view=window),
        ActionId.REMOVE_DAY: button(Right.MANAGE, pointing(day="2026-12-24"), view=window),
    }


def forms(known: Known) -> dict[str, Form]:
    """By the window's callback id."""
    here = {"contract": known.id, "channel": known.state.channel_id}

    def change(values: dict[str, Any], **more: Any) -> Form:
        return Form(Right.CHANGE, pointing(**here, **more), values)

    start = {
        "procedure_id": picked("selected_option", option("kg_mobilians")),
        "merchant": picked("value", "가짜상점"),
        "payment_methods": picked("selected_options", [option("card")]),
    }
    decision = {"shinhan": picked("selected_option", option("not_wanted")), **DAY}
    return {
        ViewId.START: Form(Right.CHANGE, pointing(channel=known.state.channel_id), start),
        ViewId.FINISH: change(DAY, step=known.step),
        ViewId.TAKE_BACK: change({"what": picked("selected_option", option(LAST_CHANGE))}, change=known.changes[-1]),
        ViewId.CARD_DECISION: change(decision, shown=[("shinhan", "not_requested")]),
        ViewId.REJECTION: change({"shinhan": picked("value", "x")}),
        ViewId.REQUEST_REVIEW: change(DAY),
        ViewId.OWNER: change({"owner_id": picked("selected_user", "U0FORGED")}),
        ViewId.PAUSE: change({}),
        ViewId.RESUME: change({}),
        ViewId.CLOSE: change({"reason": picked("value", "x")}),
        ViewId.SETTINGS: Form(Right.MANAGE, pointing(), SETTINGS),
        ViewId.DAYS: Form(Right.MANAGE, pointing(), OFF_DAY),
        ViewId.FIND_MERCHANT: Form(
            Right.HARMLESS, Look(scope=Scope.WORKSPACE).model_dump_json(), {"search": picked("value", SECRET)}
        ),
    }


SETTINGS: dict[str, Any] = {
    "zone": picked("selected_option", option("Asia/Tokyo")),
    "opens": picked("selected_time", "10:00"),
    "closes": picked("selected_time", "17:00"),
    "nudge_at": picked("selected_time", "11:00"),
    "managers": picked("selected_users", ["U0FORGED"]),
    "language": picked("selected_option", option("en")),
}
OFF_DAY: dict[str, Any] = {
    "day": picked("selected_date", "2026-12-04"),
    "kind": picked("selected_option", option("off")),
    "note": picked("value", "창립기념일"),
}

SHORTCUTS: dict[str, tuple[Right, dict[str, Any] | None]] = {
    ShortcutId.START_CONTRACT: (Right.HARMLESS, None),
    ShortcutId.ANSWER_MESSAGE: (
        Right.OWN,
        {"type": "message", "text": "메일이 안 와요", "ts": "1795414482.000100", "user": "U0FORGED"},
    ),
}
"""With the message that one is of."""

COMMANDS: dict[str, Right] = {
    "시작": Right.HARMLESS,
    "현황": Right.LOOK,
    "완료 서류 오늘": Right.CHANGE,
    "취소": Right.LOOK,
    "서류": Right.LOOK,
    "심사": Right.LOOK,
    "목록": Right.LOOK,
    "이력": Right.LOOK,
    "이력 그림": Right.LOOK,
    "내보내기": Right.LOOK,
    "미답변": Right.MANAGE,
    "도움말": Right.HARMLESS,
    "알림": Right.LOOK,
    "알림 끄기": Right.CHANGE,
    "알림 켜기": Right.CHANGE,
    "알림 나만 끄기": Right.OWN,
    "알림 나만 켜기": Right.OWN,
    "알림 설정": Right.MANAGE,
    "알림 휴일 12/4 창립기념일": Right.MANAGE,
    "알림 근무일 12/5": Right.MANAGE,
    "알림 휴일 삭제 12/24": Right.MANAGE,
    "심사는 얼마나 걸려요?": Right.OWN,
}
"""What can be typed, one of each word."""

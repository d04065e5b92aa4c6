"""What people do in Slack's window, and what the app's acknowledgement does to it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.localslack import payloads
from bot.localslack.block_kit import check_options, elements_of
from bot.localslack.composer import command_text
from bot.localslack.forms import VALUE_FIELDS, merged_state, submission_errors
from bot.localslack.json_types import Json
from bot.localslack.model import Conversation, Member, Message, Refused
from bot.localslack.payloads import view_object
from bot.localslack.response_url import ResponseEndpoint
from bot.localslack.socket_mode import Acknowledgement, EnvelopeType, NoSocket, NotAcknowledged
from bot.localslack.triggers import ResponseUrls
from bot.localslack.view_answers import ViewAnswers
from bot.localslack.views import View
from bot.localslack.web_api.call import Core, SlackError

_NOT_FIELDS = ("type", "action_id", "block_id", "focus_on_load", "options", "option_groups", "action_ts")


class Where(Struct, frozen=True):
    """The place of an element: a message (channel and ts) or a view."""

    channel: str | None = None
    ts: str | None = None
    view: str | None = None


class Outcome(Struct, frozen=True):
    """What came of an interaction: `error` is operation_timeout, dispatch_failed, invalid_command_response or None."""

    error: str | None = None
    message: Message | None = None
    answer: Any = None


class Interactions:
    """Commands, buttons, menus, forms and shortcuts: each one an envelope with a deadline of three seconds."""

    def __init__(self, core: Core, urls: ResponseUrls, responses: ResponseEndpoint) -> None:
        self._core = core
        self._urls = urls
        self._responses = responses
        self._answers = ViewAnswers(core)

    # ---- slash commands -----------------------------------------------------------------------------------

    async def command(
        self, user_id: str, channel_id: str, command: str, text: str, thread_ts: str | None = None
    ) -> Outcome:
        """Runs a slash command. Raises Refused for what Slack's window would not send."""
        member, conversation = self._member(user_id), self._joined(user_id, channel_id)
        if thread_ts:
            raise Refused("not_in_thread", "스레드 안에서는 슬래시 명령을 쓸 수 없습니다. 채널 입력창에 써 주세요.")
        known = self._core.workspace.manifest.command(command)
        if known is None:
            raise Refused("unknown_command", f"{command}은(는) 이 워크스페이스에 없는 명령입니다.")
        names = {member.id: member.name for member in self._core.workspace.members.values()}
        names |= {each.id: each.name for each in self._core.workspace.conversations.values()}
        url = self._urls.issue(user_id, channel_id)
        payload = payloads.slash_command(
            member,
            conversation,
            command,
            command_text(text, names, known.should_escape),
            url,
            self._core.triggers.issue(user_id),
        )
        outcome = await self._send(member, "slash_commands", payload, f"{command} {text}".strip(), command)
        return outcome if outcome.error or not outcome.answer else self._command_answer(member, command, url, outcome)

    def _command_answer(self, member: Member, command: str, url: str, outcome: Outcome) -> Outcome:
        """What the acknowledgement says is shown; it does not count as one of the five uses of the address."""
        place = self._urls.place(url)
        body = outcome.answer if isinstance(outcome.answer, dict) else {"text": str(outcome.answer)}
        try:
            return Outcome(message=self._responses.respond(place, body))
        except SlackError as error:
            self._core.log.write("refused", f"{command} · {error.code}", ok=False, detail=error.fields)
            sentence = f"{command} 명령의 응답을 보여 줄 수 없습니다 ({error.code})."
            self._core.workspace.notify(member.id, "error", sentence)
            return Outcome("invalid_command_response")

    # ---- buttons, menus, pickers --------------------------------------------------------------------------

    async def press(
        self, user_id: str, where: Where, block_id: str, action_id: str, value: Json, typed: Any = None
    ) -> Outcome:
        """Uses an element; `value` are its own fields, e.g. {"selected_date": "2026-11-27"}. Raises Refused."""
        member = self._member(user_id)
        self._refuse_without_interactivity()
        place = self._place(user_id, where)
        block, element = self._element(place.blocks, block_id, action_id)
        _refuse_hidden(element, user_id)
        action = self._action(block, element, value)
        title = f"{element['type']} · {action_id}"
        if isinstance(place, View):
            self._core.views.remember(place, _with_value(typed, place.state, element, block_id, value))
            trigger = self._core.triggers.issue(user_id, place.id if place.type == "modal" else None)
            payload = payloads.view_action_of_block(member, view_object(place), action, trigger)
        else:
            state = merged_state(place.blocks, _with_value(typed, {}, element, block_id, value))
            url = self._urls.issue(user_id, place.channel, place.ts)
            trigger = self._core.triggers.issue(user_id)
            payload = payloads.message_action_of_block(self._core.workspace, member, place, action, state, trigger, url)
        return await self._send(member, "interactive", payload, title, f"'{_label(element)}'")

    async def suggest(self, user_id: str, where: Where, block_id: str, action_id: str, typed: str) -> Json:
        """Asks the app for the options of an external menu: {options} or {option_groups}. Raises Refused."""
        member = self._member(user_id)
        place = self._place(user_id, where)
        _, element = self._element(place.blocks, block_id, action_id)
        asked = {"block_id": block_id, "action_id": action_id, "value": typed}
        if isinstance(place, View):
            payload = payloads.view_suggestion(member, view_object(place), asked)
        else:
            payload = payloads.message_suggestion(self._core.workspace, member, place, asked)
        outcome = await self._send(member, "interactive", payload, f"block_suggestion · {action_id}", _label(element))
        if outcome.error is not None:
            return {"options": []}
        problems = check_options(outcome.answer)
        for problem in problems:
            self._core.log.write("refused", f"{action_id} · {problem.pointer} · {problem.sentence}", ok=False)
        answer: Json = {"options": []} if problems else outcome.answer
        return answer

    def _action(self, block: Json, element: Json, value: Json) -> Json:
        """An entry of `actions`: the element's own fields, and what was chosen."""
        kept = {key: item for key, item in element.items() if key not in _NOT_FIELDS}
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": self._core.workspace.ids.next_ts(self._core.workspace.clock.now()),
        }
        if element["type"] == "feedback_buttons":
            chosen = next(
                (
                    element[name]
                    for name in ("positive_button", "negative_button")
                    if element[name]["value"] == value.get("value")
                ),
                None,
            )
            if chosen is None:
                raise Refused("invalid_value", "그 평가 버튼은 없습니다.")
            return {**action, "value": chosen["value"], "text": chosen["text"]}
        _check_choice(element, value)
        return {**kept, **value, **action}

    # ---- forms --------------------------------------------------------------------------------------------

    async def submit(self, user_id: str, view_id: str, typed: Any) -> dict[str, str] | None:
        """Submits the top modal: {block_id: sentence} when fields are wrong, else None. Raises Refused."""
        member, view = self._member(user_id), self._modal(user_id, view_id)
        if view.submit is None:
            raise Refused("no_submit", "이 모달에는 제출 버튼이 없습니다.")
        self._core.views.remember(view, typed)
        if errors := submission_errors(view.blocks, view.state):
            return errors
        trigger = self._core.triggers.issue(user_id, view.id)
        payload = payloads.view_submission(member, view_object(view), trigger)
        outcome = await self._send(member, "interactive", payload, f"view_submission · {view.callback_id}", None)
        if outcome.error is not None:
            raise Refused(outcome.error, "앱이 제시간에 답하지 않아 제출하지 못했습니다. 다시 시도해 주세요.")
        return self._answers.apply(view, outcome.answer)

    async def close(self, user_id: str, view_id: str, clear: bool) -> None:
        """Closes the top modal, or with `clear` the whole stack. Raises Refused."""
        member, view = self._member(user_id), self._modal(user_id, view_id)
        whole = clear or view.clear_on_close
        closing = self._core.views.stack(user_id)[::-1] if whole else [view]
        for each in closing:
            self._core.views.close(each)
        for each in closing:
            if each.notify_on_close:
                payload = payloads.view_closed(member, view_object(each), whole)
                await self._send(member, "interactive", payload, f"view_closed · {each.callback_id}", None)

    # ---- shortcuts ----------------------------------------------------------------------------------------

    async def shortcut(self, user_id: str, callback_id: str, channel: str | None, ts: str | None) -> Outcome:
        """A global shortcut, or a message shortcut with the message's place. Raises Refused."""
        member, workspace = self._member(user_id), self._core.workspace
        known = workspace.manifest.shortcut(callback_id)
        if known is None or (known.type == "message") != bool(channel and ts):
            raise Refused("unknown_shortcut", "이 앱에 없는 바로가기입니다.")
        self._refuse_without_interactivity()
        action_ts = workspace.ids.next_ts(workspace.clock.now())
        trigger = self._core.triggers.issue(user_id)
        if channel is None or ts is None:
            payload = payloads.global_shortcut(member, callback_id, action_ts, trigger)
        else:
            message = self._message(user_id, channel, ts)
            url = self._urls.issue(user_id, channel, ts)
            payload = payloads.message_shortcut(workspace, member, message, callback_id, action_ts, trigger, url)
        return await self._send(member, "interactive", payload, f"{payload['type']} · {callback_id}", known.name)

    # ---- sending ------------------------------------------------------------------------------------------

    async def _send(self, member: Member, kind: EnvelopeType, payload: Json, title: str, named: str | None) -> Outcome:
        """Delivers once, never again. `named` is what the person did, for the sentence they get when it fails."""
        try:
            acknowledged: Acknowledgement = await self._core.sockets.deliver(kind, payload, title)
        except NoSocket:
            return self._failed(member, title, named, "dispatch_failed", "연결된 앱이 없습니다")
        except NotAcknowledged:
            return self._failed(member, title, named, "operation_timeout", "앱이 3초 안에 응답하지 않았습니다")
        return Outcome(answer=acknowledged.payload)

    def _failed(self, member: Member, title: str, named: str | None, code: str, why: str) -> Outcome:
        self._core.log.write("unheard", f"{title} · {why}", ok=False)
        if named is not None:
            self._core.workspace.notify(member.id, "error", f"{named}: {why} ({code}).")
        return Outcome(code)

    # ---- finding ------------------------------------------------------------------------------------------

    def _member(self, user_id: str) -> Member:
        member = self._core.workspace.member(user_id)
        if member is None or member.is_bot:
            raise Refused("user_not_found", "그런 사람이 없습니다.")
        return member

    def _joined(self, user_id: str, channel_id: str) -> Conversation:
        conversation = self._core.workspace.seen_by(user_id, channel_id)
        if user_id not in conversation.members:
            raise Refused("not_in_channel", "참여하지 않은 채널입니다. 먼저 참여해 주세요.")
        return conversation

    def _message(self, user_id: str, channel_id: str, ts: str) -> Message:
        self._core.workspace.seen_by(user_id, channel_id)
        message = self._core.workspace.any_message(channel_id, ts, user_id)
        if message is None:
            raise Refused("message_not_found", "그 메시지는 이제 없습니다.")
        return message

    def _place(self, user_id: str, where: Where) -> Message | View:
        if where.view is None:
            return self._message(user_id, where.channel or "", where.ts or "")
        view = self._core.views.find(where.view)
        if view is None or view.user != user_id:
            raise Refused("view_not_found", "그 화면은 이미 닫혔습니다.")
        return view

    def _modal(self, user_id: str, view_id: str) -> View:
        stack = self._core.views.stack(user_id)
        if not stack or stack[-1].id != view_id:
            raise Refused("view_not_found", "그 모달은 이미 닫혔거나 맨 위에 있지 않습니다.")
        return stack[-1]

    def _element(self, blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
        for block, element in elements_of(blocks):
            if block.get("block_id") == block_id and element.get("action_id") == action_id:
                return block, element
        raise Refused("element_not_found", "그 버튼이나 입력칸은 이제 없습니다.")

    def _refuse_without_interactivity(self) -> None:
        if not self._core.workspace.manifest.interactive:
            sentence = "manifest의 settings.interactivity.is_enabled가 true가 아니어서 앱이 알 수 없습니다."
            raise Refused("interactivity_disabled", sentence)


def _refuse_hidden(element: Json, user_id: str) -> None:
    visible_to = element.get("visible_to_user_ids")
    if visible_to is not None and user_id not in visible_to:
        raise Refused("element_not_found", "이 사람에게는 보이지 않는 버튼입니다.")


def _check_choice(element: Json, value: Json) -> None:
    """A person can only choose what the menu offers."""
    offered = element.get("options") or [
        option for group in element.get("option_groups", []) for option in group["options"]
    ]
    chosen = [value["selected_option"]] if value.get("selected_option") else value.get("selected_options") or []
    if offered and any(option not in offered for option in chosen):
        raise Refused("invalid_value", "보기에 없는 값입니다.")
    if element["type"] == "button" and "value" in value and value["value"] != element.get("value"):
        raise Refused("invalid_value", "버튼의 값은 바꿀 수 없습니다.")


def _with_value(typed: Any, known: Json, element: Json, block_id: str, value: Json) -> Json:
    """The form's state with the element that is being used."""
    given = typed or known or {}
    state = {key: dict(actions) for key, actions in given.items() if isinstance(actions, dict)}
    if element["type"] in VALUE_FIELDS:
        state.setdefault(block_id, {})[element["action_id"]] = {"type": element["type"], **value}
    return state


def _label(element: Json) -> str:
    text = element.get("text") or element.get("placeholder") or {}
    return str(text.get("text") or element.get("action_id", ""))

"""assistant.threads.* and agents.sessions.*: status line, suggested prompts, sessions."""

from __future__ import annotations

from bot.localslack.json_types import Json
from bot.localslack.model import Conversation
from bot.localslack.web_api.call import Call, SlackError, invalid_arguments

_MOST_PROMPTS = 4
_MOST_LOADING_MESSAGES = 10
_TITLE_LIMIT = 200
_STATUSES = frozenset({"active", "processing", "suspended", "closed"})


async def set_status(call: Call) -> Json:
    conversation = call.joined_conversation("channel_id")
    thread_ts = _thread(call, conversation)
    loading = call.arguments.get("loading_messages") or []
    if not isinstance(loading, list) or not all(isinstance(each, str) for each in loading):
        raise invalid_arguments("must provide an array of strings [json-pointer:/loading_messages]")
    if len(loading) > _MOST_LOADING_MESSAGES:
        message = f"no more than {_MOST_LOADING_MESSAGES} items allowed [json-pointer:/loading_messages]"
        raise invalid_arguments(message)
    if "status" not in call.arguments:
        raise invalid_arguments("missing required field: status")
    call.core.messenger.set_status(conversation.id, thread_ts, call.text("status") or "", loading)
    return {}


async def set_suggested_prompts(call: Call) -> Json:
    """Without `thread_ts` the prompts are pinned to the Messages tab. With one, an agent app's call has no effect."""
    conversation = call.joined_conversation("channel_id")
    if conversation.kind != "im":
        raise SlackError("channel_not_found")
    prompts = call.arguments.get("prompts")
    if not isinstance(prompts, list) or not prompts or not all(_is_prompt(each) for each in prompts):
        raise invalid_arguments("must provide an array of {title, message} [json-pointer:/prompts]")
    if len(prompts) > _MOST_PROMPTS:
        raise invalid_arguments(f"no more than {_MOST_PROMPTS} items allowed [json-pointer:/prompts]")
    if not call.text("thread_ts"):
        call.workspace.save_prompts(conversation.id, {"title": call.text("title") or "", "prompts": prompts})
        return {}
    thread_ts = _thread(call, conversation)
    if call.workspace.manifest.is_agent:
        call.core.log.write(
            "refused",
            f"{call.method} · thread_ts를 함께 보내면 에이전트 앱에서는 아무 일도 일어나지 않습니다",
            ok=False,
        )
        return {}
    call.workspace.save_prompts(
        f"{conversation.id}:{thread_ts}", {"title": call.text("title") or "", "prompts": prompts}
    )
    return {}


def _is_prompt(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"title", "message"}
        and all(isinstance(text, str) and text for text in value.values())
    )


async def set_title(call: Call) -> Json:
    conversation = call.joined_conversation("channel_id")
    session = call.core.messenger.set_session(conversation.id, _thread(call, conversation), "active", None)
    session["title"] = call.required("title")
    return {}


async def set_session_status(call: Call) -> Json:
    """Without a subscription to agent_session_stopped Slack warns, and the person has no stop button."""
    if not call.workspace.manifest.is_agent:
        raise SlackError("not_allowed")
    conversation = call.joined_conversation("channel_id")
    status, title = call.required("status"), call.text("title")
    if status not in _STATUSES:
        raise invalid_arguments("must be a valid enum value [json-pointer:/status]")
    if title is not None and len(title) > _TITLE_LIMIT:
        raise invalid_arguments(f"must be less than {_TITLE_LIMIT + 1} characters [json-pointer:/title]")
    session = call.core.messenger.set_session(conversation.id, _thread(call, conversation), status, title)
    answer: Json = {"status": session["status"], "agent_status": session["status"], "title": session["title"]}
    if "agent_session_stopped" not in call.workspace.manifest.bot_events:
        warning = "missing_agent_session_stopped_event_subscription"
        answer |= {"warning": warning, "response_metadata": {"warnings": [warning]}}
    return answer


async def rename_session(call: Call) -> Json:
    conversation = call.joined_conversation("channel_id")
    key = f"{conversation.id}:{_thread(call, conversation)}"
    session = call.core.messenger.sessions.get(key)
    if session is None:
        raise SlackError("session_not_found")
    session["title"] = call.required("title")
    return {"title": session["title"]}


def _thread(call: Call, conversation: Conversation) -> str:
    """The thread's root. Raises invalid_thread_ts."""
    thread_ts = call.required("thread_ts")
    if call.workspace.message(conversation.id, thread_ts) is None:
        raise SlackError("invalid_thread_ts")
    return thread_ts

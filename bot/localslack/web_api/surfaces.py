"""views.* and blocks.validate."""

from __future__ import annotations

from typing import Any

from bot.localslack.block_kit import MESSAGE, Problems, check_blocks, check_view
from bot.localslack.block_kit.surfaces import view_is_too_large
from bot.localslack.json_types import Json
from bot.localslack.payloads import view_object
from bot.localslack.triggers import Trigger, TriggerError
from bot.localslack.views import View, ViewError
from bot.localslack.web_api.call import Call, SlackError, invalid_arguments, refused_blocks


async def open_view(call: Call) -> Json:
    content = read_view(call, "modal")
    trigger = _redeem(call)
    return _answer(call, lambda: call.core.views.open(trigger.user, content))


async def push_view(call: Call) -> Json:
    """A push needs a trigger from inside an open modal."""
    content = read_view(call, "modal")
    trigger = _redeem(call)
    if trigger.view_id is None or call.core.views.find(trigger.view_id) is None:
        raise SlackError("not_found")
    return _answer(call, lambda: call.core.views.open(trigger.user, content))


async def update_view(call: Call) -> Json:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("missing required field: view_id or external_id")
    views = call.core.views
    view = views.find(view_id) if view_id else views.find_external(str(external_id))
    content = read_view(call, None)
    if view is None:
        raise SlackError("not_found")
    if content["type"] != view.type:
        raise invalid_arguments(f"view type must stay {view.type} [json-pointer:/view/type]")
    return _answer(call, lambda: views.update(view, content, call.text("hash")))


async def publish_view(call: Call) -> Json:
    content = read_view(call, "home")
    if not call.workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    user = call.required("user_id")
    if call.workspace.member(user) is None:
        raise invalid_arguments("user not found [json-pointer:/user_id]")
    return _answer(call, lambda: call.core.views.publish(user, content, call.text("hash")))


async def validate_blocks(call: Call) -> Json:
    """blocks.validate: exactly one of blocks, message, view; needs neither token nor scope."""
    given = [name for name in ("blocks", "message", "view") if call.arguments.get(name) is not None]
    if len(given) != 1:
        raise invalid_arguments("must provide exactly one of: blocks, message, view")
    problems = _validated(call, given[0], call.arguments[given[0]])
    if problems:
        errors = [problem.as_validate_error() for problem in problems.found]
        raise SlackError(f"invalid_{given[0]}", errors=errors)
    return {}


def _validated(call: Call, name: str, given: Any) -> Problems:
    granted = frozenset(call.workspace.manifest.scopes)
    if name == "view":
        return check_view(given, granted)
    if name == "blocks":
        return check_blocks(given, MESSAGE, granted, pointer="")
    if not isinstance(given, dict):
        raise SlackError("invalid_message")
    return check_blocks(given.get("blocks", []), MESSAGE, granted)


def read_view(call: Call, wanted: str | None) -> Json:
    """The checked `view` argument. Raises invalid_arguments (with each problem) or view_too_large."""
    given = call.arguments.get("view")
    if given is None or given == "":
        raise invalid_arguments("missing required field: view")
    problems = check_view(given, call.scopes)
    if problems:
        for problem in problems.found:
            call.core.log.write("refused", f"{call.method} · {problem.pointer} · {problem.sentence}", ok=False)
        raise refused_blocks(problems, "invalid_arguments")
    if wanted is not None and given["type"] != wanted:
        raise invalid_arguments(f"must be a {wanted} view [json-pointer:/view/type]")
    if view_is_too_large(given):
        raise SlackError("view_too_large")
    content: Json = given
    return content


def _redeem(call: Call) -> Trigger:
    trigger_id = call.text("trigger_id")
    if not trigger_id:
        raise invalid_arguments("missing required field: trigger_id")
    try:
        return call.core.triggers.redeem(trigger_id)
    except TriggerError as error:
        raise SlackError(error.code) from error


def _answer(call: Call, work: Any) -> Json:
    try:
        view: View = work()
    except ViewError as error:
        raise SlackError(error.code) from error
    return {"view": view_object(view)}

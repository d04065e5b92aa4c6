"""The shape of what Slack sends: of every kind of payload the parts that Bolt and we rely on.

It is checked at the HTTP door, so that nothing behind it has to expect a number where a name stands. What a part
says proves nothing all the same: ids are looked up, and values are read as texts that somebody may have made up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from yarl import query_to_pairs

JSON_TYPE = "application/json"
_MOST_FIELDS = 100
_MAY_BE_UNSTORABLE = re.compile(r"\x00|%00|\\u(?:0000|d[89a-f])|%5cu(?:0000|d[89a-f])", re.IGNORECASE)
"""Every branch begins with a letter of its own: so all places that begin none of them are passed over."""
_TIME_LENGTH = 40


def _number(written: str) -> float:
    """Raises ValueError for what Python reads and no standard knows, nor PostgreSQL: 'NaN', 'Infinity', 1e999."""
    number = float(written)
    if not isfinite(number):
        raise ValueError(written)
    return number


_JSON = json.JSONDecoder(parse_float=_number, parse_constant=_number)


class NoPayload(Exception):
    """The message says what is wrong, and nothing of what was sent."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


Ts = Annotated[str, Field(max_length=_TIME_LENGTH, pattern=r"^\d+(\.\d+)?$")]
Id = Annotated[str, Field(min_length=1)]
Seconds = Annotated[int, Field(ge=0, lt=2**33)]
Texts = dict[str, Any]


class _Named(_Part):
    id: Id


class _Team(_Part):
    id: Id
    enterprise_id: Id | None = None


class _Person(_Part):
    id: Id
    team_id: Id | None = None


class _Title(_Part):
    text: str = ""


class _State(_Part):
    values: Texts = {}


class _View(_Part):
    id: Id
    type: str
    hash: str = ""
    callback_id: str = ""
    title: _Title | None = None
    state: _State | None = None
    app_installed_team_id: Id | None = None


class _Action(_Part):
    type: str
    action_id: str
    block_id: str = ""
    action_ts: str | None = None


class _Message(_Part):
    ts: str | None = None
    thread_ts: str | None = None
    blocks: list[dict[str, Any]] | None = None


class _Container(_Part):
    channel_id: Id | None = None
    thread_ts: str | None = None


class _Interaction(_Part):
    """Whatever comes in the field `payload`."""

    type: str
    team: _Team | None
    user: _Person
    enterprise: _Named | None = None
    is_enterprise_install: bool | str | None = None
    callback_id: str | None = None
    action_id: str | None = None
    block_id: str | None = None
    trigger_id: str | None = None
    channel: _Named | None = None
    response_url: str | None = None
    response_urls: list[dict[str, Any]] | None = None
    container: _Container | None = None
    message: _Message | None = None
    view: _View | None = None


class _Pressed(_Interaction):
    trigger_id: str
    actions: Annotated[list[_Action], Field(min_length=1)]

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Self:
        """In a view, or in a message, which then can be replaced."""
        if self.view is None and not self.response_url:
            raise ValueError("neither a view nor a message")
        return self


class _Filled(_Interaction):
    view: _View


class _Ran(_Interaction):
    trigger_id: str
    callback_id: str


class _Command(_Part):
    team_id: Id
    user_id: Id
    channel_id: Id
    command: str
    text: str = ""
    trigger_id: str
    response_url: str
    enterprise_id: Id | None = None


class _Authorization(_Part):
    team_id: Id | None = None
    enterprise_id: Id | None = None
    user_id: Id | None = None
    is_enterprise_install: bool | str | None = None


class _Tokens(_Part):
    bot: list[str] | None = None


class _Metadata(_Part):
    event_type: str = ""
    event_payload: Texts = {}


class _Event(_Part):
    type: str
    subtype: str | None = None
    user: str | _Person | None = None
    team: str | _Named | None = None
    user_team: Id | None = None
    channel: str | _Named | None = None
    text: str | None = None
    ts: Ts | None = None
    thread_ts: Ts | None = None
    channel_type: str | None = None
    bot_id: str | None = None
    tab: str | None = None
    view: _View | None = None
    metadata: _Metadata | None = None
    tokens: _Tokens | None = None
    team_ids: list[str] | None = None


class _Callback(_Part):
    """An event, as it comes."""

    event_id: str
    event_time: Seconds | None = None
    team_id: Id | None
    """None for what happens in a whole organization"""
    event: _Event
    enterprise_id: Id | None = None
    context_team_id: Id | None = None
    context_enterprise_id: Id | None = None
    authorizations: list[_Authorization] | None = None
    is_ext_shared_channel: bool | None = None


class _Heard(_Callback):
    """Of one workspace."""

    @model_validator(mode="after")
    def _names_a_workspace(self) -> Self:
        """Where Bolt, and then we, look for it."""
        named = [self.context_team_id, self.team_id, *(one.team_id for one in (self.authorizations or [])[:1])]
        if not any(named):
            raise ValueError("no workspace")
        return self


class _News(_Callback):
    """Of an installation: by its time it is told from old news."""

    event_time: Seconds


class _Said(_Event):
    """Of these two kinds, where somebody said what, and when, belongs to it."""

    channel: str
    ts: Ts


class _Opened(_Event):
    """Somebody opened App Home or the pane: who, is all that it says."""

    user: Id


class _Stopped(_Event):
    """By whom, in which thread."""

    user: Id
    channel: Id
    thread_ts: Ts


_INTERACTIONS: Mapping[str, type[_Interaction]] = {
    "block_actions": _Pressed,
    "view_submission": _Filled,
    "view_closed": _Filled,
    "shortcut": _Ran,
    "message_action": _Ran,
}
_NEWS = frozenset({"app_uninstalled", "tokens_revoked", "team_access_revoked", "team_access_granted"})
_EVENTS: Mapping[str, type[_Event]] = {
    "message": _Said,
    "app_mention": _Said,
    "app_home_opened": _Opened,
    "agent_session_stopped": _Stopped,
}


def read_payload(raw: bytes, content_type: str) -> dict[str, Any]:
    """Raises NoPayload for a body that is none of Slack's."""
    try:
        text = raw.decode()
        # Bolt goes by the first letter too, and takes a field for the payload wherever it finds the word in the body.
        payload = _JSON.decode(text) if content_type == JSON_TYPE or text.startswith("{") else _of_form(text)
        # PostgreSQL stores no NUL, and no database half a character.
        if _MAY_BE_UNSTORABLE.search(text) and _has_nul(payload):
            raise ValueError
    except (ValueError, RecursionError) as wrong:
        raise NoPayload(f"it cannot be read: {type(wrong).__name__}") from None
    if not isinstance(payload, dict) or not payload:
        raise NoPayload("it is no object")
    try:
        _check(payload)
    except ValidationError as wrong:
        places = {".".join(str(part) for part in error["loc"]) for error in wrong.errors(include_input=False)}
        raise NoPayload(f"not as Slack sends it: {', '.join(sorted(places))}") from None
    return payload


def _has_nul(value: Any) -> bool:
    """Raises UnicodeEncodeError for half a character."""
    if isinstance(value, str):
        value.encode()
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(one) for key, one in value.items())
    return isinstance(value, list) and any(_has_nul(one) for one in value)


def _of_form(text: str) -> Any:
    fields = dict(query_to_pairs(text, max_fields=_MOST_FIELDS))  # as parse_qsl, and ten times as fast
    return _JSON.decode(fields["payload"]) if "payload" in fields else fields


def _check(payload: Mapping[str, Any]) -> None:
    """Raises ValidationError."""
    kind = payload.get("type")
    if "ssl_check" in payload or kind == "url_verification":
        return
    if "command" in payload:
        _Command.model_validate(payload)
    elif "event" in payload or kind == "event_callback":
        event = payload.get("event")
        kind = str(event.get("type")) if isinstance(event, Mapping) else ""
        (_News if kind in _NEWS else _Heard).model_validate(payload)
        if kind in _EVENTS:
            _EVENTS[kind].model_validate(event)
    else:
        _INTERACTIONS.get(str(kind), _Interaction).model_validate(payload)

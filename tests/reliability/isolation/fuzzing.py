"""What somebody could send who has Slack's secret, or is Slack and has a bad day: every kind of payload, torn anywhere.

A payload is a genuine one with some of its values replaced, taken away or added.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from handlers.nudges.courier import EVENT_TYPE
from handlers.values import Pointer
from tests.reliability.isolation.payloads import COMMANDS, Form, Press
from tests.team import CHANNEL, WORKSPACE

STRANGER, MEMBER, BOSS = "U0STRANGER", "U0MEMBER", "U0BOSS"
OTHER = "T0OTHER"
"""A workspace whose own installation comes and goes."""
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_TS = "1795414482.000100"
EVENT_ID = "Ev0FUZZED"

HOSTILE = (
    "<!channel>",
    "<@U0BOSS|boss>",
    "</script><script>",
    "' or 1=1 --",
    "\x00",
    "\ud83d\ude00",
    "가" * 3001,
    "../../etc/passwd",
    "{0.__class__}",
    "${jndi:ldap://x}",
    "1" * 400,
    '{"contract":1}',
    "²",
    OTHER,
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(HOSTILE),
    st.text(max_size=12),
    st.lists(st.none() | st.text(max_size=4), max_size=3),
    st.dictionaries(st.text(max_size=6), st.none() | st.integers() | st.text(max_size=4), max_size=3),
)
_REPLACE, _REMOVE, _ADD = "replace", "remove", "add"
TEAR = st.tuples(st.sampled_from([_REPLACE, _REPLACE, _REPLACE, _REMOVE, _ADD]), st.integers(0, 10_000), JUNK)


@dataclass(frozen=True)
class Sent:
    body: bytes
    content_type: str


def payloads(known: dict[str, Any], *, response_url: str) -> list[tuple[str, dict[str, Any], bool]]:
    """A genuine payload of every kind, with its name, and whether it is a form's fields.

    `known` has the `presses`, `forms` and `shortcuts` of the suite of forged payloads.
    """
    return [
        *_events(),
        *((f"command {text}", _command(text, response_url), True) for text in COMMANDS),
        *((f"press {key}", _pressed(key, press, response_url), False) for key, press in known["presses"].items()),
        *((f"submission {key}", _submitted(key, form), False) for key, form in known["forms"].items()),
        *((f"closed {key}", _closed(key, form), False) for key, form in known["forms"].items()),
        *(
            (f"shortcut {key}", _run(key, message, response_url), False)
            for key, (_, message) in known["shortcuts"].items()
        ),
        ("options", _options(), False),
        ("url_verification", {"type": "url_verification", "challenge": "c0ffee", "token": "t"}, False),
        ("ssl_check", {"ssl_check": "1", "token": "t"}, True),
        ("dialog", {**_common("dialog_submission"), "callback_id": "x", "submission": {"a": "b"}, "state": ""}, False),
    ]


def torn(payload: dict[str, Any], tears: list[tuple[str, int, Any]]) -> dict[str, Any]:
    found = deepcopy(payload)
    for how, where, junk in tears:
        places = list(_places(found))
        holder, key = places[where % len(places)]
        if how == _REPLACE:
            holder[key] = junk
        elif how == _REMOVE:
            del holder[key]
        elif isinstance(holder, dict):
            holder[f"{key}x"] = junk
        else:
            holder.append(junk)
        if not found:
            break
    return found


def as_sent(payload: dict[str, Any], *, is_form: bool) -> Sent:
    """As Slack sends it: an event as JSON, a command as fields, everything else as JSON in a field."""
    if is_form:
        fields = {key: value for key, value in payload.items() if value is not None}
        return Sent(urlencode(fields, errors="replace").encode(), FORM)
    if "event" in payload or payload.get("type") == "url_verification":
        return Sent(json.dumps(payload).encode(), JSON)
    return Sent(urlencode({"payload": json.dumps(payload)}).encode(), FORM)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from _places(value[key])


def _common(kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": WORKSPACE, "domain": "momo"},
        "user": {"id": MEMBER, "username": "x", "team_id": WORKSPACE},
        "api_app_id": "A0LOCAL",
        "token": "t",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": "1.2.3",
    }


def _command(text: str, response_url: str) -> dict[str, Any]:
    return {
        "token": "t",
        "team_id": WORKSPACE,
        "team_domain": "momo",
        "channel_id": CHANNEL,
        "channel_name": "pg",
        "user_id": MEMBER,
        "user_name": "x",
        "command": "/계약",
        "text": text,
        "api_app_id": "A0LOCAL",
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": "1.2.3",
    }


def _pressed(action_id: str, press: Press, response_url: str) -> dict[str, Any]:
    body = {
        **_common("block_actions"),
        "actions": [{"action_id": str(action_id), "block_id": "b", "action_ts": _TS, **press.action}],
        "state": {"values": {}},
    }
    if press.view is not None:
        view = {"id": "V0FUZZED", "hash": "1.0", "state": {"values": {}}, **press.view}
        return {**body, "container": {"type": "view", "view_id": "V0FUZZED"}, "view": view}
    return {
        **body,
        "container": {"type": "message", "message_ts": _TS, "channel_id": CHANNEL, "is_ephemeral": False},
        "channel": {"id": CHANNEL, "name": "pg"},
        "message": {"ts": _TS, "text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]},
        "response_url": response_url,
    }


def _submitted(view_id: str, form: Form) -> dict[str, Any]:
    return {**_common("view_submission"), "view": _view(view_id, form), "response_urls": []}


def _closed(view_id: str, form: Form) -> dict[str, Any]:
    return {**_common("view_closed"), "view": _view(view_id, form), "is_cleared": False}


def _view(view_id: str, form: Form) -> dict[str, Any]:
    return {
        "id": "V0FUZZED",
        "type": "modal",
        "hash": "1.0",
        "callback_id": str(view_id),
        "title": {"type": "plain_text", "text": "x"},
        "private_metadata": form.private_metadata,
        "state": {"values": form.values},
        "blocks": [],
    }


def _run(callback_id: str, message: dict[str, Any] | None, response_url: str) -> dict[str, Any]:
    body = {**_common("shortcut" if message is None else "message_action"), "callback_id": str(callback_id)}
    if message is None:
        return {**body, "action_ts": _TS}
    at = {"message": message, "message_ts": _TS, "channel": {"id": CHANNEL, "name": "pg"}, "response_url": response_url}
    return {**body, **at}


def _options() -> dict[str, Any]:
    return {
        **_common("block_suggestion"),
        "action_id": "home_step",
        "block_id": "b",
        "value": "서류",
        "container": {"type": "view", "view_id": "V0FUZZED"},
        "view": {"id": "V0FUZZED", "type": "home", "private_metadata": Pointer(contract=1).dump()},
    }


def _events() -> Iterator[tuple[str, dict[str, Any], bool]]:
    said = {"text": "<@U0BOT> 심사는 얼마나 걸려요?", "ts": _TS, "channel": CHANNEL, "channel_type": "channel"}
    view = {"id": "V0HOME", "type": "home", "private_metadata": '{"look": {"scope": "workspace"}, "digest": "x"}'}
    for kind, event in {
        "app_mention": said,
        "message": {**said, "thread_ts": _TS},
        "message in the pane": {**said, "type": "message", "channel": "D0DIRECT", "channel_type": "im"},
        "message changed": {**said, "type": "message", "subtype": "message_changed", "message": {"text": "x"}},
        "our own message": {
            **said,
            "type": "message",
            "bot_id": "B0BOT",
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"ids": ["x"]}},
        },
        "agent_session_stopped": {"channel": "D0DIRECT", "thread_ts": _TS, "streaming_message_ts": []},
        "app_home_opened": {"channel": "D0DIRECT", "tab": "home", "view": view},
        "app_home_opened for messages": {"type": "app_home_opened", "channel": "D0DIRECT", "tab": "messages"},
        "reaction_added": {"reaction": "eyes", "item": {"type": "message", "channel": CHANNEL, "ts": _TS}},
    }.items():
        yield f"event {kind}", _event({"type": kind, **event, "user": STRANGER}), False
    for kind, gone in {
        "app_uninstalled": {},
        "tokens_revoked": {"tokens": {"oauth": ["U1"], "bot": ["U0BOT"]}},
        "team_access_revoked": {"team_ids": [OTHER]},
        "team_access_granted": {"team_ids": [OTHER]},
    }.items():
        yield f"event {kind}", _event({"type": kind, **gone}, team=OTHER), False


def _event(event: dict[str, Any], *, team: str = WORKSPACE) -> dict[str, Any]:
    return {
        "token": "t",
        "type": "event_callback",
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": "A0LOCAL",
        "event_id": EVENT_ID,
        "event_time": 1_795_414_482,
        "event_context": "x",
        "is_ext_shared_channel": False,
        "authorizations": [
            {"enterprise_id": None, "team_id": team, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": False}
        ],
        "event": event,
    }

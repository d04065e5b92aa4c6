"""What Slack accepts in an app manifest.

Source: schemas/manifest.schema.2.0.0.json of slackapi/manifest-schema (21 July 2026). Sections that this
workspace does not imitate (functions, workflows, datastores, types, MCP servers) are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.localslack.block_kit.problems import Problems
from bot.localslack.block_kit.shapes import array, at_least_one, boolean, integer, matching, one_of, shape, string
from bot.localslack.json_types import Json

SCOPES_FOR_EVENT = {
    "app_context_changed": ("assistant:write",),
    "app_mention": ("app_mentions:read",),
    "assistant_thread_context_changed": ("assistant:write",),
    "assistant_thread_started": ("assistant:write",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
}

_URL = matching(3500, re.compile(r"https?://\S+"), "must be a URL", "http:// 또는 https://로 시작하는 주소여야 합니다")
_COLOR = matching(7, re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"), "must be a color", "#RGB 또는 #RRGGBB여야 합니다")
_COMMAND = matching(32, re.compile(r"/\S+"), "must match ^/", "/로 시작하고 빈칸이 없는 2~32자여야 합니다")
_SCOPES = array(string(50), at_most=255)
_EVENTS = array(string(50), at_most=100)
_PROMPTS = array(shape({"title": string(), "message": string()}), at_most=4)

_FEATURES = shape(
    {},
    {
        "app_home": shape(
            {},
            {
                "home_tab_enabled": boolean,
                "messages_tab_enabled": boolean,
                "messages_tab_read_only_enabled": boolean,
            },
        ),
        "bot_user": shape({"display_name": string(80)}, {"always_online": boolean}),
        "agent_view": shape(
            {},
            {
                "agent_description": string(300),
                "suggested_prompts": _PROMPTS,
                "actions": array(shape({"name": string(), "description": string()})),
            },
        ),
        "assistant_view": shape({"assistant_description": string()}, {"suggested_prompts": _PROMPTS}),
        "slash_commands": array(
            shape(
                {"command": _COMMAND, "description": string(2000)},
                {"url": _URL, "usage_hint": string(1000), "should_escape": boolean},
            ),
            at_least=1,
            at_most=50,
        ),
        "shortcuts": array(
            shape(
                {
                    "name": string(24),
                    "type": one_of("global", "message"),
                    "callback_id": string(255),
                    "description": string(150),
                }
            ),
            at_least=1,
            at_most=10,
        ),
        "unfurl_domains": array(string(255), at_least=1, at_most=5),
    },
)

_OAUTH = shape(
    {},
    {
        "redirect_urls": array(string(2500), at_most=1000),
        "scopes": shape({}, dict.fromkeys(("bot", "bot_optional", "user", "user_optional"), _SCOPES)),
        "token_management_enabled": boolean,
        "pkce_enabled": boolean,
    },
)

_SETTINGS = shape(
    {},
    {
        "allowed_ip_address_ranges": array(string(), at_least=1, at_most=50),
        "event_subscriptions": shape(
            {},
            {"request_url": _URL, "bot_events": _EVENTS, "user_events": _EVENTS},
            at_least_one("bot_events", "user_events"),
        ),
        "incoming_webhooks": shape({}, {"incoming_webhooks_enabled": boolean}),
        "interactivity": shape({"is_enabled": boolean}, {"request_url": _URL, "message_menu_options_url": _URL}),
        "org_deploy_enabled": boolean,
        "socket_mode_enabled": boolean,
        "token_rotation_enabled": boolean,
        "is_hosted": boolean,
        "is_mcp_enabled": boolean,
    },
)

_MANIFEST = shape(
    {
        "display_information": shape(
            {"name": string(35)},
            {"description": string(140), "long_description": string(4000, at_least=175), "background_color": _COLOR},
        )
    },
    {
        "_metadata": shape(
            {}, dict.fromkeys(("schema_version", "min_version", "major_version", "minor_version"), integer(0))
        ),
        "features": _FEATURES,
        "oauth_config": _OAUTH,
        "settings": _SETTINGS,
        "outgoing_domains": array(string(50), at_most=10),
    },
)


def check_manifest(manifest: Any) -> list[str]:
    """Korean sentences, one a problem, each with the place: `features.slash_commands.0.command: …`."""
    problems = Problems()
    _MANIFEST(manifest, "", problems)
    if not problems:
        _check_scopes(manifest, problems)
        _check_delivery(manifest, problems)
        _check_features(manifest, problems)
    return [f"{_place(problem.pointer)}: {problem.sentence}" for problem in problems.found]


def _place(pointer: str) -> str:
    return pointer.strip("/").replace("/", ".") or "manifest"


def section(manifest: Json, *names: str) -> Any:
    """The value under these keys, or None when one of them is missing."""
    value: Any = manifest
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def granted_scopes(manifest: Json) -> tuple[str, ...]:
    """The bot's scopes; the optional ones count, as if the installer had ticked them all."""
    scopes = section(manifest, "oauth_config", "scopes") or {}
    return tuple(dict.fromkeys([*scopes.get("bot", []), *scopes.get("bot_optional", [])]))


def _check_scopes(manifest: Json, problems: Problems) -> None:
    granted = granted_scopes(manifest)

    def need(pointer: str, anyone_of: Iterable[str], what: str) -> None:
        wanted = tuple(anyone_of)
        if not any(scope in granted for scope in wanted):
            listed = " 또는 ".join(wanted)
            problems.add(
                pointer, f"requires scope {listed}", f"{what}에는 oauth_config.scopes.bot의 {listed}가 있어야 합니다"
            )

    for index, event in enumerate(section(manifest, "settings", "event_subscriptions", "bot_events") or []):
        if event in SCOPES_FOR_EVENT:
            need(f"/settings/event_subscriptions/bot_events/{index}", SCOPES_FOR_EVENT[event], f"{event} 이벤트")
    features = manifest.get("features", {})
    if "slash_commands" in features:
        need("/features/slash_commands", ("commands",), "슬래시 명령")
    if "shortcuts" in features:
        need("/features/shortcuts", ("commands",), "바로가기")
    for view in ("agent_view", "assistant_view"):
        if view in features:
            need(f"/features/{view}", ("assistant:write",), view)
    if granted and "bot_user" not in features:
        problems.add("/features", "requires bot_user", "봇 권한을 쓰려면 features.bot_user가 있어야 합니다")


def _check_delivery(manifest: Json, problems: Problems) -> None:
    """Without Socket Mode, Slack needs an address for each thing it sends."""
    if section(manifest, "settings", "socket_mode_enabled") is True:
        return
    missing = "소켓 모드를 쓰지 않으면 받을 주소({})가 있어야 합니다"
    for index, command in enumerate(section(manifest, "features", "slash_commands") or []):
        if "url" not in command:
            problems.add(f"/features/slash_commands/{index}", "requires url", missing.format("url"))
    for name in ("event_subscriptions", "interactivity"):
        settings = section(manifest, "settings", name)
        if settings and "request_url" not in settings and settings.get("is_enabled", True):
            problems.add(f"/settings/{name}", "requires request_url", missing.format("request_url"))


def _check_features(manifest: Json, problems: Problems) -> None:
    features = manifest.get("features", {})
    if "agent_view" in features and "assistant_view" in features:
        problems.add(
            "/features", "agent_view excludes assistant_view", "agent_view와 assistant_view는 함께 쓸 수 없습니다"
        )
    names = [command["command"] for command in features.get("slash_commands", [])]
    for name in sorted({each for each in names if names.count(each) > 1}):
        problems.add("/features/slash_commands", "duplicate command", f"{name} 명령이 두 번 있습니다")
    if "shortcuts" in features and section(manifest, "settings", "interactivity", "is_enabled") is not True:
        where = "/settings/interactivity"
        problems.add(where, "requires is_enabled", "바로가기를 쓰려면 interactivity.is_enabled가 true여야 합니다")

"""auth.test, team.info, users.*, bots.info."""

from __future__ import annotations

from bot.localslack.cast import WORKSPACE_DOMAIN
from bot.localslack.ids import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID
from bot.localslack.json_types import Json
from bot.localslack.slack_objects import user_object
from bot.localslack.web_api.call import Call, SlackError, offset_of, page_of


async def auth_test(call: Call) -> Json:
    """With `bot_id` in the answer, Bolt takes `user_id` as the bot's."""
    return {
        "url": f"{call.core.base_url()}/",
        "team": call.workspace.name,
        "user": call.workspace.manifest.bot_name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


async def team_info(call: Call) -> Json:
    asked = call.text("team")
    if asked not in (None, TEAM_ID):
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": TEAM_ID,
            "name": call.workspace.name,
            "domain": WORKSPACE_DOMAIN,
            "url": f"{call.core.base_url()}/",
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


async def user_info(call: Call) -> Json:
    member = call.workspace.member(call.required("user"))
    if member is None:
        raise SlackError("user_not_found")
    return {"user": user_object(member, call.workspace.clock.now(), call.flag("include_locale"))}


async def list_users(call: Call) -> Json:
    shown, cursor = page_of(list(call.workspace.members.values()), offset_of(call), call.limit())
    now, locale = call.workspace.clock.now(), call.flag("include_locale")
    return {
        "members": [user_object(member, now, locale) for member in shown],
        "cache_ts": int(now.timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


async def bot_info(call: Call) -> Json:
    if call.text("bot") not in (None, BOT_ID):
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": BOT_ID,
            "app_id": APP_ID,
            "user_id": BOT_USER_ID,
            "name": call.workspace.manifest.name,
            "deleted": False,
            "updated": 0,
        }
    }

"""What the page may do to the workspace itself: move its clock, order trouble, start over."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.localslack.cast import WORKSPACE_ZONE
from bot.localslack.json_types import Json
from bot.localslack.model import Refused
from bot.localslack.ui_body import Body

if TYPE_CHECKING:
    from bot.localslack.server import LocalSlack

_LONGEST_STEP = timedelta(days=366)
_TOMORROW = re.compile(r"tomorrow (\d{1,2}):(\d{2})")


class Control:
    """Works on the LocalSlack facade, like a test does."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack

    @property
    def manifest_text(self) -> str:
        return self._slack.manifest.text

    async def clock(self, body: Body) -> Json:
        """{"by": seconds} | {"to": "2026-11-27T09:30" | "tomorrow 09:30" | "next_due"}. Raises Refused."""
        now = self._slack.clock.now()
        if body.maybe("to") == "next_due":
            journey = await self._slack.advance_to_next_due()
            if journey is None:
                raise Refused("nothing_due", "예정된 일이 없습니다.")
        else:
            target = _target(body, now)
            if target - now > _LONGEST_STEP:
                raise Refused("too_far", "한 번에 1년까지 옮길 수 있습니다.")
            if target < now:
                raise Refused("time_in_past", "시간은 앞으로만 갈 수 있습니다.")
            journey = await self._slack.advance_to(target)
        return {"epoch": journey.now.timestamp(), "stops": journey.stops, "stuck": journey.stuck_at is not None}

    async def trouble(self, body: Body) -> Json:
        if body.flag("off"):
            self._slack.no_more_trouble()
        elif body.flag("refresh"):
            await self._slack.refresh_sockets()
        elif "redeliver" in body:
            self._slack.redeliver_events(1 if body.flag("redeliver") else 0)
        elif "method" in body:
            self._slack.trouble(
                body.text("method"),
                body.text("error", "ratelimited"),
                times=int(body.number("times", 1)),
                retry_after=int(body.number("retry_after", 1)),
            )
        else:
            raise Refused("invalid_arguments", "어떤 장애인지 알 수 없습니다.")
        return {}

    async def reset(self, _body: Body) -> Json:
        if not await self._slack.reset():
            raise Refused("not_supported", "앱이 처음으로 되돌리기를 지원하지 않습니다.")
        return {}


def _target(body: Body, now: datetime) -> datetime:
    if "by" in body:
        return now + timedelta(seconds=body.number("by"))
    zone, wanted = ZoneInfo(WORKSPACE_ZONE), body.text("to")
    if found := _TOMORROW.fullmatch(wanted):
        local = now.astimezone(zone) + timedelta(days=1)
        local = local.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
        return local.astimezone(UTC)
    try:
        moment = datetime.fromisoformat(wanted)
    except ValueError as error:
        raise Refused("invalid_time", "날짜와 시각을 2026-11-27T09:30처럼 적어 주세요.") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)

"""The windows of a workspace's settings: zone and hours, people, and the days on which it differs from its country."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from bot.texts.catalogue import LANGUAGES, Speaker
from bot.workspaces.changing import MOST_MANAGERS, NOTE_LENGTH
from bot.workspaces.settings import WorkspaceSettings
from bot.workspaces.zones import ZONES
from handlers.blocks.parts import (
    Block,
    actions,
    button,
    channel_select,
    context,
    date_input,
    divider,
    escape,
    input_block,
    modal,
    option,
    people_select,
    radio,
    section,
    select,
    text_input,
    time_input,
)
from handlers.ids import ActionId, ViewId
from handlers.values import Pointer
from storage.tables import SpecialDay

OFF, WORKED = "off", "worked"
AS_STARTED = "as_started"
_SHOWN_DAYS = 60


def settings_modal(settings: WorkspaceSettings, *, user_id: str, pointer: Pointer, say: Speaker) -> dict[str, Any]:
    """`user_id` is who opens it: the first manager while there is none."""
    zones = [option(say.zone(name), name) for name in dict.fromkeys([settings.zone, *ZONES])]
    languages = [option(say(f"settings.language_{name}"), name) for name in (AS_STARTED, *LANGUAGES)]
    language = next(one for one in languages if one["value"] == (settings.language or AS_STARTED))
    working, count = settings.working, len(settings.special_days)
    return modal(
        title=say("settings.title"),
        submit=say("settings.submit"),
        close=say("modal.close"),
        callback_id=ViewId.SETTINGS,
        private_metadata=pointer.dump(),
        blocks=[
            section(say("settings.intro")),
            input_block(say("settings.zone"), select(zones, initial=zones[0]), block_id="zone"),
            input_block(say("settings.opens"), time_input(_hour(working.opens)), block_id="opens"),
            input_block(
                say("settings.closes"),
                time_input(_hour(working.closes)),
                block_id="closes",
                hint=say("settings.closes_hint"),
            ),
            input_block(say("settings.nudge_at"), time_input(_hour(working.nudge_at)), block_id="nudge_at"),
            section(say("settings.days" if count else "settings.no_days", count=count)),
            actions(button(say("button.open_days"), ActionId.OPEN_DAYS)),
            input_block(
                say("settings.managers"),
                people_select(settings.managers or [user_id], most=MOST_MANAGERS),
                block_id="managers",
                hint=say("settings.managers_hint"),
            ),
            input_block(
                say("settings.help_channel"),
                channel_select(settings.help_channel_id),
                block_id="help_channel_id",
                optional=True,
                hint=say("settings.help_channel_hint"),
            ),
            input_block(say("settings.language"), select(languages, initial=language), block_id="language"),
        ],
    )


def days_modal(settings: WorkspaceSettings, *, today: date, say: Speaker) -> dict[str, Any]:
    """What is entered, each with a button that removes it, and the fields for one more."""
    coming = [day for day in settings.special_days if day.day >= today]
    kinds = [option(say(f"days.{kind}"), kind) for kind in (OFF, WORKED)]
    return modal(
        title=say("days.title"),
        submit=say("days.submit"),
        close=say("modal.close"),
        callback_id=ViewId.DAYS,
        private_metadata=Pointer().dump(),
        blocks=[
            context(say("days.intro")),
            *_listed(coming, say),
            divider(),
            input_block(say("days.day"), date_input(today.isoformat()), block_id="day"),
            input_block(say("days.kind"), radio(kinds, initial=kinds[0]), block_id="kind"),
            input_block(
                say("days.note"),
                text_input(placeholder=say("days.note_example"), max_length=NOTE_LENGTH),
                block_id="note",
                optional=True,
            ),
        ],
    )


def day_line(day: SpecialDay, say: Speaker) -> str:
    """'12월 4일 (금) · 쉬는 날 · 창립기념일'."""
    parts = [say.day(day.day), say(f"days.{OFF if day.is_off else WORKED}"), escape(day.note)]
    return "  ·  ".join(part for part in parts if part)


def _listed(days: Sequence[SpecialDay], say: Speaker) -> list[Block]:
    if not days:
        return [section(say("days.none"))]
    listed = [
        section(
            day_line(day, say),
            accessory=button(
                say("button.remove_day"),
                f"{ActionId.REMOVE_DAY}:{day.day.isoformat()}",
                value=Pointer(day=day.day).dump(),
            ),
        )
        for day in days[:_SHOWN_DAYS]
    ]
    more = [context(say("days.more", count=len(days) - _SHOWN_DAYS))] if len(days) > _SHOWN_DAYS else []
    return [*listed, *more]


def _hour(hour: time) -> str:
    return hour.strftime("%H:%M")

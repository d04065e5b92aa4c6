"""A workspace's settings from wherever people reach them: App Home, a list of reminders, the command."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from pydantic import ValidationError

from bot.contracts.desk import Actor
from bot.contracts.refusals import Refused
from bot.nudges.delivery import Message
from bot.workspaces import changing
from bot.workspaces.settings import WorkspaceSettings, settings_of
from handlers.blocks import settings as windows
from handlers.blocks.changes import refusal
from handlers.blocks.modals import notice_modal
from handlers.blocks.parts import section
from handlers.deps import Deps, Visit
from handlers.ids import ActionId, ViewId
from handlers.listening import Press, Submission, on_press, on_submission
from handlers.opening import are_we_in
from handlers.routes import Routes
from handlers.values import Pointer, StaleButton
from handlers.views.fields import channel_of, chosen, day_of, people_of, text_of, time_of


def register(routes: Routes, deps: Deps) -> None:
    on_press(routes, ActionId.OPEN_SETTINGS, _press_settings, deps)
    on_press(routes, ActionId.OPEN_DAYS, _press_days, deps)
    on_press(routes, ActionId.REMOVE_DAY, _press_remove, deps)
    on_submission(routes, ViewId.SETTINGS, _submit_settings, deps)
    on_submission(routes, ViewId.DAYS, _submit_days, deps)


async def open_settings(visit: Visit, trigger_id: str) -> None:
    """Raises NotAManager."""
    settings = await _settings_for_change(visit)
    view = windows.settings_modal(settings, user_id=visit.user_id, pointer=Pointer(), say=visit.say)
    await visit.client.views_open(trigger_id=trigger_id, view=view)


async def open_days(visit: Visit, trigger_id: str, *, on_top: bool = False) -> None:
    """`on_top` of the window that is open. Raises NotAManager."""
    view = _days_view(visit, await _settings_for_change(visit))
    await (visit.client.views_push if on_top else visit.client.views_open)(trigger_id=trigger_id, view=view)


async def enter_day(visit: Visit, day: date, *, is_off: bool, note: str) -> Message:
    """What to tell the person afterwards. Raises NotAManager or TooManyDays."""
    new = changing.NewDay(day=day, is_off=is_off, note=note[: changing.NOTE_LENGTH])
    settings, moved = await _write(visit, changing.put_day, new)
    entered = next(one for one in settings.special_days if one.day == day)
    return _told(visit.say("days.entered", line=windows.day_line(entered, visit.say), moved=moved))


async def forget_day(visit: Visit, day: date) -> Message:
    """Raises NotAManager, or NothingToChange when nothing was entered for the day."""
    _, moved = await _write(visit, changing.remove_day, day)
    return _told(visit.say("days.removed", day=visit.say.day(day), moved=moved))


def today_of(visit: Visit, settings: WorkspaceSettings) -> date:
    return visit.deps.office.today(settings.zone)


async def read_settings(visit: Visit) -> WorkspaceSettings:
    return await visit.deps.database.read(settings_of, visit.workspace_id, office=visit.deps.office)


async def _press_settings(press: Press) -> None:
    await open_settings(press.visit, press.trigger_id)


async def _press_days(press: Press) -> None:
    in_window = (press.body.get("view") or {}).get("type") == "modal"
    await open_days(press.visit, press.trigger_id, on_top=in_window)


async def _press_remove(press: Press) -> None:
    day = press.pointer.day
    if day is None or not press.is_in_modal:
        raise StaleButton
    settings, _ = await _write(press.visit, changing.remove_day, day)
    await press.show(_days_view(press.visit, settings))


async def _submit_settings(submission: Submission) -> None:
    visit, values, ack = submission.visit, submission.values, submission.ack
    try:
        new = _new_settings(values)
    except ValidationError as wrong:
        await ack(response_action="errors", errors=_under_fields(wrong, visit))
        return
    if new.help_channel_id and not await are_we_in(visit, new.help_channel_id):
        await ack(response_action="errors", errors={"help_channel_id": visit.say("refusal.not_invited")})
        return
    try:
        await _write(visit, changing.change_settings, new)
    except Refused as refused:
        await _refuse(submission, refused)
        return
    await ack()


async def _submit_days(submission: Submission) -> None:
    visit, values = submission.visit, submission.values
    day = day_of(values, "day")
    if day is None:
        await submission.ack(response_action="errors", errors={"day": visit.say("days.wrong_day")})
        return
    new = changing.NewDay(day=day, is_off=chosen(values, "kind") != windows.WORKED, note=text_of(values, "note"))
    try:
        settings, _ = await _write(visit, changing.put_day, new)
    except Refused as refused:
        await _refuse(submission, refused)
        return
    await submission.ack(response_action="update", view=_days_view(visit, settings))


def _new_settings(values: dict[str, Any]) -> changing.NewSettings:
    """Raises ValidationError."""
    language = chosen(values, "language")
    return changing.NewSettings(
        zone=chosen(values, "zone") or "",
        opens=time_of(values, "opens") or time.min,
        closes=time_of(values, "closes") or time.min,
        nudge_at=time_of(values, "nudge_at") or time.min,
        managers=tuple(people_of(values, "managers")),
        language=language if language in {"ko", "en"} else None,
        help_channel_id=channel_of(values, "help_channel_id"),
    )


async def _settings_for_change(visit: Visit) -> WorkspaceSettings:
    """Raises NotAManager before anybody fills in what they may not send."""
    await visit.deps.database.read(changing.may_change, actor=_actor(visit), standing=visit.standing)
    return await read_settings(visit)


async def _write(visit: Visit, use_case: Any, what: Any) -> Any:
    done = await visit.deps.database.write(
        use_case, what, office=visit.deps.office, actor=_actor(visit), standing=visit.standing
    )
    visit.deps.status.ask_workspace(visit.workspace_id)
    return done


def _actor(visit: Visit) -> Actor:
    """Settings belong to the workspace and to no channel."""
    return Actor(visit.workspace_id, visit.user_id, frozenset())


def _days_view(visit: Visit, settings: WorkspaceSettings) -> dict[str, Any]:
    return windows.days_modal(settings, today=today_of(visit, settings), say=visit.say)


def _told(text: str) -> Message:
    return Message(text=text, blocks=[section(text)])


async def _refuse(submission: Submission, refused: Refused) -> None:
    say = submission.visit.say
    view = notice_modal(submission.view["title"]["text"], refusal(refused, say), say)
    await submission.ack(response_action="update", view=view)


def _under_fields(wrong: ValidationError, visit: Visit) -> dict[str, str]:
    fields = [str(error["loc"][0]) if error["loc"] else error["type"] for error in wrong.errors()]
    return {field: visit.say(f"settings.wrong.{field}") for field in fields}

"""The upload flow: files.getUploadURLExternal, the upload itself, files.completeUploadExternal."""

from __future__ import annotations

import base64
from typing import Any

from aiohttp import web

from bot.localslack.composer import escape
from bot.localslack.ids import BOT_USER_ID
from bot.localslack.json_types import Json
from bot.localslack.model import HostedFile
from bot.localslack.slack_objects import file_object
from bot.localslack.web_api.call import Call, Core, SlackError, invalid_arguments

LARGEST_FILE = 10 * 1024 * 1024


async def get_upload_url(call: Call) -> Json:
    name, length = call.required("filename"), call.integer("length", 0)
    if length <= 0:
        raise SlackError("missing_argument")
    if length > LARGEST_FILE:
        raise SlackError("file_upload_size_restricted")
    now = int(call.workspace.clock.now().timestamp())
    file = HostedFile(call.workspace.ids.next("F"), name, length, name, now, alt=call.text("alt_txt") or "")
    call.workspace.save_file(file)
    return {"file_id": file.id, "upload_url": f"{call.core.base_url()}/upload/v1/{file.id}"}


async def complete_upload(call: Call) -> Json:
    """Names the uploaded files and shares them where asked, as one message."""
    files = _uploaded(call)
    channels = _channels(call)
    thread_ts = call.text("thread_ts") or None
    if thread_ts and len(channels) != 1:
        raise invalid_arguments("thread_ts needs exactly one channel [json-pointer:/thread_ts]")
    for channel in channels:
        root = None if thread_ts is None else call.workspace.message(channel, thread_ts)
        if thread_ts is not None and (root is None or root.is_reply):
            raise SlackError("invalid_thread_ts")
    for file in files:
        file.shared_in.extend(each for each in channels if each not in file.shared_in)
        call.workspace.save_file(file)
    shown = [file_object(file, call.core.base_url()) for file in files]
    comment = escape(call.text("initial_comment") or "")
    for channel in channels:
        call.core.messenger.post(channel, BOT_USER_ID, comment, subtype="file_share", files=shown, thread_ts=thread_ts)
    return {"files": shown}


def _uploaded(call: Call) -> list[HostedFile]:
    given = call.arguments.get("files")
    if not isinstance(given, list) or not given:
        raise invalid_arguments("missing required field: files")
    return [_uploaded_file(call, each) for each in given]


def _uploaded_file(call: Call, given: Any) -> HostedFile:
    found = call.workspace.files.get(str(given.get("id"))) if isinstance(given, dict) else None
    if found is None or found.content is None:
        raise SlackError("file_not_found")
    found.title = str(given.get("title") or found.name)
    return found


def _channels(call: Call) -> list[str]:
    listed = call.text("channels") or call.text("channel_id") or ""
    found = []
    for each in filter(None, listed.split(",")):
        conversation = call.workspace.conversation(each.strip())
        if conversation is None:
            raise SlackError("channel_not_found")
        if not call.workspace.bot_in(conversation):
            raise SlackError("not_in_channel")
        found.append(conversation.id)
    return found


async def receive_upload(core: Core, request: web.Request) -> web.Response:
    """POST of the file's bytes to the address that getUploadURLExternal gave."""
    file = core.workspace.files.get(request.match_info["file_id"])
    if file is None:
        return web.Response(status=404, text="no such upload")
    if request.content_type.startswith("multipart/"):
        reader = await request.multipart()
        part = await reader.next()
        content = bytes(await part.read()) if part is not None and hasattr(part, "read") else b""
    else:
        content = await request.read()
    if len(content) != file.size:
        core.log.write("refused", f"upload · {file.size} bytes announced, {len(content)} came", ok=False)
        return web.Response(status=400, text="length differs from what was announced")
    file.content = base64.b64encode(content).decode()
    core.workspace.save_file(file)
    return web.Response(text=f"OK - {len(content)}")


def download(core: Core, file_id: str) -> tuple[str, bytes] | None:
    """Name and bytes of an uploaded file."""
    file = core.workspace.files.get(file_id)
    return None if file is None or file.content is None else (file.name, base64.b64decode(file.content))

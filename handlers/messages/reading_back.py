"""Whether an answer that was about to be posted is there: its sender may have died before it learnt so."""

from __future__ import annotations

import logging
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers.deps import Visit
from handlers.slack_errors import TABLE, family_of, reason_of

log = logging.getLogger(__name__)

EVENT_TYPE = "contract_guide_answer"
_PAGE = 200


def mark_of(question_id: int) -> dict[str, Any]:
    """The metadata by which an answer is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"question": question_id}}


async def stands_there(
    visit: Visit, channel_id: str, root: str, question_id: int, *, otherwise: str | None = None
) -> bool:
    """Looks into the thread. Where nobody may look, the person is told `otherwise`, or to look themselves: a second
    answer would be no better.

    Raises SlackApiError where it may be looked at later.
    """
    cursor: str | None = None
    while True:
        try:
            page = await visit.client.conversations_replies(
                channel=channel_id, ts=root, include_all_metadata=True, limit=_PAGE, cursor=cursor
            )
        except SlackApiError as error:
            if TABLE[family_of(error)].comes_back:
                raise
            log.warning("the thread of question %s cannot be read: %s", question_id, reason_of(error))
            await visit.client.chat_postMessage(
                channel=channel_id,
                thread_ts=root,
                text=otherwise or visit.say("error.cut_off"),
            )
            return True
        if any(message.get("metadata") == mark_of(question_id) for message in page["messages"]):
            return True
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return False

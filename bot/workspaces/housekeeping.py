"""The job that lets go of what is older than we keep it."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlmodel import Session

from bot.workspaces.installing import erase_those_gone
from bot.workspaces.retention import Retention
from storage.inbox import forget_events
from storage.pauses import forget_old_pauses
from storage.questions import forget_questions

log = logging.getLogger(__name__)


def let_go(retention: Retention, *, session: Session, now: datetime) -> None:
    forget_events(session=session, older_than=now - retention.events)
    forget_old_pauses(session=session, now=now)
    forget_questions(session=session, older_than=now - retention.questions)
    erased = erase_those_gone(session=session, gone_before=now - retention.after_uninstall)
    if erased:
        log.info("erased everything of %s, which took the app out", ", ".join(erased))

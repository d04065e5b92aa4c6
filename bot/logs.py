"""Log lines: JSON where a server runs, plain text for whoever sits before it. They carry ids, never what people wrote.

What an exception says may hold a text, a mail address or a token, as the parameters of a statement do. So a server logs
where it was raised and of which kind it is; what it says stays on the machine of a developer.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from bot.settings import Mode, Settings

_CHATTY = ("slack_bolt", "slack_sdk", "aiohttp", "apscheduler", "alembic", "openai", "httpx2", "httpcore2")
"""At their lower levels they print payloads, with what people wrote and the tokens beside it."""
_ROOT = Path(__file__).parents[1]
_PLAIN = "%(asctime)s %(levelname)s %(name)s %(message)s"
_MOST_CAUSES = 5

_about: ContextVar[Mapping[str, object] | None] = ContextVar("about", default=None)


def set_up(settings: Settings, stream: TextIO | None = None) -> logging.Handler:
    """Returns the handler that was put in the place of whatever was there."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(logging.Formatter(_PLAIN) if settings.mode is Mode.LOCAL else json_lines())
    logging.basicConfig(level=settings.log_level_number, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(settings.log_level_number, logging.WARNING))
    return handler


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Every line within it carries these ids."""
    token = _about.set({**(_about.get() or {}), **ids})
    try:
        yield
    finally:
        _about.reset(token)


def json_lines() -> logging.Formatter:
    """One object a line: time, level, logger, message, the ids that it is about, and where an exception was raised."""
    from pythonjsonlogger.json import JsonFormatter  # only for servers: `ask` is to answer at once

    class JsonLines(JsonFormatter):
        def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
            super().add_fields(log_data, record, message_dict)
            log_data["message"] = (record.message.splitlines() or [""])[0]  # asyncio shows exceptions on the next
            log_data.update(_about.get() or {})

        def formatException(
            self, ei: tuple[type[BaseException] | None, BaseException | None, TracebackType | None]
        ) -> Any:
            return list(_raised(ei[1]))

    return JsonLines(
        ["levelname", "name", "message"],
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "raised"},
        timestamp="time",
        json_ensure_ascii=False,
    )


def _raised(error: BaseException | None) -> Iterator[str]:
    """Its kind and the places that it came through, then those of its causes; never what it says."""
    for _ in range(_MOST_CAUSES):
        if error is None:
            return
        places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in _frames(error)]
        yield " < ".join([type(error).__name__, *reversed(places)])
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return list(traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False))


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else "/".join(path.parts[-2:])

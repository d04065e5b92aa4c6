"""What a button or a modal carries back to us. It says what was meant; it proves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from msgspec import DecodeError, Meta, Struct, ValidationError, convert, json
from msgspec.structs import replace

from bot.answers.replies import Does
from bot.contracts.refusals import Refused
from storage.tables import CardStatus


class StaleButton(Refused):
    """A button whose value we cannot read: from an older version of ours, or made up."""

    key = "stale_button"


Id = Annotated[int, Meta(ge=1, lt=2**31)]
"""of a row of ours: no larger than what both engines hold"""
PERSON = r"[UW][A-Z0-9]{1,30}"
TS = r"\d{1,12}\.\d{1,6}"
"""of a message: seconds since 1970, and a counter behind the point"""


def id_of(text: str) -> int:
    """Raises StaleButton for a text that is no id of ours."""
    try:
        return convert(text, Id, strict=False)
    except ValidationError:
        raise StaleButton from None


class Pointer(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Points at a contract, and at what of it a button is about."""

    contract: Id | None = None
    channel: str | None = None
    step: str | None = None
    item: str | None = None
    """of a checklist"""
    cards: tuple[str, ...] = ()
    decision: str | None = None
    change: str | None = None
    before: Id | None = None
    """the id of the oldest history row already shown"""
    after: Id | None = None
    """the id of the newest one"""
    home: bool = False
    """whether it was opened from App Home, which then has to be brought up to date"""
    nudge: Id | None = None
    lost: tuple[Id, ...] = ()
    """nudges that may not have arrived"""
    topic: str | None = None
    report: str | None = None
    day: date | None = None
    question: Id | None = None
    """the question under whose answer the button stands"""
    about: Annotated[str, Meta(pattern=rf"^{TS}\Z")] | None = None
    """the message (the first one of its thread) that somebody had answered by the shortcut, or the announcement that
    the form goes on with"""
    does: Does = Does.RECORD
    at: Annotated[datetime, Meta(tz=True)] | None = None
    shown: tuple[tuple[str, CardStatus], ...] = ()
    """card companies, and how they stood when the form was opened"""
    person: Annotated[str, Meta(pattern=rf"^{PERSON}\Z")] | None = None

    def showing(self, statuses: Mapping[str, CardStatus]) -> Pointer:
        return replace(self, shown=tuple(statuses.items()))

    @property
    def shown_statuses(self) -> dict[str, CardStatus]:
        return dict(self.shown)

    def dump(self) -> str:
        return json.encode(self).decode()

    @classmethod
    def parse(cls, value: object) -> Pointer:
        """Raises StaleButton."""
        if not isinstance(value, str):  # only what we made ourselves is surely a text
            raise StaleButton
        try:
            return json.decode(value, type=cls)
        except (DecodeError, UnicodeEncodeError):  # half of a surrogate pair is in no text of ours
            raise StaleButton from None

    @property
    def contract_id(self) -> int:
        """Raises StaleButton when the button points at no contract."""
        if self.contract is None:
            raise StaleButton
        return self.contract

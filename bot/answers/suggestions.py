"""What people's clicks say about how questions are asked: gathered for somebody to approve, never learned silently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlmodel import Session

from bot.contracts.desk import Actor
from bot.workspaces.changing import NotAManager
from bot.workspaces.people import Standing
from storage.suggestions import pending_suggestions
from storage.tables import Question, Suggestion, Verdict
from storage.workspace_settings import managers_of

LEARNABLE = frozenset({Verdict.CHOSEN, Verdict.HELPFUL, Verdict.UNHELPFUL})
UNANSWERED = frozenset({Verdict.UNANSWERED, Verdict.NONE})

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|<mailto:[^>]*>")
_NUMBER = re.compile(r"\d[\d -]{7,}\d")
_MENTION = re.compile(r"<[@#!][^>]*>")
_ROLES = "대표|담당자?|고객|사장|팀장|과장|대리|부장|실장|이사|선생|매니저|개발자"
_NAME = re.compile(rf"(?<![가-힣])(?!{_ROLES})[가-힣]{{2,4}}(?=\s?님)")
_SPACES = re.compile(r"\s+")


def without_personal_data(text: str) -> str:
    """One printable line for somebody who was not there: no mail address, no long number, no mention, no name."""
    for pattern in (_MAIL, _NUMBER, _NAME):
        text = pattern.sub("○○", text)
    text = _SPACES.sub(" ", _MENTION.sub(" ", text)).strip()
    return "".join(sign for sign in text if sign.isprintable())


class Proposal(Struct, frozen=True):
    """One question in the same words, and what people made of the same answer to it."""

    ids: tuple[int, ...]
    question: str
    """without personal data"""
    shown: str | None
    chosen: str | None
    verdicts: tuple[str, ...]

    @property
    def id(self) -> int:
        """The number by which people call it."""
        return min(self.ids)

    @property
    def topic(self) -> str | None:
        """The topic that the question is another way to ask for, as far as people have said."""
        if self.chosen is not None:
            return self.chosen
        return self.shown if self.count(Verdict.HELPFUL) > self.count(Verdict.UNHELPFUL) else None

    def count(self, verdict: Verdict) -> int:
        return self.verdicts.count(verdict)


def learnable(*, session: Session) -> list[Proposal]:
    """Clicks and thumbs that wait for somebody, what was said most often first."""
    return _gathered(pending_suggestions(session=session, verdicts=LEARNABLE))


def unanswered(*, session: Session, workspace_id: str | None = None) -> list[Proposal]:
    """Questions that nothing of ours answered, what was asked most often first."""
    return _gathered(pending_suggestions(session=session, verdicts=UNANSWERED, workspace_id=workspace_id))


def unanswered_for(*, session: Session, actor: Actor, standing: Standing) -> list[Proposal]:
    """The workspace's own, for its onboarding managers and admins. Raises NotAManager.

    Nobody else: what somebody asked in a direct message is not for everybody.
    """
    managers = managers_of(session=session, workspace_id=actor.workspace_id)
    if actor.user_id not in managers and standing is not Standing.ADMIN:
        raise NotAManager(tuple(managers))
    return unanswered(session=session, workspace_id=actor.workspace_id)


def every_proposal(*, session: Session) -> list[Proposal]:
    return [*learnable(session=session), *unanswered(session=session)]


def _gathered(rows: Iterable[tuple[Suggestion, Question]]) -> list[Proposal]:
    found: dict[tuple[str, str | None, str | None], list[tuple[Suggestion, str]]] = {}
    for suggestion, question in rows:
        text = without_personal_data(question.text)
        found.setdefault((text.casefold(), suggestion.shown, suggestion.chosen), []).append((suggestion, text))
    proposals = [_proposal(same) for same in found.values()]
    return sorted(proposals, key=_most_often_first)


def _proposal(same: Sequence[tuple[Suggestion, str]]) -> Proposal:
    first, text = same[0]
    return Proposal(
        ids=tuple(suggestion.id or 0 for suggestion, _ in same),
        question=text,
        shown=first.shown,
        chosen=first.chosen,
        verdicts=tuple(suggestion.verdict for suggestion, _ in same),
    )


def _most_often_first(one: Proposal) -> tuple[int, int]:
    return (-len(one.ids), one.id)

"""`app.py suggestions`: what people's clicks say, for somebody to approve or to reject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers.suggestions import Proposal, every_proposal, learnable, unanswered
from bot.answers.topic_book import TopicBook
from bot.answers.topic_files import CannotAdd, add_phrasing, phrasing_line
from storage.database import Database
from storage.suggestions import settle_suggestions
from storage.tables import SuggestionStatus, Verdict


class NotPossible(Exception):
    """Nothing was marked. The message is the one line that the operator reads."""


def listed(database: Database, *, only_unanswered: bool) -> Iterator[str]:
    """One line for each, what was said most often first. Ids and words only: no names, no addresses."""
    with database.reading() as session:
        found = unanswered(session=session) if only_unanswered else learnable(session=session)
    for one in found:
        yield f"{one.id}\t{len(one.ids)}\t{one.question}\t{_what_of_it(one)}"


def approve(database: Database, topics: TopicBook, ids: Sequence[int], *, topic: str | None, write: bool) -> list[str]:
    """The lines to add to the topic files, or, with `write`, what was added to which. Marks them as approved.

    Raises NotPossible, with nothing marked and nothing written, where an id is unknown or names no topic.
    """
    chosen = [(one, topic or one.topic) for one in _named(database, ids)]
    for one, taught in chosen:
        if taught is None:
            raise NotPossible(f"{one.id}: nobody said which topic was meant; name it with --topic")
        if taught not in topics.files:
            raise NotPossible(f"{one.id}: there is no topic {taught!r}")
    said = [_taught(one, taught or "", topics, write=write) for one, taught in chosen]
    _settle(database, [one for one, _ in chosen], SuggestionStatus.APPROVED)
    return said


def reject(database: Database, ids: Sequence[int]) -> int:
    """Returns how many were marked. Raises NotPossible for an unknown id."""
    named = _named(database, ids)
    _settle(database, named, SuggestionStatus.REJECTED)
    return len(named)


def _what_of_it(one: Proposal) -> str:
    said = [f"shown: {one.shown or '-'}"]
    if one.chosen:
        said.append(f"meant: {one.chosen}")
    if one.count(Verdict.NONE):
        said.append("none of the offered topics")
    thumbs = one.count(Verdict.HELPFUL), one.count(Verdict.UNHELPFUL)
    if any(thumbs):
        said.append(f"thumbs: +{thumbs[0]} -{thumbs[1]}")
    return ", ".join(said)


def _taught(one: Proposal, topic: str, topics: TopicBook, *, write: bool) -> str:
    path = topics.files[topic]
    if one.question in topics.topics[topic].asked:
        return f"# {path.name}, {topic}: asked like that already: {one.question}"
    if not write:
        return f"# {path.name}, {topic}, under asked:\n{phrasing_line(one.question)}"
    try:
        add_phrasing(path, topic, one.question)
    except (CannotAdd, OSError) as wrong:
        raise NotPossible(f"{one.id}: {wrong}") from wrong
    return f"{path.name}, {topic}: added: {one.question}"


def _named(database: Database, ids: Sequence[int]) -> list[Proposal]:
    with database.reading() as session:
        known = {one.id: one for one in every_proposal(session=session)}
    for number in ids:
        if number not in known:
            raise NotPossible(f"{number}: no such suggestion is pending")
    return [known[number] for number in dict.fromkeys(ids)]


def _settle(database: Database, proposals: Sequence[Proposal], status: SuggestionStatus) -> None:
    with database.writing() as session:
        settle_suggestions(session=session, ids=[id_ for one in proposals for id_ in one.ids], status=status)

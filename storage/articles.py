"""Imported articles: what is known of each, replacing and removing them, and reading all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from msgspec import Struct
from sqlalchemy import delete, func, insert, select, text
from sqlmodel import Session, col

from storage.article_tables import ArticleImport, ArticleSection, ImportedArticle
from storage.upsert import engine_of

_AT_ONCE = 500
Item = TypeVar("Item")


class KnownArticle(Struct, frozen=True):
    id: int
    fingerprint: str
    imported_at: datetime


class NewSection(Struct, frozen=True):
    headings: Sequence[str]
    anchor: str
    text: str


class StoredSection(Struct, frozen=True):
    """A section with what it takes from its article."""

    title: str
    url: str
    as_of: date
    is_dated: bool
    keywords: str
    headings: Sequence[str]
    anchor: str
    text: str


def lock_articles(*, session: Session) -> None:
    """Lets one import after the other in. SQLite has locked the whole database by now."""
    if engine_of(session) == "postgresql":
        session.execute(text("lock table article in exclusive mode"))


def known_articles(*, session: Session, collection: str) -> dict[str, KnownArticle]:
    """The articles of a collection by their path."""
    columns = select(
        col(ImportedArticle.path),
        col(ImportedArticle.id),
        col(ImportedArticle.fingerprint),
        col(ImportedArticle.imported_at),
    ).where(col(ImportedArticle.collection) == collection)
    return {path: KnownArticle(id_, print_, at) for path, id_, print_, at in session.execute(columns)}


def add_articles(articles: Iterable[tuple[ImportedArticle, Sequence[NewSection]]], *, session: Session) -> None:
    """Each with its sections in their order."""
    for some in _portions(articles):
        session.add_all(article for article, _ in some)
        session.flush()
        rows = [
            {
                "article_id": article.id,
                "position": at,
                "headings": [*one.headings],
                "anchor": one.anchor,
                "text": one.text,
            }
            for article, sections in some
            for at, one in enumerate(sections)
        ]
        if rows:
            session.execute(insert(ArticleSection), rows)
        session.expunge_all()


def remove_articles(ids: Iterable[int], *, session: Session) -> None:
    for some in _portions(ids):
        session.execute(delete(ImportedArticle).where(col(ImportedArticle.id).in_(some)))


def newest_import(*, session: Session) -> int:
    """The id of the newest import that changed something, 0 before the first one."""
    return session.execute(select(func.max(col(ArticleImport.id)))).scalar_one() or 0


def all_sections(*, session: Session) -> Iterator[StoredSection]:
    """Every section of every collection, in a lasting order."""
    rows = (
        select(
            col(ImportedArticle.title),
            col(ImportedArticle.url),
            col(ImportedArticle.as_of),
            col(ImportedArticle.is_dated),
            col(ImportedArticle.keywords),
            col(ArticleSection.headings),
            col(ArticleSection.anchor),
            col(ArticleSection.text),
        )
        .join(ImportedArticle, col(ImportedArticle.id) == col(ArticleSection.article_id))
        .order_by(col(ImportedArticle.collection), col(ImportedArticle.path), col(ArticleSection.position))
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in session.execute(rows):
        yield StoredSection(*row)


def _portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, _AT_ONCE)):
        yield some

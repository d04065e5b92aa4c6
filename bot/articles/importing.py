"""Imports a folder of articles: reads what is new in it, and makes the database hold what the folder holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field
from sqlmodel import Session

from bot.articles.folder import Found, files_of
from bot.articles.model import Article, LeftOut, Unreadable
from bot.articles.reading import READING, ArticleReader, Publishing
from storage.article_tables import ArticleImport, ImportedArticle
from storage.articles import KnownArticle, NewSection, add_articles, known_articles, lock_articles, remove_articles


class Refusal(Struct, frozen=True):
    path: str
    reason: str
    line: int | None = None
    is_folder: bool = False


class FolderRead(Struct):
    """What a folder holds now."""

    articles: dict[str, tuple[str, Article]] = field(default_factory=dict)
    """those that are new or changed, by path, with their fingerprint"""
    unchanged: set[str] = field(default_factory=set)
    refused: list[Refusal] = field(default_factory=list)
    left_out: int = 0

    def keeps(self, path: str) -> bool:
        """Whether what was imported from `path` before stays as it is: a typo must not cost an answer."""
        return path in self.unchanged or any(
            path == one.path or (one.is_folder and (one.path == "." or path.startswith(f"{one.path}/")))
            for one in self.refused
        )

    @property
    def holds_nothing(self) -> bool:
        return not self.articles and not self.unchanged


class Imported(Struct, frozen=True):
    """How the database changed; `kept` are the refused files whose earlier version stays, and since when."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: Mapping[str, datetime] = field(default_factory=dict)


def read_folder(folder: Path, known: Mapping[str, KnownArticle], publishing: Publishing) -> FolderRead:
    """Reads every file that `known` does not hold as it is now. Needs no database, and takes its time."""
    reader = ArticleReader(publishing)
    found = FolderRead()
    for file in files_of(folder):
        try:
            _read(file, reader, known, publishing, found)
        except LeftOut:
            found.left_out += 1
        except Unreadable as refused:
            found.refused.append(Refusal(file.path, refused.reason, refused.line, file.is_folder))
    return found


def keep_articles(found: FolderRead, *, collection: str, now: datetime, session: Session) -> Imported:
    """Brings a collection to what its folder holds, in this transaction; to nothing, if that holds nothing."""
    lock_articles(session=session)
    known = known_articles(session=session, collection=collection)
    fresh = {path: one for path, one in found.articles.items() if not _is_same(known.get(path), one[0])}
    gone = [path for path in known if path not in found.articles and not found.keeps(path)]
    replaced = [path for path in fresh if path in known]
    remove_articles([known[path].id for path in [*gone, *replaced]], session=session)
    add_articles(_rows(fresh, collection, now), session=session)
    done = Imported(
        new=len(fresh) - len(replaced),
        changed=len(replaced),
        unchanged=len(found.unchanged) + len(found.articles) - len(fresh),
        removed=len(gone),
        kept={path: one.imported_at for path, one in known.items() if path in {no.path for no in found.refused}},
    )
    _record(done, collection, now, session)
    return done


def _read(
    file: Found, reader: ArticleReader, known: Mapping[str, KnownArticle], publishing: Publishing, into: FolderRead
) -> None:
    content = file.content()
    fingerprint = _fingerprint(content, publishing)
    if file.path in into.articles or file.path in into.unchanged:
        raise Unreadable("another file has the same name in other Unicode letters")
    if _is_same(known.get(file.path), fingerprint):
        into.unchanged.add(file.path)
    else:
        into.articles[file.path] = fingerprint, reader.read(file.path, content)


def _fingerprint(content: bytes, publishing: Publishing) -> str:
    how = f"{READING}\n{publishing.base_url}\n{publishing.as_of}\n"
    return hashlib.sha256(how.encode() + content).hexdigest()


def _is_same(known: KnownArticle | None, fingerprint: str) -> bool:
    return known is not None and known.fingerprint == fingerprint


def _rows(
    fresh: Mapping[str, tuple[str, Article]], collection: str, now: datetime
) -> Iterator[tuple[ImportedArticle, list[NewSection]]]:
    for path, (fingerprint, article) in fresh.items():
        row = ImportedArticle(
            collection=collection,
            path=path,
            fingerprint=fingerprint,
            title=article.title,
            url=article.url,
            as_of=article.as_of,
            is_dated=article.is_dated,
            keywords=article.keywords,
            imported_at=now,
        )
        yield row, [NewSection(one.headings, one.anchor, one.text) for one in article.sections]


def _record(done: Imported, collection: str, now: datetime, session: Session) -> None:
    if done.new or done.changed or done.removed:
        session.add(
            ArticleImport(
                collection=collection, imported_at=now, new=done.new, changed=done.changed, removed=done.removed
            )
        )

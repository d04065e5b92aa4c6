"""The tables of imported articles: what the operator has given the assistant to read. They belong to no workspace."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import UtcDateTime
from storage.row import Row

SHARED: dict[str, Any] = {"info": {"shared": True}}
"""Marks a table whose rows are the same for every workspace, and outlive what one of them erases."""


class ArticleImport(Row, table=True):
    """An import that changed something. The newest id tells every replica whether it has read what there is."""

    __tablename__ = "article_import"
    __table_args__ = (SHARED,)

    id: int | None = Field(default=None, primary_key=True)
    collection: str
    imported_at: datetime = Field(sa_type=UtcDateTime)
    new: int
    changed: int
    removed: int


class ImportedArticle(Row, table=True):
    """An article of a collection, which is what one folder holds."""

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("collection", "path", name="one_article_per_path"), SHARED)

    id: int | None = Field(default=None, primary_key=True)
    collection: str
    path: str
    """from the imported folder, with slashes"""
    fingerprint: str
    """of the file and of everything else that decides how it is read"""
    title: str
    url: str
    as_of: date
    is_dated: bool
    keywords: str
    imported_at: datetime = Field(sa_type=UtcDateTime)


class ArticleSection(Row, table=True):
    """What stands under one heading of an article."""

    __tablename__ = "article_section"
    __table_args__ = (Index("article_section_article", "article_id", "position"), SHARED)

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", ondelete="CASCADE")
    position: int
    headings: list[str] = Field(sa_type=JSON)
    anchor: str
    text: str

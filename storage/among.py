"""`column IN (many values)`, with all of them in one parameter: JSON, which both engines read.

SQLAlchemy writes a statement with an IN anew for each number of values, and somebody may be in a thousand channels.
psycopg takes longer to write an array of these than PostgreSQL takes to find what they name. One look at many contracts
asks several times for the same channels: what they are as JSON is remembered.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import BindParameter, Boolean, ColumnElement, Dialect, Text, bindparam, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class _AsJson(TypeDecorator[Collection[str]]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> str:
        return _as_json(frozenset(value or ()))


@lru_cache(maxsize=256)
def _as_json(values: frozenset[str]) -> str:
    return json.dumps(sorted(values))  # in their order SQLite makes an index of them sooner


def is_one_of(column: Any, values: Collection[str]) -> ColumnElement[bool]:
    """For a few values that are always the same: even then an IN is written anew at every run."""
    return or_(*(column == value for value in values))


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


def is_among(column: Any, values: Collection[str] | str) -> ColumnElement[bool]:
    """Whether the column is one of these texts; a single text names the parameter that they will come in."""
    given: BindParameter[Any] = (
        bindparam(values, type_=_AsJson) if isinstance(values, str) else bindparam(None, values, type_=_AsJson)
    )
    return cast("ColumnElement[bool]", _Among(column, given))


@compiles(_Among, "postgresql")
def _in_elements(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT json_array_elements_text(CAST({values} AS JSON)))"


@compiles(_Among)
def _in_each(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"

"""`column IN (many values)`, with all of them in one parameter: JSON, which both engines read.

SQLAlchemy writes a statement with an IN anew for each number of values, and somebody may be in a thousand channels.
psycopg takes longer to write an array of these than PostgreSQL takes to find what they name.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import JSON, BindParameter, Boolean, ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


def is_among(column: Any, values: Collection[str] | str) -> ColumnElement[bool]:
    """Whether the column is one of these texts; a single text names the parameter that they will come in."""
    given: BindParameter[Any] = (
        bindparam(values, type_=JSON) if isinstance(values, str) else bindparam(None, list(values), type_=JSON)
    )
    return cast("ColumnElement[bool]", _Among(column, given))


@compiles(_Among, "postgresql")
def _in_elements(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT json_array_elements_text({values}))"


@compiles(_Among)
def _in_each(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from storage.columns import UtcDateTime, epoch_milliseconds
from storage.database import Database
from storage.tables import Workspace


@given(st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)))
def test_a_moment_comes_back_to_the_millisecond(moment: datetime) -> None:
    column = UtcDateTime()

    stored = column.process_bind_param(moment, None)  # type: ignore[arg-type]
    back = column.process_result_value(stored, None)  # type: ignore[arg-type]

    assert back is not None
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)
    assert back.tzinfo is UTC


def test_a_moment_of_another_zone_is_the_same_moment(database: Database) -> None:
    seoul = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=9)))
    with database.writing() as session:
        session.add(Workspace(id="T1", created_at=seoul))

    with database.reading() as session:
        found = session.get(Workspace, "T1")

    assert found is not None
    assert (found.created_at, found.created_at.tzinfo) == (seoul, UTC)


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"), database.writing() as session:
        session.add(Workspace(id="T1", created_at=datetime(2026, 11, 23)))

    with pytest.raises(ValueError, match="naive"):
        epoch_milliseconds(datetime(2026, 11, 23))

"""What every table derives from."""

from __future__ import annotations

from sqlmodel import SQLModel


class Row(SQLModel):
    # What Pydantic would check a row with is made when somebody asks for it, which nobody does: rows come from our own
    # code and from the database. For all tables it takes a tenth of a second.
    model_config = {"defer_build": True}

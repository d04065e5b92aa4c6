"""What every part of a procedure is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1500)]


class Data(BaseModel):
    """What a YAML file may hold: unknown keys are refused, and nothing changes after loading."""

    # Only of what a whole file holds a validator is needed: it has those of its parts in it.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Text(Data):
    """One text in the languages we speak."""

    ko: Sentence
    en: Sentence

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.ko

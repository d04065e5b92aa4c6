"""What is wrong with a payload, and how Slack says it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from bot.localslack.json_types import Json

# Slack repeats a union's failure above the failure inside it, but not for the block itself:
# /blocks/0/text/text earns a line for /blocks/0/text, /blocks/0/elements earns none.
_DEPTH_OF_A_BLOCK = 3


class Problem(Struct, frozen=True):
    """One broken rule. `pointer` is a JSON pointer (RFC 6901) from the payload's root."""

    pointer: str
    message: str
    sentence: str
    code: str = "failed_constraint"
    constraint: Json | None = None

    def as_validate_error(self) -> Json:
        """One entry of `errors` in the answer of `blocks.validate`."""
        error: Json = {"pointer": self.pointer, "code": self.code, "message": self.message}
        if self.constraint is not None:
            error["constraint"] = self.constraint
        return error


class Problems(Struct):
    """Collects problems in the order in which they are met."""

    found: list[Problem] = field(default_factory=list)

    def add(
        self, pointer: str, message: str, sentence: str, code: str = "failed_constraint", constraint: Json | None = None
    ) -> None:
        self.found.append(Problem(pointer, message, sentence, code, constraint))

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.found)


def slack_messages(problems: Problems) -> list[str]:
    """Slack's lines, e.g. `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`."""
    lines: list[str] = []
    for problem in problems.found:
        parent = problem.pointer.rsplit("/", 1)[0]
        header = f"failed to match all allowed schemas [json-pointer:{parent}]"
        if parent.count("/") >= _DEPTH_OF_A_BLOCK and header not in lines:
            lines.append(header)
        lines.append(f"{problem.message} [json-pointer:{problem.pointer}]")
    return lines

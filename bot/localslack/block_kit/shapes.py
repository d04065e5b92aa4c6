"""The small language in which the Block Kit rules are written: values, arrays, objects, unions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypeAlias

from bot.localslack.block_kit.problems import Problems
from bot.localslack.json_types import Json

Check: TypeAlias = Callable[[Any, str, Problems], None]
Rule: TypeAlias = Callable[[Json, str, Problems], None]

_CLOCK_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:\S+")
_EPOCH_DIGITS = 10


def slack_length(text: str) -> int:
    """Characters as the stricter of the two countings: UTF-16 units, never fewer than code points.

    Slack does not document which one it uses, and they differ for emoji.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _wrong_type(pointer: str, wanted: str, wanted_korean: str, problems: Problems) -> None:
    constraint = {"type": "type", "expected": wanted}
    article = "an" if wanted[0] in "ao" else "a"
    message = f"must provide {article} {wanted}"
    problems.add(pointer, message, f"{wanted_korean}이어야 합니다", "wrong_type", constraint)


def string(at_most: int | None = None, at_least: int = 1) -> Check:
    """Text of `at_least` to `at_most` characters."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            _wrong_type(pointer, "string", "문자열", problems)
            return
        length = slack_length(value)
        if length < at_least:
            constraint = {"type": "min_length", "expected": at_least, "got": length}
            message = f"must be more than {at_least - 1} characters"
            few = "비어 있을 수 없습니다" if at_least == 1 else f"{at_least}자 이상이어야 합니다 (지금 {length}자)"
            problems.add(pointer, message, few, constraint=constraint)
        if at_most is not None and length > at_most:
            constraint = {"type": "max_length", "expected": at_most, "got": length}
            sentence = f"{at_most:,}자를 넘을 수 없습니다 (지금 {length:,}자)"
            problems.add(pointer, f"must be less than {at_most + 1} characters", sentence, constraint=constraint)

    return check


def matching(at_most: int, pattern: re.Pattern[str], message: str, sentence: str) -> Check:
    """Text of a form, e.g. a URL or a time of day."""
    length = string(at_most)

    def check(value: Any, pointer: str, problems: Problems) -> None:
        length(value, pointer, problems)
        if isinstance(value, str) and value and not pattern.fullmatch(value):
            problems.add(pointer, message, sentence)

    return check


def url(at_most: int = 3000) -> Check:
    return matching(at_most, _URL, "must be a valid URL", "올바른 URL이어야 합니다")


def clock_time() -> Check:
    return matching(5, _CLOCK_TIME, "must be in the format HH:mm", "HH:mm 형식(24시간제)이어야 합니다")


def real_date() -> Check:
    """A day that exists, as YYYY-MM-DD."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not is_real_date(value):
            problems.add(
                pointer, "must be a valid date in the format YYYY-MM-DD", "실제로 있는 YYYY-MM-DD 날짜여야 합니다"
            )

    return check


def is_real_date(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def integer(low: int | None = None, high: int | None = None) -> Check:
    """A whole number from `low` to `high`."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            _wrong_type(pointer, "number", "정수", problems)
        elif low is not None and value < low:
            problems.add(pointer, f"must be at least {low}", f"{low} 이상이어야 합니다")
        elif high is not None and value > high:
            problems.add(pointer, f"must be at most {high}", f"{high:,} 이하여야 합니다")

    return check


def epoch_seconds() -> Check:
    """A moment as ten digits, as Slack's date-time picker wants it."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or len(str(value)) != _EPOCH_DIGITS:
            problems.add(pointer, "must be a 10 digit UNIX timestamp", "10자리 유닉스 시각이어야 합니다")

    return check


def numeric_text() -> Check:
    """A number written as text, as number_input wants its bounds and values."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if as_number(value) is None:
            problems.add(pointer, "must be a valid number", "숫자로 된 문자열이어야 합니다")

    return check


def as_number(value: Any) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    return None


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        _wrong_type(pointer, "boolean", "true 또는 false", problems)


def number(value: Any, pointer: str, problems: Problems) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        _wrong_type(pointer, "number", "숫자", problems)


def one_of(*values: str | int) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if isinstance(value, bool) or value not in values:
            constraint = {"type": "enum", "expected": list(values), "got": value}
            allowed = ", ".join(str(each) for each in values)
            problems.add(
                pointer, "must be a valid enum value", f"다음 중 하나여야 합니다: {allowed}", constraint=constraint
            )

    return check


def array(each: Check, at_least: int = 0, at_most: int | None = None) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            _wrong_type(pointer, "array", "배열", problems)
            return
        if len(value) < at_least:
            constraint = {"type": "min_items", "expected": at_least, "got": len(value)}
            message = f"no fewer than {at_least} items allowed"
            problems.add(pointer, message, f"{at_least}개 이상이어야 합니다", constraint=constraint)
        if at_most is not None and len(value) > at_most:
            constraint = {"type": "max_items", "expected": at_most, "got": len(value)}
            sentence = f"{at_most}개까지만 됩니다 (지금 {len(value)}개)"
            problems.add(pointer, f"no more than {at_most} items allowed", sentence, constraint=constraint)
            return
        for index, item in enumerate(value):
            each(item, f"{pointer}/{index}", problems)

    return check


def shape(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    *rules: Rule,
    type_name: str | None = None,
) -> Check:
    """An object with these fields and no others; `rules` look at several fields at once."""
    known = {**required, **(optional or {})}
    if type_name is not None:
        known["type"] = one_of(type_name)

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            _wrong_type(pointer, "object", "객체", problems)
            return
        for name in required:
            if name not in value:
                problems.add(
                    pointer, f"missing required field: {name}", f"`{name}` 필드가 있어야 합니다", "missing_field"
                )
        for name, item in value.items():
            if name in known:
                known[name](item, f"{pointer}/{name}", problems)
            else:
                sentence = f"Slack이 모르는 필드입니다: `{name}`"
                problems.add(pointer, f"invalid additional property: {name}", sentence, "additional_property")
        for rule in rules:
            rule(value, pointer, problems)

    return check


def variants(choices: Mapping[str, Check], not_here: Collection[str] = ()) -> Check:
    """A union told apart by `type`; `not_here` are types that exist but may not stand in this place."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            _wrong_type(pointer, "object", "객체", problems)
            return
        name = value.get("type")
        if isinstance(name, str) and name in choices:
            choices[name](value, pointer, problems)
            return
        if name is None:
            problems.add(pointer, "missing required field: type", "`type` 필드가 있어야 합니다", "missing_field")
            return
        constraint = {"type": "enum", "expected": sorted(choices), "got": name}
        place = "이 자리에 올 수 없는" if name in not_here else "알 수 없는"
        problems.add(
            f"{pointer}/type", f"unsupported type: {name}", f"{place} 종류입니다: {name}", constraint=constraint
        )

    return check


def exactly_one(*names: str) -> Rule:
    """Exactly one of these fields must be there."""

    def rule(value: Json, pointer: str, problems: Problems) -> None:
        present = [name for name in names if name in value]
        if len(present) != 1:
            listed = ", ".join(names)
            problems.add(pointer, f"must provide exactly one of: {listed}", f"{listed} 가운데 하나만 있어야 합니다")

    return rule


def at_least_one(*names: str) -> Rule:
    """One or more of these fields must be there."""

    def rule(value: Json, pointer: str, problems: Problems) -> None:
        if not any(name in value for name in names):
            listed = ", ".join(names)
            problems.add(pointer, f"must provide at least one of: {listed}", f"{listed} 가운데 하나는 있어야 합니다")

    return rule

"""The checker refuses what Slack refuses, points at the place, and takes everything else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk

from bot.localslack.block_kit import HOME, MESSAGE, MODAL, check_blocks, check_view, slack_messages
from tests.unit.localslack.block_kit_payloads import ACCEPTED, PLAIN, REFUSED
from tests.unit.localslack.conftest import actions, button, modal, section, text_field


@pytest.mark.parametrize(("name", "blocks", "surface", "pointer", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_bad_blocks_are_refused_where_they_are_wrong(
    name: str, blocks: list[Any], surface: str, pointer: str, message: str
) -> None:
    problems = check_blocks(blocks, surface)

    assert (problems.found[0].pointer, problems.found[0].message) == (pointer, message)
    assert problems.found[0].sentence, f"{name} has no Korean sentence"


@pytest.mark.parametrize(("name", "blocks", "surface"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_good_blocks_pass(name: str, blocks: list[Any], surface: str) -> None:
    problems = check_blocks(blocks, surface, granted=("files:read",))

    assert [f"{problem.pointer} {problem.message}" for problem in problems.found] == []


WITHOUT_SUBMIT = {key: value for key, value in modal(text_field()).items() if key != "submit"}


@pytest.mark.parametrize(
    ("view", "pointer", "message"),
    [
        (modal(title={"type": "plain_text", "text": "가" * 25}), "/view/title/text", "must be less than 25 characters"),
        ({"type": "modal", "blocks": []}, "/view", "missing required field: title"),
        (WITHOUT_SUBMIT, "/view", "missing required field: submit"),
        (modal(private_metadata="m" * 3001), "/view/private_metadata", "must be less than 3001 characters"),
        (modal(callback_id="c" * 256), "/view/callback_id", "must be less than 256 characters"),
        ({"type": "home", "blocks": [], "title": PLAIN}, "/view", "invalid additional property: title"),
        ({"type": "workflow_step", "blocks": []}, "/view/type", "unsupported type: workflow_step"),
        (modal(section("")), "/view/blocks/0/text/text", "must be more than 0 characters"),
        ([], "/view", "must provide an object"),
    ],
)
def test_bad_views_are_refused(view: Any, pointer: str, message: str) -> None:
    problems = check_view(view)

    assert (problems.found[0].pointer, problems.found[0].message) == (pointer, message)


def test_slack_repeats_the_failure_of_the_union_above_the_failure_inside() -> None:
    lines = slack_messages(check_blocks([section("가" * 3001)], MESSAGE))

    assert lines == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]


def test_a_count_of_the_block_itself_has_no_line_above_it() -> None:
    lines = slack_messages(check_blocks([actions(*[button(action_id=str(n)) for n in range(26)])], MESSAGE))

    assert lines == ["no more than 25 items allowed [json-pointer:/blocks/0/elements]"]


_KEYS = [
    *("type", "text", "blocks", "elements", "element", "accessory", "options", "fields", "label", "rows", "title"),
    *("child_blocks", "block_id", "action_id", "value", "confirm", "initial_option", "tasks", "actions"),
]
_TYPES = [
    *("section", "actions", "input", "button", "static_select", "container", "carousel", "card", "table"),
    *("rich_text", "rich_text_section", "plain_text", "mrkdwn", "markdown", "modal", "home", "plan"),
]
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(_KEYS), inner | st.sampled_from(_TYPES), max_size=5)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(_json, st.sampled_from([MESSAGE, MODAL, HOME]))
def test_no_payload_makes_the_checker_stumble(payload: Any, surface: str) -> None:
    for problems in (check_blocks(payload, surface), check_blocks([payload], surface), check_view(payload)):
        assert all(problem.message and problem.sentence for problem in problems.found)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=80))
def test_a_button_fits_exactly_up_to_seventy_five_utf16_units(text: str) -> None:
    fits = len(text.encode("utf-16-le")) // 2 <= 75

    assert (not check_blocks([actions(button(text))], MESSAGE)) == fits


_words = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
_sdk_options = st.lists(_words, min_size=1, max_size=8, unique=True).map(
    lambda texts: [sdk.Option(text=text, value=str(index)) for index, text in enumerate(texts)]
)
_sdk_elements = st.one_of(
    _words.map(lambda text: sdk.ButtonElement(text=text, action_id="button", value="v", style="primary")),
    _sdk_options.map(
        lambda options: sdk.StaticSelectElement(options=options, action_id="select", placeholder="고르기")
    ),
    _sdk_options.map(lambda options: sdk.OverflowMenuElement(options=options[:5], action_id="more")),
    st.just(sdk.DatePickerElement(action_id="date", initial_date="2026-11-24", placeholder="날짜")),
    st.just(sdk.UserMultiSelectElement(action_id="users", placeholder="사람", max_selected_items=3)),
)
_sdk_blocks = st.one_of(
    _words.map(lambda text: sdk.SectionBlock(text=sdk.MarkdownTextObject(text=text))),
    st.lists(_words, min_size=1, max_size=10).map(lambda texts: sdk.SectionBlock(fields=texts)),
    _words.map(lambda text: sdk.HeaderBlock(text=text)),
    _sdk_elements.map(lambda element: sdk.ActionsBlock(elements=[element])),
    _words.map(lambda text: sdk.ContextBlock(elements=[sdk.PlainTextObject(text=text)])),
    st.just(sdk.DividerBlock()),
    _words.map(lambda text: sdk.MarkdownBlock(text=text)),
)


@settings(deadline=None)
@given(st.lists(_sdk_blocks, max_size=50))
def test_what_the_sdk_builds_passes(blocks: list[sdk.Block]) -> None:
    problems = check_blocks([block.to_dict() for block in blocks], MESSAGE)

    assert [f"{problem.pointer} {problem.message}" for problem in problems.found] == []

"""The modals: what people fill in, and what they are told before they confirm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.contracts.state import ContractState, StepState
from bot.procedure.model import Procedure, Step
from bot.texts.catalogue import Speaker
from handlers.blocks.freeze import freeze_rule
from handlers.blocks.parts import (
    Block,
    channel_select,
    checkboxes,
    context,
    date_input,
    escape,
    input_block,
    modal,
    option,
    person_select,
    radio,
    section,
    select,
    text_input,
)
from handlers.ids import ViewId
from handlers.values import Pointer

MERCHANT_LENGTH = 80
REASON_LENGTH = 300
LAST_CHANGE = "last_change"


def start_modal(procedures: Sequence[Procedure], *, user_id: str, pointer: Pointer, say: Speaker) -> dict[str, Any]:
    """Asks for the channel too, unless the pointer names it."""
    choices = [option(_pg_choice(one, say), one.id) for one in procedures]
    methods = [option(one.name.in_language(say.language), one.id) for one in procedures[0].payment_methods]
    blocks: list[Block] = [section(say("start.intro" if pointer.channel else "start.intro_anywhere"))]
    if pointer.channel is None:
        channels = channel_select(or_current=True)
        blocks.append(
            input_block(say("start.channel"), channels, block_id="channel_id", hint=say("start.channel_hint"))
        )
    if len(procedures) > 1:
        blocks.append(input_block(say("start.pg"), select(choices, initial=choices[0]), block_id="procedure_id"))
    blocks += [
        input_block(
            say("start.merchant"),
            text_input(placeholder=say("start.merchant_example"), max_length=MERCHANT_LENGTH),
            block_id="merchant",
        ),
        input_block(say("start.methods"), checkboxes(methods, initial=methods[:1]), block_id="payment_methods"),
        input_block(say("start.owner"), person_select(user_id), block_id="owner_id", hint=say("start.owner_hint")),
        input_block(
            say("start.email"),
            text_input(kind="email_text_input", placeholder="pay@example.com"),
            block_id="contact_email",
            optional=True,
            hint=say("start.email_hint"),
        ),
        input_block(
            say("start.site"),
            text_input(kind="url_text_input", placeholder="https://shop.example.com"),
            block_id="site_url",
            optional=True,
        ),
    ]
    return modal(
        title=say("start.title"),
        submit=say("start.submit"),
        close=say("modal.close"),
        callback_id=ViewId.START,
        private_metadata=pointer.dump(),
        blocks=blocks,
    )


def finish_modal(
    state: ContractState, step: StepState, *, day: date, missing: Sequence[Step], pointer: Pointer, say: Speaker
) -> dict[str, Any]:
    title = step.step.title.in_language(say.language)
    blocks: list[Block] = [
        section(f"*{title}*\n{step.step.ends_when.in_language(say.language)}"),
        input_block(say("finish.day"), date_input(day.isoformat()), block_id="day", hint=say("finish.day_hint")),
    ]
    if missing:
        earlier = ", ".join(one.title.in_language(say.language) for one in missing)
        blocks.append(section(say("finish.with_earlier", steps=earlier)))
    if step.step.id == state.procedure.card_review_step and state.undecided_cards:
        names = ", ".join(card.card.name.in_language(say.language) for card in state.undecided_cards)
        blocks.append(section(say("finish.approves_cards", cards=names)))
    return modal(
        title=say("finish.title"),
        submit=say("finish.submit"),
        close=say("modal.close"),
        callback_id=ViewId.FINISH,
        private_metadata=pointer.dump(),
        blocks=blocks,
    )


def take_back_modal(state: ContractState, *, last: str | None, pointer: Pointer, say: Speaker) -> dict[str, Any]:
    """`last` says what the last change was; None when there is none to take back."""
    choices = [option(say("take_back.last"), LAST_CHANGE, description=last)] if last else []
    choices += [
        option(say("take_back.reopen", step=step.step.short_title.in_language(say.language)), f"step:{step.step.id}")
        for step in state.steps
        if step.is_done
    ]
    if not choices:
        return notice_modal(say("take_back.title"), say("refusal.nothing_to_take_back"), say)
    return modal(
        title=say("take_back.title"),
        submit=say("take_back.submit"),
        close=say("modal.close"),
        callback_id=ViewId.TAKE_BACK,
        private_metadata=pointer.dump(),
        blocks=[
            input_block(say("take_back.what"), radio(choices, initial=choices[0]), block_id="what"),
            context(say("take_back.hint")),
        ],
    )


def request_review_modal(state: ContractState, *, today: date, pointer: Pointer, say: Speaker) -> dict[str, Any]:
    review = state.step(state.procedure.card_review_step).step
    reminders = "\n".join(f"• {one.in_language(say.language)}" for one in review.what_to_do[:3])
    return modal(
        title=say("request_review.title"),
        submit=say("request_review.submit"),
        close=say("modal.close"),
        callback_id=ViewId.REQUEST_REVIEW,
        private_metadata=pointer.dump(),
        blocks=[
            section(f"{say('request_review.intro')}\n{reminders}"),
            input_block(say("request_review.day"), date_input(today.isoformat()), block_id="day"),
            *freeze_rule(state, say),
        ],
    )


def owner_modal(state: ContractState, *, pointer: Pointer, say: Speaker) -> dict[str, Any]:
    return modal(
        title=say("owner.title"),
        submit=say("owner.submit"),
        close=say("modal.close"),
        callback_id=ViewId.OWNER,
        private_metadata=pointer.dump(),
        blocks=[
            input_block(
                say("owner.who"),
                person_select(state.owner_id or None),
                block_id="owner_id",
                hint=say("start.owner_hint"),
            )
        ],
    )


def confirm_modal(view: ViewId, state: ContractState, *, pointer: Pointer, say: Speaker) -> dict[str, Any]:
    """Pausing, resuming, closing: one sentence about what it does, and a yes."""
    blocks: list[Block] = [section(say(f"{view}.explain", merchant=escape(state.merchant)))]
    if view is ViewId.CLOSE:
        blocks.append(
            input_block(
                say("close_contract.reason"),
                text_input(multiline=True, max_length=REASON_LENGTH),
                block_id="reason",
                optional=True,
            )
        )
    return modal(
        title=say(f"{view}.title"),
        submit=say(f"{view}.submit"),
        close=say("modal.close"),
        callback_id=view,
        private_metadata=pointer.dump(),
        blocks=blocks,
    )


def notice_modal(title: str, text: str, say: Speaker) -> dict[str, Any]:
    return modal(title=title, close=say("modal.close"), blocks=[section(text)])


def _pg_choice(procedure: Procedure, say: Speaker) -> str:
    return procedure.pg.name.in_language(say.language)
